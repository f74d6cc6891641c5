"""Who has sent, in lines and in JSON; and how every command puts words to keys.

Apart from `cli/report`, since it has to answer at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pipeline.cli import texts
from pipeline.cli.lines import console_room, harmless, table
from pipeline.core.register import RegisterLine, reporting_rate
from pipeline.run.status import Status

Labels = Mapping[str, str]
INDENT = "  "


def status_lines(status: Status) -> Iterator[str]:
    """Who has sent, with the deadline and how many there are of each kind."""
    head = (texts.UNIT, texts.RECEIPT, texts.TIME, texts.OUTCOME, texts.ARRIVED, texts.FILES_SENT)
    rows = [
        (*standing(line, status.labels), _arrival(line), str(line.files) if line.files else "")
        for line in status.lines
    ]
    expected, reported, on_time = reporting_rate(status.lines)
    yield period_line(status)
    yield ""
    yield from table(head, rows, numbers=(5,), room=console_room())
    yield ""
    yield texts.COUNTS_LINE.format(expected=expected, reported=reported, on_time=on_time)
    yield from held_lines(status.waiting)


def held_lines(names: Sequence[str]) -> Iterator[str]:
    """Files that wait for the officer's word."""
    if names:
        yield texts.HELD.format(count=len(names))
        yield from indented(harmless(name) for name in names)


def status_json(status: Status) -> dict[str, Any]:
    """The register with the keys of the data."""
    units = [asdict(line) for line in status.lines]
    return {"period": str(status.period), "deadline": status.deadline, "units": units}


def _arrival(line: RegisterLine) -> str:
    """A day that was set by hand has no hour."""
    if not line.arrived_at:
        return ""
    pattern = texts.DAY_FORMAT if line.arrival_source == "day_folder" else texts.MOMENT_FORMAT
    return datetime.fromisoformat(line.arrived_at).strftime(pattern)


def period_line(status: Status) -> str:
    """Which period a page is about, and its deadline."""
    return texts.PERIOD_LINE.format(period=status.period.label, deadline=status.deadline)


def standing(line: RegisterLine, labels: Labels) -> tuple[str, str, str, str]:
    """Name, receipt, time and outcome of a unit in words."""
    return (
        line.name,
        label(labels, "receipt", line.receipt),
        label(labels, "time", line.time),
        label(labels, "outcome", line.outcome),
    )


def label(labels: Labels, kind: str, key: str) -> str:
    """The word for a key; "" stays ""."""
    return labels[f"{kind}.{key}"] if key else ""


def indented(lines: Iterable[str]) -> Iterator[str]:
    """Lines below a heading."""
    return (INDENT + line for line in lines)

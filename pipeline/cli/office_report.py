"""Put the results of the officer's commands into lines."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pipeline.base.period import Period
from pipeline.base.record import Decision
from pipeline.cli import office_texts as texts
from pipeline.cli.lines import console_room, harmless, short_path, table
from pipeline.cli.report import verdict_table
from pipeline.cli.status_report import held_lines, indented
from pipeline.core.moments import moment_text
from pipeline.run.results import DecisionResult, IssueResult, RebuildResult


def issue_lines(result: IssueResult) -> Iterator[str]:
    """A numbered version, and what is not in it."""
    yield texts.ISSUED.format(period=result.period.label, number=result.number, path=short_path(result.path))
    if result.waiting:
        yield texts.STILL_IN_INBOX.format(count=result.waiting)
    if result.extended:
        each = (texts.EXTENDED_UNIT.format(unit=u, day=f"{d:%d/%m/%Y}") for u, d in result.extended.items())
        yield texts.STILL_EXTENDED.format(units=", ".join(each))
    yield from held_lines(result.held)


def replay_lines(path: Path, as_of: datetime) -> Iterator[str]:
    """Where the workbook of another moment lies."""
    yield texts.REPLAYED.format(moment=f"{as_of:%d/%m/%Y %H:%M}", path=short_path(path))


def decision_lines(result: DecisionResult, labels: Mapping[str, str]) -> Iterator[str]:
    """The decision, and what follows from it."""
    decision = result.decision
    yield texts.DECIDED.format(
        number=decision.number, said=harmless(result.said), reason=harmless(decision.reason)
    )
    if result.issued:
        period = Period.parse(decision.period).label
        yield texts.ALREADY_ISSUED.format(period=period, number=result.issued)
    if result.verdicts:
        yield texts.REJUDGED.format(count=len(result.verdicts))
        yield from verdict_table(result.verdicts, labels)
    elif decision.kind != "extend":
        yield texts.NOTHING_CHANGES
    if result.workbooks:
        yield texts.DRAFTS
        yield from indented(short_path(path) for path in result.workbooks)


def decisions_lines(listed: Sequence[tuple[Decision, str, bool]], labels: Mapping[str, str]) -> Iterator[str]:
    """All decisions, one a row."""
    if not listed:
        yield texts.NO_DECISIONS
        return
    head = (texts.NUMBER, texts.DAY, texts.WHAT, texts.REASON, texts.STANDING)
    rows = [
        (
            str(decision.number),
            moment_text(decision.decided_at),
            harmless(said),
            harmless(decision.reason),
            labels["standing.in_force" if holds else "standing.revoked"],
        )
        for decision, said, holds in listed
    ]
    yield from table(head, rows, numbers=(0,), room=console_room())


def rebuild_lines(result: RebuildResult) -> Iterator[str]:
    """The new ledger, and what does not fit it."""
    yield texts.REBUILT.format(events=result.events)
    if result.missing:
        yield texts.MISSING.format(count=len(result.missing))
        yield from indented(result.missing)
    else:
        yield texts.ALL_THERE
    if result.unknown:
        yield texts.UNKNOWN.format(count=len(result.unknown))
        yield from indented(harmless(place) for place in result.unknown)

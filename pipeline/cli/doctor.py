"""The command `doctor`: how the machine and the workspace stand, line by line, with what to do."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.base.errors import OperatorError
from pipeline.cli import office_texts as texts
from pipeline.cli import options
from pipeline.cli.lines import harmless
from pipeline.cli.output import say, workspace_at
from pipeline.cli.vietnamese import Command

if TYPE_CHECKING:
    from pipeline.core.doctor import Remark
    from pipeline.run.doctor import Diagnosis


@click.command("doctor", cls=Command, short_help=texts.DOCTOR_SHORT, help=texts.DOCTOR_HELP)
@options.place
@click.option("--connect", is_flag=True, help=texts.CONNECT_HELP)
@options.as_json
@options.about
def doctor(workspace: Path, plan: Path | None, now: datetime | None, connect: bool, as_json: bool) -> int:
    """Say what is missing or odd."""
    from pipeline.run.doctor import diagnose

    found = diagnose(workspace_at(workspace, plan, now, at_any_moment=True), connect)
    say([doctor_json(found)] if as_json else doctor_lines(found))
    return OperatorError.exit_status if found.level == "broken" else 0


def doctor_lines(found: "Diagnosis") -> Iterator[str]:
    """A heading for each part, its remarks with their levels in one column, and the whole in a line."""
    levels = found.texts.levels
    width = max(map(len, levels.values()))
    for heading, remarks in groupby(found.remarks, key=lambda remark: remark.heading):
        yield found.texts.headings[heading]
        for remark in remarks:
            yield from _lines(remark, levels[remark.level].ljust(width))
        yield ""
    yield found.summary


def doctor_json(found: "Diagnosis") -> str:
    """The same as JSON, with keys that stay when the words change."""
    remarks = [
        {"key": r.key, "part": r.heading, "level": r.level, "said": r.said, "todo": r.mend}
        for r in found.remarks
    ]
    told = {"level": found.level, "summary": found.summary, "remarks": remarks}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _lines(remark: "Remark", level: str) -> Iterator[str]:
    blank = " " * len(level)
    said = [harmless(line) for line in remark.said.splitlines()]
    for number, line in enumerate(said):
        yield f"  {blank if number else level}  {line}"
    if remark.mend:
        yield f"  {blank}  → {remark.mend}"

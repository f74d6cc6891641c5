"""What every command does: print as it goes, print its result, and work on a workspace at a moment."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.base.errors import OperatorError
from pipeline.cli import texts
from pipeline.cli.options import FIRST_YEAR, LAST_YEAR, ZONE

if TYPE_CHECKING:
    from pipeline.run.workspace import Workspace


def tell(line: str) -> None:
    """Progress is seen at once, also through a pipe."""
    print(line, flush=True)


def say(lines: Iterable[str]) -> None:
    """Print what a command has to say."""
    for line in lines:
        print(line)


def workspace_at(
    root: Path, plan: Path | None, now: datetime | None, at_any_moment: bool = False
) -> "Workspace":
    """The workspace at a moment, by default this one; refuses the moment of a clock that has stood still."""
    from pipeline.run.workspace import Workspace

    moment = now or datetime.now(ZONE)
    if not (at_any_moment or FIRST_YEAR <= moment.year <= LAST_YEAR):
        raise OperatorError(texts.WRONG_CLOCK.format(day=f"{moment:%d/%m/%Y}"))
    return Workspace(root, plan, moment)

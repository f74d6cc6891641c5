"""What every command does: print as it goes, print its result, and work on a workspace at a moment."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.options import ZONE

if TYPE_CHECKING:
    from pipeline.run.workspace import Workspace


def tell(line: str) -> None:
    """Progress is seen at once, also through a pipe."""
    print(line, flush=True)


def say(lines: Iterable[str]) -> None:
    """Print what a command has to say."""
    for line in lines:
        print(line)


def workspace_at(root: Path, plan: Path | None, now: datetime | None) -> "Workspace":
    """The workspace at a moment, by default this one."""
    from pipeline.run.workspace import Workspace

    return Workspace(root, plan, now or datetime.now(ZONE))

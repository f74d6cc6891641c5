"""The demonstration for tests: a workspace with four months of a whole commune."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.run.demo import make_demo


@dataclass(frozen=True)
class Demonstration:
    """Where it is, its workbooks from the first month on, and what the user was told."""

    folder: Path
    workbooks: tuple[Path, ...]
    told: tuple[str, ...]


def demonstrate(folder: Path) -> Demonstration:
    """Make the demonstration in `folder`."""
    told = list[str]()
    result = make_demo(folder, told.append)
    return Demonstration(result.folder, result.workbooks, tuple(told))

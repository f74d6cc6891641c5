"""The diary of what was done unattended: one line for each event, added at the end."""

from datetime import datetime
from pathlib import Path

from pipeline.edges.store.files import cannot_write, make_folder


def add_line(path: Path, moment: datetime, line: str) -> None:
    """Add a line with its moment; a line of several becomes one."""
    make_folder(path.parent)
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{moment:%d/%m/%Y %H:%M}  {' '.join(line.split())}\n")
    except OSError as fault:
        raise cannot_write(path, fault) from fault

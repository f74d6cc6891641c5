"""Plain text for a console: tables aligned by display width, short paths, harmless foreign names."""

import os
import sys
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path

from pipeline.base.text import clean

_GAP = "  "
_RULE = "─"
_CUT = "…"
_NARROWEST = 12


def display_width(text: str) -> int:
    """How many columns of a console `text` takes."""
    return sum(_width_of(character) for character in text)


def harmless(text: str) -> str:
    """Foreign text in one line, without characters that would steer the console."""
    spaced = "".join(c if c.isprintable() else " " for c in clean(text))
    return " ".join(spaced.split())


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int] = (), room: int = 0
) -> list[str]:
    """The lines of a table; the columns in `numbers` stand to the right.

    Where `room` columns do not suffice (0: no limit), the first column of the table is cut.
    """
    every = [head, *rows]
    widths = [max(display_width(row[i]) for row in every) for i in range(len(head))]
    total = sum(widths) + len(_GAP) * (len(widths) - 1)
    if room and total > room:
        widths[0] = max(min(widths[0], _NARROWEST), widths[0] - (total - room))
    lines = [_line(row, widths, numbers) for row in every]
    rule = _RULE * (sum(widths) + len(_GAP) * (len(widths) - 1))
    return [lines[0], rule, *lines[1:]]


def console_room() -> int:
    """The columns of the console, 0 where the output goes elsewhere."""
    if sys.stdout is None or not sys.stdout.isatty():  # pythonw has no output at all
        return 0
    import shutil

    return shutil.get_terminal_size((0, 0)).columns


def short_path(path: Path) -> str:
    """The path as seen from the current directory, where that is shorter."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive of Windows
        return str(path)
    return min(str(path), relative, key=len)


def _width_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _line(cells: Sequence[str], widths: Sequence[int], numbers: Collection[int]) -> str:
    fitted = [
        _fit(cell, width, i in numbers) for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return _GAP.join(fitted).rstrip()


def _fit(text: str, width: int, right: bool) -> str:
    if display_width(text) > width:
        text = _cut(text, width - 1) + _CUT
    blank = " " * (width - display_width(text))
    return blank + text if right else text + blank


def _cut(text: str, width: int) -> str:
    while display_width(text) > width:
        text = text[:-1]
    return text.rstrip()

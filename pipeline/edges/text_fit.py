"""How much room a text needs in a column of Times New Roman: an estimate on the safe side."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Widths of letters over the size of the font, from the font's own metrics.
_CLASSES = {" ,.": 0.26, ";:ijlt": 0.29, "fr-()[]I'!/|": 0.34, "aces": 0.45, "mwMW%@—": 0.86}
_LETTER_WIDTHS = {letter: width for letters, width in _CLASSES.items() for letter in letters}
_CAPITAL, _OTHER = 0.7, 0.51
_BOLD_SHARE = 1.06

_PIXELS_PER_POINT = 96 / 72
_PIXELS_PER_WIDTH = 7  # of the standard font at size 11
_CELL_PADDING = 12  # pixels, with one indent
_LINE_SHARE = 1.3  # height of a line over the size of the font
_ROW_PADDING = 6  # points
_USUAL_SIZE = 11


def line_count(text: str, width: float, size: float = _USUAL_SIZE, bold: bool = False) -> int:
    """Lines that a wrapped text takes in a column of this width."""
    room = width * _PIXELS_PER_WIDTH - _CELL_PADDING
    return sum(_lines_of(paragraph, room, size, bold) for paragraph in text.split("\n"))


def row_height(cells: Iterable[tuple[str, float]], size: float = _USUAL_SIZE, bold: bool = False) -> float:
    """The height of a row, in points, that shows every (text, column width) uncut."""
    lines = max((line_count(text, width, size, bold) for text, width in cells), default=1)
    return round(lines * size * _LINE_SHARE + _ROW_PADDING, 1)


def width_needed(text: str, size: float = _USUAL_SIZE, bold: bool = True) -> float:
    """The column width that shows a text in one line."""
    return round((_pixels(text, size, bold) + _CELL_PADDING) / _PIXELS_PER_WIDTH, 1)


def _lines_of(paragraph: str, room: float, size: float, bold: bool) -> int:
    lines, used = 1, 0.0
    for word in paragraph.split(" "):
        needed = _pixels(word, size, bold)
        if used and used + needed > room:
            lines, used = lines + 1, 0.0
        # a word wider than the column is broken inside
        lines += int(needed // room) if room > 0 and needed > room else 0
        used += needed + _pixels(" ", size, bold)
    return lines


@lru_cache(maxsize=20_000)  # the same words again and again
def _pixels(text: str, size: float, bold: bool) -> float:
    bare = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    share = sum(_LETTER_WIDTHS.get(c, _CAPITAL if c.isupper() else _OTHER) for c in bare)
    return share * size * _PIXELS_PER_POINT * (_BOLD_SHARE if bold else 1)

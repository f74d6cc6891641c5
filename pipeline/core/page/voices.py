"""What units ask for and what stands in their way, in their own words."""

from pipeline.core.page.sources import Sources, parted
from pipeline.core.rows import Row, rows_of
from pipeline.spec.page import Voice

_REQUESTS, _OBSTACLES = "KN", "KK"
_SHEET = "voices"


def asked(src: Sources) -> list[Row]:
    """The rows of what is asked for."""
    return _written(src, _REQUESTS)


def requests(src: Sources) -> tuple[tuple[Voice, ...], str]:
    """The first of what is asked for, and what was left out."""
    return _first(src, asked(src))


def obstacles(src: Sources) -> tuple[tuple[Voice, ...], str]:
    """The first of what stands in the units' way, and what was left out."""
    return _first(src, _written(src, _OBSTACLES))


def obstacles_heading(src: Sources) -> str:
    """As the form calls it."""
    return _label(src, _OBSTACLES)


def _label(src: Sources, section: str) -> str:
    return next(s.label for s in src.book.template.sections if s.code == section)


def _written(src: Sources, section: str) -> list[Row]:
    frame = src.pages.frames[_SHEET]
    rows = rows_of(frame[frame["section"].eq(_label(src, section))])
    return [row for row in rows if row["text"].strip()]


def _first(src: Sources, rows: list[Row]) -> tuple[tuple[Voice, ...], str]:
    shown, left = parted(rows, src.words.limits.voices)
    heard = tuple(Voice(src.names(str(row["unit"]).split(", ")), src.said(row["text"])) for row in shown)
    return heard, src.more("more_voices", left, _SHEET)

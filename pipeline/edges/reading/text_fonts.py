"""Which parts of a cell's text are set in a font from before Unicode."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.base.legacy import Encoding, encoding_of
from pipeline.base.sheet import Stretch


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a rich text: its length, and the name of its font, "" where it has the cell's."""

    length: int
    font: str


def whole(text: str, encoding: Encoding | None) -> tuple[Stretch, ...]:
    """A text in one font, whose encoding is given."""
    return () if encoding is None or not text else (Stretch(0, len(text), encoding),)


def stretches(runs: Sequence[Run], of_cell: Encoding | None) -> tuple[Stretch, ...]:
    """The parts of a rich text in legacy fonts; neighbours in one encoding are one part."""
    found: list[Stretch] = []
    start = 0
    for run in runs:
        end = start + run.length
        encoding = encoding_of(run.font) if run.font else of_cell
        if encoding is not None and run.length:
            joins = bool(found) and (found[-1].end, found[-1].encoding) == (start, encoding)
            found.append(Stretch(found.pop().start if joins else start, end, encoding))
        start = end
    return tuple(found)

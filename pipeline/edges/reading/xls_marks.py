"""The records of an .xls file: where are its cells, which hold formulas and errors."""

import struct

from pipeline.edges.reading.biff import records
from pipeline.edges.reading.cell_marks import Marks, MarksBuilder

_PLACE = struct.Struct("<HH")
_START = struct.Struct("<I")

_SHEET = 0x85
_FORMULA, _ERROR, _NUMBERS = 0x06, 0x205, 0xBD
# Numbers, texts and their compressed forms; the records of blank cells are left out.
_CELLS = frozenset({_FORMULA, _ERROR, _NUMBERS, 0x203, 0x204, 0x27E, 0xD6, 0xFD})
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_OTHER_ERROR = "#VALUE!"


def xls_marks(stream: bytes) -> list[Marks]:
    """The marks of every sheet, in the order of the workbook."""
    starts = [_START.unpack_from(content)[0] for kind, content in records(stream) if kind == _SHEET]
    builder = MarksBuilder()
    return [_sheet_marks(stream, start, builder) for start in starts]


def _sheet_marks(stream: bytes, start: int, builder: MarksBuilder) -> Marks:
    for kind, content in records(stream, start):
        if kind in _CELLS:
            row, column = _PLACE.unpack_from(content)
            last = int.from_bytes(content[-2:], "little") if kind == _NUMBERS else column
            builder.add(row + 1, column + 1, last + 1, _error(kind, content), kind == _FORMULA)
    return builder.sheet()


def _error(kind: int, content: bytes) -> str | None:
    if kind == _ERROR and content[7]:
        return _ERRORS.get(content[6], _OTHER_ERROR)
    if kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2:
        return _ERRORS.get(content[8], _OTHER_ERROR)
    return None

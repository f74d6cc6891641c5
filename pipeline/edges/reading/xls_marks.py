"""The records of an .xls file: where are its cells, which hold formulas, errors and legacy fonts."""

import struct
from collections.abc import Sequence

from pipeline.base.legacy import Encoding, encoding_of
from pipeline.edges.reading.biff import records
from pipeline.edges.reading.cell_marks import Marks, MarksBuilder

_PLACE = struct.Struct("<HH")
_START = struct.Struct("<I")
_NUMBER = struct.Struct("<H")

_SHEET, _BEGIN, _FONT, _CELL_STYLE = 0x85, 0x809, 0x31, 0xE0
_WITH_UNICODE = 0x600
_NO_SUCH_FONT = 4  # no file has a font of this number: the fifth has number 5
_FORMULA, _ERROR, _NUMBERS = 0x06, 0x205, 0xBD
# Numbers, texts and their compressed forms; the records of blank cells are left out.
_CELLS = frozenset({_FORMULA, _ERROR, _NUMBERS, 0x203, 0x204, 0x27E, 0xD6, 0xFD})
_TEXTS = frozenset({_FORMULA, 0x204, 0xD6, 0xFD})
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
    encodings = _encodings(stream)
    builder = MarksBuilder()
    return [_sheet_marks(stream, start, builder, encodings) for start in starts]


def _encodings(stream: bytes) -> list[Encoding | None]:
    """What the font of each cell style was made for, by the number of the style."""
    fonts: dict[int, Encoding | None] = {}
    styles: list[Encoding | None] = []
    version = 0
    for kind, content in records(stream):
        if kind == _BEGIN:
            version = _NUMBER.unpack_from(content)[0]
        elif kind == _FONT:
            number = len(fonts)
            fonts[number if number < _NO_SUCH_FONT else number + 1] = encoding_of(_name(content, version))
        elif kind == _CELL_STYLE:
            styles.append(fonts.get(_NUMBER.unpack_from(content)[0]))
    return styles


def _name(font: bytes, version: int) -> str:
    """The name at the end of a font's record: of one byte a letter, or two where its first byte says so."""
    name = font[15:]
    if version < _WITH_UNICODE:
        return name.decode("latin-1")
    return name[1:].decode("utf-16-le" if name[:1] == b"\1" else "latin-1", "replace")


def _sheet_marks(
    stream: bytes, start: int, builder: MarksBuilder, encodings: Sequence[Encoding | None]
) -> Marks:
    for kind, content in records(stream, start):
        if kind in _CELLS:
            row, column = _PLACE.unpack_from(content)
            last = int.from_bytes(content[-2:], "little") if kind == _NUMBERS else column
            error, encoding = _error(kind, content), _encoding(kind, content, encodings)
            builder.add(row + 1, column + 1, last + 1, error, kind == _FORMULA, encoding)
    return builder.sheet()


def _encoding(kind: int, content: bytes, encodings: Sequence[Encoding | None]) -> Encoding | None:
    style = _NUMBER.unpack_from(content, _PLACE.size)[0]
    return encodings[style] if kind in _TEXTS and style < len(encodings) else None


def _error(kind: int, content: bytes) -> str | None:
    if kind == _ERROR and content[7]:
        return _ERRORS.get(content[6], _OTHER_ERROR)
    if kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2:
        return _ERRORS.get(content[8], _OTHER_ERROR)
    return None

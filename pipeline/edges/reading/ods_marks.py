"""The rows of an .ods file: where are its cells, which hold formulas, errors and legacy fonts."""

from bisect import bisect_left
from itertools import chain
from typing import IO
from zipfile import ZipFile

from lxml import etree

from pipeline.edges.reading.cell_marks import Marks, MarksBuilder
from pipeline.edges.reading.ods_fonts import NAMES, FontsOfStyles
from pipeline.edges.reading.safe_xml import elements

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_COMMON_STYLES = "styles.xml"
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


class _Tag:
    COLUMN, ROW, TABLE = (f"{_TABLE}{name}" for name in ("table-column", "table-row", "table"))


def ods_marks(archive: ZipFile) -> list[Marks]:
    """The marks of every sheet, in the order of the workbook."""
    fonts = FontsOfStyles()
    if _COMMON_STYLES in archive.namelist():
        with archive.open(_COMMON_STYLES) as styles:
            fonts.read(styles)
    with archive.open("content.xml") as content:
        return _marks(content, fonts)


def _marks(content: IO[bytes], fonts: FontsOfStyles) -> list[Marks]:
    sheets: list[Marks] = []
    builder = MarksBuilder()
    row, columns = 1, _Columns()
    for element in elements(content, *NAMES, "table-column", "table-row", "table"):
        match element.tag:
            case _Tag.COLUMN:
                columns.add(_count(element, "columns"), _default_style(element))
            case _Tag.ROW:
                last = row + _count(element, "rows") - 1
                _add_row(element, row, last, builder, columns, fonts)
                row = last + 1
            case _Tag.TABLE:
                marks = builder.sheet()
                row, columns = 1, _Columns()
                # A table elsewhere is the kept copy of another document's.
                if _parent(element) == f"{_OFFICE}spreadsheet":
                    sheets.append(marks)
            case _:
                fonts.add(element)
    return sheets


class _Columns:
    """The styles of columns: what a cell has where neither it nor its row names one."""

    def __init__(self) -> None:
        self._ends: list[int] = []
        self._styles: list[str] = []

    def add(self, count: int, style: str) -> None:
        self._ends.append(count + (self._ends[-1] if self._ends else 0))
        self._styles.append(style)

    def style(self, column: int) -> str:
        place = bisect_left(self._ends, column)
        return self._styles[place] if place < len(self._styles) else ""


def _add_row(
    element: etree._Element,
    first: int,
    last: int,
    builder: MarksBuilder,
    columns: _Columns,
    fonts: FontsOfStyles,
) -> None:
    column = 1
    for cell in element:
        count = _count(cell, "columns")
        has_formula = cell.get(f"{_TABLE}formula") is not None
        if has_formula or cell.get(f"{_OFFICE}value-type") is not None:
            style = cell.get(f"{_TABLE}style-name") or _default_style(element) or columns.style(column)
            error, encoding = _error(cell, has_formula), fonts.encoding(style)
            for row in chain([last], range(first, last)):  # the farthest first: it may be one to refuse
                builder.add(row, column, column + count - 1, error, has_formula, encoding)
        column += count


def _default_style(element: etree._Element) -> str:
    """What a row or a column sets for its cells, "" for nothing."""
    return element.get(f"{_TABLE}default-cell-style-name", "")


def _error(cell: etree._Element, has_formula: bool) -> str | None:
    shown = cell.find(f"{_TEXT}p")
    text = "" if shown is None else "".join(map(str, shown.itertext()))
    is_error = cell.get(f"{_CALC}value-type") == "error" or (has_formula and text in _ERRORS)
    return text if is_error else None


def _count(element: etree._Element, what: str) -> int:
    return max(int(element.get(f"{_TABLE}number-{what}-repeated", "1")), 1)


def _parent(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)

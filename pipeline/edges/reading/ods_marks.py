"""The rows of an .ods file: where are its cells, which hold formulas and errors."""

from itertools import chain
from typing import IO

from lxml import etree

from pipeline.edges.reading.cell_marks import Marks, MarksBuilder
from pipeline.edges.reading.safe_xml import elements

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


def ods_marks(content: IO[bytes]) -> list[Marks]:
    """The marks of every sheet, in the order of the workbook."""
    sheets: list[Marks] = []
    builder = MarksBuilder()
    row = 1
    for element in elements(content, "table-row", "table"):
        if element.tag == f"{_TABLE}table-row":
            last = row + _count(element, "rows") - 1
            _add_row(element, row, last, builder)
            row = last + 1
            continue
        marks = builder.sheet()
        row = 1
        # A table elsewhere is the kept copy of another document's.
        if _parent(element) == f"{_OFFICE}spreadsheet":
            sheets.append(marks)
    return sheets


def _add_row(element: etree._Element, first: int, last: int, builder: MarksBuilder) -> None:
    column = 1
    for cell in element:
        count = _count(cell, "columns")
        has_formula = cell.get(f"{_TABLE}formula") is not None
        if has_formula or cell.get(f"{_OFFICE}value-type") is not None:
            for row in chain([last], range(first, last)):  # the farthest first: it may be one to refuse
                builder.add(row, column, column + count - 1, _error(cell, has_formula), has_formula)
        column += count


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

"""Find cells of the consolidated workbook as a reader does: by sheet, row and column heading."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from tests.forms import load

HEADER = 5


# What the workbook writes: a jump finds its row by a value, an opening names a cell of another file.
_JUMP = re.compile(r'=HYPERLINK\("#\'(.+?)\'!([A-Z]+)"&MATCH\("(.+?)",(\w+),0\)\+(\d+),.+\)')
_OPENING = re.compile(r'=HYPERLINK\("([^"#]+)#\'((?:[^\']|\'\')+)\'!([A-Z]+\d+)","(.+)"\)')

_SHOWN = re.compile(r'=HYPERLINK\(.+,(?:"((?:[^"]|"")*)"|(\d+))\)')


@dataclass(frozen=True)
class Opening:
    """A link out of the workbook: from where, and to which file, sheet and cell."""

    cell: Cell
    file: str
    sheet: str
    address: str


def load_book(file: bytes, formulas: bool = False) -> Workbook:
    """The workbook as a program shows it that does not calculate, or with its formulas.

    Without the warning about bars and small columns, which openpyxl says it does not know.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        return load(file, data_only=not formulas)


def column_of(sheet: Worksheet, label: str) -> int:
    """The number of the column with this heading."""
    return next(cell.column for cell in sheet[HEADER] if cell.value == label)


def row_of(sheet: Worksheet, code: str, label: str = "Mã") -> int:
    """The row that holds `code` under the heading `label`."""
    column = column_of(sheet, label)
    return next(r for r in range(HEADER + 1, sheet.max_row + 1) if sheet.cell(r, column).value == code)


def cell_at(sheet: Worksheet, code: str, label: str) -> Cell:
    """The cell in the row of `code` under the heading `label`."""
    cell = sheet.cell(row_of(sheet, code), column_of(sheet, label))
    assert isinstance(cell, Cell)
    return cell


def find(sheet: Worksheet, value: object) -> Cell:
    """The first cell with this value."""
    return next(cell for cell in cells(sheet) if cell.value == value)


def cells(sheet: Worksheet) -> Iterator[Cell]:
    """All cells but those hidden in merged areas."""
    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell, MergedCell):
                yield cell


def dimension(sheet: Worksheet, column: int) -> ColumnDimension:
    """Width and visibility of a column: neighbours that are alike are stored once."""
    return next(d for d in sheet.column_dimensions.values() if (d.min or 0) <= column <= (d.max or 0))


def links(book: Workbook) -> Iterator[tuple[Cell, Worksheet, Cell]]:
    """Every link inside the workbook (read with its formulas): the cell, and sheet and cell it leads to."""
    for sheet in book.worksheets:
        for cell in cells(sheet):
            if cell.hyperlink is not None and cell.hyperlink.location:
                name, _, place = cell.hyperlink.location.rpartition("!")
                yield cell, *_target(book, name.strip("'"), place)
            elif cell.data_type == "f" and (found := _JUMP.fullmatch(str(cell.value))):
                name, column, value, area, above = found.groups()
                yield cell, *_target(book, name, f"{column}{_match(book, area, value) + int(above)}")


def openings(book: Workbook) -> Iterator[Opening]:
    """Every link out of the workbook (read with its formulas)."""
    for sheet in book.worksheets:
        for cell in cells(sheet):
            if cell.data_type == "f" and (found := _OPENING.fullmatch(str(cell.value))):
                yield Opening(cell, found[1], found[2].replace("''", "'"), found[3])


def shown_by(cell: Cell | MergedCell) -> str:
    """What a cell says, whether it is a value or a link."""
    found = _SHOWN.fullmatch(str(cell.value)) if cell.data_type == "f" else None
    return (found[1] or found[2]).replace('""', '"') if found else str(cell.value)


def _target(book: Workbook, name: str, place: str) -> tuple[Worksheet, Cell]:
    sheet = book[name]
    cell = sheet[place]
    assert isinstance(cell, Cell)
    return sheet, cell


def _match(book: Workbook, area: str, value: str) -> int:
    """The number of the first cell of a named area that holds `value`, as MATCH counts."""
    name, _, place = str(book.defined_names[area].attr_text).rpartition("!")
    found = [shown_by(cell) for (cell,) in book[name.strip("'")][place.replace("$", "")]]
    return found.index(value) + 1


def rules(sheet: Worksheet, area: str) -> list[tuple[str, list[str]]]:
    """Type and formulas of the conditional formats that cover exactly `area`."""
    return [
        (rule.type, list(rule.formula))
        for covered in sheet.conditional_formatting
        for rule in covered.rules
        if str(covered.sqref) == area
    ]

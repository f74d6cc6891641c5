"""Find cells of the consolidated workbook as a reader does: by sheet, row and column heading."""

import warnings
from collections.abc import Iterator

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.forms import load

HEADER = 5


def load_book(file: bytes) -> Workbook:
    """The workbook, without the bars and small columns that openpyxl says it does not know."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        return load(file)


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


def links(book: Workbook) -> Iterator[tuple[Cell, Worksheet, Cell]]:
    """Every link inside the workbook: the cell, and the sheet and cell it leads to."""
    for sheet in book.worksheets:
        for cell in cells(sheet):
            if cell.hyperlink is not None and cell.hyperlink.location:
                name, _, place = cell.hyperlink.location.rpartition("!")
                target = book[name.strip("'")]
                column, row, *_ = range_boundaries(place)
                assert isinstance(target, Worksheet)
                place_cell = target.cell(int(row or 0), int(column or 0))
                assert isinstance(place_cell, Cell)
                yield cell, target, place_cell


def rules(sheet: Worksheet, area: str) -> list[tuple[str, list[str]]]:
    """Type and formulas of the conditional formats that cover exactly `area`."""
    return [
        (rule.type, list(rule.formula))
        for covered in sheet.conditional_formatting
        for rule in covered.rules
        if str(covered.sqref) == area
    ]

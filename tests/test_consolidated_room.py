"""No text of the demonstration is cut, no number is ####, no column too narrow for its longest word."""

import re
from pathlib import Path

import pytest
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.edges.text_fit import line_count, width_needed
from pipeline.spec.consolidated import Column, Sheet
from tests.consolidated_reading import HEADER, cells, dimension, load_book
from tests.demonstration import Demonstration
from tests.table_rows import LOOKS

NAMES = [LOOKS.overview.name, *LOOKS.page_names.values()]
TALLEST = 409  # points, Excel's limit for a row
LINE = 15.0  # points that Excel gives a line of Times New Roman 11
PADDING = 5 / 7  # of a column, in letters
BREAKS = re.compile(r"[\s-]+")  # where Excel begins a new line


@pytest.fixture(scope="module", params=range(4), ids=["08", "09", "10", "11"])
def path(demonstration: Demonstration, request: pytest.FixtureRequest) -> Path:
    return demonstration.workbooks[int(request.param)]


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return load_book(path.read_bytes())


def columns_of(sheet: Worksheet, looks: Sheet) -> list[tuple[int, Column]]:
    by_label = {column.label: column for column in looks.columns}
    labelled = ((int(cell.column or 0), str(cell.value)) for cell in sheet[HEADER])
    return [(at, by_label[label]) for at, label in labelled if label in by_label]


@pytest.mark.parametrize("looks", LOOKS.sheets, ids=lambda sheet: sheet.key)
def test_every_word_and_number_has_room(book: Workbook, looks: Sheet) -> None:
    sheet = book[looks.name]
    columns = columns_of(sheet, looks)
    assert [column for _, column in columns] == sorted(looks.columns, key=lambda c: c.folded)
    for at, column in columns:
        width = float(dimension(sheet, at).width)
        for row in range(HEADER, sheet.max_row + 1):
            cell = sheet.cell(row, at)
            if isinstance(cell, Cell) and cell.value not in (None, looks.empty):
                assert widest(cell, column) <= width, (cell.coordinate, cell.value, width)


def widest(cell: Cell, column: Column) -> float:
    """The width that the longest word needs, or the number as it is shown."""
    size, bold = float(cell.font.size), bool(cell.font.bold)
    if isinstance(cell.value, int | float):
        return width_needed(as_shown(cell.value, cell.number_format), size, bold)
    if column.breaks and cell.row > HEADER:
        return 0
    return max(width_needed(word, size, bold) for word in BREAKS.split(str(cell.value)) if word)


def as_shown(value: float, number_format: str) -> str:
    """A number in its format, with the room that the format leaves at the right edge."""
    decimals = re.search(r"0\.(0+)", number_format)
    figure = f"{value:,.{len(decimals[1]) if decimals else 0}f} "
    if number_format == "General_)":
        figure = f"{value:g} "
    return f"↑ {figure}" if "↑" in number_format else figure


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_high_enough_for_its_texts(book: Workbook, name: str) -> None:
    sheet = book[name]
    for cell in cells(sheet):
        if isinstance(cell.value, str) and cell.alignment.wrap_text:
            size, bold = float(cell.font.size), bool(cell.font.bold)
            lines = line_count(cell.value, width_at(sheet, cell), size, bold)
            height = sheet.row_dimensions[cell.row].height
            assert height is not None
            assert height >= min(lines * LINE * size / 11 * 0.95, TALLEST), (cell.coordinate, cell.value)


@pytest.mark.parametrize("name", NAMES)
def test_no_text_that_stays_in_one_line_is_cut_by_its_neighbour(book: Workbook, name: str) -> None:
    sheet = book[name]
    for cell in cells(sheet):
        if isinstance(cell.value, str) and not cell.alignment.wrap_text:
            right = sheet.cell(cell.row, last_column(sheet, cell) + 1)
            if isinstance(right, MergedCell) or right.value is not None:
                needed = width_needed(cell.value, float(cell.font.size), bool(cell.font.bold))
                assert needed <= width_at(sheet, cell) + PADDING, (cell.coordinate, cell.value)


def width_at(sheet: Worksheet, cell: Cell) -> float:
    """What the cell, merged or not, gives to its text."""
    columns = range(cell.column, last_column(sheet, cell) + 1)
    return sum(float(dimension(sheet, at).width) for at in columns) + PADDING * (len(columns) - 1)


def last_column(sheet: Worksheet, cell: Cell) -> int:
    for area in sheet.merged_cells.ranges:
        if (area.min_row, area.min_col) == (cell.row, cell.column):
            return int(area.max_col)
    return cell.column

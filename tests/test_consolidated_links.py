"""Every link of the demonstration's workbooks is followed: inside, and out to the sealed originals."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.base.sheet import number_text
from pipeline.edges.consolidated import formulas
from tests.consolidated_reading import (
    HEADER,
    Opening,
    cells,
    column_of,
    links,
    load_book,
    openings,
    shown_by,
)
from tests.demonstration import Demonstration

RAW = {
    "Ô tử số": "Tử số như đã ghi",
    "Ô mẫu số": "Mẫu số như đã ghi",
    "Ô giá trị": "Giá trị như đã ghi",
    "Ô": "Sau",  # what a later file changed
}


@cache
def original(path: Path) -> Workbook:
    return openpyxl.load_workbook(path, data_only=True)


@pytest.fixture(scope="module", params=range(4), ids=["08", "09", "10", "11"])
def path(demonstration: Demonstration, request: pytest.FixtureRequest) -> Path:
    return demonstration.workbooks[int(request.param)]


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return load_book(path.read_bytes(), formulas=True)


def raw_text(opened: Opening) -> str:
    """What the sheet says stands in the cell that the link opens."""
    sheet = opened.cell.parent
    assert isinstance(sheet, Worksheet)
    heading = str(sheet.cell(HEADER, opened.cell.column).value)
    return str(sheet.cell(opened.cell.row, column_of(sheet, RAW[heading])).value)


def text_in(value: object) -> str:
    return number_text(float(value)) if isinstance(value, int | float) else str(value)


def test_every_original_says_in_its_cell_what_the_workbook_quotes(book: Workbook, path: Path) -> None:
    """The links are relative to the workbook's own folder; the cell is the one that is named."""
    to_cells = [o for o in openings(book) if o.address != "A1"]
    for opened in to_cells:
        assert opened.address == shown_by(opened.cell)
        file = (path.parent / opened.file).resolve()
        cell = original(file)[opened.sheet][opened.address]
        assert text_in(cell.value) == raw_text(opened), opened
    assert len(to_cells) > 50


def test_every_fact_leads_to_its_sealed_file(book: Workbook, path: Path) -> None:
    sheet = book["Dữ liệu gốc"]
    column, name = column_of(sheet, "Lưu trữ tại"), column_of(sheet, "Trang")
    opened = {o.cell.row: o for o in openings(book) if o.cell.parent is sheet and o.cell.column == column}
    assert list(opened) == list(range(HEADER + 1, sheet.max_row + 1))
    for row, link in opened.items():
        file = (path.parent / link.file).resolve()
        assert link.sheet == sheet.cell(row, name).value
        assert link.sheet in original(file).sheetnames
        assert file.name.split("_")[-1].partition(".")[0] in sha256_of(sheet, row)


def sha256_of(sheet: Worksheet, row: int) -> str:
    return str(sheet.cell(row, column_of(sheet, "Mã sha256")).value)


def test_every_link_inside_ends_where_it_says(book: Workbook) -> None:
    """A jump by a value ends in the row that has it; a plain link at the top of a sheet."""
    found = list(links(book))
    for cell, sheet, place in found:
        if cell.hyperlink is None:
            row = [str(shown_by(c)) for c in sheet[place.row]]
            wanted = str(re.findall(r'MATCH\("(.+?)",', str(cell.value))[0])
            assert wanted in row
            assert place.row > HEADER
        else:
            assert place.coordinate == "A1"
    assert len(found) > 100


def test_no_link_is_left_unfollowed(book: Workbook) -> None:
    followed = {c for c, *_ in links(book)} | {o.cell for o in openings(book)}
    assert followed == set(linked(book))


def linked(book: Workbook) -> Iterator[object]:
    for sheet in book.worksheets:
        yield from (c for c in cells(sheet) if c.hyperlink or "HYPERLINK(" in str(c.value))


def test_from_the_overview_a_late_indicator_is_three_links_from_its_original(
    demonstration: Demonstration,
) -> None:
    path = demonstration.workbooks[-1]
    book = load_book(path.read_bytes(), formulas=True)
    late = [c for c in cells(book["Tổng quan"]) if shown_by(c).endswith(" →") and c.data_type == "f"]
    places = {cell: place for cell, _, place in links(book)}
    assert [shown_by(cell) for cell in late][:2] == ["III.1 →", "IV.3 →"]
    for cell in late:
        indicator = book["Chỉ tiêu"].cell(places[cell].row, column_of(book["Chỉ tiêu"], "Mã"))
        assert f"{shown_by(indicator)} →" == shown_by(cell)
        fact = places[indicator]  # type: ignore[index]  # no merged cell
        assert shown_by(fact) == shown_by(indicator)
        opened = [o for o in openings(book) if o.cell.row == fact.row]
        assert (path.parent / opened[0].file).resolve().is_file()


# --- names that are hard on links ----------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40))
def test_any_sheet_name_survives_a_link(name: str) -> None:
    text = formulas.opening("../../archive/a.xlsx", name, "G17", "G17")
    literal = re.fullmatch(r'HYPERLINK\("((?:[^"]|"")*)","G17"\)', text)
    assert literal
    file, _, place = literal[1].replace('""', '"').partition("#")
    sheet, _, cell = place.rpartition("!")
    assert (file, cell) == ("../../archive/a.xlsx", "G17")
    assert sheet[1:-1].replace("''", "'") == name


def test_a_place_that_excel_has_no_room_for_is_no_link() -> None:
    assert formulas.opening("../../archive/" + "a" * 250, "Chỉ tiêu", "G17", "G17") == ""

"""The cells of the workbook of the plan: all open, without formulas, with the checks and lists they need."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from tests.plan_books import DATA, FIRST_ROW, Book, column_of, entries, exported, sheet_of


def all_cells(book: Book) -> list[Any]:
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_no_cell_is_locked_and_none_holds_a_formula() -> None:
    book = openpyxl.load_workbook(BytesIO(exported()))
    assert not any(sheet.protection.sheet for sheet in book)
    assert not any(cell.data_type == "f" for cell in all_cells(book))
    for sheet in book.worksheets[1:-1]:
        assert sheet.freeze_panes
        assert sheet.data_validations.dataValidation


def check_of(place: str, key: str) -> Any:
    """The check of the first cell of a column."""
    book = openpyxl.load_workbook(BytesIO(exported()))
    sheet, column = sheet_of(book, place), column_of(book, place, key)
    first = sheet.cell(FIRST_ROW, column).coordinate
    (found,) = [check for check in sheet.data_validations.dataValidation if first in check.sqref]
    assert sheet.cell(FIRST_ROW + len(entries(place)), column).coordinate in found.sqref
    return found


def offered(source: str) -> list[object]:
    """What stands in the cells that a dropdown names."""
    name, _, cells = source.replace("$", "").rpartition("!")
    sheet = openpyxl.load_workbook(BytesIO(exported()))[name.strip("'")]
    return [cell.value for (cell,) in sheet[cells] if cell.value is not None]


@pytest.mark.parametrize(
    ("place", "key", "of"),
    [
        ("indicators", "lead", "units"),
        ("indicators", "group", "groups"),
        ("tasks", "section", "sections"),
        ("confirmations", "indicator", "indicators"),
        ("indicators.milestones", "^", "indicators"),
    ],
)
def test_dropdowns_offer_the_codes_of_the_plan(place: str, key: str, of: str) -> None:
    check = check_of(place, key)
    assert check.type == "list"
    assert offered(check.formula1) == [entry.get("id", entry.get("code")) for entry in DATA[of]]


def test_dropdowns_offer_the_labels_of_choices() -> None:
    assert offered(check_of("indicators", "basis").formula1) == [
        "Tại ngày chốt", "Phát sinh trong kỳ", "Lũy kế từ đầu năm",
    ]  # fmt: skip
    assert offered(check_of("units", "expected").formula1) == ["Có", "Không"]


def test_days_belong_to_the_year_of_the_plan_as_it_is_typed() -> None:
    check = check_of("calendar.overrides", "day")
    assert (check.type, check.formula1) == ("date", "DATE('Chung'!$C$8,1,1)")
    book = openpyxl.load_workbook(BytesIO(exported()))
    assert book["Chung"]["C8"].value == 2026


def test_codes_stand_once_and_numbers_are_numbers() -> None:
    last = FIRST_ROW + len(DATA["units"]) + 15 - 1
    assert check_of("units", "id").formula1 == f"COUNTIF($B$6:$B${last},B6)=1"
    assert check_of("indicators", "target.value").type == "decimal"
    assert check_of("groups", "printed_count").type == "whole"

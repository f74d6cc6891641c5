"""The conditional formats of the consolidated workbook: rules on words and figures, nothing painted."""

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.edges.consolidated.writer import write_consolidated
from tests.consolidated_reading import HEADER, cell_at, column_of, load_book, row_of, rules
from tests.forms import PLAN
from tests.table_rows import LOOKS, PERIODS
from tests.tables import MADE, month

LAST = HEADER + len(PLAN.indicators)


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_book(write_consolidated(month(), LOOKS, MADE))


def area_of(sheet: Worksheet, label: str, last: int = LAST) -> str:
    letters = get_column_letter(column_of(sheet, label))
    return f"{letters}{HEADER + 1}:{letters}{last}"


def test_verdicts_are_coloured_by_rules_on_their_words(book: Workbook) -> None:
    sheet = book["Chỉ tiêu"]
    found = rules(sheet, area_of(sheet, "Đánh giá"))
    expected = [("cellIs", [f'"{status.text}"']) for status in LOOKS.statuses["verdict"].values()]
    assert found[: len(expected)] == expected
    painted = {cell_at(sheet, i.code, "Đánh giá").fill.fill_type for i in PLAN.indicators}
    assert painted == {None}


def test_groups_are_parted_by_a_rule_that_survives_sorting(book: Workbook) -> None:
    sheet = book["Chỉ tiêu"]
    for column in range(1, column_of(sheet, "Ghi chú") + 1):
        letters = get_column_letter(column)
        found = rules(sheet, f"{letters}{HEADER + 1}:{letters}{LAST}")
        assert ("expression", ["$A6<>$A5"]) in found


@pytest.mark.parametrize(
    ("name", "label"),
    [("Chỉ tiêu", "Hoàn thành (%)"), ("Đơn vị", "Tổng điểm"), ("Nhiệm vụ", "Tiến độ (%)")],
)
def test_bars_stand_from_0_to_100(book: Workbook, name: str, label: str) -> None:
    sheet = book[name]
    letters = get_column_letter(column_of(sheet, label))
    bars = [
        rule.dataBar
        for covered in sheet.conditional_formatting
        for rule in covered.rules
        if str(covered.sqref).startswith(f"{letters}6:") and rule.type == "dataBar"
    ]
    assert [(limit.type, float(limit.val)) for limit in bars[0].cfvo] == [("num", 0), ("num", 100)]


@pytest.mark.parametrize("label", ["Nộp phiếu", "Thời hạn", "Kết quả nhận"])
def test_each_column_of_the_register_has_its_rules(book: Workbook, label: str) -> None:
    sheet = book["Tình trạng nộp"]
    column = next(c for c in LOOKS.sheet_by_key["register"].columns if c.label == label)
    found = rules(sheet, area_of(sheet, label, HEADER + len(PLAN.units)))
    assert found == [("cellIs", [f'"{s.text}"']) for s in LOOKS.statuses[column.vocabulary].values()]


def test_the_course_of_each_indicator_is_a_heat_table(book: Workbook) -> None:
    sheet, history = book["Diễn biến"], month().frames["history"].set_index("code")
    assert cell_at(sheet, "I.1", "Tháng 8/2026").value == pytest.approx(history.loc["I.1", PERIODS[0]])
    assert cell_at(sheet, "II.2", "Tháng 9/2026").value is None
    assert cell_at(sheet, "I.1", "Chỉ tiêu").value == PLAN.indicator_by_code["I.1"].name
    row = row_of(sheet, "V.10")
    assert rules(sheet, f"E{row}:H{row}") == [("colorScale", [])]

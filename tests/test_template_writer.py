"""The form as a unit receives it: where things stand, what is open, and what may be typed."""

import re
from datetime import date, datetime

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.spec.form import FormContent
from pipeline.spec.template import Table
from tests.forms import INDICATORS, PLAN, TASKS, TEMPLATE, Values, cell_of, issued, load, tag_row, write

ALLOWED = ("autoFilter", "sort", "formatColumns", "formatRows")
FORBIDDEN = ("insertRows", "insertColumns", "deleteRows", "deleteColumns")
LONGEST_FORMULA, LONGEST_LITERAL = 8192, 255


@pytest.fixture(scope="module")
def content() -> FormContent:
    return issued()


@pytest.fixture(scope="module")
def blank(content: FormContent) -> Workbook:
    return load(write(content))


# --- where things stand ------------------------------------------------------------------------


def right_of(sheet: Worksheet, label: str) -> object:
    """The first filled cell right of a label."""
    at = next(cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    values = (sheet.cell(at.row, column).value for column in range(at.column + 1, at.column + 9))
    return next(value for value in values if value is not None)


def test_sheets_stand_in_order_and_only_the_identity_is_hidden(blank: Workbook) -> None:
    assert [(s.title, s.sheet_state) for s in blank.worksheets] == [
        ("Hướng dẫn", "visible"),
        ("Chỉ tiêu", "visible"),
        ("Nhiệm vụ", "visible"),
        ("Nội dung báo cáo", "visible"),
        ("nhan-dang", "veryHidden"),
    ]


def test_the_hidden_sheet_carries_the_identity(blank: Workbook, content: FormContent) -> None:
    sheet = blank["nhan-dang"]
    rows = [(sheet.cell(r, 1).value, sheet.cell(r, 2).value) for r in range(1, len(content.identity) + 1)]
    assert rows == list(content.identity)
    assert dict(rows)["don-vi"] == "VHXH"
    assert dict(rows)["ky-bao-cao"] == "2026-11"


@pytest.mark.parametrize("title", ["Hướng dẫn", "Chỉ tiêu", "Nhiệm vụ", "Nội dung báo cáo"])
@pytest.mark.parametrize("unit", ["VHXH", "PVHCC", "KT"])
def test_every_sheet_shows_unit_and_period_beside_their_labels(title: str, unit: str) -> None:
    sheet = load(write(issued(unit)))[title]
    assert right_of(sheet, "Mã đơn vị") == unit
    assert right_of(sheet, "Kỳ báo cáo") == "11/2026"


@pytest.mark.parametrize("table", TEMPLATE.tables, ids=lambda t: t.key)
def test_tags_stand_in_a_hidden_row_above_the_labels(blank: Workbook, table: Table) -> None:
    sheet = blank[table.sheet]
    row = tag_row(sheet, table)
    tags = [sheet.cell(row, c).value for c in range(1, len(table.columns) + 1)]
    labels = [sheet.cell(row + 1, c).value for c in range(1, len(table.columns) + 1)]
    assert tags == [f"#{table.key}.{c.key}" for c in table.columns]
    assert labels == [c.label for c in table.columns]
    assert sheet.row_dimensions[row].hidden
    assert not sheet.row_dimensions[row + 1].hidden


@pytest.mark.parametrize("table", TEMPLATE.tables, ids=lambda t: t.key)
def test_rows_and_their_locked_texts_are_those_of_the_plan(
    blank: Workbook, content: FormContent, table: Table
) -> None:
    sheet = blank[table.sheet]
    first = tag_row(sheet, table) + 2
    codes = [sheet.cell(r, 1).value for r in range(first, sheet.max_row + 1)]
    assert codes == [row.code for row in content.rows[table.key]]
    for row in content.rows[table.key]:
        for key, text in row.locked.items():
            assert cell_of(blank, table, row.code, key).value == (text or None)


def test_the_last_value_is_a_number_a_word_or_a_dash(blank: Workbook) -> None:
    codes = ("I.1", "V.1", "IV.2", "III.1", "II.1")
    shown = [cell_of(blank, INDICATORS, code, "previous") for code in codes]
    assert [(cell.value, cell.number_format) for cell in shown] == [
        (57.32, "0.00"),
        (0.7612, "0.0000"),
        (2, "#,##0"),
        ("Có", "General"),
        ("–", "General"),
    ]


# --- what is open ------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TEMPLATE.tables, ids=lambda t: t.key)
def test_exactly_the_open_cells_are_unlocked(blank: Workbook, content: FormContent, table: Table) -> None:
    sheet = blank[table.sheet]
    assert sheet.protection.sheet
    unlocked = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    expected = {
        cell_of(blank, table, row.code, key).coordinate for row in content.rows[table.key] for key in row.open
    }
    assert unlocked == expected


def test_closed_cells_are_empty_and_look_closed(blank: Workbook) -> None:
    closed = cell_of(blank, INDICATORS, "IV.2", "numerator")
    opened = cell_of(blank, INDICATORS, "I.1", "numerator")
    assert closed.value is None
    assert closed.fill.fgColor.rgb == "FF" + TEMPLATE.colours.closed.lstrip("#")
    assert opened.fill.fgColor.rgb == "FF" + TEMPLATE.colours.entry.lstrip("#")


def test_plan_tasks_keep_their_work_and_own_tasks_are_typed(blank: Workbook) -> None:
    assert cell_of(blank, TASKS, "NV.1.1", "work").protection.locked
    assert not cell_of(blank, TASKS, "DV.1", "work").protection.locked
    assert cell_of(blank, TASKS, "NV.1.1", "responsibility").value == "Chưa phân công"


@pytest.mark.parametrize("table", TEMPLATE.tables, ids=lambda t: t.key)
def test_filtering_and_sizing_stay_allowed(blank: Workbook, table: Table) -> None:
    sheet = blank[table.sheet]
    allowed = sheet.protection
    forbidden = {name: getattr(allowed, name) for name in ALLOWED + FORBIDDEN}
    assert forbidden == {**dict.fromkeys(ALLOWED, False), **dict.fromkeys(FORBIDDEN, True)}
    header = tag_row(sheet, table) + 1
    assert sheet.auto_filter.ref.startswith(f"A{header}:")
    assert sheet.freeze_panes == f"C{header + 1}"


def validations(book: Workbook, table: Table) -> dict[str, DataValidation]:
    rules = book[table.sheet].data_validations.dataValidation
    return {str(cells): rule for rule in rules for cells in rule.sqref.ranges}


@pytest.mark.parametrize("table", TEMPLATE.tables, ids=lambda t: t.key)
def test_every_open_cell_is_validated_and_no_other(
    blank: Workbook, content: FormContent, table: Table
) -> None:
    expected = {
        cell_of(blank, table, row.code, key).coordinate for row in content.rows[table.key] for key in row.open
    }
    found = validations(blank, table)
    assert found.keys() == expected
    assert {rule.errorStyle for rule in found.values()} <= {None, "stop"}


@pytest.mark.parametrize(
    ("code", "key", "kind", "low", "high"),
    [
        ("I.1", "numerator", "whole", "0", "1000000000"),
        ("I.1", "rate", "decimal", "0", "100"),
        ("V.1", "result", "decimal", "0", "1"),
        ("IV.2", "result", "whole", "0", "1000000000"),
    ],
)
def test_numbers_are_validated_within_their_limits(
    blank: Workbook, code: str, key: str, kind: str, low: str, high: str
) -> None:
    rule = validations(blank, INDICATORS)[cell_of(blank, INDICATORS, code, key).coordinate]
    assert (rule.type, rule.formula1, rule.formula2) == (kind, low, high)


def dropdown(book: Workbook, table: Table, code: str, key: str) -> list[object]:
    rule = validations(book, table)[cell_of(book, table, code, key).coordinate]
    assert rule.type == "list"
    name = book.defined_names[rule.formula1]
    (title, area), *_ = name.destinations
    return [cell.value for row in book[title][area] for cell in row]


def test_dropdowns_offer_the_labels(blank: Workbook, content: FormContent) -> None:
    flow = next(row.code for row in content.rows["indicators"] if row.attributes["basis"] == "flow")
    assert dropdown(blank, INDICATORS, "III.1", "result") == ["Có", "Chưa"]
    assert dropdown(blank, INDICATORS, flow, "state") == ["Có số liệu", "Không phát sinh", "Chưa có số liệu"]
    labels = [choice.label for choice in TEMPLATE.types["task_state"].choices]
    assert dropdown(blank, TASKS, "NV.1.1", "state") == labels


def test_a_stock_offers_no_state_without_activity(blank: Workbook) -> None:
    assert dropdown(blank, INDICATORS, "I.1", "state") == ["Có số liệu", "Chưa có số liệu"]


def test_help_speaks_of_the_kind_of_indicator(blank: Workbook) -> None:
    rule = validations(blank, INDICATORS)[cell_of(blank, INDICATORS, "V.1", "result").coordinate]
    assert rule.prompt == "Chỉ số từ 0 đến 1, ví dụ 0,82."
    assert rule.promptTitle == "Kết quả"


# --- formulas and text -------------------------------------------------------------------------


def formulas(book: Workbook) -> list[str]:
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return [str(cell.value) for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize("unit", [unit.id for unit in PLAN.expected_units])
def test_formulas_keep_within_the_limits_of_excel(unit: str) -> None:
    found = formulas(load(write(issued(unit))))
    assert found
    assert max(len(formula) for formula in found) <= LONGEST_FORMULA
    literals = [text for formula in found for text in re.findall(r'"((?:[^"]|"")*)"', formula)]
    assert max(map(len, literals)) <= LONGEST_LITERAL


def test_formulas_use_only_functions_of_excel_2010(blank: Workbook) -> None:
    known = {"ABS", "AND", "CELL", "COUNT", "FIND", "IF", "IFERROR", "INT", "ISERROR", "ISNUMBER", "LEFT"}
    known |= {"LEN", "NOT", "OR", "ROUND", "SUBSTITUTE", "SUMPRODUCT", "TRIM"}
    bare = [re.sub(r'"(?:[^"]|"")*"', "", formula) for formula in formulas(blank)]
    assert {name for formula in bare for name in re.findall(r"([A-Z][A-Z.0-9_]*)\(", formula)} <= known


def test_text_never_becomes_a_formula_or_a_link(content: FormContent) -> None:
    texts = {"evidence": "=1+1", "explanation": "https://example.org", "numerator": "1688"}
    values: Values = {("indicators", "I.1", key): text for key, text in texts.items()}
    book = load(write(content, values))
    for key, text in texts.items():
        cell = cell_of(book, INDICATORS, "I.1", key)
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_the_same_input_gives_the_same_bytes(content: FormContent) -> None:
    assert write(content) == write(content)
    assert write(content) != write(content, {("indicators", "I.1", "numerator"): 1.0})


def test_values_fill_open_cells_only(content: FormContent) -> None:
    values: Values = {
        ("indicators", "I.1", "numerator"): 12.0,
        ("indicators", "I.1", "name"): "tên khác",
        ("indicators", "IV.2", "numerator"): 5.0,
        ("tasks", "DV.1", "date_done"): date(2026, 11, 5),
        ("tasks", "NV.1.1", "responsibility"): "",
    }
    book = load(write(content, values))
    assert cell_of(book, INDICATORS, "I.1", "numerator").value == 12
    assert cell_of(book, INDICATORS, "I.1", "name").value == PLAN.indicator_by_code["I.1"].name
    assert cell_of(book, INDICATORS, "IV.2", "numerator").value is None
    done = cell_of(book, TASKS, "DV.1", "date_done")
    assert (done.value, done.number_format) == (datetime(2026, 11, 5), "dd/mm/yyyy")
    assert cell_of(book, TASKS, "NV.1.1", "responsibility").value is None

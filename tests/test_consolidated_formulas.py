"""The formulas of the consolidated workbook say what pandas says: LibreOffice recalculates them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.base.period import Period
from pipeline.base.record import Fact
from pipeline.core import rules
from pipeline.core.month import Kept, concerned, consolidate
from pipeline.core.tables import Book, tables
from pipeline.edges.consolidated.formulas import placed
from pipeline.edges.consolidated.writer import write_consolidated
from pipeline.edges.store.ledger import Ledger
from pipeline.run.demo import PLAN_FILE
from pipeline.spec.plan import TargetKind
from pipeline.spec.plan_file import load_plan
from pipeline.spec.tables import Tables
from pipeline.spec.wording import load_wording
from tests.consolidated_reading import HEADER, cells, column_of, find, load_book
from tests.demonstration import Demonstration
from tests.forms import MESSAGES, SCHEMAS, TEMPLATE
from tests.office import type_in
from tests.table_rows import LOOKS

NOW = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
WORDING = load_wording("wording", (SCHEMAS / "wording.toml").read_text(encoding="utf-8"))
LIVE = {
    "Chỉ tiêu": {
        *("Tử số", "Mẫu số", "Riêng trong tháng", "Kết quả", "Tăng, giảm", "Hoàn thành (%)"),
        *("Còn thiếu so mục tiêu", "Tháng này có báo cáo", "Điểm × trọng số"),
    },
    "Đơn vị": {"Tổng điểm"},
    "Dữ liệu gốc": {"Giá trị"},
}


def month_of(folder: Path, period: Period, changed: Mapping[tuple[str, str], float] | None = None) -> Tables:
    """The tables of a month from the ledger; `changed` numerators (or values) by unit and indicator."""
    plan = load_plan("plan", (folder / PLAN_FILE).read_text(encoding="utf-8"))
    with Ledger(folder / "archive" / "ledger.sqlite") as ledger:
        submissions = concerned(plan, period, ledger.submissions())
        facts = [_changed(f, str(period), changed or {}) for f in ledger.facts(period.year, str(period))]
        told = {s.sha256 for s in submissions if s.period in ("", str(period))}
        kept = Kept(
            tuple(submissions),
            tuple(facts),
            tuple(ledger.tasks(str(period))),
            tuple(ledger.narratives(str(period))),
            tuple(ledger.findings(told)),
        )
    return tables(consolidate(plan, period, kept, NOW), Book(plan, TEMPLATE, WORDING, MESSAGES), NOW)


def _changed(fact: Fact, period: str, changed: Mapping[tuple[str, str], float]) -> Fact:
    new = changed.get((fact.unit, fact.indicator))
    if new is None or fact.period != period:
        return fact
    if fact.denominator is None:
        return replace(fact, value=new)
    return replace(fact, numerator=new, value=100 * new / fact.denominator)


def as_shown(cell: Cell, value: object) -> object:
    """A value to the last digit that the cell's format shows; a blank text is a blank."""
    if not isinstance(value, int | float):
        return value or None
    decimals = re.search(r"0\.(0+)", cell.number_format)
    digits = len(decimals[1]) if decimals else 0 if "0" in cell.number_format else 9
    return f"{value + 0.0:.{digits}f}"


def differences(one: Workbook, other: Workbook) -> Iterator[str]:
    """The cells of `one` that show something else in `other`."""
    for sheet in one.worksheets:
        for cell in cells(sheet):
            value = other[sheet.title][cell.coordinate].value
            if as_shown(cell, cell.value) != as_shown(cell, value):
                yield f"{sheet.title}!{cell.coordinate}: {cell.value} {value}"


# --- the demonstration ---------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(4), ids=["08", "09", "10", "11"])
def test_every_cell_of_the_demonstration_is_the_same_once_recalculated(
    demonstration: Demonstration, number: int, tmp_path: Path
) -> None:
    source = demonstration.workbooks[number]
    book = load_book(source.read_bytes())
    again = load_book(type_in(source, [], tmp_path / "lại.xlsx").read_bytes())
    assert again.sheetnames == book.sheetnames
    assert list(differences(book, again)) == []
    assert sum(1 for sheet in book.worksheets for _ in cells(sheet)) > 3000


def test_the_columns_that_are_formulas_are_those_that_the_sheet_about_method_names(
    demonstration: Demonstration,
) -> None:
    book = load_book(demonstration.workbooks[-1].read_bytes(), formulas=True)
    values = load_book(demonstration.workbooks[-1].read_bytes())
    for name, labels in LIVE.items():
        sheet = book[name]
        headings = {str(cell.value): cell.column for cell in sheet[HEADER] if cell.value}
        live = {
            label
            for label, column in headings.items()
            if any(is_figure(sheet.cell(row, column)) for row in range(HEADER + 1, sheet.max_row + 1))
        }
        assert live - {"Tháng 11/2026"} == labels
    texts = [str(cell.value) for cell in cells(values["Phương pháp"])]
    (said,) = [text for text in texts if "là công thức" in text]
    for label in set().union(*LIVE.values()):
        assert f"«{label}»" in said


def is_figure(cell: object) -> bool:
    text = str(getattr(cell, "value", ""))
    return text.startswith("=") and not text.startswith("=HYPERLINK")


CHANGES = {  # by unit and indicator: sheet column, and the new figure
    ("VHXH", "I.1"): ("Tử số", 13.0),  # one unit, a stock: more than the target
    ("TH", "II.3"): ("Tử số", 3410.0),  # added up over units
    ("TYT", "II.4"): ("Tử số", 100.0),  # beside the lead's figure: changes nothing
    ("PVHCC", "V.7"): ("Tử số", 120.0),  # of the month; the result is of the year
    ("VHXH", "III.1"): ("Giá trị", 1.0),  # yes
    ("VHXH", "IV.3"): ("Giá trị", 3.0),  # a count
    ("VHXH", "V.1"): ("Giá trị", 0.4),  # an index
}


def test_who_changes_an_input_sees_all_that_follows_move_as_pandas_says(
    demonstration: Demonstration, tmp_path: Path
) -> None:
    source, period = demonstration.workbooks[-1], Period(2026, 11)
    book = load_book(source.read_bytes())
    facts, units = book["Dữ liệu gốc"], month_of(demonstration.folder, period).frames["facts"]
    typed = []
    for (unit, code), (label, figure) in CHANGES.items():
        at = units.index[units["unit_id"].eq(unit) & units["indicator"].eq(code) & units["month"].eq(11)]
        address = facts.cell(HEADER + 1 + int(at[0]), column_of(facts, label)).coordinate
        typed.append(("Dữ liệu gốc", address, figure))
    moved = load_book(type_in(source, typed, tmp_path / "sửa.xlsx").read_bytes())
    changed = {key: figure for key, (_, figure) in CHANGES.items()}
    wanted = load_book(write_consolidated(month_of(demonstration.folder, period, changed), LOOKS, NOW_BARE))
    live = load_book(source.read_bytes(), formulas=True)
    for sheet in live.worksheets:
        for cell in cells(sheet):
            # The result of a unit is a value: it rests on figures that the workbook does not hold.
            if is_figure(cell) and sheet.title not in ("Đơn vị", "Biểu đồ"):
                place = sheet.title, cell.coordinate
                expected = wanted[sheet.title][cell.coordinate]
                found = moved[sheet.title][cell.coordinate].value
                assert as_shown(expected, found) == as_shown(expected, expected.value), place
    before, after = (mean_of(b["Tổng quan"]) for b in (book, moved))
    assert isinstance(before, float)
    assert isinstance(after, float)
    assert abs(after - before) > 0.5


NOW_BARE = datetime(2026, 11, 24, 8)


def mean_of(overview: Worksheet) -> object:
    """The big figure below its label."""
    return find(overview, LOOKS.overview.tiles["mean"].label).offset(1).value


# --- the rules -----------------------------------------------------------------------------------

KINDS: dict[TargetKind, tuple[float, ...]] = {
    "at_least": (0, 0.8, 60, 95),
    "at_most": (0, 20, 0.3),
    "range": (15, 0.1),
    "yes_no": (1,),
}
VALUES = (0, 0.1, 0.8, 1, 14.99, 15, 20, 59.999, 60, 60.001, 100, 1234.5)


def test_the_text_of_every_rule_says_what_its_python_says(tmp_path: Path) -> None:
    """Kinds of target, among them those that the plan of this year does not have."""
    cases = [(kind, bound, value) for kind, bounds in KINDS.items() for bound in bounds for value in VALUES]
    file = BytesIO()
    place = {"result": 1, "bound": 2}
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("a")
        for row, (kind, bound, value) in enumerate(cases):
            sheet.write_row(row, 0, [value, bound])
            for column, table in enumerate((rules.ATTAINMENT, rules.DISTANCE), 2):
                if kind in table:
                    text = placed(table[kind].formula, place, row + 1, lambda *_: "")
                    sheet.write_formula(row, column, f"={text}", None, -1)
    source = tmp_path / "quy tắc.xlsx"
    source.write_bytes(file.getvalue())
    found = load_book(type_in(source, [], tmp_path / "tính.xlsx").read_bytes())["a"]
    for row, (kind, bound, value) in enumerate(cases, 1):
        assert found.cell(row, 3).value == pytest.approx(rules.ATTAINMENT[kind].value(value, bound)), row
        if kind in rules.DISTANCE:
            assert found.cell(row, 4).value == pytest.approx(rules.DISTANCE[kind].value(value, bound)), row

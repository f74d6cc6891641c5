"""One cell of a valid form is spoiled: the finding has just this code, at just this place."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import pandera.pandas as pa
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from pipeline.base.finding import Finding
from pipeline.core import check
from pipeline.core.intake import Judgement, Returned, judge, kept_findings
from pipeline.edges.reading.workbook import read_workbook
from pipeline.spec.form import FormContent, Place
from pipeline.spec.template import Table, TableKey
from tests.forms import (
    EVIDENCE,
    INDICATORS,
    MESSAGES,
    PLAN,
    TASKS,
    TEMPLATE,
    CellContent,
    cell_of,
    issued,
    load,
    valid,
    write,
)

Changes = dict[str, CellContent | None]
Case = tuple[str, str, str, Changes, tuple[str, ...]]

DONE = "Hoàn thành, đúng hạn"
ON_TRACK = "Đang thực hiện, đúng tiến độ"
OWN: Changes = {"work": "Rà soát quy chế", "progress": 40.0, "state": ON_TRACK}
FINISHED: Changes = OWN | {"state": DONE, "progress": 100.0, "date_done": date(2026, 11, 5)}
NO_COUNTS: Changes = {"numerator": None, "denominator": None}
NO_FIGURE: Changes = NO_COUNTS | {"result": None, "evidence": None}

# Code of the finding, unit, row, what is other than in a valid row, columns of the cells it points at.
CASES: list[Case] = [
    ("C01", "CA", "V.20", {"numerator": "40 tài khoản"}, ("numerator",)),
    ("C01", "CA", "V.20", {"denominator": "-"}, ("denominator",)),
    ("C02", "CA", "V.20", {"numerator": "#N/A"}, ("numerator",)),
    ("C03", "CA", "V.20", NO_COUNTS | {"rate": "688.123"}, ("rate",)),
    ("C04", "CA", "V.20", NO_COUNTS | {"rate": "trên 98%"}, ("rate",)),
    ("C05", "CA", "V.20", {"numerator": 40.5}, ("numerator",)),
    ("C05", "VHXH", "IV.2", {"result": "2,5"}, ("result",)),
    ("C06", "CA", "V.20", {"numerator": -1.0}, ("numerator",)),
    ("C06", "VHXH", "V.1", {"result": "-0,1"}, ("result",)),
    ("C07", "CA", "V.20", NO_COUNTS | {"rate": 150.0}, ("rate",)),
    ("C07", "VHXH", "V.1", {"result": 82.0}, ("result",)),
    ("C07", "KT", "V.23", {"result": 156.0}, ("result",)),
    ("C08", "CA", "V.20", {"state": "Có số"}, ("state",)),
    ("C08", "VHXH", "III.1", {"result": "Đang triển khai"}, ("result",)),
    ("C08", "CA", "DV.1", OWN | {"state": "gần hoàn thành"}, ("state",)),
    ("C09", "CA", "DV.1", FINISHED | {"date_done": "31/02/2026"}, ("date_done",)),
    ("C11", "CA", "V.20", {"evidence": "x" * 1001}, ("evidence",)),
    ("C12", "CA", "V.20", {"numerator": "80%"}, ("numerator",)),
    ("C16", "CA", "V.20", {"evidence": "B¸o c¸o sè 45/BC-CA vÒ chuyÓn ®æi sè"}, ("evidence",)),
    ("C16", "CA", "DV.1", OWN | {"work": "Raø soaùt quy cheá, ñoåi môùi"}, ("work",)),
    ("R01", "CA", "V.20", NO_FIGURE, ("state",)),
    ("R01", "CA", "V.20", NO_FIGURE | {"explanation": "chờ tỉnh"}, ("state",)),
    ("R01", "VHXH", "III.1", NO_FIGURE, ("state",)),
    ("R02", "CA", "V.20", {"denominator": None}, ("numerator", "denominator")),
    ("R02", "CA", "V.20", {"numerator": None}, ("numerator", "denominator")),
    ("R03", "CA", "V.20", {"numerator": 51.0}, ("numerator", "denominator")),
    (
        "R03",
        "CA",
        "V.20",
        {"numerator": 1.0, "denominator": 0.0, "explanation": "x"},
        ("numerator", "denominator"),
    ),
    ("R04", "CA", "V.20", {"rate": 80.2}, ("rate",)),
    ("R04", "CA", "V.20", {"rate": 79.8}, ("rate",)),
    (
        "R04",
        "CA",
        "V.20",
        {"numerator": 0.0, "denominator": 0.0, "rate": 50.0, "explanation": "x"},
        ("rate",),
    ),
    ("R05", "CA", "V.20", NO_FIGURE | {"state": "Có số liệu"}, ("state",)),
    ("R06", "CA", "V.20", {"state": "Chưa có số liệu", "explanation": "chờ tỉnh"}, ("state",)),
    ("R06", "PVHCC", "V.7", {"state": "Không phát sinh"}, ("state",)),
    ("R07", "CA", "V.20", NO_FIGURE | {"state": "Không phát sinh"}, ("state",)),
    ("R07", "VHXH", "IV.2", NO_FIGURE | {"state": "Không phát sinh"}, ("state",)),
    ("R08", "CA", "V.20", {"evidence": None}, ("evidence",)),
    ("R08", "CA", "V.20", NO_COUNTS | {"rate": 80.0, "evidence": None}, ("evidence",)),
    ("R08", "VHXH", "III.1", {"evidence": None}, ("evidence",)),
    ("R09", "CA", "V.20", NO_FIGURE | {"state": "Chưa có số liệu"}, ("explanation",)),
    ("R10", "CA", "V.20", {"numerator": 0.0, "denominator": 0.0}, ("denominator",)),
    ("R11", "CA", "V.20", NO_COUNTS | {"rate": 0.855}, ("rate",)),
    ("R12", "VHXH", "IV.2", {"result": 1.0}, ("result",)),
    ("R13", "KT", "V.23", {"result": 0.16}, ("result",)),
    ("N01", "CA", "DV.1", FINISHED | {"work": None}, ("work",)),
    ("N01", "CA", "DV.1", {"person": "Đội cấp căn cước"}, ("work",)),
    ("N01", "CA", "DV.1", {"product": "Báo cáo"}, ("work",)),
    ("N02", "VHXH", "NV.1.1", {"state": None}, ("state",)),
    ("N03", "CA", "DV.1", OWN | {"state": None}, ("state",)),
    ("N04", "CA", "DV.1", FINISHED | {"date_done": None}, ("date_done",)),
    ("N05", "CA", "DV.1", FINISHED | {"progress": 99.0}, ("progress",)),
    ("N06", "CA", "DV.1", OWN | {"progress": 100.0}, ("state",)),
]
# What only another program can put into a cell: it is done to the finished file.
BY_HAND: list[tuple[str, str, str, str, CellContent]] = [
    ("C02", "CA", "V.20", "numerator", "#DIV/0!"),
    ("C10", "CA", "V.20", "numerator", "=20+20"),
    ("C13", "VHXH", "IV.2", "rate", 80.0),
    ("C14", "CA", "V.20", "numerator", datetime(2026, 11, 5)),
    ("C15", "CA", "V.20", "result", 70.0),
]
LEGAL: list[tuple[str, str, Changes]] = [
    ("CA", "V.20", {"numerator": "1.688", "denominator": "2.945"}),
    ("CA", "V.20", {"numerator": 0.0}),
    ("CA", "V.20", {"numerator": 50.0}),
    ("CA", "V.20", {"rate": 80.1, "state": "Có số liệu"}),
    ("CA", "V.20", NO_COUNTS | {"rate": "85,5%"}),
    ("CA", "V.20", NO_COUNTS | {"rate": 0.0}),
    ("CA", "V.20", NO_COUNTS | {"rate": 0.5, "explanation": "đúng là 0,5 %"}),
    ("CA", "V.20", {"numerator": 0.0, "denominator": 0.0, "explanation": "không có ai"}),
    ("CA", "V.20", NO_FIGURE | {"state": "Chưa có số liệu", "explanation": "chờ tỉnh"}),
    ("PVHCC", "V.7", NO_FIGURE | {"state": "không phát sinh trong tháng"}),
    ("TH", "II.3", NO_FIGURE | {"state": "Không phát sinh"}),
    ("VHXH", "IV.2", {"result": 1.0, "explanation": "đính chính"}),
    ("VHXH", "IV.2", {"result": 2.0}),
    ("VHXH", "V.1", {"result": "0,7612"}),
    ("VHXH", "III.1", {"result": "chưa có"}),
    ("CA", "DV.1", FINISHED),
    ("CA", "DV.1", FINISHED | {"state": "Hoàn thành, trễ hạn", "date_done": "05/11/2026"}),
]


@cache
def content_of(unit: str) -> FormContent:
    """The unit's form; the plan assigns no task yet, so here the first one is."""
    content = issued(unit)
    first, *others = content.rows["tasks"]
    if first.attributes["origin"] == "own":
        return content
    assigned = replace(first, attributes={**first.attributes, "assigned": "yes"}, prefilled=None)
    return replace(content, rows={**content.rows, "tasks": (assigned, *others)})


def form(unit: str, code: str = "", changes: Changes | None = None) -> bytes:
    """The form with valid cells for every row that asks for some, and `changes` in the row `code`."""
    values: dict[Place, CellContent] = {}
    tables: tuple[TableKey, ...] = ("indicators", "tasks")
    for table in tables:
        for row in content_of(unit).rows[table]:
            own = row.attributes.get("origin") == "own"
            cells: dict[str, CellContent | None] = {} if own else {**valid(row)}
            cells |= (changes or {}) if row.code == code else {}
            values |= {(table, row.code, key): v for key, v in cells.items() if v is not None}
    return write(content_of(unit), values)


@cache
def book_of(unit: str) -> Workbook:
    return load(form(unit))


def address_of(unit: str, table: Table, code: str, key: str) -> str:
    """Where openpyxl sees the cell; filling a form moves nothing."""
    return cell_of(book_of(unit), table, code, key).coordinate


def judged(unit: str, data: bytes) -> Judgement:
    returned = Returned("0" * 64, read_workbook(data), content_of(unit))
    return judge([returned], TEMPLATE, MESSAGES)[0]


def by_hand(data: bytes, table: Table, code: str, key: str, change: Callable[[Cell], None]) -> bytes:
    book = load(data)
    change(cell_of(book, table, code, key))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def places(findings: tuple[Finding, ...]) -> set[tuple[str, str, tuple[str, ...], str]]:
    assert len(findings) == len({(f.code, f.cells) for f in findings})
    return {(f.code, f.sheet, f.cells, f.row_code) for f in findings}


def named(case: Case) -> str:
    return f"{case[0]}-{case[2]}-{'-'.join(case[4])}"


@pytest.mark.parametrize("unit", [unit.id for unit in PLAN.expected_units])
def test_a_valid_form_gives_no_finding(unit: str) -> None:
    found = judged(unit, form(unit))
    assert (found.outcome, found.findings) == ("valid", ())
    assert [f.indicator for f in found.facts] == [i.code for i in PLAN.indicators_of(unit)]
    assert {f.state for f in found.facts} == {"reported"}


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_spoiled_cell_is_found_where_it_is(case: Case) -> None:
    code, unit, row, changes, columns = case
    table, sheet = (TASKS, "Nhiệm vụ") if row[:2] in ("DV", "NV") else (INDICATORS, "Chỉ tiêu")
    data = form(unit, row, changes)
    found = judged(unit, data)
    cells = tuple(address_of(unit, table, row, column) for column in columns)
    assert places(found.findings) == {(code, sheet, cells, row)}
    assert_held(found, code, row)
    said = kept_findings("0" * 64, found.findings, MESSAGES)[0]
    assert not {"", "None", "nan"} & {said.title, said.found, said.expected, said.mend}
    assert all(table.column_by_key[column].label in said.label for column in columns)


@pytest.mark.parametrize("case", BY_HAND, ids=lambda case: f"{case[0]}-{case[3]}")
def test_what_another_program_put_into_a_cell(case: tuple[str, str, str, str, CellContent]) -> None:
    code, unit, row, column, value = case

    def change(cell: Cell) -> None:
        cell.value = value
        cell.number_format = "dd/mm/yyyy" if isinstance(value, datetime) else "General"

    data = by_hand(form(unit), INDICATORS, row, column, change)
    found = judged(unit, data)
    cells = (address_of(unit, INDICATORS, row, column),)
    assert places(found.findings) == {(code, "Chỉ tiêu", cells, row)}
    assert_held(found, code, row)
    assert kept_findings("0" * 64, found.findings, MESSAGES)[0].found


@pytest.mark.parametrize("case", LEGAL, ids=lambda case: f"{case[1]}-{'-'.join(case[2])}")
def test_legal_ways_to_fill_a_row(case: tuple[str, str, Changes]) -> None:
    unit, row, changes = case
    found = judged(unit, form(unit, row, changes))
    assert found.findings == ()
    assert row in {f.indicator for f in found.facts} | {t.code for t in found.tasks}


def assert_held(found: Judgement, code: str, row: str) -> None:
    """An error holds its row and no other; a warning holds nothing; a form with nothing left is refused."""
    held = MESSAGES.severity(code).value == "error"
    kept = {f.indicator for f in found.facts} | {t.code for t in found.tasks}
    assert (row not in kept) is held
    assert found.outcome == (("partial" if kept else "rejected") if held else "warned")


def test_every_code_of_cells_and_rows_has_its_case() -> None:
    told = {code for code in MESSAGES.messages if code[0] in "CRN"}
    told.remove("C17")  # of a sheet; see test_legacy_text
    assert {case[0] for case in CASES} | {case[0] for case in BY_HAND} == told


def test_a_figure_in_the_wrong_column_is_no_empty_form() -> None:
    """Phòng Kinh tế has one row, and typed its share where counted indicators have a published rate."""

    def change(cell: Cell) -> None:
        cell.value = 15.6

    found = judged("KT", by_hand(write(content_of("KT")), INDICATORS, "V.23", "rate", change))
    assert (found.outcome, [f.code for f in found.findings]) == ("rejected", ["C13"])


def test_an_untouched_form_is_empty_and_says_nothing_else() -> None:
    found = judged("VHXH", write(content_of("VHXH")))
    assert (found.outcome, [f.code for f in found.findings]) == ("empty", ["F14"])
    assert (found.facts, found.tasks, found.narratives) == ((), (), ())


def test_without_the_schema_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "row_schema", lambda table, template: pa.DataFrameSchema({}))
    forms = [form(unit, row, changes) for _, unit, row, changes, _ in CASES if unit == "CA"]
    batch = [Returned(str(n), read_workbook(data), content_of("CA")) for n, data in enumerate(forms)]
    assert [judgement.findings for judgement in judge(batch, TEMPLATE, MESSAGES)] == [()] * len(forms)


def test_all_faults_of_a_row_and_of_all_rows_are_told_at_once() -> None:
    content = content_of("CA")
    spoiled: dict[str, dict[str, CellContent]] = {
        "V.20": {"numerator": "bốn mươi", "denominator": 50.5},
        "V.28": {"numerator": 60.0, "denominator": 50.0, "evidence": EVIDENCE},
        "V.30": {"rate": 0.5, "evidence": EVIDENCE},
    }
    data = write(
        content, {("indicators", row, key): v for row, cells in spoiled.items() for key, v in cells.items()}
    )
    found = judged("CA", data)
    assert [(f.row_code, f.code) for f in found.findings] == [
        ("V.20", "C01"),
        ("V.20", "C05"),
        ("V.20", "R08"),
        ("V.28", "R03"),
        ("V.30", "R11"),
    ]
    assert [(f.indicator, f.value) for f in found.facts] == [("V.30", 0.5)]


def test_forms_of_a_batch_keep_their_own_findings() -> None:
    good, bad = form("CA"), form("CA", "V.28", {"numerator": 51.0})
    batch = [
        Returned(str(n), read_workbook(data), content_of("CA")) for n, data in enumerate((good, bad, good))
    ]
    found = judge(batch, TEMPLATE, MESSAGES)
    assert [[f.code for f in judgement.findings] for judgement in found] == [[], ["R03"], []]
    assert [{f.sha256 for f in judgement.facts} for judgement in found] == [{"0"}, {"1"}, {"2"}]

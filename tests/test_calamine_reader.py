"""An .xls or .ods is read like the .xlsx it was made from; each difference is written down here."""

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.sheet import Cell, CellKind, Sheet, Workbook
from pipeline.base.text import clean
from pipeline.core.identify import identify
from pipeline.core.read_form import ReadForm, read_form
from pipeline.edges.reading.workbook import read_workbook
from pipeline.edges.reading.workers import WorkerLimits, read_all
from tests.forms import PERIOD, PLAN, TEMPLATE, CellContent, filled, issued, valid, write
from tests.legacy_parts import number, ods, ods_blank, ods_number, ods_row, record, xls
from tests.office import convert
from tests.reading import content, refusal
from tests.test_readers import by_xlsxwriter

KINDS = ["xls", "ods"]
FORM = issued("VHXH")
TASK = next(row for row in FORM.rows["tasks"])
NOTE = "Đạt “tốt” & <đúng>\ndòng 2"
ANSWERS: Mapping[str, Mapping[str, CellContent]] = {
    "I.1": {
        "numerator": 1_234.0,
        "denominator": 2_000.0,
        "rate": 61.7,
        "evidence": "Đạt “tốt” & <đúng>\ndòng 2",
    },
    TASK.code: {**valid(TASK), "date_done": date(2026, 11, 5)},
}
# Of what `by_xlsxwriter` writes, what LibreOffice stores otherwise in these files. In an .xls it
# stores 0 for a text that it did not calculate itself; an .ods has no number of hours beyond a day,
# no 29/02/1900 that never was, and logical values that are formulas of numbers. B6 is the second
# cell of an array formula, which only LibreOffice calculated.
OTHERWISE: Mapping[str, Mapping[str, tuple[CellKind, object]]] = {
    "xls": {"B5": (CellKind.NUMBER, 0.0), "B6": (CellKind.NUMBER, -7.0)},
    "ods": {
        "D3": (CellKind.TEXT, "PT36H00M00S"),
        "E3": (CellKind.DATE, datetime(1900, 1, 31)),
        "A4": (CellKind.NUMBER, 1.0),
        "B4": (CellKind.NUMBER, 0.0),
        "D5": (CellKind.NUMBER, 1.0),
        "B6": (CellKind.NUMBER, -7.0),
    },
}


def converted(data: bytes, kind: str, folder: Path) -> bytes:
    source = folder / "phieu.xlsx"
    source.write_bytes(data)
    return convert(source, kind, folder).read_bytes()


def the_form() -> bytes:
    return write(FORM, filled(FORM, ANSWERS))


def plain(sheet: Sheet) -> dict[str, tuple[CellKind, object]]:
    return {c.address: (c.kind, c.value) for c in sheet.cells.values() if c.formula is None}


def visible(sheet: Sheet) -> dict[str, tuple[CellKind, object]]:
    """Without the hidden list of blanks: none of these formats keeps them all."""
    return {place: cell for place, cell in plain(sheet).items() if clean(str(cell[1]))}


def formulas(sheet: Sheet) -> set[str]:
    return {c.address for c in sheet.cells.values() if c.formula is not None}


def by_code(form: ReadForm, keys: set[str]) -> dict[str, dict[str, tuple[str, CellKind, object]]]:
    return {
        row.issued.code: {k: (c.address, c.kind, c.value) for k, c in row.cells.items() if k in keys}
        for row in form.rows
    }


@pytest.fixture(scope="module", params=KINDS)
def form(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return read_workbook(converted(the_form(), request.param, tmp_path_factory.mktemp("form")))


def test_a_form_has_the_same_cells(form: Workbook) -> None:
    original = read_workbook(the_form())
    assert [(s.name, s.hidden) for s in form.sheets] == [(s.name, s.hidden) for s in original.sheets]
    for sheet, same in zip(form.sheets, original.sheets, strict=True):
        assert visible(sheet) == visible(same)
        assert formulas(sheet) == formulas(same)


def test_a_form_is_identified_and_read(form: Workbook) -> None:
    found = identify(form, {1: TEMPLATE}, lambda _: PLAN, PERIOD)
    assert (found.unit, found.period, found.findings) == (PLAN.unit_by_id["VHXH"], PERIOD, ())
    read, original = (read_form(book, TEMPLATE, FORM) for book in (form, read_workbook(the_form())))
    assert read.findings == ()
    entries = {column.key for table in TEMPLATE.tables for column in table.entry_columns}
    assert by_code(read, entries) == by_code(original, entries)
    row = by_code(read, entries)["I.1"]
    assert [row[key][2] for key in ("numerator", "denominator", "rate")] == [1_234.0, 2_000.0, 61.7]
    assert row["evidence"][2] == NOTE
    assert by_code(read, entries)[TASK.code]["date_done"][1:] == (CellKind.DATE, datetime(2026, 11, 5))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_cell(kind: str, tmp_path: Path) -> None:
    original = {s.name: s for s in read_workbook(by_xlsxwriter()).sheets}
    found = {s.name: s for s in read_workbook(converted(by_xlsxwriter(), kind, tmp_path)).sheets}
    assert {name: sheet.hidden for name, sheet in found.items()} == {
        "Chỉ tiêu": False,
        "Ẩn": True,
        "_nhan_dang": True,
        "Biểu đồ": False,  # the sheet of a chart: LibreOffice makes it a sheet without cells
        "Trống": False,
    }
    assert not found["Biểu đồ"].cells
    sheet = found["Chỉ tiêu"]
    expected = {c.address: (c.kind, c.value) for c in original["Chỉ tiêu"].cells.values()}
    assert {c.address: (c.kind, c.value) for c in sheet.cells.values()} == {**expected, **OTHERWISE[kind]}
    assert content(sheet, "C5") == (CellKind.ERROR, "#DIV/0!")
    assert content(sheet, "F5") == (CellKind.ERROR, "#N/A")
    assert content(sheet, "E2") == (CellKind.NUMBER, 0.0878)
    assert content(sheet, "C3") == (CellKind.DATE, time(7, 30))
    # LibreOffice writes a boolean as the formula TRUE() or FALSE(), an array formula into each cell.
    assert formulas(sheet) - {"A4", "B4", "B6"} == {"A5", "B5", "C5", "D5", "E5", "F5", "A6"}
    assert content(found["_nhan_dang"], "B2") == (CellKind.TEXT, "VHXH")


@pytest.mark.parametrize("kind", KINDS)
def test_dates_counted_from_1904(kind: str, tmp_path: Path) -> None:
    data = converted(by_xlsxwriter({"date_1904": True}), kind, tmp_path)
    assert content(read_workbook(data).sheets[0], "B3") == (CellKind.DATE, datetime(2026, 11, 5, 13, 45, 30))


def cells_of(data: bytes) -> dict[str, Cell]:
    (sheet,) = read_workbook(data).sheets
    return {cell.address: cell for cell in sheet.cells.values()}


def formula_record(column: int, result: str) -> bytes:
    place = bytes([0, 0, column - 1, 0, 0, 0])
    return record(0x06, place + bytes.fromhex(result) + bytes(6) + b"\x03\0\x1e\1\0")


def test_results_of_formulas_in_xls() -> None:
    records = formula_record(1, "02002a00 0000ffff") + formula_record(2, "03000000 0000ffff")
    records += formula_record(3, "01000100 0000ffff") + formula_record(4, "00000000 00003840")
    found = cells_of(xls(records))
    assert {address: (cell.kind, cell.value) for address, cell in found.items()} == {
        "A1": (CellKind.ERROR, "#N/A"),
        "B1": (CellKind.TEXT, ""),
        "C1": (CellKind.BOOLEAN, True),
        "D1": (CellKind.NUMBER, 24.0),
    }
    assert {cell.formula for cell in found.values()} == {"="}


def test_errors_that_are_no_formulas_in_xls() -> None:
    errors = {0x00: "#NULL!", 0x17: "#REF!", 0x2A: "#N/A", 0x2B: "#VALUE!"}
    cells = [bytes([0, 0, n, 0, 0, 0, code, 1]) for n, code in enumerate(errors)]
    found = cells_of(xls(b"".join(record(0x205, cell) for cell in cells)))
    assert [(cell.kind, cell.value) for cell in found.values()] == [
        (CellKind.ERROR, text) for text in errors.values()
    ]


def test_repeated_cells_and_errors_in_ods() -> None:
    error = '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="">'
    error += "<text:p>#N/A</text:p></table:table-cell>"
    text = '<table:table-cell office:value-type="string"><text:p>#N/A</text:p></table:table-cell>'
    found = cells_of(ods(ods_row(ods_blank(2) + ods_number(7, 2), 2) + ods_row(error + text)))
    assert {address: (cell.kind, cell.value) for address, cell in found.items()} == {
        **dict.fromkeys(("C1", "D1", "C2", "D2"), (CellKind.NUMBER, 7.0)),
        "A3": (CellKind.ERROR, "#N/A"),
        "B3": (CellKind.TEXT, "#N/A"),
    }


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (xls(number(20_000, 1, 1)), False),
        (xls(number(20_001, 1, 1)), True),
        (xls(number(1, 1, 1) + number(20_000, 256, 1)), True),
        (ods(ods_row(ods_blank(499) + ods_number(1))), False),
        (ods(ods_row(ods_blank(500) + ods_number(1))), True),
        (ods(ods_row(ods_number(1), 10**15)), True),
        (ods(ods_row(ods_number(1, 10**15))), True),
        (ods(ods_row(ods_number(1, 101), 20_000)), True),
        (ods(ods_row(ods_number(1) + ods_blank(16_383)) + ods_row(ods_blank(16_384), 1_048_575)), False),
    ],
)
def test_cells_beyond_any_form(data: bytes, refused: bool) -> None:
    if refused:
        assert refusal(read_workbook, data) == "F05"
    else:
        assert [cell.value for cell in cells_of(data).values()] == [1.0]


@pytest.mark.parametrize(
    "data",
    [
        ods("<table:table-row>"),
        ods(ods_row('<table:table-cell office:value-type="float" office:value="x"/>')),
        ods('<table:table-row table:number-rows-repeated="x"/>'),
    ],
)
def test_malformed_ods(data: bytes) -> None:
    assert refusal(read_workbook, data) == "F02"


SPOILED = st.lists(st.tuples(st.integers(0, 5_631), st.integers(0, 255)), min_size=1, max_size=8)


@settings(max_examples=6)
@given(st.lists(SPOILED, min_size=40, max_size=40))
def test_a_spoiled_xls_is_read_or_refused_with_a_code(batch: list[list[tuple[int, int]]]) -> None:
    """In workers: python-calamine may end the process of which it is a part."""
    good = xls(number(1, 1, 12) + formula_record(2, "02002a00 0000ffff"))
    items = []
    for changes in batch:
        spoiled = bytearray(good)
        for place, byte in changes:
            spoiled[place] = byte
        items.append(bytes(spoiled))
    for outcome in read_all(items, WorkerLimits(seconds=60)):
        assert isinstance(outcome, Workbook) or outcome.code in {"F02", "F03", "F05"}

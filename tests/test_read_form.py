"""Forms that went through other hands: moved, renamed, reordered, cut; read by code, or told where."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.base.sheet import Cell, CellKind, Sheet, Workbook
from pipeline.core.intake import Returned, judge, kept_findings
from pipeline.core.read_form import ReadForm, read_form
from pipeline.edges.reading.workbook import read_workbook
from pipeline.spec.form import FormContent
from tests.forms import INDICATORS, MESSAGES, TASKS, TEMPLATE, Values, cell_of, filled, issued, load, write

CONTENT = issued("CA")
VALUES: Values = {**filled(CONTENT, {}), ("narratives", "KK", "text"): "Thiếu máy."}
SHEET = "Chỉ tiêu"
Shift = Callable[[int, int], tuple[int, int] | None]


@pytest.fixture(scope="module")
def data() -> bytes:
    return write(CONTENT, VALUES)


@pytest.fixture(scope="module")
def form(data: bytes) -> Workbook:
    return read_workbook(data)


@pytest.fixture(scope="module")
def place(data: bytes) -> Callable[[str, str], tuple[int, int]]:
    """Row and column of a cell of the table of indicators."""
    book = load(data)

    def find(code: str, key: str) -> tuple[int, int]:
        cell = cell_of(book, INDICATORS, code, key)
        return cell.row, cell.column

    return find


Place = Callable[[str, str], tuple[int, int]]


def read(workbook: Workbook, content: FormContent = CONTENT) -> ReadForm:
    found = read_form(workbook, TEMPLATE, content)
    assert all(said.found for said in kept_findings("", found.findings, MESSAGES))
    return found


def codes(found: ReadForm) -> list[tuple[str, str]]:
    return [(f.code, f.found) for f in found.findings]


def texts(found: ReadForm) -> dict[tuple[str, str], str]:
    """What stands in every cell, wherever it stands."""
    return {(row.issued.code, key): cell.text for row in found.rows for key, cell in row.cells.items()}


def moved(workbook: Workbook, shift: Shift, sheet_name: str = SHEET) -> Workbook:
    """The workbook with the cells of one sheet elsewhere, or gone."""

    def of(sheet: Sheet) -> Sheet:
        if sheet.name != sheet_name:
            return sheet
        cells = {}
        for (row, column), cell in sheet.cells.items():
            if (there := shift(row, column)) is not None:
                cells[there] = cell._replace(row=there[0], column=there[1])
        return replace(sheet, cells=cells)

    return Workbook(tuple(map(of, workbook.sheets)))


def put(workbook: Workbook, where: tuple[int, int], text: str | None, sheet_name: str = SHEET) -> Workbook:
    """The workbook with another text in one cell."""

    def of(sheet: Sheet) -> Sheet:
        if sheet.name != sheet_name:
            return sheet
        cells = {at: cell for at, cell in sheet.cells.items() if at != where}
        return replace(
            sheet, cells=cells if text is None else cells | {where: Cell(*where, CellKind.TEXT, text)}
        )

    return Workbook(tuple(map(of, workbook.sheets)))


def outcome(workbook: Workbook) -> tuple[str, list[str], int]:
    judged = judge([Returned("0" * 64, workbook, CONTENT)], TEMPLATE, MESSAGES)[0]
    return judged.outcome, [f.code for f in judged.findings], len(judged.facts)


def test_a_form_as_it_was_issued(form: Workbook) -> None:
    found = read(form)
    assert found.findings == ()
    assert [row.issued.code for row in found.rows][:4] == ["V.20", "V.28", "V.30", "DV.1"]
    assert texts(found)["V.20", "numerator"] == "40"
    assert texts(found)["KK", "text"] == "Thiếu máy."


def test_inserted_rows(form: Workbook, place: Place) -> None:
    row = place("V.28", "code")[0]
    after = read(moved(form, lambda r, c: (r + (3 if r >= row else 0), c)))
    assert (after.findings, texts(after)) == ((), texts(read(form)))
    assert next(r for r in after.rows if r.issued.code == "V.28").row == row + 3


def test_inserted_columns_and_addresses_as_sent(form: Workbook, place: Place) -> None:
    column = place("V.20", "numerator")[1]
    after = read(moved(form, lambda r, c: (r, c + (2 if c >= column else 0))))
    assert (after.findings, texts(after)) == ((), texts(read(form)))
    assert after.rows[0].addresses["numerator"] == "I7"
    assert read(form).rows[0].addresses["numerator"] == "G7"


def test_rows_in_another_order(form: Workbook, place: Place) -> None:
    one, two = place("V.20", "code")[0], place("V.30", "code")[0]
    swap = {one: two, two: one}
    after = read(moved(form, lambda r, c: (swap.get(r, r), c)))
    assert (after.findings, texts(after)) == ((), texts(read(form)))


def test_renamed_and_reordered_sheets(form: Workbook) -> None:
    after = Workbook(tuple(replace(s, name=f"Sheet{n}") for n, s in enumerate(form.sheets[::-1])))
    found = read(after)
    assert (found.findings, texts(found)) == ((), texts(read(form)))
    assert {row.sheet for row in found.rows} == {"Sheet1", "Sheet2", "Sheet3"}


def test_without_the_tags_the_labels_lead(form: Workbook, place: Place) -> None:
    for sheet_name, table in ((SHEET, INDICATORS), ("Nhiệm vụ", TASKS)):
        sheet = next(s for s in form.sheets if s.name == sheet_name)
        tags = next(r for (r, _), cell in sheet.cells.items() if cell.value == table.tag("code"))

        def without(r: int, c: int, gone: int = tags) -> tuple[int, int] | None:
            return None if r == gone else (r - (r > gone), c)

        found = read(moved(form, without, sheet_name))
        assert (found.findings, texts(found)) == ((), texts(read(form)))


def test_a_lost_sheet(form: Workbook) -> None:
    after = Workbook(tuple(s for s in form.sheets if s.name != "Nhiệm vụ"))
    found = read(after)
    assert [(f.code, f.label) for f in found.findings] == [("B01", "Nhiệm vụ")]
    assert outcome(after) == ("partial", ["B01"], 3)


def test_a_lost_column(form: Workbook, place: Place) -> None:
    column = place("V.20", "denominator")[1]
    after = moved(form, lambda r, c: None if c == column else (r, c - (c > column)))
    found = read(after)
    assert codes(found) == [("B02", "Mẫu số")]
    assert found.findings[0].sheet == SHEET
    assert "denominator" not in found.rows[0].addresses
    judged = judge([Returned("0" * 64, after, CONTENT)], TEMPLATE, MESSAGES)[0]
    assert [(f.code, f.cells) for f in judged.findings[1:]] == [("R02", (f"G{r}",)) for r in (7, 8, 9)]


def test_lost_rows(form: Workbook, place: Place) -> None:
    gone = {place("V.20", "code")[0], place("V.30", "code")[0]}
    after = moved(form, lambda r, c: None if r in gone else (r, c))
    assert codes(read(after)) == [("B03", "V.20, V.30")]
    assert outcome(after) == ("partial", ["B03"], 1)


def test_a_code_that_stands_twice(form: Workbook, place: Place) -> None:
    """Nobody can say which of the two is meant: neither is taken."""
    first, second = place("V.20", "code"), place("V.28", "code")
    after = put(form, second, "V.20")
    found = read(after)
    assert codes(found)[:2] == [("B03", "V.28"), ("B04", "V.20")]
    assert found.findings[1].cells == (f"A{first[0]}", f"A{second[0]}")
    assert [row.issued.code for row in found.rows if row.issued.table == "indicators"] == ["V.30"]


def test_a_foreign_code(form: Workbook, place: Place) -> None:
    row, _ = place("V.28", "code")
    found = read(put(form, (row, 1), "V.99"))
    assert codes(found) == [("B05", "V.99"), ("B03", "V.28")]
    assert found.findings[0].cells == (f"A{row}",)


def test_codes_are_matched_whole(form: Workbook, place: Place) -> None:
    """V.2 is not V.20, and an o is no zero."""
    found = read(put(form, place("V.20", "code"), "V.2"))
    assert codes(found) == [("B05", "V.2"), ("B03", "V.20")]


@pytest.mark.parametrize("text", [" V.20 ", "V.20\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}V.20"])
def test_invisible_signs_around_a_code(form: Workbook, place: Place, text: str) -> None:
    assert read(put(form, place("V.20", "code"), text)).findings == ()


def test_an_altered_locked_cell(form: Workbook, place: Place) -> None:
    where = place("V.20", "target")
    found = read(put(form, where, "≥ 40%"))
    cell = cell_of(load(write(CONTENT)), INDICATORS, "V.20", "target").coordinate
    assert [(f.code, f.cells, f.row_code) for f in found.findings] == [("B06", (cell,), "V.20")]
    said = kept_findings("", found.findings, MESSAGES)[0]
    assert said.found == "Ô «Mục tiêu năm» ghi «≥ 40%», khác với Kế hoạch («≥ 80%»)."
    assert outcome(put(form, where, "≥ 40%")) == ("warned", ["B06"], 3)


def test_an_emptied_locked_cell(form: Workbook, place: Place) -> None:
    assert codes(read(put(form, place("V.20", "name"), None))) == [("B06", "")]


def test_the_same_text_in_another_unicode_form_is_not_altered(form: Workbook, place: Place) -> None:
    where = place("V.20", "name")
    name = next(s for s in form.sheets if s.name == SHEET).cells[where].text
    assert read(put(form, where, f" {unicodedata.normalize('NFD', name)}  ")).findings == ()


def test_data_in_a_row_without_a_code(form: Workbook, place: Place) -> None:
    row = place("V.30", "code")[0] + 1
    after = put(form, (row, place("V.30", "numerator")[1]), "12")
    found = read(after)
    assert [(f.code, f.cells) for f in found.findings] == [("B07", (f"A{row}",))]
    assert len(found.rows) == len(read(form).rows)


def test_a_remark_below_the_table_is_no_data(form: Workbook, place: Place) -> None:
    row = place("V.30", "code")[0] + 3
    after = put(form, (row, place("V.30", "name")[1]), "Người lập biểu")
    assert read(after).findings == ()

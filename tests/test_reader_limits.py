"""What no form holds is refused, what is malformed too; and the second reader takes its turn."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.sheet import CellKind
from pipeline.edges.reading.openpyxl_reader import read_with_openpyxl
from pipeline.edges.reading.workbook import read_workbook
from pipeline.edges.reading.xlsx_reader import read_xlsx
from tests.reading import READERS, content, outcome, refusal, styled
from tests.xlsx_parts import SHEET, pack, parts


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("address", "passed_over"),
    [("A20000", False), ("A20001", True), ("SF1", False), ("SG1", True), ("XFD1048576", True)],
)
def test_cells_beyond_any_form(read: Any, address: str, passed_over: bool) -> None:
    row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    data = pack(parts(f'<row r="{row}"><c r="{address}"><v>1</v></c></row>'))
    if passed_over:
        assert dict(read(data).sheets[0].cells) == {}
    else:
        assert content(read(data).sheets[0], address) == (CellKind.NUMBER, 1.0)


@pytest.mark.parametrize("read", READERS)
def test_formats_beyond_any_form_are_harmless(read: Any) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>'
        '<row r="1048576"><c r="A1048576" s="0"/></row>'
    )
    assert list(read(pack(parts(rows))).sheets[0].cells) == [(1, 1)]


@pytest.mark.parametrize("read", READERS)
def test_more_cells_than_any_form(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.edges.reading.xlsx_reader.MOST_CELLS", 3)
    row = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c>{}</row>'
    assert len(read(pack(parts(row.format('<c r="C1"><v>1</v></c>')))).sheets[0].cells) == 3
    assert refusal(read, pack(parts(row.format('<c r="C1"><v>1</v></c><c r="D1"><v>1</v></c>')))) == "F05"


def test_cells_are_counted_over_all_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = BytesIO()
    workbook = openpyxl.Workbook()
    workbook.create_sheet("một")["A1"] = 1
    workbook.create_sheet("hai").append([1, 2])
    workbook.save(buffer)
    monkeypatch.setattr("pipeline.edges.reading.xlsx_reader.MOST_CELLS", 3)
    assert [len(read(buffer.getvalue()).sheets) for read in READERS] == [3, 3]
    monkeypatch.setattr("pipeline.edges.reading.xlsx_reader.MOST_CELLS", 2)
    assert [refusal(read, buffer.getvalue()) for read in READERS] == ["F05", "F05"]


def test_a_string_is_not_counted_from_the_end() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'
    assert refusal(read_xlsx, pack(parts(rows, strings="<si><t>x</t></si>"))) == "F02"


@pytest.mark.parametrize(
    "cell_xml",
    [
        '<c r="A1" t="s"><v>9</v></c>',
        '<c r="A1"><v>1,5</v></c>',
        '<c r="A1"><v>NaN</v></c>',
        '<c r="A1"><v>1e999</v></c>',
        '<c r="A1" t="b"><v>2x</v></c>',
        '<c r="A1" t="d"><v>hôm qua</v></c>',
        '<c r="1A"><v>1</v></c>',
        '<c r="A1"><v>1</v>',
        '<c r="A1"><v>&x;</v></c>',
    ],
)
def test_malformed_cells(cell_xml: str) -> None:
    data = pack(parts(f'<row r="1">{cell_xml}</row>'))
    assert refusal(read_xlsx, data) == "F02"
    assert refusal(read_workbook, data) == "F02"


def test_rows_before_the_first() -> None:
    nameless = pack(parts('<row r="-1"><c><v>1</v></c></row>'))
    assert refusal(read_xlsx, nameless) == "F05"
    row_zero = pack(parts('<row r="1"><c r="A0"><v>1</v></c></row>'))
    assert refusal(read_xlsx, row_zero) == "F02"
    assert refusal(read_workbook, row_zero) == "F05"


@pytest.mark.parametrize("part", ["_rels/.rels", "xl/_rels/workbook.xml.rels", SHEET, "xl/sharedStrings.xml"])
def test_missing_part(part: str) -> None:
    book = parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    del book[part]
    assert refusal(read_xlsx, pack(book)) == "F02"


def test_deep_nesting() -> None:
    deep = f"{'<x>' * 100_000}{'</x>' * 100_000}"
    data = pack(parts(f'<row r="1"><c r="A1"><v>1</v>{deep}</c></row>'))
    assert refusal(read_xlsx, data) == "F02"


@pytest.mark.parametrize(
    ("name", "large"),
    [
        (SHEET, f"<worksheet><sheetData><row>{'<c/>' * 20_000}</row></sheetData></worksheet>"),
        ("xl/sharedStrings.xml", f"<sst><si>{'<r/>' * 20_000}</si></sst>"),
        ("xl/styles.xml", f"<styleSheet>{'<x/>' * 20_000}</styleSheet>"),
    ],
)
def test_no_tree_grows_without_bound(name: str, large: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.edges.reading.safe_xml.LARGEST_TREE", 70_000)
    assert refusal(read_xlsx, pack({**parts(), name: large})) == "F05"


def test_a_sheet_may_be_larger_than_any_one_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.edges.reading.safe_xml.LARGEST_TREE", 70_000)
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 5_001))
    assert len(read_xlsx(pack(parts(rows))).sheets[0].cells) == 5_000


def test_document_type_is_refused_without_the_guard_too() -> None:
    book = parts()
    book[SHEET] = (
        '<!DOCTYPE worksheet [<!ENTITY a "3">]><worksheet><sheetData><row r="1">'
        '<c r="A1"><v>1&a;</v></c></row></sheetData></worksheet>'
    )
    assert refusal(read_xlsx, pack(book)) == "F05"


def test_second_reader_takes_what_the_first_refuses() -> None:
    book = parts('<row r="1"><c r="A1"><v>41</v></c></row>')
    del book["_rels/.rels"]
    data = pack(book)
    assert refusal(read_xlsx, data) == "F02"
    assert read_workbook(data).sheets[0].cells[1, 1].value == 41.0


def test_second_reader_is_not_asked_about_what_is_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    monkeypatch.setattr("pipeline.edges.reading.openpyxl_reader.read_with_openpyxl", asked.append)
    monkeypatch.setattr("pipeline.edges.reading.xlsx_reader.MOST_CELLS", 0)
    assert refusal(read_workbook, pack(parts('<row r="1"><c r="A1"><v>1</v></c></row>'))) == "F05"
    assert asked == []


def test_file_that_openpyxl_refuses() -> None:
    """A font family above 14 is harmless, and openpyxl refuses the file for it."""
    styles = '<fonts><font><family val="34"/></font></fonts><cellXfs><xf numFmtId="0" fontId="0"/></cellXfs>'
    data = pack(parts('<row r="1"><c r="A1"><v>1</v></c></row>', styles=styles))
    assert refusal(read_with_openpyxl, data) == "F02"
    assert read_workbook(data).sheets[0].cells[1, 1].value == 1.0


def test_openpyxl_is_kept_from_large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pack(parts())
    monkeypatch.setattr("pipeline.edges.reading.openpyxl_reader.LARGEST_UNPACKED", 100)
    assert refusal(read_with_openpyxl, data) == "F05"


@given(st.data())
def test_spoiled_xml_is_read_or_refused_with_a_code(data: st.DataObject) -> None:
    book = parts(
        '<row r="1"><c r="A1" s="0" t="s"><v>0</v></c><c r="B1" t="b"><f>A1=1</f><v>1</v></c></row>',
        strings="<si><r><t>chữ</t></r></si>",
        styles=styled("dd/mm/yyyy"),
    )
    name = data.draw(st.sampled_from(sorted(book)))
    place = data.draw(st.integers(0, len(book[name]) - 1))
    length = data.draw(st.integers(0, 12))
    inserted = data.draw(
        st.sampled_from(["", "<", "0", "-1", '"', "</row>", "9999999999", "&amp;", "ế", "<v>x</v>"])
    )
    book[name] = book[name][:place] + inserted + book[name][place + length :]
    for read in READERS:
        assert outcome(read, pack(book)) in ("", "F02", "F05")

"""All that the standard allows in a workbook is read, though no one program writes it all."""

from datetime import datetime, time
from typing import Any

import pytest

from pipeline.base.sheet import CellKind
from pipeline.edges.reading.cell_values import is_date_format
from pipeline.edges.reading.xlsx_reader import read_xlsx
from tests.reading import READERS, agreed, cell, content, only, styled
from tests.xlsx_parts import RELATIONS, SHEET, STRICT, TRANSITIONAL, pack, parts, relations


def test_cells_without_addresses_are_counted() -> None:
    found = only(
        "<row><c><v>1</v></c><c/><c><v>3</v></c></row>"
        '<row r="5"><c r="D5"><v>4</v></c><c><v>5</v></c></row><row><c><v>6</v></c></row>'
    )
    assert {address: c.value for address, c in found.items()} == {
        "A1": 1.0,
        "C1": 3.0,
        "D5": 4.0,
        "E5": 5.0,
        "A6": 6.0,
    }


def test_cells_that_hold_nothing_are_left_out() -> None:
    found = only(
        '<row r="1"><c r="A1" s="0"/><c r="B1"><v/></c><c r="C1" t="s"><v>0</v></c>'
        '<c r="D1" t="inlineStr"><is><t/></is></c><c r="E1" t="str"><v></v></c></row>',
        strings="<si><t/></si>",
    )
    assert found == {}


@pytest.mark.parametrize(
    ("xml", "kind", "value"),
    [
        ("<f>B1</f>", CellKind.UNCALCULATED, None),
        ("<f>B1</f><v/>", CellKind.UNCALCULATED, None),
        ("<f>B1</f><v></v>", CellKind.UNCALCULATED, None),
        ("<f>B1</f><v>0</v>", CellKind.NUMBER, 0.0),
    ],
)
@pytest.mark.parametrize("read", READERS)
def test_formula_that_nothing_has_computed(read: Any, xml: str, kind: CellKind, value: object) -> None:
    (sheet,) = read(pack(parts(f'<row r="1"><c r="A1">{xml}</c></row>'))).sheets
    assert content(sheet, "A1") == (kind, value)
    assert cell(sheet, "A1").formula == "=B1"


@pytest.mark.parametrize("read", READERS)
def test_formula_whose_result_is_the_empty_text(read: Any) -> None:
    (sheet,) = read(pack(parts('<row r="1"><c r="A1" t="str"><f>""</f><v></v></c></row>'))).sheets
    assert content(sheet, "A1") == (CellKind.TEXT, "")


def test_shared_formula() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>4</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/></c></row>'
    )
    found = only(rows)
    assert {address: c.formula for address, c in found.items()} == dict.fromkeys(("A1", "A2", "A3"), "=B1*2")
    assert found["A3"].kind is CellKind.UNCALCULATED
    agreed(pack(parts(rows)))


def test_strings() -> None:
    rows = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c></row>' for n in range(6))
    strings = (
        "<si><t>a_x000D_b_x0009_c</t></si>"
        "<si><t>_x005F_x0041_</t></si>"
        "<si><r><rPr><b/></rPr><t>Đạt</t></r><r><t> 90</t></r><rPh sb='0' eb='1'><t>phiên âm</t></rPh></si>"
        "<si><t>漢</t><rPh sb='0' eb='1'><t>かん</t></rPh></si>"
        "<si><t xml:space='preserve'>  x </t></si>"
        "<si><t>_xD83D__xDE00_ _xD83D_ _x12</t></si>"
    )
    assert [c.value for c in only(rows, strings=strings).values()] == [
        "a\rb\tc",
        "_x0041_",
        "Đạt 90",
        "漢",
        "  x ",
        "😀 \N{REPLACEMENT CHARACTER} _x12",
    ]


@pytest.mark.parametrize("read", READERS)
def test_escaped_characters(read: Any) -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><v>c_x000A_d</v></c></row>'
    (sheet,) = read(pack(parts(rows, strings="<si><t>a_x000D_b</t></si>"))).sheets
    assert [content(sheet, address)[1] for address in ("A1", "B1")] == ["a\rb", "c\nd"]


def test_types_of_cells() -> None:
    found = only(
        '<row r="1"><c r="A1" t="n"><v>8.78</v></c><c r="B1" t="str"><v>chữ_x000A_</v></c>'
        '<c r="C1" t="b"><v>true</v></c><c r="D1" t="e"><v>#REF!</v></c>'
        '<c r="E1" t="d"><v>2026-11-05T06:07:08Z</v></c><c r="F1" t="d"><v>2026-11-05</v></c>'
        '<c r="G1" t="d"><v>06:07:08</v></c>'
        '<c r="H1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>'
    )
    assert [(c.kind, c.value) for c in found.values()] == [
        (CellKind.NUMBER, 8.78),
        (CellKind.TEXT, "chữ\n"),
        (CellKind.BOOLEAN, True),
        (CellKind.ERROR, "#REF!"),
        (CellKind.DATE, datetime(2026, 11, 5, 6, 7, 8)),
        (CellKind.DATE, datetime(2026, 11, 5)),
        (CellKind.DATE, time(6, 7, 8)),
        (CellKind.TEXT, "ab"),
    ]


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [
        ("dd/mm/yyyy", True),
        ("[$-42A]d mmmm yyyy;@", True),
        ("h:mm AM/PM", True),
        ("[h]", True),
        ("[hh]:mm", True),
        ("[mm]:ss.0", True),
        ('"ngày" dd', True),
        ("General", False),
        ("0.00%", False),
        ("#,##0;[Red]-#,##0", False),
        ('"ngày"0', False),
        (r"0\d", False),
        ("0_d", False),
        ("*d0", False),
        ("[$USD] #,##0", False),
        ("[>=100]0", False),
        ("#,##0 [$₫-42A]", False),
        ("@", False),
        ('0;0;"không";dd', False),
        ("", False),
    ],
)
def test_date_formats(number_format: str, expected: bool) -> None:
    assert is_date_format(number_format) is expected


@pytest.mark.parametrize(
    ("serial", "value"),
    [
        ("0", time(0, 0)),
        ("0.5", time(12, 0)),
        ("1", datetime(1900, 1, 1)),
        ("59", datetime(1900, 2, 28)),
        ("61", datetime(1900, 3, 1)),
        ("46331", datetime(2026, 11, 5)),
        ("46331.9999999999", datetime(2026, 11, 6)),
        ("2958465", datetime(9999, 12, 31)),
        ("2958466", "#VALUE!"),
        ("1e300", "#VALUE!"),
    ],
)
def test_dates_of_the_1900_system(serial: str, value: object) -> None:
    rows = f'<row r="1"><c r="A1" s="0"><v>{serial}</v></c></row>'
    data = pack(parts(rows, styles=styled("dd/mm/yyyy")))
    assert agreed(data)["S"].cells[1, 1].value == value


@pytest.mark.parametrize("mark", ['date1904="1"', 'date1904="true"'])
def test_dates_of_the_1904_system(mark: str) -> None:
    rows = '<row r="1"><c r="A1" s="0"><v>44869</v></c></row>'
    found = only(rows, styles=styled("d/m/yy"), properties=f"<workbookPr {mark}/>")
    assert found["A1"].value == datetime(2026, 11, 5)


def test_builtin_and_unknown_number_formats() -> None:
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 9, 14, 49, 163))
    rows = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" s="{n}"><v>3</v></c></row>' for n in range(5))
    found = only(rows, styles=f"<cellXfs>{styles}</cellXfs>")
    assert [c.number_format for c in found.values()] == ["General", "0%", "mm-dd-yy", "@", "General"]
    assert found["A3"].kind is CellKind.DATE


def test_strict_workbook_reads_like_a_transitional_one() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="0"><v>0.5</v></c></row>'
    strict, loose = (
        only(rows, strings="<si><t>Đạt</t></si>", styles=styled("0.0%"), main=main)
        for main in (STRICT, TRANSITIONAL)
    )
    assert strict == loose
    assert [c.value for c in strict.values()] == ["Đạt", 0.5]


@pytest.mark.parametrize("target", ["/xl/worksheets/sheet1.xml", "./worksheets/../worksheets/SHEET1.xml"])
def test_targets_of_parts(target: str) -> None:
    book = parts('<row r="1"><c r="A1"><v>7</v></c></row>')
    links = book["xl/_rels/workbook.xml.rels"]
    book["xl/_rels/workbook.xml.rels"] = links.replace("worksheets/sheet1.xml", target)
    assert read_xlsx(pack(book)).sheets[0].cells[1, 1].value == 7.0


def test_sheets_come_in_the_order_of_the_workbook() -> None:
    book = parts()
    book["xl/workbook.xml"] = (
        f'<workbook xmlns="{TRANSITIONAL}" xmlns:r="{RELATIONS}"><sheets><sheet name="Hai" r:id="b"/>'
        '<sheet name="Biểu đồ" r:id="c"/><sheet name="Một" state="veryHidden" r:id="a"/></sheets></workbook>'
    )
    book["xl/_rels/workbook.xml.rels"] = relations(
        RELATIONS,
        ("a", "worksheet", "worksheets/sheet1.xml"),
        ("b", "worksheet", "/xl/worksheets/sheet2.xml"),
        ("c", "chartsheet", "chartsheets/sheet1.xml"),
    )
    book["xl/worksheets/sheet2.xml"] = "<worksheet/>"
    read = read_xlsx(pack(book)).sheets
    assert [(sheet.name, sheet.hidden) for sheet in read] == [("Hai", False), ("Một", True)]


@pytest.mark.parametrize("read", READERS)
def test_declared_dimension_is_not_believed(read: Any) -> None:
    book = parts('<row r="2"><c r="C2"><v>5</v></c></row>')
    book[SHEET] = book[SHEET].replace("<sheetData>", '<dimension ref="A1"/><sheetData>')
    assert content(read(pack(book)).sheets[0], "C2") == (CellKind.NUMBER, 5.0)

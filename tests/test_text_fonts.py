"""Every reader says which parts of a text are set in a font from before Unicode."""

import struct
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from pipeline.base.sheet import Stretch
from pipeline.edges.ole2 import CompoundFile
from pipeline.edges.reading.guard import xls_stream
from pipeline.edges.reading.text_fonts import Run, stretches
from pipeline.edges.reading.workbook import LONGEST_TEXT, read_workbook
from pipeline.edges.reading.xls_marks import xls_marks
from pipeline.edges.reading.xlsx_reader import read_xlsx
from tests.legacy_parts import ods, ods_row, record, xls
from tests.reading import READERS, agreed, cell, only
from tests.xlsx_parts import pack, parts

TCVN3, VNI, CAPITALS = Stretch(0, 4, "tcvn3"), Stretch(0, 4, "vni"), Stretch(0, 4, "tcvn3_capitals")
FONTS = '<fonts><font><name val="Arial"/></font><font><name val=".VnTime"/></font><font/></fonts>'
STYLES = f'{FONTS}<cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/><xf/><xf fontId="9"/></cellXfs>'
TEXT = '<row r="1"><c r="A1" t="s" s="{style}"><v>0</v></c></row>'
IN_TIME, IN_ARIAL, BOLD = (
    '<rPr><rFont val=".VnTime"/></rPr>',
    '<rPr><rFont val="Arial"/></rPr>',
    "<rPr><b/></rPr>",
)


def by_xlsxwriter(**options: bool) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, options) as workbook:
        names = (".VnTime", ".VnTimeH", "VNI-Times", "Arial")
        time, _, vni, arial = styles = [workbook.add_format({"font_name": name}) for name in names]
        sheet = workbook.add_worksheet("S")
        for row, style in enumerate(styles):
            sheet.write_string(row, 0, "ViÖt", style)
            sheet.write_number(row, 1, 12, style)
            sheet.write_formula(row, 2, '="ViÖt"', style, "ViÖt")
            sheet.write_formula(row, 3, "=NA()", style, "#N/A")
        sheet.write_rich_string("A5", time, "ViÖt", arial, "Việt", vni, "Vieät", arial)
        sheet.write_rich_string("A6", "ViÖt", arial, "Việt", time)
    return buffer.getvalue()


def test_fonts_of_cells_and_of_runs() -> None:
    sheet = agreed(by_xlsxwriter())["S"]
    found = {c.address: c.legacy for c in sheet.cells.values() if c.legacy}
    in_cells = {"1": (TCVN3,), "2": (CAPITALS,), "3": (VNI,)}
    assert {address: found.pop(address, ()) for address in ("A5", "A6")} == {
        "A5": (TCVN3, Stretch(8, 13, "vni")),
        "A6": (TCVN3,),
    }
    assert found == {column + row: legacy for column in "AC" for row, legacy in in_cells.items()}
    (inline,) = read_xlsx(by_xlsxwriter(constant_memory=True, in_memory=False)).sheets
    assert {c.address: c.legacy for c in inline.cells.values()} == {
        c.address: c.legacy for c in sheet.cells.values()
    }


@pytest.mark.parametrize(("style", "legacy"), [(0, ()), (1, (TCVN3,)), (2, ()), (3, ()), (4, ())])
@pytest.mark.parametrize("read", READERS)
def test_fonts_that_have_no_name_or_are_not_there(read: Any, style: int, legacy: tuple[Stretch, ...]) -> None:
    book = pack(parts(TEXT.format(style=style), strings="<si><t>ViÖt</t></si>", styles=STYLES))
    assert cell(read(book).sheets[0], "A1").legacy == legacy


@pytest.mark.parametrize(
    ("style", "text", "legacy"),
    [
        (0, f"<r>{IN_TIME}<t>ViÖt</t></r>", (TCVN3,)),
        (0, f"<r>{IN_TIME}<t>Vi</t></r><r>{IN_TIME}<t>Öt</t></r>", (TCVN3,)),
        (0, f"<r><t>Việt </t></r><r>{IN_TIME}<t>Nam</t></r>", (Stretch(5, 8, "tcvn3"),)),
        (1, f"<r><t>ViÖt</t></r><r>{IN_ARIAL}<t> Đạt</t></r>", (TCVN3,)),
        (1, f"<r>{BOLD}<t>Vi</t></r><r><t>Öt</t></r>", (TCVN3,)),
        (1, f"<r>{IN_ARIAL}<t>Việt</t></r>", ()),
        (0, f"<r>{IN_TIME}<t/></r><r>{IN_ARIAL}<t>Việt</t></r>", ()),
        (0, f"<r>{IN_ARIAL}<t>_x0041_</t></r><r>{IN_TIME}<t>_x0041_</t></r>", (Stretch(1, 2, "tcvn3"),)),
    ],
)
def test_runs(style: int, text: str, legacy: tuple[Stretch, ...]) -> None:
    table = parts(TEXT.format(style=style), strings=f"<si>{text}</si>", styles=STYLES)
    assert cell(agreed(pack(table))["S"], "A1").legacy == legacy
    inline = f'<row r="1"><c r="A1" t="inlineStr" s="{style}"><is>{text}</is></c></row>'
    assert only(inline, styles=STYLES)["A1"].legacy == legacy


def test_runs_next_to_each_other_are_one_stretch_only_in_one_encoding() -> None:
    runs = [Run(2, ".VnTime"), Run(0, "Arial"), Run(3, ".VnArial"), Run(1, "VNI-Times"), Run(4, "")]
    assert stretches(runs, "vni") == (Stretch(0, 5, "tcvn3"), Stretch(5, 10, "vni"))
    assert stretches(runs, None) == (Stretch(0, 5, "tcvn3"), Stretch(5, 6, "vni"))


def test_a_text_that_is_cut_keeps_its_font() -> None:
    strings = f"<si><t>{'ViÖt' * 10_000}</t></si>"
    (sheet,) = read_workbook(pack(parts(TEXT.format(style=1), strings=strings, styles=STYLES))).sheets
    assert len(cell(sheet, "A1").text) == LONGEST_TEXT
    assert [stretch.encoding for stretch in cell(sheet, "A1").legacy] == ["tcvn3"]


# --- the older kinds ------------------------------------------------------------------------------


def font_record(name: str, wide: bool) -> bytes:
    text = name.encode("utf-16-le" if wide else "latin-1")
    return record(0x31, bytes(14) + bytes([len(name), wide]) + text)


def test_fonts_of_xls() -> None:
    """Font 4 is never stored: the fifth record is font 5."""
    names = ("Arial", ".VnTime", "VNI-Times", "", ".VnTimeH")
    fonts = b"".join(font_record(name, wide=n % 2 == 0) for n, name in enumerate(names))
    styles = b"".join(
        record(0xE0, struct.pack("<HH", font, 0) + bytes(16)) for font in (0, 1, 2, 3, 5, 4, 99)
    )
    texts = record(0xFC, struct.pack("<II", 1, 1) + struct.pack("<HB", 4, 0) + b"Vi\xd6t")
    cells = [record(0xFD, struct.pack("<HHHI", 0, n, n, 0)) for n in range(8)]
    (sheet,) = read_workbook(xls(b"".join(cells), extra=fonts + styles + texts)).sheets
    assert [c.value for c in sheet.cells.values()] == ["ViÖt"] * 8
    expected = [(), (TCVN3,), (VNI,), (), (CAPITALS,), (), (), ()]  # the eighth names no style that is there
    assert [c.legacy for c in sheet.cells.values()] == expected


def test_fonts_of_excel_95() -> None:
    """Names are of one byte a letter, without a sign that says so."""
    font = record(0x31, bytes(14) + bytes([7]) + b".VnTime")
    text = record(0x204, struct.pack("<HHHH", 0, 0, 0, 4) + b"Vi\xd6t")
    data = xls(text, extra=font + record(0xE0, bytes(16)), version=0x500)
    (marks,) = xls_marks(xls_stream(CompoundFile(data)) or b"")
    assert marks.legacy == {(1, 1): "tcvn3"}


STYLE = '<style:style style:name="{name}" style:family="table-cell"{more}>{font}</style:style>'
FONT = '<style:text-properties style:font-name="{}"/>'
ODS_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("style", "style"), ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"))
)


def ods_styles(*styles: str) -> str:
    faces = '<style:font-face style:name="F1" svg:font-family="\'.VnTime\'"/>'
    return f"<styles {ODS_NAMESPACES}>{faces}{''.join(styles)}</styles>"


def style(name: str, font: str = "", parent: str = "") -> str:
    more = f' style:parent-style-name="{parent}"' if parent else ""
    return STYLE.format(name=name, more=more, font=FONT.format(font) if font else "")


def ods_text(cell_style: str = "", repeated: int = 1) -> str:
    named = f' table:style-name="{cell_style}"' if cell_style else ""
    return (
        f'<table:table-cell{named} office:value-type="string" table:number-columns-repeated="{repeated}">'
        "<text:p>ViÖt</text:p></table:table-cell>"
    )


def test_fonts_of_ods() -> None:
    """By the style of the cell, else of its row, else of its column; a style inherits its font."""
    common = ods_styles(
        '<style:default-style style:family="table-cell">'
        "<style:text-properties fo:font-family=\"'VNI-Times'\"/></style:default-style>",
        style("plain", "Arial"),
        style("time", "F1"),
        style("child", parent="time"),
        style("ring", parent="gnir"),
        style("gnir", parent="ring"),
        style("capitals", ".VnTimeH"),
    )
    columns = (
        '<table:table-column table:number-columns-repeated="2" table:default-cell-style-name="time"/>'
        '<table:table-column table:default-cell-style-name="plain"/>'
    )
    row = '<table:table-row table:default-cell-style-name="{}">{}</table:table-row>'
    rows = columns + ods_row(ods_text(repeated=3) + ods_text("unheard")) + row.format("capitals", ods_text())
    rows += ods_row(ods_text("plain") + ods_text("child") + ods_text("ring"))
    (sheet,) = read_workbook(ods(rows, styles_xml=common)).sheets
    assert {c.address: c.legacy for c in sheet.cells.values()} == {
        **dict.fromkeys(("A1", "B1", "C1"), (TCVN3,)),
        "D1": (VNI,),
        "A2": (CAPITALS,),
        "A3": (),
        "B3": (TCVN3,),
        "C3": (),
    }


def test_a_workbook_without_styles() -> None:
    (sheet,) = read_workbook(ods(ods_row(ods_text()))).sheets
    assert cell(sheet, "A1").legacy == ()
    book = parts(TEXT.format(style=0), strings="<si><t>ViÖt</t></si>")
    assert cell(read_xlsx(pack(book)).sheets[0], "A1").legacy == ()

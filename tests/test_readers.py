"""Both readers give the same cells, and the right ones, whatever program wrote the file."""

from collections.abc import Mapping
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipeline.base.sheet import CellKind, Sheet
from tests.office import convert
from tests.reading import agreed, cell, content
from tests.xlsx_parts import SHEET

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
VALUES = TEXTS | st.booleans() | st.floats(-1e15, 1e15) | st.integers(-(10**12), 10**12)


def by_xlsxwriter(options: Mapping[str, Any] | None = None) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, dict(options or {})) as workbook:
        percent = workbook.add_format({"num_format": "0.0%"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        bold = workbook.add_format({"bold": True})
        sheet = workbook.add_worksheet("Chỉ tiêu")
        sheet.write_row("A1", ["Mã", "Tên chỉ tiêu", "Đạt “tốt” & <đúng>", "  hai đầu  ", "dòng 1\ndòng 2"])
        sheet.write_row("A2", [12, -3.5, 1e-7, 1234567890123])
        sheet.write_number("E2", 0.0878, percent)
        sheet.write_datetime("A3", datetime(2026, 11, 5), day)
        sheet.write_datetime(
            "B3", datetime(2026, 11, 5, 13, 45, 30), workbook.add_format({"num_format": "d/m/yy h:mm"})
        )
        sheet.write_datetime("C3", time(7, 30), workbook.add_format({"num_format": "hh:mm"}))
        sheet.write_number("D3", 1.5, workbook.add_format({"num_format": "[h]:mm:ss"}))
        sheet.write_datetime("E3", datetime(1900, 2, 1), day)
        sheet.write_boolean("A4", True)
        sheet.write_boolean("B4", False)
        sheet.write_formula("A5", "=A2*2", None, 24)
        sheet.write_formula("B5", '=IF(A2>0,"Đạt","")', None, "Đạt")
        sheet.write_formula("C5", "=1/0", None, "#DIV/0!")
        sheet.write_formula("D5", "=A2>0", None, True)
        sheet.write_formula("E5", "=A3+1", day, 46332)
        sheet.write_formula("F5", "=NA()", None, "#N/A")
        sheet.write_array_formula("A6:B6", "{=A2:B2*2}", None, 24)
        sheet.write_rich_string("A7", "một ", bold, "hai", " ba")
        sheet.merge_range("A8:D9", "ô gộp", bold)
        sheet.write_blank("A10", None, day)
        sheet.write_string("B10", "'=1+1")
        workbook.add_worksheet("Ẩn").write("C7", "ẩn")
        workbook.add_worksheet("_nhan_dang").write("B2", "VHXH")
        workbook.get_worksheet_by_name("Ẩn").hide()
        workbook.get_worksheet_by_name("_nhan_dang").very_hidden()
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"values": "='Chỉ tiêu'!$A$2:$B$2"})
        workbook.add_chartsheet("Biểu đồ").set_chart(chart)
        workbook.add_worksheet("Trống")
    return buffer.getvalue()


def by_openpyxl(epoch_1904: bool = False) -> bytes:
    workbook = openpyxl.Workbook()
    if epoch_1904:
        workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Nhiệm vụ"
    sheet.append(["I.1", 98.5, True, datetime(2026, 11, 5), time(8, 15), date(2026, 12, 31)])
    sheet.append(["=B1*2", "=SUM(B1:B2)", "#N/A", "Tiếng Việt: ế ệ ữ 😀"])
    sheet["A3"] = CellRichText("Kết quả ", TextBlock(InlineFont(b=True), "nổi bật"))
    sheet["B3"] = 0.25
    sheet["B3"].number_format = "0.00%"
    sheet["C3"] = 3
    sheet["C3"].number_format = '"ngày" 0 \\d'
    sheet.merge_cells("A5:C6")
    sheet["A5"] = "gộp"
    workbook.create_sheet("Phụ").sheet_state = "veryHidden"
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def check_xlsxwriter_sheet(sheet: Sheet) -> None:
    expected: dict[str, tuple[CellKind, object]] = {
        "A1": (CellKind.TEXT, "Mã"),
        "C1": (CellKind.TEXT, "Đạt “tốt” & <đúng>"),
        "D1": (CellKind.TEXT, "  hai đầu  "),
        "E1": (CellKind.TEXT, "dòng 1\ndòng 2"),
        "A2": (CellKind.NUMBER, 12.0),
        "C2": (CellKind.NUMBER, 1e-7),
        "D2": (CellKind.NUMBER, 1234567890123.0),
        "E2": (CellKind.NUMBER, 0.0878),
        "A3": (CellKind.DATE, datetime(2026, 11, 5)),
        "B3": (CellKind.DATE, datetime(2026, 11, 5, 13, 45, 30)),
        "C3": (CellKind.DATE, time(7, 30)),
        "E3": (CellKind.DATE, datetime(1900, 2, 1)),
        "A4": (CellKind.BOOLEAN, True),
        "B4": (CellKind.BOOLEAN, False),
        "A5": (CellKind.NUMBER, 24.0),
        "B5": (CellKind.TEXT, "Đạt"),
        "C5": (CellKind.ERROR, "#DIV/0!"),
        "D5": (CellKind.BOOLEAN, True),
        "F5": (CellKind.ERROR, "#N/A"),
        "A6": (CellKind.NUMBER, 24.0),
        "A7": (CellKind.TEXT, "một hai ba"),
        "A8": (CellKind.TEXT, "ô gộp"),
    }
    assert {address: content(sheet, address) for address in expected} == expected
    assert (10, 1) not in sheet.cells
    formulas = {c.address for c in sheet.cells.values() if c.formula is not None}
    # LibreOffice writes a boolean as the formula TRUE() or FALSE().
    assert formulas - {"A4", "B4"} == {"A5", "B5", "C5", "D5", "E5", "F5", "A6"}
    assert cell(sheet, "E2").number_format == "0.0%"
    assert cell(sheet, "A3").number_format == "dd/mm/yyyy"


def test_xlsxwriter() -> None:
    sheets = agreed(by_xlsxwriter())
    assert {name: sheet.hidden for name, sheet in sheets.items()} == {
        "Chỉ tiêu": False,
        "Ẩn": True,
        "_nhan_dang": True,
        "Trống": False,
    }
    check_xlsxwriter_sheet(sheets["Chỉ tiêu"])
    assert content(sheets["Chỉ tiêu"], "E5") == (CellKind.DATE, datetime(2026, 11, 6))
    assert content(sheets["Chỉ tiêu"], "D3") == (CellKind.DATE, datetime(1900, 1, 1, 12))
    assert content(sheets["Chỉ tiêu"], "B10") == (CellKind.TEXT, "'=1+1")
    assert cell(sheets["Chỉ tiêu"], "A5").formula == "=A2*2"
    assert cell(sheets["Chỉ tiêu"], "A6").formula == "=A2:B2*2"
    assert not sheets["Trống"].cells


def test_xlsxwriter_with_inline_strings() -> None:
    plain, inline = by_xlsxwriter(), by_xlsxwriter({"constant_memory": True, "in_memory": False})
    assert b"inlineStr" in ZipFile(BytesIO(inline)).read(SHEET)
    check_xlsxwriter_sheet(agreed(plain)["Chỉ tiêu"])
    assert content(agreed(inline)["_nhan_dang"], "B2") == (CellKind.TEXT, "VHXH")


def test_xlsxwriter_1904() -> None:
    sheet = agreed(by_xlsxwriter({"date_1904": True}))["Chỉ tiêu"]
    assert content(sheet, "B3") == (CellKind.DATE, datetime(2026, 11, 5, 13, 45, 30))
    assert content(sheet, "C3") == (CellKind.DATE, time(7, 30))
    assert content(sheet, "D3") == (CellKind.DATE, datetime(1904, 1, 2, 12))


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_openpyxl(epoch_1904: bool) -> None:
    sheets = agreed(by_openpyxl(epoch_1904))
    sheet = sheets["Nhiệm vụ"]
    assert content(sheet, "D1") == (CellKind.DATE, datetime(2026, 11, 5))
    assert content(sheet, "E1") == (CellKind.DATE, time(8, 15))
    assert content(sheet, "F1") == (CellKind.DATE, datetime(2026, 12, 31))
    assert content(sheet, "A2") == (CellKind.UNCALCULATED, None)
    assert cell(sheet, "B2").formula == "=SUM(B1:B2)"
    assert content(sheet, "C2") == (CellKind.ERROR, "#N/A")
    assert content(sheet, "D2") == (CellKind.TEXT, "Tiếng Việt: ế ệ ữ 😀")
    assert content(sheet, "A3") == (CellKind.TEXT, "Kết quả nổi bật")
    assert cell(sheet, "B3").number_format == "0.00%"
    assert content(sheet, "C3") == (CellKind.NUMBER, 3.0)
    assert sheets["Phụ"].hidden


@pytest.mark.parametrize("make", [by_xlsxwriter, by_openpyxl])
def test_saved_again_by_libreoffice(make: Any, tmp_path: Path) -> None:
    source = tmp_path / "phieu.xlsx"
    source.write_bytes(make())
    (tmp_path / "out").mkdir()
    sheets = agreed(convert(source, "xlsx", tmp_path / "out").read_bytes())
    if make is by_xlsxwriter:
        check_xlsxwriter_sheet(sheets["Chỉ tiêu"])
        assert sheets["Ẩn"].hidden
        assert sheets["_nhan_dang"].hidden
    else:
        assert content(sheets["Nhiệm vụ"], "A2") == (CellKind.NUMBER, 197.0)
        assert content(sheets["Nhiệm vụ"], "D1") == (CellKind.DATE, datetime(2026, 11, 5))


@given(st.dictionaries(st.tuples(st.integers(0, 99), st.integers(0, 99)), VALUES, max_size=12))
def test_what_is_written_is_read(values: dict[tuple[int, int], str | bool | float]) -> None:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("S")
        for (row, column), value in values.items():
            sheet.write(row, column, value)
    read = agreed(buffer.getvalue())["S"]
    assert {(c.row - 1, c.column - 1): c.value for c in read.cells.values()} == {
        place: value if isinstance(value, bool | str) else float(f"{value:.16G}")
        for place, value in values.items()
    }

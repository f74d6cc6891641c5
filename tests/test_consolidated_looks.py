"""The looks of the consolidated workbook: printed pages, room for texts, charts, and an empty month."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.edges.consolidated.writer import write_consolidated
from pipeline.edges.text_fit import line_count, width_needed
from pipeline.spec.consolidated import Sheet
from pipeline.spec.tables import Tables
from tests.consolidated_reading import HEADER, cell_at, cells, column_of, dimension, load_book, row_of
from tests.office import convert
from tests.table_rows import LOOKS, PERIODS
from tests.tables import MADE, month, nothing_sent

TALLEST = 409  # points, Excel's limit for a row
LINE = 15.0  # points that Excel gives a line of Times New Roman 11


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "tong-hop.xlsx"
    path.write_bytes(write_consolidated(month(), LOOKS, MADE))
    return path


@pytest.fixture(scope="module")
def book(file: Path) -> Workbook:
    return load_book(file.read_bytes())


@pytest.fixture(scope="module")
def empty() -> Workbook:
    return load_book(write_consolidated(nothing_sent(), LOOKS, MADE))


def part(file: Path, name: str) -> str:
    with ZipFile(file) as archive:
        return archive.read(name).decode()


# --- printed pages -------------------------------------------------------------------------------


def test_the_overview_prints_on_one_a4_page(book: Workbook) -> None:
    sheet = book["Tổng quan"]
    page = sheet.page_setup
    assert (page.paperSize, page.orientation) == (9, "portrait")
    assert (page.fitToWidth or 1, page.fitToHeight or 1) == (1, 1)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


@pytest.mark.parametrize("looks", LOOKS.sheets, ids=lambda sheet: sheet.key)
def test_tables_print_one_page_wide_under_their_header(book: Workbook, looks: Sheet) -> None:
    sheet = book[looks.name]
    page = sheet.page_setup
    assert page.paperSize == 9
    assert page.orientation == ("landscape" if looks.landscape else "portrait")
    assert (page.fitToWidth or 1, page.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
    footer = sheet.oddFooter
    assert footer is not None
    assert [str(side and side.text).strip() for side in (footer.left, footer.center, footer.right)] == [
        "UBND xã Phước An",
        "tháng 11 năm 2026 · Bản tạm",
        "Trang &P/&N",
    ]


@pytest.mark.parametrize("looks", LOOKS.sheets, ids=lambda sheet: sheet.key)
def test_tables_can_be_filtered_and_keep_their_header_in_view(book: Workbook, looks: Sheet) -> None:
    sheet = book[looks.name]
    assert sheet.auto_filter.ref == f"A{HEADER}:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
    assert sheet.freeze_panes == sheet.cell(HEADER + 1, looks.frozen + 1).coordinate


def test_all_is_in_times_new_roman(book: Workbook) -> None:
    assert {cell.font.name for sheet in book.worksheets for cell in cells(sheet)} == {"Times New Roman"}


# --- room for texts ------------------------------------------------------------------------------


def width_of(sheet: Worksheet, column: int) -> float:
    return float(dimension(sheet, column).width)


@pytest.mark.parametrize("looks", LOOKS.sheets, ids=lambda sheet: sheet.key)
def test_words_are_not_broken_and_rows_are_high_enough(book: Workbook, looks: Sheet) -> None:
    sheet = book[looks.name]
    for at, column in enumerate(looks.columns, 1):
        for row in range(HEADER + 1, sheet.max_row + 1):
            cell = sheet.cell(row, at)
            if not isinstance(cell.value, str):
                continue
            size, bold = float(cell.font.size), bool(cell.font.bold)
            if not column.breaks:
                needed = max(width_needed(word, size, bold) for word in cell.value.split())
                assert needed <= column.width, cell.value
            lines = line_count(cell.value, column.width, size, bold)
            height = sheet.row_dimensions[row].height
            assert height >= min(lines * LINE * size / 11 * 0.95, TALLEST), cell.value


@pytest.mark.parametrize("looks", LOOKS.sheets, ids=lambda sheet: sheet.key)
def test_numbers_fit_into_their_columns(book: Workbook, looks: Sheet) -> None:
    sheet = book[looks.name]
    for at, column in enumerate(looks.columns, 1):
        for row in range(HEADER + 1, sheet.max_row + 1):
            cell = sheet.cell(row, at)
            if isinstance(cell.value, float | int):
                assert width_needed(as_shown(cell.value, cell.number_format)) <= column.width, cell.value


def as_shown(value: float, number_format: str) -> str:
    """A number in its format, with the room that the format leaves at the right edge."""
    decimals = re.search(r"0\.(0+)", number_format)
    figure = f"{value:,.{len(decimals[1]) if decimals else 0}f} "
    return f"↑ {figure}" if "↑" in number_format else figure


def test_sentences_of_the_overview_are_shown_whole(book: Workbook) -> None:
    sheet = book["Tổng quan"]
    widths = [width_of(sheet, column) for column in range(1, 13)]
    for area in sheet.merged_cells.ranges:
        cell = sheet.cell(area.min_row, area.min_col)
        if isinstance(cell.value, str) and cell.value.startswith("•"):
            lines = line_count(cell.value, sum(widths[area.min_col - 1 : area.max_col]) + 8)
            assert sheet.row_dimensions[area.min_row].height >= lines * LINE * 0.95


# --- charts and small columns ------------------------------------------------------------------


def test_charts_are_told_to_those_who_cannot_see_them(file: Path) -> None:
    texts = re.findall(r'descr="([^"]+)"', part(file, "xl/drawings/drawing1.xml"))
    assert len(texts) == 2
    assert "Đã đạt: 10; Đúng tiến độ: 12; Cảnh báo: 5; Chậm: 5" in texts[0]
    assert "08/2026: 71,2 / 48,5" in texts[1]


def test_the_bars_of_the_chart_bear_the_colours_of_their_verdicts(file: Path) -> None:
    chart = part(file, "xl/charts/chart1.xml")
    solid = [colour.solid[1:] for colour in LOOKS.colours.values()]
    green, yellow, red, grey = solid
    assert re.findall(r'<c:dPt>.*?srgbClr val="(\w+)"', chart) == [green, green, yellow, red, *[grey] * 5]


def test_lines_of_the_trend_differ_by_more_than_colour(file: Path) -> None:
    chart = part(file, "xl/charts/chart2.xml")
    assert re.findall(r'<c:symbol val="(\w+)"', chart) == ["circle", "diamond"]
    assert re.findall(r'<a:prstDash val="(\w+)"', chart) == ["solid", "dash"]


def test_small_columns_show_the_months_of_their_own_row(file: Path, book: Workbook) -> None:
    sheet = book["Chỉ tiêu"]
    pairs = re.findall(
        r"<xm:f>'Chỉ tiêu'!(\w+):(\w+)</xm:f><xm:sqref>(\w+)<", part(file, "xl/worksheets/sheet2.xml")
    )
    first, last = (column_of(sheet, label) for label in ("Tháng 8/2026", "Tháng 11/2026"))
    history = month().frames["history"].set_index("code")
    shown = [code for code in history.index if history.loc[code].notna().sum() > 1]
    ranges = {place: (start, end) for start, end, place in pairs}
    assert len(ranges) == len(shown)
    for code in shown:
        row, place = row_of(sheet, code), cell_at(sheet, code, "Diễn biến các tháng").coordinate
        assert ranges[place] == (sheet.cell(row, first).coordinate, sheet.cell(row, last).coordinate)


def test_the_months_stand_hidden_beside_the_indicators(book: Workbook) -> None:
    sheet = book["Chỉ tiêu"]
    first = column_of(sheet, "Tháng 8/2026")
    assert dimension(sheet, first).hidden
    folded = [column.label for column in LOOKS.sheet_by_key["indicators"].columns if column.folded]
    assert first == column_of(sheet, "Ghi chú") + len(folded) + 1
    for label in folded:
        assert dimension(sheet, column_of(sheet, label)).hidden
    assert sheet.max_column == first + len(PERIODS) - 1


# --- the sheet of charts -------------------------------------------------------------------------


def test_groups_and_units_print_on_a_page_each(book: Workbook) -> None:
    sheet = book["Biểu đồ"]
    (break_,) = sheet.row_breaks.brk
    page = sheet.page_setup
    assert (page.paperSize, page.orientation, page.fitToWidth or 1, page.fitToHeight) == (9, "portrait", 1, 0)
    assert sheet.cell(break_.id + 1, 1).value == LOOKS.charts.units_heading
    twelve = write_consolidated(twelve_months(), LOOKS, MADE)
    longest = load_book(twelve)["Biểu đồ"]
    rows = range(1, longest.row_breaks.brk[0].id + 1)
    assert (
        sum(longest.row_dimensions[row].height or LINE for row in rows) < 810
    )  # what A4 holds at this width


def twelve_months() -> Tables:
    full = month().overview
    labels = [f"{number:02d}/2026" for number in range(1, 13)]
    trend = tuple((label, 80.0, 70.0) for label in labels)
    groups = tuple((label, full.group_trend[0][1]) for label in labels)
    return replace(month(), overview=replace(full, trend=trend, group_trend=groups))


def test_each_group_has_a_panel_and_the_units_have_bars(file: Path, book: Workbook) -> None:
    """Every chart is told in words, and its figures stand in the cells beside it."""
    texts = re.findall(r'descr="([^"]+)"', part(file, "xl/drawings/drawing2.xml"))
    overview, sheet = month().overview, book["Biểu đồ"]
    assert len(texts) == len(overview.groups) + 1
    for at, (text, group) in enumerate(zip(texts, overview.groups, strict=False)):
        mean = overview.group_trend[-1][1][at]
        assert f"nhóm {group.name}" in text
        assert f"11/2026: {mean:.1f}".replace(".", ",") in text
    header = next(cell.row for cell in sheet["A"] if cell.value == "Tháng")
    for offset, (label, means) in enumerate(overview.group_trend, 1):
        row = [sheet.cell(header + offset, column).value for column in range(1, 8)]
        assert row == [label, *means, overview.trend[offset - 1][1]]


def test_lines_of_a_panel_differ_by_more_than_colour(file: Path) -> None:
    chart = part(file, "xl/charts/chart3.xml")
    assert re.findall(r'<c:symbol val="(\w+)"', chart) == ["diamond", "circle"]
    assert re.findall(r'<a:prstDash val="(\w+)"', chart) == ["dash", "solid"]


def test_units_stand_from_the_best_down_and_those_without_results_after_them() -> None:
    units = month().frames["units"]
    best = units["total"].tolist().index(units["total"].max())
    bare = units.assign(results=units["results"].astype(object).where(units.index != best, None))
    made = replace(month(), frames={**month().frames, "units": bare})
    sheet = load_book(write_consolidated(made, LOOKS, MADE))["Biểu đồ"]
    first = next(cell.row for cell in sheet["A"] if cell.value == "Đơn vị") + 1
    shown = [(sheet.cell(row, 1).value, sheet.cell(row, 2).value) for row in range(first, sheet.max_row)]
    others = units[units["total"].notna() & (units.index != best)]
    others = others.sort_values("total", ascending=False, kind="stable")
    wanted = list(zip(others["short_name"], others["total"], strict=True))
    assert shown == [*wanted, (units["short_name"][best] + " *", units["total"][best])]
    assert str(sheet.cell(sheet.max_row, 1).value).startswith("* Kỳ này không có chỉ tiêu đến hạn")


def test_units_without_a_total_are_not_shown(book: Workbook) -> None:
    sheet = book["Biểu đồ"]
    first = next(cell.row for cell in sheet["A"] if cell.value == "Đơn vị") + 1
    shown = [sheet.cell(row, 2).value for row in range(first, sheet.max_row + 1)]
    assert shown == sorted(month().frames["units"]["total"].dropna().tolist(), reverse=True)


# --- a month in which nobody has sent ----------------------------------------------------------


def test_an_empty_month_says_so(empty: Workbook) -> None:
    texts = {str(cell.value) for cell in cells(empty["Tổng quan"]) if cell.value is not None}
    assert {"Chưa đủ số liệu", "0 / 9", "•  Nộp trễ: không có.", "Chưa nhận được kiến nghị nào."} <= texts
    assert "Biểu đồ có từ khi đủ hai tháng số liệu." in texts
    for key in ("tasks", "voices", "findings", "facts", "history"):
        looks = LOOKS.sheet_by_key[key]
        sheet = empty[looks.name]
        assert sheet.cell(HEADER + 1, 1).value == looks.empty
        assert sheet.auto_filter.ref is None
    sheet = empty["Chỉ tiêu"]
    assert cell_at(sheet, "I.1", "Đánh giá").value == "○ Chưa có số liệu"
    assert cell_at(sheet, "I.1", "Mã").hyperlink is None


def test_an_empty_month_has_one_chart(tmp_path: Path) -> None:
    path = tmp_path / "trong.xlsx"
    path.write_bytes(write_consolidated(nothing_sent(), LOOKS, MADE))
    with ZipFile(path) as archive:
        assert [name for name in archive.namelist() if "charts/chart" in name] == ["xl/charts/chart1.xml"]


# --- LibreOffice ---------------------------------------------------------------------------------


@pytest.mark.parametrize("build", [month, nothing_sent])
def test_libreoffice_opens_it_without_an_error(build: Callable[[], Tables], tmp_path: Path) -> None:
    source = tmp_path / "tong-hop.xlsx"
    source.write_bytes(write_consolidated(build(), LOOKS, MADE))
    original = load_book(source.read_bytes())
    again = load_book(convert(source, "xlsx", tmp_path / "out").read_bytes())
    assert again.sheetnames == original.sheetnames
    for sheet in original.worksheets:
        for cell in cells(sheet):
            other = again[sheet.title][cell.coordinate]
            assert other.data_type != "e"
            exact = isinstance(cell.value, float)
            assert other.value == (pytest.approx(cell.value) if exact else cell.value)

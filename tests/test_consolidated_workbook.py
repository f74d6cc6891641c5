"""The consolidated workbook: what stands where, where links lead, and which rules colour it."""

from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from pipeline.edges.consolidated.grid import grids
from pipeline.edges.consolidated.writer import write_consolidated
from pipeline.spec.consolidated import Sheet
from pipeline.spec.tables import Tables
from tests.consolidated_reading import (
    HEADER,
    cell_at,
    cells,
    column_of,
    find,
    links,
    load_book,
    row_of,
    rules,
    shown_by,
)
from tests.forms import PLAN
from tests.table_rows import FORMULAS, LOOKS
from tests.tables import MADE, month

NAMES = [
    "Tổng quan",
    "Chỉ tiêu",
    "Dự báo",
    "Biến động",
    "Đơn vị",
    "Nhiệm vụ",
    "Vướng mắc - Kiến nghị",
    "Tình trạng nộp",
    "Lỗi dữ liệu",
    "Thay đổi",
    "Quyết định",
    "Dữ liệu gốc",
    "Phương pháp",
    "Diễn biến",
    "Đơn vị theo tháng",
    "Biểu đồ",
]
LAST = HEADER + len(PLAN.indicators)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return month()


@pytest.fixture(scope="module")
def book(tables: Tables) -> Workbook:
    return load_book(write_consolidated(tables, LOOKS, MADE))


@pytest.fixture(scope="module")
def formulas(tables: Tables) -> Workbook:
    return load_book(write_consolidated(tables, LOOKS, MADE), formulas=True)


def test_sheets_stand_in_order_and_none_is_hidden_or_locked(book: Workbook) -> None:
    assert book.sheetnames == NAMES
    assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
    assert not any(sheet.protection.sheet for sheet in book.worksheets)


def test_the_same_input_gives_the_same_bytes(tables: Tables) -> None:
    once = write_consolidated(tables, LOOKS, MADE)
    assert write_consolidated(month(), LOOKS, MADE) == once
    assert write_consolidated(tables, LOOKS, datetime(2026, 11, 26)) != once


def test_input_is_left_as_it_was(tables: Tables) -> None:
    before = {key: frame.copy() for key, frame in tables.frames.items()}
    write_consolidated(tables, LOOKS, MADE)
    for key, frame in tables.frames.items():
        pd.testing.assert_frame_equal(frame, before[key])


# --- the overview ------------------------------------------------------------------------------


def test_the_overview_tells_how_far_the_plan_is(book: Workbook, tables: Tables) -> None:
    sheet, total = book["Tổng quan"], tables.overview.total
    texts = {str(cell.value) for cell in cells(sheet) if cell.value is not None}
    assert {"UBND XÃ PHƯỚC AN", "Bản tạm", "TỔNG QUAN KẾT QUẢ THỰC HIỆN – THÁNG 11 NĂM 2026"} <= texts
    below = {label: sheet.cell(find(sheet, label).row + 1, find(sheet, label).column) for label in TILES}
    assert below["Mức hoàn thành bình quân"].value == pytest.approx(total.mean_reported)
    assert below["Khi thiếu số liệu tính là 0"].value == pytest.approx(total.mean_with_missing)
    assert below["Chỉ tiêu đã đạt"].value == "10"
    assert below["Đơn vị đã báo cáo"].value == "7 / 9"
    assert "đạt 10 / 33 có số liệu / 4 thiếu số liệu" in texts


TILES = ("Mức hoàn thành bình quân", "Khi thiếu số liệu tính là 0", "Chỉ tiêu đã đạt", "Đơn vị đã báo cáo")


def test_groups_stand_with_both_means_and_say_where_data_are_too_few(book: Workbook, tables: Tables) -> None:
    sheet = book["Tổng quan"]
    first = find(sheet, "I. Về phát triển hạ tầng").row
    for row, group in enumerate((*tables.overview.groups, tables.overview.total), first):
        counts = [sheet.cell(row, column).value for column in range(2, 6)]
        assert counts == [group.listed, group.met, group.reported, group.missing]
        mean = group.mean_reported if group.enough else "chưa đủ số liệu"
        assert [sheet.cell(row, column).value for column in (6, 7)] == [mean, group.mean_with_missing]
    assert sheet.cell(first + 2, 6).value == "chưa đủ số liệu"
    assert sheet.cell(first + 5, 1).value == "Toàn kế hoạch"
    assert rules(sheet, f"F{first}:G{first + 5}")[0][0] == "dataBar"


def test_colours_are_counted_with_their_words(book: Workbook) -> None:
    sheet = book["Tổng quan"]
    row = find(sheet, "Nhóm chỉ tiêu").row
    chips = [sheet.cell(row, column) for column in range(9, 13)]
    assert [chip.value for chip in chips] == [22, 5, 5, 8]
    assert [chip.number_format for chip in chips] == ['"Xanh" 0', '"Vàng" 0', '"Đỏ" 0', '"Xám" 0']


def test_the_overview_says_who_is_missing_what_is_late_and_what_is_asked(
    book: Workbook, tables: Tables
) -> None:
    overview = tables.overview
    texts = [str(cell.value) for cell in cells(book["Tổng quan"]) if cell.value is not None]
    assert "•  Chưa nộp (2): Các trường học, Tổ CNS cộng đồng." in texts
    assert "•  Nộp trễ (2): TT PVHCC, Các cơ quan." in texts
    late = (text for _, text in overview.attention)
    for text in (*late, *overview.requests, *overview.remarks):
        assert f"•  {text}" in texts


def test_a_long_request_is_shortened_on_the_overview_only(tables: Tables) -> None:
    long = "Phòng VH-XH: " + "đề nghị bố trí kinh phí " * 40
    longer = replace(tables, overview=replace(tables.overview, requests=(long,)))
    sheet = load_book(write_consolidated(longer, LOOKS, MADE))["Tổng quan"]
    shown = next(str(c.value) for c in cells(sheet) if str(c.value).startswith("•  Phòng VH-XH: đề nghị"))
    assert shown.endswith(" …")
    assert len(shown) <= LOOKS.overview.longest + len("•  ")


def test_charts_show_the_figures_beside_the_page(book: Workbook, tables: Tables) -> None:
    sheet = book["Tổng quan"]
    met = find(sheet, "● Đã đạt")
    assert sheet.cell(met.row, met.column + 1).value == tables.overview.verdict_counts["met"]
    month_row = find(sheet, "10/2026")
    values = [sheet.cell(month_row.row, month_row.column + step).value for step in (1, 2)]
    assert values == [80.3, 66.0]
    assert met.column > 12  # outside the printed area
    assert str(sheet.print_area).startswith("'Tổng quan'!$A$1:$L$")


# --- tables --------------------------------------------------------------------------------------


def test_every_indicator_stands_in_the_plans_order(book: Workbook) -> None:
    sheet = book["Chỉ tiêu"]
    rows = range(HEADER + 1, LAST + 1)
    for label, expected in (
        ("Nhóm", [i.group for i in PLAN.indicators]),
        ("Mã", [i.code for i in PLAN.indicators]),
        ("Chỉ tiêu", [i.name for i in PLAN.indicators]),
        ("Mục tiêu cả năm", [i.target.as_printed for i in PLAN.indicators]),
    ):
        assert [sheet.cell(row, column_of(sheet, label)).value for row in rows] == expected


def test_figures_keep_value_and_format_by_kind(book: Workbook, tables: Tables) -> None:
    sheet = book["Chỉ tiêu"]
    frame = tables.frames["indicators"].set_index("code")
    formats = {"I.1": "#,##0.00_)", "IV.2": "General_)", "V.1": "0.0000_)", "V.7": "#,##0.00_)"}
    for code, number_format in formats.items():
        cell = cell_at(sheet, code, "Kết quả")
        assert cell.value == pytest.approx(frame.loc[code, "result"])
        assert cell.number_format == number_format
    assert cell_at(sheet, "I.1", "Tử số").value == frame.loc["I.1", "numerator"]
    assert cell_at(sheet, "II.1", "Tăng, giảm").value == pytest.approx(frame.loc["II.1", "change"])


def test_yes_and_no_are_numbers_shown_as_words(tables: Tables) -> None:
    frame = tables.frames["indicators"].copy()
    frame["result"] = frame["result"].mask(frame["code"].eq("III.1"), 1.0)
    sheet = load_book(
        write_consolidated(Tables(tables.overview, {**tables.frames, "indicators": frame}), LOOKS, MADE)
    )
    cell = cell_at(sheet["Chỉ tiêu"], "III.1", "Kết quả")
    assert (cell.value, cell.number_format) == (1, '[=1]"Có"_);[=0]"Chưa"_);General')


def test_a_missing_figure_is_a_blank_and_zero_a_zero(book: Workbook, tables: Tables) -> None:
    sheet = book["Chỉ tiêu"]
    for label in ("Tử số", "Kết quả", "Tăng, giảm", "Hoàn thành (%)"):
        assert cell_at(sheet, "V.6", label).value is None
    assert cell_at(sheet, "V.6", "Đánh giá").value == "○ Chưa có số liệu"
    assert cell_at(sheet, "I.1", "Còn thiếu so mục tiêu").value == 0
    assert cell_at(book["Đơn vị"], "TH", "Có số liệu").value == 0
    assert cell_at(book["Đơn vị"], "TH", "Điểm kết quả (thiếu là 0)").value is None


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("I.1", "● Đã đạt"),
        ("I.2", "► Đúng tiến độ"),
        ("II.1", "▲ Cảnh báo"),
        ("II.2", "▼ Chậm"),
        ("V.4", "– Không phát sinh"),
        ("V.9", "◊ Chưa có kết quả"),
        ("V.23", "□ Chưa đến kỳ"),
        ("V.26", "▫ Không bắt buộc"),
    ],
)
def test_verdicts_are_said_with_sign_and_words(book: Workbook, code: str, words: str) -> None:
    assert cell_at(book["Chỉ tiêu"], code, "Đánh giá").value == words


def test_the_register_keeps_receipt_time_and_outcome_apart(book: Workbook) -> None:
    sheet = book["Tình trạng nộp"]
    labels = ("Nộp phiếu", "Thời hạn", "Kết quả nhận")
    assert [cell_at(sheet, "PVHCC", label).value for label in labels] == [
        "● Đã nộp",
        "▼ Trễ hạn",
        "▲ Có cảnh báo",
    ]
    assert [cell_at(sheet, "TH", label).value for label in labels] == ["▼ Chưa nộp", None, None]
    assert cell_at(sheet, "NHNN", "Nộp phiếu").value == "– Không phải nộp"
    assert [cell_at(book["Đơn vị"], unit, "Đủ số liệu").value for unit in ("CA", "TH", "NHNN")] == [
        "Có",
        "Không",
        None,
    ]


def test_facts_keep_the_raw_text_and_its_place(book: Workbook, tables: Tables) -> None:
    sheet, frame = book["Dữ liệu gốc"], tables.frames["facts"]
    for offset in (0, 7, len(frame) - 1):
        fact, row = frame.iloc[offset], HEADER + 1 + offset
        for key in ("indicator", "numerator_cell", "numerator_raw", "value_raw", "archived_as", "sha256"):
            label = LOOKS.sheet_by_key["facts"].column_by_key[key].label
            value = sheet.cell(row, column_of(sheet, label)).value
            assert value == (None if pd.isna(fact[key]) else fact[key])


@pytest.mark.parametrize("sheet", LOOKS.sheets, ids=lambda sheet: sheet.key)
def test_every_row_of_a_table_is_written(book: Workbook, tables: Tables, sheet: Sheet) -> None:
    frame = tables.frames[sheet.key]
    key = sheet.columns[0].key
    written = [book[sheet.name].cell(HEADER + 1 + offset, 1).value for offset in range(len(frame))]
    assert written == frame[key].tolist()


def test_text_from_senders_never_becomes_a_formula(book: Workbook, formulas: Workbook) -> None:
    made = [
        str(cell.value) for sheet in formulas.worksheets for cell in cells(sheet) if cell.data_type == "f"
    ]
    assert {text.partition("(")[0] for text in made} == {"=HYPERLINK"}
    for text in (*FORMULAS, "=cmd|'/c calc'!A1"):
        sheet = book["Lỗi dữ liệu" if "cmd" in text else "Vướng mắc - Kiến nghị"]
        assert find(sheet, text).data_type == "s"
        assert find(sheet, text).hyperlink is None
        assert text == "-" or not [formula for formula in made if text in formula]


# --- links -------------------------------------------------------------------------------------


def test_every_sheet_leads_back_and_the_overview_leads_everywhere(formulas: Workbook) -> None:
    overview = formulas["Tổng quan"]
    reached = {target.title for cell, target, _ in links(formulas) if cell.parent is overview}
    assert reached == set(NAMES) - {"Tổng quan"}
    for sheet in formulas.worksheets[1:]:
        assert sheet["A1"].value == "← Tổng quan"
        assert sheet["A1"].hyperlink is not None
        assert sheet["A1"].hyperlink.location == "'Tổng quan'!A1"


def test_the_overview_leads_to_the_row_of_what_is_late_and_to_each_group(
    formulas: Workbook, tables: Tables
) -> None:
    indicators = formulas["Chỉ tiêu"]
    led = {
        shown_by(cell): shown_by(place)
        for cell, target, place in links(formulas)
        if cell.parent is formulas["Tổng quan"] and target is indicators and cell.data_type == "f"
    }
    late = {f"{code} →": code for code, _ in tables.overview.attention}
    assert led == late | {f"{g.code}. {g.name}": g.code for g in tables.overview.groups}


def test_a_code_leads_to_its_first_fact_and_a_lead_to_its_scorecard(
    book: Workbook, formulas: Workbook, tables: Tables
) -> None:
    reported = set(tables.frames["facts"]["indicator"])
    found = {
        cell.coordinate: place for cell, _, place in links(formulas) if cell.parent is formulas["Chỉ tiêu"]
    }
    for indicator in PLAN.indicators:
        code = cell_at(book["Chỉ tiêu"], indicator.code, "Mã")
        assert (code.coordinate in found) == (indicator.code in reported)
        if indicator.code in reported:
            assert found[code.coordinate].row == row_of(book["Dữ liệu gốc"], indicator.code, "Mã chỉ tiêu")
        lead = found[cell_at(book["Chỉ tiêu"], indicator.code, "Chủ trì").coordinate]
        assert lead.row == row_of(book["Đơn vị"], indicator.lead)


def test_a_count_of_errors_leads_to_the_findings_and_stays_a_number(
    book: Workbook, formulas: Workbook
) -> None:
    errors = cell_at(book["Tình trạng nộp"], "PVHCC", "Số lỗi")
    assert (errors.value, errors.data_type) == (1, "n")
    found = {
        (target.title, cell.coordinate): place
        for cell, target, place in links(formulas)
        if cell.parent is formulas["Tình trạng nộp"] and place.row > HEADER
    }
    sheet = book["Lỗi dữ liệu"]
    first = row_of(sheet, "TT PVHCC", "Đơn vị")
    assert found["Lỗi dữ liệu", errors.coordinate].row == first
    warnings = cell_at(book["Tình trạng nộp"], "PVHCC", "Số cảnh báo")
    assert found["Lỗi dữ liệu", warnings.coordinate].row == first + 1
    assert sheet.cell(first + 1, column_of(sheet, "Mức")).value == "▲ Cảnh báo"
    none = cell_at(book["Tình trạng nộp"], "VHXH", "Số lỗi")
    assert formulas["Tình trạng nộp"][none.coordinate].value == 0


# --- long texts ----------------------------------------------------------------------------------


@given(st.lists(st.text("aăđ.", min_size=1, max_size=40), min_size=1, max_size=300), st.sampled_from(" \n"))
def test_a_long_text_goes_on_in_rows_of_its_own_without_losing_a_word(words: list[str], gap: str) -> None:
    tables = month()
    row = {
        "section": "Khó khăn, vướng mắc",
        "unit": "Công an xã",
        "text": gap.join(words),
        "period": "11/2026",
    }
    frames = {**tables.frames, "voices": pd.DataFrame([row])}
    looks = replace(LOOKS, sheets=tuple(replace(s, longest=120) if s.splits else s for s in LOOKS.sheets))
    pieces = grids(Tables(tables.overview, frames), looks)["voices"].rows
    texts = [str(piece["text"]) for piece in pieces]
    assert " ".join(texts).split() == words
    assert all(len(text) <= 120 for text in texts)
    assert {piece["unit"] for piece in pieces} == {"Công an xã"}

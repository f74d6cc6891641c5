"""The looks of the form: fonts, printed pages, room for every text, and the guidance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from pipeline.edges.text_fit import line_count, width_needed
from pipeline.spec.form import FormContent
from pipeline.spec.template import Table
from tests.forms import MESSAGES, RULES, TEMPLATE, cell_of, issued, load, tag_row, write


@pytest.fixture(scope="module")
def content() -> FormContent:
    return issued()


@pytest.fixture(scope="module")
def blank(content: FormContent) -> Workbook:
    return load(write(content))


def test_every_cell_is_in_times_new_roman(blank: Workbook) -> None:
    fonts = {cell.font.name for sheet in blank for row in sheet.iter_rows() for cell in row}
    assert fonts == {"Times New Roman"}


@pytest.mark.parametrize("table", TEMPLATE.tables, ids=lambda t: t.key)
def test_tables_print_on_landscape_a4_one_page_wide_under_their_header(blank: Workbook, table: Table) -> None:
    sheet = blank[table.sheet]
    header = tag_row(sheet, table) + 1
    page = sheet.page_setup
    assert (page.orientation, page.paperSize) == ("landscape", 9)
    assert (page.fitToWidth or 1, page.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${header}:${header}"
    footer = sheet.oddFooter
    assert footer is not None
    assert [str(part and part.text).strip() for part in (footer.left, footer.center, footer.right)] == [
        "Phòng Văn hóa - Xã hội",
        "tháng 11/2026",
        "Trang &P/&N",
    ]


@pytest.mark.parametrize("table", TEMPLATE.tables, ids=lambda t: t.key)
def test_words_are_not_broken_and_rows_are_high_enough(
    blank: Workbook, content: FormContent, table: Table
) -> None:
    sheet = blank[table.sheet]
    line = 15.0  # points that Excel gives a line of Times New Roman 11
    for column in table.columns:
        assert all(width_needed(word) <= column.width for word in column.label.split())
        for row in content.rows[table.key]:
            text = row.locked.get(column.key, "")
            assert all(width_needed(word, bold=False) <= column.width for word in text.split())
            height = sheet.row_dimensions[cell_of(blank, table, row.code, "code").row].height
            assert height >= min(line_count(text, column.width) * line * 0.95, 409)


def test_the_guidance_explains_states_and_all_that_is_checked(blank: Workbook) -> None:
    sheet = blank["Hướng dẫn"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert texts[0] == "UBND XÃ PHƯỚC AN"
    assert "PHIẾU BÁO CÁO THÁNG 11/2026" in texts
    for choice in TEMPLATE.types["state"].choices:
        assert texts[texts.index(choice.label) + 1] == choice.meaning
    for _, rule in RULES:
        message = MESSAGES.messages[rule.code]
        at = texts.index(message.title)
        assert texts[at + 1 : at + 3] == [message.expected, message.mend]
    assert any("Phòng Văn hóa - Xã hội đúng hạn" in text for text in texts)
    assert not any("{" in text for text in texts)


def test_lines_of_a_known_text() -> None:
    text = "Tỷ lệ người dân có Sổ sức khỏe điện tử"  # 38 letters, about 231 pixels
    assert line_count(text, 40) == 1
    assert line_count(text, 28) == 2
    assert line_count(f"{text}\n\n{text}", 28) == 5
    assert line_count("", 10) == 1
    assert line_count("m" * 40, 10) > 5


@given(st.lists(st.text("aăđmW ", min_size=1, max_size=12), min_size=1, max_size=20), st.integers(6, 60))
def test_a_wider_column_never_takes_more_lines(words: list[str], width: int) -> None:
    text = " ".join(words)
    assert line_count(text, width + 40) <= line_count(text, width)
    assert line_count(f"{text} {text}", width) >= line_count(text, width)

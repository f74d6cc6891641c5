"""The leaders' page says what its workbook says, briefly and safely."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from pipeline.core.report.written import rounded
from pipeline.spec.page_words import Scheme
from tests.consolidated_reading import HEADER, column_of, load_book
from tests.demonstration import Demonstration
from tests.forms import PLAN
from tests.pages import MOST_BYTES, WORDS, Node, having, number_in, parsed, section, text_of
from tests.table_rows import LOOKS


@pytest.fixture(scope="module", params=range(4), ids=["08", "09", "10", "11"])
def workbook(demonstration: Demonstration, request: pytest.FixtureRequest) -> Path:
    return demonstration.workbooks[int(request.param)]


@pytest.fixture(scope="module")
def book(workbook: Path) -> Workbook:
    return load_book(workbook.read_bytes())


@pytest.fixture(scope="module")
def shown(workbook: Path) -> Node:
    return parsed(workbook.with_suffix(".html").read_bytes())


def sheet_rows(book: Workbook, name: str, key: str) -> dict[str, dict[str, Any]]:
    """The rows of a sheet by the text in one column, each by its headings."""
    sheet = book[name]
    heads = {str(cell.value): cell.column for cell in sheet[HEADER] if cell.value}
    at = column_of(sheet, key)
    rows = range(HEADER + 1, sheet.max_row + 1)
    return {
        str(sheet.cell(r, at).value): {head: sheet.cell(r, c).value for head, c in heads.items()}
        for r in rows
    }


def assert_same(text: str, value: object, decimals: int) -> None:
    """A number on the page is that of the cell, rounded as the cell shows it."""
    if value in (None, LOOKS.absent):
        assert text == LOOKS.absent
    else:
        assert number_in(text) == rounded(float(str(value)), decimals)


# --- every figure is the workbook's ---------------------------------------------------------------


def test_the_head_has_the_figures_of_the_overview(book: Workbook, shown: Node) -> None:
    cells = {
        (c.row, c.column): c.value
        for row in book["Tổng quan"].iter_rows()
        for c in row
        if c.value is not None
    }
    tiles = {str(v): (r, c) for (r, c), v in cells.items()}
    mean, missing, sent = (LOOKS.overview.tiles[key].label for key in ("mean", "with_missing", "sent"))

    def below(label: str, rows: int) -> Any:
        row, column = tiles[label]
        return cells[row + rows, column]

    assert_same(text_of(having(shown, "figure")[0]), below(mean, 1), 1)
    notes = [text_of(n) for n in having(having(shown, "overall")[0], "note")]
    assert notes[0] == below(mean, 2)
    assert [text_of(n) for n in having(shown, "change")][:1] == [
        text for text in [cells.get((tiles[mean][0] + 3, tiles[mean][1]))] if text
    ]
    assert_same(notes[1], below(missing, 1), 1)
    assert f"{below(sent, 1).replace(' ', '')} đơn vị đã báo cáo" in text_of(section(shown, "nop"))
    texts = {str(value) for value in cells.values()}
    for name in ("authority", "status", "subtitle", "moment"):
        said = text_of(having(shown, name)[0])
        assert said in texts or said.upper() in texts


def test_the_counts_are_those_of_the_sheets(book: Workbook, shown: Node) -> None:
    late, unreported, asked = (number_in(text_of(a)) for a in having(shown, "answers")[0].xpath(".//b"))
    verdicts = [row["Đánh giá"] for row in sheet_rows(book, "Chỉ tiêu", "Mã").values()]
    register = sheet_rows(book, "Tình trạng nộp", "Mã").values()
    voices = sheet_rows(book, "Vướng mắc - Kiến nghị", "Ý kiến").values()
    assert late == sum(str(v).endswith("Chậm") for v in verdicts)
    assert unreported == sum(not row["Thời hạn"] for row in register)  # nothing usable has come
    assert asked == sum(row["Nội dung"] == "Kiến nghị, đề xuất" for row in voices)
    chips = [text_of(chip) for chip in having(having(shown, "legend")[0], "chip")]
    assert sum(int(chip.split()[-1]) for chip in chips) == len(verdicts)
    for chip in chips:
        label, _, count = chip.rpartition(" ")
        if "Chưa có đánh giá" not in label:
            assert int(count) == verdicts.count(label)


def test_every_group_has_its_figures(book: Workbook, shown: Node) -> None:
    sheet = book["Tổng quan"]
    heads = LOOKS.overview.group_columns
    (top,) = [c for row in sheet.iter_rows() for c in row if c.value == heads[0]]
    rows = having(section(shown, "nhom"), "row")
    assert len(rows) == 6
    for offset, row in enumerate(rows, 1):
        cells = [text_of(cell) for cell in row.xpath("./*")]
        name, listed, met, _, missing, mean, zero = (
            sheet.cell(top.row + offset, c).value for c in range(1, 8)
        )
        assert cells[0] == name
        assert (cells[3], cells[4]) == (f"{met}/{listed}", str(missing))
        if isinstance(mean, str):
            assert cells[1] == mean
        else:
            assert_same(cells[1], mean, 1)
        assert_same(cells[2], zero, 1)


def test_every_indicator_has_its_row(book: Workbook, shown: Node) -> None:
    rows = having(section(shown, "chi-tieu"), "row")
    wanted = sheet_rows(book, "Chỉ tiêu", "Mã")
    assert [text_of(having(row, "code")[0]) for row in rows] == list(wanted)
    for row, (code, cell) in zip(rows, wanted.items(), strict=True):
        result, target, attainment, _, verdict = (text_of(td) for td in row.xpath("./td"))
        assert (target, verdict) == (cell["Mục tiêu cả năm"], cell["Đánh giá"]), code
        assert cell["Chỉ tiêu"] in text_of(row)
        assert str(cell["Chủ trì"]) in text_of(row)
        if result.split()[0] in ("Có", "Chưa"):
            assert cell["Kết quả"] == (result.split()[0] == "Có")
        else:
            decimals = 4 if cell["Đơn vị tính"] == "Chỉ số" else 2
            assert_same(result, cell["Kết quả"], decimals)
        assert_same(attainment, cell["Hoàn thành (%)"], 1)
        if "↑" in result or "↓" in result:
            arrow, by = result.split()[-2:]
            assert number_in(by) == rounded(abs(cell["Tăng, giảm"]), 4 if code == "V.1" else 2)
            assert arrow == ("↑" if cell["Tăng, giảm"] > 0 else "↓")


def test_every_unit_has_its_card(book: Workbook, shown: Node) -> None:
    wanted = sheet_rows(book, "Đơn vị", "Mã")
    rows = section(shown, "bang-diem").xpath(".//tbody/tr")
    assert len(rows) == len(wanted)
    names = {unit.short_name: unit.id for unit in PLAN.expected_units}
    results = LOOKS.sheet_by_key["units"].column_by_key["results"].label
    for row in rows:
        cells = row.xpath("./*")
        card = wanted[names[cells[1].text.strip()]]
        assert text_of(cells[0]) == (str(card["Hạng đề xuất"]) if card["Hạng đề xuất"] else LOOKS.absent)
        assert_same(text_of(cells[2]), card["Tổng điểm"], 1)
        assert (card["Xếp loại đề xuất"] or "") in text_of(cells[1])
        rests_on_none = card[results] is None and card["Tổng điểm"] is not None
        note = str(card["Ghi chú"] or "") if rests_on_none else ""
        assert [text_of(about) for about in having(cells[1], "about")] == [
            text for text in (card["Xếp loại đề xuất"], note) if text
        ]
    kt = wanted["KT"]["Ghi chú"]
    assert str(kt).startswith("Kỳ này chưa có chỉ tiêu đến hạn")
    assert kt in text_of(section(shown, "bang-diem"))
    assert "đề xuất" in text_of(section(shown, "bang-diem").xpath("./h2")[0])


def test_what_is_late_comes_in_the_order_of_the_overview(demonstration: Demonstration) -> None:
    root = parsed(demonstration.workbooks[-1].with_suffix(".html").read_bytes())
    codes = [text_of(having(item, "code")[0]) for item in having(root, "late")[0].xpath("./li")]
    assert codes == ["III.1", "IV.3", "V.10", "V.21", "V.30", "V.19", "IV.1"]
    first = text_of(having(root, "late")[0].xpath("./li")[2])
    assert "44,50% Mục tiêu ≥ 80%" in first
    assert "Còn thiếu 35,50 điểm phần trăm" in first
    assert "Chủ trì: TT PVHCC" in first


def test_it_bears_the_mark_of_a_demonstration(shown: Node) -> None:
    assert "(số liệu minh họa)" in text_of(having(shown, "subtitle")[0])


# --- sound to read --------------------------------------------------------------------------------


def test_the_page_is_one_file_without_scripts(workbook: Path) -> None:
    data = workbook.with_suffix(".html").read_text(encoding="utf-8")
    root = parsed(data.encode())
    assert root.xpath("//script | //iframe | //object | //form | //img | //@onclick | //@onload") == []
    assert {str(link) for link in root.xpath("//@href | //@src")} == {
        "data:,",
        *(f"#{name}" for name in ("noi-dung", "cham", "nop", "kien-nghi", "nhom", "dien-bien", "bang-diem")),
        *("#vuong-mac", "#chi-tieu"),
    }
    assert "http://" not in data
    assert "https://" not in data
    assert "url(" not in data


def test_the_page_of_the_demonstration_is_short(workbook: Path) -> None:
    assert len(workbook.with_suffix(".html").read_bytes()) < MOST_BYTES


def test_landmarks_and_headings_are_in_order(shown: Node) -> None:
    assert shown.get("lang") == "vi"
    assert [child.tag for child in shown.xpath("/html/body/*")] == ["a", "header", "main", "footer"]
    levels = [int(node.tag[1]) for node in shown.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(now - before <= 1 for before, now in pairwise(levels))
    ids = [str(name) for name in shown.xpath("//@id")]
    assert len(ids) == len(set(ids))
    pointed = [*shown.xpath("//@for"), *(h[1:] for h in shown.xpath("//a/@href"))]
    pointed += [part for names in shown.xpath("//@aria-labelledby") for part in str(names).split()]
    assert set(map(str, pointed)) <= set(ids)


def test_tables_have_captions_and_heads(shown: Node) -> None:
    tables = shown.xpath("//table")
    assert len(tables) >= 3
    for table in tables:
        assert text_of(table.xpath("./caption")[0])
        assert table.xpath(".//thead//th[not(@scope='col')]") == []
        assert table.xpath(".//tbody//th[not(@scope='row' or @scope='rowgroup')]") == []
        assert table.xpath(".//tbody/tr[not(./th)]") == []


def test_every_drawing_has_a_name_and_says_its_figures(shown: Node) -> None:
    drawings = shown.xpath("//*[local-name()='svg']")
    assert len(drawings) > 30
    for drawing in drawings:
        assert drawing.get("role") == "img"
        assert all(text_of(drawing.xpath(f"./*[local-name()='{part}']")[0]) for part in ("title", "desc"))


def test_a_state_is_never_told_by_colour_alone(shown: Node) -> None:
    for chip in having(shown, "chip"):
        assert len(text_of(chip).split()) >= 2


def contrast(one: str, other: str) -> float:
    """Of two colours, after WCAG 2.2."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lower, upper = sorted((light(one), light(other)))
    return (upper + 0.05) / (lower + 0.05)


def text_pairs(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for ink in (scheme.ink, scheme.muted, scheme.title, scheme.link):
        yield from ((ink, scheme.paper), (ink, scheme.tile))
    yield from ((scheme.second, scheme.paper), (scheme.paper, scheme.title))
    yield from ((tone.ink, tone.fill) for tone in scheme.colours.values())


@pytest.mark.parametrize("scheme", [WORDS.light, WORDS.dark], ids=["light", "dark"])
def test_every_text_can_be_read(scheme: Scheme) -> None:
    assert {pair: round(c, 2) for pair in text_pairs(scheme) if (c := contrast(*pair)) < 4.5} == {}
    assert contrast(scheme.bar, scheme.border) > 1.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)

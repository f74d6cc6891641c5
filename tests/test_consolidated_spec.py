"""The looks of the consolidated workbook as data: complete, readable, and refused where faulty."""

from collections.abc import Callable

import pytest

from pipeline.base.errors import SpecError
from pipeline.core.targets import COLOURS
from pipeline.edges.text_fit import width_needed
from pipeline.spec.consolidated import Sheet, load_consolidated
from tests.forms import SCHEMAS
from tests.table_rows import LOOKS

TEXT = (SCHEMAS / "consolidated.toml").read_text(encoding="utf-8")
WGL4 = "–●○▲▼►◊□▫◦"  # signs of Windows Glyph List 4: every Times New Roman has them
READABLE = 4.5  # contrast that WCAG asks of text


def test_every_verdict_has_words_and_the_colour_of_its_meaning() -> None:
    assert {key: status.colour for key, status in LOOKS.statuses["verdict"].items()} == COLOURS


def test_words_of_the_verdicts() -> None:
    assert {key: status.label for key, status in LOOKS.statuses["verdict"].items()} == {
        "met": "Đã đạt",
        "on_track": "Đúng tiến độ",
        "warning": "Cảnh báo",
        "behind": "Chậm",
        "insufficient": "Chưa đủ số liệu",
        "not_due": "Chưa đến kỳ",
        "no_activity": "Không phát sinh",
        "no_figure": "Chưa có kết quả",
        "missing": "Chưa có số liệu",
        "not_owed": "Không bắt buộc",
    }
    assert [colour.word for colour in LOOKS.colours.values()] == ["Xanh", "Vàng", "Đỏ", "Xám"]


@pytest.mark.parametrize("vocabulary", LOOKS.statuses)
def test_a_sign_tells_colours_apart_without_colour(vocabulary: str) -> None:
    statuses = LOOKS.statuses[vocabulary].values()
    assert all(status.sign in WGL4 for status in statuses)
    pairs = {(status.sign, status.colour) for status in statuses}
    assert len({sign for sign, _ in pairs}) == len(pairs)
    assert len({status.text for status in statuses}) == len(statuses)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("key", LOOKS.colours)
def test_ink_is_readable_on_its_fill(key: str) -> None:
    assert contrast(LOOKS.colours[key].ink, LOOKS.colours[key].fill) >= READABLE


def test_other_inks_are_readable_where_they_stand() -> None:
    palette = LOOKS.palette
    for fill in (palette.paper, palette.tile, palette.header, palette.bar, palette.heat[1]):
        assert contrast(palette.ink, fill) >= READABLE
    for ink in (palette.muted, palette.title, *palette.series):
        assert contrast(ink, palette.paper) >= READABLE


@pytest.mark.parametrize("sheet", LOOKS.sheets, ids=lambda sheet: sheet.key)
def test_columns_are_wide_enough_for_every_word_they_are_sure_to_hold(sheet: Sheet) -> None:
    for column in sheet.columns:
        assert all(width_needed(word) <= column.width for word in column.label.split())
        for status in LOOKS.statuses[column.vocabulary].values() if column.vocabulary else ():
            assert width_needed(status.text) <= column.width, status.text


FAULTS: dict[str, tuple[Callable[[str], str], str]] = {
    "unknown key": (lambda t: t.replace("font_size     =", "size_of_font ="), "size_of_font: khóa lạ"),
    "a colour too few": (lambda t: t.replace("[colours.grey]", "[colours.gray]"), "colours: phải có đúng"),
    "a colour that is none": (lambda t: t.replace('colour = "red"', 'colour = "pink"'), "«pink» không dùng"),
    "a table too few": (
        lambda t: t.replace('key     = "voices"', 'key     = "voice"'),
        "sheets: phải có đúng",
    ),
    "two sheets of one name": (lambda t: t.replace('"Đơn vị"\ntitle', '"Chỉ tiêu"\ntitle'), "«chỉ tiêu»"),
    "a forbidden name": (lambda t: t.replace('"Vướng mắc - Kiến nghị"\ntitle', '"A/B"\ntitle'), "«a/b»"),
    "a column twice": (lambda t: t.replace('key = "result"', 'key = "measure"'), "«measure» có 2 lần"),
    "a status without words": (lambda t: t.replace(', vocabulary = "receipt"', ""), "receipt.vocabulary"),
    "words that do not exist": (lambda t: t.replace('legend  = "verdict"', 'legend = "x"'), "bộ từ «x»"),
    "a link to nowhere": (lambda t: t.replace('{ sheet = "facts"', '{ sheet = "fact"'), "trang «fact»"),
    "too much frozen": (lambda t: t.replace("frozen  = 3", "frozen = 99"), "frozen: lớn hơn số cột"),
    "a block too few": (lambda t: t.replace("blocks.remarks]", "blocks.remark]"), "overview.blocks: phải có"),
    "a tile too few": (lambda t: t.replace("tiles.sent]", "tiles.send]"), "overview.tiles: phải có"),
    "navigation to nowhere": (
        lambda t: t.replace('nav           = ["', 'nav = ["x", "'),
        "không có trang «x»",
    ),
    "a split of nothing": (
        lambda t: t.replace('splits  = "text"', 'splits = "words"'),
        "không có cột «words»",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_refused_with_the_place(fault: str) -> None:
    spoil, expected = FAULTS[fault]
    spoiled = spoil(TEXT)
    assert spoiled != TEXT
    with pytest.raises(SpecError) as refused:
        load_consolidated("consolidated.toml", spoiled)
    assert any(expected in line for line in refused.value.faults), refused.value.faults


def test_faults_are_told_all_at_once() -> None:
    spoiled = TEXT.replace('legend  = "verdict"', 'legend = "x"').replace('splits  = "text"', 'splits = "y"')
    with pytest.raises(SpecError) as refused:
        load_consolidated("consolidated.toml", spoiled)
    assert len(refused.value.faults) == 2

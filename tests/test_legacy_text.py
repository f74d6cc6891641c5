"""Forms with text from before Unicode: understood where the font says so, named where only the text does."""

import io
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.workbook import Workbook as Book

from pipeline.base.legacy import Encoding
from pipeline.base.sheet import Cell, CellKind, Sheet, Stretch, Workbook
from pipeline.base.text import SOFT_HYPHEN, visible
from pipeline.core.identify import identify
from pipeline.core.intake import Judgement, Returned, judge, kept_findings
from pipeline.core.legacy_text import in_unicode, suspected
from pipeline.edges.reading.workbook import read_workbook
from pipeline.run.month import run_month
from pipeline.run.workspace import Workspace
from pipeline.spec.form import Place
from tests.forms import AFTER, MESSAGES, PERIOD, PLAN, SCHEMAS, TEMPLATE, cell_of, issued, load, valid, write
from tests.office import convert
from tests.test_legacy import TO_TCVN3, TO_VNI, encoded

Texts = Mapping[Place, str]

EVIDENCE = "Báo cáo số 45/BC-CA ngày 14/11/2026 của Công an xã"
REASON = "Chờ phòng nghiệp vụ cung cấp"
WORK = "Rà soát quy chế, đổi mới lề lối làm việc"
GOING = "Đang thực hiện, đúng tiến độ"
OBSTACLE = "Thiếu máy tính; đường truyền chậm.\nĐề nghị cấp kinh phí."
TYPED: Texts = {
    ("indicators", "V.20", "numerator"): "1.688",
    ("indicators", "V.20", "denominator"): "2.945",
    ("indicators", "V.20", "evidence"): EVIDENCE,
    ("indicators", "V.28", "state"): "Có số liệu",
    ("indicators", "V.30", "state"): "Chưa có số liệu",
    ("indicators", "V.30", "explanation"): REASON,
    ("tasks", "DV.1", "work"): WORK,
    ("tasks", "DV.1", "state"): GOING,
    ("tasks", "DV.1", "date_done"): "ngày 05 tháng 11 năm 2026",
    ("narratives", "KK", "text"): OBSTACLE,
}
# Where of those something else stands than is read; figures read the same in any font.
READ_ANEW = {"Chỉ tiêu": "M7 L8 L9 N9", "Nhiệm vụ": "B7 H7 J7", "Nội dung báo cáo": "D10"}
FONTS = {"tcvn3": (".VnTime", TO_TCVN3), "vni": ("VNI-Times", TO_VNI)}


def the_form(unit: str = "CA") -> Book:
    """A valid form of a unit, but for V.30 of the police, which is left blank."""
    rows = [row for row in issued(unit).rows["indicators"] if row.code != "V.30"]
    return load(
        write(issued(unit), {("indicators", r.code, key): v for r in rows for key, v in valid(r).items()})
    )


def type_into(book: Book, texts: Texts, font: str, table: Mapping[str, str]) -> Book:
    for (key, code, column), text in texts.items():
        cell = cell_of(book, TEMPLATE.table(key), code, column)
        cell.value, cell.font = encoded(text, table), Font(name=font)
    return book


def saved(book: Book) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def judged(data: bytes, unit: str = "CA") -> Judgement:
    return judge([Returned("0" * 64, read_workbook(data), issued(unit))], TEMPLATE, MESSAGES)[0]


def codes(found: Judgement) -> list[tuple[str, str, str]]:
    return [(f.code, f.sheet, " ".join(f.cells)) for f in found.findings]


def assert_understood(found: Judgement) -> None:
    facts = {fact.indicator: fact for fact in found.facts}
    assert facts["V.20"].evidence == EVIDENCE
    assert (facts["V.20"].numerator, facts["V.20"].numerator_raw) == (1688.0, "1.688")
    assert [facts[code].state for code in ("V.28", "V.30")] == ["reported", "no_data"]
    assert facts["V.30"].explanation == REASON
    (task,) = found.tasks
    assert (task.work, task.state, task.date_done) == (WORK, "going", "2026-11-05")
    (narrative,) = found.narratives
    assert narrative.text == OBSTACLE
    assert found.outcome == "valid"
    assert codes(found) == [("C17", sheet, cells) for sheet, cells in READ_ANEW.items()]


# --- where the font says so -----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", FONTS)
def test_a_form_in_a_legacy_font(encoding: str) -> None:
    found = judged(saved(type_into(the_form(), TYPED, *FONTS[encoding])))
    assert_understood(found)
    said = kept_findings("0" * 64, found.findings, MESSAGES)[0]
    assert said.severity == "note"
    assert said.found == (
        "4 ô dùng phông của bảng mã cũ (.Vn…, VNI-…) và được đọc theo phông ấy;"
        f" ô đầu tiên được đọc là «{EVIDENCE}»."
    )


@pytest.mark.parametrize(("kind", "encoding"), [("xlsx", "tcvn3"), ("xls", "vni"), ("ods", "tcvn3")])
def test_saved_again_by_libreoffice(kind: str, encoding: str, tmp_path: Path) -> None:
    source = tmp_path / "phieu.xlsx"
    source.write_bytes(saved(type_into(the_form(), TYPED, *FONTS[encoding])))
    (tmp_path / "out").mkdir()
    assert_understood(judged(convert(source, kind, tmp_path / "out").read_bytes()))


def test_a_font_of_capitals() -> None:
    place: Place = ("narratives", "KK", "text")
    found = judged(saved(type_into(the_form(), {place: "Đề nghị cấp máy"}, ".VnTimeH", TO_TCVN3)))
    assert found.narratives[0].text == "ĐỀ NGHỊ CẤP MÁY"


def test_a_text_in_several_fonts_is_read_part_by_part() -> None:
    book = the_form()
    parts = (
        (".VnTimeH", "Khó khăn"),
        (".VnTime", ": thiếu máy"),
        ("Arial", "; Đạt một nửa"),
        ("VNI-Times", ", chờ"),
    )
    tables: Mapping[str, Mapping[str, str]] = {".VnTimeH": TO_TCVN3, ".VnTime": TO_TCVN3, "VNI-Times": TO_VNI}
    blocks = [TextBlock(InlineFont(rFont=font), encoded(text, tables.get(font, {}))) for font, text in parts]
    cell_of(book, TEMPLATE.table("narratives"), "KK", "text").value = CellRichText(*blocks)
    found = judged(saved(book))
    assert found.narratives[0].text == "KHÓ KHĂN: thiếu máy; Đạt một nửa, chờ"


def test_locked_cells_typed_anew_in_a_legacy_font_are_not_altered() -> None:
    row = issued("CA").rows["indicators"][0]
    texts: Texts = {("indicators", row.code, key): text for key, text in row.locked.items()}
    found = judged(saved(type_into(the_form(), texts, *FONTS["tcvn3"])))
    assert [f.code for f in found.findings if f.code != "R01"] == ["C17"]


def test_identity_in_visible_cells_of_a_legacy_font() -> None:
    book = the_form()
    del book[TEMPLATE.identity.sheet]
    sheet = book["Chỉ tiêu"]
    for address, text in (("C3", "Mã đơn vị"), ("E3", "Công an xã"), ("F3", "Kỳ báo cáo")):
        sheet[address].value, sheet[address].font = encoded(text, TO_TCVN3), Font(name=".VnTimeH")
    del book["Nhiệm vụ"], book["Nội dung báo cáo"], book["Hướng dẫn"]
    found = identify(read_workbook(saved(book)), {1: TEMPLATE}, lambda _: PLAN, PERIOD)
    assert (found.unit, found.period) == (PLAN.unit_by_id["CA"], PERIOD)
    assert [f.code for f in found.findings] == ["F10"]


def test_the_month_and_what_goes_back_are_in_unicode(tmp_path: Path) -> None:
    """All text is in TCVN3; one figure is to be mended."""
    wrong: Texts = {**TYPED, ("indicators", "V.20", "numerator"): "trên 98%"}
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.xlsx").write_bytes(saved(type_into(the_form(), wrong, *FONTS["tcvn3"])))
    result = run_month(Workspace(tmp_path, None, AFTER), PERIOD, lambda line: None)
    assert [f.code for f in result.verdicts[0].findings] == ["C17", "C17", "C17", "C04"]
    assert "Ô ghi «trên 98%»" in result.verdicts[0].findings[3].found
    texts = [c.text for s in read_workbook(result.workbooks[0].read_bytes()).sheets for c in s.cells.values()]
    assert any(OBSTACLE in text for text in texts)
    assert {WORK, REASON} <= set(texts)
    (answer,) = (tmp_path / "outbox" / str(PERIOD) / "phan-hoi").glob("*.xlsx")
    back = load(answer.read_bytes())
    for (table, code, column), text in wrong.items():
        if column in ("evidence", "explanation", "state", "work", "text"):
            assert cell_of(back, TEMPLATE.table(table), code, column).value == text


# --- where the font says so, but is wrong ---------------------------------------------------------


@pytest.mark.parametrize("font", [".VnTime", ".VnTimeH", "VNI-Times"])
def test_unicode_under_a_legacy_font_stays(font: str) -> None:
    """Somebody marked whole sheets and chose a font; "Công an xã" and "Có" would read as other words."""
    book = the_form("VHXH")
    type_into(book, {("indicators", "III.1", "evidence"): "Báo cáo"}, font, {})
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                cell.font = Font(name=font)
    found = judged(saved(book), "VHXH")
    assert (found.outcome, found.findings) == ("valid", ())
    assert next(f for f in found.facts if f.indicator == "III.1").evidence == "Báo cáo"


def test_a_choice_of_the_form_stays_under_any_font() -> None:
    for font in (".VnTime", "VNI-Times"):
        found = judged(
            saved(type_into(the_form("VHXH"), {("indicators", "III.1", "result"): "Có"}, font, {})), "VHXH"
        )
        assert found.findings == ()
        assert next(f for f in found.facts if f.indicator == "III.1").value == 1.0


def legacy_cell(row: int, text: str, encoding: Encoding = "tcvn3") -> Cell:
    return Cell(row, 1, CellKind.TEXT, text, legacy=(Stretch(0, len(text), encoding),))


def understood(*cells: Cell) -> tuple[list[object], set[int]]:
    """The values, and the rows of those that were converted."""
    sheet = Sheet("S", False, {(cell.row, 1): cell for cell in cells})
    found = in_unicode(Workbook((sheet,)), TEMPLATE)
    (after,) = found.workbook.sheets
    return [cell.value for cell in after.cells.values()], {row for row, _ in found.converted["S"]}


def test_what_could_be_either_is_told_by_its_neighbours() -> None:
    assert understood(legacy_cell(1, "Bé")) == (["Bộ"], {1})
    assert understood(legacy_cell(1, "Bé"), legacy_cell(2, "h¹ tÇng")) == (["Bộ", "hạ tầng"], {1, 2})
    assert understood(legacy_cell(1, "Bé"), legacy_cell(2, "Đạt")) == (["Bé", "Đạt"], set())
    assert understood(legacy_cell(1, "h¹ tÇng"), legacy_cell(2, "Đạt")) == (["hạ tầng", "Đạt"], {1})


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_letter_that_only_unicode_has_proves_unicode(form: Literal["NFC", "NFD"]) -> None:
    """Though QĐ is no word."""
    text = unicodedata.normalize(form, "QĐ 45 của xã")
    assert understood(legacy_cell(1, text)) == ([text], set())


def test_what_reads_the_same_is_not_converted() -> None:
    for text in ("45/BC-CA", "http://a.vn/b?c=d", "a@b.vn", "85 %"):
        assert understood(legacy_cell(1, text, "tcvn3_capitals")) == ([text], set())


@given(st.text(max_size=30), st.lists(st.integers(0, 30), min_size=2, max_size=6), st.sampled_from([*FONTS]))
def test_outside_of_its_stretches_a_text_stays(text: str, cuts: list[int], encoding: Encoding) -> None:
    ends = sorted({min(cut, len(text)) for cut in cuts})
    stretches = tuple(Stretch(a, b, encoding) for a, b in zip(ends[::2], ends[1::2], strict=False))
    (value,), _ = understood(Cell(1, 1, CellKind.TEXT, text, legacy=stretches))
    assert isinstance(value, str)
    before, after = (text[: stretches[0].start], text[stretches[-1].end :]) if stretches else (text, "")
    assert value.startswith(visible(before, SOFT_HYPHEN))
    assert value.endswith(visible(after, SOFT_HYPHEN))


# --- where only the text shows it -----------------------------------------------------------------

FOREIGN = [
    "Forêt où l'été français, maître Noël; à côté de l'hôpital, thaï naïf, Çà et là, goût août dû très prêt",
    "résumé, façade, café crème brûlée, déjà-vu, Hanoï, Saïgon, Aÿ, œuvre",
    "El Niño, señor, mañana, años, São Paulo, não, informações",
    "Für schöne Mädchen in Köln, Müller & Söhne, Straße",
    "The plan of the commune, in English: 85.5 % of 1,688 files",
    "https://phuocan.dongnai.gov.vn/tin?id=45&x=%C3%A9 a.b@c.gov.vn 45/BC-VHXH V.20 §5 «Có» “tốt” – hộ¹ dân²",
    "5 µm, 10 µg, 3 × 4, 10÷20, 2m×3m, 5m÷6m, ½, ¼, 25 °C, ±2, m², m³, ® ©",
    "Tôt môt hôc nôp chôt côt",
    "Ð¸p ¸n",
    "Có",
    "",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_no_alarm(text: str) -> None:
    assert suspected(text) is None


def documents() -> list[str]:
    paths = [*SCHEMAS.glob("*.toml"), *SCHEMAS.parent.glob("*.md"), *SCHEMAS.parent.glob("docs/*.md")]
    return [path.read_text(encoding="utf-8") for path in paths]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_no_alarm_on_any_line_of_our_own_documents(form: Literal["NFC", "NFD"]) -> None:
    for text in documents():
        whole = unicodedata.normalize(form, text)
        told = [line for line in (*whole.splitlines(), whole) if suspected(line)]
        assert told == []


def long_enough(text: str) -> bool:
    return sum(not word.isascii() for word in set(text.split())) >= 8


SENTENCES = sorted(
    {task.work for task in PLAN.tasks}
    | {m.mend for m in MESSAGES.messages.values()}
    | {s.help for s in TEMPLATE.sections}
)


@pytest.mark.parametrize("encoding", FONTS)
def test_an_alarm_for_every_sentence_in_a_legacy_encoding(encoding: str) -> None:
    sentences = [s.lower() for s in SENTENCES if long_enough(s) and "«" not in s]
    assert len(sentences) > 30
    assert {s: suspected(encoded(s, FONTS[encoding][1])) for s in sentences} == {s: s for s in sentences}


def test_a_suspected_text_is_named_and_kept_as_it_was_typed() -> None:
    place: Place = ("narratives", "KK", "text")
    stored = encoded("Thiếu máy tính ở xã Phước An", TO_TCVN3)
    found = judged(saved(type_into(the_form(), {place: stored}, "Times New Roman", {})))
    told = [f for f in found.findings if f.code != "R01"]
    assert [(f.code, f.sheet, f.cells, f.row_code) for f in told] == [
        ("C16", "Nội dung báo cáo", ("D10",), "KK")
    ]
    said = kept_findings("0" * 64, told, MESSAGES)[0]
    assert stored in said.found
    assert (said.severity, "có nghĩa là «Thiếu máy tính ở xã Phước An»" in said.found) == ("warning", True)
    # With its soft hyphens, which are the letter ư.
    assert found.narratives[0].text == stored
    assert "\u00ad" in stored


def test_a_long_text_is_shown_in_part_and_kept_whole() -> None:
    place: Place = ("narratives", "KK", "text")
    stored = encoded(f"{OBSTACLE}\n" * 20, TO_VNI).strip()
    found = judged(saved(type_into(the_form(), {place: stored}, "Times New Roman", {})))
    said = kept_findings("0" * 64, [f for f in found.findings if f.code == "C16"], MESSAGES)[0]
    assert "\n" not in said.found
    assert len(said.found) < 400
    assert found.narratives[0].text == stored


def test_a_text_that_was_converted_is_not_suspected() -> None:
    place: Place = ("narratives", "KK", "text")
    found = judged(saved(type_into(the_form(), {place: OBSTACLE}, *FONTS["tcvn3"])))
    assert {f.code for f in found.findings} == {"C17", "R01"}

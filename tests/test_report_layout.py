"""The rendered report obeys Nghị định 30/2020/NĐ-CP, Phụ lục I, element by element, in its own XML."""

import re

import pytest

from tests.forms import PLAN
from tests.reports import built, rendered, two_months
from tests.word import TWIPS, Document, Element, Paragraph, W, all_text

# Advance widths of Times New Roman bold, in thousandths of the size; an accent adds nothing.
TIENGU, TIENGU_WIDTH = "Độc lập - Tự do - Hạnh phúc", 12185
ISSUER, ISSUER_WIDTH = "PHÒNG VĂN HÓA - XÃ HỘI", 13083
APPENDICES = (
    "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU",
    "TÌNH HÌNH THỰC HIỆN NHIỆM VỤ",
    "TÌNH TRẠNG NỘP PHIẾU BÁO CÁO",
)
CHAPTERS = (
    "I. CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO",
    "II. KẾT QUẢ THỰC HIỆN",
    "III. NHẬN XÉT, ĐÁNH GIÁ",
    "IV. KHÓ KHĂN, VƯỚNG MẮC VÀ ĐỀ XUẤT, KIẾN NGHỊ",
    "V. PHƯƠNG HƯỚNG THÁNG TỚI",
)


@pytest.fixture(scope="module")
def document() -> Document:
    return Document(rendered(built(*two_months())))


def centimetres(node: Element, name: str, attribute: str) -> float:
    found = node.find(f"{W}{name}")
    assert found is not None
    return int(found.get(f"{W}{attribute}", "0")) / TWIPS


def line_length(paragraph: Paragraph, width: float) -> float:
    """How long, in centimetres, the line of a paragraph is that stands in `width` centimetres."""
    border = paragraph.node.find(f"{W}pPr/{W}pBdr/{W}top")
    if border is None:
        style = paragraph.styles.by_id[paragraph.style]
        border = style.find(f"{W}pPr/{W}pBdr/{W}top")
    assert border is not None
    assert border.get(f"{W}val") == "single"
    return width - (paragraph.twips("ind", "left") + paragraph.twips("ind", "right")) / TWIPS


def cell_width(paragraph: Paragraph) -> float:
    cell = paragraph.node.getparent()
    assert cell is not None
    width = cell.find(f"{W}tcPr/{W}tcW")
    assert width is not None
    return int(width.get(f"{W}w", "0")) / TWIPS


# --- page -----------------------------------------------------------------------------------------


def test_the_page_is_a4_with_the_margins_of_the_decree(document: Document) -> None:
    first, *appendices = document.sections
    assert len(appendices) == len(APPENDICES)
    assert round(centimetres(first, "pgSz", "w"), 1) == 21.0
    assert round(centimetres(first, "pgSz", "h"), 1) == 29.7
    for section in document.sections:
        for side, lowest, highest in (
            ("top", 2, 2.5),
            ("bottom", 2, 2.5),
            ("left", 3, 3.5),
            ("right", 1.5, 2),
        ):
            assert lowest - 0.01 <= centimetres(section, "pgMar", side) <= highest + 0.01, side


def test_appendices_lie_across_and_are_numbered_apart(document: Document) -> None:
    for section in document.sections[1:]:
        size = section.find(f"{W}pgSz")
        assert size is not None
        assert size.get(f"{W}orient") == "landscape"
        assert centimetres(section, "pgSz", "w") > centimetres(section, "pgSz", "h")
    for section in document.sections:
        number = section.find(f"{W}pgNumType")
        assert number is not None
        assert number.get(f"{W}start") == "1"


def test_the_page_number_stands_in_the_top_margin_but_not_on_the_first_page(document: Document) -> None:
    relations = {r.get("Id"): r.get("Target") for r in document.xml("word/_rels/document.xml.rels")}
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    for section in document.sections:
        assert section.find(f"{W}titlePg") is not None
        assert centimetres(section, "pgMar", "header") < centimetres(section, "pgMar", "top")
        assert section.find(f"{W}footerReference") is None
        headers = {
            h.get(f"{W}type"): document.xml(f"word/{relations[h.get(relation)]}")
            for h in section.findall(f"{W}headerReference")
        }
        assert all_text(headers["first"]).strip() == ""
        (node,) = headers["default"].findall(f"{W}p")
        paragraph = Paragraph(node, document.styles)
        assert [t.text for t in node.iter(f"{W}instrText")] == [" PAGE "]
        assert paragraph.value("jc") == "center"
        assert {run.size for run in paragraph.runs} == {14}


def test_every_letter_is_black_times_new_roman(document: Document) -> None:
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            assert run.fonts == {"Times New Roman"}, run.text
    colours = {
        c.get(f"{W}val")
        for part in ("document", "styles")
        for c in document.xml(f"word/{part}.xml").iter(f"{W}color")
    }
    assert colours <= {"000000"}
    assert not [name for name in document.parts if "theme" in name]


# --- head -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "sizes", "bold", "italic"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), True, False),
        (TIENGU, (13, 14), True, False),
        ("UBND XÃ PHƯỚC AN", (12, 13), False, False),
        (ISSUER, (12, 13), True, False),
        ("Số:", (13,), False, False),
        ("Phước An, ngày", (13, 14), False, True),
        ("BÁO CÁO", (14,), True, False),
        ("Kết quả triển khai", (14,), True, False),
        ("Kính gửi: ", (13, 14), False, False),
        ("TRƯỞNG PHÒNG", (13, 14), True, False),
        ("Nơi nhận:", (12,), True, True),
        ("- Như trên;", (11,), False, False),
        ("- Lưu: VT, VHXH.", (11,), False, False),
        ("Phụ lục I", (14,), True, False),
        (APPENDICES[0], (13, 14), True, False),
        ("(Kèm theo Báo cáo số", (13, 14), False, True),
        *((chapter, (13, 14), True, False) for chapter in CHAPTERS),
        ("1. Kết quả chung", (13, 14), True, False),
        ("a) Về phát triển hạ tầng", (13, 14), False, False),
    ],
)
def test_sizes_and_weights(
    document: Document, begins: str, sizes: tuple[int, ...], bold: bool, italic: bool
) -> None:
    runs = document.find(begins).runs
    assert runs
    for run in runs:
        assert run.size in sizes
        assert (run.bold, run.italic) == (bold, italic)


@pytest.mark.parametrize(
    "begins",
    [
        "CỘNG HÒA",
        TIENGU,
        ISSUER,
        "Số:",
        "Phước An, ngày",
        "BÁO CÁO",
        "Kết quả triển khai",
        "TRƯỞNG PHÒNG",
        "Phụ lục I",
    ],
)
def test_what_is_centred(document: Document, begins: str) -> None:
    paragraph = document.find(begins)
    assert paragraph.value("jc") == "center"
    assert paragraph.twips("ind", "firstLine") == 0


def test_the_state_stands_right_of_the_issuer(document: Document) -> None:
    head = document.tables[0]
    cells = [[all_text(c) for c in row.findall(f"{W}tc")] for row in head.findall(f"{W}tr")]
    assert cells[0][0].startswith("UBND XÃ PHƯỚC AN")
    assert cells[0][1].startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert cells[1] == ["Số:      /BC-VHXH", "Phước An, ngày      tháng 11 năm 2026"]


def test_the_line_below_the_motto_is_as_long_as_the_motto(document: Document) -> None:
    motto = document.find(TIENGU)
    length = line_length(document.after(TIENGU), cell_width(motto))
    text = TIENGU_WIDTH / 1000 * motto.runs[0].size / 72 * 2.54
    assert length == pytest.approx(text, abs=0.1)


def test_the_line_below_the_issuer_is_a_third_to_half_of_its_length(document: Document) -> None:
    issuer = document.find(ISSUER)
    length = line_length(document.after(ISSUER), cell_width(issuer))
    text = ISSUER_WIDTH / 1000 * issuer.runs[0].size / 72 * 2.54
    assert text < cell_width(issuer)  # on one line
    assert 1 / 3 <= length / text <= 1 / 2


def test_the_line_below_the_subject_is_a_third_to_half_of_its_length(document: Document) -> None:
    page = 21.0 - 3.0 - 1.5
    subject = document.find("Kết quả triển khai")
    room = page - (subject.twips("ind", "left") + subject.twips("ind", "right")) / TWIPS
    length = line_length(document.after("Kết quả triển khai"), page)
    assert 1 / 3 <= length / room <= 1 / 2  # the subject fills its first line


def test_the_number_is_left_blank_in_every_place(document: Document) -> None:
    assert document.text.count("/BC-VHXH") == 1 + len(APPENDICES)
    assert not re.search(r"\d */BC-VHXH", document.text)
    assert not re.search(r"ngày +\d+ +tháng \d+ năm 2026 của Phòng", document.text)


# --- body and foot --------------------------------------------------------------------------------


def test_the_body_is_justified_with_a_first_line_indent(document: Document) -> None:
    bodies = [p for p in document.paragraphs if p.style == "Normal" and p.text]
    assert len(bodies) > 40
    for paragraph in bodies:
        assert paragraph.value("jc") == "both"
        assert round(paragraph.twips("ind", "firstLine") / TWIPS, 2) in (1.0, 1.27)
        assert paragraph.twips("spacing", "after") >= 120  # 6 points
        assert 240 <= paragraph.twips("spacing", "line") <= 360
        assert {run.size for run in paragraph.runs} <= {13.0, 14.0}


def test_the_chapters_stand_in_their_order(document: Document) -> None:
    found = [p.text for p in document.paragraphs if p.style == "Heading1"]
    assert found == list(CHAPTERS)


def test_the_report_ends_as_it_must(document: Document) -> None:
    closing = document.find("Trên đây là Báo cáo")
    assert closing.text.endswith("./.")
    assert document.text.count("./.") == 1
    assert closing.has("keepNext")  # the signature never stands alone
    lines = [p.text for p in document.paragraphs if p.style == "DongNoiNhan"]
    assert PLAN.report is not None
    assert lines == ["- Như trên;", "- Các cơ quan, đơn vị báo cáo;", "- Lưu: VT, VHXH."]


def test_appendices_have_number_name_and_what_they_belong_to(document: Document) -> None:
    for number, name in zip(("I", "II", "III"), APPENDICES, strict=True):
        place = next(n for n, p in enumerate(document.paragraphs) if p.text == f"Phụ lục {number}")
        below = document.paragraphs[place + 1 : place + 3]
        assert below[0].text == name
        assert below[1].text == (
            "(Kèm theo Báo cáo số      /BC-VHXH ngày      tháng 11 năm 2026 của Phòng Văn hóa - Xã hội)"
        )


def test_tables_of_appendices_repeat_their_head_and_break_no_row(document: Document) -> None:
    for table in document.tables[2:]:
        first, *others = table.findall(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert others
        layout = table.find(f"{W}tblPr/{W}tblLayout")
        assert layout is not None
        assert layout.get(f"{W}type") == "fixed"  # a long word must not widen a column
        for row in (first, *others):
            assert row.find(f"{W}trPr/{W}cantSplit") is not None

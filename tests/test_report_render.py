"""Filling the template: faults told by name, foreign text that cannot tear the document, equal bytes."""

import io
import zipfile
from dataclasses import replace

import pytest

from pipeline.base.errors import OperatorError, SpecError
from pipeline.spec.report import Report
from tests.forms import AFTER
from tests.reports import DOCX, built, rendered, two_months
from tests.sent import sent, text
from tests.word import Document

CONTROL = "chuông\a, trang\f, ngăn\v, tab\t, \x00\x1b\x7f\ufffe\ud800 hết"


@pytest.fixture(scope="module")
def report() -> Report:
    return built(*two_months())


def changed(old: str, new: str, part: str = "word/document.xml", template: bytes = DOCX) -> bytes:
    """The template with one text of one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            content = before.read(name).decode()
            if name == part:
                assert old in content
                content = content.replace(old, new, 1)
            after.writestr(name, content)
    return buffer.getvalue()


# --- faults of the template -----------------------------------------------------------------------


def test_unknown_fields_are_told_by_name_all_at_once(report: Report) -> None:
    spoiled = changed("{{ subject }}", "{{ subjct }} {{ nguoi_ky }} {{ group.rows }}")
    with pytest.raises(SpecError) as raised:
        rendered(report, spoiled)
    assert raised.value.faults == (
        "không có trường «subjct»; có phải ý là «subject»?",
        "không có trường «nguoi_ky»",
        "không có trường «group»; có phải ý là «groups»?",
    )


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("{{ row.lead }}", "{{ row.leader }}", "row.leader"),
        ("for row in group.rows", "for row in group.lines", "group.lines"),
        ("for line in notes", "for line in remarks", "remarks"),
        ("{{ part.title }}", "{{ part.name }}", "part.name"),
        ("{{ opening }}", "{% if urgent %}{{ opening }}{% endif %}", "urgent"),
    ],
)
def test_unknown_fields_are_found_wherever_they_stand(report: Report, old: str, new: str, field: str) -> None:
    with pytest.raises(SpecError, match=f"không có trường «{field}»"):
        rendered(report, changed(old, new))


def test_unknown_fields_are_found_in_headers_and_properties(report: Report) -> None:
    header = changed("</w:p>", "<w:r><w:t>{{ ngay }}</w:t></w:r></w:p>", "word/header2.xml")
    with pytest.raises(SpecError, match="«ngay»"):
        rendered(report, header)
    with pytest.raises(SpecError, match="«tieu_de»"):
        rendered(report, changed("{{ subject }}", "{{ tieu_de }}", "docProps/core.xml"))


def test_a_field_that_word_has_split_is_one_field(report: Report) -> None:
    split = changed("{{ opening }}", "{{ open</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>ing }}")
    assert report.opening in Document(rendered(report, split)).text


@pytest.mark.parametrize(
    ("old", "new"),
    [("{%p endfor %}", ""), ("{{ opening }}", "{{ opening | }}"), ("{{ opening }}", "{% for %}")],
)
def test_a_slip_of_syntax_is_told(report: Report, old: str, new: str) -> None:
    with pytest.raises(SpecError, match="chưa đúng, hoặc thiếu endfor"):
        rendered(report, changed(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{{ opening }}", "{{ opening | bogus }}"),
        ("{{ opening }}", "{{ opening + 1 }}"),
    ],
)
def test_what_cannot_be_filled_is_told(report: Report, old: str, new: str) -> None:
    with pytest.raises(OperatorError, match="Không điền được mẫu bao-cao"):
        rendered(report, changed(old, new))


def test_a_condition_that_tears_a_table_is_told_not_mended_by_loss(report: Report) -> None:
    begun = changed("{{ closing }}", "{% if not notes %}{{ closing }}")
    with pytest.raises(OperatorError, match="Không điền được mẫu bao-cao"):
        rendered(report, changed("{{ signer_role }}", "{% endif %}{{ signer_role }}", template=begun))


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", DOCX[:4000], DOCX.replace(b"word/document.xml", b"word/documents.xm")],
    ids=["nothing", "another kind", "cut", "without its body"],
)
def test_what_is_no_word_document_is_told(report: Report, data: bytes) -> None:
    with pytest.raises(OperatorError, match="không phải là tệp Word"):
        rendered(report, data)


def test_a_field_left_out_is_no_fault_but_is_named(report: Report) -> None:
    from pipeline.edges.report.render import render

    told = render(changed("{{ opening }}", "Kính báo cáo:"), "bao-cao.docx", report, AFTER)
    assert told.unused == ("opening",)
    assert render(DOCX, "bao-cao.docx", report, AFTER).unused == ()


def test_a_condition_and_a_loop_counter_are_the_offices_right(report: Report) -> None:
    free = changed(
        "{{ opening }}",
        "{% if notes %}{{ opening }}{% endif %}{% set k = 7 %}{{ k }}"
        "{% for n in notes %}{{ loop.index }}{% endfor %}",
    )
    assert "7123" in Document(rendered(report, free)).text


# --- foreign text ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "foreign",
    [
        "R&D <b>đậm</b> \"ngoặc\" 'đơn' </w:t>",
        "{{ subject }} {% for x in y %} {# #} }} %}",
        '=HYPERLINK("http://a.example")',
        "&amp; &lt; &#x41;",
        "😀 𠀀 – “ngoặc” ‘đơn’",
        "x" * 3000,
        "một " * 2000,
    ],
)
def test_what_units_write_stands_there_word_for_word(foreign: str) -> None:
    told = built(sent("CA", text("KK", foreign)))
    document = Document(rendered(told))  # every part is well formed
    assert f"- Công an xã: {foreign.strip()}" in [p.text for p in document.paragraphs]


def test_control_characters_become_blanks() -> None:
    told = built(sent("CA", text("KK", "một")))
    odd = replace(
        told,
        obstacles=(f"- {CONTROL}",),
        submissions=tuple(replace(r, unit=CONTROL) for r in told.submissions),
    )
    document = Document(rendered(odd))
    assert "- chuông , trang , ngăn , tab , hết" in [" ".join(p.text.split()) for p in document.paragraphs]
    assert len(document.paragraphs) == len(Document(rendered(told)).paragraphs)


def test_foreign_text_in_every_field_leaves_the_document_whole(report: Report) -> None:
    odd = replace(report, subject="a & b < c", issuer="<&>", recipients=("- {{ x }};",), signer_role="&")
    document = Document(rendered(odd))
    assert document.find("a & b < c")
    assert document.find("- {{ x }};")


# --- the file -------------------------------------------------------------------------------------


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert rendered(report) == rendered(report)


def test_nothing_of_the_template_language_is_left(report: Report) -> None:
    document = Document(rendered(report))
    for name, content in document.parts.items():
        assert not [mark for mark in (b"{{", b"{%", b"}}", b"%}") if mark in content], name


def test_the_properties_name_subject_and_moment_and_no_person(report: Report) -> None:
    properties = Document(rendered(report)).parts["docProps/core.xml"].decode()
    assert f"Báo cáo: {report.subject}" in properties
    assert "2026-11-24T01:00:00Z" in properties
    assert (
        "creator" not in properties
        or "<dc:creator></dc:creator>" in properties
        or "<dc:creator/>" in properties
    )

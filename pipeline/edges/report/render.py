"""Fill the Word template with the report. Faults of the template are told by name before anything is
written."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from docx.opc.exceptions import OpcError
from docxtpl.template import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError, fromstring

from pipeline.base.errors import OperatorError, SpecError
from pipeline.edges.report.fields import nearest, unknown_fields, unused_fields
from pipeline.edges.report.package import repacked
from pipeline.spec.report import Report

_NOT_WORD = "không phải là tệp Word (.docx) đọc được. Hãy lấy lại bản gốc, hoặc mở bằng Word rồi lưu lại."
_NOT_IN_XML = re.compile("[^\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")
_PLACES = ("author", "comments", "identifier", "language", "subject", "title")
"""The properties of a document in which docxtpl fills fields as well."""


@dataclass(frozen=True)
class Rendered:
    """The document, and the fields of the report that the template leaves out."""

    document: bytes
    unused: tuple[str, ...]


def render(template: bytes, name: str, report: Report, made_at: datetime) -> Rendered:
    """Fill `template`, called `name` in messages; the same report gives the same bytes.

    Raises `SpecError` with every field that the report does not have, and `OperatorError` for a file
    that is no Word document or cannot be filled.
    """
    document = _open(template, name)
    env = ImmutableSandboxedEnvironment(autoescape=True, finalize=_printable)
    parts = _parsed(document, env, name)
    unknown = unknown_fields(parts, Report, env)
    if unknown:
        raise SpecError(name, [_unknown(field) for field in unknown])
    _date(document, made_at)
    _fill(document, report, env, name)
    buffer = io.BytesIO()
    document.save(buffer)
    return Rendered(repacked(buffer.getvalue()), unused_fields(parts, Report))


def _open(template: bytes, name: str) -> DocxTemplate:
    document = DocxTemplate(io.BytesIO(template))
    try:
        document.init_docx()
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, XMLSyntaxError) as fault:
        raise OperatorError(f"Mẫu {name} {_NOT_WORD}") from fault
    return document


def _printable(value: object) -> object:
    """Text that XML can hold: a unit may have typed control characters, which would tear the document."""
    return _NOT_IN_XML.sub(" ", value) if isinstance(value, str) else value


def _parsed(document: DocxTemplate, env: ImmutableSandboxedEnvironment, name: str) -> list[nodes.Template]:
    """The syntax trees of everything that is filled; all faults of syntax at once."""
    parts, faults = [], []
    for source in _sources(document):
        try:
            parts.append(env.parse(source))
        except TemplateSyntaxError as fault:
            faults.append(_misspelt(source, fault.lineno))
    if faults:
        raise SpecError(name, faults)
    return parts


def _sources(document: DocxTemplate) -> Iterator[str]:
    """The body, the headers and footers, and the properties, a paragraph a line."""
    bodies = [document.get_xml()]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        bodies += [document.get_part_xml(part) for _, part in document.get_headers_footers(uri)]
    for body in bodies:
        yield re.sub(r"<w:p([ >])", r"\n<w:p\1", document.patch_xml(body))
    yield from (getattr(document.get_docx().core_properties, place) for place in _PLACES)


def _misspelt(source: str, line: int) -> str:
    text = re.sub(r"<[^>]+>", "", source.splitlines()[line - 1]).strip()
    return f"gần «{text[:80]}»: dấu ngoặc {{{{ }}}} hoặc {{% %}} chưa đúng, hoặc thiếu endfor, endif"


def _unknown(field: str) -> str:
    near = nearest(field, Report)
    return f"không có trường «{field}»" + (f"; có phải ý là «{near}»?" if near else "")


def _fill(document: DocxTemplate, report: Report, env: ImmutableSandboxedEnvironment, name: str) -> None:
    context = {f.name: getattr(report, f.name) for f in fields(report)}
    try:
        # docxtpl mends what is not well formed by leaving parts out: better told than lost.
        fromstring(document.build_xml(context, env))
        document.render(context, env, autoescape=True)
    except (TemplateError, TypeError, XMLSyntaxError) as fault:
        raise OperatorError(
            f"Không điền được mẫu {name}: một trường, vòng lặp hoặc bộ lọc đặt sai chỗ. "
            "Hãy lấy lại bản gốc của mẫu rồi sửa lại từng bước."
        ) from fault


def _date(document: DocxTemplate, made_at: datetime) -> None:
    """The file says when it was made, whatever the template says of itself. To be done before it is
    filled: afterwards docxtpl would load the template anew."""
    properties = document.get_docx().core_properties
    properties.created = properties.modified = made_at.astimezone(UTC)
    properties.last_modified_by, properties.revision = "", 1

"""Many filled forms in one workbook, so that an office program opens and calculates them all at once.

Opening a workbook costs a tenth of a second whatever is in it; a form more on it costs a hundredth.
The forms of a pack come from one issued form: its sheets are repeated under numbered names, with what
is typed into each; lists, styles and the hidden sheet are shared.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lxml import etree

from pipeline.base.sheet import CellKind, Workbook
from pipeline.edges.reading.workbook import read_workbook
from pipeline.spec.template import Table
from tests.forms import TEMPLATE

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FIRST_SERIAL_DAY = date(1899, 12, 30)
TYPES = {CellKind.TEXT: "inlineStr", CellKind.BOOLEAN: "b", CellKind.ERROR: "e"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What is put into a cell; without `number_format` the cell keeps its own."""

    value: str | float | bool | date | None
    kind: CellKind = CellKind.TEXT
    number_format: str = ""
    formula: str = ""


Sheets = Mapping[str, Mapping[str, Typed]]
"""What is typed, by the name of the sheet and the address of the cell."""


def packed(issued: bytes, forms: Sequence[Sheets]) -> bytes:
    """The forms as one workbook; formulas stand there without a result, typed ones excepted."""
    with zipfile.ZipFile(io.BytesIO(issued)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    book, relations = (etree.fromstring(parts[f"xl/{name}"]) for name in BOOK_PARTS)
    styles = _Styles(parts["xl/styles.xml"])
    for table in TEMPLATE.tables:
        entry = next(s for s in book.iter(f"{MAIN}sheet") if s.get("name") == table.sheet)
        relation = next(r for r in relations if r.get("Id") == entry.get(RELATION))
        root = etree.fromstring(_without_results(parts.pop(f"xl/{relation.get('Target')}")))
        for number, form in enumerate(forms, 1):
            path = f"worksheets/{table.key}-{number}.xml"
            sheet = _filled(root, form.get(table.sheet, {}), styles)
            parts[f"xl/{path}"] = _with_names(etree.tostring(sheet, encoding="unicode"), number).encode()
            _repeat(entry, {"name": numbered(table.sheet, number), RELATION: f"{table.key}{number}"})
            _repeat(relation, {"Id": f"{table.key}{number}", "Target": path})
        _remove(entry)
        _remove(relation)
    _forget_places(book)
    for name, root in zip(BOOK_PARTS, (book, relations), strict=True):
        parts[f"xl/{name}"] = etree.tostring(root)
    parts["xl/styles.xml"] = styles.xml()
    parts["[Content_Types].xml"] = _content_types(parts)
    return _zipped(parts)


BOOK_PARTS = ("workbook.xml", "_rels/workbook.xml.rels")


def unpacked(pack: bytes, count: int) -> list[Workbook]:
    """Each form of a pack as the reader would hand it over, had it come alone."""
    book = read_workbook(pack)
    tables = {table.sheet for table in TEMPLATE.tables}
    shared = tuple(s for s in book.sheets if s.name.rpartition(" ")[0] not in tables)
    return [
        Workbook(
            tuple(replace(s, name=s.name.rpartition(" ")[0]) for s in book.sheets if _is_of(s.name, number))
            + shared
        )
        for number in range(1, count + 1)
    ]


def numbered(sheet: str, number: int) -> str:
    return f"{sheet} {number}"


def _is_of(name: str, number: int) -> bool:
    return any(name == numbered(table.sheet, number) for table in TEMPLATE.tables)


def _without_results(sheet: bytes) -> bytes:
    return re.sub(rb"</f><v>[^<]*</v>", b"</f>", sheet)


def _with_names(sheet: str, number: int) -> str:
    def renamed(table: Table) -> tuple[str, str]:
        return f"'{table.sheet}'!", f"'{numbered(table.sheet, number)}'!"

    for old, new in map(renamed, TEMPLATE.tables):
        sheet = sheet.replace(old, new)
    return sheet


def _repeat(element: Any, changes: Mapping[str, str]) -> None:
    copy = deepcopy(element)
    copy.attrib.update(changes)
    if "sheetId" in copy.attrib:
        copy.set("sheetId", str(1000 + len(element.getparent())))
    element.addprevious(copy)


def _forget_places(book: Any) -> None:
    """Names that belong to a sheet by its place, such as what is printed of it."""
    for name in list(book.iter(f"{MAIN}definedName")):
        if name.get("localSheetId") is not None:
            _remove(name)


def _remove(element: Any) -> None:
    element.getparent().remove(element)


def _filled(root: Any, cells: Mapping[str, Typed], styles: "_Styles") -> Any:
    sheet = deepcopy(root)
    places = {c.get("r"): c for c in sheet.iter(f"{MAIN}c")} if cells else {}
    for address, typed in cells.items():
        _fill(places[address], typed, styles)
    return sheet


def _fill(cell: Any, typed: Typed, styles: "_Styles") -> None:
    cell.set("s", styles.variant(cell.get("s"), typed.number_format))
    cell.attrib.pop("t", None)
    for child in list(cell):
        cell.remove(child)
    if typed.formula:
        etree.SubElement(cell, f"{MAIN}f").text = typed.formula
    if typed.value is None:
        return
    kind = "str" if typed.formula and typed.kind is CellKind.TEXT else TYPES.get(typed.kind, "n")
    cell.set("t", kind)
    if kind == "inlineStr":
        text = etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t")
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        text.text = _escaped(str(typed.value))
    else:
        etree.SubElement(cell, f"{MAIN}v").text = _stored(typed.value)


def _stored(value: str | float | bool | date) -> str:
    if isinstance(value, date):
        return str((value - FIRST_SERIAL_DAY).days)
    return str(int(value)) if isinstance(value, bool) else str(value)


def _escaped(text: str) -> str:
    """As workbooks write what XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b-\x1f]", lambda found: f"_x{ord(found[0]):04X}_", text)


class _Styles:
    """The cell styles of a workbook, and new ones that differ in their number format alone."""

    def __init__(self, xml: bytes) -> None:
        self._root = etree.fromstring(xml)
        (self._formats,) = self._root.iter(f"{MAIN}numFmts")
        (self._cells,) = self._root.iter(f"{MAIN}cellXfs")
        self._known: dict[tuple[str, str], str] = {}

    def variant(self, style: str, number_format: str) -> str:
        if number_format and (style, number_format) not in self._known:
            self._known[style, number_format] = self._added(style, number_format)
        return self._known.get((style, number_format), style)

    def xml(self) -> bytes:
        return bytes(etree.tostring(self._root))

    def _added(self, style: str, number_format: str) -> str:
        number = str(500 + len(self._formats))
        etree.SubElement(self._formats, f"{MAIN}numFmt", numFmtId=number, formatCode=number_format)
        copy = deepcopy(self._cells[int(style)])
        copy.set("numFmtId", number)
        copy.set("applyNumberFormat", "1")
        self._cells.append(copy)
        for part in (self._formats, self._cells):
            part.set("count", str(len(part)))
        return str(len(self._cells) - 1)


def _content_types(parts: Mapping[str, bytes]) -> bytes:
    root = etree.fromstring(parts["[Content_Types].xml"])
    sheets = [element for element in root if "worksheet+" in element.get("ContentType", "")]
    for name in parts:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            root.append(deepcopy(sheets[0]))
            root[-1].set("PartName", f"/{name}")
    for element in sheets:
        root.remove(element)
    return bytes(etree.tostring(root))


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return file.getvalue()

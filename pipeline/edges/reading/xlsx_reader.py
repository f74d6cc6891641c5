"""Read an .xlsx file in one pass over its XML, safely: the reader for nearly every file.

Namespaces are ignored, so that transitional and strict workbooks read alike. A cell is kept if it
holds something: a formula, or a constant that is not the empty text. A formula is given with its
`=`; a cell that shares another's formula carries the text of that other cell, not shifted: it says
that there is a formula, not which.
"""

import math
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import IO
from zipfile import ZipFile

from lxml import etree

from pipeline.base.legacy import Encoding, encoding_of
from pipeline.base.sheet import Cell, CellKind, CellValue, Sheet, Stretch, Workbook
from pipeline.edges.reading.cell_values import (
    EPOCH_1900,
    EPOCH_1904,
    from_iso,
    from_serial,
    is_date_format,
    position,
    unescape,
)
from pipeline.edges.reading.guard import DAMAGED, NOT_A_WORKBOOK, SUSPICIOUS, UnreadableWorkbook
from pipeline.edges.reading.number_formats import BUILT_IN, GENERAL
from pipeline.edges.reading.safe_xml import elements, parse
from pipeline.edges.reading.text_fonts import Run, stretches, whole

LAST_ROW = 20_000
LAST_COLUMN = 500
MOST_CELLS = 400_000
# What stands in a cell whose number is beyond the calendar though its format is a date.
NO_SUCH_DATE = "#VALUE!"

_BOOLEANS = {"1": True, "0": False, "true": True, "false": False}
# A damaged zip; XML that is not well formed; a part, string or style that is not there.
_MALFORMED = (*DAMAGED, etree.LxmlError)


@dataclass(frozen=True, slots=True)
class _Format:
    text: str
    is_date: bool
    encoding: Encoding | None


_GENERAL = _Format(GENERAL, False, None)


@dataclass(frozen=True, slots=True)
class _Context:
    """What cells refer to: texts by their place, formats by the style number as cells write it.

    `runs` has the rich ones among the texts, by their place as cells write it.
    """

    strings: list[str]
    runs: dict[str, tuple[Run, ...]]
    formats: dict[str, _Format]
    epoch: datetime


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    target: str


def read_xlsx(data: bytes) -> Workbook:
    """The workbook in `data`; raises `UnreadableWorkbook`. Bytes are to pass `guard.inspect` first."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _read(_Package(archive))
    except _MALFORMED as error:
        raise UnreadableWorkbook(NOT_A_WORKBOOK) from error


def is_far(row: int, column: int) -> bool:
    """Whether no form reaches so far: a stray character at the far end of a sheet is passed over."""
    return row > LAST_ROW or column > LAST_COLUMN


def refuse_excess(row: int, cells: int) -> None:
    """No form holds so many cells; and there is no row 0."""
    if row < 1 or cells > MOST_CELLS:
        raise UnreadableWorkbook(SUSPICIOUS)


class _Package:
    """The parts of the zip by path; paths are compared without case, as the standard says."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}

    def root(self, path: str) -> etree._Element:
        with self._open(path) as stream:
            return parse(stream)

    def stream(self, path: str, *names: str) -> Iterator[etree._Element]:
        with self._open(path) as stream:
            yield from elements(stream, *names)

    def relations(self, path: str) -> dict[str, _Relation]:
        """What the part `path` ("" for the package itself) points at, by id."""
        folder, name = posixpath.split(path)
        root = self.root(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            element.get("Id", ""): _Relation(
                element.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/"),
            )
            for element in root
        }

    def _open(self, path: str) -> IO[bytes]:
        return self._archive.open(self._names[path.lower()])


def _read(package: _Package) -> Workbook:
    path = _first_target(package.relations(""), "officeDocument")
    root = package.root(path)
    if _local(root.tag) != "workbook":
        raise UnreadableWorkbook(NOT_A_WORKBOOK)
    relations = package.relations(path)
    context = _Context(
        *_read_strings(package, _first_target(relations, "sharedStrings")),
        _read_formats(package, _first_target(relations, "styles")),
        _epoch(root),
    )
    sheets: list[Sheet] = []
    cells_so_far = 0
    for element in root.iterfind("{*}sheets/{*}sheet"):
        relation = relations[_relation_id(element)]
        if relation.kind == "worksheet":
            cells = _read_cells(package, relation.target, context, cells_so_far)
            cells_so_far += len(cells)
            hidden = element.get("state", "visible") != "visible"
            sheets.append(Sheet(_required(element, "name"), hidden, cells))
    return Workbook(tuple(sheets))


def _first_target(relations: dict[str, _Relation], kind: str) -> str:
    """The path of the first part of a kind, "" where there is none."""
    return next((r.target for r in relations.values() if r.kind == kind), "")


def _relation_id(element: etree._Element) -> str:
    return next((str(value) for name, value in element.items() if str(name).endswith("}id")), "")


def _required(element: etree._Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise LookupError(name)
    return value


@lru_cache(maxsize=1_000)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _epoch(root: etree._Element) -> datetime:
    properties = root.find("{*}workbookPr")
    since_1904 = properties is not None and _BOOLEANS[properties.get("date1904", "0")]
    return EPOCH_1904 if since_1904 else EPOCH_1900


def _read_strings(package: _Package, path: str) -> tuple[list[str], dict[str, tuple[Run, ...]]]:
    strings: list[str] = []
    runs: dict[str, tuple[Run, ...]] = {}
    for element in package.stream(path, "si") if path else ():
        is_plain = len(element) == 1 and _local(element[0].tag) == "t"
        if not is_plain and (found := _runs(element)):
            runs[str(len(strings))] = found
        strings.append(unescape(element[0].text or "") if is_plain else _rich_text(element))
    return strings, runs


def _rich_text(element: etree._Element) -> str:
    """The text of all runs; how it is pronounced (`rPh`) is no part of it."""
    parts: list[str] = []
    for child in element:
        name = _local(child.tag)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [t.text or "" for t in child if _local(t.tag) == "t"]
    return unescape("".join(parts))


def _runs(element: etree._Element) -> tuple[Run, ...]:
    """The runs of a text, none unless one has a font of its own."""
    if element.find("{*}r/{*}rPr/{*}rFont") is None:
        return ()
    runs: list[Run] = []
    for run in element.iterfind("{*}r"):
        font = run.find("{*}rPr/{*}rFont")
        text = "".join(t.text or "" for t in run.iterfind("{*}t"))
        runs.append(Run(len(unescape(text)), "" if font is None else font.get("val", "")))
    return tuple(runs)


def _read_formats(package: _Package, path: str) -> dict[str, _Format]:
    """The number format and font of every cell style; a workbook without styles has the general one."""
    if not path:
        return {"0": _GENERAL}
    root = package.root(path)
    texts = dict(BUILT_IN)
    for element in root.iterfind("{*}numFmts/{*}numFmt"):
        texts[int(_required(element, "numFmtId"))] = _required(element, "formatCode")
    names = [font.find("{*}name") for font in root.iterfind("{*}fonts/{*}font")]
    fonts = {n: encoding_of(name.get("val", "")) for n, name in enumerate(names) if name is not None}
    formats: dict[str, _Format] = {}
    for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        text = texts.get(int(style.get("numFmtId", "0")), _GENERAL.text)
        encoding = fonts.get(int(style.get("fontId", "0")))
        formats[str(number)] = _Format(text, is_date_format(text), encoding)
    return formats


def _read_cells(
    package: _Package, path: str, context: _Context, cells_before: int
) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    shared: dict[str, str] = {}
    row = 0
    for element in package.stream(path, "row", "sheetData"):
        if _local(element.tag) == "sheetData":
            break
        row = int(element.get("r", row + 1))
        column = 0
        for entry in element:
            reference = entry.get("r")
            row, column = position(reference) if reference else (row, column + 1)
            if len(entry) == 0:
                continue  # a blank cell with a style
            cell = _read_cell(entry, row, column, context, shared)
            if cell is not None and not is_far(row, column):
                cells[row, column] = cell
                refuse_excess(row, cells_before + len(cells))
    return cells


def _read_cell(
    element: etree._Element, row: int, column: int, context: _Context, shared: dict[str, str]
) -> Cell | None:
    parts = {_local(child.tag): child for child in element}
    style = context.formats[element.get("s", "0")]
    formula = _formula(parts["f"], shared) if "f" in parts else None
    kind, value = _content(element.get("t", "n"), parts, style, context)
    if formula is None and value in (None, ""):
        return None
    legacy: tuple[Stretch, ...] = ()
    if isinstance(value, str) and kind is CellKind.TEXT and (context.runs or style.encoding or "is" in parts):
        legacy = _legacy(value, element.get("t"), parts, style, context)
    return Cell(row, column, kind, value, formula, style.text, legacy)


def _legacy(
    text: str,
    data_type: str | None,
    parts: dict[str, etree._Element],
    style: _Format,
    context: _Context,
) -> tuple[Stretch, ...]:
    runs: tuple[Run, ...] = ()
    if data_type == "s" and context.runs:
        runs = context.runs.get(parts["v"].text or "", ())
    elif data_type == "inlineStr" and "is" in parts:
        runs = _runs(parts["is"])
    return stretches(runs, style.encoding) if runs else whole(text, style.encoding)


def _index(text: str) -> int:
    """A place in a list; Python would count a negative one from the end."""
    index = int(text)
    if index < 0:
        raise ValueError(f"not an index: {text}")
    return index


def _formula(element: etree._Element, shared: dict[str, str]) -> str:
    text = f"={element.text or ''}"
    group = element.get("si")
    if group is None:
        return text
    if element.text:
        shared[group] = text
    return shared.get(group, text)


def _content(
    data_type: str, parts: dict[str, etree._Element], style: _Format, context: _Context
) -> tuple[CellKind, CellValue]:
    """Kind and value; a cell without any value is uncalculated, if it turns out to have a formula."""
    if data_type == "inlineStr" and "is" in parts:
        return CellKind.TEXT, _rich_text(parts["is"])
    text = (parts["v"].text or "") if "v" in parts else None
    if data_type == "str" and text is not None:
        return CellKind.TEXT, unescape(text)
    if not text:
        return CellKind.UNCALCULATED, None
    match data_type:
        case "n":
            return _number(text, style, context.epoch)
        case "s":
            return CellKind.TEXT, context.strings[_index(text)]
        case "inlineStr":
            return CellKind.TEXT, unescape(text)
        case "b":
            return CellKind.BOOLEAN, _BOOLEANS[text]
        case "e":
            return CellKind.ERROR, text
        case "d":
            return CellKind.DATE, from_iso(text)
        case _:
            raise ValueError(f"unknown type of cell: {data_type}")


def _number(text: str, style: _Format, epoch: datetime) -> tuple[CellKind, CellValue]:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"not a number: {text}")
    if not style.is_date:
        return CellKind.NUMBER, number
    moment = from_serial(number, epoch)
    return (CellKind.ERROR, NO_SUCH_DATE) if moment is None else (CellKind.DATE, moment)

"""Read the rows of an edited workbook: found by hidden tags, wherever columns and rows were moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.base.sheet import Cell, Sheet, Workbook, address, number_text
from pipeline.base.text import clean
from pipeline.core.plan_book.values import Value, read_cell
from pipeline.spec.plan_book import HEAD, ORIGIN, VALUE_TAG, Block, PlanBook

_MOST_ROWS = 2_000  # no plan has as many; a value that was dragged to the end of a sheet has


@dataclass(frozen=True)
class Spot:
    """A cell of the workbook; without an address, a whole sheet."""

    sheet: str
    cell: str = ""


@dataclass(frozen=True)
class CellFault:
    """What is wrong at a spot: the key of a sentence and its words."""

    spot: Spot
    label: str
    fault: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class TypedRow:
    """A row as it was edited: the name it had when it was written, its values, and where they stand."""

    origin: str
    values: Mapping[str, Value]
    spots: Mapping[str, Spot]


@dataclass(frozen=True)
class Edited:
    """The rows of every table by its place, in the order of the sheet, and what could not be read."""

    rows: Mapping[str, tuple[TypedRow, ...]]
    faults: tuple[CellFault, ...]


@dataclass
class _Reader:
    book: PlanBook
    tags: Mapping[str, list[tuple[Sheet, Cell]]]
    faults: list[CellFault] = field(default_factory=list)

    def tagged(self, block: Block, tag: str, label: str) -> tuple[Sheet, Cell] | None:
        """The one cell that bears a tag; none and two are told."""
        found = self.tags.get(tag, [])
        if not found:
            self.tell(Spot(self.book.sheet_of[block.place]), label, "no_column", column=label)
            return None
        if len(found) > 1:
            (sheet, cell), (other, copy) = found[:2]
            self.tell(Spot(sheet.name, cell.address), label, "twice", sheet=other.name, cell=copy.address)
            return None
        return found[0]

    def tell(self, spot: Spot, label: str, fault: str, **words: str) -> None:
        self.faults.append(CellFault(spot, label, fault, words))


def read_rows(book: PlanBook, workbook: Workbook) -> Edited:
    """What the workbook says, table by table; nothing is guessed."""
    reader = _Reader(book, _tags(workbook))
    rows = {place: tuple(_block(reader, block)) for place, block in book.blocks.items()}
    return Edited(rows, tuple(reader.faults))


def identity(book: PlanBook, workbook: Workbook) -> dict[Literal["file", "version", "sha256"], str]:
    """Which plan the workbook was made of; empty where it is not one of ours."""
    sheet = next((s for s in workbook.sheets if s.name == book.identity.sheet), None)
    if sheet is None:
        return {}
    said = {c.text: sheet.cells.get((row, 2)) for (row, column), c in sheet.cells.items() if column == 1}
    labels: dict[Literal["file", "version", "sha256"], str] = {
        "file": book.identity.file,
        "version": book.identity.version,
        "sha256": book.identity.sha256,
    }
    return {key: cell.text for key, label in labels.items() if (cell := said.get(label))}


def _tags(workbook: Workbook) -> dict[str, list[tuple[Sheet, Cell]]]:
    tags: dict[str, list[tuple[Sheet, Cell]]] = {}
    for sheet in workbook.sheets:
        for cell in sheet.cells.values():
            if isinstance(cell.value, str) and cell.value.startswith("#"):
                tags.setdefault(clean(cell.value), []).append((sheet, cell))
    return tags


def _block(reader: _Reader, block: Block) -> Iterator[TypedRow]:
    if not any(block.tag(key) in reader.tags for key in (ORIGIN, *block.field_by_key)):
        name = reader.book.sheet_of[block.place]
        reader.tell(Spot(name), "", "no_sheet", sheet=name)
    elif reader.book.tables[block.place].many:
        yield from _list(reader, block)
    else:
        yield _settings(reader, block)


def _settings(reader: _Reader, block: Block) -> TypedRow:
    values: dict[str, Value] = {}
    spots: dict[str, Spot] = {}
    for entry in block.fields:
        found = reader.tagged(block, block.tag(entry.key), entry.label)
        if found is None:
            continue
        sheet, tag = found
        head = [cell for other, cell in reader.tags.get(VALUE_TAG, []) if other is sheet]
        if len(head) != 1:
            reader.tell(Spot(sheet.name), entry.label, "no_column", column=reader.book.words.value)
            return TypedRow("", {}, {})
        values[entry.key], spots[entry.key] = _cell(
            reader, block, entry.key, sheet, (tag.row, head[0].column)
        )
    return TypedRow("", values, spots)


def _list(reader: _Reader, block: Block) -> Iterator[TypedRow]:
    labels = {ORIGIN: "A", **{entry.key: entry.label for entry in block.fields}}
    found = {key: reader.tagged(block, block.tag(key), label) for key, label in labels.items()}
    places = {key: place for key, place in found.items() if place is not None}
    if len(places) < len(found):
        return
    sheet, origin = places[ORIGIN]
    columns = {key: cell.column for key, (_, cell) in places.items() if key != ORIGIN}
    typed_in = {r for r, column in sheet.cells if r > origin.row and column in columns.values()}
    marks = {row: sheet.cells.get((row, origin.column)) for row in sorted(typed_in)}
    names = {row: clean(mark.text) if mark else "" for row, mark in marks.items()}
    rows = [(row, name) for row, name in names.items() if name != HEAD]
    if len(rows) > _MOST_ROWS:
        reader.tell(Spot(sheet.name), "", "too_many", count=number_text(len(rows), 0))
        return
    for named in rows:
        yield from _row(reader, block, sheet, named, columns)


def _row(
    reader: _Reader, block: Block, sheet: Sheet, row: tuple[int, str], columns: Mapping[str, int]
) -> Iterator[TypedRow]:
    """The row, unless it is blank."""
    faults = len(reader.faults)
    read = {key: _cell(reader, block, key, sheet, (row[0], column)) for key, column in columns.items()}
    values = {key: value for key, (value, _) in read.items()}
    if any(value is not None for value in values.values()) or len(reader.faults) > faults:
        yield TypedRow(row[1], values, {key: spot for key, (_, spot) in read.items()})


def _cell(
    reader: _Reader, block: Block, key: str, sheet: Sheet, place: tuple[int, int]
) -> tuple[Value, Spot]:
    cell = sheet.cells.get(place)
    entry = block.field_by_key[key]
    typed = read_cell(reader.book, entry, reader.book.key(block, key), cell)
    spot = Spot(sheet.name, address(*place))
    if typed.fault:
        reader.tell(spot, entry.label, typed.fault, **typed.words)
    return typed.value, spot

"""Say where in the workbook something is wrong: in cells that were not understood, and in the new plan."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.base.text import fold
from pipeline.core.plan_book.build import Lists
from pipeline.core.plan_book.compare import Outcome
from pipeline.core.plan_book.reading import CellFault, Spot, TypedRow
from pipeline.core.plan_book.rows import Data, at
from pipeline.core.plan_book.values import Value
from pipeline.spec.plan_book import Block, PlanBook
from pipeline.spec.shape import KEY_MISSING

_STEP = re.compile(r"([\w/]+)(?:\[(\d+)\]|\(([^()]*)\))?\.?")
# A word of the plan file: neither a part of another one nor quoted from it.
_KEY = re.compile(r"(?<![\w.«])[a-z_]+(?![\w.»])")
_QUOTED = re.compile(r"«([^»]*)»")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_BOUNDS = ("value", "lower", "upper")
_MOST_CELLS = 6


def cell_fault_lines(book: PlanBook, faults: Iterable[CellFault]) -> list[str]:
    """A line for each cell that was not understood."""
    return [
        f"{_place(book, [fault.spot], fault.label)}: {book.faults[fault.fault].format(**fault.words)}"
        for fault in faults
    ]


def plan_fault_lines(book: PlanBook, lists: Lists, faults: Iterable[str]) -> list[str]:
    """The faults that the loader of plans found, each with its cells before it."""
    lines = []
    for fault in faults:
        place, _, text = fault.partition(": ")
        trail = _followed(book, lists, place)
        spots, label = _found(book, trail, text)
        lines.append(f"{_place(book, spots, label)}: {_in_words(book, book.blocks[trail.table], text)}")
    return lines


def notes(book: PlanBook, old: Data, outcome: Outcome) -> list[str]:
    """What an officer should know about the changes before they are written."""
    new, said = outcome.data, []
    if outcome.changes and new.get("version") == old["version"]:
        said.append(book.notes.version.format(version=old["version"]))
    if _scoring_changed(old, new) and at(new, "scoring.version") == old["scoring"]["version"]:
        said.append(book.notes.scoring.format(version=old["scoring"]["version"]))
    if new.get("year") != old["year"] and new.get("id") == old["id"]:
        said.append(book.notes.id.format(id=old["id"]))
    parted = [str(entry.get("code")) for entry in new.get("indicators") or () if not _is_as_printed(entry)]
    if parted and outcome.changes:
        said.append(book.notes.as_printed.format(codes=", ".join(parted)))
    return said + [book.notes.reordered.format(sheet=book.sheet_of[place]) for place in outcome.reordered]


def _is_as_printed(indicator: Data) -> bool:
    """Whether the numbers of the target stand in its printed wording, which readers see."""
    target = indicator.get("target") or {}
    printed = {float(n.replace(",", ".")) for n in _NUMBER.findall(str(target.get("as_printed", "")))}
    return {float(target[key]) for key in _BOUNDS if target.get(key) is not None} <= printed


def _scoring_changed(old: Data, new: Data) -> bool:
    before, after = ({**(data.get("scoring") or {}), "version": None} for data in (old, new))
    return before != after


def _place(book: PlanBook, spots: Sequence[Spot], label: str) -> str:
    (first, *more), words = spots, book.words
    if first.cell and (more or not label):
        cells = ", ".join(spot.cell for spot in spots[:_MOST_CELLS])
        return words.cells.format(sheet=first.sheet, cells=cells)
    if first.cell:
        return words.one_cell.format(sheet=first.sheet, cell=first.cell, label=label)
    return words.one_sheet.format(sheet=first.sheet)


@dataclass
class _Trail:
    """How far a place such as `indicators[3].target.kind` has been followed."""

    table: str = ""
    rows: tuple[TypedRow, ...] = ()
    number: int | None = None
    field: str = ""


def _in_words(book: PlanBook, block: Block, text: str) -> str:
    """The sentence of the loader, with labels in place of keys and choices."""
    if text == KEY_MISSING:
        return book.words.missing
    everywhere = {key: label for key, label in _labels(book.blocks.values()).items() if "_" in key}
    labels = {**everywhere, **_labels([block])}
    return _KEY.sub(lambda found: f"«{labels[found[0]]}»" if found[0] in labels else found[0], text)


def _labels(blocks: Iterable[Block]) -> dict[str, str]:
    fields = [field for block in blocks for field in block.fields]
    words = {word: label for field in fields for word, label in field.words.items()}
    return {**words, **{field.key.rpartition(".")[2]: field.label for field in fields}}


def _found(book: PlanBook, trail: "_Trail", text: str) -> tuple[list[Spot], str]:
    """The cells that a fault of the plan is about, and the label of their column."""
    block = book.blocks[trail.table]
    keys = [key for key in block.field_by_key if _is_meant(key, trail.field)]
    if trail.number is not None and trail.number < len(trail.rows):
        key = keys[0] if keys else block.names[0]
        return [trail.rows[trail.number].spots[key]], block.field_by_key[key].label
    if not book.tables[trail.table].many and keys and trail.rows:
        return [trail.rows[0].spots[keys[0]]], block.field_by_key[keys[0]].label
    quoted = _QUOTED.search(text)
    searched = tuple(block.field_by_key) if trail.field else block.names
    spots = list(_saying(trail.rows, searched, quoted[1] if quoted else ""))
    if not spots and book.tables[trail.table].parent:  # the rows of one owner: all of them are meant
        spots = [row.spots[block.names[0]] for row in trail.rows]
    return spots or [Spot(book.sheet_of[trail.table])], ""


def _followed(book: PlanBook, lists: Lists, place: str) -> _Trail:
    trail = _Trail(rows=lists[""])
    for name, index, key in _STEP.findall(place):
        inside = f"{trail.table}.{name}" if trail.table else name
        if inside not in book.blocks or trail.field:
            trail.field = f"{trail.field}.{name}" if trail.field else name
            continue
        owner = f"{inside}/{trail.number}" if book.tables[inside].parent else inside
        trail = _Trail(inside, lists.get(owner, ()))
        if index:
            trail.number = int(index) - 1
        elif key:
            first = book.blocks[inside].names[0]
            trail.number = next((n for n, r in enumerate(trail.rows) if _text(r.values[first]) == key), None)
    return trail


def _is_meant(key: str, field: str) -> bool:
    return any(key == name or key.startswith(f"{name}.") for name in field.split("/") if name)


def _saying(rows: Iterable[TypedRow], keys: Sequence[str], text: str) -> Iterator[Spot]:
    """The cells of these keys in which a text stands."""
    for row in rows:
        for key in keys:
            value = row.values[key]
            parts = value if isinstance(value, tuple) else (value,)
            if text and any(fold(_text(part)) == fold(text) for part in parts):
                yield row.spots[key]


def _text(value: Value) -> str:
    return "" if value is None else str(value)

"""Build the data of a plan from the rows of an edited workbook; what is the same stays as it was written."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pipeline.core.plan_book.reading import CellFault, TypedRow
from pipeline.core.plan_book.rows import Data, at
from pipeline.core.plan_book.values import as_written, comparable, shown
from pipeline.spec.plan_book import PARENT, Block, PlanBook

Lists = Mapping[str, tuple[TypedRow, ...]]


@dataclass(frozen=True)
class Built:
    """The new plan; the rows of inner lists by list and owner, `indicators.milestones/3`; rows that belong
    to no owner."""

    data: Data
    inner: Lists
    faults: tuple[CellFault, ...]


def build_plan(book: PlanBook, data: Data, rows: Lists, origins: Mapping[str, Sequence[int | None]]) -> Built:
    """The plan that the rows say; `origins` tells for each row of a list the number of its old entry."""
    new: dict[str, Any] = deepcopy(dict(data))
    inner: dict[str, tuple[TypedRow, ...]] = {}
    faults: list[CellFault] = []
    for place, block in book.blocks.items():
        if not book.tables[place].many:
            _set_table(new, block, rows[place][0])
        elif not book.tables[place].parent:
            _set_list(new, data, block, rows[place], origins[place])
    for place, block in book.blocks.items():
        if book.tables[place].parent:
            owned = _owned(book, new, block, rows[place])
            inner |= {f"{place}/{number}": found for number, found in enumerate(owned)}
            _set_inner(new, block, owned)
            faults += _strays(book, block, rows[place], owned)
    return Built(new, inner, tuple(faults))


def _set_table(new: dict[str, Any], block: Block, row: TypedRow) -> None:
    """Change a table that stands alone; one without any value is left out."""
    owner, _, name = block.place.rpartition(".")
    above = at(new, owner)
    table = _with_values(block, above.get(name, {}) if name else above, row)
    if not name:
        above.clear()
        above.update(table)
    elif table:
        above[name] = table
    else:
        above.pop(name, None)


def _with_values(block: Block, entry: Data, row: TypedRow) -> dict[str, Any]:
    """The entry with the values of the row; what is the same stays as it was written."""
    done: dict[str, Any] = {}
    for field in block.fields:
        if field.key == PARENT:
            continue
        *inside, key = field.key.split(".")
        before, value = at(entry, field.key), row.values.get(field.key)
        kept = before if comparable(before) == value else as_written(value)
        if kept is not None:
            table = done
            for name in inside:
                table = table.setdefault(name, {})
            table[key] = kept
    known = {field.key.partition(".")[0] for field in block.fields}
    return {**done, **{key: value for key, value in entry.items() if key not in known}}


def _set_list(
    new: dict[str, Any], data: Data, block: Block, rows: Sequence[TypedRow], old: Sequence[int | None]
) -> None:
    owner, _, name = block.place.rpartition(".")
    before = at(data, block.place) or []
    entries = [
        _with_values(block, before[number] if number is not None else {}, row)
        for row, number in zip(rows, old, strict=True)
    ]
    if entries or not before:
        at(new, owner).update({name: entries} if entries else {})
    else:
        at(new, owner).pop(name)


def _owned(book: PlanBook, new: Data, block: Block, rows: Sequence[TypedRow]) -> list[tuple[TypedRow, ...]]:
    """The rows of an inner list by their owner, in order; of owners with one code the first has them."""
    parent = block.place.rpartition(".")[0]
    codes = [comparable(owner.get(book.blocks[parent].names[0])) for owner in at(new, parent) or ()]
    first = {code: number for number, code in reversed(list(enumerate(codes)))}
    found: list[list[TypedRow]] = [[] for _ in codes]
    for row in sorted(rows, key=lambda row: _by_identity(block, row)):
        if row.values[PARENT] in first:
            found[first[row.values[PARENT]]].append(row)
    return list(map(tuple, found))


def _by_identity(block: Block, row: TypedRow) -> tuple[bool, str]:
    """By the day, one without a day last."""
    value = row.values[block.names[0]]
    return value is None, str(value)


def _set_inner(new: Data, block: Block, owned: Sequence[Sequence[TypedRow]]) -> None:
    parent, _, name = block.place.rpartition(".")
    for owner, rows in zip(at(new, parent) or (), owned, strict=True):
        entries = [_with_values(block, {}, row) for row in rows]
        if _told_apart(entries) != _told_apart(owner.get(name, ())):
            owner.pop(name, None)
            owner.update({name: entries} if entries else {})


def _told_apart(entries: Sequence[Data]) -> list[str]:
    """Entries as they are compared, in whatever order they were written."""
    return sorted(repr({key: comparable(value) for key, value in sorted(e.items())}) for e in entries)


def _strays(
    book: PlanBook, block: Block, rows: Sequence[TypedRow], owned: Sequence[Sequence[TypedRow]]
) -> Iterator[CellFault]:
    settled = [row for found in owned for row in found]
    for row in rows:
        if not any(row is other for other in settled):
            words = {"found": shown(book, block.field_by_key[PARENT], row.values[PARENT])}
            yield CellFault(row.spots[PARENT], block.field_by_key[PARENT].label, "no_parent", words)

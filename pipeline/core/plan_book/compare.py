"""What an edited workbook changes in a plan: the new plan as data, and each change for people to read."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.core.plan_book.reading import CellFault, Edited, Spot, TypedRow
from pipeline.core.plan_book.rows import Data, Row, at, name_of, names_of, plan_rows
from pipeline.core.plan_book.toml_parts import Path
from pipeline.core.plan_book.values import as_written, comparable, shown
from pipeline.spec.plan_book import PARENT, Block, PlanBook

Lists = Mapping[str, tuple[TypedRow, ...]]


@dataclass(frozen=True)
class Change:
    """One change. For a whole entry `label` is empty, and it stands `before` or `after` in full."""

    kind: Literal["changed", "added", "removed"]
    spot: Spot
    entry: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Outcome:
    """The new plan as data; for lists which old entry each one was, and its row in the new order.

    `lists` holds the rows of an inner list in the order of its owners: `indicators.milestones/3`.
    """

    data: Data
    origins: Mapping[Path, tuple[int | None, ...]]
    lists: Lists
    changes: tuple[Change, ...]
    faults: tuple[CellFault, ...]
    reordered: tuple[str, ...]


def compare(book: PlanBook, data: Data, edited: Edited) -> Outcome:
    """What becomes of the plan `data`. Old entries keep their order; a new one follows the row above it."""
    old = plan_rows(book, data)
    new: dict[str, Any] = deepcopy(dict(data))
    origins: dict[Path, tuple[int | None, ...]] = {}
    lists: dict[str, tuple[TypedRow, ...]] = {}
    changes: list[Change] = []
    faults: list[CellFault] = []
    reordered: list[str] = []
    inner_last = sorted(book.blocks.items(), key=lambda item: bool(book.tables[item[0]].parent))
    for place, block in inner_last:
        table, rows = book.tables[place], edited.rows[place]
        match table.many, table.parent:
            case False, _:
                lists[place] = rows
                _set_table(new, block, rows[0])
                changes += _changed(book, block, old[place][0], rows[0])
                continue
            case True, "":
                matched = _matched(book, block, old[place], rows)
                order = _ordered(matched)
                lists[place] = tuple(rows[n] for n in order)
                path = tuple(place.split("."))
                origins[path] = tuple(matched[n] for n in order)
                _set_list(new, data, block, lists[place], origins[path])
            case _:
                matched = _matched(book, block, old[place], rows)
                faults += _set_inner(book, new, block, rows, lists)
        changes += _list_changes(book, block, old[place], rows, matched)
        reordered += [place] if _is_reordered(matched) else []
    return Outcome(new, origins, lists, tuple(changes), tuple(faults), tuple(reordered))


def _matched(
    book: PlanBook, block: Block, old: Sequence[Row], rows: Sequence[TypedRow]
) -> tuple[int | None, ...]:
    """For each row the number of the old entry that it is: by its code, else by what it was."""
    numbers = {row.name: number for number, row in enumerate(old)}
    names = names_of(book, block, [row.values for row in rows])
    found = [numbers.get(name) for name in names]
    for n, row in enumerate(rows):
        origin = numbers.get(row.origin)
        if found[n] is None and origin is not None and origin not in found:
            found[n] = origin
    return tuple(found)


def _ordered(matched: Sequence[int | None]) -> list[int]:
    """The rows in the order of the new list."""
    behind: dict[int, list[int]] = {}
    last = -1
    for n, old in enumerate(matched):
        if old is None:
            behind.setdefault(last, []).append(n)
        else:
            last = old
    kept = sorted((old, n) for n, old in enumerate(matched) if old is not None)
    order = behind.get(-1, [])
    for old, n in kept:
        order = [*order, n, *behind.get(old, [])]
    return order


def _is_reordered(matched: Sequence[int | None]) -> bool:
    kept = [old for old in matched if old is not None]
    return kept != sorted(kept)


def _set_table(new: dict[str, Any], block: Block, row: TypedRow) -> None:
    """Change a table that stands alone; one without any value is left out."""
    owner, _, name = block.place.rpartition(".")
    above = at(new, owner)
    table = above if not block.place else _with_values(block, above.get(name, {}), row)
    if not block.place:
        above.update(_with_values(block, above, row))
        for entry in block.fields:
            if row.values.get(entry.key) is None and comparable(above.get(entry.key)) is not None:
                del above[entry.key]
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


def _set_inner(
    book: PlanBook, new: dict[str, Any], block: Block, rows: Sequence[TypedRow], lists: dict[str, Any]
) -> Iterator[CellFault]:
    """Give the entries of a list their inner lists; rows that belong to none are told."""
    parent, _, name = block.place.rpartition(".")
    key = book.blocks[parent].names[0]
    left = list(rows)
    for number, owner in enumerate(at(new, parent) or ()):
        code = comparable(owner.get(key))
        mine = [row for row in left if row.values[PARENT] == code]
        left = [row for row in left if row.values[PARENT] != code]
        mine.sort(key=lambda row: name_key(block, row))
        lists[f"{block.place}/{number}"] = tuple(mine)
        entries = [_with_values(block, {}, row) for row in mine]
        if sorted(map(repr, map(_plain, entries))) != sorted(map(repr, map(_plain, owner.get(name, ())))):
            owner.pop(name, None)
            owner.update({name: entries} if entries else {})
    for row in left:
        words = {"found": shown(book, block.field_by_key[PARENT], row.values[PARENT])}
        yield CellFault(row.spots[PARENT], block.field_by_key[PARENT].label, "no_parent", words)


def name_key(block: Block, row: TypedRow) -> tuple[bool, str]:
    """By the day, one without a day last."""
    value = row.values.get(block.names[0])
    return value is None, str(value)


def _plain(entry: Data) -> dict[str, Any]:
    return {key: comparable(value) for key, value in sorted(entry.items())}


def _list_changes(
    book: PlanBook, block: Block, old: Sequence[Row], rows: Sequence[TypedRow], matched: Sequence[int | None]
) -> Iterator[Change]:
    for row, number in zip(rows, matched, strict=True):
        if number is not None:
            yield from _changed(book, block, old[number], row)
        else:
            spot = next(iter(row.spots.values()))
            name = name_of(book, block, row.values)
            yield Change("added", spot, name, "", "", _in_full(book, block, row.values))
    for number in sorted(set(range(len(old))) - set(matched)):
        values, sheet = old[number].values, Spot(book.sheet_of[block.place])
        yield Change("removed", sheet, name_of(book, block, values), "", _in_full(book, block, values), "")


def _changed(book: PlanBook, block: Block, old: Row, row: TypedRow) -> Iterator[Change]:
    name = name_of(book, block, old.values) if book.tables[block.place].many else ""
    for field in block.fields:
        before, after = old.values.get(field.key), row.values.get(field.key)
        if before != after:
            texts = shown(book, field, before), shown(book, field, after)
            yield Change("changed", row.spots[field.key], name, field.label, *texts)


def _in_full(book: PlanBook, block: Block, values: Mapping[str, Any]) -> str:
    filled = [f for f in block.fields if values.get(f.key) is not None]
    return "; ".join(f"{f.label}: {shown(book, f, values[f.key], ' / ')}" for f in filled)

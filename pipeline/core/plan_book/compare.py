"""What an edited workbook changes in a plan: the new plan as data, and each change for people to read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.core.plan_book.build import Lists, build_plan
from pipeline.core.plan_book.reading import CellFault, Edited, Spot, TypedRow
from pipeline.core.plan_book.rows import Data, Row, name_of, names_of, plan_rows
from pipeline.core.plan_book.toml_parts import Path
from pipeline.core.plan_book.values import shown
from pipeline.spec.plan_book import Block, PlanBook

Matched = tuple[int | None, ...]


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
    """The new plan as data; for lists which old entry each one was; all rows in the order of the new plan,
    those of inner lists by their owner; lists whose rows were sorted."""

    data: Data
    origins: Mapping[Path, Matched]
    lists: Lists
    changes: tuple[Change, ...]
    faults: tuple[CellFault, ...]
    reordered: tuple[str, ...]


def compare(book: PlanBook, data: Data, edited: Edited) -> Outcome:
    """What becomes of the plan `data`. Old entries keep their order; a new one follows the row above it."""
    old, many = plan_rows(book, data), {p: b for p, b in book.blocks.items() if book.tables[p].many}
    matched = {p: _matched(book, block, old[p], edited.rows[p]) for p, block in many.items()}
    orders = {place: _ordered(numbers) for place, numbers in matched.items()}
    rows = {**edited.rows, **{p: tuple(edited.rows[p][n] for n in order) for p, order in orders.items()}}
    origins = {place: tuple(matched[place][n] for n in order) for place, order in orders.items()}
    built = build_plan(book, data, rows, origins)
    changes = [
        change
        for place, block in book.blocks.items()
        for change in _changes(book, block, old[place], edited.rows[place], matched.get(place, (0,)))
    ]
    return Outcome(
        built.data,
        {tuple(p.split(".")): numbers for p, numbers in origins.items() if not book.tables[p].parent},
        {**rows, **built.inner},
        tuple(changes),
        built.faults,
        tuple(place for place, numbers in matched.items() if _is_reordered(numbers)),
    )


def _matched(book: PlanBook, block: Block, old: Sequence[Row], rows: Sequence[TypedRow]) -> Matched:
    """For each row the number of the old entry that it is: by its code, else by what it was."""
    numbers = {row.name: number for number, row in enumerate(old)}
    names = names_of(book, block, [row.values for row in rows])
    found = [numbers.get(name) for name in names]
    for n, row in enumerate(rows):
        origin = numbers.get(row.origin)
        if found[n] is None and origin is not None and origin not in found:
            found[n] = origin
    return tuple(found)


def _ordered(matched: Matched) -> list[int]:
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


def _is_reordered(matched: Matched) -> bool:
    kept = [old for old in matched if old is not None]
    return kept != sorted(kept)


def _changes(
    book: PlanBook, block: Block, old: Sequence[Row], rows: Sequence[TypedRow], matched: Matched
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

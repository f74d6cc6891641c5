"""The plan as rows: one for each entry of a list, one for each table that stands alone."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.plan_book.values import Value, comparable, shown
from pipeline.spec.plan_book import PARENT, Block, PlanBook

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """What the plan says in one row; `name` is unique within its table."""

    name: str
    values: Mapping[str, Value]


def plan_rows(book: PlanBook, data: Data) -> dict[str, tuple[Row, ...]]:
    """The rows of every table of a plan file, by its place."""
    return {place: _rows(book, block, data) for place, block in book.blocks.items()}


def names_of(book: PlanBook, block: Block, rows: Sequence[Mapping[str, Value]]) -> list[str]:
    """What tells rows apart, in their order: their identity, numbered where it stands more than once."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for values in rows:
        name = name_of(book, block, values)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return names


def name_of(book: PlanBook, block: Block, values: Mapping[str, Value]) -> str:
    """How people name an entry: `V.12`, `V.12 30/06/2026`."""
    keys = ((PARENT,) if book.tables[block.place].parent else ()) + block.names
    return " ".join(shown(book, block.field_by_key[key], values.get(key)) for key in keys)


def at(data: Data, path: str) -> Any:
    """What stands at `target.kind`, None where there is nothing."""
    node: Any = data
    for key in path.split(".") if path else ():
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _rows(book: PlanBook, block: Block, data: Data) -> tuple[Row, ...]:
    if not book.tables[block.place].many:
        return (Row("", _values(block, at(data, block.place) or {})),)
    found = list(_entries(book, block, data))
    return tuple(map(Row, names_of(book, block, found), found))


def _entries(book: PlanBook, block: Block, data: Data) -> Iterator[dict[str, Value]]:
    parent = book.tables[block.place].parent
    if not parent:
        yield from (_values(block, entry) for entry in at(data, block.place) or ())
        return
    above = book.blocks[parent]
    for owner in at(data, parent) or ():
        for entry in owner.get(block.place.rpartition(".")[2], ()):
            yield {PARENT: comparable(owner.get(above.names[0])), **_values(block, entry)}


def _values(block: Block, entry: Data) -> dict[str, Value]:
    return {f.key: comparable(at(entry, f.key)) for f in block.fields if f.key != PARENT}

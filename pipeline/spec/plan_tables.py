"""The tables of a plan file with their keys and kinds, derived from the dataclasses of the plan.

Where a new key of the plan is added, it is here by itself: nothing that works on the plan as tables can
forget it.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pipeline.spec.plan import Plan

Kind = Literal["text", "texts", "wholes", "whole", "number", "flag", "date", "choice"]

_SCALARS: dict[Any, Kind] = {str: "text", int: "whole", float: "number", bool: "flag", date: "date"}


@dataclass(frozen=True)
class Key:
    """A key of a table: its kind, the choices of a `choice`, and the tables within it by a dot:
    `target.kind`."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanTable:
    """A table of the file, named by its place, `scoring.grades`.

    `many` is a list of tables; `parent` is the place of the list in whose entries it lies. A table that is
    `open` (a mapping) has keys of its own, all of them texts.
    """

    place: str
    many: bool
    parent: str
    keys: tuple[Key, ...]
    open: bool = False


def plan_tables() -> Mapping[str, PlanTable]:
    """Every table of a plan by its place; "" is the top."""
    return {table.place: table for table in _tables(Plan, "", many=False, parent="")}


def _tables(cls: type, place: str, many: bool, parent: str) -> Iterator[PlanTable]:
    keys: list[Key] = []
    below: list[PlanTable] = []
    for name, hint in _hints(cls).items():
        inside = f"{place}.{name}" if place else name
        inner = _list_of_tables(hint)
        if inner:
            below += _tables(inner, inside, many=True, parent=place if many else "")
        elif get_origin(hint) is dict:
            below.append(PlanTable(inside, False, "", (), open=True))
        elif is_dataclass(hint) and isinstance(hint, type) and many:
            keys += [Key(f"{name}.{key.name}", key.kind, key.choices) for key in _flat_keys(hint)]
        elif is_dataclass(hint) and isinstance(hint, type):
            below += _tables(hint, inside, many=False, parent="")
        else:
            keys.append(_key(name, hint))
    yield PlanTable(place, many, parent, tuple(keys))
    yield from below


def _flat_keys(cls: type) -> tuple[Key, ...]:
    return tuple(_key(name, hint) for name, hint in _hints(cls).items())


def _key(name: str, hint: Any) -> Key:
    if get_origin(hint) is Literal:
        return Key(name, "choice", get_args(hint))
    if get_origin(hint) is tuple:
        return Key(name, "wholes" if get_args(hint)[0] is int else "texts")
    return Key(name, _SCALARS[hint])


def _hints(cls: Any) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {field.name: _needed(hints[field.name]) for field in fields(cls)}


def _needed(hint: Any) -> Any:
    """The type without `| None`."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(arg for arg in get_args(hint) if arg is not types.NoneType)
    return hint


def _list_of_tables(hint: Any) -> type | None:
    inner = get_args(hint)[0] if get_origin(hint) is tuple else None
    return inner if isinstance(inner, type) and is_dataclass(inner) else None

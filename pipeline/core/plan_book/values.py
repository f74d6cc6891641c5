"""One value of the plan as a cell and back, and as people read it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.base.sheet import Cell, CellKind, number_text
from pipeline.base.text import clean, fold
from pipeline.core.dates import read_date
from pipeline.core.numbers import (
    AMBIGUOUS,
    APPROXIMATE,
    DATE_CELL,
    NOT_WHOLE,
    PERCENTAGE,
    quoted,
    read_number,
)
from pipeline.spec.plan_book import BookField, PlanBook
from pipeline.spec.plan_tables import Key

Value = str | float | bool | date | tuple[str, ...] | tuple[int, ...] | None
"""A value made comparable: None where the plan says nothing, numbers as floats, lists as tuples."""

_BREAKS = re.compile(r"[,;\n]")
_WHOLE = re.compile(r"[0-9]{1,9}")
_NUMBER_FAULTS = {
    AMBIGUOUS: "ambiguous",
    APPROXIMATE: "approximate",
    NOT_WHOLE: "not_whole",
    PERCENTAGE: "percent",
    DATE_CELL: "date_for_number",
}


@dataclass(frozen=True)
class Typed:
    """What a cell says: a value, or the key of the sentence about what is wrong, with its words."""

    value: Value = None
    fault: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


def comparable(value: Any) -> Value:
    """A value of the file as it is compared: an absent key, an empty text and an empty list are one."""
    match value:
        case str():
            return clean(value) or None
        case [int(), *_]:
            return tuple(value)
        case list() | tuple():
            return tuple(filter(None, (clean(str(item)) for item in value))) or None
        case bool() | date() | None:
            return value
        case _:
            return float(f"{value:.15g}")  # what a cell keeps of it


def as_written(value: Value) -> Any:
    """A comparable value as it stands in the file."""
    match value:
        case tuple():
            return list(value)
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def shown(book: PlanBook, entry: BookField, value: Value, between: str = "; ") -> str:
    """A value as people read it."""
    match value:
        case None:
            return book.words.empty
        case bool():
            return book.words.yes if value else book.words.no
        case float():
            return f"{value:.0f}" if entry.plain else number_text(value)
        case date():
            return f"{value:%d/%m/%Y}"
        case tuple():
            return (", " if entry.commas else between).join(map(str, value))
        case _:
            return entry.words.get(value, value)


def cell_content(book: PlanBook, entry: BookField, value: Value) -> str | float | date | None:
    """What is written into a cell."""
    if value is None or (isinstance(value, float | date) and not isinstance(value, bool)):
        return value
    return shown(book, entry, value, between="\n")


def read_cell(book: PlanBook, entry: BookField, key: Key, cell: Cell | None) -> Typed:
    """What a cell says; blanks of every kind are nothing."""
    if cell is None:
        return Typed()
    if cell.formula is not None:
        return Typed(fault="formula")
    if cell.kind is CellKind.ERROR:
        return _faulty("error", cell)
    match key.kind:
        case "text" | "texts":
            return _read_text(entry, key, cell)
        case "wholes":
            return _read_wholes(cell)
        case "whole" | "number":
            return _read_number(entry, key, cell)
        case "date":
            read = read_date(cell, None, None)
            return _faulty("not_date", cell) if read.problem else Typed(read.value)
        case "flag":
            return _read_flag(book, cell)
        case "choice":
            return _read_choice(entry, cell)


def _faulty(fault: str, cell: Cell, **words: str) -> Typed:
    return Typed(fault=fault, words={"found": quoted(cell), **words})


def _read_text(entry: BookField, key: Key, cell: Cell) -> Typed:
    if isinstance(cell.value, float) and cell.value.is_integer():
        text = f"{cell.value:.0f}"
    elif isinstance(cell.value, str):
        text = clean(cell.value)
    else:
        return _faulty("not_text", cell)
    if key.kind == "text":
        return Typed(text or None)
    parts = _BREAKS.split(text) if entry.commas else text.split("\n")
    return Typed(tuple(filter(None, map(clean, parts))) or None)


def _read_wholes(cell: Cell) -> Typed:
    parts = [part.strip() for part in _BREAKS.split(quoted(cell)) if part.strip()]
    if not all(_WHOLE.fullmatch(part) for part in parts):
        return _faulty("not_wholes", cell)
    return Typed(tuple(map(int, parts)) or None)


def _read_number(entry: BookField, key: Key, cell: Cell) -> Typed:
    read = read_number(cell, key.kind == "whole", entry.percent, None, None)
    if read.problem:
        fault = _NUMBER_FAULTS.get(read.problem, "not_number")
        return _faulty(fault, cell, readings=" hoặc ".join(read.readings))
    return Typed(read.value)


def _read_flag(book: PlanBook, cell: Cell) -> Typed:
    if isinstance(cell.value, bool):
        return Typed(cell.value)
    flags = {fold(book.words.yes): True, fold(book.words.no): False}
    text = fold(quoted(cell))
    if text and text not in flags:
        return _faulty("not_flag", cell, yes=book.words.yes, no=book.words.no)
    return Typed(flags.get(text))


def _read_choice(entry: BookField, cell: Cell) -> Typed:
    """A choice by its label, or by the word of the plan file."""
    known = {**{fold(key): key for key in entry.words}, **{fold(t): k for k, t in entry.words.items()}}
    text = fold(quoted(cell))
    if text and text not in known:
        return _faulty("not_choice", cell, choices=_listed(list(entry.words.values())))
    return Typed(known.get(text))


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(f"«{label}»" for label in labels)

"""A workbook as any reader hands it over: sparse cells with value, formula and format."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from pipeline.base.legacy import Encoding

_FIRST_DAY = date(1899, 12, 30)

CellValue = str | float | bool | date | datetime | time | None


class CellKind(Enum):
    """What a cell holds, whatever library read it."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    ERROR = "error"
    UNCALCULATED = "uncalculated"  # a formula that no program has computed yet


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text, from `start` to before `end`, that is set in a font from before Unicode."""

    start: int
    end: int
    encoding: Encoding


class Cell(NamedTuple):
    """One cell that is not empty. Rows and columns count from 1, as in Excel.

    A named tuple, not a dataclass: a form has eight hundred, and each is made twice, where it is read and
    where it arrives.

    `value` is the cached result where there is a formula; for `ERROR` its text (`#N/A`);
    for `UNCALCULATED` None. Numbers are floats. `legacy` says for a text, in its order, which parts
    have a font whose signs stand for other letters; the text is as stored.
    """

    row: int
    column: int
    kind: CellKind
    value: CellValue
    formula: str | None = None
    number_format: str = "General"
    legacy: tuple[Stretch, ...] = ()

    @property
    def address(self) -> str:
        return address(self.row, self.column)

    @property
    def text(self) -> str:
        """The cell as a person would quote it in a letter: `12`, `8,78`, `#N/A`."""
        if isinstance(self.value, bool):
            return "TRUE" if self.value else "FALSE"
        if isinstance(self.value, float):
            return number_text(self.value)
        if isinstance(self.value, date):
            return f"{self.value:%d/%m/%Y}"
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its name as shown, whether it is hidden, and its cells by (row, column)."""

    name: str
    hidden: bool
    cells: Mapping[tuple[int, int], Cell]


@dataclass(frozen=True, slots=True)
class Workbook:
    """All worksheets in their order."""

    sheets: tuple[Sheet, ...]


@lru_cache(maxsize=1_000)
def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """(17, 7) → G17."""
    return f"{column_letters(column)}{row}"


def serial_day(day: date) -> int:
    """The number by which a workbook keeps a day."""
    return day.toordinal() - _FIRST_DAY.toordinal()


def day_of_serial(serial: float) -> date:
    """The day with this number, whatever the hour; `ValueError` or `OverflowError` beyond the calendar."""
    return date.fromordinal(_FIRST_DAY.toordinal() + math.floor(serial))


def number_text(value: float, decimals: int | None = None) -> str:
    """A number in Vietnamese writing: `1.688`, `8,78`; shortest exact form unless `decimals`."""
    if decimals is None:
        plain = repr(value)
        if "e" in plain or "n" in plain:
            return plain
        decimals = 0 if value.is_integer() else len(plain.partition(".")[2])
    english = f"{value:,.{decimals}f}"
    return english.translate(str.maketrans(",.", ".,"))

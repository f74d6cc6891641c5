"""Read the date that a person put into an entry cell, or say what is wrong with it; never guess."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.base.sheet import Cell, CellKind, day_of_serial
from pipeline.core.numbers import ERROR_CELL, UNCALCULATED, is_error_text, plain, quoted

NOT_A_DATE = "C09"

_OTHER_KINDS = {CellKind.ERROR: ERROR_CELL, CellKind.UNCALCULATED: UNCALCULATED}

_YEAR = r"(?P<year>[1-9][0-9]{3})"
_DAY = r"(?:ng[aà]y ?)?(?P<day>[0-9]{1,2})"
_NUMERIC = re.compile(
    rf"{_DAY} ?(?P<separator>[/.-]) ?(?P<month>[0-9]{{1,2}}) ?(?P=separator) ?{_YEAR}", re.IGNORECASE
)
_WRITTEN = re.compile(rf"{_DAY},? ?th[aá]ng ?(?P<month>[0-9]{{1,2}}),? ?n[aă]m ?{_YEAR}", re.IGNORECASE)
_ISO = re.compile(rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})")


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a date cell says: a date, or a finding code, or neither for a blank cell.

    `text` is what a person would quote, "" only for a blank. `readings` holds the date that was
    probably meant, as dd/mm/yyyy, where one can be suggested.
    """

    value: date | None
    problem: str | None
    text: str
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reach:
    """A day of another century is a slip of the hand."""

    earliest: date | None
    latest: date | None

    def reading(self, day: date, text: str) -> DateReading:
        inside = (self.earliest is None or self.earliest <= day) and (
            self.latest is None or day <= self.latest
        )
        return DateReading(day, None, text) if inside else DateReading(None, NOT_A_DATE, text)


def read_date(cell: Cell | None, earliest: date | None, latest: date | None) -> DateReading:
    """Read an entry cell that asks for a date: an Excel date, or text with the day before the month.

    A bare number is the date that a workbook keeps by it: only its format was lost, as when values
    are pasted.
    """
    if cell is None:
        return DateReading(None, None, "")
    text, reach = quoted(cell), _Reach(earliest, latest)
    match cell.kind, cell.value:
        case CellKind.TEXT, _:
            return _read_text(text, reach)
        case CellKind.DATE, datetime() as moment:
            return reach.reading(moment.date(), text)
        case CellKind.DATE, date() as day:
            return reach.reading(day, text)
        case CellKind.NUMBER, float() as serial if (kept := _from_serial(serial)) is not None:
            return reach.reading(kept, text)
        case kind, _:
            return DateReading(None, _OTHER_KINDS.get(kind, NOT_A_DATE), text)


def _read_text(text: str, reach: _Reach) -> DateReading:
    if not text:
        return DateReading(None, None, "")
    entry = plain(text)
    if is_error_text(entry):
        return DateReading(None, ERROR_CELL, text)
    numeric = _NUMERIC.fullmatch(entry)
    found = numeric or _WRITTEN.fullmatch(entry) or _ISO.fullmatch(entry)
    if not found:
        return DateReading(None, NOT_A_DATE, text)
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    value = _date(year, month, day)
    if value:
        return reach.reading(value, text)
    swapped = _date(year, day, month) if numeric else None
    return DateReading(None, NOT_A_DATE, text, (f"{swapped:%d/%m/%Y}",) if swapped else ())


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _from_serial(serial: float) -> date | None:
    try:
        return day_of_serial(serial)
    except (ValueError, OverflowError):
        return None

"""Read the date that a person put into an entry cell, or say what is wrong with it; never guess."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.base.sheet import Cell, CellKind
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

_SERIAL_EPOCH = date(1899, 12, 30)
_YEARS = range(2000, 2100)
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # the same years


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


def read_date(cell: Cell | None) -> DateReading:
    """Read an entry cell that asks for a date: an Excel date, or text with the day before the month."""
    if cell is None:
        return DateReading(None, None, "")
    text = quoted(cell)
    match cell.kind, cell.value:
        case CellKind.TEXT, _:
            return _read_text(text)
        case CellKind.DATE, datetime() as moment:
            return _in_reach(moment.date(), text)
        case CellKind.DATE, date() as day:
            return _in_reach(day, text)
        case CellKind.NUMBER, float() as serial:
            return DateReading(None, NOT_A_DATE, text, _from_serial(serial, cell.number_format))
        case kind, _:
            return DateReading(None, _OTHER_KINDS.get(kind, NOT_A_DATE), text)


def _read_text(text: str) -> DateReading:
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
        return _in_reach(value, text)
    swapped = _date(year, day, month) if numeric else None
    return DateReading(None, NOT_A_DATE, text, (f"{swapped:%d/%m/%Y}",) if swapped else ())


def _in_reach(day: date, text: str) -> DateReading:
    """A day of another century is a slip of the hand."""
    if day.year in _YEARS:
        return DateReading(day, None, text)
    return DateReading(None, NOT_A_DATE, text)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _from_serial(serial: float, number_format: str) -> tuple[str, ...]:
    """The date that a bare number would show, had the cell kept its date format."""
    if number_format != "General" or not serial.is_integer() or not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return ()
    return (f"{_SERIAL_EPOCH + timedelta(days=serial):%d/%m/%Y}",)

"""Read the number that a person put into an entry cell, or say what is wrong with it; never guess."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import category

from pipeline.base.sheet import Cell, CellKind, number_text
from pipeline.base.text import clean, fold

NOT_A_NUMBER = "C01"
ERROR_CELL = "C02"
AMBIGUOUS = "C03"
APPROXIMATE = "C04"
NOT_WHOLE = "C05"
UNCALCULATED = "C10"
PERCENTAGE = "C12"
DATE_CELL = "C14"

_OTHER_KINDS = {
    CellKind.BOOLEAN: NOT_A_NUMBER,
    CellKind.ERROR: ERROR_CELL,
    CellKind.UNCALCULATED: UNCALCULATED,
    CellKind.DATE: DATE_CELL,
}
_MOST_DIGITS = 15  # a spreadsheet keeps no more; so does a float

# Only the full-width block and the minus sign: NFKC would also read "5²" as 52.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("\u2212"): ord("-")}
_APOSTROPHES = "'\u2018\u2019"

_ERROR_TEXT = re.compile(
    r"#(N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:[0-9]+", re.IGNORECASE
)
_SHAPE = re.compile(r"(?P<sign>[+-]?)(?P<digits>[0-9]+(?:[., ][0-9]+)*)(?P<percent> ?%)?")
_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<separator>[., ])[0-9]{3}(?:(?P=separator)[0-9]{3})*)"
    r"(?:(?!(?P=separator))[.,](?P<fraction>[0-9]+))?"
)
_UNGROUPED = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<fraction>[0-9]+))?")

# What the folded text of a bound, a range or a rough figure looks like.
_ROUGHLY = (
    r"[<>]=?|=[<>]|[≤≥≦≧⩽⩾~≈±]|tren|duoi|hon|gan|khoang|tam|chung|xap xi|uoc tinh|uoc|it nhat|nhieu nhat"
    r"|toi thieu|toi da|khong qua|khong duoi|khong it hon|khong nhieu hon|lon hon|nho hon|it hon"
    r"|nhieu hon|chua den|chua toi|vuot|qua|tu|den"
)
_FIGURE = r"[0-9][0-9.,]* ?%?"
_APPROXIMATE = re.compile(
    rf"(?:dat )?(?:(?:{_ROUGHLY}) ?(?:dat )?){{1,3}}[0-9].*"
    rf"|{_FIGURE} ?(?:\+|tro len|tro xuong)"
    rf"|{_FIGURE} ?(?:[-–—~]|den) ?{_FIGURE}",
    re.DOTALL,
)

# In a number format these show their character, or a blank of its width, instead of obeying it.
_FORMAT_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')


@dataclass(frozen=True, slots=True)
class Reading:
    """What an entry cell says: a number, or a finding code, or neither for a blank cell.

    Percentages are in points (85.5 for 85,5 %). `text` is what a person would quote, "" only for a
    blank. `readings` are the numbers that an ambiguous entry may mean, in Vietnamese writing.
    """

    value: float | None
    problem: str | None
    text: str
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Field:
    whole: bool
    percent: bool
    minimum: float | None
    maximum: float | None

    def admits(self, value: float) -> bool:
        return (self.minimum is None or self.minimum <= value) and (
            self.maximum is None or value <= self.maximum
        )


def read_number(
    cell: Cell | None, whole: bool, percent: bool, minimum: float | None, maximum: float | None
) -> Reading:
    """Read an entry cell of a count (`whole`), a percentage (`percent`) or another number.

    The limits only settle what an ambiguous entry means; whether they hold is not judged here.
    """
    if cell is None:
        return Reading(None, None, "")
    field = _Field(whole, percent, minimum, maximum)
    if cell.kind is CellKind.TEXT:
        return _read_text(quoted(cell), field)
    if cell.kind is CellKind.NUMBER and isinstance(cell.value, float):
        return _read_float(cell, cell.value, field)
    return Reading(None, _OTHER_KINDS.get(cell.kind, NOT_A_NUMBER), quoted(cell))


def quoted(cell: Cell) -> str:
    """The visible content of a cell, "" if there is none; the formula where it has no result yet."""
    if cell.kind is CellKind.UNCALCULATED:
        return f"={(cell.formula or '').removeprefix('=')}"
    return clean("".join(c for c in cell.text if c.isspace() or category(c) not in ("Cf", "Cc")))


def plain(text: str) -> str:
    """Quoted text as it is parsed: ASCII digits and signs, no apostrophe that only forces text."""
    return text.translate(_PLAIN).strip(_APOSTROPHES).strip()


def is_error_text(text: str) -> bool:
    """Whether plain text is a spreadsheet error that was pasted as a value (`#N/A`)."""
    return _ERROR_TEXT.fullmatch(text) is not None


def _read_text(text: str, field: _Field) -> Reading:
    if not text:
        return Reading(None, None, "")
    entry = plain(text)
    if is_error_text(entry):
        return Reading(None, ERROR_CELL, text)
    shape = _SHAPE.fullmatch(entry)
    meanings = _meanings(shape["sign"], shape["digits"]) if shape else ()
    if not shape or not meanings:
        rough = _APPROXIMATE.fullmatch(fold(entry))
        return Reading(None, APPROXIMATE if rough else NOT_A_NUMBER, text)
    if shape["percent"] and not field.percent:
        return Reading(None, PERCENTAGE, text)
    return _settle(meanings, text, field)


def _meanings(sign: str, digits: str) -> tuple[float, ...]:
    """Every number that the digits can be: `1.688` as thousands, then as a decimal; or none."""
    if sum(c.isdigit() for c in digits) > _MOST_DIGITS:
        return ()
    matches = (_GROUPED.fullmatch(digits), _UNGROUPED.fullmatch(digits))
    return tuple(_signed(sign, match["whole"], match["fraction"]) for match in matches if match)


def _signed(sign: str, whole: str, fraction: str | None) -> float:
    return _number(Decimal(f"{sign}{re.sub('[., ]', '', whole)}.{fraction or '0'}"))


def _settle(meanings: tuple[float, ...], text: str, field: _Field) -> Reading:
    if field.whole:  # a count has no decimals: what can be thousands is
        value = meanings[0]
        return Reading(value, None, text) if value.is_integer() else Reading(None, NOT_WHOLE, text)
    possible = meanings if len(meanings) == 1 else tuple(filter(field.admits, meanings))
    if len(possible) == 1:
        return Reading(possible[0], None, text)
    return Reading(None, AMBIGUOUS, text, tuple(map(number_text, meanings)))


def _read_float(cell: Cell, stored: float, field: _Field) -> Reading:
    # 15 digits are what the person sees: 0.1 + 0.2 shows as 0,3 and must not fail as a fraction.
    exact = Decimal(f"{stored:.{_MOST_DIGITS}g}")
    shown_as_percent = "%" in _FORMAT_LITERALS.sub("", cell.number_format)
    value = _number(exact * 100 if shown_as_percent else exact)
    text = number_text(value) + ("%" if shown_as_percent else "")
    if not math.isfinite(value):
        return Reading(None, NOT_A_NUMBER, text)
    if shown_as_percent and not field.percent:
        return Reading(None, PERCENTAGE, text)
    if field.whole and not value.is_integer():
        return Reading(None, NOT_WHOLE, text, _thousands_or_decimal(exact))
    return Reading(value, None, text)


def _thousands_or_decimal(number: Decimal) -> tuple[str, ...]:
    """`1.688` and `1,688` for a number that a spreadsheet may have taken for a decimal."""
    if number.as_tuple().exponent == -3 and 1 <= abs(number) < 1000:
        return number_text(_number(number * 1000)), number_text(_number(number))
    return ()


def _number(exact: Decimal) -> float:
    return float(exact) + 0.0  # turns -0.0 into 0.0

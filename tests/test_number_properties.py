"""What holds for every entry in a number cell, whatever was typed."""

import math
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.sheet import Cell, CellKind
from pipeline.core.numbers import Reading, read_number

Field = tuple[bool, bool, float | None, float | None]
COUNT: Field = (True, False, 0.0, None)
PERCENT: Field = (False, True, 0.0, 100.0)
INDEX: Field = (False, False, 0.0, 1.0)
FREE: Field = (False, False, None, None)

ENTRIES = st.one_of(
    st.text(max_size=30),
    st.text("0123456789., -+%'≥<>~\u00a0\u200bxđtrên", max_size=16),
    st.from_regex(r"[-+]?[0-9]{1,4}([., ][0-9]{1,4}){0,3} ?%?", fullmatch=True),
)
FIELDS = st.sampled_from([COUNT, PERCENT, INDEX, FREE])
LIMITS = st.none() | st.floats(allow_nan=False, allow_infinity=False)


def read(text: str, field: Field) -> Reading:
    return read_number(Cell(7, 5, CellKind.TEXT, text), *field)


def read_float(stored: float, field: Field, number_format: str) -> Reading:
    return read_number(Cell(7, 5, CellKind.NUMBER, stored, number_format=number_format), *field)


@given(st.integers(0, 10**15 - 1), st.sampled_from([".", ",", " ", "\u00a0"]))
def test_a_grouped_count_comes_back(number: int, separator: str) -> None:
    assert read(f"{number:,}".replace(",", separator), COUNT).value == number


@given(st.integers(0, 10_000), st.sampled_from(["", "%", " %"]))
def test_a_percentage_with_two_decimals_comes_back(hundredths: int, sign: str) -> None:
    whole, fraction = divmod(hundredths, 100)
    assert read(f"{whole},{fraction:02d}{sign}", PERCENT).value == float(Decimal(hundredths) / 100)


@given(st.integers(0, 100_000))
def test_a_percent_format_carries_no_binary_noise(thousandths_of_a_point: int) -> None:
    stored = float(Decimal(thousandths_of_a_point).scaleb(-5))
    assert read_float(stored, PERCENT, "0.000%").value == float(Decimal(thousandths_of_a_point).scaleb(-3))


@given(ENTRIES, st.booleans(), st.booleans(), LIMITS, LIMITS)
def test_any_text_is_a_value_or_a_problem_or_blank(
    text: str, whole: bool, percent: bool, minimum: float | None, maximum: float | None
) -> None:
    reading = read(text, (whole, percent, minimum, maximum))
    assert [reading.value is not None, reading.problem is not None, reading.text == ""].count(True) == 1
    assert len(reading.readings) == (2 if reading.problem == "C03" else 0)
    assert reading.value is None or not whole or reading.value.is_integer()


@given(st.floats(), FIELDS, st.sampled_from(["General", "0%"]))
def test_any_numeric_cell_is_a_value_or_a_problem(stored: float, field: Field, number_format: str) -> None:
    reading = read_float(stored, field, number_format)
    assert (reading.value is None) != (reading.problem is None)
    assert reading.value is None or math.isfinite(reading.value)


@given(st.text().filter(lambda text: not any(c.isdigit() for c in text)), FIELDS)
def test_without_a_digit_there_is_no_value(text: str, field: Field) -> None:
    assert read(text, field).value is None


@given(ENTRIES, FIELDS)
def test_a_value_has_the_digits_that_were_typed(text: str, field: Field) -> None:
    reading = read(text, field)
    if reading.value is not None:
        typed = "".join(c for c in reading.text if c.isdigit()).lstrip("0")
        kept = "".join(map(str, Decimal(repr(reading.value)).as_tuple().digits))
        assert typed.rstrip("0") == kept.strip("0")
        assert reading.value <= 0 or "-" not in text

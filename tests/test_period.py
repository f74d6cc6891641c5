"""A month as files, tables and sentences write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.period import Period


@given(st.integers(2000, 2999), st.integers(1, 12))
def test_every_month_is_read_back_from_both_spellings(year: int, month: int) -> None:
    period = Period(year, month)
    assert Period.parse(str(period)) == Period.read(str(period)) == Period.read(period.short) == period


def test_the_spellings_of_a_month() -> None:
    march = Period(2026, 3)
    assert (str(march), march.short, march.label) == ("2026-03", "03/2026", "tháng 3/2026")
    assert Period.read(" 3/2026 ") == march


@pytest.mark.parametrize("text", ["", "13/2026", "0/2026", "11/26", "11-2026", "2026/11", "1/11/2026"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        Period.read(text)


def test_a_table_writes_a_month_in_a_way_that_commands_do_not_take() -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse("11/2026")

"""The days of a month: when a period closes, what is late, and which period a day belongs to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.period import Period
from pipeline.core.calendar import (
    days_of,
    is_late,
    latest_closed,
    latest_reportable,
    next_deadline,
    now_open,
    year_share,
)
from tests.forms import PLAN

CALENDAR = PLAN.calendar
NOVEMBER = Period(2026, 11)
VIETNAM = timezone(timedelta(hours=7))


def test_the_days_of_a_period() -> None:
    days = days_of(CALENDAR, NOVEMBER)
    assert (days.first, days.closing) == (date(2026, 10, 15), date(2026, 11, 14))
    assert (days.submit_before, days.last_good_day) == (date(2026, 11, 20), date(2026, 11, 19))
    assert days.report_before == date(2026, 11, 25)


def test_january_closes_figures_of_december() -> None:
    days = days_of(CALENDAR, Period(2026, 1))
    assert (days.first, days.closing) == (date(2025, 12, 15), date(2026, 1, 14))


def test_a_closing_from_the_first_stays_in_its_month() -> None:
    days = days_of(replace(CALENDAR, closing_first_day=1), Period(2026, 1))
    assert (days.first, days.closing) == (date(2026, 1, 1), date(2026, 1, 14))


BY_MONTH = replace(
    CALENDAR,
    closing_first_day=1,
    closing_last_day=31,
    submit_before_day=5,
    report_before_day=10,
    deadline_month="next",
)


@pytest.mark.parametrize(("month", "last"), [(2, 28), (9, 30), (12, 31)])
def test_a_month_closes_on_its_last_day_and_is_sent_in_the_next(month: int, last: int) -> None:
    period = Period(2027, month)
    days, after = days_of(BY_MONTH, period), period.shift(1)
    assert (days.first, days.closing) == (date(2027, month, 1), date(2027, month, last))
    assert days.last_good_day == date(after.year, after.month, 4)
    assert days.last_report_day == date(after.year, after.month, 9)


def test_the_month_before_is_open_until_its_deadline() -> None:
    days = (date(2027, 9, 30), date(2027, 10, 4), date(2027, 10, 5))
    assert [now_open(BY_MONTH, day).month for day in days] == [9, 9, 10]
    assert [latest_closed(BY_MONTH, day).month for day in days] == [8, 9, 9]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_every_day_lies_in_just_one_closing_window(day: date) -> None:
    near = [Period.of(day).shift(n) for n in (-1, 0, 1)]
    windows = [days_of(CALENDAR, period) for period in near]
    assert sum(window.first <= day <= window.closing for window in windows) == 1


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        ("2026-11-19T23:59:59+07:00", False),
        ("2026-11-20T00:00:00+07:00", True),
        ("2026-11-19T16:59:59+00:00", False),  # the same moments by another clock
        ("2026-11-19T17:00:00+00:00", True),
        ("2026-11-20T01:30:00+09:00", False),
        ("2026-10-01T00:00:00+07:00", False),
        ("2027-01-01T00:00:00+07:00", True),
    ],
)
def test_before_the_20th_is_strict_and_by_the_clock_of_the_commune(moment: str, late: bool) -> None:
    assert is_late(CALENDAR, NOVEMBER, datetime.fromisoformat(moment)) is late


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2026, 11, 1), date(2026, 11, 20)),
        (date(2026, 11, 19), date(2026, 11, 20)),
        (date(2026, 11, 20), date(2026, 11, 25)),
        (date(2026, 11, 24), date(2026, 11, 25)),
        (date(2026, 11, 25), None),
        (date(2026, 12, 3), None),
    ],
)
def test_a_form_goes_back_with_a_deadline_only_while_there_is_one(day: date, limit: date | None) -> None:
    assert next_deadline(CALENDAR, NOVEMBER, day) == limit


@pytest.mark.parametrize(
    ("extended_to", "moment", "late"),
    [
        (date(2026, 11, 22), datetime(2026, 11, 22, 23, 59, 59, tzinfo=VIETNAM), False),
        (date(2026, 11, 22), datetime(2026, 11, 23, tzinfo=VIETNAM), True),
        (date(2026, 11, 10), datetime(2026, 11, 19, 12, tzinfo=VIETNAM), False),  # never shortens
    ],
)
def test_an_extension_names_its_last_good_day(extended_to: date, moment: datetime, late: bool) -> None:
    assert is_late(CALENDAR, NOVEMBER, moment, extended_to) is late


@pytest.mark.parametrize(
    ("today", "closed", "reportable", "form"),
    [
        (date(2026, 11, 1), "2026-10", "2026-10", "2026-11"),
        (date(2026, 11, 13), "2026-10", "2026-10", "2026-11"),
        (date(2026, 11, 14), "2026-10", "2026-11", "2026-11"),  # the closing day itself has not passed
        (date(2026, 11, 15), "2026-11", "2026-11", "2026-11"),
        (date(2026, 11, 19), "2026-11", "2026-11", "2026-11"),
        (date(2026, 11, 20), "2026-11", "2026-11", "2026-12"),
        (date(2026, 12, 31), "2026-12", "2026-12", "2027-01"),
        (date(2027, 1, 1), "2026-12", "2026-12", "2027-01"),
        (date(2027, 1, 15), "2027-01", "2027-01", "2027-01"),
    ],
)
def test_the_period_of_a_day(today: date, closed: str, reportable: str, form: str) -> None:
    found = (latest_closed(CALENDAR, today), latest_reportable(CALENDAR, today), now_open(CALENDAR, today))
    assert tuple(map(str, found)) == (closed, reportable, form)


def test_how_much_of_the_year_has_passed() -> None:
    assert year_share(date(2026, 12, 31)) == 1
    assert year_share(date(2026, 1, 1)) == pytest.approx(1 / 365)
    assert year_share(date(2026, 11, 14)) == pytest.approx(318 / 365)
    assert year_share(date(2028, 12, 30)) == pytest.approx(365 / 366)  # a leap year


@given(st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 31), timezones=st.just(UTC)))
def test_late_once_late_forever(moment: datetime) -> None:
    assert is_late(CALENDAR, NOVEMBER, moment) <= is_late(CALENDAR, NOVEMBER, moment + timedelta(seconds=1))

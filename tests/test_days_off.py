"""Week-ends, holidays and made-up Saturdays; how deadlines move off them, and where they must not."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.period import Period
from pipeline.core.calendar import days_of, is_late, now_open, planned_days
from pipeline.core.days_off import days_from, is_off, why_off, working_day_after, working_day_before
from pipeline.edges.public_holidays import public_holidays
from pipeline.run.workspace import with_holidays
from tests.calendars import FEBRUARY, YEAR_2026, DayOff, at, moving, plan_of, with_day
from tests.forms import PLAN

CALENDAR = YEAR_2026.calendar


# --- days off -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "off", "reason"),
    [
        (date(2026, 1, 1), True, "Tết Dương lịch"),
        (date(2026, 1, 2), True, "Nghỉ Tết Dương lịch, làm bù thứ Bảy 10/01"),  # the plan, not the package
        (date(2026, 1, 3), True, ""),  # a Saturday
        (date(2026, 1, 10), False, "Làm bù cho ngày nghỉ 02/01"),
        (date(2026, 2, 19), True, "Mùng ba Tết Nguyên Đán"),
        (date(2026, 8, 22), False, "Làm bù theo lịch hoán đổi ngày làm việc"),
        (date(2026, 8, 31), True, "Ngày nghỉ (thay cho ngày 22/08/2026)"),
        (date(2026, 11, 23), False, ""),
    ],
)
def test_the_days_of_2026(day: date, off: bool, reason: str) -> None:
    assert (is_off(CALENDAR, day), why_off(CALENDAR, day)) == (off, reason)


def test_the_plan_goes_over_the_package() -> None:
    """The package has 24/11 as a holiday; the plan does not believe it."""
    cultural_day = date(2026, 11, 24)
    (public,) = [special for special in public_holidays([2026]) if special.day == cultural_day]
    assert public.kind == "off"
    assert not is_off(CALENDAR, cultural_day)


def test_without_the_package_only_what_the_plan_says_is_known() -> None:
    assert is_off(PLAN.calendar, date(2026, 1, 2))
    assert not is_off(PLAN.calendar, date(2026, 2, 19))
    assert not PLAN.calendar.knows(2026)


def test_a_year_beyond_the_package_is_not_known() -> None:
    assert [CALENDAR.knows(year) for year in (2025, 2026, 2027, 2150)] == [True, True, True, False]
    far = plan_of(2150).calendar
    assert not far.knows(2150)
    assert is_off(far, date(2150, 1, 3))  # a Saturday all the same
    assert not is_off(far, date(2150, 1, 1))


def test_holidays_are_asked_for_in_vietnamese_and_for_these_years_only() -> None:
    days = public_holidays([2026])
    assert {special.day.year for special in days} == {2026}
    assert list(days) == sorted(days, key=lambda special: special.day)
    assert "Quốc khánh" in {special.reason for special in days}


@given(st.dates(date(2025, 2, 1), date(2027, 11, 30)))
def test_working_days_are_the_nearest_ones(day: date) -> None:
    before, after = working_day_before(CALENDAR, day), working_day_after(CALENDAR, day)
    assert not is_off(CALENDAR, before)
    assert not is_off(CALENDAR, after)
    between = (before + timedelta(days=n) for n in range(1, (after - before).days))
    assert all(is_off(CALENDAR, inner) for inner in between if inner != day)


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2026, 2, 19), -1, date(2026, 2, 13)),  # the whole of Tết lies between
        (date(2026, 2, 19), -3, date(2026, 2, 11)),
        (date(2026, 2, 19), 1, date(2026, 2, 23)),
        (date(2026, 1, 9), 1, date(2026, 1, 10)),  # a Saturday that is worked
        (date(2026, 10, 24), 0, date(2026, 10, 23)),
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
    ],
)
def test_counting_working_days(day: date, days: int, expected: date) -> None:
    assert days_from(CALENDAR, day, days, working_days=True) == expected
    assert days_from(CALENDAR, day, days, working_days=False) == day + timedelta(days=days)


# --- deadlines ------------------------------------------------------------------------------------

# Month by month in 2026: the last good days of units and of the office, by the rule for days off.
UNMOVED = {month: (19, 24) for month in range(1, 13)}
RULES: dict[DayOff, dict[int, tuple[int, int]]] = {
    "none": UNMOVED,
    "previous": UNMOVED
    | {1: (19, 23), 4: (17, 24), 5: (19, 22), 7: (17, 24), 9: (18, 24), 10: (19, 23), 12: (18, 24)},
    "next": UNMOVED
    | {1: (19, 26), 2: (23, 24), 4: (20, 24), 5: (19, 25), 7: (20, 24), 9: (21, 24)}
    | {10: (19, 26), 12: (21, 24)},
}


@pytest.mark.parametrize("rule", RULES)
def test_the_last_good_days_of_2026(rule: DayOff) -> None:
    calendar = moving(YEAR_2026, rule).calendar
    found = {}
    for month in range(1, 13):
        days = days_of(calendar, Period(2026, month))
        found[month] = (days.last_good_day.day, days.last_report_day.day)
    assert found == RULES[rule]


def test_a_deadline_before_the_closing_is_no_deadline() -> None:
    """In February 2026 the working day before lies before the figures close: nothing is moved."""
    calendar = moving(YEAR_2026, "previous").calendar
    assert working_day_before(calendar, date(2026, 2, 19)) == date(2026, 2, 13)
    days = days_of(calendar, FEBRUARY)
    assert (days.closing, days.last_good_day) == (date(2026, 2, 14), date(2026, 2, 19))


def test_a_deadline_on_or_after_the_offices_own_is_no_deadline() -> None:
    plan = moving(YEAR_2026, "next")
    plan = with_day(plan, date(2026, 3, 19), "off")
    for day in (20, 23):
        plan = with_day(plan, date(2026, 3, day), "off")
    days = days_of(plan.calendar, Period(2026, 3))
    assert (days.last_good_day, days.last_report_day) == (date(2026, 3, 19), date(2026, 3, 24))


def test_the_deadline_that_has_moved_is_the_one_that_counts() -> None:
    april = Period(2026, 4)
    assert not is_late(moving(YEAR_2026, "next").calendar, april, at(2026, 4, 20, 23, 59))
    assert is_late(moving(YEAR_2026, "next").calendar, april, at(2026, 4, 21))
    assert is_late(moving(YEAR_2026, "previous").calendar, april, at(2026, 4, 18))
    assert is_late(YEAR_2026.calendar, april, at(2026, 4, 20))


def test_the_forms_that_are_needed_follow_the_deadline_that_has_moved() -> None:
    calendar = moving(YEAR_2026, "next").calendar
    assert now_open(calendar, date(2026, 4, 20)) == Period(2026, 4)
    assert now_open(calendar, date(2026, 4, 21)) == Period(2026, 5)


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(RULES)),
    st.integers(2024, 2034),
    st.integers(1, 12),
    st.sets(st.integers(1, 28), max_size=20),
)
def test_whatever_is_off_the_days_of_a_period_stay_in_order(
    rule: DayOff, year: int, month: int, off: set[int]
) -> None:
    plan = moving(plan_of(year), rule)
    for day in off:
        plan = with_day(plan, date(year, month, day), "off")
    days, planned = (f(plan.calendar, Period(year, month)) for f in (days_of, planned_days))
    assert days.closing < days.last_good_day < days.last_report_day
    assert days.last_good_day.month == month  # `now_open` relies on it
    assert (days.first, days.closing) == (planned.first, planned.closing)
    for last, unmoved in (
        (days.last_good_day, planned.last_good_day),
        (days.last_report_day, planned.last_report_day),
    ):
        assert last == unmoved or not is_off(plan.calendar, last)


def test_the_holidays_may_be_given_again() -> None:
    assert with_holidays(YEAR_2026) == YEAR_2026

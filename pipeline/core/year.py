"""The year of a plan as the officer reads it: each period's days and steps, and what is odd about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipeline.base.period import Period
from pipeline.core.calendar import PeriodDays, days_of, moved, planned_days
from pipeline.core.days_off import is_off, why_off, working_day_after, working_day_before
from pipeline.core.steps import DatedStep, steps_of
from pipeline.spec.calendar import Calendar, SpecialDay
from pipeline.spec.plan import Plan

What = Literal["closing", "deadline", "report"]
Handling = Literal["kept", "moved", "senseless"]


@dataclass(frozen=True, slots=True)
class OddDay:
    """A closing or last good day of the plan that is a day off.

    `reason` is the holiday, "" for a mere week-end. A day is "kept" where the plan moves none, "moved" to
    `to`, or "senseless" to move there. `advised` is the last working day that is in time all the same and
    not before the figures close; None where there is none: then `after` is the next one.
    """

    what: What
    day: date
    reason: str
    handling: Handling
    to: date
    advised: date | None
    after: date


@dataclass(frozen=True, slots=True)
class PeriodOfYear:
    """One period of the year: its days, its steps in their order, and its odd days."""

    period: Period
    days: PeriodDays
    steps: tuple[DatedStep, ...]
    odd: tuple[OddDay, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """All periods of a plan's year. `special` are its holidays and made-up days, as the plan has them;
    `known` tells whether public holidays of that year are known at all."""

    plan: Plan
    known: bool
    special: tuple[SpecialDay, ...]
    periods: tuple[PeriodOfYear, ...]


def year_of(plan: Plan) -> Year:
    """The year of `plan`, whose calendar has been given the public holidays."""
    calendar, months = plan.calendar, range(1, 13)
    return Year(
        plan=plan,
        known=calendar.knows(plan.year),
        special=tuple(s for day, s in sorted(calendar.special_days.items()) if day.year == plan.year),
        periods=tuple(_period(calendar, Period(plan.year, month)) for month in months),
    )


def _period(calendar: Calendar, period: Period) -> PeriodOfYear:
    odd = tuple(_odd_days(calendar, period))
    return PeriodOfYear(period, days_of(calendar, period), steps_of(calendar, period), odd)


def _odd_days(calendar: Calendar, period: Period) -> Iterator[OddDay]:
    planned, days = planned_days(calendar, period), days_of(calendar, period)
    closing, deadline, report = planned.closing, planned.last_good_day, planned.last_report_day
    if is_off(calendar, closing):
        yield _odd(calendar, "closing", closing, closing, planned.first)
    if is_off(calendar, deadline):
        kept = days.last_good_day == deadline
        yield _odd(calendar, "deadline", deadline, moved(calendar, deadline), closing, kept)
    if is_off(calendar, report):
        kept = days.last_report_day == report
        earliest = days.last_good_day + timedelta(days=1)
        yield _odd(calendar, "report", report, moved(calendar, report), earliest, kept)


def _odd(calendar: Calendar, what: What, day: date, to: date, earliest: date, is_kept: bool = True) -> OddDay:
    handling: Handling = "moved" if not is_kept else "kept" if to == day else "senseless"
    before = working_day_before(calendar, day)
    return OddDay(
        what=what,
        day=day,
        reason=why_off(calendar, day),
        handling=handling,
        to=to,
        advised=before if before >= earliest else None,
        after=working_day_after(calendar, day),
    )

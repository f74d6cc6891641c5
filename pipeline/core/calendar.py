"""The days of a reporting period: closing, deadline, and which period a day belongs to."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.base.period import Period
from pipeline.core.days_off import is_off, working_day_after, working_day_before
from pipeline.spec.calendar import Calendar

if TYPE_CHECKING:
    from pipeline.spec.plan import Indicator, Plan

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PeriodDays:
    """The days of one period. Units and office must be done *before* the two deadlines begin."""

    first: date
    closing: date
    submit_before: date
    report_before: date

    @property
    def last_good_day(self) -> date:
        return self.submit_before - _ONE_DAY

    @property
    def last_report_day(self) -> date:
        return self.report_before - _ONE_DAY


def days_of(calendar: Calendar, period: Period) -> PeriodDays:
    """The days of `period`; the last good days are moved off days off where the calendar says so."""
    planned = planned_days(calendar, period)
    submit, report = (moved(calendar, day) for day in (planned.last_good_day, planned.last_report_day))
    # Where a move leads nowhere, as before the closing or past the office's own day, it is not made.
    submit = submit if planned.closing < submit < report else planned.last_good_day
    report = report if submit < report else planned.last_report_day
    return replace(planned, submit_before=submit + _ONE_DAY, report_before=report + _ONE_DAY)


def planned_days(calendar: Calendar, period: Period) -> PeriodDays:
    """The days as numbered in the plan, whatever days they are.

    Closing from `closing_first_day` (of the month before, unless it is 1) to `closing_last_day`.
    """
    start = period if calendar.closing_first_day == 1 else period.shift(-1)
    due = period if calendar.deadline_month == "same" else period.shift(1)
    last = min(calendar.closing_last_day, monthrange(period.year, period.month)[1])
    return PeriodDays(
        first=date(start.year, start.month, calendar.closing_first_day),
        closing=date(period.year, period.month, last),
        submit_before=date(due.year, due.month, calendar.submit_before_day),
        report_before=date(due.year, due.month, calendar.report_before_day),
    )


def moved(calendar: Calendar, day: date) -> date:
    """Where the calendar's `day_off` moves a last good day, sense or not."""
    if calendar.day_off == "none" or not is_off(calendar, day):
        return day
    return (working_day_before if calendar.day_off == "previous" else working_day_after)(calendar, day)


def latest_closed(calendar: Calendar, today: date) -> Period:
    """The latest period whose closing day has passed: the one to consolidate."""
    period = Period.of(today)
    return period if days_of(calendar, period).closing < today else period.shift(-1)


def latest_reportable(calendar: Calendar, today: date) -> Period:
    """The latest period that can be reported: from its closing day on."""
    period = Period.of(today)
    return period if days_of(calendar, period).closing <= today else period.shift(-1)


def now_open(calendar: Calendar, today: date) -> Period:
    """The earliest period that can still be sent in time: the one whose forms are needed."""
    before, now, after = (Period.of(today).shift(months) for months in (-1, 0, 1))
    return next((p for p in (before, now) if today < days_of(calendar, p).submit_before), after)


def next_deadline(calendar: Calendar, period: Period, day: date) -> date | None:
    """Before which day a form that goes back on `day` is of use: the units' deadline, once it has passed
    the office's own, then none."""
    days = days_of(calendar, period)
    return next((limit for limit in (days.submit_before, days.report_before) if day < limit), None)


def is_late(calendar: Calendar, period: Period, arrived: datetime, extended_to: date | None = None) -> bool:
    """Whether a moment lies at or after the deadline, by the clock of the plan's time zone.

    `extended_to` is the last good day of an extension.
    """
    limit = days_of(calendar, period).submit_before
    if extended_to is not None:
        limit = max(limit, extended_to + _ONE_DAY)
    zone = ZoneInfo(calendar.time_zone)
    return arrived.astimezone(zone) >= datetime.combine(limit, time(), zone)


def year_share(day: date) -> float:
    """How much of its year has passed at the end of `day`, from 0 to 1."""
    first, last = date(day.year - 1, 12, 31), date(day.year, 12, 31)
    return (day - first).days / (last - first).days


def is_due(indicator: "Indicator", period: Period) -> bool:
    """Whether the indicator has a figure in this period: every month, or in its `due_months`."""
    return not indicator.due_months or period.month in indicator.due_months


def is_open(indicator: "Indicator", period: Period) -> bool:
    """Whether a figure is taken in this period: one that is due, or may come early."""
    return is_due(indicator, period) or indicator.may_come_early


def open_rows(plan: "Plan", unit_id: str, period: Period) -> "tuple[Indicator, ...]":
    """The rows of a unit's form that are open in this period."""
    return tuple(i for i in plan.indicators_of(unit_id) if is_open(i, period))


def is_owed(plan: "Plan", indicator: "Indicator", period: Period) -> bool:
    """Whether a blank counts as missing: the figure is due, and the lead owes a form."""
    return is_due(indicator, period) and plan.is_expected(indicator)

"""The steps of a period on their days, and which of them have become due and are not done yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.base.period import Period
from pipeline.base.step_record import StepRecord
from pipeline.core.calendar import days_of
from pipeline.core.days_off import days_from
from pipeline.spec.calendar import Anchor, Calendar, End, Step
from pipeline.spec.plan import Plan


@dataclass(frozen=True, slots=True)
class DatedStep:
    """A step of one period. At `due` it becomes due, at `ends` it makes no sense any more."""

    period: Period
    step: Step
    due: datetime
    ends: datetime

    @property
    def key(self) -> str:
        """What it is known by, whatever the clock says: "2026-11/run"."""
        return f"{self.period}/{self.step.name}"

    def has_lapsed(self, now: datetime) -> bool:
        return self.ends <= now


def steps_of(calendar: Calendar, period: Period) -> tuple[DatedStep, ...]:
    """The steps of `period` in the order in which they become due."""
    zone = ZoneInfo(calendar.time_zone)
    days = _named_days(calendar, period)
    dated = [
        DatedStep(
            period,
            step,
            due=datetime.combine(_day(calendar, days, step), time(step.hour), zone),
            ends=datetime.combine(days[step.until] + timedelta(days=1), time(), zone),
        )
        for step in calendar.steps
    ]
    return tuple(sorted(dated, key=lambda one: one.due))


def steps_of_year(plan: Plan) -> tuple[DatedStep, ...]:
    """The steps of all periods of the plan's year, period by period."""
    months = (Period(plan.year, month) for month in range(1, 13))
    return tuple(dated for period in months for dated in steps_of(plan.calendar, period))


def due_steps(plan: Plan, now: datetime, records: Mapping[str, StepRecord]) -> tuple[DatedStep, ...]:
    """The steps of the plan's year that are due at `now` and not done, in the order of their days.

    Those that make no sense any more are among them, once, to be told and skipped; but not those that
    had lapsed before the program began to work, at the first of `records`. Only keys decide what is
    done, so that a clock that jumps brings nothing twice. What has failed waits for its next attempt.
    """
    since = min([now, *(datetime.fromisoformat(record.first_at) for record in records.values())])
    due = [dated for dated in steps_of_year(plan) if dated.due <= now and dated.ends > since]
    still_open = [d for d in due if _is_open(plan.calendar, d, records.get(d.key), now)]
    return tuple(sorted(still_open, key=lambda one: one.due))


def next_attempt(calendar: Calendar, record: StepRecord) -> datetime:
    """When a step that failed is tried again."""
    return datetime.fromisoformat(record.at) + timedelta(minutes=calendar.retry_minutes)


def may_try(calendar: Calendar, record: StepRecord | None, now: datetime) -> bool:
    """Whether nothing forbids an attempt at `now`: no failure a moment ago, by a clock that runs on."""
    if record is None or record.outcome != "failed":
        return True
    return not datetime.fromisoformat(record.at) <= now < next_attempt(calendar, record)


def time_has_come(record: StepRecord | None, minutes: int, now: datetime) -> bool:
    """Whether what is done every so many minutes is due: its last end lies so far back, was cut off, or
    lies ahead, by a clock that was set back since."""
    if record is None or record.outcome == "begun":
        return True
    return not timedelta() <= now - datetime.fromisoformat(record.at) < timedelta(minutes=minutes)


def _named_days(calendar: Calendar, period: Period) -> Mapping[Anchor | End, date]:
    days = days_of(calendar, period)
    return {
        "month": date(period.year, period.month, 1),
        "closing": days.closing,
        "deadline": days.last_good_day,
        "report": days.last_report_day,
        "next_closing": days_of(calendar, period.shift(1)).closing,
    }


def _day(calendar: Calendar, days: Mapping[Anchor | End, date], step: Step) -> date:
    return days_from(calendar, days[step.anchor], step.days, step.working_days)


def _is_open(calendar: Calendar, dated: DatedStep, record: StepRecord | None, now: datetime) -> bool:
    """A step that was skipped by a clock gone wrong is open again where it still makes sense."""
    if record is not None and record.outcome == "done":
        return False
    if dated.has_lapsed(now):
        return record is None or record.outcome != "skipped"
    return may_try(calendar, record, now)

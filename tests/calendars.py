"""Plans with the public holidays of their year, for the tests of the calendar."""

from dataclasses import replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pipeline.base.period import Period
from pipeline.run.workspace import with_holidays
from pipeline.spec.calendar import SpecialDay
from pipeline.spec.plan import Plan
from tests.forms import PLAN

DayOff = Literal["none", "previous", "next"]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
YEAR_2026 = with_holidays(PLAN)
FEBRUARY = Period(2026, 2)


def plan_of(year: int) -> Plan:
    """The plan of 2026 as if it were that of another year, without its overrides."""
    calendar = replace(PLAN.calendar, overrides=())
    return with_holidays(replace(PLAN, id=f"phuoc-an-{year}", year=year, calendar=calendar))


def moving(plan: Plan, day_off: DayOff) -> Plan:
    """The plan with another rule for days off."""
    return replace(plan, calendar=replace(plan.calendar, day_off=day_off))


def with_day(plan: Plan, day: date, kind: Literal["off", "working"]) -> Plan:
    """The plan with one more override."""
    special = SpecialDay(day, kind, "thử")
    return replace(plan, calendar=replace(plan.calendar, overrides=(*plan.calendar.overrides, special)))


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)

"""The calendar of a plan as frozen objects: the days of a month, days off, and the steps of a period."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

Action = Literal["templates", "remind", "run", "remind_late", "escalate", "final_run", "workbook"]
Anchor = Literal["month", "closing", "deadline", "report"]
End = Literal["closing", "deadline", "report", "next_closing"]

_LAST_DAY = 31  # of every month, however long it is


@dataclass(frozen=True)
class SpecialDay:
    """A day that is not what its place in the week says: a holiday, or a Saturday that is worked."""

    day: date
    kind: Literal["off", "working"]
    reason: str


@dataclass(frozen=True)
class Step:
    """What happens once in every period: `days` from the day `anchor`, unless the day `until` is over."""

    name: str
    label: str
    action: Action
    anchor: Anchor
    until: End
    days: int = 0
    working_days: bool = False
    hour: int = 7


@dataclass(frozen=True)
class Calendar:
    """The days of a month. `…_before_day` is strict: the last good moment is the day before.

    Both stand in the `deadline_month`, the reporting month or the one after it. A `closing_last_day` of
    31 is the last day of every month.
    """

    time_zone: str
    closing_first_day: int
    closing_last_day: int
    submit_before_day: int
    report_before_day: int
    deadline_month: Literal["same", "next"] = "same"
    day_off: Literal["none", "previous", "next"] = "none"
    retry_minutes: int = 15
    overrides: tuple[SpecialDay, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def closes_with_month(self) -> bool:
        return self.closing_last_day == _LAST_DAY

    @cached_property
    def special_days(self) -> dict[date, SpecialDay]:
        """Every day that is known to be special; what the plan says goes over what is public."""
        return {special.day: special for special in self.overrides}

    def knows(self, year: int) -> bool:
        """Whether the public holidays of the year are known: those of the plan alone are not."""
        return False


@dataclass(frozen=True)
class KnowingCalendar(Calendar):
    """A calendar that knows the public holidays of the years around it."""

    holidays: tuple[SpecialDay, ...] = ()

    @cached_property
    def special_days(self) -> dict[date, SpecialDay]:
        return {special.day: special for special in (*self.holidays, *self.overrides)}

    def knows(self, year: int) -> bool:
        return any(special.day.year == year for special in self.holidays)

"""What the letters of one period are made from, and what each unit owes in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from pipeline.base.period import Period
from pipeline.base.record import Fact, Submission
from pipeline.core.calendar import days_of, is_owed
from pipeline.core.register import RegisterLine
from pipeline.spec.plan import Plan


@dataclass(frozen=True, slots=True)
class Answer:
    """The feedback on one file: the text, and the form to be mended where there is one."""

    text: str
    form: str


@dataclass(frozen=True)
class Occasion:
    """All that the letters of one period are made from.

    `lines` is the register at `now`; `told` are the hashes of files with an error or a warning, `answers`
    the feedback on them by hash, `comparisons` the texts about figures that do not agree, by unit and by what
    they are about. `forms` (by unit id) and `workbook` are paths in the workspace, absent or
    "" while there is none; `issue` is the number of that workbook, 0 for a draft. `extensions` gives the
    last good day of units that were given more time.
    """

    plan: Plan
    period: Period
    now: datetime
    lines: tuple[RegisterLine, ...]
    submissions: Sequence[Submission] = ()
    facts: Sequence[Fact] = ()
    told: Collection[str] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    comparisons: Mapping[tuple[str, str], str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    workbook: str = ""
    issue: int = 0
    extensions: Mapping[str, date] = field(default_factory=dict)

    @cached_property
    def today(self) -> date:
        return self.now.date()

    @cached_property
    def expected(self) -> tuple[RegisterLine, ...]:
        return tuple(line for line in self.lines if line.receipt != "not_expected")

    def last_good_day(self, unit: str = "") -> date:
        """The last day on which the unit, or one without an extension, is in time."""
        day = days_of(self.plan.calendar, self.period).last_good_day
        return max(day, self.extensions.get(unit, day))

    def accepted(self, unit: str, sha256: str = "") -> set[str]:
        """Codes of the rows that were accepted from a unit in this period, or from one of its files."""
        period = str(self.period)
        return {
            f.indicator
            for f in self.facts
            if f.unit == unit and f.period == period and sha256 in ("", f.sha256)
        }

    def owed(self, unit: str) -> set[str]:
        """Codes of the rows that a unit owes in this period."""
        return {i.code for i in self.plan.indicators_of(unit) if is_owed(self.plan, i, self.period)}

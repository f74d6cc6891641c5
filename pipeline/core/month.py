"""One month from facts to scored figures: the stages of consolidation in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from pipeline.base.period import Period
from pipeline.base.record import Decision, Fact, KeptFinding, Narrative, Submission, TaskReport
from pipeline.core import merge, score
from pipeline.core.calendar import latest_closed
from pipeline.core.decisions import in_force
from pipeline.core.quality import row_marks
from pipeline.core.register import RegisterLine, has_reported, register
from pipeline.core.relations import Broken, month_findings
from pipeline.spec.plan import Plan
from pipeline.spec.tables import GroupFigures


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ledger holds for a period: facts of the year so far, all decisions, the rest of the
    period itself."""

    submissions: tuple[Submission, ...]
    facts: tuple[Fact, ...]
    tasks: tuple[TaskReport, ...]
    narratives: tuple[Narrative, ...]
    findings: tuple[KeptFinding, ...]
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Month:
    """The scored month. `indicators` and `units` hold all periods of the year so far, scored;
    `facts` the current row of each period, unit and indicator; `broken` the relations between
    indicators of different units that the month does not keep."""

    period: Period
    periods: tuple[Period, ...]
    kept: Kept
    register: tuple[RegisterLine, ...]
    facts: pd.DataFrame
    units: pd.DataFrame
    indicators: pd.DataFrame
    scorecards: pd.DataFrame
    total: GroupFigures
    groups: tuple[GroupFigures, ...]
    broken: tuple[Broken, ...]

    def of_period(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["period"].eq(str(self.period))]


def concerned(plan: Plan, period: Period, submissions: Sequence[Submission]) -> list[Submission]:
    """The submissions that a month looks at: those of its year so far, and the files without a period
    that arrived while it was the latest closed one."""
    zone = ZoneInfo(plan.calendar.time_zone)

    def at_arrival(submission: Submission) -> Period:
        moment = datetime.fromisoformat(submission.arrived_at).astimezone(zone)
        return latest_closed(plan.calendar, moment.date())

    year = Period(period.year, 1)
    return [
        s
        for s in submissions
        if (year <= Period.parse(s.period) <= period if s.period else at_arrival(s) == period)
    ]


def consolidate(plan: Plan, period: Period, kept: Kept, now: datetime) -> Month:
    """Merge and score `period` as it stands at `now`, with the earlier periods of its year."""
    facts = merge.latest(merge.facts_frame(kept.facts, kept.submissions))
    periods = _periods(facts, period)
    units = merge.unit_figures(facts, plan, periods)
    indicators = score.scored(merge.indicator_figures(units, plan, periods), plan)
    units = score.scored(units, plan)
    extensions = in_force(kept.decisions).extensions(str(period))
    lines = register(plan, period, kept.submissions, now, extensions, kept.findings)
    current = indicators[indicators["period"].eq(str(period))]
    total, groups = score.group_figures(current, plan)
    cards = score.scorecards(
        units[units["period"].eq(str(period))],
        plan,
        {line.unit: _time(line) for line in lines},
        row_marks(plan, period, kept.submissions, kept.findings, facts[facts["period"].eq(str(period))]),
    )
    broken = tuple(month_findings(current, plan))
    return Month(period, periods, kept, lines, facts, units, indicators, cards, total, groups, broken)


def _time(line: RegisterLine) -> str:
    """What the scorecard goes by: on_time, extended, late, "waiting", or "" where nothing usable came."""
    if line.receipt == "waiting":
        return "waiting"
    return line.time if has_reported(line) else ""


def _periods(facts: pd.DataFrame, period: Period) -> tuple[Period, ...]:
    """From the first period of the year that has facts to `period`, without gaps."""
    first = min((Period.parse(p) for p in facts["period"].unique()), default=period)
    months: Sequence[int] = range(min(first, period).month, period.month + 1)
    return tuple(Period(period.year, month) for month in months)

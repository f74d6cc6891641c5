"""One month from facts to scored figures: the stages of consolidation in their order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from pipeline.base.period import Period
from pipeline.base.record import Decision, Fact, KeptFinding, Narrative, Submission, TaskReport
from pipeline.core import claims, merge, score
from pipeline.core.calendar import latest_closed
from pipeline.core.decisions import in_force
from pipeline.core.quality import row_marks
from pipeline.core.register import RegisterLine, has_reported, register
from pipeline.core.relations import Broken, month_findings
from pipeline.core.scorecard import scorecards
from pipeline.spec.plan import Plan
from pipeline.spec.tables import GroupFigures


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ledger holds for a period: files, facts and findings of the year so far, all decisions, the
    rest of the period itself."""

    submissions: tuple[Submission, ...]
    facts: tuple[Fact, ...]
    tasks: tuple[TaskReport, ...]
    narratives: tuple[Narrative, ...]
    findings: tuple[KeptFinding, ...]
    decisions: tuple[Decision, ...] = ()

    def of(self, period: Period) -> "Kept":
        """The same with the findings of `period` alone, and of files that name none."""
        told = {s.sha256 for s in self.submissions if s.period in ("", str(period))}
        return replace(self, findings=tuple(f for f in self.findings if f.sha256 in told))


@dataclass(frozen=True)
class Month:
    """The scored month. `indicators` and `units` hold all periods of the year so far, scored;
    `facts` the current row of each period, unit and indicator. `kept` has the findings of the month
    alone. `cards` are the scorecards of every period of the year so far, as things stand now, with
    `period` and `time`; `scorecards` those of the month. `broken` are the relations between indicators
    of different units that the month does not keep and nobody explains."""

    period: Period
    periods: tuple[Period, ...]
    kept: Kept
    register: tuple[RegisterLine, ...]
    facts: pd.DataFrame
    units: pd.DataFrame
    indicators: pd.DataFrame
    cards: pd.DataFrame
    total: GroupFigures
    groups: tuple[GroupFigures, ...]
    broken: tuple[Broken, ...]

    def of_period(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["period"].eq(str(self.period))]

    @property
    def scorecards(self) -> pd.DataFrame:
        return self.of_period(self.cards).reset_index(drop=True)


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
    units = score.scored(units, plan).assign(pending=claims.pending(units, plan))
    current = indicators[indicators["period"].eq(str(period))]
    total, groups = score.group_figures(current, plan)
    registers = {p: _register(plan, p, kept, now) for p in periods}
    cards = [_cards(plan, p, kept.of(p), registers[p], facts, units) for p in periods]
    return Month(
        period=period,
        periods=periods,
        kept=kept.of(period),
        register=registers[period],
        facts=facts,
        units=units,
        indicators=indicators,
        cards=pd.concat(cards, ignore_index=True),
        total=total,
        groups=groups,
        broken=tuple(month_findings(current, facts, plan, str(period), in_force(kept.decisions))),
    )


def _register(plan: Plan, period: Period, kept: Kept, now: datetime) -> tuple[RegisterLine, ...]:
    """What came for one period of the year, by the deadline that holds for each unit."""
    extensions = in_force(kept.decisions).extensions(str(period))
    answers = [(fact.sha256, fact.indicator, fact.state) for fact in kept.facts if fact.period == str(period)]
    return register(plan, period, kept.submissions, now, extensions, kept.of(period).findings, answers)


def _cards(
    plan: Plan,
    period: Period,
    kept: Kept,
    lines: Sequence[RegisterLine],
    facts: pd.DataFrame,
    units: pd.DataFrame,
) -> pd.DataFrame:
    """The scorecards of one period from its register; `kept` has its findings alone."""
    times = {line.unit: _time(line) for line in lines}
    own = facts[facts["period"].eq(str(period))]
    marks = row_marks(plan, period, kept.submissions, kept.findings, own)
    cards = scorecards(units[units["period"].eq(str(period))], plan, times, marks)
    return cards.assign(period=str(period), time=cards["unit"].map(times))


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

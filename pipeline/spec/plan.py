"""The plan of one year as frozen objects: units, indicators, tasks, calendar, scoring.

Loaded from `schemas/plan-<year>.toml`. Percentages are numbers from 0 to 100, as printed.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Literal

from pipeline.spec.doubts import Doubts
from pipeline.spec.roster import Roster

Entry = Literal["ratio", "count", "index", "share", "yes_no"]
Basis = Literal["stock", "flow", "year_to_date"]
Combine = Literal["single", "disjoint_sum", "lead_value"]
TargetKind = Literal["at_least", "at_most", "range", "yes_no"]


@dataclass(frozen=True)
class Group:
    """A group of indicators; `printed_count` is what the plan's heading says, 0 if nothing."""

    code: str
    name: str
    printed_count: int = 0


@dataclass(frozen=True)
class Target:
    """What has to be reached by the end of the year.

    `at_least` and `at_most` use `value`; `range` uses `lower` and `upper`; `yes_no` neither.
    """

    kind: TargetKind
    as_printed: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None

    @property
    def shown(self) -> str:
        """As printed, but with the decimal comma of Vietnamese."""
        return self.as_printed.replace(".", ",")


@dataclass(frozen=True)
class Milestone:
    """A value that has to be reached by a day of the year."""

    day: date
    value: float


@dataclass(frozen=True)
class Indicator:
    """One line of the plan's table. `entry` says what a unit types in; without `due_months` there is a
    figure every month; in the others one is taken only where it `may_come_early`."""

    code: str
    group: str
    name: str
    measure: str
    entry: Entry
    basis: Basis
    target: Target
    lead: str
    lead_as_printed: str
    name_as_printed: str = ""
    due_months: tuple[int, ...] = ()
    may_come_early: bool = False
    contributors: tuple[str, ...] = ()
    combine: Combine = "single"
    numerator_label: str = ""
    denominator_label: str = ""
    baseline: float | None = None
    milestones: tuple[Milestone, ...] = ()
    weight: float = 1.0

    @property
    def is_percentage(self) -> bool:
        return self.entry in ("ratio", "share")

    @property
    def sign(self) -> str:
        """What stands behind a result of it."""
        return "%" if self.is_percentage else ""

    @property
    def may_be_empty(self) -> bool:
        """Whether a unit may say that nothing happened, or that it has nobody who is counted."""
        return self.basis == "flow" or self.combine == "disjoint_sum"


@dataclass(frozen=True)
class Task:
    """A task of the plan with the six "rõ"; an empty `lead` means not assigned yet."""

    code: str
    section: str
    work: str
    lead: str = ""
    person: str = ""
    time: str = ""
    responsibility: str = ""
    product: str = ""
    authority: str = ""


@dataclass(frozen=True)
class Section:
    """A section of the plan's list of tasks."""

    code: str
    name: str


@dataclass(frozen=True)
class Grade:
    """A band of the proposed grade: `lowest` ≤ score < `below` (the top band includes 100)."""

    label: str
    lowest: float
    below: float


@dataclass(frozen=True)
class ScorecardWeights:
    """Points of a unit's scorecard, together 100."""

    results: float
    timeliness: float
    quality: float


@dataclass(frozen=True)
class Timeliness:
    """Percent of the timeliness points earned by a form on time, late, and not sent."""

    on_time: float
    late: float
    missing: float


@dataclass(frozen=True)
class Quality:
    """Percent of the quality points earned by a row: clean, with a warning, held back or blank."""

    clean: float
    warned: float
    faulty: float


@dataclass(frozen=True)
class Projecting:
    """How the end of the year is foreseen: from how many periods on, from how many on with a range,
    and the middle share of the pairwise slopes that makes the range."""

    from_periods: int = 2
    range_from_periods: int = 3
    middle_share: float = 0.8


@dataclass(frozen=True)
class Ranking:
    """Decimals of a total by which grade and rank go, and the share by which each weight is moved."""

    decimals: int = 1
    weight_shift: float = 0.25


@dataclass(frozen=True)
class Scoring:
    """Every number of the scoring method; `docs/` and the sheet `Phương pháp` quote them."""

    version: int
    attainment_cap: float
    on_path_share: float
    no_path_attainment: float
    enough_reported: str
    scorecard: ScorecardWeights
    timeliness: Timeliness
    quality: Quality
    grades: tuple[Grade, ...]
    projection: Projecting = Projecting()
    ranking: Ranking = Ranking()

    @cached_property
    def enough_fraction(self) -> Fraction:
        return Fraction(self.enough_reported)


@dataclass(frozen=True)
class ReportHead:
    """Who reports to whom, as the layout of official documents has it (Nghị định 30/2020/NĐ-CP)."""

    parent_body: str
    issuer: str
    symbol: str
    place: str
    subject: str
    addressee: str
    signer_role: str
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class Confirmation:
    """The coordinator has checked that a unit had nothing to report for an indicator, in the `periods`
    named or, without any, in the whole year."""

    unit: str
    indicator: str
    reason: str
    periods: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan(Roster):
    """The whole plan of one year."""

    id: str
    version: int
    title: str
    short_title: str
    commune: str
    province: str
    authority: str
    coordinator: str
    declared_indicators: int
    scoring: Scoring
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    sections: tuple[Section, ...] = ()
    tasks: tuple[Task, ...] = ()
    doubts: Doubts = field(default_factory=Doubts)
    report: ReportHead | None = None
    confirmations: tuple[Confirmation, ...] = ()

    @cached_property
    def indicator_by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    def reporters(self, indicator: Indicator) -> tuple[str, ...]:
        """Ids of the units that report this indicator, the lead first."""
        return tuple(self._reporter(unit) for unit in (indicator.lead, *indicator.contributors))

    def indicators_of(self, unit_id: str) -> tuple[Indicator, ...]:
        """The rows of this unit's form: led, contributed, or entered for another unit."""
        return tuple(self._rows_of.get(unit_id, ()))

    @cached_property
    def _rows_of(self) -> dict[str, list[Indicator]]:
        rows: dict[str, list[Indicator]] = {}
        for indicator in self.indicators:
            for unit_id in dict.fromkeys(self.reporters(indicator)):
                rows.setdefault(unit_id, []).append(indicator)
        return rows

    def tasks_of(self, unit_id: str) -> tuple[Task, ...]:
        """The plan's tasks on this unit's form; tasks without a lead lie with the coordinator."""
        return tuple(t for t in self.tasks if (t.lead or self.coordinator) == unit_id)

    def is_expected(self, indicator: Indicator) -> bool:
        """Whether the lead owes this figure; if not, a blank never counts as 0."""
        return self.unit_by_id[indicator.lead].expected

    def is_confirmed(self, unit_id: str, code: str, period: str) -> bool:
        """Whether the coordinator has confirmed that the unit had nothing to report."""
        return bool({(unit_id, code, ""), (unit_id, code, period)} & self._confirmed)

    @cached_property
    def _confirmed(self) -> frozenset[tuple[str, str, str]]:
        said = self.confirmations
        return frozenset((c.unit, c.indicator, period) for c in said for period in c.periods or ("",))

    def _reporter(self, unit_id: str) -> str:
        return self.unit_by_id[unit_id].entered_by or unit_id

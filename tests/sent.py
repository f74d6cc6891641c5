"""Facts and submissions for tests of the core, each in one short line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.base.period import Period
from pipeline.base.record import Fact, KeptFinding, Narrative, Outcome, State, Submission, TaskReport
from pipeline.core.claims import pending
from pipeline.core.merge import facts_frame, indicator_figures, latest, unit_figures
from pipeline.core.month import Kept
from pipeline.core.score import scored
from pipeline.spec.plan import Plan
from tests.entries import a_fact, a_finding, a_narrative, a_submission, a_task, digest
from tests.forms import PLAN

NOVEMBER = Period(2026, 11)
MORNING = "2026-11-18T08:00:00+07:00"


@dataclass(frozen=True)
class Sent:
    """What one file brought."""

    submission: Submission
    facts: tuple[Fact, ...] = ()
    tasks: tuple[TaskReport, ...] = ()
    narratives: tuple[Narrative, ...] = ()
    findings: tuple[KeptFinding, ...] = ()


def sent(
    unit: str,
    *parts: Fact | TaskReport | Narrative | KeptFinding,
    period: str = "2026-11",
    at: str = MORNING,
    outcome: Outcome = "valid",
    word: str = "",
) -> Sent:
    """A file of `unit`; `word` gives it bytes of its own."""
    name = word or f"{unit} {period} {at}"
    whose = {"sha256": digest(name), "unit": unit, "period": period}
    placed = [
        replace(part, **whose)  # type: ignore[arg-type]  # all three have these fields
        for part in parts
        if not isinstance(part, KeptFinding)
    ]
    found = [
        replace(p, sha256=digest(name), number=n)
        for n, p in enumerate(parts, 1)
        if isinstance(p, KeptFinding)
    ]
    submission = a_submission(name, unit, period, arrived_at=at, decided_at=at, outcome=outcome)
    return Sent(
        submission,
        tuple(p for p in placed if isinstance(p, Fact)),
        tuple(p for p in placed if isinstance(p, TaskReport)),
        tuple(p for p in placed if isinstance(p, Narrative)),
        tuple(found),
    )


def counts(code: str, numerator: float, denominator: float) -> Fact:
    value = 100 * numerator / denominator if denominator else None
    fact = a_fact("", code, value)
    return replace(fact, numerator=numerator, denominator=denominator)


def figure(code: str, value: float) -> Fact:
    """A bare value: a rate without counts, a count, an index, 1 or 0 for yes or no."""
    bare = a_fact("", code, value)
    return replace(bare, numerator=None, denominator=None, value_cell="M9", value_raw=str(value))


def word(code: str, state: State, explanation: str = "") -> Fact:
    """A state without a figure."""
    return replace(figure(code, 0.0), value=None, state=state, explanation=explanation)


def text(section: str, said: str) -> Narrative:
    return replace(a_narrative("", section), text=said)


def task(code: str, **changes: str | float | None) -> TaskReport:
    return replace(a_task("", code), **changes)  # type: ignore[arg-type]  # each field has its own type


def finding(code: str, row_code: str, severity: str = "error") -> KeptFinding:
    return replace(a_finding("", 1), code=code, row_code=row_code, severity=severity)


def kept(*files: Sent) -> Kept:
    """What the ledger would hold."""
    return Kept(
        tuple(f.submission for f in files),
        tuple(x for f in files for x in f.facts),
        tuple(x for f in files for x in f.tasks),
        tuple(x for f in files for x in f.narratives),
        tuple(x for f in files for x in f.findings),
    )


def current(*files: Sent) -> pd.DataFrame:
    return latest(facts_frame(kept(*files).facts, kept(*files).submissions))


def months(*periods: str) -> Sequence[Period]:
    return [Period.parse(p) for p in periods or ("2026-11",)]


def of_units(*files: Sent, periods: Sequence[Period] = (NOVEMBER,), plan: Plan = PLAN) -> pd.DataFrame:
    """Scored figures of units, and which of them wait for a confirmation."""
    figures = unit_figures(current(*files), plan, periods)
    return scored(figures, plan).assign(pending=pending(figures, plan))


def of_indicators(*files: Sent, periods: Sequence[Period] = (NOVEMBER,), plan: Plan = PLAN) -> pd.DataFrame:
    """Scored figures of indicators."""
    units = unit_figures(current(*files), plan, periods)
    return scored(indicator_figures(units, plan, periods), plan)


def row_of(frame: pd.DataFrame, code: str, period: str = "2026-11", unit: str = "") -> dict[str, object]:
    """The one row of an indicator in a period (and of a unit), NaN as None."""
    chosen = frame[frame["indicator"].eq(code) & frame["period"].eq(period)]
    chosen = chosen[chosen["unit"].eq(unit)] if unit else chosen
    (row,) = chosen.astype(object).where(chosen.notna(), None).to_dict(orient="records")
    return {str(key): value for key, value in row.items()}

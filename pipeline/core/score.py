"""Score figures against targets: verdict of each indicator, groups, and the units' scorecards."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from pipeline.base.period import Period
from pipeline.core import rules, targets
from pipeline.core.calendar import days_of, is_due
from pipeline.core.targets import Verdict
from pipeline.spec.plan import Indicator, Plan, Unit
from pipeline.spec.tables import GroupFigures

SCORED: tuple[Verdict, ...] = ("met", "on_track", "warning", "behind")


def scored(figures: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Figures (of units or of indicators) with their score, row by row.

    Adds: verdict, colour, attainment (percent, uncapped), points (capped), path, distance, no_path,
    above_range, weight, `owed_now` (a blank counts as 0).
    """
    rows = [
        _score(plan, plan.indicator_by_code[code], Period.parse(period), state, result)
        for code, period, state, result in zip(
            figures["indicator"], figures["period"], figures["state"], figures["result"], strict=True
        )
    ]
    score = pd.DataFrame(rows, index=figures.index, columns=_SCORE_COLUMNS)
    return pd.concat([figures, score], axis=1)


_SCORE_COLUMNS = [
    "verdict",
    "colour",
    "attainment",
    "points",
    "path",
    "distance",
    "no_path",
    "above_range",
    "weight",
    "owed_now",
]


def group_figures(indicators: pd.DataFrame, plan: Plan) -> tuple[GroupFigures, tuple[GroupFigures, ...]]:
    """The overall figures and those of each group; `indicators` are the scored rows of one period."""
    group_of = indicators["indicator"].map({i.code: i.group for i in plan.indicators})
    groups = tuple(
        _group(indicators[group_of.eq(group.code)], plan, group.code, group.name) for group in plan.groups
    )
    return _group(indicators, plan, "", ""), groups


def mean_points(rows: pd.DataFrame) -> tuple[float | None, float | None]:
    """Weighted means of the capped attainment: over what was reported, and with missing as 0."""
    reported = rows[rows["verdict"].isin(SCORED)]
    missing = rows[rows["owed_now"] & ~rows["verdict"].isin(SCORED)]
    earned = float((reported["points"] * reported["weight"]).sum())
    over_reported = float(reported["weight"].sum())
    over_owed = over_reported + float(missing["weight"].sum())
    return (
        earned / over_reported if over_reported else None,
        earned / over_owed if over_owed else None,
    )


def scorecards(
    units: pd.DataFrame, plan: Plan, times: Mapping[str, str], row_marks: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """The proposed scorecard of each expected unit, from the scored `unit_figures` of one period.

    `times` says on_time, extended, late, waiting (no grade before the deadline) or "" (nothing usable
    sent) by unit; `row_marks` says clean, warned, held or absent for each indicator row of the unit's
    form. A unit without results due is graded on timeliness and quality alone. Columns as in
    `pipeline.spec.tables`, frame `units`.
    """
    rows = [
        _scorecard(plan, unit, units[units["unit"].eq(unit.id)], times[unit.id], row_marks[unit.id])
        for unit in plan.expected_units
    ]
    return pd.DataFrame(rows)


def grade_of(plan: Plan, total: float) -> str:
    """The label of the half-open band that holds `total`; 100 belongs to the top band."""
    bands = sorted(plan.scoring.grades, key=lambda g: g.lowest, reverse=True)
    return next(g.label for g in bands if total >= g.lowest)


def _score(plan: Plan, indicator: Indicator, period: Period, state: str, result: float) -> dict[str, object]:
    due, expected = is_due(plan, indicator, period), plan.is_expected(indicator)
    row: dict[str, object] = {"weight": indicator.weight, "owed_now": False, "no_path": False}
    if result == result:  # a number
        day = days_of(plan.calendar, period).closing
        return row | _score_value(plan, indicator, day, result)
    verdict = _empty_verdict(indicator, state, due, expected)
    # A share of nothing owes a figure where something must exist; where nothing happened it does not.
    owed = verdict == "missing" or (verdict == "no_figure" and indicator.basis != "flow")
    return row | {"verdict": verdict, "colour": "grey", "owed_now": owed and due and expected}


def _score_value(plan: Plan, indicator: Indicator, day: date, result: float) -> dict[str, object]:
    verdict = targets.verdict(indicator, result, day, plan.scoring)
    percent = targets.attainment(indicator.target, result)
    path = targets.path(indicator, day)
    return {
        "verdict": verdict,
        "colour": targets.COLOURS[verdict],
        "attainment": percent,
        "points": rules.capped(percent, plan.scoring.attainment_cap),
        "path": path,
        "distance": targets.distance(indicator.target, result),
        "no_path": path is None,
        "above_range": targets.is_above_range(indicator.target, result),
        "owed_now": True,
    }


def _empty_verdict(indicator: Indicator, state: str, due: bool, expected: bool) -> Verdict:
    if state == "no_activity":
        return "no_activity"
    if state == "reported":
        return "no_figure"
    if not due:
        return "not_due"
    return "missing" if expected else "not_owed"


def _group(rows: pd.DataFrame, plan: Plan, code: str, name: str) -> GroupFigures:
    verdicts = rows["verdict"]
    reported = int(verdicts.isin(SCORED).sum())
    missing = int((rows["owed_now"] & ~verdicts.isin(SCORED)).sum())
    mean_reported, mean_with_missing = mean_points(rows)
    return GroupFigures(
        code=code,
        name=name,
        listed=len(rows),
        met=int(verdicts.eq("met").sum()),
        reported=reported,
        missing=missing,
        no_activity=int((verdicts.isin(["no_activity", "no_figure"]) & ~rows["owed_now"]).sum()),
        not_due=int(verdicts.isin(["not_due", "not_owed"]).sum()),
        mean_reported=mean_reported,
        mean_with_missing=mean_with_missing,
        enough=rules.is_enough(reported, missing, plan.scoring.enough_fraction),
    )


def _scorecard(
    plan: Plan, unit: Unit, rows: pd.DataFrame, time: str, marks: Sequence[str]
) -> dict[str, object]:
    scoring = plan.scoring
    led_or_added = {i.code for i in plan.indicators if unit.id in (i.lead, *i.contributors)}
    graded = rows[rows["counts"] & rows["indicator"].isin(led_or_added)]
    _, results = mean_points(graded)
    points = {"on_time": scoring.timeliness.on_time, "extended": scoring.timeliness.on_time}
    timeliness = {**points, "late": scoring.timeliness.late}.get(time, scoring.timeliness.missing)
    worth = {"clean": scoring.quality.clean, "warned": scoring.quality.warned}
    quality = sum(worth.get(mark, scoring.quality.faulty) for mark in marks) / len(marks) if marks else None
    total = None if time == "waiting" else _total(plan, results, timeliness, quality)
    held = sum(mark == "held" for mark in marks)
    return {
        "unit": unit.id,
        "name": unit.name,
        "expected": unit.expected,
        "owed": int((~rows["verdict"].isin(["not_due", "not_owed"])).sum()),
        "reported": int(rows["state"].eq("reported").sum()),
        "held": held,
        "no_activity": int(rows["state"].eq("no_activity").sum()),
        "missing": max(0, int(rows["verdict"].eq("missing").sum()) - held),
        "results": results if total is not None else None,
        "timeliness": timeliness if total is not None else None,
        "quality": quality if total is not None else None,
        "total": total,
        "grade": grade_of(plan, total) if total is not None else "",
    }


def _total(plan: Plan, results: float | None, timeliness: float, quality: float | None) -> float | None:
    """The weighted total over the parts that exist, on a scale of 100."""
    card = plan.scoring.scorecard
    parts = [(results, card.results), (timeliness, card.timeliness), (quality, card.quality)]
    return rules.weighted_mean(parts)

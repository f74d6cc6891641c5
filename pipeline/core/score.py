"""Score figures against targets: verdict of each indicator, and the figures of groups."""

from datetime import date

import pandas as pd

from pipeline.base.period import Period
from pipeline.core import rules, targets
from pipeline.core.calendar import days_of, is_due
from pipeline.core.targets import Verdict
from pipeline.spec.plan import Indicator, Plan
from pipeline.spec.tables import GroupFigures

SCORED: tuple[Verdict, ...] = ("met", "on_track", "warning", "behind")


def scored(figures: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Figures (of units or of indicators) with their score, row by row.

    Adds: verdict, colour, attainment (percent, uncapped), points (capped), path, distance, no_path,
    above_range, weight, `owed_now` (a blank counts as 0). Where `used` of `owed` units stand behind a
    figure and are too few, it has an attainment but no points.
    """
    keys = ["indicator", "period", "state", "result"]
    share = figures["used"] / figures["owed"] if "used" in figures else pd.Series(1.0, figures.index)
    enough = share.ge(float(plan.scoring.enough_fraction))
    rows = [
        _score(plan, plan.indicator_by_code[code], Period.parse(period), state, result, sure)
        for code, period, state, result, sure in zip(*(figures[key] for key in keys), enough, strict=True)
    ]
    score = pd.DataFrame(rows, index=figures.index, columns=_SCORE_COLUMNS)
    score = score.astype(dict.fromkeys(("attainment", "points", "path", "distance"), float))
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


def _score(
    plan: Plan, indicator: Indicator, period: Period, state: str, result: float, enough: bool
) -> dict[str, object]:
    due, expected = is_due(indicator, period), plan.is_expected(indicator)
    row: dict[str, object] = {"weight": indicator.weight, "owed_now": False, "no_path": False}
    if result == result:  # a number
        day = days_of(plan.calendar, period).closing
        row |= _score_value(plan, indicator, day, result)
        return row if enough else row | _TOO_FEW | {"owed_now": due and expected}
    if state == "reported" and not enough:
        return row | _TOO_FEW | {"owed_now": due and expected}
    verdict = _empty_verdict(indicator, state, due, expected)
    # A share of nothing owes a figure where something must exist; where nothing happened it does not.
    owed = verdict == "missing" or (verdict == "no_figure" and indicator.basis != "flow")
    return row | {"verdict": verdict, "colour": "grey", "owed_now": owed and due and expected}


_TOO_FEW: dict[str, object] = {"verdict": "insufficient", "colour": "grey", "points": None}


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
    no_activity = int((verdicts.isin(["no_activity", "no_figure"]) & ~rows["owed_now"]).sum())
    mean_reported, mean_with_missing = mean_points(rows)
    return GroupFigures(
        code=code,
        name=name,
        listed=len(rows),
        met=int(verdicts.eq("met").sum()),
        reported=reported,
        missing=missing,
        no_activity=no_activity,
        not_due=len(rows) - reported - missing - no_activity,
        mean_reported=mean_reported,
        mean_with_missing=mean_with_missing,
        enough=rules.is_enough(reported, missing, plan.scoring.enough_fraction),
    )

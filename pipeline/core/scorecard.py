"""The proposed scorecard of each unit: what it owes and has, three parts, total, grade and rank."""

from collections.abc import Mapping

import pandas as pd

from pipeline.core.grading import Grounds, grade_of, graded, rounded
from pipeline.core.ranking import ranks
from pipeline.core.score import SCORED
from pipeline.spec.plan import Plan

Marks = Mapping[str, Mapping[str, str]]
"""For each unit: clean, warned, pending, held or absent by the code of each row of its form."""

_MARKS = ("clean", "warned", "pending", "held", "absent")


def scorecards(units: pd.DataFrame, plan: Plan, times: Mapping[str, str], row_marks: Marks) -> pd.DataFrame:
    """The proposed scorecard of each expected unit, from the scored `unit_figures` of one period with
    their column `pending`.

    `times` says on_time, extended, late, waiting (no grade before the deadline) or "" (nothing usable
    sent) by unit. Grade and rank go by the total as it is shown. Columns as in `pipeline.spec.tables`,
    frame `units`, but for the texts; how many rows bear each mark (`rows_clean` …); and `rank_first`,
    `rank_last`, `range_first`, `range_last`.
    """
    listed = [unit.id for unit in plan.expected_units]
    rows = _results(units, plan)
    grounds = _grounds(rows, plan, times, row_marks)
    parts = graded(grounds, plan.scoring.scorecard)
    cards = pd.DataFrame({"unit": listed, "name": [u.name for u in plan.expected_units], "expected": True})
    cards = cards.set_index("unit", drop=False).rename_axis(index=None)
    cards = cards.join([_counts(units, rows, listed), _mark_counts(row_marks, listed)])
    cards = cards.join([_availability(rows, plan, listed), parts, ranks(grounds, plan)])
    decimals = plan.scoring.ranking.decimals
    return cards.assign(
        held=cards["rows_held"],
        missing=(cards["missing"] - cards["rows_held"]).clip(lower=0),
        grade=[grade_of(plan, t) if t == t else "" for t in rounded(cards["total"], decimals)],
    ).reset_index(drop=True)


def _results(units: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The rows by which a unit is graded: what it leads or adds to, not what it enters for another.
    Each is `scored` or not, and `owed` where it must have a figure; one that waits has none."""
    own = {(unit, i.code) for i in plan.indicators for unit in (i.lead, *i.contributors)}
    graded_rows = [key in own for key in zip(units["unit"], units["indicator"], strict=True)]
    rows = units[units["counts"] & pd.Series(graded_rows, index=units.index, dtype=bool)]
    scored = rows["verdict"].isin(SCORED) & ~rows["pending"]
    return rows.assign(scored=scored, owed=scored | rows["owed_now"] | rows["pending"])


def _grounds(rows: pd.DataFrame, plan: Plan, times: Mapping[str, str], row_marks: Marks) -> Grounds:
    listed, codes = [unit.id for unit in plan.expected_units], list(plan.indicator_by_code)
    owed = rows[rows["owed"]]
    earned = owed.assign(points=owed["points"].astype(float).where(owed["scored"], 0.0))
    quality, time = plan.scoring.quality, plan.scoring.timeliness
    worth = {"clean": quality.clean, "warned": quality.warned}
    percent = {"on_time": time.on_time, "extended": time.on_time, "late": time.late, "waiting": None}
    marks = {unit: {c: worth.get(m, quality.faulty) for c, m in row_marks[unit].items()} for unit in listed}
    return Grounds(
        weights=_wide(earned, "weight", listed, codes),
        points=_wide(earned, "points", listed, codes),
        worth=pd.DataFrame.from_dict(marks, orient="index", columns=None)
        .reindex(index=listed, columns=codes)
        .astype(float),
        timeliness=pd.Series({unit: percent.get(times[unit], time.missing) for unit in listed}, dtype=float),
    )


def _wide(rows: pd.DataFrame, values: str, listed: list[str], codes: list[str]) -> pd.DataFrame:
    wide = rows.pivot(index="unit", columns="indicator", values=values).reindex(index=listed, columns=codes)
    return wide.astype(float).fillna(0.0).rename_axis(index=None, columns=None)


def _counts(units: pd.DataFrame, rows: pd.DataFrame, listed: list[str]) -> pd.DataFrame:
    """How many rows of each unit are owed, met, reported, without activity, waiting, missing. A result that
    is owed and cannot be computed, its denominator being 0, is missing: it earns nothing."""
    without = units["verdict"].eq("no_figure") & units["owed_now"]
    flags = pd.DataFrame(
        {
            "owed": ~units["verdict"].isin(["not_due", "not_owed"]),
            "met": (rows["scored"] & rows["verdict"].eq("met")).reindex(units.index, fill_value=False),
            "reported": units["state"].eq("reported") & ~without,
            "no_activity": units["state"].eq("no_activity"),
            "pending": units["pending"],
            "missing": units["verdict"].eq("missing") | without,
        }
    )
    return flags.groupby(units["unit"]).sum().reindex(listed, fill_value=0).astype(int)


def _mark_counts(row_marks: Marks, listed: list[str]) -> pd.DataFrame:
    counts = [[sum(m == mark for m in row_marks[unit].values()) for mark in _MARKS] for unit in listed]
    return pd.DataFrame(counts, index=listed, columns=[f"rows_{mark}" for mark in _MARKS])


def _availability(rows: pd.DataFrame, plan: Plan, listed: list[str]) -> pd.DataFrame:
    """The mean over what was reported, beside that over what is owed, and whether it stands on `enough`."""
    weights = rows["weight"].where(rows["scored"], 0.0)
    sums = pd.DataFrame({"weight": weights, "earned": weights * rows["points"].astype(float).fillna(0.0)})
    sums = sums.assign(scored=rows["scored"], owed=rows["owed"]).groupby(rows["unit"]).sum()
    sums = sums.reindex(listed, fill_value=0)
    share = float(plan.scoring.enough_fraction)
    return pd.DataFrame(
        {
            "results_reported": sums["earned"] / sums["weight"].where(sums["weight"] > 0),
            "enough": sums["scored"].gt(0) & (sums["scored"] / sums["owed"].clip(lower=1)).ge(share),
        }
    )

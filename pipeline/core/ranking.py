"""The proposed order of the units, and how far it hangs on the weights.

Every part of the scorecard and every indicator is somebody's choice of weight. So each rank comes with
the range that it takes when these choices are moved (OECD/JRC, Handbook on Constructing Composite
Indicators, 2008, on uncertainty and sensitivity analysis).
"""

from itertools import product

import pandas as pd

from pipeline.core.grading import Grounds, graded, part_weights, rounded
from pipeline.spec.plan import Plan

_NOTHING = 1e-12  # a weight that is left over from floats


def ranks(grounds: Grounds, plan: Plan) -> pd.DataFrame:
    """By unit (index): `rank_first` to `rank_last`, the places that it shares with its equals, and
    `range_first` to `range_last`, the best and the worst place in any of the scenarios.

    Ranked are the units with results due, once all units can be graded; NaN for the others: timeliness
    alone is no result that could be compared. The scenarios move each of the three parts of the
    scorecard down, not, and up by the plan's share, in all combinations; move the weight of one indicator
    at a time likewise; and leave one indicator at a time out, save for a unit that has no other.
    """
    parts = graded(grounds, plan.scoring.scorecard)
    complete = bool(grounds.timeliness.notna().all())
    parts = parts[parts["results"].notna() & complete]
    totals = pd.concat([parts["total"], _by_parts(parts, plan), *_by_indicator(grounds, parts, plan)], axis=1)
    shown = rounded(totals, plan.scoring.ranking.decimals)
    first = shown.rank(method="min", ascending=False)
    last = shown.rank(method="max", ascending=False)
    found = {
        "rank_first": first["total"],
        "rank_last": last["total"],
        "range_first": first.min(axis=1),
        "range_last": last.max(axis=1),
    }
    return pd.DataFrame(found).reindex(grounds.weights.index)


def _by_parts(parts: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The totals with the parts of the scorecard weighted otherwise; one column a scenario."""
    shift = plan.scoring.ranking.weight_shift
    weights = part_weights(plan.scoring.scorecard)
    moves = product((1 - shift, 1.0, 1 + shift), repeat=len(weights))
    scenarios = pd.DataFrame({place: weights * list(move) for place, move in enumerate(moves)})
    named = parts[list(weights.index)]
    return (named.fillna(0.0) @ scenarios) / (named.notna().astype(float) @ scenarios)


def _by_indicator(grounds: Grounds, parts: pd.DataFrame, plan: Plan) -> list[pd.DataFrame]:
    """The totals with each indicator in turn lighter, heavier, and left out; one column an indicator."""
    shift, same = plan.scoring.ranking.weight_shift, grounds.worth * float("nan")
    scenarios = [
        (_results(grounds, 1 - shift), same),
        (_results(grounds, 1 + shift), same),
        (_results(grounds, 0), _quality_without(grounds.worth)),
    ]
    weights = part_weights(plan.scoring.scorecard)
    base = parts["timeliness"] * weights["timeliness"]
    present = parts[list(weights.index)].notna().mul(weights, axis="columns").sum(axis=1)
    totals = []
    for results, quality in scenarios:
        earned = _filled(results, parts["results"]) * weights["results"]
        earned += _filled(quality, parts["quality"]) * weights["quality"]
        totals.append(earned.add(base, axis="index").div(present, axis="index"))
    return totals


def _filled(changed: pd.DataFrame, base: pd.Series) -> pd.DataFrame:
    """A part of the scorecard in each scenario, for the ranked units; where nothing changes, as it was,
    and 0 where there is none at all."""
    rows = changed.loc[base.index]
    return rows.fillna(0.0) + rows.isna().mul(base.fillna(0.0), axis="index")


def _results(grounds: Grounds, factor: float) -> pd.DataFrame:
    """The results with the weight of each indicator in turn times `factor`; NaN where nothing is left."""
    weights, points = grounds.weights, grounds.points
    change = weights * (factor - 1)
    owed = change.add(weights.sum(axis=1), axis="index")
    earned = (change * points).add((weights * points).sum(axis=1), axis="index")
    return earned / owed.where(owed > _NOTHING)


def _quality_without(worth: pd.DataFrame) -> pd.DataFrame:
    """The quality without each indicator's row in turn; NaN where it has none, or no other."""
    others = worth.count(axis=1) - 1
    rest = worth.rsub(worth.sum(axis=1), axis="index")
    return rest.div(others.where(others > 0), axis="index")

"""The arithmetic of a scorecard, for all units at once: points, timeliness and clean rows to one total."""

from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from pipeline.core import rules
from pipeline.spec.plan import Plan, ScorecardWeights

Totals = TypeVar("Totals", pd.Series, pd.DataFrame)

_NOISE = 1e-9  # of floats: far below what any decimal of a total shows


@dataclass(frozen=True)
class Grounds:
    """What the totals of units are made from; one row a unit, one column an indicator.

    `weights` is 0 where a unit owes no result, `points` 0 where it owes one and has none. `worth` is the
    percent that a row of the form earns for quality, NaN where the unit has no such row. `timeliness` is
    NaN for a unit that is not graded yet.
    """

    weights: pd.DataFrame
    points: pd.DataFrame
    worth: pd.DataFrame
    timeliness: pd.Series


def graded(grounds: Grounds, card: ScorecardWeights) -> pd.DataFrame:
    """Results, timeliness, quality and total of each unit (index), on scales of 100, NaN where there is none.

    The total is the weighted mean of the parts that exist: a unit without results due is graded on
    timeliness and quality alone.
    """
    owed = grounds.weights.sum(axis=1)
    earned = (grounds.weights * grounds.points).sum(axis=1)
    parts = pd.DataFrame(
        {
            "results": earned / owed.where(owed > 0),
            "timeliness": grounds.timeliness,
            "quality": grounds.worth.mean(axis=1),
        }
    )
    total = rules.weighted_mean(parts, part_weights(card))
    return parts.assign(total=total).where(grounds.timeliness.notna())


def part_weights(card: ScorecardWeights) -> pd.Series:
    """The weight of each part of a scorecard, by its name."""
    return pd.Series({"results": card.results, "timeliness": card.timeliness, "quality": card.quality})


def rounded(totals: Totals, decimals: int) -> Totals:
    """Totals as they are shown, halves up: what grade and rank go by, so that equal figures are equal."""
    scale = 10**decimals
    shown: Totals = (totals * scale + 0.5 + _NOISE) // 1 / scale
    return shown


def grade_of(plan: Plan, total: float) -> str:
    """The label of the half-open band that holds `total`; 100 belongs to the top band."""
    bands = sorted(plan.scoring.grades, key=lambda g: g.lowest, reverse=True)
    return next(g.label for g in bands if total >= g.lowest)

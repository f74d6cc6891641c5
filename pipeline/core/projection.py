"""Where an indicator will stand at the end of the year, foreseen from its months so far.

From the latest figure on at the pace so far. The pace is the slope of Theil (1950) and Sen (1968): the
median of the slopes between all pairs of months, so that one odd month does not turn it. How sure it is
shows in the spread of those slopes. A compound rate of growth is never used: it breaks at zero and on
small counts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from statistics import median
from typing import Literal

from pipeline.core.targets import is_met, month_length
from pipeline.spec.plan import Indicator, Scoring

Chance = Literal["high", "fair", "low", "poor"]
Point = tuple[date, float]

_DIGITS = 9  # so that a straight line ends where it leads, whatever its floats


@dataclass(frozen=True, slots=True)
class Projection:
    """The value foreseen for the end of the year, in the measure of the indicator.

    `low` and `high` are the range, None where there are too few `periods` for one. `pace` is the change
    a month so far. `chance` tells how likely the target is: high where the whole range meets it, fair
    where the value does, low where only the better end does, poor where nothing does.
    """

    value: float
    low: float | None
    high: float | None
    pace: float
    periods: int
    chance: Chance


def project(
    indicator: Indicator,
    points: Sequence[Point],
    scoring: Scoring,
    reach: tuple[float, float] = (-math.inf, math.inf),
) -> Projection | None:
    """From the scored results of the year so far, each with its closing day, the latest last.

    None for yes/no and for fewer results than the plan asks for. The measure's own limits hold: 0 to 100
    for a percentage, 0 to 1 for an index, for a count no less than 0, and for a count of the year no
    less than what it holds already; and `reach`, the least and the most that the year can still come to.
    """
    settings = scoring.projection
    if indicator.target.kind == "yes_no" or len(points) < settings.from_periods:
        return None
    slopes = sorted(_slope(*pair) for pair in combinations(points, 2))
    pace = median(slopes)
    limits = _limits(indicator, points[-1][1], reach)
    value = _at_end(points[-1], pace, limits)
    low = high = None
    if len(points) >= settings.range_from_periods:
        tail = (1 - settings.middle_share) / 2
        low = _at_end(points[-1], quantile(slopes, tail), limits)
        high = _at_end(points[-1], quantile(slopes, 1 - tail), limits)
    year = points[-1][0].year
    chance = _chance(indicator, value, low, high)
    return Projection(value, low, high, pace * month_length(year), len(points), chance)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the ordered values lie, between two of them in a straight line."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _slope(earlier: Point, later: Point) -> float:
    return (later[1] - earlier[1]) / (later[0] - earlier[0]).days


def _at_end(latest: Point, slope: float, limits: tuple[float, float]) -> float:
    """Where a line of this slope from the latest figure ends on 31 December, within the limits."""
    day, value = latest
    reached = value + slope * (date(day.year, 12, 31) - day).days
    return min(max(round(reached, _DIGITS), limits[0]), limits[1])


def _limits(indicator: Indicator, held: float, reach: tuple[float, float]) -> tuple[float, float]:
    most = 100.0 if indicator.is_percentage else 1.0 if indicator.entry == "index" else math.inf
    least = held if indicator.basis == "year_to_date" else 0.0
    return max(least, reach[0]), min(most, reach[1])


def _chance(indicator: Indicator, value: float, low: float | None, high: float | None) -> Chance:
    meets = is_met(indicator.target, value)
    if low is None or high is None:
        return "fair" if meets else "low"
    ends = is_met(indicator.target, low), is_met(indicator.target, high)
    if all(ends):
        return "high"
    if meets:
        return "fair"
    return "low" if any(ends) else "poor"

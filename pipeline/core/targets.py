"""How far a value is from its target, and where it should be by now: plain arithmetic.

The rules are the plan's own reading, described in the sheet `Phương pháp`; every number they use
comes from the plan file. Percentages are points from 0 to 100.
"""

from datetime import date
from itertools import pairwise
from typing import Literal

from pipeline.core.rules import ATTAINMENT, DISTANCE
from pipeline.spec.plan import Indicator, Scoring, Target

Verdict = Literal[
    "met", "on_track", "warning", "behind", "not_due", "no_activity", "no_figure", "missing", "not_owed"
]
COLOURS: dict[Verdict, str] = {
    "met": "green",
    "on_track": "green",
    "warning": "yellow",
    "behind": "red",
    "not_due": "grey",
    "no_activity": "grey",
    "no_figure": "grey",
    "missing": "grey",
    "not_owed": "grey",
}


def is_met(target: Target, value: float) -> bool:
    """Whether the year's target is reached; above the upper bound of a range counts as reached."""
    match target.kind:
        case "at_most":
            return value <= _bound(target.value)
        case "range":
            return value >= _bound(target.lower)
        case "yes_no":
            return value == 1
        case "at_least":
            return value >= _bound(target.value)


def attainment(target: Target, value: float) -> float:
    """Percent of the target, uncapped.

    at least: value / target · at most: 100 when met, else target / value · range: 100 inside or
    above, else value / lower bound · yes/no: 100 or 0.
    """
    return ATTAINMENT[target.kind].value(value, aim(target))


def is_above_range(target: Target, value: float) -> bool:
    """Whether a value lies above a range: reached, but to be verified."""
    return target.kind == "range" and value > _bound(target.upper)


def distance(target: Target, value: float) -> float | None:
    """What is still missing to the target, in the measure of the indicator; 0 when met."""
    rule = DISTANCE.get(target.kind)
    return rule.value(value, aim(target)) if rule else None


def aim(target: Target) -> float:
    """The nearest value that meets the target; 1 for yes/no."""
    if target.kind == "yes_no":
        return 1.0
    return _bound(target.lower if target.kind == "range" else target.value)


def path(indicator: Indicator, day: date) -> float | None:
    """Where the value should be at the end of `day`: straight lines from the baseline at the end of
    the year before, through the milestones, to the target at the end of the year.

    None without baseline and milestones, or before the first of them.
    """
    knots = _knots(indicator, day.year)
    if knots is None:
        return None
    for (start, low), (end, high) in pairwise(knots):
        if start <= day <= end:
            return low + (high - low) * (day - start).days / (end - start).days
    return None


def verdict(indicator: Indicator, value: float, day: date, scoring: Scoring) -> Verdict:
    """Met, on track, warning or behind at the end of `day`.

    Beside a path: on it is on track; at least `on_path_share` of the way that the path asks from the
    baseline is a warning. Without one: `no_path_attainment` percent of the target is a warning.
    """
    if is_met(indicator.target, value):
        return "met"
    wanted = path(indicator, day)
    if wanted is None:
        enough = attainment(indicator.target, value) >= scoring.no_path_attainment
        return "warning" if enough else "behind"
    start = _start(indicator)
    sign = -1 if indicator.target.kind == "at_most" else 1
    made, asked = sign * (value - start), sign * (wanted - start)
    if made >= asked:
        return "on_track"
    return "warning" if made >= scoring.on_path_share * asked else "behind"


def _knots(indicator: Indicator, year: int) -> list[tuple[date, float]] | None:
    if indicator.target.kind == "yes_no":
        return None
    knots = [(m.day, m.value) for m in sorted(indicator.milestones, key=lambda m: m.day)]
    if indicator.baseline is not None:
        knots.insert(0, (date(year - 1, 12, 31), indicator.baseline))
    end = date(year, 12, 31)
    if not knots:
        return None
    return knots if knots[-1][0] == end else [*knots, (end, aim(indicator.target))]


def _start(indicator: Indicator) -> float:
    """The value from which progress counts: the baseline, else the first milestone."""
    if indicator.baseline is not None:
        return indicator.baseline
    return min(indicator.milestones, key=lambda m: m.day).value


def _bound(value: float | None) -> float:
    if value is None:
        raise ValueError("the plan loader lets no target pass without its bounds")
    return value

"""How far a value is from its target, and where it should be by now: plain arithmetic.

The rules are the plan's own reading, described in the sheet `Phương pháp`; every number they use
comes from the plan file. Percentages are points from 0 to 100.
"""

import math
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from pipeline.core.rules import ATTAINMENT, DISTANCE
from pipeline.spec.plan import Indicator, Scoring, Target

Verdict = Literal[
    "met",
    "on_track",
    "warning",
    "behind",
    "insufficient",
    "not_due",
    "no_activity",
    "no_figure",
    "missing",
    "not_owed",
]
COLOURS: dict[Verdict, str] = {
    "met": "green",
    "on_track": "green",
    "warning": "yellow",
    "behind": "red",
    "insufficient": "grey",
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


def thresholds(indicator: Indicator, day: date, scoring: Scoring) -> dict[Verdict, float]:
    """The value at which each verdict begins at the end of `day`, the best verdict first.

    Beside a path: on it is on track; at least `on_path_share` of the way that the path asks from the
    baseline is a warning. Without one: `no_path_attainment` percent of the target is a warning. No
    threshold lies beyond that of a better verdict. Yes/no knows only met.
    """
    target, end = indicator.target, aim(indicator.target)
    if target.kind == "yes_no":
        return {"met": end}
    falling = target.kind == "at_most"
    nearer = max if falling else min
    wanted = path(indicator, day)
    if wanted is None:
        share = scoring.no_path_attainment
        return {"met": end, "warning": end * 100 / share if falling else end * share / 100}
    start = _start(indicator)
    on_track = nearer(wanted, end)
    warning = nearer(start + scoring.on_path_share * (wanted - start), on_track)
    return {"met": end, "on_track": on_track, "warning": warning}


def verdict(indicator: Indicator, value: float, day: date, scoring: Scoring) -> Verdict:
    """The best verdict whose threshold the value has reached at the end of `day`; else behind."""
    if is_met(indicator.target, value):
        return "met"
    for word, threshold in thresholds(indicator, day, scoring).items():
        if word != "met" and _reaches(indicator.target, value, threshold):
            return word
    return "behind"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The next better verdict, and what is missing to it in the measure of the indicator."""

    verdict: Verdict
    missing: float


def next_step(indicator: Indicator, value: float, day: date, scoring: Scoring) -> Threshold | None:
    """What has to happen for the next better verdict; None for yes/no and where the target is met.

    Things are counted whole: where two thresholds of a count need the same number, the better one is
    the next.
    """
    if indicator.target.kind == "yes_no" or is_met(indicator.target, value):
        return None
    steps = [
        Threshold(word, abs(_whole(indicator, threshold) - value))
        for word, threshold in thresholds(indicator, day, scoring).items()
        if word == "met" or not _reaches(indicator.target, value, threshold)
    ]
    return min(steps, key=lambda step: step.missing)


def needed_per_month(indicator: Indicator, value: float, day: date) -> float | None:
    """The change a month that still leads to the target by the end of the year; 0 when it is met.

    Where less than a month is left, all that is missing. None for yes/no.
    """
    missing = distance(indicator.target, value)
    if missing is None:
        return None
    change = missing / max(1.0, months_left(day))
    return -change if indicator.target.kind == "at_most" and change else change


def months_left(day: date) -> float:
    """From the end of `day` to the end of its year, in twelfths of the year."""
    return (date(day.year, 12, 31) - day).days / month_length(day.year)


def month_length(year: int) -> float:
    """Days of a twelfth of the year."""
    return (date(year, 12, 31) - date(year - 1, 12, 31)).days / 12


def _reaches(target: Target, value: float, threshold: float) -> bool:
    return value <= threshold if target.kind == "at_most" else value >= threshold


def _whole(indicator: Indicator, threshold: float) -> float:
    """A threshold as a number of things, for what is counted."""
    if indicator.entry != "count":
        return threshold
    rounded = round(threshold, 9)
    return float(math.floor(rounded) if indicator.target.kind == "at_most" else math.ceil(rounded))


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

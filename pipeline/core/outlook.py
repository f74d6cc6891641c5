"""What each indicator still needs, and where it will stand at the end of the year if it goes on as so far."""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from pipeline.base.period import Period
from pipeline.base.sheet import number_text
from pipeline.core.calendar import days_of, is_due
from pipeline.core.month import Month
from pipeline.core.projection import Point, Projection, project
from pipeline.core.score import SCORED
from pipeline.core.targets import aim, needed_per_month, next_step
from pipeline.spec.plan import Indicator, Plan
from pipeline.spec.wording import Wording

Row = Mapping[Hashable, Any]

_DECIMALS = {"ratio": 1, "share": 1, "index": 2}  # of what is foreseen, no finer than that
_LAST_MONTH = 12
_ANYWHERE = -math.inf, math.inf


def outlook_rows(month: Month, plan: Plan, wording: Wording) -> list[dict[str, object]]:
    """One row for each indicator, in the plan's order; columns as in `pipeline.spec.tables`."""
    now = {row["indicator"]: row for row in month.of_period(month.indicators).to_dict(orient="records")}
    points = _points(month, plan)
    return [_row(month, plan, i, now[i.code], points.get(i.code, ()), wording) for i in plan.indicators]


def _row(
    month: Month, plan: Plan, indicator: Indicator, now: Row, points: Sequence[Point], wording: Wording
) -> dict[str, object]:
    row: dict[str, object] = {
        "group": indicator.group,
        "code": indicator.code,
        "name": indicator.name,
        "target": indicator.target.shown,
        "result": now["result"],
        "verdict": now["verdict"],
        "distance": now["distance"],
    }
    if now["verdict"] not in SCORED:
        return row | {"remark": wording.say("no_outlook")}
    day, value = days_of(plan.calendar, month.period).closing, float(now["result"])
    step = next_step(indicator, value, day, plan.scoring)
    needed = needed_per_month(indicator, value, day)
    rest = _rest(month, indicator, now)
    reach = _reach(now, rest) if rest is not None else _ANYWHERE
    foreseen = project(indicator, points, plan.scoring, reach)
    row |= {
        "next_verdict": step.verdict if step else "",
        "next_distance": step.missing if step else None,
        "needed": _short(indicator, needed),
        "remark": _remark(month, indicator, now, rest, foreseen, plan, wording),
    }
    return row | _foreseen(indicator, foreseen, wording) if foreseen else row


def _points(month: Month, plan: Plan) -> dict[str, list[Point]]:
    """The scored results of the year so far with their closing days, by indicator."""
    closing = {str(period): days_of(plan.calendar, period).closing for period in month.periods}
    rows = month.indicators[month.indicators["verdict"].isin(SCORED)].sort_values("period", kind="stable")
    points: dict[str, list[Point]] = {}
    for code, period, result in zip(rows["indicator"], rows["period"], rows["result"], strict=True):
        points.setdefault(code, []).append((closing[period], float(result)))
    return points


def _foreseen(indicator: Indicator, foreseen: Projection, wording: Wording) -> dict[str, object]:
    return {
        "pace": _short(indicator, foreseen.pace),
        "projection": foreseen.value,
        "projection_low": foreseen.low,
        "projection_high": foreseen.high,
        "projection_text": projection_text(indicator, foreseen, wording),
        "chance": wording.say(f"chance_{foreseen.chance}"),
        "periods": foreseen.periods,
    }


def projection_text(indicator: Indicator, foreseen: Projection, wording: Wording) -> str:
    """The value for the end of the year in words: `khoảng 34,0–35,1%`, or one figure without a range."""
    ends = [_rough(indicator, v) for v in (foreseen.low, foreseen.high) if v is not None]
    if len(set(ends)) > 1:
        return wording.say("projection_range", low=ends[0], high=ends[1], measure=indicator.sign)
    return wording.say("projection", value=_rough(indicator, foreseen.value), measure=indicator.sign)


def _rough(indicator: Indicator, value: float) -> str:
    """A value as finely as it can be foreseen; whole things without decimals."""
    if indicator.entry == "count":
        return number_text(round(value), 0)
    return number_text(value, _DECIMALS[indicator.entry])


def _short(indicator: Indicator, change: float | None) -> float | None:
    """A change a month; of what is counted one decimal says enough."""
    return round(change, 1) if change is not None and indicator.entry == "count" else change


def _rest(month: Month, indicator: Indicator, now: Row) -> float | None:
    """The denominator that the periods to come will add to a flow, if they go on as so far; None for
    anything else, and where the year has no counts."""
    if indicator.basis != "flow" or not now["sum_denominator"] > 0:
        return None
    rows = month.indicators[month.indicators["indicator"].eq(indicator.code)]
    counted = int((rows["denominator"].gt(0) & rows["numerator"].notna()).sum())
    return float(now["sum_denominator"] / counted * _periods_left(month, indicator))


def _reach(now: Row, rest: float) -> tuple[float, float]:
    """Where the sum over the year ends if nothing of the rest succeeds, and if all of it does."""
    total, reached = now["sum_denominator"] + rest, now["sum_numerator"]
    return 100 * reached / total, 100 * (reached + rest) / total


def _periods_left(month: Month, indicator: Indicator) -> int:
    """How many periods of the year are still to come in which the indicator is due."""
    months = range(month.period.month + 1, _LAST_MONTH + 1)
    return sum(is_due(indicator, Period(month.period.year, later)) for later in months)


def _remark(
    month: Month,
    indicator: Indicator,
    now: Row,
    rest: float | None,
    foreseen: Projection | None,
    plan: Plan,
    wording: Wording,
) -> str:
    if indicator.entry == "yes_no":
        return wording.say("no_projection_yes_no")
    parts = []
    if now["verdict"] != "met" and indicator.target.kind != "at_most":
        parts.append(_missing(indicator, now, wording) if rest is None else "")
        parts.append(_rest_needs(month, indicator, now, rest, wording) if rest else "")
    if foreseen is None:
        parts.append(wording.say("no_projection_yet", periods=plan.scoring.projection.from_periods))
    return ". ".join(part for part in parts if part)


def _missing(indicator: Indicator, now: Row, wording: Wording) -> str:
    """What is missing in things instead of points; "" where there are no counts."""
    total = now["sum_denominator"]
    if not total > 0 or indicator.basis == "flow":
        return ""
    missing = -(-round(aim(indicator.target) / 100 * total - now["sum_numerator"], 6) // 1)
    return wording.say("missing_things", missing=number_text(missing, 0), total=number_text(total, 0))


def _rest_needs(month: Month, indicator: Indicator, now: Row, rest: float, wording: Wording) -> str:
    """The rate that the periods to come have to reach so that the sum over the year meets its target."""
    wanted = aim(indicator.target) / 100 * (now["sum_denominator"] + rest)
    rate = 100 * (wanted - now["sum_numerator"]) / rest
    left = _periods_left(month, indicator)
    if rate > 100:
        return wording.say("rest_cannot", months=left)
    return wording.say("rest_needs", months=left, rate=number_text(rate, 1))

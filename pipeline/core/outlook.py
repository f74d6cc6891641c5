"""What each indicator still needs, and where it will stand at the end of the year if it goes on as so far."""

from collections.abc import Hashable, Mapping
from typing import Any

from pipeline.base.period import Period
from pipeline.base.sheet import number_text
from pipeline.core.calendar import days_of
from pipeline.core.month import Month
from pipeline.core.projection import Point, Projection, project
from pipeline.core.score import SCORED
from pipeline.core.targets import aim, needed_per_month, next_step
from pipeline.spec.plan import Indicator, Plan
from pipeline.spec.wording import Wording

Row = Mapping[Hashable, Any]

_DECIMALS = {"ratio": 1, "share": 1, "index": 2}  # of what is foreseen, no finer than that
_LAST_MONTH = 12


def outlook_rows(month: Month, plan: Plan, wording: Wording) -> list[dict[str, object]]:
    """One row for each indicator, in the plan's order; columns as in `pipeline.spec.tables`."""
    now = {row["indicator"]: row for row in month.of_period(month.indicators).to_dict(orient="records")}
    return [_row(month, plan, indicator, now[indicator.code], wording) for indicator in plan.indicators]


def _row(month: Month, plan: Plan, indicator: Indicator, now: Row, wording: Wording) -> dict[str, object]:
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
    foreseen = project(indicator, _points(month, plan, indicator), plan.scoring)
    row |= {
        "next_verdict": step.verdict if step else "",
        "next_distance": step.missing if step else None,
        "needed": _short(indicator, needed),
        "remark": _remark(month, indicator, now, foreseen, plan, wording),
    }
    return row | _foreseen(indicator, foreseen, wording) if foreseen else row


def _points(month: Month, plan: Plan, indicator: Indicator) -> list[Point]:
    """The scored results of the year so far with their closing days."""
    rows = month.indicators
    rows = rows[rows["indicator"].eq(indicator.code) & rows["verdict"].isin(SCORED)].sort_values("period")
    days = [days_of(plan.calendar, Period.parse(period)).closing for period in rows["period"]]
    return list(zip(days, map(float, rows["result"]), strict=True))


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
    """The value for the end of the year in words: `khoảng 34,0–35,1 %`, or one figure without a range."""
    measure = " %" if indicator.is_percentage else ""
    ends = [_rough(indicator, v) for v in (foreseen.low, foreseen.high) if v is not None]
    if len(set(ends)) > 1:
        return wording.say("projection_range", low=ends[0], high=ends[1], measure=measure)
    return wording.say("projection", value=_rough(indicator, foreseen.value), measure=measure)


def _rough(indicator: Indicator, value: float) -> str:
    """A value as finely as it can be foreseen; whole things without decimals."""
    if indicator.entry == "count":
        return number_text(round(value, 1))
    return number_text(value, _DECIMALS[indicator.entry])


def _short(indicator: Indicator, change: float | None) -> float | None:
    """A change a month; of what is counted one decimal says enough."""
    return round(change, 1) if change is not None and indicator.entry == "count" else change


def _remark(
    month: Month, indicator: Indicator, now: Row, foreseen: Projection | None, plan: Plan, wording: Wording
) -> str:
    if indicator.entry == "yes_no":
        return wording.say("no_projection_yes_no")
    settings = plan.scoring.projection
    parts = [_still_needed(month, indicator, now, wording) if now["verdict"] != "met" else ""]
    if foreseen is None:
        parts.append(wording.say("no_projection_yet", periods=settings.from_periods))
    elif foreseen.low is None:
        parts.append(wording.say("no_range_yet", periods=foreseen.periods))
    return ". ".join(part for part in parts if part)


def _still_needed(month: Month, indicator: Indicator, now: Row, wording: Wording) -> str:
    """What is missing in things instead of points; for a flow the rate that the rest of the year needs."""
    total, reached = now["sum_denominator"], now["sum_numerator"]
    if indicator.target.kind == "at_most" or not total > 0:
        return ""
    wanted = aim(indicator.target) / 100
    if indicator.basis != "flow":
        missing = _whole_up(wanted * total - reached)
        return wording.say("missing_things", missing=number_text(missing, 0), total=number_text(total, 0))
    left = _LAST_MONTH - month.period.month
    if not left:
        return ""
    rows = month.indicators[month.indicators["indicator"].eq(indicator.code)]
    counted = int((rows["denominator"].gt(0) & rows["numerator"].notna()).sum())
    to_come = left * total / counted
    rate = 100 * (wanted * (total + to_come) - reached) / to_come
    if rate > 100:
        return wording.say("rest_cannot", months=left)
    return wording.say("rest_needs", months=left, rate=number_text(rate, 1))


def _whole_up(missing: float) -> float:
    return float(-(-round(missing, 6) // 1))

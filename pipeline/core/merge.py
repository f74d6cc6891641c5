"""Merge what units sent: the latest accepted row of each, then one figure for each indicator."""

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter

import pandas as pd

from pipeline.base.period import Period
from pipeline.base.record import Fact, Submission
from pipeline.core import rules
from pipeline.spec.plan import Indicator, Plan

KEY = ["period", "unit", "indicator"]
_SUMS = ["numerator", "denominator"]
_OF_FILE = {
    "arrived_at": "arrived_at",
    "decided_at": "decided_at",
    "file": "name",
    "archived_as": "archived_as",
}


def facts_frame(facts: Sequence[Fact], submissions: Sequence[Submission]) -> pd.DataFrame:
    """Facts with moments, `file` and `archived_as` of their submission, one row a fact."""
    sources = {s.sha256: s for s in submissions}
    own, theirs = [field.name for field in fields(Fact)], list(_OF_FILE.values())
    of_fact, of_file = attrgetter(*own), attrgetter(*theirs)
    rows = [(*of_fact(fact), *of_file(sources[fact.sha256])) for fact in facts]
    frame = pd.DataFrame(rows, columns=[*own, *_OF_FILE])
    return frame.astype(dict.fromkeys([*_SUMS, "value"], float))


def latest(facts: pd.DataFrame) -> pd.DataFrame:
    """The row that counts for each period, unit and indicator: that of the latest file, in the
    order of `Submission.order`.

    Only accepted rows are facts, so a blank or faulty row leaves an earlier one standing.
    """
    ordered = facts.sort_values(["arrived_at", "decided_at", "sha256", *KEY], kind="stable")
    return ordered.drop_duplicates(KEY, keep="last").sort_values(KEY, ignore_index=True)


def previous_values(facts: pd.DataFrame, period: Period) -> dict[str, dict[str, float]]:
    """By unit, the last value of each indicator that it sent before `period`; `facts` as by `latest`."""
    earlier = facts[facts["period"].lt(str(period)) & facts["value"].notna()]
    last = earlier.sort_values("period", kind="stable").drop_duplicates(["unit", "indicator"], keep="last")
    values: dict[str, dict[str, float]] = {}
    for unit, code, value in zip(last["unit"], last["indicator"], last["value"], strict=True):
        values.setdefault(str(unit), {})[str(code)] = float(value)
    return values


def duties(plan: Plan) -> pd.DataFrame:
    """Who reports what: `indicator`, `unit`, `is_lead`, and whether the unit's figure `counts`."""
    rows = [
        {
            "indicator": indicator.code,
            "unit": unit,
            "is_lead": place == 0,
            "counts": place == 0 or indicator.combine == "disjoint_sum",
        }
        for indicator in plan.indicators
        for place, unit in enumerate(plan.reporters(indicator))
    ]
    return pd.DataFrame(rows)


def unit_figures(facts: pd.DataFrame, plan: Plan, periods: Sequence[Period]) -> pd.DataFrame:
    """What every unit that owes an indicator reported, period by period; one row each, none missing.

    Columns: period, indicator, unit, is_lead, counts, state ("missing" where nothing came), numerator,
    denominator, value of the month, and `result`: the value that is scored (see `accumulate`).
    """
    months = pd.DataFrame({"period": [str(p) for p in periods]})
    grid = months.merge(duties(plan), how="cross")
    figures = grid.merge(facts[[*KEY, "state", *_SUMS, "value"]], how="left", on=KEY)
    figures["state"] = figures["state"].astype(object).where(figures["state"].notna(), "missing")
    return accumulate(figures, plan, ["unit", "indicator"])


def indicator_figures(units: pd.DataFrame, plan: Plan, periods: Sequence[Period]) -> pd.DataFrame:
    """One row for each period and indicator, from `unit_figures`, combined as the plan says.

    Columns: period, indicator, state, numerator, denominator, value, result, `sent` of `owed` units (a
    unit that owes its figure has not sent it), and how many of them the figure stands on (`used`: their
    figures are in it, or they have nothing to add). Disjoint sums divide the sum of numerators by the
    sum of denominators; a unit that sent only a rate cannot be added, and is used only where it is the
    lead and nobody sent counts.
    """
    counting = units[units["counts"]]
    rows = [
        _combine(str(period), plan.indicator_by_code[str(code)], part)
        for (period, code), part in counting.groupby(["period", "indicator"], sort=False)
    ]
    return accumulate(pd.DataFrame(rows), plan, ["indicator"])


def accumulate(figures: pd.DataFrame, plan: Plan, keys: list[str]) -> pd.DataFrame:
    """Add `sum_numerator`, `sum_denominator` and `result`, the value that is scored.

    For a flow, the sum over the year so far divided by the sum of denominators (never a mean of
    months); else the value of the month itself.

    Months with a bare rate have nothing to sum; where no month has counts, the latest rate stands.
    A month without activity keeps the year so far; a missing month has no result.
    """
    ordered = figures.sort_values([*keys, "period"], kind="stable", ignore_index=True)
    flow = ordered["indicator"].map({i.code: i.basis == "flow" for i in plan.indicators})
    sums = ordered[_SUMS].where(rules.ADDED_UP.holds(ordered), 0.0)
    running = sums.groupby([ordered[key] for key in keys]).cumsum()
    year = rules.ratio(running["numerator"], running["denominator"])
    last_rate = ordered.groupby(keys)["value"].ffill()
    year = year.where(year.notna(), last_rate)
    present = ordered["state"].isin(["reported", "no_activity"])
    result = ordered["value"].where(~flow, year).where(present)
    summed = running.where(flow & running["denominator"].gt(0), ordered[_SUMS])
    return ordered.assign(
        sum_numerator=summed["numerator"].where(present),
        sum_denominator=summed["denominator"].where(present),
        result=result,
    )


def _combine(period: str, indicator: Indicator, part: pd.DataFrame) -> dict[str, object]:
    lead = part[part["is_lead"]].iloc[0]
    reported = part[part["state"].eq("reported")]
    nothing = int(part["state"].eq("no_activity").sum())
    figure: dict[str, object] = {
        "period": period,
        "indicator": indicator.code,
        "state": _state(part),
        "sent": len(reported) + nothing,
        "owed": len(part),
        "used": nothing + int(lead["state"] == "reported"),
        "numerator": lead["numerator"],
        "denominator": lead["denominator"],
        "value": lead["value"],
    }
    if indicator.combine != "disjoint_sum":
        return figure
    if indicator.entry == "count":
        return figure | {"used": nothing + len(reported), "value": reported["value"].sum(min_count=1)}
    counted = reported[rules.COUNTED.holds(reported)]
    if counted.empty:
        return figure
    numerator, denominator = counted["numerator"].sum(), counted["denominator"].sum()
    return figure | {
        "used": nothing + len(counted),
        "numerator": numerator,
        "denominator": denominator,
        "value": 100 * numerator / denominator if denominator else float("nan"),
    }


def _state(part: pd.DataFrame) -> str:
    """Reported if anybody did; without activity only if everybody says so; else what the lead says."""
    states = set(part["state"])
    if "reported" in states:
        return "reported"
    if states == {"no_activity"}:
        return "no_activity"
    return "no_data" if "no_data" in states else "missing"

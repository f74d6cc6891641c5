"""The word «không phát sinh» in a unit's scorecard: it takes nothing away before it is confirmed.

Whoever says that nothing happened would otherwise leave the denominators by his own word, and stand
better than with a poor figure, or with none. So the row stays owed until the coordinator has confirmed
the word in the plan file. A flow is summed over the year: its result stays owed as long as any of its
months waits.
"""

import pandas as pd

from pipeline.base.period import Period
from pipeline.core.calendar import is_owed
from pipeline.spec.plan import Plan


def unconfirmed(figures: pd.DataFrame, plan: Plan) -> pd.Series:
    """Whether a row says that nothing happened, in a word or for a flow by a denominator of 0, and
    nobody has confirmed it.

    `figures` have the columns period, unit, indicator, state, denominator, as facts and `unit_figures`
    have. What is not owed needs no confirmation.
    """
    empty = figures["indicator"].isin(_flows(plan)) & figures["denominator"].eq(0)
    said = figures["state"].eq("no_activity") | empty
    rows = figures[said]
    keys = zip(rows["unit"], rows["indicator"], rows["period"], strict=True)
    waits = pd.Series([_waits(plan, *key) for key in keys], index=rows.index, dtype=bool)
    return waits.reindex(figures.index, fill_value=False)


def pending(units: pd.DataFrame, plan: Plan) -> pd.Series:
    """Whether the result of a row of `unit_figures` waits for a confirmation: that of its own month, and
    for a flow of any month of the year up to it."""
    waits = unconfirmed(units, plan)
    flows = waits & units["indicator"].isin(_flows(plan))
    in_time = flows.loc[units.sort_values("period", kind="stable").index]
    so_far = in_time.groupby([units["unit"], units["indicator"]]).cummax()
    return waits | so_far.reindex(units.index)


def _waits(plan: Plan, unit: str, code: str, period: str) -> bool:
    indicator = plan.indicator_by_code.get(code)
    owed = indicator is not None and is_owed(plan, indicator, Period.parse(period))
    return owed and not plan.is_confirmed(unit, code, period)


def _flows(plan: Plan) -> list[str]:
    return [i.code for i in plan.indicators if i.basis == "flow"]

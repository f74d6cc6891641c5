"""How indicators have turned between two looks: a month and the one before, an issue and the next."""

from collections.abc import Hashable, Mapping
from typing import Any, Literal

import pandas as pd

from pipeline.core.score import SCORED
from pipeline.spec.plan import Indicator, Plan

Turn = Literal["worse", "better", "lost", "new", "other", "down", "up"]
Row = Mapping[Hashable, Any]

_ORDER = ("worse", "lost", "better", "new", "other", "down", "up")
_RANK = {verdict: place for place, verdict in enumerate(reversed(SCORED))}
_NOISE = 1e-9  # of floats
_COLUMNS = [
    *("turn", "code", "verdict_before", "verdict", "result_before", "result", "change"),
    *("attainment_before", "attainment", "points_change"),
]


def turns(before: pd.DataFrame, now: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The indicators that differ, what got worse first.

    Both frames hold scored indicators, one row each: those of two periods, or of one period as it was
    issued and as it is now. An indicator that only one of them has is left out. Columns: `turn`, code,
    verdict and result of both, `change` of the result in its measure, attainment of both, and
    `points_change`, the change of the capped attainment. A turn is:

    worse, better: another verdict · lost, new: a figure that is no longer, or was not yet, scored ·
    other: another reason why there is none · down, up: the same verdict, a result farther from or
    nearer to its target.
    """
    old = {row["indicator"]: row for row in before.to_dict(orient="records")}
    new = {row["indicator"]: row for row in now.to_dict(orient="records")}
    rows = [
        _row(i, turn, old[i.code], new[i.code])
        for i in plan.indicators
        if i.code in old and i.code in new and (turn := _turn(i, old[i.code], new[i.code]))
    ]
    rows.sort(key=lambda row: _ORDER.index(row["turn"]))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _turn(indicator: Indicator, old: Row, new: Row) -> Turn | None:
    was, is_now = old["verdict"] in SCORED, new["verdict"] in SCORED
    if was != is_now:
        return "new" if is_now else "lost"
    if old["verdict"] != new["verdict"]:
        if not is_now:
            return "other"
        return "better" if _RANK[new["verdict"]] > _RANK[old["verdict"]] else "worse"
    change = new["result"] - old["result"]
    if not abs(change) > _NOISE:
        return None
    return "up" if (change > 0) != (indicator.target.kind == "at_most") else "down"


def _row(indicator: Indicator, turn: Turn, old: Row, new: Row) -> dict[str, Any]:
    return {
        "turn": turn,
        "code": indicator.code,
        "verdict_before": old["verdict"],
        "verdict": new["verdict"],
        "result_before": old["result"],
        "result": new["result"],
        "change": new["result"] - old["result"],
        "attainment_before": old["attainment"],
        "attainment": new["attainment"],
        "points_change": new["points"] - old["points"],
    }

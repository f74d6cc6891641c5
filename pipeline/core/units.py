"""The pages about units: the scorecards of the month in words, and each unit month by month."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pipeline.core.month import Month
from pipeline.spec.plan import Plan
from pipeline.spec.wording import Wording

_COURSE = [
    *("unit", "name", "period", "time", "rows", "clean", "warned", "faulty", "quality", "quality_change"),
    *("timeliness", "results", "total", "rank"),
]


def unit_frame(month: Month, plan: Plan, wording: Wording) -> pd.DataFrame:
    """The scorecards of the month with ranks and a remark in words."""
    cards = month.scorecards
    names = cards["unit"].map({u.id: u.short_name for u in plan.units})
    return cards.assign(
        short_name=names,
        results_reported=cards["results_reported"].where(cards["enough"]),
        enough=cards["enough"].astype(object).where(cards["results"].notna()),
        rank=_places(cards, "rank", wording),
        rank_range=_places(cards, "range", wording),
        remark=_remarks(month, cards, plan, wording),
    )


def course_frame(month: Month, plan: Plan, wording: Wording) -> pd.DataFrame:
    """One row for each unit and month of the year so far, as things stand now: how its rows stood and
    what it was proposed."""
    cards, names = month.cards, {u.id: u.short_name for u in plan.units}
    order = {unit.id: place for place, unit in enumerate(plan.units)}
    frame = cards.assign(
        name=cards["unit"].map(names),
        time=cards["time"].replace("waiting", ""),
        rows=cards.filter(like="rows_").sum(axis=1),
        clean=cards["rows_clean"],
        warned=cards["rows_warned"],
        faulty=cards["rows_held"] + cards["rows_absent"] + cards["rows_pending"],
        rank=_places(cards, "rank", wording),
        place=cards["unit"].map(order),
    ).sort_values(["place", "period"], kind="stable", ignore_index=True)
    frame = frame.assign(quality_change=frame.groupby("unit")["quality"].diff())
    return frame[_COURSE].assign(period=frame["period"].map(lambda p: f"{p[5:]}/{p[:4]}"))


def rests_on_no_results(card: Mapping[Hashable, Any]) -> bool:
    """Whether a card has a total, but no figure that was due."""
    return bool(card["total"] == card["total"] and card["results"] != card["results"])


def _places(cards: pd.DataFrame, kind: str, wording: Wording) -> list[str]:
    """A place in words, several for equals or a range; "" for a unit that is not ranked."""
    ends = zip(cards[f"{kind}_first"], cards[f"{kind}_last"], strict=True)
    return [_place(first, last, wording) for first, last in ends]


def _place(first: float, last: float, wording: Wording) -> str:
    if first != first:
        return ""
    return f"{first:.0f}" if first == last else wording.say("places", first=int(first), last=int(last))


def _remarks(month: Month, cards: pd.DataFrame, plan: Plan, wording: Wording) -> list[str]:
    came = {line.unit for line in month.register if line.receipt not in ("not_sent", "waiting")}
    rows = month.of_period(month.units)
    pending = set(rows.loc[rows["pending"], ["unit", "indicator"]].itertuples(index=False, name=None))
    texts = []
    for card in cards.to_dict(orient="records"):
        count = card["missing"] + card["held"]
        claims = [code for code in plan.indicator_by_code if (card["unit"], code) in pending]
        parts = [
            wording.say("no_results_due") if rests_on_no_results(card) else "",
            wording.say("waits", count=count) if count else "",
            wording.say("claims_wait", codes=", ".join(claims)) if claims else "",
        ]
        if card["total"] != card["total"]:
            parts = [wording.say("not_due_yet")]
        elif card["unit"] not in came:
            parts = [wording.say("nothing_due")]
        texts.append(". ".join(part for part in parts if part))
    return texts

"""Which cells of the workbook are formulas, and what they say: figures that anybody can follow and try.

The texts are in the language of `pipeline.core.rules`. A figure that does not come from the counts or
the value of one month's facts (a bare rate of an earlier month) has no formula and stays a value.
"""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pipeline.core import rules
from pipeline.core.merge import duties
from pipeline.core.month import Month
from pipeline.core.rules import NOTHING
from pipeline.spec.plan import Indicator, Plan
from pipeline.spec.tables import Formulas
from pipeline.spec.template import Template
from pipeline.spec.wording import Wording

Texts = dict[str, str]


def formulas(
    month: Month, plan: Plan, template: Template, wording: Wording, frames: Mapping[str, pd.DataFrame]
) -> Formulas:
    """By table and column the formula of each row, "" for a value. `groups` ends with the whole plan."""
    figures = month.of_period(month.indicators).set_index("indicator").to_dict(orient="index")
    words = _Words(month, template, wording)
    counting = duties(plan).query("counts").groupby("indicator").size()
    indicators = [
        _indicator(i, figures[i.code], words, int(counting[i.code]), plan.scoring.attainment_cap)
        for i in plan.indicators
    ]
    groups = [_group(plan, code) for code in (*(g.code for g in plan.groups), "")]
    now = str(month.period)
    return {
        "facts": {"value": [_fact(row) for row in frames["facts"].to_dict(orient="records")]},
        "indicators": _columns([{**texts, now: _SAME} for texts in indicators]),
        "units": {"total": [_total(plan, total) for total in frames["units"]["total"]]},
        "history": {now: [_CURRENT] * len(frames["history"])},
        "groups": _columns(groups),
    }


_SAME = f"IF(ISNUMBER([@result]),[@result],{NOTHING})"
_CURRENT = "INDEX(indicators[result],MATCH([@code],indicators[code],0))"


def _columns(rows: list[Texts]) -> dict[str, list[str]]:
    keys = dict.fromkeys(key for row in rows for key in row)
    return {key: [row.get(key, "") for row in rows] for key in keys}


class _Words:
    """Criteria of SUMIFS that name a word or the month."""

    def __init__(self, month: Month, template: Template, wording: Wording) -> None:
        states = {choice.key: choice.label for choice in template.types["state"].choices}
        role = {key: rules.quoted(wording.say(f"role_{key}")) for key in ("lead", "checked")}
        checked = wording.say("role_checked")
        self.state = {key: f"facts[state],{rules.quoted(label)}" for key, label in states.items()}
        self.counts = f"facts[indicator],[@code],facts[role],{rules.quoted('<>' + checked)}"
        self.leads = f"facts[indicator],[@code],facts[role],{role['lead']}"
        self.now = f"facts[month],{month.period.month}"


def _indicator(
    indicator: Indicator, figure: Mapping[Hashable, Any], words: _Words, counting: int, cap: float
) -> Texts:
    texts = {"change": rules.DIFFERENCE, "present": _is_present(words, counting)}
    if figure["verdict"] != "insufficient":  # a figure of too few units has an attainment, and earns nothing
        texts["earned"] = rules.earned(cap)
    texts["attainment"] = rules.ATTAINMENT[indicator.target.kind].formula
    if indicator.target.kind in rules.DISTANCE:
        texts["distance"] = rules.DISTANCE[indicator.target.kind].formula
    if indicator.entry == "ratio":
        return texts | _counts(indicator, figure, words) | _ratios(indicator, figure, words)
    added = indicator.entry == "count" and indicator.combine == "disjoint_sum"
    stated = _stated(f"{words.counts},{words.state['reported']}" if added else words.leads, words)
    month_value = {"month_value": stated}
    return texts | month_value | ({"result": stated} if indicator.basis != "flow" else {})


def _counts(indicator: Indicator, figure: Mapping[Hashable, Any], words: _Words) -> Texts:
    """The sums of the month, or for a flow of the year so far: both or neither."""
    if pd.isna(figure["sum_numerator"]) != pd.isna(figure["sum_denominator"]):
        return {}
    texts = {}
    for key in ("numerator", "denominator"):
        texts[key] = _month_sum(key, words)
        if indicator.basis == "flow":
            year = f"SUMIFS(facts[{key}],{words.counts},{rules.ADDED_UP.excel})"
            counted = f"COUNTIFS({words.counts},{rules.ADDED_UP.excel})"
            summed = f"IF({counted}=0,{texts[key]},{year})"
            texts[key] = f"IF([@present]=1,{summed},{NOTHING})"
    return texts


def _month_sum(key: str, words: _Words) -> str:
    criteria = f"{words.counts},{words.now},{rules.COUNTED.excel}"
    return f"IF(COUNTIFS({criteria})=0,{NOTHING},SUMIFS(facts[{key}],{criteria}))"


def _is_present(words: _Words, counting: int) -> str:
    """1 where anybody reported this month, or everybody says that nothing happened; else 0."""
    of_month = f"{words.counts},{words.now}"
    quiet = f"COUNTIFS({of_month},{words.state['no_activity']})={counting}"
    return f"IF(OR(COUNTIFS({of_month},{words.state['reported']})>0,{quiet}),1,0)"


def _ratios(indicator: Indicator, figure: Mapping[Hashable, Any], words: _Words) -> Texts:
    """The rate of the counts; where there are none, the bare rate of the lead."""
    stated = _stated(words.leads, words)
    texts = {}
    if pd.isna(figure["result"]) or figure["sum_denominator"] > 0:
        texts["result"] = rules.RATIO
    elif indicator.basis != "flow":
        texts["result"] = stated
    if indicator.basis != "flow":
        texts["month_value"] = _SAME
    elif pd.isna(figure["value"]) or figure["denominator"] > 0:
        counts = f"{words.counts},{words.now},{rules.COUNTED.excel}"
        sums = [f"SUMIFS(facts[{key}],{counts})" for key in ("numerator", "denominator")]
        texts["month_value"] = f"IF({sums[1]}>0,100*{sums[0]}/{sums[1]},{NOTHING})"
    else:
        texts["month_value"] = stated
    return texts


def _stated(whose: str, words: _Words) -> str:
    """The values as the units gave them."""
    criteria = f'{whose},{words.now},facts[value],"<>"'
    return f"IF(COUNTIFS({criteria})=0,{NOTHING},SUMIFS(facts[value],{criteria}))"


def _fact(row: Mapping[Hashable, Any]) -> str:
    counted = pd.notna(row["numerator"]) and pd.notna(row["denominator"]) and row["denominator"] > 0
    return rules.RATIO if counted else ""


def _total(plan: Plan, total: float | None) -> str:
    card = plan.scoring.scorecard
    weights = {"results": card.results, "timeliness": card.timeliness, "quality": card.quality}
    return rules.weighted_mean_of(weights) if pd.notna(total) else ""


def _group(plan: Plan, code: str) -> Texts:
    """Counts and means of a group, or of the whole plan for ""."""
    whose = f"(indicators[group]={rules.quoted(code)})*" if code else ""
    scored = "ISNUMBER(indicators[earned])"
    owed = f"(indicators[owed]=1)*(1-{scored})"
    points = f"SUMIFS(indicators[earned],indicators[group],{rules.quoted(code)})"
    points = points if code else "SUM(indicators[earned])"
    return {
        "reported": f"SUMPRODUCT({whose}{scored}*1)",
        "missing": f"SUMPRODUCT({whose}{owed})",
        "enough": rules.is_enough_of(plan.scoring.enough_fraction),
        "mean_reported": f"{points}/SUMPRODUCT({whose}{scored}*indicators[weight])",
        "mean_with_missing": f"{points}/SUMPRODUCT({whose}({scored}+{owed})*indicators[weight])",
    }

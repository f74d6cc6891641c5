"""The remark beside each indicator: why a figure is missing, held, or to be read with care."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pipeline.base.period import Period
from pipeline.base.sheet import number_text
from pipeline.core.calendar import is_due
from pipeline.core.carried import Carried, carried_forward
from pipeline.core.claims import unconfirmed
from pipeline.core.decisions import in_force
from pipeline.core.earlier import period_before, rows_before
from pipeline.core.form_content import value_text
from pipeline.core.month import Month
from pipeline.core.quality import held_rows
from pipeline.spec.plan import Indicator, Plan
from pipeline.spec.template import Template
from pipeline.spec.wording import Wording


def remarks(month: Month, plan: Plan, template: Template, wording: Wording) -> dict[str, str]:
    """One text for each indicator code, "" where there is nothing to say."""
    now = {row["indicator"]: row for row in month.of_period(month.indicators).to_dict(orient="records")}
    facts = month.of_period(month.facts)
    earlier = rows_before(month, plan).to_dict(orient="records")
    before = {str(row["indicator"]): row for row in earlier}
    held = held_rows(month.kept.submissions, month.kept.findings, facts)
    carried = carried_forward(month)
    sent = dict(iter(facts.groupby("indicator")))
    decided = _decided(month)
    claims = set(facts.loc[unconfirmed(facts, plan), "indicator"])
    texts = {}
    for indicator in plan.indicators:
        row = now[indicator.code]
        own = sent.get(indicator.code, facts.iloc[:0])
        parts = [
            _held_text(held, plan, indicator, wording),
            wording.say("no_figure") if row["verdict"] == "no_figure" and row["denominator"] == 0 else "",
            *(
                wording.say("no_data", reason=r)
                for r in own.loc[own["state"].eq("no_data"), "explanation"]
                if r
            ),
            _let_in(decided, plan, own, wording),
            _carried_text(carried.get(indicator.code), indicator, template, wording),
            wording.say("claim_waits") if indicator.code in claims else "",
            _missing_months(month, indicator, wording) if row["result"] == row["result"] else "",
            wording.say("above_range") if row["above_range"] is True else "",
            wording.say("rate_only") if _is_bare(indicator, row["state"], row["denominator"]) else "",
            _not_added(month, indicator, wording),
            _other_units(month, indicator, row, before.get(indicator.code), wording),
            _cross_check(month, plan, template, indicator, wording),
            _entered_by(plan, indicator, wording),
            wording.say("no_path") if row["no_path"] and row["verdict"] in ("warning", "behind") else "",
        ]
        texts[indicator.code] = ". ".join(part.rstrip(".") for part in parts if part)
    return texts


def _decided(month: Month) -> dict[tuple[str, str], int]:
    """The decision that lets a row of a file in. Findings of an older program do not name it: there it is the
    one about this very file."""
    accepts = [d for d in in_force(month.kept.decisions).decisions if d.kind == "accept"]
    named = {(f.sha256, f.row_code): f.decision for f in month.kept.findings if f.decision}
    return {(d.sha256, d.row_code): d.number for d in accepts} | named


def _let_in(decided: Mapping[tuple[str, str], int], plan: Plan, own: pd.DataFrame, wording: Wording) -> str:
    """Rows that count though they break a rule, because the officer said so, and in which decision."""
    keys = zip(own["unit"], own["sha256"], own["indicator"], strict=True)
    by = {str(unit): decided[sha256, code] for unit, sha256, code in keys if (sha256, code) in decided}
    units = ", ".join(plan.unit_by_id[unit].short_name for unit in by)
    numbers = ", ".join(str(number) for number in sorted(set(by.values())))
    return wording.say("accepted", units=units, numbers=numbers) if by else ""


def _held_text(
    held: dict[tuple[str, str], list[str]], plan: Plan, indicator: Indicator, wording: Wording
) -> str:
    codes = {code for unit in plan.reporters(indicator) for code in held.get((unit, indicator.code), ())}
    return wording.say("held", codes=", ".join(sorted(codes))) if codes else ""


def _carried_text(carried: Carried | None, indicator: Indicator, template: Template, wording: Wording) -> str:
    if carried is None:
        return ""
    value = f"{value_text(indicator, template, carried.value)}{indicator.sign}"
    return wording.say("carried", month=carried.period.month, year=carried.period.year, value=value)


def _missing_months(month: Month, indicator: Indicator, wording: Wording) -> str:
    """From which month on a sum over the year is known, and what it lacks since."""
    if indicator.basis != "flow":
        return ""
    rows = month.indicators[month.indicators["indicator"].eq(indicator.code)]
    due = rows["period"].map(lambda period: is_due(indicator, Period.parse(period)))
    lacking = _months(rows[rows["state"].isin(["missing", "no_data"]) & due])
    counted = rows["denominator"].gt(0)
    bare = rows["state"].eq("reported") & rows["denominator"].isna()
    not_summed = _months(rows[bare]) if indicator.entry == "ratio" and counted.any() else ""
    first = month.periods[0].month
    said = [
        wording.say("year_since", month=first) if first > 1 else "",
        wording.say("year_lacks", months=lacking) if lacking else "",
        wording.say("year_lacks_counts", months=not_summed) if not_summed else "",
    ]
    return ". ".join(text for text in said if text)


def _months(rows: pd.DataFrame) -> str:
    return ", ".join(str(Period.parse(period).month) for period in sorted(rows["period"]))


def _is_bare(indicator: Indicator, state: str, denominator: float) -> bool:
    return indicator.entry == "ratio" and state == "reported" and denominator != denominator


def _not_added(month: Month, indicator: Indicator, wording: Wording) -> str:
    """Units of a disjoint sum that sent a bare rate, which cannot be added to the others' counts."""
    if indicator.combine != "disjoint_sum" or indicator.entry != "ratio":
        return ""
    rows = month.of_period(month.units)
    rows = rows[rows["indicator"].eq(indicator.code) & rows["state"].eq("reported")]
    bare = int(rows["denominator"].isna().sum())
    return "" if bare in (0, len(rows)) else wording.say("not_added", count=bare)


def _other_units(
    month: Month,
    indicator: Indicator,
    row: Mapping[Hashable, Any],
    before: Mapping[Hashable, Any] | None,
    wording: Wording,
) -> str:
    """That the change shown is one between the sums of other units."""
    is_shown = before is not None and row["result"] == row["result"] and before["result"] == before["result"]
    if before is None or not is_shown or is_comparable(row["owed"], row["sent"], before["sent"]):
        return ""
    then = period_before(indicator, month.period)
    counts = {"before": before["sent"], "now": row["sent"]}
    if then is None or then == month.period.shift(-1):
        return wording.say("other_units", **counts)
    return wording.say("other_units_then", period=then.short, **counts)


def is_comparable(owed: int, sent: int, sent_before: int | None) -> bool:
    """Whether a figure can be set beside the month before: a sum over other units says little."""
    return owed == 1 or sent_before in (None, sent) or not sent


def _cross_check(month: Month, plan: Plan, template: Template, indicator: Indicator, wording: Wording) -> str:
    if indicator.combine != "lead_value":
        return ""
    rows = month.of_period(month.units)
    rows = rows[rows["indicator"].eq(indicator.code) & ~rows["is_lead"] & rows["value"].notna()]
    figures = [
        f"{plan.unit_by_id[str(unit)].short_name} {value_text(indicator, template, float(value))}"
        for unit, value in zip(rows["unit"], rows["value"], strict=True)
    ]
    return wording.say("cross_check", figures="; ".join(figures)) if figures else ""


def _entered_by(plan: Plan, indicator: Indicator, wording: Wording) -> str:
    lead = plan.unit_by_id[indicator.lead]
    if not lead.entered_by:
        return ""
    unit = plan.unit_by_id[lead.entered_by].short_name
    return wording.say("entered_by", lead=lead.short_name, unit=unit)


def distance_text(indicator: Indicator, distance: float) -> str:
    """What is missing, in words: `12,5 điểm phần trăm`, `1 bài báo`."""
    if indicator.is_percentage:
        return f"{number_text(round(distance, 2), 2)} điểm phần trăm"
    shown = number_text(round(distance, 4))
    return f"{shown} {indicator.measure.lower()}" if indicator.entry == "count" else shown

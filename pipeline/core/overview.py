"""The one page for the head of the commune: figures, what is late, who is missing, what is asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from pipeline.base.period import Period
from pipeline.base.sheet import number_text
from pipeline.core import score
from pipeline.core.calendar import days_of
from pipeline.core.form_content import value_text
from pipeline.core.month import Month
from pipeline.core.register import has_reported, reporting_rate
from pipeline.core.remarks import distance_text
from pipeline.core.targets import COLOURS
from pipeline.spec.plan import Indicator, Plan
from pipeline.spec.tables import Edition, Overview
from pipeline.spec.template import Template
from pipeline.spec.wording import Wording

_REQUESTS_SECTION = "KN"
_MOST_ATTENTION, _MOST_REQUESTS = 8, 6
_FROM = 2  # months that can be compared


def overview(
    month: Month,
    plan: Plan,
    template: Template,
    wording: Wording,
    frames: Mapping[str, pd.DataFrame],
    made_at: datetime,
    edition: Edition,
) -> Overview:
    """The overview of `month`; `frames` are the other tables of the workbook."""
    days = days_of(plan.calendar, month.period)
    now = month.of_period(month.indicators)
    local = made_at.astimezone(ZoneInfo(plan.calendar.time_zone))
    expected, reported, on_time = reporting_rate(month.register)
    names = {unit.id: unit.short_name for unit in plan.units}
    trend = _trend(month)
    made = wording.say("made_at", time=f"{local:%H:%M}", day=f"{local:%d/%m/%Y}")
    return Overview(
        title=plan.short_title,
        authority=plan.authority,
        period_label=wording.say("period", month=month.period.month, year=month.period.year),
        closing_text=wording.say("closing", first=f"{days.first:%d/%m/%Y}", last=f"{days.closing:%d/%m/%Y}"),
        made_at=made,
        made_text=wording.say("made_again" if edition.replayed else "made", moment=made),
        status=_status(edition, wording),
        total=month.total,
        groups=month.groups,
        verdict_counts=_counts(now["verdict"], COLOURS),
        colour_counts=_counts(now["colour"], dict.fromkeys(COLOURS.values())),
        units_expected=expected,
        units_sent=sum(line.receipt == "sent" for line in month.register),
        units_reported=reported,
        units_on_time=on_time,
        not_sent=tuple(names[line.unit] for line in month.register if line.receipt == "not_sent"),
        waiting=tuple(names[line.unit] for line in month.register if line.receipt == "waiting"),
        late=tuple(
            names[line.unit] for line in month.register if line.receipt == "sent" and line.time == "late"
        ),
        attention=_attention(now, plan, template, wording),
        requests=_requests(frames["voices"], template, wording),
        remarks=_remarks(month, plan, frames["tasks"], wording),
        trend=trend,
        group_trend=_group_trend(month, plan),
        details=_details(month, trend, now, wording),
    )


def _status(edition: Edition, wording: Wording) -> str:
    key = "issued" if not edition.is_draft else "draft_after" if edition.number else "draft"
    status = wording.say(key, number=edition.number)
    return wording.say("replayed", status=status.lower()) if edition.replayed else status


def _counts(column: pd.Series, keys: Iterable[str]) -> dict[str, int]:
    return {key: int(column.eq(key).sum()) for key in keys}


def _attention(
    now: pd.DataFrame, plan: Plan, template: Template, wording: Wording
) -> tuple[tuple[str, str], ...]:
    """Code and sentence of the indicators that are behind, the farthest from their target first."""
    behind = now[now["verdict"].eq("behind")].sort_values(["points", "indicator"], kind="stable")
    rows = zip(behind["indicator"], behind["result"], behind["distance"], strict=True)
    return tuple(
        (code, _behind(plan.indicator_by_code[code], float(result), distance, plan, template, wording))
        for code, result, distance in rows
    )[:_MOST_ATTENTION]


def _behind(
    indicator: Indicator, result: float, distance: float, plan: Plan, template: Template, wording: Wording
) -> str:
    words = {
        "code": indicator.code,
        "name": indicator.name,
        "result": value_text(indicator, template, result),
        "target": indicator.target.shown,
        "lead": plan.unit_by_id[indicator.lead].short_name,
    }
    if indicator.entry == "yes_no":
        return wording.say("behind_yes_no", **words)
    key = "behind_at_most" if indicator.target.kind == "at_most" else "behind"
    return wording.say(key, **words, measure=indicator.sign, distance=distance_text(indicator, distance))


def _requests(voices: pd.DataFrame, template: Template, wording: Wording) -> tuple[str, ...]:
    label = next(s.label for s in template.sections if s.code == _REQUESTS_SECTION)
    asked = voices[voices["section"].eq(label)]
    texts = zip(asked["unit"], asked["text"], strict=True)
    return tuple(wording.say("request", unit=unit, text=text) for unit, text in texts)[:_MOST_REQUESTS]


def _remarks(month: Month, plan: Plan, tasks: pd.DataFrame, wording: Wording) -> tuple[str, ...]:
    listed = len(plan.indicators)
    bare = [i for i in plan.indicators if i.entry != "yes_no" and i.baseline is None and not i.milestones]
    unassigned = int(tasks["unit"].eq(wording.say("unassigned")).sum())
    unusable = [
        plan.unit_by_id[line.unit].short_name
        for line in month.register
        if line.receipt == "sent" and not has_reported(line)
    ]
    rows = month.of_period(month.units)
    waiting = set(rows.loc[rows["pending"], "indicator"])
    claims = [code for code in plan.indicator_by_code if code in waiting]
    unknown = sum(s.is_return and not (s.unit and s.period) for s in month.kept.submissions)
    said = [
        wording.say("declared", declared=plan.declared_indicators, listed=listed)
        if plan.declared_indicators != listed
        else "",
        wording.say("no_baselines", count=len(bare), year=plan.year - 1) if bare else "",
        wording.say("unassigned_tasks", count=unassigned) if unassigned else "",
        wording.say("claims", codes=", ".join(claims)) if claims else "",
        wording.say("unusable", count=len(unusable), units=", ".join(unusable)) if unusable else "",
        wording.say("not_identified", count=unknown) if unknown else "",
    ]
    return tuple(text for text in said if text)


def _trend(month: Month) -> tuple[tuple[str, float | None, float | None], ...]:
    return tuple((label, *score.mean_points(rows)) for label, rows in _by_month(month))


def _details(
    month: Month, trend: Sequence[tuple[str, float | None, float | None]], now: pd.DataFrame, wording: Wording
) -> dict[str, str]:
    """How the big figures moved since last month, and the units that sent nothing usable; "" for nothing."""
    unusable = sum(line.receipt == "sent" and not has_reported(line) for line in month.register)
    said = {"sent": wording.say("unusable_forms", count=unusable) if unusable else ""}
    if len(month.periods) < _FROM:
        return said
    last = month.periods[-2]
    earlier = month.indicators[month.indicators["period"].eq(str(last))]
    met = int(now["verdict"].eq("met").sum()) - int(earlier["verdict"].eq("met").sum())
    (_, mean, with_missing), (_, mean_now, with_missing_now) = trend[-2:]
    enough = month.total.enough
    return said | {
        "mean": _moved(_difference(mean, mean_now), last, "moved_points", wording) if enough else "",
        "with_missing": _moved(_difference(with_missing, with_missing_now), last, "moved_points", wording),
        "met": _moved(float(met), last, "", wording),
    }


def _difference(before: float | None, after: float | None) -> float | None:
    """Between the two as they are shown, so that a reader who subtracts finds the same."""
    return None if before is None or after is None else round(after, 1) - round(before, 1)


def _moved(by: float | None, since: Period, measure: str, wording: Wording) -> str:
    if by is None:
        return ""
    number = number_text(abs(by), 1 if measure else 0)
    key = "moved_not" if float(f"{by:.1f}") == 0 else "moved_up" if by > 0 else "moved_down"
    shown = wording.say(measure, number=number) if measure else number
    return wording.say(key, by=shown, month=since.month)


def _group_trend(month: Month, plan: Plan) -> tuple[tuple[str, tuple[float | None, ...]], ...]:
    codes = [{i.code for i in plan.indicators if i.group == group.code} for group in plan.groups]
    return tuple(
        (label, tuple(score.mean_points(rows[rows["indicator"].isin(own)])[0] for own in codes))
        for label, rows in _by_month(month)
    )


def _by_month(month: Month) -> Iterator[tuple[str, pd.DataFrame]]:
    for period in month.periods:
        rows = month.indicators[month.indicators["period"].eq(str(period))]
        yield f"{period.month:02d}/{period.year}", rows

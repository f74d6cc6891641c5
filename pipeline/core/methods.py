"""The numbers that the sheet `Phương pháp` quotes, from the plan itself."""

from collections.abc import Mapping

from pipeline.base.period import Period
from pipeline.base.sheet import number_text
from pipeline.spec.calendar import Calendar
from pipeline.spec.plan import Confirmation, Plan
from pipeline.spec.template import Template
from pipeline.spec.wording import Wording


def method_words(plan: Plan, template: Template, wording: Wording) -> Mapping[str, str]:
    """Every number that the text about method quotes, from the plan itself."""
    scoring = plan.scoring
    numbers = {
        "attainment_cap": scoring.attainment_cap,
        "on_path_percent": 100 * scoring.on_path_share,
        "no_path_attainment": scoring.no_path_attainment,
        "weight_results": scoring.scorecard.results,
        "weight_timeliness": scoring.scorecard.timeliness,
        "weight_quality": scoring.scorecard.quality,
        "on_time": scoring.timeliness.on_time,
        "late": scoring.timeliness.late,
        "not_sent": scoring.timeliness.missing,
        "clean": scoring.quality.clean,
        "warned": scoring.quality.warned,
        "faulty": scoring.quality.faulty,
        "projection_from": scoring.projection.from_periods,
        "range_from": scoring.projection.range_from_periods,
        "middle_percent": 100 * scoring.projection.middle_share,
        "rank_decimals": scoring.ranking.decimals,
        "shift_percent": 100 * scoring.ranking.weight_shift,
        "plan_version": plan.version,
        "scoring_version": scoring.version,
        "template_version": template.version,
    }
    texts = {
        "enough_reported": scoring.enough_reported,
        "grades": "; ".join(
            wording.say("grade", lowest=_number(g.lowest), below=_number(g.below), label=g.label)
            for g in scoring.grades
        ),
        "weights": _weights(plan, wording),
        "confirmations": _confirmations(plan, wording),
        "authority": plan.authority,
        "due_months": _due_months(plan, wording),
        "plan_id": plan.id,
    }
    return {key: _number(value) for key, value in numbers.items()} | texts | _days(plan.calendar, wording)


def _days(calendar: Calendar, wording: Wording) -> dict[str, str]:
    """The days of a period, as they stand to the reporting month."""
    first = "same" if calendar.closing_first_day == 1 else "before"
    last = "last" if calendar.closes_with_month else "same"
    due = calendar.deadline_month
    return {
        "closing_first": wording.say(f"day_{first}", day=calendar.closing_first_day),
        "closing_last": wording.say(f"day_{last}", day=calendar.closing_last_day),
        "submit_before": wording.say(f"day_{due}", day=calendar.submit_before_day),
        "report_before": wording.say(f"day_{due}", day=calendar.report_before_day),
    }


def _due_months(plan: Plan, wording: Wording) -> str:
    """The indicators that have no figure every month, by the months in which they have one."""
    codes: dict[tuple[int, ...], list[str]] = {}
    for indicator in plan.indicators:
        if indicator.due_months:
            codes.setdefault(tuple(sorted(indicator.due_months)), []).append(indicator.code)
    said = [
        wording.say("due_in", codes=", ".join(found), months=", ".join(map(str, months)))
        for months, found in sorted(codes.items())
    ]
    return "; ".join(said) or wording.say("all_due")


def _number(value: float) -> str:
    return number_text(round(float(value), 6))


def _weights(plan: Plan, wording: Wording) -> str:
    """The weights of the indicators that differ from 1."""
    other = "; ".join(f"{i.code}: {_number(i.weight)}" for i in plan.indicators if i.weight != 1)
    return wording.say("weights_other", weights=other) if other else wording.say("weights_equal")


def _confirmations(plan: Plan, wording: Wording) -> str:
    """What the coordinator has confirmed: indicator, unit, months and reason."""
    said = [
        wording.say(
            "confirmation", code=c.indicator, unit=c.unit, months=_months(c, wording), reason=c.reason
        )
        for c in plan.confirmations
    ]
    return "; ".join(said) or wording.say("no_confirmation")


def _months(said: Confirmation, wording: Wording) -> str:
    return ", ".join(Period.parse(period).label for period in said.periods) or wording.say("whole_year")

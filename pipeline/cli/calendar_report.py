"""Put the year of a plan into lines and into JSON."""

import textwrap
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from pipeline.cli import texts
from pipeline.cli.lines import console_room, table
from pipeline.core.steps import DatedStep
from pipeline.core.year import OddDay, PeriodOfYear, Year
from pipeline.spec.calendar import SpecialDay, Step

_REMINDERS = {"remind", "remind_late", "escalate"}
_RUNS = {"run", "final_run"}
_PAPER = 100  # columns of a paragraph where there is no console
_INDENT = "  "


def calendar_lines(year: Year, able: Collection[str]) -> Iterator[str]:
    """The year as a table, what is odd and why, the steps, and the days off that it stands on.

    `able` are the actions that the program can carry out.
    """
    calendar = year.plan.calendar
    yield texts.YEAR_LINE.format(
        year=year.plan.year, plan=year.plan.id, day_off=texts.DAY_OFF[calendar.day_off]
    )
    yield ""
    yield from table(texts.CALENDAR_HEAD, [_row(period) for period in year.periods], room=console_room())
    yield ""
    yield from _odd_lines(year)
    if calendar.steps:
        yield ""
        yield texts.STEPS_HEAD
        yield from (_INDENT + _step(step, able) for step in calendar.steps)
    if year.special:
        yield ""
        yield texts.SPECIAL_HEAD
        yield from (_INDENT + _special(year, special) for special in year.special)
    yield ""
    yield from _paragraph(
        texts.HOLIDAYS_KNOWN if year.known else texts.HOLIDAYS_UNKNOWN.format(year=year.plan.year)
    )


def calendar_json(year: Year) -> dict[str, Any]:
    """The year with the keys of the data; days and moments as ISO texts."""
    return {
        "year": year.plan.year,
        "plan": year.plan.id,
        "day_off": year.plan.calendar.day_off,
        "holidays_known": year.known,
        "periods": [_period_json(period) for period in year.periods],
        "special_days": [_iso(asdict(special)) for special in year.special],
    }


def _row(period: PeriodOfYear) -> tuple[str, ...]:
    days, odd = period.days, {one.what for one in period.odd}
    return (
        _label(period),
        _steps(period, {"templates"}),
        _short(days.closing, "closing" in odd),
        _short(days.last_good_day, "deadline" in odd),
        _steps(period, _REMINDERS),
        _steps(period, _RUNS),
        _short(days.last_report_day, "report" in odd),
    )


def _label(period: PeriodOfYear) -> str:
    return f"{period.period.month:02d}/{period.period.year}"


def _steps(period: PeriodOfYear, actions: Collection[str]) -> str:
    return " ".join(f"{s.due:%d/%m}" for s in period.steps if s.step.action in actions)


def _short(day: date, is_odd: bool = False) -> str:
    return f"{texts.WEEKDAYS[day.weekday()]} {day:%d/%m}{texts.ODD_MARK if is_odd else ''}"


def _long(day: date) -> str:
    return f"{texts.LONG_WEEKDAYS[day.weekday()]} {day:%d/%m}"


def _odd_lines(year: Year) -> Iterator[str]:
    lines = [_odd(period, odd) for period in year.periods for odd in period.odd]
    yield texts.ODD_HEAD[year.plan.calendar.day_off] if lines else texts.NO_ODD
    for line in lines:
        yield from _paragraph(line, hang=_INDENT + " " * len("01/2026  "))


def _odd(period: PeriodOfYear, odd: OddDay) -> str:
    return texts.ODD_LINE.format(
        period=_label(period),
        what=texts.ODD_WHAT[odd.what],
        day=_long(odd.day),
        reason=odd.reason or texts.WEEKEND,
        handling=_handling(odd),
    )


def _handling(odd: OddDay) -> str:
    if odd.what == "closing":
        return texts.CLOSING_KEPT
    if odd.handling == "moved":
        return texts.ODD_MOVED.format(to=_long(odd.to))
    if odd.advised is not None:
        advice = texts.ADVICE[odd.what].format(advised=_long(odd.advised))
    else:
        advice = texts.NO_ADVICE[odd.what].format(after=_long(odd.after))
    if odd.handling == "senseless":
        return texts.ODD_SENSELESS.format(to=_long(odd.to), advice=advice)
    return advice


def _step(step: Step, able: Collection[str]) -> str:
    line = texts.STEP_LINE.format(hour=step.hour, label=step.label)
    return line if step.action in able else line + texts.NOT_ABLE


def _special(year: Year, special: SpecialDay) -> str:
    by = texts.BY_THE_PLAN if special in year.plan.calendar.overrides else ""
    return f"{_short(special.day)}  {texts.SPECIAL_KINDS[special.kind]:<8}  {special.reason}{by}"


def _paragraph(text: str, hang: str = _INDENT) -> Iterable[str]:
    width = console_room() or _PAPER
    return textwrap.wrap(text, width, initial_indent=_INDENT, subsequent_indent=hang)


def _period_json(period: PeriodOfYear) -> dict[str, Any]:
    days = period.days
    return {
        "period": str(period.period),
        "first": days.first.isoformat(),
        "closing": days.closing.isoformat(),
        "deadline": days.last_good_day.isoformat(),
        "report": days.last_report_day.isoformat(),
        "steps": [_step_json(dated) for dated in period.steps],
        "odd_days": [_iso(asdict(odd)) for odd in period.odd],
    }


def _step_json(dated: DatedStep) -> dict[str, str]:
    times = {"due": dated.due.isoformat(), "ends": dated.ends.isoformat()}
    return {"name": dated.step.name, "action": dated.step.action} | times


def _iso(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}

"""Which days are off, and which working day lies before or after a day."""

from datetime import date, timedelta

from pipeline.spec.calendar import Calendar

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5  # as `date.weekday` counts


def is_off(calendar: Calendar, day: date) -> bool:
    """Whether nobody works: a holiday, or a week-end that is not made up for."""
    special = calendar.special_days.get(day)
    return special.kind == "off" if special else day.weekday() >= _SATURDAY


def why_off(calendar: Calendar, day: date) -> str:
    """The holiday's name; "" for a mere week-end."""
    special = calendar.special_days.get(day)
    return special.reason if special else ""


def working_day_before(calendar: Calendar, day: date) -> date:
    """The latest working day before `day`."""
    day -= _ONE_DAY
    return working_day_before(calendar, day) if is_off(calendar, day) else day


def working_day_after(calendar: Calendar, day: date) -> date:
    """The first working day after `day`."""
    day += _ONE_DAY
    return working_day_after(calendar, day) if is_off(calendar, day) else day


def days_from(calendar: Calendar, day: date, days: int, working_days: bool) -> date:
    """`day` and so many days: calendar days, or working days; 0 working days lead back to one."""
    if not working_days:
        return day + timedelta(days=days)
    if days == 0:
        return working_day_before(calendar, day + _ONE_DAY)
    step = working_day_after if days > 0 else working_day_before
    for _ in range(abs(days)):
        day = step(calendar, day)
    return day

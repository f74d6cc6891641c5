"""What must hold in the calendar of a plan: days in order, periods that join, steps that can happen."""

import re
from zoneinfo import ZoneInfo

from pipeline.spec.calendar import Calendar, Step
from pipeline.spec.shape import Faults

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHORTEST_MONTH = 28


def check_calendar(calendar: Calendar, year: int, faults: Faults) -> None:
    """Add every fault of the calendar of the plan for `year`."""
    _check_days(calendar, faults)
    if calendar.retry_minutes < 1:
        faults.add("calendar.retry_minutes", "phải từ 1 trở lên")
    faults.unique("calendar.overrides", (str(special.day) for special in calendar.overrides))
    if any(special.day.year != year for special in calendar.overrides):
        faults.add("calendar.overrides", f"ngày phải nằm trong năm {year}")
    faults.unique("calendar.steps", (step.name for step in calendar.steps))
    for step in calendar.steps:
        _check_step(f"calendar.steps({step.name})", calendar, step, faults)


def _check_days(calendar: Calendar, faults: Faults) -> None:
    try:
        ZoneInfo(calendar.time_zone)
    except (KeyError, ValueError, OSError):
        faults.add("calendar.time_zone", f"múi giờ «{calendar.time_zone}» không có")
    for name in ("closing_first_day", "closing_last_day", "submit_before_day", "report_before_day"):
        if not 1 <= getattr(calendar, name) <= _SHORTEST_MONTH:
            faults.add(f"calendar.{name}", f"phải từ 1 đến {_SHORTEST_MONTH}")
    if not calendar.closing_last_day < calendar.submit_before_day < calendar.report_before_day:
        faults.add("calendar", "phải theo thứ tự: closing_last_day < submit_before_day < report_before_day")
    if calendar.closing_first_day not in (1, calendar.closing_last_day + 1):
        faults.add("calendar.closing_first_day", "hai kỳ liền nhau phải nối nhau, không hở, không chồng")
    if not 1 <= calendar.yearly_due_month <= 12:
        faults.add("calendar.yearly_due_month", "phải từ 1 đến 12")


def _check_step(place: str, calendar: Calendar, step: Step, faults: Faults) -> None:
    if _NAME.fullmatch(step.name) is None:
        faults.add(f"{place}.name", "chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ nhac-truoc-3")
    if not 0 <= step.hour <= 23:
        faults.add(f"{place}.hour", "phải từ 0 đến 23")
    days = {
        "month": 1,
        "closing": calendar.closing_last_day,
        "deadline": calendar.submit_before_day - 1,
        "report": calendar.report_before_day - 1,
        "next_closing": calendar.closing_last_day + _SHORTEST_MONTH,
    }
    if days[step.anchor] + step.days > days[step.until]:
        faults.add(f"{place}.until", "việc này luôn đến hạn sau khi đã hết ý nghĩa")

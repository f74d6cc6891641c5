"""What must hold in the calendar of a plan: days in order, periods that join, steps that can happen."""

import re
from datetime import date
from zoneinfo import ZoneInfo

from pipeline.spec.calendar import Calendar, Step
from pipeline.spec.shape import Faults

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHORTEST_MONTH = 28
_YEARS = range(2001, 2999)  # a month before and after them is a period too
_MINUTES_OF_A_DAY = 24 * 60


def check_calendar(calendar: Calendar, year: int, faults: Faults) -> None:
    """Add every fault of the calendar of the plan for `year`."""
    if year not in _YEARS:
        faults.add("year", f"phải từ {_YEARS[0]} đến {_YEARS[-1]}")
        return
    _check_days(calendar, faults)
    if not 1 <= calendar.retry_minutes <= _MINUTES_OF_A_DAY:
        faults.add("calendar.retry_minutes", f"phải từ 1 đến {_MINUTES_OF_A_DAY}")
    faults.unique("calendar.overrides", (str(special.day) for special in calendar.overrides))
    last = date(year + 1, 1, 31) if calendar.deadline_month == "next" else date(year, 12, 31)
    if not all(date(year, 1, 1) <= special.day <= last for special in calendar.overrides):
        faults.add("calendar.overrides", f"ngày phải từ 01/01/{year} đến {last:%d/%m/%Y}")
    faults.unique("calendar.steps", (step.name for step in calendar.steps))
    for step in calendar.steps:
        _check_step(f"calendar.steps({step.name})", calendar, step, faults)


def _check_days(calendar: Calendar, faults: Faults) -> None:
    try:
        ZoneInfo(calendar.time_zone)
    except (KeyError, ValueError, OSError):
        faults.add("calendar.time_zone", f"múi giờ «{calendar.time_zone}» không có")
    for name in ("closing_first_day", "submit_before_day", "report_before_day"):
        if not 1 <= getattr(calendar, name) <= _SHORTEST_MONTH:
            faults.add(f"calendar.{name}", f"phải từ 1 đến {_SHORTEST_MONTH}")
    _check_closing(calendar, faults)


def _check_closing(calendar: Calendar, faults: Faults) -> None:
    last, later = calendar.closing_last_day, calendar.deadline_month == "next"
    if not (1 <= last <= _SHORTEST_MONTH or calendar.closes_with_month):
        faults.add("calendar.closing_last_day", f"từ 1 đến {_SHORTEST_MONTH}, hoặc 31 là ngày cuối tháng")
        return
    if calendar.closing_first_day != (1 if calendar.closes_with_month else last + 1):
        faults.add("calendar.closing_first_day", "hai kỳ liền nhau phải nối nhau, không hở, không chồng")
    if calendar.closes_with_month and not later:
        faults.add("calendar.deadline_month", 'chốt ngày cuối tháng thì nộp ở tháng sau: phải là "next"')
    elif calendar.closes_with_month and calendar.submit_before_day == 1:
        faults.add("calendar.submit_before_day", "phải từ 2: trước ngày 1 là chưa hết ngày chốt")
    elif not later and last >= calendar.submit_before_day:
        faults.add("calendar", "closing_last_day phải trước submit_before_day")
    if calendar.submit_before_day >= calendar.report_before_day:
        faults.add("calendar", "submit_before_day phải trước report_before_day")


def _check_step(place: str, calendar: Calendar, step: Step, faults: Faults) -> None:
    if _NAME.fullmatch(step.name) is None:
        faults.add(f"{place}.name", "chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ nhac-truoc-3")
    if not 0 <= step.hour <= 23:
        faults.add(f"{place}.hour", "phải từ 0 đến 23")
    closing = min(calendar.closing_last_day, _SHORTEST_MONTH)
    later = _SHORTEST_MONTH if calendar.deadline_month == "next" else 0
    days = {
        "month": 1,
        "closing": closing,
        "deadline": later + calendar.submit_before_day - 1,
        "report": later + calendar.report_before_day - 1,
        "next_closing": closing + _SHORTEST_MONTH,
    }
    if days[step.anchor] + step.days > days[step.until]:
        faults.add(f"{place}.until", "việc này luôn đến hạn sau khi đã hết ý nghĩa")

"""Plan files of older versions, as they lie sealed in archives: their keys in the words of today."""

from collections.abc import Mapping
from typing import Any

_YEARLY, _DUE_MONTH = "yearly", 12


def brought_up(data: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a plan file, whatever its age.

    Before there were `due_months`, an indicator had a `frequency`, and those that were yearly fell due in
    the calendar's `yearly_due_month`, or before it if somebody had the figure. Tables that came later have
    defaults and need nothing.
    """
    calendar, indicators = data.get("calendar"), data.get("indicators")
    if not isinstance(calendar, dict) or not isinstance(indicators, list):
        return dict(data)
    days = dict(calendar)
    due_month = days.pop("yearly_due_month", _DUE_MONTH)
    return {**data, "calendar": days, "indicators": [_indicator(i, due_month) for i in indicators]}


def _indicator(one: Any, due_month: Any) -> Any:
    if not isinstance(one, dict) or one.get("frequency") not in ("monthly", _YEARLY):
        return one
    kept = {key: value for key, value in one.items() if key != "frequency"}
    return (
        {**kept, "due_months": [due_month], "may_come_early": True} if one["frequency"] == _YEARLY else kept
    )

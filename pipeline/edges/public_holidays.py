"""The public holidays of Vietnam, as far as the package `holidays` knows them."""

from collections.abc import Iterable

from pipeline.spec.calendar import SpecialDay

_COUNTRY, _LANGUAGE = "VN", "vi"
_MADE_UP = "Làm bù theo lịch hoán đổi ngày làm việc"


def public_holidays(years: Iterable[int]) -> tuple[SpecialDay, ...]:
    """The days off and the made-up Saturdays of `years`, by day; nothing for a year it does not know."""
    import holidays

    wanted = set(years)
    found = holidays.country_holidays(_COUNTRY, years=wanted, language=_LANGUAGE)
    off = [SpecialDay(day, "off", name) for day, name in found.items() if day.year in wanted]
    made_up = [SpecialDay(d, "working", _MADE_UP) for d in found.weekend_workdays if d.year in wanted]
    return tuple(sorted((*off, *made_up), key=lambda special: special.day))

"""Chapter I of the report: who has sent, and who has not."""

from collections.abc import Callable, Iterable

from pipeline.core.calendar import days_of
from pipeline.core.register import RegisterLine, has_reported
from pipeline.core.report.sources import Sources
from pipeline.core.report.written import short_date


def direction(src: Sources) -> tuple[str, ...]:
    """How many forms have come and which are waited for; then a place for what was directed."""
    return (_counts(src), *map(src.item, _units(src, "waiting", _waits)), src.words.say("fill_direction"))


def lapses(src: Sources) -> tuple[str, ...]:
    """Units that were late, that sent nothing, and that sent nothing usable; a line for each kind."""
    return (
        *_units(src, "late", _is_late),
        *_units(src, "not_sent", lambda line: line.receipt == "not_sent"),
        *_units(src, "unusable", lambda line: line.receipt == "sent" and not has_reported(line)),
    )


def _counts(src: Sources) -> str:
    page = src.overview
    if not page.units_expected:
        return src.words.say("none_expected")
    return src.words.say(
        "submission" if page.units_sent else "none_sent",
        deadline=short_date(days_of(src.book.plan.calendar, src.month.period).submit_before),
        made_at=page.made_at,
        reported=page.units_reported,
        expected=page.units_expected,
        on_time=page.units_on_time,
    )


def _units(src: Sources, key: str, wanted: Callable[[RegisterLine], bool]) -> Iterable[str]:
    names = [line.name for line in src.month.register if wanted(line)]
    return [src.words.say(key, count=len(names), units=", ".join(names))] if names else []


def _is_late(line: RegisterLine) -> bool:
    return line.receipt == "sent" and line.time == "late"


def _waits(line: RegisterLine) -> bool:
    return line.receipt == "waiting"

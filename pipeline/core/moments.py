"""Moments as people write them."""

from datetime import date, datetime

from pipeline.spec.wording import Wording

DAY_BY_HAND = "day_folder"  # the source of an arrival that has a day and no hour


def day_text(day: str) -> str:
    """An ISO day as people write it: `18/11/2026`; a blank stays blank."""
    return f"{date.fromisoformat(day):%d/%m/%Y}" if day else ""


def moment_text(moment: str) -> str:
    """An ISO moment as people write it: `18/11/2026 08:30`; a blank stays blank."""
    return f"{datetime.fromisoformat(moment):%d/%m/%Y %H:%M}" if moment else ""


def arrival_text(moment: str, source: str) -> str:
    """When a file came: as `moment_text`, but `18/11/2026` alone where the day was set by hand."""
    return moment_text(moment)[: len("dd/mm/yyyy")] if source == DAY_BY_HAND else moment_text(moment)


def arrival_words(moment: str, source: str, wording: Wording) -> str:
    """The same within a sentence: `lúc 08:30 ngày 18/11/2026`, or `ngày 18/11/2026`."""
    when = datetime.fromisoformat(moment)
    key = "arrived_day" if source == DAY_BY_HAND else "arrived_hour"
    return wording.say(key, hour=f"{when:%H:%M}", day=f"{when:%d/%m/%Y}")

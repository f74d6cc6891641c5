"""The top of the page: how far the plan is, and what is late, not sent, and asked for."""

from collections import Counter
from itertools import accumulate

from pipeline.core.page.drawing import place_text
from pipeline.core.page.sources import Sources
from pipeline.core.page.voices import asked
from pipeline.core.report.written import fixed
from pipeline.spec.page import Answer, Chip, Share

GREY = "grey"
STRIP_WIDTH = 400.0
_KINDS = ("met", "on_track", "warning", "behind", GREY)
_DECIMALS = 1


def has_mean(src: Sources) -> bool:
    """Whether there are enough figures for a mean."""
    return src.overview.total.enough and src.overview.total.mean_reported is not None


def mean(src: Sources) -> str:
    """The mean over what was reported, or that there is not enough for one."""
    value = src.overview.total.mean_reported
    if value is None or not has_mean(src):
        words = src.looks.overview.not_enough
        return words[:1].upper() + words[1:]
    return src.words.say("percent", number=fixed(value, _DECIMALS))


def mean_note(src: Sources) -> str:
    """What the mean stands on."""
    return src.looks.overview.tiles["mean"].note.format(reported=src.overview.total.reported)


def month_of(label: str) -> str:
    """The number of the month in `08/2026`."""
    return label.partition("/")[0].lstrip("0")


def with_missing(src: Sources) -> str:
    """The mean where missing figures count as 0; "" where nothing is owed."""
    total = src.overview.total
    if total.mean_with_missing is None:
        return ""
    shown = src.words.say("percent", number=fixed(total.mean_with_missing, _DECIMALS))
    return src.words.say("with_missing", mean=shown, owed=total.reported + total.missing)


def answers(src: Sources) -> tuple[Answer, ...]:
    """What is late, who has not reported, what is asked for: each with the section that says more."""
    say, overview = src.words.say, src.overview
    unreported = overview.units_expected - overview.units_reported
    requests = asked(src)
    units = {unit for row in requests for unit in row["unit"].split(", ")}
    late_note = say("late_note", listed=overview.total.listed)
    unreported_note = say("unreported_note", count=overview.units_expected)
    return (
        Answer(str(overview.verdict_counts.get("behind", 0)), say("late_answer"), late_note, "cham"),
        Answer(str(unreported), say("unreported_answer"), unreported_note, "nop"),
        Answer(str(len(requests)), say("asked_answer"), say("asked_note", count=len(units)), "kien-nghi"),
    )


def kind_of(src: Sources, verdict: str) -> str:
    """What an indicator is filtered by: its verdict, or that it has none."""
    return verdict if src.chip("verdict", verdict).colour != GREY else GREY


def shares(src: Sources) -> tuple[Share, ...]:
    """A piece of the strip for each kind that there is, side by side."""
    counts = Counter(kind_of(src, str(row["verdict"])) for row in src.indicators)
    kinds = [kind for kind in _KINDS if counts[kind]]
    ends = list(accumulate(STRIP_WIDTH * counts[kind] / len(src.indicators) for kind in kinds))
    edges = zip(kinds, [0.0, *ends], ends, strict=False)
    return tuple(
        Share(kind, _chip(src, kind), counts[kind], place_text(start), place_text(end - start))
        for kind, start, end in edges
    )


def strip_desc(src: Sources) -> str:
    """What is read out for the strip."""
    items = (src.words.say("strip_item", label=s.chip.label, count=s.count) for s in shares(src))
    return src.words.say("strip_desc", items="; ".join(items))


def _chip(src: Sources, kind: str) -> Chip:
    if kind != GREY:
        return src.chip("verdict", kind)
    return Chip(src.chip("verdict", "missing").sign, src.words.say("other"), GREY)

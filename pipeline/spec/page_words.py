"""The words, limits and colours of the leaders' page, from `schemas/trang.toml`."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, get_args

from pipeline.base.errors import SpecError
from pipeline.spec.report_words import check_sentence
from pipeline.spec.shape import Faults, build, read_once, read_toml
from pipeline.spec.statuses import ColourKey

_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
_WORDS = {
    # finished by the program
    "title": "period authority",
    "headline": "period",
    "moment": "closing made",
    "percent": "number",
    "with_missing": "mean owed",
    "late_note": "listed",
    "unreported_note": "count",
    "asked_note": "count",
    "other": "",
    "strip_desc": "items",
    "strip_item": "label count",
    "distance": "distance",
    "more_late": "count sheet",
    "slow_task": "code work unit state",
    "more_tasks": "count sheet",
    "submission": "reported expected on_time",
    "more_names": "names count",
    "more_voices": "count sheet",
    "more_turned": "count sheet",
    "more_cards": "shown all sheet",
    "change_up": "by",
    "change_down": "by",
    "change_same": "",
    "measured": "number measure",
    "spark": "name",
    "spark_item": "month figure",
    "source": "workbook status",
    # as they stand in the template
    **dict.fromkeys(
        (
            *("skip", "nav", "answers", "late_answer", "unreported_answer", "asked_answer"),
            *("target", "result", "lead", "tasks", "group", "met", "missing", "mean", "zero"),
            *("trend", "figures", "month", "turns", "worse", "rank", "unit", "total"),
            *("results", "timeliness", "quality", "rank_range", "proposed"),
            *("filter", "all", "indicator", "attainment", "verdict"),
            *("nav_groups", "nav_trend", "nav_cards", "nav_obstacles", "nav_indicators"),
            *("groups_caption", "chart_caption", "cards_caption", "indicators_caption"),
        ),
        "",
    ),
}
SENTENCES = {key: frozenset(words.split()) for key, words in _WORDS.items()}
"""The words that the program knows for each sentence."""


@dataclass(frozen=True)
class PageLimits:
    """How much of each list stands on the page; the rest is in the workbook. `letters` of one text."""

    late: int
    tasks: int
    names: int
    voices: int
    turned: int
    cards: int
    letters: int


@dataclass(frozen=True)
class Tone:
    """A pale fill with an ink that is readable on it, and a full tone for drawings."""

    fill: str
    ink: str
    solid: str


@dataclass(frozen=True)
class Scheme:
    """The colours by day or by night, as #RRGGBB."""

    paper: str
    tile: str
    ink: str
    muted: str
    title: str
    link: str
    border: str
    bar: str
    second: str
    colours: dict[str, Tone]


@dataclass(frozen=True)
class PageWords:
    """All of it; sentences by key."""

    sentences: dict[str, str]
    limits: PageLimits
    light: Scheme
    dark: Scheme

    def say(self, key: str, **words: object) -> str:
        """Fill a sentence; words that it does not use are left out."""
        return self.sentences[key].format(**words)


@read_once
def load_page_words(file: str, text: str) -> PageWords:
    """The words, limits and colours in `text`. Raises `SpecError` with every fault."""
    faults = Faults()
    words = build(PageWords, read_toml(file, text), "", faults)
    if words is not None:
        _check(words, faults)
    if words is None or faults:
        raise SpecError(file, faults)
    return words


def _check(words: PageWords, faults: Faults) -> None:
    for key in [k for k in SENTENCES if k not in words.sentences]:
        faults.add(f"sentences.{key}", "thiếu câu này")
    for key, sentence in words.sentences.items():
        check_sentence(key, sentence, SENTENCES, faults)
    for key, limit in asdict(words.limits).items():
        if limit < 1:
            faults.add(f"limits.{key}", "phải từ 1 trở lên")
    for name, scheme in (("light", words.light), ("dark", words.dark)):
        if scheme.colours.keys() != set(get_args(ColourKey)):
            faults.add(f"{name}.colours", f"phải có đúng: {', '.join(sorted(get_args(ColourKey)))}")
        for place, colour in _colours(name, asdict(scheme)):
            if not _COLOUR.fullmatch(colour):
                faults.add(place, f"«{colour}» không phải màu dạng #RRGGBB")


def _colours(place: str, table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        inside = f"{place}.{key}"
        yield from _colours(inside, value) if isinstance(value, dict) else [(inside, value)]

"""The words of the letters that the office sends, from `schemas/letters.toml`."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from pipeline.base.errors import SpecError
from pipeline.base.post import KINDS
from pipeline.spec.sentences import check_words
from pipeline.spec.shape import Faults, build, read_toml

LIMITS = ("submit_by", "report_by", "deadline_note")
_DAYS = {"deadline", "last_day", "report_before"}
_EVERY = {"office", "authority", "plan", "period", "month", "now", *_DAYS, *LIMITS}
_OF_UNIT = _EVERY | {"unit"}
# The words that may stand in braces, by letter.
WORDS: Mapping[str, set[str]] = {
    "form": _OF_UNIT | {"file", "first", "closing"},
    "receipt": _OF_UNIT | {"file", "arrived", "accepted", "owed"},
    "feedback": _EVERY | {"text"},
    "reminder": _OF_UNIT | {"state", "days"},
    "overdue": _OF_UNIT | {"state"},
    "escalation": _EVERY | {"list", "count", "expected"},
    "workbook": _EVERY | {"file", "edition", "reported", "expected"},
}
_ONLY_IN_BODIES = {"file", "text", "list", "state"}
NOT_IN_NAMES = set('\\/:*?"<>|')
_LINE_WORDS = {"unit", "state"}
_EDITION_WORDS: Mapping[str, Set[str]] = {"draft": set(), "issued": {"number"}}
_STATE_WORDS: Mapping[str, Set[str]] = {
    "nothing": set(),
    "unusable": set(),
    "partial": {"accepted", "owed", "missing"},
}


@dataclass(frozen=True)
class States:
    """What a unit owes: nothing came, nothing usable came, or rows are still missing."""

    nothing: str
    unusable: str
    partial: str


@dataclass(frozen=True)
class Editions:
    """What the workbook is that goes to its readers."""

    draft: str
    issued: str


@dataclass(frozen=True)
class Limit:
    """How a deadline is named while it lies ahead, and once it is past."""

    ahead: str
    past: str


@dataclass(frozen=True)
class Limits:
    """The deadline of the units, that of the office, and that of the units in brackets."""

    submit_by: Limit
    report_by: Limit
    deadline_note: Limit


@dataclass(frozen=True)
class LetterText:
    """One letter. `attachment` names the file that goes with it; without it the file keeps its name."""

    subject: str
    body: str
    attachment: str = ""


@dataclass(frozen=True)
class LetterTexts:
    """All letters by kind, with the parts that are put into them."""

    states: States
    editions: Editions
    limits: Limits
    escalation_line: str
    letters: dict[str, LetterText]


def load_letters(file: str, text: str) -> LetterTexts:
    """The letters in `text`. Raises `SpecError` with every fault."""
    faults = Faults()
    texts = build(LetterTexts, read_toml(file, text), "", faults)
    if texts is not None:
        check_words("escalation_line", texts.escalation_line, _LINE_WORDS, faults)
        for state, words in _STATE_WORDS.items():
            check_words(f"states.{state}", getattr(texts.states, state), words, faults)
        for edition, words in _EDITION_WORDS.items():
            check_words(f"editions.{edition}", getattr(texts.editions, edition), words, faults)
        for name in LIMITS:
            limit: Limit = getattr(texts.limits, name)
            check_words(f"limits.{name}.ahead", limit.ahead, _DAYS | {"authority"}, faults)
            check_words(f"limits.{name}.past", limit.past, _DAYS | {"authority"}, faults)
        if texts.letters.keys() != set(KINDS):
            faults.add("letters", f"phải có đúng các thư: {', '.join(KINDS)}")
        for kind, letter in texts.letters.items():
            _check_letter(kind, letter, faults)
    if texts is None or faults:
        raise SpecError(file, faults)
    return texts


def _check_letter(kind: str, letter: LetterText, faults: Faults) -> None:
    place, words = f"letters.{kind}", WORDS.get(kind, set())
    check_words(f"{place}.body", letter.body, words, faults)
    for part in ("subject", "attachment"):
        text = getattr(letter, part)
        check_words(f"{place}.{part}", text, words - _ONLY_IN_BODIES, faults)
        if not text.isprintable():
            faults.add(f"{place}.{part}", "phải là một dòng")
    if set(letter.attachment) & NOT_IN_NAMES:
        faults.add(f"{place}.attachment", f"tên tệp không có các dấu {' '.join(sorted(NOT_IN_NAMES))}")

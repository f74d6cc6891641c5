"""Which letters that were written may leave, and which are taken back."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from pipeline.base.post import KeptLetter, Kind
from pipeline.core.letters import DATED

_ANSWERS: Collection[Kind] = ("receipt", "feedback")  # what a file that came is answered with


def may_leave(letter: KeptLetter, again: bool) -> bool:
    """Whether a letter may be sent: what has certainly not left; `again` also what may have."""
    return letter.state in ("ready", "refused", "held") or (again and letter.state == "unknown")


def is_asked_for(letter: KeptLetter, kinds: Collection[Kind]) -> bool:
    """Whether the officer's word covers a letter: what was held back leaves only where its kind is named."""
    return letter.state != "held" or letter.kind in kinds


def beyond_the_cap(
    going: Sequence[KeptLetter], known: Iterable[KeptLetter], answers_a_day: int, now: datetime
) -> list[KeptLetter]:
    """Those of `going` that answer a unit once too often on the day of `now`; `known` are all letters of the
    log, of whatever period."""
    answered = Counter(letter.unit for letter in known if _is_answer_of(letter, now))
    beyond = []
    for letter in going:
        if letter.kind in _ANSWERS:
            answered[letter.unit] += 1
            if answered[letter.unit] > answers_a_day:
                beyond.append(letter)
    return beyond


def may_leave_by_itself(letter: KeptLetter) -> bool:
    """Whether a letter may be sent while nobody is at the desk: what was refused for good (SMTP 5xx) waits
    for somebody to see why."""
    return letter.state == "ready" or (letter.state == "refused" and letter.detail.startswith("4"))


def outlives_its_day(letter: KeptLetter) -> bool:
    """Whether a letter stays true once its day is over: who owes something changes every hour, and a draft
    of the workbook gives way to what is issued."""
    return letter.kind not in DATED.values()


def _is_answer_of(letter: KeptLetter, now: datetime) -> bool:
    """Whether a letter that answers a file has left, or may have, on the day of `now`."""
    if letter.kind not in _ANSWERS or letter.state not in ("sent", "unknown"):
        return False
    return datetime.fromisoformat(letter.moment).astimezone(now.tzinfo).date() == now.date()

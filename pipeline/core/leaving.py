"""Which letters that were written may leave, and which are taken back."""

from pipeline.base.post import KeptLetter
from pipeline.core.letters import DATED


def may_leave(letter: KeptLetter, again: bool) -> bool:
    """Whether a letter may be sent: what has certainly not left; `again` also what may have."""
    return letter.state in ("ready", "refused") or (again and letter.state == "unknown")


def may_leave_by_itself(letter: KeptLetter) -> bool:
    """Whether a letter may be sent while nobody is at the desk: what was refused for good (SMTP 5xx) waits
    for somebody to see why."""
    return letter.state == "ready" or (letter.state == "refused" and letter.detail.startswith("4"))


def outlives_its_day(letter: KeptLetter) -> bool:
    """Whether a letter stays true once its day is over: who owes something changes every hour, and a draft
    of the workbook gives way to what is issued."""
    return letter.kind not in DATED.values()

"""Put what happened to the mail into lines."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.base.post import FetchedMail, KeptLetter
from pipeline.base.sheet import number_text
from pipeline.cli import mail_texts, texts
from pipeline.cli.lines import console_room, harmless, table
from pipeline.cli.options import ZONE
from pipeline.core.post import looks_spoofed

if TYPE_CHECKING:
    from pipeline.run.mail_fetch import FetchResult
    from pipeline.run.mail_send import SendResult
    from pipeline.run.mail_status import MailStatus

_MEGABYTE = 1_000_000
_ASIDE = {"stranger": mail_texts.STRANGERS, "bare": mail_texts.BARE, "echo": mail_texts.ECHO}


def fetch_lines(result: "FetchResult") -> Iterator[str]:
    """What was taken, what lies aside, what was left on the server."""
    by_standing = {
        standing: [mail for mail in result.mails if mail.standing == standing]
        for standing in ("taken", "too_large")
    }
    if not result.mails:
        yield mail_texts.NOTHING_NEW
    yield from _mails(mail_texts.TAKEN, by_standing["taken"])
    yield from _aside(result.mails)
    yield from _left(by_standing["too_large"])
    yield from _spoofed(result.mails)
    if by_standing["taken"]:
        yield mail_texts.THEN_RUN.format(command=texts.PROGRAM)
    if result.trouble:
        yield mail_texts.TROUBLE.format(trouble=result.trouble)


def admit_lines(mails: Sequence[FetchedMail]) -> Iterator[str]:
    """What was moved into the inbox."""
    for mail in mails:
        yield mail_texts.ADMITTED.format(file=mail.name)
    yield mail_texts.THEN_RUN.format(command=texts.PROGRAM)


def send_lines(result: "SendResult") -> Iterator[str]:
    """The letters that are due, and how far each has got."""
    if not result.letters:
        yield mail_texts.NO_LETTERS
        return
    yield mail_texts.LETTERS.format(count=len(result.letters), written=result.written)
    yield from _letters(result.letters)
    if any(letter.state == "ready" for letter in result.letters):
        yield mail_texts.HAND_HINT.format(command=texts.PROGRAM)
    if result.trouble:
        yield mail_texts.TROUBLE.format(trouble=result.trouble)


def mail_status_lines(status: "MailStatus") -> Iterator[str]:
    """How the mail stands."""
    yield mail_texts.STATUS_TAKEN.format(count=status.taken)
    yield from _aside(status.waiting)
    yield from _left(status.too_large)
    yield from _spoofed(status.waiting)
    if status.letters:
        yield from _letters(status.letters)


def _aside(mails: Sequence[FetchedMail]) -> Iterator[str]:
    for standing, heading in _ASIDE.items():
        yield from _mails(heading, [mail for mail in mails if mail.standing == standing])
    if any(mail.standing in _ASIDE for mail in mails):
        yield mail_texts.ADMIT_HINT.format(command=texts.PROGRAM)


def _mails(heading: str, mails: Sequence[FetchedMail]) -> Iterator[str]:
    head = (mail_texts.SUBJECT, mail_texts.RECEIVED, mail_texts.FROM, mail_texts.FILE)
    rows = [(harmless(m.subject), _moment(m), harmless(m.sender), m.name) for m in mails]
    yield from _listed(heading, head, rows)


def _left(mails: Sequence[FetchedMail]) -> Iterator[str]:
    head = (mail_texts.SUBJECT, mail_texts.RECEIVED, mail_texts.FROM, mail_texts.SIZE)
    rows = [(harmless(m.subject), _moment(m), harmless(m.sender), _size(m)) for m in mails]
    yield from _listed(mail_texts.TOO_LARGE, head, rows)


def _listed(heading: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield heading.format(count=len(rows))
        yield from table(head, rows, room=console_room())
        yield ""


def _spoofed(mails: Sequence[FetchedMail]) -> Iterator[str]:
    items = [
        mail_texts.SPOOFED_ITEM.format(sender=harmless(mail.sender), envelope=harmless(mail.envelope))
        for mail in mails
        if looks_spoofed(mail)
    ]
    if items:
        yield mail_texts.SPOOFED.format(mails="; ".join(items))


def _letters(letters: Sequence[KeptLetter]) -> Iterator[str]:
    head = (mail_texts.LETTER_FILE, mail_texts.TO, mail_texts.STATE)
    yield from table(head, [(x.file, x.recipients, _state(x)) for x in letters], room=console_room())
    yield ""
    if any(letter.state == "unknown" for letter in letters):
        yield mail_texts.UNKNOWN_HINT.format(command=texts.PROGRAM)
    if any(letter.state == "held" for letter in letters):
        yield mail_texts.HELD_HINT.format(command=texts.PROGRAM)


def _state(letter: KeptLetter) -> str:
    state = mail_texts.STATES[letter.state]
    if letter.state == "ready" and not letter.recipients:
        return mail_texts.WITH_DETAIL.format(state=state, detail=mail_texts.NO_ADDRESS)
    if letter.detail:
        return mail_texts.WITH_DETAIL.format(state=state, detail=harmless(letter.detail))
    return state


def _moment(mail: FetchedMail) -> str:
    return datetime.fromisoformat(mail.received_at).astimezone(ZONE).strftime(texts.MOMENT_FORMAT)


def _size(mail: FetchedMail) -> str:
    return mail_texts.MEGABYTES.format(size=number_text(round(mail.size / _MEGABYTE, 1)))

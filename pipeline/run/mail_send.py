"""Write the letters that are due as files, and hand them to the mail server where that is asked for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.base.errors import WorldError
from pipeline.base.period import Period
from pipeline.base.post import KINDS, KeptLetter, Kind
from pipeline.base.record import Submission
from pipeline.core.calendar import latest_closed, now_open
from pipeline.core.leaving import (
    beyond_the_cap,
    is_asked_for,
    may_leave,
    may_leave_by_itself,
    outlives_its_day,
)
from pipeline.core.letters import Letter, letters_due
from pipeline.core.occasion import Answer, Occasion
from pipeline.edges.mailbox.message import Draft, leaving, message_bytes
from pipeline.edges.mailbox.password import find_password
from pipeline.edges.mailbox.smtp import Outbox
from pipeline.edges.store.files import lock, read_bytes, read_text, write_atomically
from pipeline.edges.store.mail_files import discard
from pipeline.edges.store.mail_log import MailLog
from pipeline.run.comparing import comparisons_of
from pipeline.run.desk import Desk, glance
from pipeline.run.feedback import TOLD, feedback_path
from pipeline.run.mail_place import MailPlace, letter_texts
from pipeline.run.status import status_of
from pipeline.run.workspace import Setting, Tell, Workspace, setting, with_holidays
from pipeline.spec.contacts import Contacts
from pipeline.spec.mailbox import Smtp
from pipeline.spec.plan import Plan


@dataclass(frozen=True, slots=True)
class SendOrder:
    """What to do with the letters.

    `kinds` are written whatever the day, and no others; none means all that are due. `deliver` hands them
    to the server, and `again` also those of which nobody knows whether they have left. `by_itself` says
    that nobody is at the desk: answers beyond the cap are held back, and leave once their kind is named.
    `by_hand` notes that the officer has sent them.
    """

    kinds: frozenset[Kind] = frozenset()
    deliver: bool = False
    again: bool = False
    by_itself: bool = False
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class SendResult:
    """The letters that are due, as they stand now; how many of them were written, have left and were held
    back just now.

    `trouble` says why sending ended early.
    """

    letters: tuple[KeptLetter, ...]
    written: int
    left: int = 0
    held: int = 0
    trouble: str = ""


def send_mail(workspace: Workspace, period: Period | None, order: SendOrder, tell: Tell) -> SendResult:
    """Write the letters of `period`, by default of the period to consolidate and of the one now open.

    Each is a file in `outbox/<period>/thu/` before it leaves, and is said once.
    """
    place, periods = MailPlace(workspace), _settings(workspace, period)
    if order.deliver:
        _needed(place, periods[0].plan)
    with lock(place.lock), MailLog(place.log) as log:
        letters = [letter for chosen in periods for letter in _due(place, chosen, order)]
        known = log.letters()
        written = [new for x in letters if (new := _written(place, x, known.get(x.key))) is not None]
        _keep(place, log, written, known)
        due = {letter.key for letter in letters}
        _withdraw(place, log, [k for k in known.values() if k.key not in due and _is_about(k, period, order)])
        trouble = _carry_out(place, log, letters, order, tell)
        kept = log.letters()
    standing = tuple(kept[letter.key] for letter in letters)
    news = [k.state for k in standing if k.key not in known or known[k.key].state != k.state]
    return SendResult(standing, len(written), news.count("sent"), news.count("held"), trouble)


def _settings(workspace: Workspace, period: Period | None) -> list[Setting]:
    """The periods asked about; letters have their days by working days, so that holidays matter."""
    if period is not None:
        asked = [setting(workspace, period)]
    else:
        asked = [setting(workspace, None, usual=usual) for usual in (latest_closed, now_open)]
    by_period = {chosen.period: chosen for chosen in asked}
    return [replace(chosen, plan=with_holidays(chosen.plan)) for chosen in by_period.values()]


def _needed(place: MailPlace, plan: Plan) -> tuple[Smtp, Contacts]:
    """What letters need to leave; what is missing is told before anything is done."""
    return place.smtp, place.needed_contacts(plan)


def _due(place: MailPlace, chosen: Setting, order: SendOrder) -> tuple[Letter, ...]:
    contacts = place.contacts(chosen.plan) or Contacts()
    return letters_due(_occasion(chosen), letter_texts(), contacts, order.kinds)


def _occasion(chosen: Setting) -> Occasion:
    """What the letters of a period are made from, as the ledger and the outbox have it."""
    period = str(chosen.period)
    with glance(chosen) as desk:
        ledger = desk.ledger
        submissions = [s for s in ledger.submissions() if s.period in ("", period)]
        findings = ledger.findings({s.sha256 for s in submissions})
        facts = ledger.facts(chosen.period.year, period)
        lines = status_of(chosen, ledger).lines
        extensions = desk.decisions.extensions(period)
        workbook, number = _workbook(desk, chosen)
    return Occasion(
        plan=chosen.plan,
        period=chosen.period,
        now=chosen.now,
        lines=lines,
        submissions=submissions,
        facts=facts,
        told={finding.sha256 for finding in findings if finding.severity in TOLD},
        answers=dict(_answers(chosen, submissions)),
        comparisons=comparisons_of(chosen),
        forms=_forms(chosen),
        workbook=_if_there(chosen.workspace, workbook),
        issue=number,
        extensions=extensions,
    )


def _answers(chosen: Setting, submissions: Sequence[Submission]) -> Iterator[tuple[str, Answer]]:
    for submission in submissions:
        path = feedback_path(chosen, submission)
        if path.is_file():
            form = _if_there(chosen.workspace, path.with_suffix(".xlsx"))
            yield submission.sha256, Answer(read_text(path), form)


def _forms(chosen: Setting) -> dict[str, str]:
    folder = chosen.workspace.outbox(chosen.period) / "mau"
    paths = {u.id: folder / f"{u.id}-{chosen.period}.xlsx" for u in chosen.plan.expected_units}
    return {unit: place for unit, path in paths.items() if (place := _if_there(chosen.workspace, path))}


def _workbook(desk: Desk, chosen: Setting) -> tuple[Path, int]:
    """The workbook that was issued last, with its number; while there is none the draft, 0.

    Of an issue it is the sealed one: that in the outbox may have been written in since.
    """
    issues = [issue for issue in desk.ledger.issues() if issue.period == str(chosen.period)]
    if not issues:
        return chosen.workspace.workbook(chosen.period), 0
    desk.archive.read(issues[-1].archived_as, issues[-1].sha256)
    return chosen.workspace.archive / issues[-1].archived_as, issues[-1].number


def _if_there(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.root).as_posix() if path.is_file() else ""


def _keep(
    place: MailPlace, log: MailLog, written: Sequence[tuple[KeptLetter, Draft]], known: Collection[str]
) -> None:
    """Put the letters into the log and into the outbox. A new one comes into the log first: a file there that
    the log does not know of has outlived its log, and nobody knows whether such a letter has left. One that
    takes the place of another comes last: while the former file lies there, the log says so."""
    root, now = place.workspace.root, place.workspace.now
    new = [letter for letter, _ in written if letter.key not in known]
    outlived = {letter.key for letter in new if (root / letter.file).exists()}
    log.keep_letters(new)
    for letter in new:
        if letter.key in outlived:
            log.happened(letter.key, "sending", letter.made_at)
    for letter, draft in written:
        if letter.key not in outlived:
            path = root / letter.file
            write_atomically(path.with_suffix(".txt"), draft.body.encode("utf-8-sig"))
            write_atomically(path, message_bytes(draft, now))
    log.keep_letters([letter for letter, _ in written if letter.key in known])


def _written(place: MailPlace, letter: Letter, known: KeptLetter | None) -> tuple[KeptLetter, Draft] | None:
    """The letter as it is to be written; None where it lies there as it is, or may have left already."""
    root, now = place.workspace.root, place.workspace.now
    if known is not None and not may_leave(known, again=False):
        return None
    draft = _draft(place, letter)
    digest = replace(draft, body=letter.gist, subject="").digest
    folder = place.workspace.outbox(letter.period) / "thu"
    path = folder / f"{letter.stem}.eml"
    if known is not None and known.digest == digest and path.is_file():
        return None
    kept = KeptLetter(
        key=letter.key,
        kind=letter.kind,
        period=str(letter.period),
        unit=letter.unit,
        recipients=", ".join(letter.recipients),
        subject=letter.subject,
        file=path.relative_to(root).as_posix(),
        digest=digest,
        made_at=now.isoformat(timespec="seconds"),
    )
    return kept, draft


def _draft(place: MailPlace, letter: Letter) -> Draft:
    smtp = place.settings.smtp if place.settings else None
    return Draft(
        key=letter.key,
        sender=smtp.sender if smtp else "",
        sender_name=smtp.sender_name if smtp else "",
        recipients=letter.recipients,
        subject=letter.subject,
        body=letter.body,
        files=tuple((e.name, read_bytes(place.workspace.root / e.path)) for e in letter.enclosures),
    )


def _is_about(letter: KeptLetter, period: Period | None, order: SendOrder) -> bool:
    """Whether a letter is one of those that were asked about."""
    return (period is None or letter.period == str(period)) and letter.kind in (order.kinds or KINDS)


def _withdraw(place: MailPlace, log: MailLog, passed: Sequence[KeptLetter]) -> None:
    """Take back what is no longer due and no longer true: a reminder to a unit that has sent meanwhile."""
    for letter in passed:
        if letter.state == "ready" and not outlives_its_day(letter):
            path = place.workspace.root / letter.file
            discard(path)
            discard(path.with_suffix(".txt"))
            log.drop_letter(letter.key)


def _carry_out(
    place: MailPlace, log: MailLog, letters: Sequence[Letter], order: SendOrder, tell: Tell
) -> str:
    """Send, or note as sent by hand; returns why it ended early, "" where it did not."""
    now, known = place.workspace.now, log.letters()
    kept = [known[letter.key] for letter in letters]
    if order.by_hand:
        for letter in kept:
            if may_leave(letter, again=True) and is_asked_for(letter, order.kinds):
                log.happened(letter.key, "by_hand", now.isoformat(timespec="seconds"))
    elif order.deliver:
        going = _going(place, log, [letter for letter in kept if letter.recipients], order)
        if going:
            try:
                _deliver(place, log, going, now, tell)
            except WorldError as fault:
                return str(fault)
    return ""


def _going(
    place: MailPlace, log: MailLog, letters: Sequence[KeptLetter], order: SendOrder
) -> list[KeptLetter]:
    """Those that leave now; nobody at the desk, what is beyond the cap is held back for the officer."""
    if not order.by_itself:
        return [x for x in letters if may_leave(x, order.again) and is_asked_for(x, order.kinds)]
    going = [letter for letter in letters if may_leave_by_itself(letter)]
    now = place.workspace.now
    held = beyond_the_cap(going, log.letters().values(), place.smtp.answers_a_day, now)
    for letter in held:
        log.happened(letter.key, "held", now.isoformat(timespec="seconds"))
    return [letter for letter in going if letter not in held]


def _deliver(
    place: MailPlace, log: MailLog, letters: Sequence[KeptLetter], now: datetime, tell: Tell
) -> None:
    """Hand over letter by letter. The log says so before one leaves: a cut in between is never forgotten."""
    smtp, moment = place.smtp, now.isoformat(timespec="seconds")
    with Outbox(smtp, find_password(smtp), place.ca_file(smtp), place.timeout) as box:
        for letter in letters:
            tell(f"Gửi {letter.file}")
            data = leaving(read_bytes(place.workspace.root / letter.file), now)
            announced = box.announce(letter.recipients.split(", "))
            if announced.outcome == "refused":
                log.happened(letter.key, "refused", moment, announced.detail)
                continue
            log.happened(letter.key, "sending", moment)
            delivered = box.send(data)
            detail = "; ".join(filter(None, (delivered.detail, announced.detail)))
            log.happened(letter.key, delivered.outcome, moment, detail)

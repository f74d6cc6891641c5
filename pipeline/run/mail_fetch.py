"""Fetch the mailbox: each new message into the inbox, or aside where a person must decide."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from pipeline.base.errors import OperatorError, WorldError
from pipeline.base.post import FetchedMail, Standing
from pipeline.core.post import is_set_aside, message_name, standing
from pipeline.edges.mailbox.imap import Head, Mailbox
from pipeline.edges.mailbox.password import find_password
from pipeline.edges.store.files import lock, read_bytes, write_atomically
from pipeline.edges.store.mail_files import move
from pipeline.edges.store.mail_log import MailLog
from pipeline.edges.unpacking.model import NOTHING_IN_IT, Unpacked
from pipeline.edges.unpacking.unpack import unpack
from pipeline.run.mail_place import MailPlace
from pipeline.run.workspace import FEEDBACK, Tell, Workspace, plan_for
from pipeline.spec.contacts import Contacts
from pipeline.spec.mailbox import Limits

_Place = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The messages that were new, in the order of the mailbox; `trouble` says why it ended early."""

    mails: tuple[FetchedMail, ...]
    trouble: str = ""


def fetch_mail(workspace: Workspace, tell: Tell) -> FetchResult:
    """Fetch what is new. Each message is kept as it comes: a cut loses nothing and repeats nothing.

    A message is known by its place (account, folder, UIDVALIDITY, UID) and by its bytes, never by whether
    somebody has read it: moved by hand, it is found again and not taken twice.
    """
    place = MailPlace(workspace)
    imap, contacts = place.imap, place.needed_contacts(plan_for(workspace, None))
    password = find_password(imap)
    mails: list[FetchedMail] = []
    with (
        lock(place.lock),
        MailLog(place.log) as log,
        Mailbox(imap, password, place.ca_file(imap), place.timeout) as box,
    ):
        try:
            for mail in _new_mails(_Fetch(place, contacts, log, box), tell):
                mails.append(mail)
        except WorldError as fault:
            return FetchResult(tuple(mails), str(fault))
    return FetchResult(tuple(mails))


def admit_mail(workspace: Workspace, names: Sequence[str]) -> tuple[FetchedMail, ...]:
    """Move messages that were set aside into the inbox, by the names of their files or how these begin."""
    place = MailPlace(workspace)
    if not MailLog.exists(place.log):
        raise _none_called(names[0], ())
    with lock(place.lock), MailLog(place.log) as log:
        waiting = {mail.name: mail for mail in waiting_mails(place, log)}
        chosen = [_called(name, waiting) for name in names]
        return tuple(_admit(place, log, mail) for mail in dict.fromkeys(chosen))


def waiting_mails(place: MailPlace, log: MailLog) -> list[FetchedMail]:
    """The messages that still lie aside."""
    return [m for m in log.fetched() if is_set_aside(m) and (place.aside / m.name).is_file()]


@dataclass(frozen=True)
class _Fetch:
    """What every message of one fetch has in common."""

    place: MailPlace
    contacts: Contacts
    log: MailLog
    box: Mailbox

    @property
    def limits(self) -> Limits:
        return (self.place.settings and self.place.settings.limits) or Limits()

    @cached_property
    def sent_back(self) -> frozenset[str]:
        """The hashes of the forms that went back to be mended."""
        forms = (self.place.workspace.root / "outbox").glob(f"*/{FEEDBACK}/*.xlsx")
        return frozenset(_hash(read_bytes(form)) for form in forms)


def _new_mails(fetch: _Fetch, tell: Tell) -> Iterator[FetchedMail]:
    imap, now = fetch.place.imap, fetch.place.workspace.now
    since = (now - timedelta(days=imap.days + 1)).date()  # the server counts days by a clock of its own
    account = f"{imap.host}/{imap.user}"
    known = {_place_of(mail): mail for mail in fetch.log.fetched()}
    for folder in imap.folders:
        validity = fetch.box.open(folder)
        there = ((uid, known.get((account, folder, validity, uid))) for uid in fetch.box.uids(since))
        new = [uid for uid, mail in there if mail is None or _fits_now(mail, fetch.limits)]
        if new:
            tell(f"Hộp thư, thư mục {folder}: {len(new)} thư mới")
        for head in fetch.box.heads(new):
            mail = _take(fetch, (account, folder, validity, head.uid), head)
            if mail is not None:
                yield mail


def _place_of(mail: FetchedMail) -> _Place:
    return mail.account, mail.folder, mail.uidvalidity, mail.uid


def _fits_now(mail: FetchedMail, limits: Limits) -> bool:
    """The officer may have raised the limit since the message was left on the server."""
    return mail.standing == "too_large" and mail.size <= limits.message_bytes


def _take(fetch: _Fetch, place: _Place, head: Head) -> FetchedMail | None:
    """Fetch one message and keep it: first the file, then that it was fetched."""
    if head.size > fetch.limits.message_bytes:
        return _keep(fetch, place, head, b"", "too_large")
    data = fetch.box.whole(head.uid)
    if data is None:  # moved away a moment ago: found again where it is
        return None
    if fetch.log.knows_content(_hash(data)):
        _keep(fetch, place, head, data, "repeated")
        return None
    inside = unpack("thu.eml", data)
    is_echo = head.is_automatic or _only_comes_back(fetch, inside)
    verdict = standing(head.letter.sender, fetch.contacts, _holds_something(inside), is_echo)
    return _keep(fetch, place, head, data, verdict)


def _keep(fetch: _Fetch, place: _Place, head: Head, data: bytes, verdict: Standing) -> FetchedMail:
    sha256 = _hash(data) if data else ""
    name = "" if verdict in ("too_large", "repeated") else message_name(head.received_at, sha256)
    if name:
        folder = fetch.place.fetched if verdict == "taken" else fetch.place.aside
        write_atomically(folder / name, data)
    account, folder_name, validity, uid = place
    mail = FetchedMail(
        account=account,
        folder=folder_name,
        uidvalidity=validity,
        uid=uid,
        sha256=sha256,
        message_id=head.letter.message_id,
        sender=head.letter.sender,
        envelope=head.envelope,
        subject=head.letter.subject,
        size=head.size,
        received_at=head.received_at.isoformat(timespec="seconds"),
        fetched_at=fetch.place.workspace.now.isoformat(timespec="seconds"),
        standing=verdict,
        name=name,
    )
    fetch.log.keep_fetched(mail)
    return mail


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _only_comes_back(fetch: _Fetch, inside: Unpacked) -> bool:
    """Whether all that is attached is a form to be mended as it was sent: an answer would bring it again."""
    hashes = {_hash(member.data) for member in inside.members}
    return bool(hashes) and not inside.faults and hashes <= fetch.sent_back


def _holds_something(inside: Unpacked) -> bool:
    """Whether a file is attached, or something that may hold one but cannot be opened."""
    return bool(inside.members) or any(fault.code != NOTHING_IN_IT for fault in inside.faults)


def _called(name: str, waiting: dict[str, FetchedMail]) -> FetchedMail:
    wanted = Path(name).name
    found = [mail for known, mail in waiting.items() if wanted and known.startswith(wanted)]
    if len(found) != 1:
        raise _none_called(name, waiting)
    return found[0]


def _none_called(name: str, waiting: Sequence[str] | dict[str, FetchedMail]) -> OperatorError:
    listed = ", ".join(waiting) or "không có thư nào"
    return OperatorError(f"Không rõ «{name}» là thư nào trong inbox-la. Đang để riêng: {listed}.")


def _admit(place: MailPlace, log: MailLog, mail: FetchedMail) -> FetchedMail:
    move(place.aside / mail.name, place.fetched / mail.name)
    admitted = replace(mail, standing="admitted")
    log.keep_fetched(admitted)
    return admitted

"""A letter as a file that any mail program opens, and as the bytes that leave for the server."""

import hashlib
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pipeline.base.address import domain_of

_NOWHERE = "thu.invalid"  # domain of the ids while the office has named no sender
_UNSENT = "X-Unsent"  # tells Outlook that the file is a draft: it opens with a button to send it
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_DATE = re.compile(rb"^Date:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.MULTILINE | re.IGNORECASE)
_UNSENT_LINE = re.compile(rb"^X-Unsent:[^\r\n]*\r?\n", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a letter is made of. `key` gives it its identity; `files` are (name, content)."""

    key: str
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    files: tuple[tuple[str, bytes], ...]

    @property
    def digest(self) -> str:
        """Tells whether two drafts say the same, whenever they are written."""
        parts = [self.sender, self.sender_name, *self.recipients, "", self.subject, self.body]
        texts = [part.encode() for part in parts]
        files = [hashlib.sha256(name.encode() + b"\0" + data).digest() for name, data in self.files]
        return hashlib.sha256(b"\0".join([*texts, *files])).hexdigest()


def message_bytes(draft: Draft, now: datetime) -> bytes:
    """The letter as an .eml file: the same draft at the same moment is the same file."""
    identity = hashlib.sha256(draft.key.encode()).hexdigest()
    message = EmailMessage(policy=SMTP)
    if draft.sender:
        message["From"] = Address(draft.sender_name, addr_spec=draft.sender)
    if draft.recipients:
        message["To"] = [Address(addr_spec=address) for address in draft.recipients]
    message["Subject"] = draft.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{identity[:32]}@{domain_of(draft.sender) or _NOWHERE}>"
    message[_UNSENT] = "1"
    message.set_content(draft.body, cte="quoted-printable")  # every server takes that
    _attach(message, draft.files)
    if draft.files:
        message.set_boundary(f"=={identity[32:]}==")
    return message.as_bytes()


def leaving(file: bytes, now: datetime) -> bytes:
    """The message in an .eml file as it is sent at `now`: no draft any more."""
    blank = _BLANK_LINE.search(file)
    end = blank.start() + 2 if blank else len(file)
    head = _UNSENT_LINE.sub(b"", file[:end])
    date = f"Date: {format_datetime(now)}".encode("ascii")
    return _DATE.sub(date, head, count=1) + file[end:]


def _attach(message: EmailMessage, files: Sequence[tuple[str, bytes]]) -> None:
    for name, data in files:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)

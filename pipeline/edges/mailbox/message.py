"""A letter as a file that any mail program opens, and as the bytes that leave for the server."""

import hashlib
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pipeline.base.address import domain_of

_NOWHERE = "thu.invalid"  # domain of the ids while the office has named no sender
_UNSENT = "X-Unsent"  # tells Outlook that the file is a draft: it opens with a button to send it
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_DATE = re.compile(rb"^Date:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.MULTILINE | re.IGNORECASE)
_BY_A_MACHINE = b"Auto-Submitted: auto-generated\r\n"  # RFC 3834: who is away need not answer
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
    message.set_content(draft.body, cte="quoted-printable")  # every server takes that
    _attach(message, draft.files)
    if draft.files:
        message.set_boundary(f"=={identity[32:]}==")
    return _head(draft, identity[:32], now) + message.as_bytes()


def leaving(file: bytes, now: datetime) -> bytes:
    """The message in an .eml file as it is sent at `now`: no draft any more."""
    blank = _BLANK_LINE.search(file)
    end = blank.start() + 2 if blank else len(file)
    head = _UNSENT_LINE.sub(b"", file[:end])
    date = f"Date: {format_datetime(now)}".encode("ascii")
    return _BY_A_MACHINE + _DATE.sub(date, head, count=1) + file[end:]


def _head(draft: Draft, identity: str, now: datetime) -> bytes:
    """By hand: where the email package of Python 3.11 folds a Vietnamese subject, it joins two words."""
    sender_name = f"{_encoded(draft.sender_name)} " if draft.sender_name else ""
    headers = {
        "From": f"{sender_name}<{draft.sender}>" if draft.sender else "",
        "To": ",\r\n ".join(draft.recipients),
        "Subject": _encoded(draft.subject),
        "Date": format_datetime(now),
        "Message-ID": f"<{identity}@{domain_of(draft.sender) or _NOWHERE}>",
        _UNSENT: "1",
    }
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value).encode("ascii")


def _encoded(text: str) -> str:
    """Text as encoded words (RFC 2047), whatever is in it, folded to lines that every server takes."""
    return Header(text, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _attach(message: EmailMessage, files: Sequence[tuple[str, bytes]]) -> None:
    for name, data in files:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)

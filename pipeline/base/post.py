"""What is kept about mail: messages fetched from the office's mailbox, and letters sent from it.

Moments are ISO 8601 texts with offset, as in `base/record`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Standing = Literal["taken", "stranger", "bare", "echo", "too_large", "repeated", "admitted"]
Kind = Literal["form", "receipt", "feedback", "reminder", "overdue", "escalation", "workbook"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Event = Literal["sending", "sent", "refused", "by_hand", "held"]
LetterState = Literal["ready", "unknown", "sent", "refused", "by_hand", "held"]

# How the file of a letter begins, and how the officer calls its kind.
STEMS: Mapping[Kind, str] = {
    "form": "mau",
    "receipt": "da-nhan",
    "feedback": "phan-hoi",
    "reminder": "nhac",
    "overdue": "qua-han",
    "escalation": "lanh-dao",
    "workbook": "tong-hop",
}


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """One message at one place of the mailbox, and what became of it.

    Account, folder, UIDVALIDITY and UID are the place: the server never gives the same four to another
    message. `sha256` is that of the whole message, "" where it was left on the server; equal ones at two
    places are one message that was moved. `envelope` is the address that the mail server names as the
    sender's; like `sender` it is the message's own word. `name` is that of the file.
    """

    account: str
    folder: str
    uidvalidity: int
    uid: int
    sha256: str
    message_id: str
    sender: str
    envelope: str
    subject: str
    size: int
    received_at: str
    fetched_at: str
    standing: Standing
    name: str


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter that was written into the outbox, and how far it has got.

    `key` says what it is about, so that nothing is said twice. `recipients` are joined by ", ";
    `digest` tells whether a letter with this key says something else by now. `moment` and `detail` are
    those of the latest event, "" for a letter that is only ready.
    """

    key: str
    kind: Kind
    period: str
    unit: str
    recipients: str
    subject: str
    file: str
    digest: str
    made_at: str
    state: LetterState = "ready"
    moment: str = ""
    detail: str = ""

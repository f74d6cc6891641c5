"""What becomes of a message in the mailbox, and the name of its file, which tells when it came."""

import re
from datetime import UTC, datetime

from pipeline.base.address import domain_of
from pipeline.base.post import FetchedMail, Standing
from pipeline.spec.contacts import Contacts

FETCHED = "thu"  # the folder of fetched messages in the inbox

_MOMENT = "%Y%m%dT%H%M%SZ"
_HASH_LENGTH = 16
_NAME = re.compile(rf"([0-9]{{8}}T[0-9]{{6}}Z)_([0-9a-f]{{{_HASH_LENGTH}}})\.eml")


def message_name(received: datetime, sha256: str) -> str:
    """The file name of a message: the moment at which our own server received it, and its fingerprint."""
    return f"{received.astimezone(UTC):{_MOMENT}}_{sha256[:_HASH_LENGTH]}.eml"


def received_of(name: str, sha256: str) -> datetime | None:
    """When our own server received the file `name` of the inbox, or None where the name does not say.

    It says so in the folder of fetched messages alone, and for the very bytes that were fetched: a name
    that somebody gave to another file tells nothing.
    """
    *folders, file = name.split("/")
    found = _NAME.fullmatch(file)
    if folders[-1:] != [FETCHED] or found is None or found[2] != sha256[:_HASH_LENGTH]:
        return None
    try:
        return datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC)
    except ValueError:  # figures, but no moment
        return None


def standing(sender: str, contacts: Contacts, holds_something: bool, is_echo: bool) -> Standing:
    """Whether a message counts by itself: one that a known sender wrote and that holds a file.

    What a stranger or a machine sends, and what has nothing attached, is for a person to read: two
    machines that answer each other never end.
    """
    if not contacts.units_of(sender):
        return "stranger"
    if not holds_something:
        return "bare"
    return "echo" if is_echo else "taken"


def is_set_aside(mail: FetchedMail) -> bool:
    """Whether the message lies where the officer decides about it."""
    return mail.standing in ("stranger", "bare", "echo")


def looks_spoofed(mail: FetchedMail) -> bool:
    """Whether the server names a sender of another domain than the message does: shown, no more.

    Lists and forwarding services do so in good faith.
    """
    return bool(mail.envelope) and domain_of(mail.envelope) != domain_of(mail.sender)

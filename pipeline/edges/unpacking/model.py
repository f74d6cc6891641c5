"""What unpacking is about: limits, letters, members, faults, and the meter that enforces the limits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

TOO_DEEP = "U01"
TOO_MANY = "U02"
TOO_LARGE = "U03"
DAMAGED_CONTAINER = "U04"
ENCRYPTED_ENTRY = "U05"
NOTHING_IN_IT = "U06"

# A picture that the text of a mail refers to is part of a signature below this size, else a scan.
SIGNATURE_PICTURE_BELOW = 30_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a sender never needs. `total` is the bytes of all that comes out, at every depth together.

    `listed` counts what is merely looked at: directory entries, parts and properties, also of
    containers that hold nothing else. It keeps the time short where nothing is ever unpacked.
    """

    depth: int = 4
    entries: int = 500
    total: int = 100_000_000
    ratio: int = 200
    ratio_applies_above: int = 1_000_000
    listed: int = 20_000


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Letter:
    """The headers of a mail. `sender` is the bare address; `received_at` is aware, or None.

    Only the outermost mail was received by our own server: the Received header of a mail inside
    it was written by whoever sent it, so that a deadline must be judged by the end of `carried_by`.
    """

    sender: str
    subject: str
    date_header: str
    received_at: datetime | None
    message_id: str
    carried_by: "Letter | None" = None


@dataclass(frozen=True, slots=True)
class Member:
    """One file that is no container, with the nearest mail that carried it."""

    name: str
    data: bytes
    letter: Letter | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be unpacked, and why."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Unpacked:
    """All that came out, in order."""

    members: tuple[Member, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A file on its way out: a member, or a container to be opened next.

    `is_noise` says that by its place it is litter, such as a picture of a signature, unless its
    content is of use; `is_letter` that it is a mail by its place, however few headers it has.
    """

    name: str
    data: bytes
    letter: Letter | None = None
    depth: int = 0
    is_noise: bool = False
    is_letter: bool = False


class LimitReached(Exception):
    """No more may be unpacked from this file; `code` says of what there was too much."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Meter:
    """Counts what one file has cost so far, over all its containers."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.bytes_left = limits.total
        self.listed_left = limits.listed

    def spend(self, size: int) -> None:
        """Book bytes that came out, also of what was then refused."""
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise LimitReached(TOO_LARGE)

    def look_at(self, count: int) -> None:
        """Book entries that are looked at."""
        self.listed_left -= count
        if self.listed_left < 0:
            raise LimitReached(TOO_MANY)


Opener = Callable[[Node, Meter], Iterator[Node | Fault]]

"""Pick up the inbox: each dropped file with what it wraps, as pieces with their fingerprints."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain, count, groupby
from pathlib import PurePosixPath
from typing import TypeGuard
from zoneinfo import ZoneInfo

from pipeline.base.record import ArrivalSource
from pipeline.core.post import received_of
from pipeline.edges.store.inbox import Dropped, StillCopying, take
from pipeline.edges.unpacking.unpack import Fault, Letter, Member, kind_of, unpack
from pipeline.run.workspace import Setting

_OLDEST_LETTER = timedelta(days=92)
_MOST_FILES, _MOST_BYTES = 500, 64_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One file that was sent: dropped as such, or taken out of a mail or an archive.

    `name` is the path in the inbox, followed by the name inside the wrapping; `parent` is the sha256
    of the wrapping, "" for a loose file.
    """

    name: str
    data: bytes
    sha256: str
    parent: str
    letter: Letter | None
    dropped: Dropped


@dataclass(frozen=True, slots=True)
class Parcel:
    """One dropped file with its pieces; a loose file is its own only piece."""

    dropped: Dropped
    data: bytes
    sha256: str
    pieces: tuple[Piece, ...]
    faults: tuple[Fault, ...]

    @property
    def name(self) -> str:
        return self.dropped.name

    @property
    def is_wrapping(self) -> bool:
        return any(piece.parent for piece in self.pieces) or bool(self.faults)


def pick_up(dropped: Sequence[Dropped]) -> tuple[list[Parcel], list[str]]:
    """The parcels, and the names of files that are still being copied."""
    parcels, left = [], []
    for one in dropped:
        try:
            parcels.append(open_parcel(one, take(one)))
        except StillCopying:
            left.append(one.name)
    return parcels, left


def batches(dropped: Sequence[Dropped]) -> Iterator[list[Dropped]]:
    """The inbox in parts that fit into memory; a form and the scan beside it stay together."""
    part: list[Dropped] = []
    size = 0
    ordered = sorted(dropped, key=lambda one: (_stem(one), one.name))
    for _, group in groupby(ordered, key=_stem):
        together = list(group)
        if part and (len(part) + len(together) > _MOST_FILES or size > _MOST_BYTES):
            yield part
            part, size = [], 0
        part += together
        size += sum(one.size for one in together)
    if part:
        yield part


def _stem(dropped: Dropped) -> str:
    return str(PurePosixPath(dropped.name).with_suffix(""))


def arrival(setting: Setting, piece: Piece | Parcel) -> tuple[datetime, ArrivalSource]:
    """When it came: the day set by the officer's hand, else our mailbox's word, else the word of the mail
    server that a mail file names, else now.

    A day that has not come is no day of arrival. Of forwarded mails only the outermost was received by a
    server of ours.
    """
    zone = ZoneInfo(setting.plan.calendar.time_zone)
    if piece.dropped.day is not None and piece.dropped.day <= setting.today:
        return datetime.combine(piece.dropped.day, time(), zone), "day_folder"
    fetched = received_of(piece.dropped.name, _dropped_hash(piece))
    if _is_credible(fetched, setting.now):
        return fetched.astimezone(zone), "mailbox"
    letter = letter_of(piece)
    if letter is not None and _is_credible(letter.received_at, setting.now):
        return letter.received_at.astimezone(zone), "received"
    return setting.now, "first_seen"


def _dropped_hash(piece: Piece | Parcel) -> str:
    return (piece.parent if isinstance(piece, Piece) else "") or piece.sha256


def _is_credible(received: datetime | None, now: datetime) -> TypeGuard[datetime]:
    """Not in the future, and not so long ago that no period could still be open."""
    return received is not None and timedelta() <= now - received <= _OLDEST_LETTER


def letter_of(piece: Piece | Parcel) -> Letter | None:
    """The mail that brought it: of several in each other the outermost."""
    letter = piece.letter if isinstance(piece, Piece) else None
    while letter is not None and letter.carried_by is not None:
        letter = letter.carried_by
    return letter


def sender_of(piece: Piece | Parcel) -> str:
    """Who sent it, as the mail says; "" for what came without one."""
    letter = letter_of(piece)
    return letter.sender if letter else ""


def company(piece: Piece) -> tuple[str, str]:
    """What files that came together share: the wrapping, or for loose ones the name without its ending."""
    return (piece.parent, "") if piece.parent else ("", str(PurePosixPath(piece.name).with_suffix("")))


def open_parcel(dropped: Dropped, data: bytes) -> Parcel:
    """A dropped file, `data`, with what it wraps."""
    sha256 = hashlib.sha256(data).hexdigest()
    unpacked = unpack(dropped.name, data)
    # The headers of a mail that lies in an archive were written by whoever packed it.
    is_mail = kind_of(data) in ("mail", "outlook")
    if not unpacked.faults and len(unpacked.members) == 1 and unpacked.members[0].data == data:
        piece = Piece(dropped.name, data, sha256, "", None, dropped)
        return Parcel(dropped, data, sha256, (piece,), ())
    members: dict[str, Member] = {}
    for member in unpacked.members:  # the same bytes again in one wrapping say nothing more
        members.setdefault(hashlib.sha256(member.data).hexdigest(), member)
    pieces = tuple(
        Piece(
            name=f"{dropped.name}/{name}",
            data=member.data,
            sha256=its_hash,
            parent=sha256,
            letter=member.letter if is_mail else None,
            dropped=dropped,
        )
        for name, (its_hash, member) in zip(_told_apart(members.values()), members.items(), strict=True)
    )
    return Parcel(dropped, data, sha256, pieces, unpacked.faults)


def _told_apart(members: Iterable[Member]) -> Iterator[str]:
    """The names of the members; of equal ones the later get a number, so that each can be named."""
    taken: set[str] = set()
    for member in members:
        path = PurePosixPath(member.name)
        numbered = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
        name = next(name for name in chain([member.name], numbered) if name not in taken)
        taken.add(name)
        yield name

"""Streams of an OLE2 compound file (.xls, .msg), read within bounds set by the size of the file.

Nothing that the file says of itself is believed: a chain cannot be longer than the file, a loop ends,
and a stream cannot hold more than the file does.
"""

import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")

_HEADER_SIZE = 512
_SECTOR_SHIFTS = (9, 12)
_ENTRY = struct.Struct("<64sHBBIII36xIQ")
_ENTRIES_AT_MOST = 20_000
_MINI_SHIFT = 6
# Sector numbers from here on are marks: free, end of chain, part of an allocation table.
_LAST_SECTOR = 0xFFFFFFFA
_STORAGE = 1


class DamagedOle2(Exception):
    """The bytes are not those of a compound file, or not all of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream, or a storage: a folder of streams."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int

    @property
    def is_storage(self) -> bool:
        return self.kind == _STORAGE


class CompoundFile:
    """The tree of an OLE2 file."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER_SIZE or not data.startswith(SIGNATURE):
            raise DamagedOle2
        self._data = data
        self._shift = int.from_bytes(data[30:32], "little")
        if self._shift not in _SECTOR_SHIFTS:
            raise DamagedOle2
        first_directory, self._cutoff, first_mini = struct.unpack_from("<I4xII", data, 48)
        self._fat = self._allocation(islice(self._fat_sectors(), self._fat_length()))
        self._entries = self._directory(first_directory)
        self.root = self._entries[0]
        self._mini_fat = self._allocation(self._chain(first_mini, self._fat, len(self._fat)))
        self._mini_stream = self._long_stream(self.root.start, self.root.size)

    def children(self, storage: Entry) -> list[Entry]:
        """What lies directly in a storage, by name."""
        found: list[Entry] = []
        seen: set[int] = set()
        waiting = [storage.child]
        while waiting:
            number = waiting.pop()
            if number < len(self._entries) and number not in seen:
                seen.add(number)
                entry = self._entries[number]
                found.append(entry)
                waiting += [entry.left, entry.right]
        return sorted(found, key=lambda entry: entry.name)

    def read(self, entry: Entry) -> bytes:
        """The content of a stream."""
        if entry.size >= self._cutoff:
            return self._long_stream(entry.start, entry.size)
        blocks = self._chain(entry.start, self._mini_fat, -(-entry.size >> _MINI_SHIFT))
        pieces = (self._mini_stream[n << _MINI_SHIFT : (n + 1) << _MINI_SHIFT] for n in blocks)
        return _exactly(b"".join(pieces), entry.size)

    def _fat_length(self) -> int:
        """How many sectors of the allocation table describe a file of this size."""
        sectors = len(self._data) >> self._shift
        return (sectors * 4 >> self._shift) + 1

    def _fat_sectors(self) -> Iterator[int]:
        yield from (n for n in struct.unpack_from("<109I", self._data, 76) if n < _LAST_SECTOR)
        (table,) = struct.unpack_from("<I", self._data, 68)
        for _ in range(self._fat_length()):
            if table >= _LAST_SECTOR:
                return
            *numbers, table = self._allocation([table]) or [_LAST_SECTOR]
            yield from (n for n in numbers if n < _LAST_SECTOR)

    def _allocation(self, sectors: Iterator[int] | Sequence[int]) -> Sequence[int]:
        raw = b"".join(map(self._sector, sectors))
        return array("I", struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))

    def _directory(self, first: int) -> list[Entry]:
        per_sector = (1 << self._shift) // _ENTRY.size
        sectors = self._chain(first, self._fat, _ENTRIES_AT_MOST // per_sector)
        raw = b"".join(map(self._sector, sectors))
        if len(raw) < _ENTRY.size:
            raise DamagedOle2
        # Older writers leave rubbish in the upper half of a size.
        mask = 0xFFFFFFFF if self._shift == _SECTOR_SHIFTS[0] else 0xFFFFFFFFFFFFFFFF
        whole = raw[: len(raw) // _ENTRY.size * _ENTRY.size]
        return [
            Entry(_name(name, length), kind, left, right, child, start, size & mask)
            for name, length, kind, _, left, right, child, start, size in _ENTRY.iter_unpack(whole)
        ]

    def _long_stream(self, start: int, size: int) -> bytes:
        if size > len(self._data):
            raise DamagedOle2
        sectors = self._chain(start, self._fat, -(-size >> self._shift))
        return _exactly(b"".join(map(self._sector, sectors)), size)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        return self._data[start : start + (1 << self._shift)]

    @staticmethod
    def _chain(start: int, table: Sequence[int], at_most: int) -> Iterator[int]:
        number = start
        for _ in range(at_most):
            if number >= len(table):
                return
            yield number
            number = table[number]


def _name(spelled: bytes, length: int) -> str:
    return spelled[: max(length - 2, 0)].decode("utf-16-le", "replace")


def _exactly(content: bytes, size: int) -> bytes:
    if len(content) < size:
        raise DamagedOle2
    return content[:size]

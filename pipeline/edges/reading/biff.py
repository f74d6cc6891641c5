"""The records that an .xls file is made of, and whether they are encrypted."""

import struct
from collections.abc import Iterator

_HEAD = struct.Struct("<HH")
_BEGIN, _END = 0x809, 0x0A
_PASSWORD = 0x2F


def records(stream: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record, from one beginning to its end.

    At 0 stands what concerns the whole workbook. What lies between the beginning and the end of a
    chart inside is left out.
    """
    depth = 0
    while start + _HEAD.size <= len(stream):
        kind, size = _HEAD.unpack_from(stream, start)
        start += _HEAD.size
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[start : start + size]
        start += size


def is_encrypted(stream: bytes) -> bool:
    """Whether a password is needed to make sense of the records."""
    return any(kind == _PASSWORD for kind, _ in records(stream))

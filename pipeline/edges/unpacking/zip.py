"""Take the files out of a zip, with bounded reads: neither its names nor its sizes are believed."""

import copy
import stat
import struct
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from pipeline.edges.reading.guard import DAMAGED
from pipeline.edges.unpacking.model import (
    DAMAGED_CONTAINER,
    ENCRYPTED_ENTRY,
    TOO_LARGE,
    Fault,
    Meter,
    Node,
)
from pipeline.edges.unpacking.names import guess_text, is_noise, is_vietnamese, safe_name

_ENCRYPTED_FLAG = 0x1
_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075


def open_zip(node: Node, meter: Meter) -> Iterator[Node | Fault]:
    """Each file of the zip, in the order of its directory."""
    try:
        with ZipFile(BytesIO(node.data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            for entry in entries:
                yield from _open_entry(archive, entry, node, meter)
    except DAMAGED:
        yield Fault(node.name, DAMAGED_CONTAINER)


def _open_entry(archive: ZipFile, entry: ZipInfo, node: Node, meter: Meter) -> Iterator[Node | Fault]:
    path = _path(entry)
    name = safe_name(path)
    noise = is_noise(path)
    outcome = _refusal(entry, meter) or _content(archive, entry, meter)
    if isinstance(outcome, bytes):
        yield Node(name, outcome, node.letter, node.depth + 1, noise)
    elif not noise:
        yield Fault(name, outcome)


def _refusal(entry: ZipInfo, meter: Meter) -> str | None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return DAMAGED_CONTAINER
    if entry.flag_bits & _ENCRYPTED_FLAG:
        return ENCRYPTED_ENTRY
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return DAMAGED_CONTAINER
    return TOO_LARGE if entry.file_size > _allowed(entry, meter) else None


def _allowed(entry: ZipInfo, meter: Meter) -> int:
    limits = meter.limits
    return min(meter.bytes_left, max(limits.ratio_applies_above, limits.ratio * entry.compress_size))


def _content(archive: ZipFile, entry: ZipInfo, meter: Meter) -> bytes | str:
    """What really comes out, or the code of the fault.

    `ZipFile` cuts an entry at its declared size, which would hide a lie: so it is given a copy
    that declares no bound, and the read itself is bounded.
    """
    boundless = copy.copy(entry)
    boundless.file_size = sys.maxsize
    try:
        with archive.open(boundless) as stream:
            content = stream.read(entry.file_size + 1)
    except DAMAGED:
        meter.spend(min(entry.file_size, meter.bytes_left))
        return DAMAGED_CONTAINER
    meter.spend(len(content))
    return content if len(content) <= entry.file_size else TOO_LARGE


def _path(entry: ZipInfo) -> str:
    """The name as its writer meant it: Windows programs write in the code page of their machine."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.orig_filename
    raw = entry.orig_filename.encode("cp437", "replace")
    told = _unicode_path(entry.extra, raw)
    if told:
        return told
    guess = guess_text(raw)
    return guess if is_vietnamese(guess) else entry.orig_filename


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in an Info-ZIP extra field, as WinRAR writes it, if it belongs to this entry."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and field[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return field[5:].decode("utf-8", "replace")
    return ""

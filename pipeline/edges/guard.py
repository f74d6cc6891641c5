"""Judge the bytes of a file before anything opens it: is it a workbook, and is it safe to read?"""

import copy
import struct
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

NOT_A_WORKBOOK = "F02"
ENCRYPTED = "F03"
EMPTY = "F04"
SUSPICIOUS = "F05"
OLD_FORMAT = "F15"

_ZIP = b"PK\x03\x04"
_OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")
# The name of the stream, as the directory of an OLE2 file spells it.
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_REQUIRED_PARTS = {"[content_types].xml", "xl/workbook.xml"}
_XML_ENDINGS = (".xml", ".rels", ".vml")
_ENCRYPTED_FLAG = 1

# What the zip module raises on damaged bytes. Beside its own error: a broken deflate stream, an
# unknown version or method, a stream that ends early, an impossible offset (OSError from the
# buffer, ValueError from seeking, struct.error from a short field), an encrypted entry
# (RuntimeError), a name that is not UTF-8 (a ValueError).
DAMAGED = (
    BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reporting form never needs. Sizes are in bytes."""

    file_size: int = 20_000_000
    unpacked_size: int = 200_000_000
    entries: int = 2_000
    ratio: int = 200
    ratio_applies_above: int = 1_000_000


DEFAULT_LIMITS = Limits()


def inspect(data: bytes, limits: Limits = DEFAULT_LIMITS) -> str | None:
    """The code of the finding that forbids opening `data`, or None."""
    if not data:
        return EMPTY
    if data.startswith(_OLE2):
        return ENCRYPTED if _ENCRYPTED_PACKAGE in data else OLD_FORMAT
    if not data.startswith(_ZIP):
        return NOT_A_WORKBOOK
    if len(data) > limits.file_size:
        return SUSPICIOUS
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _inspect_archive(archive, limits)
    except DAMAGED:
        return NOT_A_WORKBOOK


def has_macros(data: bytes) -> bool:
    """Whether the workbook carries a VBA project. That is told, not refused: it never runs here."""
    if not data.startswith(_ZIP):
        return False
    try:
        with ZipFile(BytesIO(data)) as archive:
            return any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())
    except DAMAGED:
        return False


def _inspect_archive(archive: ZipFile, limits: Limits) -> str | None:
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    if not names >= _REQUIRED_PARTS:
        return NOT_A_WORKBOOK
    if len(names) < len(entries) or _is_excessive(entries, limits):
        return SUSPICIOUS
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        return ENCRYPTED
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        return NOT_A_WORKBOOK
    if any(_is_treacherous(archive, entry) for entry in entries):
        return SUSPICIOUS
    return None


def _is_excessive(entries: Sequence[ZipInfo], limits: Limits) -> bool:
    return (
        len(entries) > limits.entries
        or sum(entry.file_size for entry in entries) > limits.unpacked_size
        or any(
            entry.file_size > limits.ratio_applies_above
            and entry.file_size > limits.ratio * entry.compress_size
            for entry in entries
        )
    )


def _is_treacherous(archive: ZipFile, entry: ZipInfo) -> bool:
    """Whether the entry holds more than it declares, or a document type (the door to entity bombs)."""
    content = _content(archive, entry)
    if len(content) > entry.file_size:
        return True
    # Without the NULs, so that UTF-16 hides nothing.
    return entry.filename.lower().endswith(_XML_ENDINGS) and b"<!DOCTYPE" in content.replace(b"\0", b"")


def _content(archive: ZipFile, entry: ZipInfo) -> bytes:
    """What really comes out, at most one byte more than declared.

    `ZipFile` cuts an entry at its declared size, which would hide the lie: so it is given a copy
    that declares no bound, and the read itself is bounded.
    """
    boundless = copy.copy(entry)
    boundless.file_size = sys.maxsize
    with archive.open(boundless) as stream:
        return stream.read(entry.file_size + 1)

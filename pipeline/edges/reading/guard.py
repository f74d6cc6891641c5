"""Judge the bytes of a file before anything opens it: is it a workbook, and is it safe to read?"""

import copy
import struct
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from lzma import LZMAError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pipeline.edges.ole2 import SIGNATURE, CompoundFile, DamagedOle2
from pipeline.edges.reading.biff import is_encrypted

NOT_A_WORKBOOK = "F02"
ENCRYPTED = "F03"
EMPTY = "F04"
SUSPICIOUS = "F05"
OLD_FORMAT = "F15"

_ZIP = b"PK\x03\x04"
# Excel 2, 3 and 4 wrote bare records, without a container: no reader here takes them.
_BEFORE_EXCEL_5 = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
# Names in an OLE2 file are compared without case.
_ENCRYPTED_PACKAGE = "encryptedpackage"
_XLS_STREAMS = {"workbook", "book"}
_XLS_MACROS = "_vba_project_cur"
_XLSX_PARTS = {"[content_types].xml", "xl/workbook.xml"}
_ODS_PARTS = {"mimetype", "content.xml"}
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = "META-INF/manifest.xml"
_ODS_ENCRYPTION = b"encryption-data"
_XML_ENDINGS = (".xml", ".rels", ".vml")
_ENCRYPTED_FLAG = 1

# What the zip module raises on damaged bytes. Beside its own error: a broken deflate stream, an
# unknown version or method, a stream that ends early, an impossible offset (OSError from the
# buffer, ValueError from seeking, struct.error from a short field), an encrypted entry
# (RuntimeError), a name that is not UTF-8 (a ValueError), an entry that is not there
# (LookupError), a broken LZMA stream.
DAMAGED = (
    BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    struct.error,
    LZMAError,
    DamagedOle2,
)


class UnreadableWorkbook(Exception):
    """The file cannot be read as a workbook; `code` is the finding that tells its sender."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


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
    if data.startswith(_BEFORE_EXCEL_5):
        return OLD_FORMAT
    if not data.startswith((_ZIP, SIGNATURE)):
        return NOT_A_WORKBOOK
    if len(data) > limits.file_size:
        return SUSPICIOUS
    try:
        if data.startswith(SIGNATURE):
            return _inspect_ole2(CompoundFile(data))
        with ZipFile(BytesIO(data)) as archive:
            return _inspect_archive(archive, limits)
    except DAMAGED:
        return NOT_A_WORKBOOK


def is_office_open_xml(data: bytes) -> bool:
    """Whether the file, once inspected, is an .xlsx or .xlsm: neither .xls nor .ods."""
    if not data.startswith(_ZIP):
        return False
    with ZipFile(BytesIO(data)) as archive:
        return _lower_names(archive) >= _XLSX_PARTS


def has_macros(data: bytes) -> bool:
    """Whether the workbook carries a VBA project. That is told, not refused: it never runs here."""
    try:
        if data.startswith(SIGNATURE):
            return _XLS_MACROS in _names(CompoundFile(data))
        if not data.startswith(_ZIP):
            return False
        with ZipFile(BytesIO(data)) as archive:
            return any(name.endswith("vbaproject.bin") for name in _lower_names(archive))
    except DAMAGED:
        return False


def xls_stream(container: CompoundFile) -> bytes | None:
    """The records of the workbook, None where the file holds none."""
    for entry in container.children(container.root):
        if entry.name.lower() in _XLS_STREAMS:
            return container.read(entry)
    return None


def _inspect_ole2(container: CompoundFile) -> str | None:
    if _ENCRYPTED_PACKAGE in _names(container):
        return ENCRYPTED
    stream = xls_stream(container)
    if stream is None:  # a Word file, a message, a store of thumbnails
        return NOT_A_WORKBOOK
    return ENCRYPTED if is_encrypted(stream) else None


def _names(container: CompoundFile) -> set[str]:
    return {entry.name.lower() for entry in container.children(container.root)}


def _inspect_archive(archive: ZipFile, limits: Limits) -> str | None:
    entries = archive.infolist()
    names = _lower_names(archive)
    if not (names >= _XLSX_PARTS or names >= _ODS_PARTS):
        return NOT_A_WORKBOOK
    if len(names) < len(entries) or _is_excessive(entries, limits):
        return SUSPICIOUS
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        return ENCRYPTED
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        return NOT_A_WORKBOOK
    if any(_is_treacherous(archive, entry) for entry in entries):
        return SUSPICIOUS
    return None if names >= _XLSX_PARTS else _inspect_ods(archive)


def _inspect_ods(archive: ZipFile) -> str | None:
    if archive.read("mimetype").strip() != _ODS_TYPE:
        return NOT_A_WORKBOOK
    return ENCRYPTED if _ODS_ENCRYPTION in archive.read(_ODS_MANIFEST) else None


def _lower_names(archive: ZipFile) -> set[str]:
    return {name.lower() for name in archive.namelist()}


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

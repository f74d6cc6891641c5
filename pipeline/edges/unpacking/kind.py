"""Tell what a file is by its content, never by its name."""

import re
from io import BytesIO
from typing import Literal
from zipfile import ZipFile, is_zipfile

from pipeline.edges import ole2
from pipeline.edges.reading.guard import DAMAGED

Kind = Literal["workbook", "zip", "mail", "outlook", "companion", "winmail", "empty", "other"]

DIRECTORY_ENTRY = b"PK\x01\x02"

_ENTRIES_AT_MOST = 20_000
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TNEF = bytes.fromhex("789F3E22")
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*")
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
_PDF = b"%PDF-"
_PDF_BEGINS_WITHIN = 1_024

_WORKBOOK_PARTS = {"xl/workbook.xml", "xl/workbook.bin"}
# Documents and programs that are zip files inside: each is one file to its sender.
_DOCUMENT_PARTS = {"[content_types].xml", "index/document.iwa", "meta-inf/manifest.mf"}
_DOCUMENT_STARTS = ("[content_types].xml", "_rels/", "docprops/", "xl/", "mimetype")
_TYPE_PART = "mimetype"
_ANY_TYPE = b"application/"
_SPREADSHEET_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"

_MESSAGE_STREAM = "__properties_version1.0"
_WORKBOOK_STREAMS = {"workbook", "book", "encryptedpackage"}

_HEADERS_WITHIN = 65_536
_HEADER_LINE = re.compile(rb"([!-9;-~]+)[ \t]*:")
_TELLING_HEADERS = {"from", "sender", "received", "return-path", "delivered-to", "message-id", "x-unsent"}
_MAIL_HEADERS = _TELLING_HEADERS | {"to", "cc", "subject", "date", "mime-version", "content-type"}
_MAIL_HEADERS_AT_LEAST = 3


def kind_of(data: bytes) -> Kind:
    """What the bytes are."""
    if not data:
        return "empty"
    if data.startswith(ole2.SIGNATURE):
        return _kind_of_ole2(data)
    if data.startswith(_TNEF):
        return "winmail"
    if data.startswith(_ZIP):
        return _kind_of_zip(data)
    if _is_mail(data):
        return "mail"
    if _is_companion(data):
        return "companion"
    return _kind_of_zip(data) if _ends_as_zip(data) else "other"


def _kind_of_ole2(data: bytes) -> Kind:
    try:
        compound = ole2.CompoundFile(data)
        names = {entry.name.lower() for entry in compound.children(compound.root)}
    except ole2.DamagedOle2:
        named = {_MESSAGE_STREAM, *_WORKBOOK_STREAMS}
        names = {name for name in named if name.encode("utf-16-le") in data.lower()}
    if _MESSAGE_STREAM in names:
        return "outlook"
    return "workbook" if names & _WORKBOOK_STREAMS else "other"


def _kind_of_zip(data: bytes) -> Kind:
    if data.count(DIRECTORY_ENTRY) > _ENTRIES_AT_MOST:
        return "zip"
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _kind_of_archive(archive)
    except DAMAGED:
        return "workbook" if _first_name(data).startswith(_DOCUMENT_STARTS) else "zip"


def _kind_of_archive(archive: ZipFile) -> Kind:
    parts = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    if parts.keys() & _WORKBOOK_PARTS:
        return "workbook"
    if parts.keys() & _DOCUMENT_PARTS:
        return "other"
    if _TYPE_PART in parts:
        with archive.open(parts[_TYPE_PART]) as stream:
            declared = stream.read(len(_SPREADSHEET_TYPE))
        if declared.startswith(_ANY_TYPE):
            return "workbook" if declared == _SPREADSHEET_TYPE else "other"
    return "zip"


def _first_name(data: bytes) -> str:
    """The name of the first entry, for a zip whose directory is lost."""
    length = int.from_bytes(data[26:28], "little")
    return data[30 : 30 + length].decode("latin-1").replace("\\", "/").lower()


def _is_mail(data: bytes) -> bool:
    found: set[str] = set()
    for line in data[:_HEADERS_WITHIN].removeprefix(b"\xef\xbb\xbf").lstrip().splitlines():
        header = _HEADER_LINE.match(line)
        if header:
            found.add(header[1].decode("ascii").lower())
        elif not line.startswith((b" ", b"\t", b"From ", b">From ")):
            break
    return bool(found & _TELLING_HEADERS) and len(found & _MAIL_HEADERS) >= _MAIL_HEADERS_AT_LEAST


def _is_companion(data: bytes) -> bool:
    return (
        data.startswith(_IMAGES)
        or _PDF in data[:_PDF_BEGINS_WITHIN]
        or (data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS)
    )


def _ends_as_zip(data: bytes) -> bool:
    """Whether it is a zip behind something else, such as a program that unpacks itself."""
    try:
        return is_zipfile(BytesIO(data))
    except DAMAGED:
        return False

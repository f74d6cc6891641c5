"""Containers to unpack in a test, and what came out of them."""

import time
import tracemalloc
import warnings
from datetime import timedelta, timezone
from email.message import EmailMessage
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pipeline.edges.unpacking.unpack import Unpacked, unpack
from tests.xlsx_parts import pack, parts

FORM = pack(parts('<row r="1"><c r="A1"><v>12</v></c></row>'))
OTHER_FORM = pack(parts('<row r="1"><c r="A1"><v>13</v></c></row>'))
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")
ICT = timezone(timedelta(hours=7))
NAME = "Phiếu báo cáo tháng 11 – Phòng Kinh tế.xlsx"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

HEAD = b"From: a@xa.example\nDate: x\nSubject: y\n"


def mail(*files: tuple[str, bytes], subject: str = "Báo cáo tháng 11", received: bool = True) -> EmailMessage:
    letter = EmailMessage()
    if received:
        letter["Received"] = "from a by mx.xa.example; Thu, 19 Nov 2026 22:10:05 +0700 (ICT)"
        letter["Received"] = "from b by a; Wed, 18 Nov 2026 01:00:00 +0000"
    letter["From"] = "Phòng Kinh tế <kinhte@xa.example>"
    letter["To"] = "vanphong@xa.example"
    letter["Subject"] = subject
    letter["Date"] = "Tue, 17 Nov 2026 08:00:00 +0700"
    letter["Message-ID"] = "<1@xa.example>"
    letter.set_content("Kính gửi Văn phòng.\n")
    for name, data in files:
        letter.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return letter


def raw_mail(part: str, body: bytes = b"", end: bytes = b"\r\n--x--\r\n") -> bytes:
    head = "From: a@xa.example\r\nDate: x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
    return f"{head}{part}\r\n\r\n".encode() + body + end


def as_base64(data: bytes) -> bytes:
    letter = EmailMessage()
    letter.set_content(data, maintype="application", subtype="octet-stream")
    return bytes(letter).partition(b"\n\n")[2]


def zipped(*entries: tuple[str | ZipInfo, bytes]) -> bytes:
    buffer = BytesIO()
    with warnings.catch_warnings(), ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # zipfile itself warns of a duplicate
        for name, data in entries:
            # Without the moment of writing, so that each run and each process tests the same bytes.
            archive.writestr(ZipInfo(name) if isinstance(name, str) else name, data, ZIP_DEFLATED)
    return buffer.getvalue()


def names(unpacked: Unpacked) -> list[str]:
    return [member.name for member in unpacked.members]


def codes(unpacked: Unpacked) -> list[tuple[str, str]]:
    return [(fault.name, fault.code) for fault in unpacked.faults]


def only(unpacked: Unpacked) -> bytes:
    assert not unpacked.faults
    (member,) = unpacked.members
    return member.data


def bounded(data: bytes, memory: int = 250_000_000) -> Unpacked:
    """What comes out, in less than 2 s of work and within this memory."""
    before = time.process_time()
    unpacked = unpack("a", data)
    assert time.process_time() - before < 2
    tracemalloc.start()
    try:
        unpack("a", data)
        assert tracemalloc.get_traced_memory()[1] < memory
    finally:
        tracemalloc.stop()
    return unpacked

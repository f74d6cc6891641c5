"""What a file is told to be, by its content."""

from pathlib import Path

import pytest
import xlsxwriter

from pipeline.edges.unpacking.unpack import kind_of, unpack
from tests.office import convert
from tests.unpacking import FORM, ODS_TYPE, OLE2, PDF, PNG, mail, zipped
from tests.wrappers import message, ole2, winmail
from tests.xlsx_parts import pack, parts


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (FORM, "workbook"),
        (FORM[: len(FORM) // 2], "workbook"),
        (pack({**parts(), "xl/vbaProject.bin": b"x"}), "workbook"),
        (zipped(("mimetype", ODS_TYPE.encode()), ("content.xml", b"<x/>")), "workbook"),
        (zipped(("mimetype", b"application/vnd.oasis.opendocument.text")), "other"),
        (zipped(("[Content_Types].xml", b""), ("word/document.xml", b"")), "other"),
        (ole2({"Workbook": b"x" * 5_000}), "workbook"),
        (ole2({"Book": b""}), "workbook"),
        (ole2({"EncryptionInfo": b"x", "EncryptedPackage": b"x" * 5_000}), "workbook"),
        (ole2({"WordDocument": b"x"}), "other"),
        (ole2({"0Table": b"", "ObjectPool": {"Workbook": b"x"}}), "other"),
        (ole2(message({})), "outlook"),
        (ole2({"Workbook": b"x" * 9_000})[:5_000] + "Workbook".encode("utf-16-le"), "workbook"),
        (OLE2, "other"),
        (zipped(("phieu.xlsx", FORM)), "zip"),
        (b"MZ junk" + zipped(("phieu.xlsx", FORM)), "zip"),
        (zipped(), "zip"),
        (zipped(("a.txt", b"x" * 99))[:-30], "zip"),
        (bytes(mail()), "mail"),
        (b"\xef\xbb\xbf\r\n" + bytes(mail()), "mail"),
        (b"From a@xa.example Thu Nov 19 22:10:05 2026\n" + bytes(mail()), "mail"),
        (b"MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/related\n\n", "other"),
        (b"from: a\nto: b\n", "other"),
        (winmail(), "winmail"),
        (PDF, "companion"),
        (b"\n" * 1_000 + PDF, "companion"),
        (b"\n" * 1_024 + PDF, "other"),
        (PNG, "companion"),
        (b"\xff\xd8\xff\xe0", "companion"),
        (b"II*\0", "companion"),
        (b"MM\0*", "companion"),
        (b"\0\0\0\x18ftypheic", "companion"),
        (b"\0\0\0\x18ftypmp42", "other"),
        (b"", "empty"),
        (b"ma;ten\n1;2\n", "other"),
        (b"Rar!\x1a\x07\0", "other"),
    ],
)
def test_kind(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


def test_kind_of_old_format_as_a_program_writes_it(tmp_path: Path) -> None:
    source = tmp_path / "phieu.xlsx"
    with xlsxwriter.Workbook(source) as workbook:
        workbook.add_worksheet("Chỉ tiêu").write("A1", 12)
    assert kind_of(convert(source, "xls", tmp_path).read_bytes()) == "workbook"
    assert kind_of(convert(source, "ods", tmp_path).read_bytes()) == "workbook"


@pytest.mark.parametrize("data", [FORM, PDF, b"", b"gi do", OLE2])
def test_what_is_no_container_is_its_own_member(data: bytes) -> None:
    unpacked = unpack("2026-11-18/phieu.zip", data)
    assert [(m.name, m.data, m.letter) for m in unpacked.members] == [("phieu.zip", data, None)]
    assert not unpacked.faults

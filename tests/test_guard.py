"""What is refused before it is opened, and with which code."""

import tracemalloc
import warnings
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from pipeline.edges.reading.guard import Limits, has_macros, inspect, is_office_open_xml
from pipeline.edges.reading.workbook import read_workbook
from tests.legacy_parts import compound, number, ods, ods_number, ods_row, record, xls
from tests.office import convert
from tests.reading import outcome, refusal
from tests.xlsx_parts import SHEET, declare, pack, parts

XLS = xls(number(1, 1, 12))
ODS = ods(ods_row(ods_number(12)))
VBA_PROJECT = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
GOOD = pack(parts('<row r="1"><c r="A1"><v>12</v></c></row>'))


def with_part(name: str, content: str | bytes) -> bytes:
    return pack({**parts(), name: content})


def test_a_workbook_passes() -> None:
    assert inspect(GOOD) is None


def test_a_workbook_of_stored_parts_passes() -> None:
    assert inspect(pack(parts(), packed=False)) is None


def test_empty_file() -> None:
    assert inspect(b"") == "F04"
    assert refusal(read_workbook, b"") == "F04"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        b"%PDF-1.7\n",
        b"<html><table></table></html>",
        b"ma;ten\n1;2\n",
        b"PK",
        b"PK\x03\x04",
        b"PK\x05\x06" + bytes(18),
        GOOD[:-1],
        GOOD[: len(GOOD) // 2],
        pack({"anh.jpg": b"\xff\xd8"}),
        pack({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}),
        pack({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\x83"}),
        pack({"xl/workbook.xml": "<workbook/>"}),
    ],
)
def test_not_a_workbook(data: bytes) -> None:
    assert inspect(data) == "F02"
    assert refusal(read_workbook, data) == "F02"


def test_damaged_content_of_a_part() -> None:
    damaged = bytearray(pack(parts(), packed=False))
    damaged[damaged.index(b"sheetData")] ^= 1
    assert inspect(bytes(damaged)) == "F02"


def test_packing_that_excel_never_uses() -> None:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_BZIP2) as archive:
        for name, part in parts().items():
            archive.writestr(name, part)
    assert inspect(buffer.getvalue()) == "F02"


@pytest.mark.parametrize(
    "data",
    [
        compound({"EncryptedPackage": b"...", "EncryptionInfo": b"..."}),
        xls(b"", extra=record(0x2F, bytes(54))),
        ods("", manifest="<manifest:encryption-data/>"),
    ],
)
def test_password_on_the_workbook(data: bytes) -> None:
    assert inspect(data) == "F03"


def test_password_on_the_zip() -> None:
    encrypted = bytearray(GOOD)
    encrypted[GOOD.index(b"PK\1\2") + 8] |= 1
    assert inspect(bytes(encrypted)) == "F03"


@pytest.mark.parametrize("begin", ["09000400", "09020600", "09040600"])
def test_formats_before_excel_5(begin: str) -> None:
    assert inspect(bytes.fromhex(begin) + bytes(60)) == "F15"


@pytest.mark.parametrize("data", [XLS, compound({"Book": b""}), compound({"WORKBOOK": b""}), ODS])
def test_older_and_other_kinds_pass(data: bytes) -> None:
    assert inspect(data) is None


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_older_and_other_kinds_as_a_program_writes_them(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "phieu.xlsx"
    with xlsxwriter.Workbook(source) as workbook:
        workbook.add_worksheet("Chỉ tiêu").write("A1", 12)
    data = convert(source, kind, tmp_path).read_bytes()
    assert inspect(data) is None
    assert not is_office_open_xml(data)


@pytest.mark.parametrize(
    "data",
    [
        compound({"WordDocument": b"..."}),
        compound({"__properties_version1.0": b"..."}),
        compound({"Catalog": b"..."}),
        compound({}),
        VBA_PROJECT,
        XLS[:600],
        ods("", mimetype="application/vnd.oasis.opendocument.text"),
    ],
)
def test_other_files_in_the_same_containers(data: bytes) -> None:
    assert inspect(data) == "F02"
    assert refusal(read_workbook, data) == "F02"


def test_bounds_hold_for_every_kind() -> None:
    assert inspect(XLS, Limits(file_size=len(XLS) - 1)) == "F05"
    assert inspect(ODS, Limits(file_size=len(ODS) - 1)) == "F05"
    assert inspect(ods("", Pictures__1_png="\0" * 1_000_001)) == "F05"
    assert inspect(ods("", settings_xml="<!DOCTYPE x><x/>")) == "F05"


def test_large_file() -> None:
    assert inspect(GOOD, Limits(file_size=len(GOOD))) is None
    assert inspect(GOOD, Limits(file_size=len(GOOD) - 1)) == "F05"
    assert inspect(GOOD + bytes(20_000_001)) == "F05"


def test_declared_size_of_all_parts_together() -> None:
    total = sum(len(part) for part in parts().values())
    assert inspect(pack(parts()), Limits(unpacked_size=total)) is None
    assert inspect(pack(parts()), Limits(unpacked_size=total - 1)) == "F05"


def test_bomb() -> None:
    assert inspect(with_part("xl/media/image1.png", bytes(1_000_001))) == "F05"
    assert inspect(with_part("xl/media/image1.png", bytes(1_000_000))) is None


def test_many_entries() -> None:
    count = len(parts())
    filled = {f"xl/media/image{number}.png": b"" for number in range(2_000 - count)}
    assert inspect(pack({**parts(), **filled})) is None
    assert inspect(pack({**parts(), **filled, "xl/media/more.png": b""})) == "F05"


@pytest.mark.parametrize("name", [SHEET, SHEET.upper()])
def test_two_parts_of_one_name(name: str) -> None:
    buffer = BytesIO(GOOD)
    with warnings.catch_warnings(), ZipFile(buffer, "a") as archive:
        warnings.simplefilter("ignore")  # zipfile itself warns of the duplicate
        archive.writestr(name, "<worksheet/>")
    assert inspect(buffer.getvalue()) == "F05"


@pytest.mark.parametrize("honest_checksum", [True, False])
def test_part_larger_than_it_declares_is_found_without_unpacking_it(honest_checksum: bool) -> None:
    """With the checksum of the declared beginning, the zip module would notice nothing."""
    content = bytes(50_000_000)
    data = with_part("xl/media/image1.png", content)
    lie = declare(data, "xl/media/image1.png", 1_000, content if honest_checksum else content[:1_000])
    tracemalloc.start()
    try:
        assert inspect(lie) == "F05"
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", [SHEET, "_rels/.rels", "xl/drawings/vmlDrawing1.vml"])
@pytest.mark.parametrize("padding", [0, 5_000])
def test_document_type(name: str, encoding: str, padding: int) -> None:
    bomb = f'<?xml version="1.0"?>{" " * padding}<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
    assert inspect(with_part(name, bomb.encode(encoding))) == "F05"


def test_document_type_of_a_picture_is_harmless() -> None:
    assert (
        inspect(with_part("xl/media/image1.svg", '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "">'))
        is None
    )


def test_macros_are_told_but_not_refused() -> None:
    for data in (
        with_part("xl/vbaProject.bin", VBA_PROJECT),
        compound({"Workbook": b"", "_VBA_PROJECT_CUR": b""}),
    ):
        assert has_macros(data)
        assert inspect(data) is None


@pytest.mark.parametrize(
    "data",
    [GOOD, XLS, ODS, b"", VBA_PROJECT, GOOD[:40]],
    ids=["xlsx", "xls", "ods", "nothing", "macros alone", "cut"],  # bytes differ between two processes
)
def test_no_macros(data: bytes) -> None:
    assert not has_macros(data)


def test_far_cell_is_passed_over_and_nothing_is_laid_out() -> None:
    far = pack(parts('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    assert dict(read_workbook(far).sheets[0].cells) == {}


@given(st.binary(max_size=300))
def test_random_bytes_are_judged(data: bytes) -> None:
    assert inspect(data) in ("F02", "F04", "F15")
    assert inspect(b"PK\x03\x04" + data) == "F02"
    assert not has_macros(b"PK\x03\x04" + data)


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_spoiled_file_is_read_or_refused_with_a_code(changes: list[tuple[int, int]]) -> None:
    spoiled = bytearray(GOOD)
    for place, byte in changes:
        spoiled[place] = byte
    assert outcome(read_workbook, bytes(spoiled)) in ("", "F02", "F03", "F05")

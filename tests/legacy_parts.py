"""Workbooks of the older kinds written part by part, for what no program would write."""

import struct
from collections.abc import Mapping

from tests.xlsx_parts import pack

SECTOR = 512
LONG = 4_096  # from this size on a stream stands in sectors of its own
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
NONE = 0xFFFFFFFF

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text")
)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE2 file with these streams, each filled up with zeros to the size of a long one."""
    padded = {name: content.ljust(LONG, b"\0") for name, content in streams.items()}
    directory = _directory(padded)
    parts = [directory, *padded.values()]
    sizes = [-(-len(part) // SECTOR) for part in parts]
    total = sum(sizes)
    tables = next(n for n in range(1, 110) if n * 128 >= total + n)
    links: list[int] = []
    for size in sizes:
        links += [*range(len(links) + 1, len(links) + size), END]
    links += [TABLE] * tables
    links += [FREE] * (tables * 128 - len(links))
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, tables, 0, 0, LONG, END, 0, END, 0)
    places = [*range(total, total + tables)]
    header += struct.pack("<109I", *places, *[FREE] * (109 - tables))
    body = b"".join(part.ljust(size * SECTOR, b"\0") for part, size in zip(parts, sizes, strict=True))
    return header + body + struct.pack(f"<{len(links)}I", *links)


def _directory(streams: Mapping[str, bytes]) -> bytes:
    entries = [_entry("Root Entry", 5, NONE, 1 if streams else NONE, END, 0)]
    size = (len(streams) + 1) * 128
    start = -(-size // SECTOR)
    for number, (name, content) in enumerate(streams.items(), start=1):
        right = number + 1 if number < len(streams) else NONE
        entries.append(_entry(name, 2, right, NONE, start, len(content)))
        start += -(-len(content) // SECTOR)
    return b"".join(entries)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    head = struct.pack("<64sHBBIII", text, len(text) + 2, kind, 1, NONE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def number(row: int, column: int, value: float) -> bytes:
    """The record of a cell; rows and columns count from 1."""
    return record(0x203, struct.pack("<HHHd", row - 1, column - 1, 0, value))


def xls(cells: bytes, *, extra: bytes = b"", version: int = 0x600) -> bytes:
    """An .xls of one sheet `S` with these records; `extra` stands among those of the workbook."""
    begin = record(0x809, struct.pack("<HHHHII", version, 0x05, 0, 0x7CC, 0, 6))
    sheet = record(0x809, struct.pack("<HHHHII", version, 0x10, 0, 0x7CC, 0, 6)) + cells + record(0x0A)
    about = struct.pack("<IHBB", 0, 0, 1, 0) + b"S"
    before = len(begin + extra + record(0x85, about) + record(0x0A))
    about = struct.pack("<I", before) + about[4:]
    return compound({"Workbook": begin + extra + record(0x85, about) + record(0x0A) + sheet})


def ods(rows: str, *, mimetype: str = ODS_TYPE, manifest: str = "<manifest/>", **more: str) -> bytes:
    """An .ods of one sheet `S`, around the given inner XML; `more` are further parts, "__" for "/"."""
    content = (
        f"<office:document-content {_NAMESPACES}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": manifest}
    return pack({**parts, **{name.replace("__", "/").replace("_", "."): part for name, part in more.items()}})


def ods_row(inner: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


def ods_number(value: float, repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"'
        f' table:number-columns-repeated="{repeated}"/>'
    )


def ods_blank(repeated: int) -> str:
    return f'<table:table-cell table:number-columns-repeated="{repeated}"/>'

"""Workbooks written part by part, for what no library would write."""

import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

SHEET = "xl/worksheets/sheet1.xml"
PLAIN_STYLE = '<cellXfs><xf numFmtId="0"/></cellXfs>'


def parts(
    rows: str = "", *, strings: str = "", styles: str = "", properties: str = "", main: str = TRANSITIONAL
) -> dict[str, str]:
    """The parts of a workbook with one sheet `S`, around the given inner XML."""
    links = STRICT_RELATIONS if main == STRICT else RELATIONS
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/{SHEET}" ContentType="{_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>',
        "_rels/.rels": relations(links, ("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}">{properties}'
        '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            links,
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
            ("rId3", "styles", "styles.xml"),
        ),
        SHEET: f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles or PLAIN_STYLE}</styleSheet>',
    }


def relations(links: str, *entries: tuple[str, str, str]) -> str:
    """A relationships part of (id, kind, target)."""
    inner = "".join(
        f'<Relationship Id="{key}" Type="{links}/{kind}" Target="{target}"/>' for key, kind, target in entries
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def pack(content: Mapping[str, str | bytes], *, packed: bool = True) -> bytes:
    """The parts as a zip file."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED if packed else ZIP_STORED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def declare(data: bytes, name: str, size: int, content: bytes | None = None) -> bytes:
    """The zip with another unpacked size in both headers of an entry, and the checksum of `content`."""
    changed = bytearray(data)
    spelled = name.encode()
    for signature, checksum_at, size_at, name_at in ((b"PK\1\2", 16, 24, 46), (b"PK\3\4", 14, 22, 30)):
        start = data.find(signature)
        while data[start + name_at : start + name_at + len(spelled)] != spelled:
            start = data.index(signature, start + 1)
        changed[start + size_at : start + size_at + 4] = size.to_bytes(4, "little")
        if content is not None:
            checksum = zlib.crc32(content).to_bytes(4, "little")
            changed[start + checksum_at : start + checksum_at + 4] = checksum
    return bytes(changed)

"""Files that were made to do harm, one of each kind."""

import os
from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET = "xl/worksheets/sheet1.xml"


def _book(sheet: str = "", strings: str = "", prolog: str = "") -> dict[str, str]:
    def related(kind: str, target: str) -> str:
        return f'<Relationship Id="{kind}" Type="{_LINKS}/{kind}" Target="{target}"/>'

    inside = related("worksheet", "worksheets/sheet1.xml") + related("sharedStrings", "sharedStrings.xml")
    root = related("officeDocument", "xl/workbook.xml")
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">{root}</Relationships>',
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="worksheet"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{inside}</Relationships>',
        _SHEET: f'{prolog}<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
    }


def _packed(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _bomb() -> bytes:
    return _packed({**_book(), "xl/media/image1.png": bytes(190_000_000)})


def _many_parts() -> bytes:
    return _packed({**_book(), **{f"xl/media/image{n}.png": b"x" for n in range(20_000)}})


def _entities() -> bytes:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return _packed(_book(prolog=f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]>', sheet="<row>&a9;</row>"))


def _many_cells() -> bytes:
    row = "".join("<c><v>1</v></c>" for _ in range(500))
    return _packed(_book(f"<row>{row}</row>" * 4_000))


def _one_long_row() -> bytes:
    return _packed(_book(f"<row>{'<c/>' * 5_000_000}</row>"))


def _deep() -> bytes:
    return _packed(_book(f"<row><c>{'<x>' * 1_000_000}{'</x>' * 1_000_000}</c></row>"))


def _many_texts() -> bytes:
    return _packed(_book(strings="".join(f"<si><t>{n:07d}{'x' * 90}</t></si>" for n in range(1_000_000))))


def _noise() -> bytes:
    return b"PK\x03\x04" + os.urandom(5_000_000)


KINDS: Mapping[str, Callable[[], bytes]] = {
    "a bomb: 190 MB in 190 KB": _bomb,
    "20,000 parts": _many_parts,
    "entities within entities": _entities,
    "2,000,000 cells": _many_cells,
    "one row of 5,000,000 cells": _one_long_row,
    "a million elements in each other": _deep,
    "100 MB of texts": _many_texts,
    "noise with the first bytes of a zip": _noise,
}

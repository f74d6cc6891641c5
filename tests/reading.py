"""Read a workbook in a test, and say what is in it."""

from typing import Any

import pytest

from pipeline.base.sheet import Cell, CellKind, Sheet, Workbook
from pipeline.edges.reading.guard import inspect
from pipeline.edges.reading.openpyxl_reader import read_with_openpyxl
from pipeline.edges.reading.workbook import UnreadableWorkbook
from pipeline.edges.reading.xlsx_reader import read_xlsx
from tests.xlsx_parts import pack, parts

READERS = [read_xlsx, read_with_openpyxl]


def comparable(workbook: Workbook) -> list[tuple[str, bool, dict[str, tuple[object, ...]]]]:
    """All that must agree; of a formula, that there is one, since a shared one may come shifted."""
    return [
        (
            sheet.name,
            sheet.hidden,
            {
                cell.address: (
                    place,
                    cell.kind,
                    cell.value,
                    cell.formula is not None,
                    cell.number_format,
                    cell.legacy,
                )
                for place, cell in sheet.cells.items()
            },
        )
        for sheet in workbook.sheets
    ]


def agreed(data: bytes) -> dict[str, Sheet]:
    """The sheets by name, once it is sure that both readers see the same."""
    assert inspect(data) is None
    workbook = read_xlsx(data)
    assert comparable(workbook) == comparable(read_with_openpyxl(data))
    return {sheet.name: sheet for sheet in workbook.sheets}


def cell(sheet: Sheet, address: str) -> Cell:
    return {cell.address: cell for cell in sheet.cells.values()}[address]


def content(sheet: Sheet, address: str) -> tuple[CellKind, object]:
    found = cell(sheet, address)
    return found.kind, found.value


def only(rows: str, **more: str) -> dict[str, Cell]:
    """The cells of a workbook with these rows, by address, as the first reader sees them."""
    (sheet,) = read_xlsx(pack(parts(rows, **more))).sheets
    return {cell.address: cell for cell in sheet.cells.values()}


def styled(*formats: str) -> str:
    """Styles 0, 1, … with these number formats."""
    numbers = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{f}"/>' for n, f in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(formats)))
    return f"<numFmts>{numbers}</numFmts><cellXfs>{styles}</cellXfs>"


def refusal(read: Any, data: bytes) -> str:
    with pytest.raises(UnreadableWorkbook) as caught:
        read(data)
    return caught.value.code


def outcome(read: Any, data: bytes) -> str:
    """The code of the refusal, "" where the file was read."""
    try:
        read(data)
    except UnreadableWorkbook as refused:
        return refused.code
    return ""

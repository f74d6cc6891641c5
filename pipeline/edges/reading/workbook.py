"""Bytes of a foreign file in, a workbook out, or the code of the finding that says why not."""

from pipeline.base.sheet import Cell, Sheet, Workbook
from pipeline.edges.reading.guard import (
    NOT_A_WORKBOOK,
    SUSPICIOUS,
    UnreadableWorkbook,
    inspect,
    is_office_open_xml,
)
from pipeline.edges.reading.xlsx_reader import read_xlsx

__all__ = ["UnreadableWorkbook", "read_workbook"]

# What Excel allows in a cell, in a number format, and in the name of a sheet.
LONGEST_TEXT, LONGEST_FORMAT, LONGEST_NAME = 32_767, 255, 31
MOST_TEXT = 4_000_000  # characters of a whole file; a form has some ten thousand


def read_workbook(data: bytes) -> Workbook:
    """The workbook in `data`, if it is safe to open; raises `UnreadableWorkbook` with a code."""
    code = inspect(data)
    if code is not None:
        raise UnreadableWorkbook(code)
    # The readers for the few other files are loaded late: a worker has to be ready at once.
    if not is_office_open_xml(data):
        from pipeline.edges.reading.calamine_reader import read_with_calamine

        return within_bounds(read_with_calamine(data))
    try:
        return within_bounds(read_xlsx(data))
    except UnreadableWorkbook as refusal:
        if refusal.code != NOT_A_WORKBOOK:
            raise
        from pipeline.edges.reading.openpyxl_reader import read_with_openpyxl

        return within_bounds(read_with_openpyxl(data))


def within_bounds(workbook: Workbook) -> Workbook:
    """The workbook with texts no longer than Excel itself allows; raises where all are too much.

    What no office program writes must not cost the rest of the pipeline time or memory.
    """
    texts = sum(len(c.value) for s in workbook.sheets for c in s.cells.values() if isinstance(c.value, str))
    if texts > MOST_TEXT:
        raise UnreadableWorkbook(SUSPICIOUS)
    return Workbook(tuple(_cut_sheet(sheet) for sheet in workbook.sheets))


def _cut_sheet(sheet: Sheet) -> Sheet:
    cells = sheet.cells
    if any(map(_is_beyond, cells.values())):
        cells = {place: _cut_cell(cell) if _is_beyond(cell) else cell for place, cell in cells.items()}
    return Sheet(sheet.name[:LONGEST_NAME], sheet.hidden, cells)


def _is_beyond(cell: Cell) -> bool:
    long_text = isinstance(cell.value, str) and len(cell.value) > LONGEST_TEXT
    return long_text or len(cell.number_format) > LONGEST_FORMAT or len(cell.formula or "") > LONGEST_TEXT


def _cut_cell(cell: Cell) -> Cell:
    value = cell.value[:LONGEST_TEXT] if isinstance(cell.value, str) else cell.value
    formula = cell.formula[:LONGEST_TEXT] if cell.formula else cell.formula
    known = cell.number_format if len(cell.number_format) <= LONGEST_FORMAT else "General"
    return Cell(cell.row, cell.column, cell.kind, value, formula, known, cell.legacy)

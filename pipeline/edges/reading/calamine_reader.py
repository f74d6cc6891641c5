"""Read .xls and .ods with python-calamine; the marks of each sheet add what it does not tell.

Formulas are told to be there, not which; number formats are unknown. Of a rich text the font of its
cell is known, not those of its runs. python-calamine is written in Rust: malformed bytes may end the
process, so this runs in a process that may die (`workers.py`).
"""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import python_calamine
from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from pipeline.base.sheet import Cell, CellKind, CellValue, Sheet, Workbook
from pipeline.edges.ole2 import SIGNATURE, CompoundFile
from pipeline.edges.reading.cell_marks import Marks
from pipeline.edges.reading.cell_values import EPOCH_1900, from_serial
from pipeline.edges.reading.guard import DAMAGED, ENCRYPTED, NOT_A_WORKBOOK, UnreadableWorkbook, xls_stream
from pipeline.edges.reading.ods_marks import ods_marks
from pipeline.edges.reading.text_fonts import whole
from pipeline.edges.reading.xls_marks import xls_marks
from pipeline.edges.reading.xlsx_reader import NO_SUCH_DATE

_SOME_FORMULA = "="
_MALFORMED = (*DAMAGED, CalamineError, etree.LxmlError)


def read_with_calamine(data: bytes) -> Workbook:
    """The workbook in `data`; raises `UnreadableWorkbook`. Bytes are to pass `guard.inspect` first."""
    try:
        # The marks come first: they refuse a sheet that is too large to be laid out.
        marks = _marks(data)
        with python_calamine.load_workbook(BytesIO(data)) as book:
            return _read(book, marks)
    except PasswordError as error:
        raise UnreadableWorkbook(ENCRYPTED) from error
    except _MALFORMED as error:
        raise UnreadableWorkbook(NOT_A_WORKBOOK) from error


def _marks(data: bytes) -> list[Marks]:
    if data.startswith(SIGNATURE):
        return xls_marks(xls_stream(CompoundFile(data)) or b"")
    with ZipFile(BytesIO(data)) as archive:
        return ods_marks(archive)


def _read(book: CalamineWorkbook, marks: list[Marks]) -> Workbook:
    sheets: list[Sheet] = []
    for about, sheet_marks in zip(book.sheets_metadata, marks, strict=True):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
        hidden = about.visible != SheetVisibleEnum.Visible
        sheets.append(Sheet(about.name, hidden, _read_cells(rows, sheet_marks)))
    return Workbook(tuple(sheets))


def _read_cells(rows: list[list[Any]], marks: Marks) -> Mapping[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            if value != "":
                legacy = whole(value, marks.legacy.get((row, column))) if isinstance(value, str) else ()
                cells[row, column] = Cell(row, column, *_content(value), legacy=legacy)
    # What python-calamine takes for empty: an error, and a formula whose result is the empty text.
    for row, column in marks.formulas | marks.errors.keys():
        error = marks.errors.get((row, column))
        plain = cells.get((row, column), Cell(row, column, CellKind.TEXT, ""))
        formula = _SOME_FORMULA if (row, column) in marks.formulas else None
        if error is None:
            cells[row, column] = plain._replace(formula=formula)
        else:
            cells[row, column] = Cell(row, column, CellKind.ERROR, error, formula)
    return dict(sorted(cells.items()))


def _content(value: Any) -> tuple[CellKind, CellValue]:
    match value:
        case bool():
            return CellKind.BOOLEAN, value
        case int() | float() if math.isfinite(value):
            return CellKind.NUMBER, float(value)
        case str():
            return CellKind.TEXT, value
        case timedelta():
            moment = from_serial(value / timedelta(days=1), EPOCH_1900)
            return (CellKind.ERROR, NO_SUCH_DATE) if moment is None else (CellKind.DATE, moment)
        case datetime() | time():
            return CellKind.DATE, value
        case date():
            return CellKind.DATE, datetime.combine(value, time())
        case _:
            raise ValueError(f"not the value of a cell: {value!r}")

"""Read an .xlsx file with openpyxl: the second opinion on a file that the first reader refuses.

openpyxl gives formulas or their cached values, never both: hence two loads. It is slower and keeps
far more in memory, so it takes only files of modest size. Shared formulas come out shifted. Where a
rich text stands in its cell and not in the table of texts, the font of the cell stands for all of it.
"""

import math
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula

from pipeline.base.legacy import encoding_of
from pipeline.base.sheet import Cell, CellKind, CellValue, Sheet, Stretch, Workbook
from pipeline.edges.reading.cell_values import from_serial, unescape
from pipeline.edges.reading.guard import DAMAGED, NOT_A_WORKBOOK, SUSPICIOUS, UnreadableWorkbook
from pipeline.edges.reading.text_fonts import Run, stretches, whole
from pipeline.edges.reading.xlsx_reader import NO_SUCH_DATE, is_far, refuse_excess

LARGEST_UNPACKED = 40_000_000
LAST_ROW_OF_EXCEL = 1_048_576

# openpyxl has no exception of its own for malformed content: it fails where it stumbles, at a part
# or key that is not there (LookupError), an attribute it does not know (TypeError), an element it
# does not find (AttributeError), a number too large (ArithmeticError), XML that is not well formed
# (SyntaxError, the base of every XML parser's error).
_MALFORMED = (
    *DAMAGED,
    InvalidFileException,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    SyntaxError,
)


def read_with_openpyxl(data: bytes) -> Workbook:
    """The workbook in `data`; raises `UnreadableWorkbook`. Bytes are to pass `guard.inspect` first."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise UnreadableWorkbook(SUSPICIOUS)
        with warnings.catch_warnings():
            # It warns of what it leaves out (styles, extensions): nothing that is read here.
            warnings.simplefilter("ignore")
            return _read(data)
    except _MALFORMED as error:
        raise UnreadableWorkbook(NOT_A_WORKBOOK) from error


def _read(data: bytes) -> Workbook:
    with closing(_load(data, data_only=False)) as formulas, closing(_load(data, data_only=True)) as values:
        sheets: list[Sheet] = []
        cells_so_far = 0
        for formula_sheet, value_sheet in zip(formulas.worksheets, values.worksheets, strict=True):
            cells = _read_cells(formula_sheet, value_sheet, values.epoch, cells_so_far)
            cells_so_far += len(cells)
            sheets.append(Sheet(value_sheet.title, value_sheet.sheet_state != "visible", cells))
        return Workbook(tuple(sheets))


def _load(data: bytes, data_only: bool) -> Any:
    # read_only also keeps it from filling every cell of a merged range, however large.
    return openpyxl.load_workbook(
        BytesIO(data), read_only=True, data_only=data_only, keep_links=False, rich_text=True
    )


def _read_cells(
    formula_sheet: Any, value_sheet: Any, epoch: datetime, cells_before: int
) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    for formula_row, value_row in zip(_rows(formula_sheet), _rows(value_sheet), strict=True):
        for with_formula, with_value in zip(formula_row, value_row, strict=True):
            cell = _read_cell(with_formula, with_value, epoch)
            if cell is not None and not is_far(cell.row, cell.column):
                cells[cell.row, cell.column] = cell
                refuse_excess(cell.row, cells_before + len(cells))
    return cells


def _rows(sheet: Any) -> Iterator[Any]:
    # The declared dimension of a sheet is often wrong, and openpyxl would cut the sheet there.
    sheet.reset_dimensions()
    for count, row in enumerate(sheet.iter_rows(), start=1):
        if count > LAST_ROW_OF_EXCEL:
            raise UnreadableWorkbook(SUSPICIOUS)
        yield row


def _read_cell(with_formula: Any, with_value: Any, epoch: datetime) -> Cell | None:
    formula = _formula(with_formula.value) if with_formula.data_type == "f" else None
    kind, value = _content(with_value.value, with_value.data_type, epoch)
    if formula is None and value in (None, ""):
        return None
    legacy = _legacy(with_value, value) if kind is CellKind.TEXT and isinstance(value, str) else ()
    return Cell(with_value.row, with_value.column, kind, value, formula, with_value.number_format, legacy)


def _legacy(cell: Any, text: str) -> tuple[Stretch, ...]:
    encoding = encoding_of(_font(cell))
    runs = [_run(part) for part in cell.value] if isinstance(cell.value, CellRichText) else []
    return stretches(runs, encoding) if runs else whole(text, encoding)


def _font(cell: Any) -> str:
    try:
        return cell.font.name or ""
    except IndexError:  # a style that names a font which is not there
        return ""


def _run(part: str | TextBlock) -> Run:
    font = part.font.rFont if isinstance(part, TextBlock) else None
    return Run(len(unescape(str(part))), font or "")


def _formula(value: Any) -> str:
    if isinstance(value, ArrayFormula):
        return value.text or "="
    return value if isinstance(value, str) else "="


def _content(value: Any, data_type: str, epoch: datetime) -> tuple[CellKind, CellValue]:
    match value:
        case None:
            # A cached result that is the empty text arrives as None, but keeps its type.
            return (CellKind.TEXT, "") if data_type == "str" else (CellKind.UNCALCULATED, None)
        case bool():
            return CellKind.BOOLEAN, value
        case int() | float() if math.isfinite(value):
            return CellKind.NUMBER, float(value)
        case CellRichText():
            return CellKind.TEXT, unescape(str(value))
        case str():
            return (CellKind.ERROR, value) if data_type == "e" else (CellKind.TEXT, unescape(value))
        case timedelta():
            moment = from_serial(value / timedelta(days=1), epoch)
            return (CellKind.ERROR, NO_SUCH_DATE) if moment is None else (CellKind.DATE, moment)
        case datetime() | time():
            return CellKind.DATE, value
        case date():
            return CellKind.DATE, datetime.combine(value, time())
        case _:
            raise ValueError(f"not the value of a cell: {value!r}")

"""Fill an issued form as a unit would, in its own workbook program, slips and damages included."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
import xlsxwriter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange

from pipeline.base.sheet import address, column_letters
from pipeline.edges.pen import put
from pipeline.spec.demo import Damage, Entries
from pipeline.spec.template import Table, Template

# openpyxl ships no types; these names say what is meant.
Book = Any
Sheet = Any

_PROPERTIES = "docProps/core.xml"
_ZIP_START = (1980, 1, 1, 0, 0, 0)


def fill_form(issued: bytes, entries: Entries, damages: Sequence[Damage], template: Template) -> bytes:
    """The form with `entries` typed in, all else kept; the same input gives the same bytes.

    Entries may name locked cells too: a unit that lifts the lock can write anywhere.
    """
    book = openpyxl.load_workbook(BytesIO(issued))
    for table in template.tables:
        sheet = book[table.sheet]
        columns = _columns(sheet, table)
        rows = _rows(sheet, columns[table.tag("code")])
        for (key, code, column), value in entries.items():
            if key == table.key:
                sheet.cell(rows[code], columns[table.tag(column)]).value = value
    for damage in damages:
        _DAMAGES[damage.what](book, template.table(damage.table), damage)
    filled = BytesIO()
    book.save(filled)
    return _repacked(filled.getvalue(), issued)


def foreign_workbook(rows: Sequence[Sequence[str]], created: datetime) -> bytes:
    """A workbook that never was a form."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"created": created})
    sheet, style = book.add_worksheet(), book.add_format()
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            put(sheet, number, column, text, style)
    book.close()
    return file.getvalue()


def _tag_row(sheet: Sheet, table: Table) -> int:
    tag = table.tag("code")
    rows = (cell.row for row in sheet.iter_rows() for cell in row if cell.value == tag)
    return int(next(rows))


def _columns(sheet: Sheet, table: Table) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[_tag_row(sheet, table)] if cell.value}


def _rows(sheet: Sheet, code_column: int) -> dict[str, int]:
    column = sheet.iter_rows(min_col=code_column, max_col=code_column)
    return {cell.value: cell.row for (cell,) in column if cell.value}


# --- damages --------------------------------------------------------------------------------------


def _rename_sheet(book: Book, table: Table, damage: Damage) -> None:
    """A spreadsheet program takes the references along."""
    book[table.sheet].title = damage.text
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = cell.value.replace(f"'{table.sheet}'!", f"'{damage.text}'!")


def _insert_row(book: Book, table: Table, damage: Damage) -> None:
    """A line of the unit's own between the head of the sheet and its table.

    openpyxl moves cells alone; heights, dropdowns and the filter are taken along here.
    """
    sheet = book[table.sheet]
    first = _tag_row(sheet, table)
    sheet.move_range(f"A{first}:{address(sheet.max_row, sheet.max_column)}", rows=1, translate=True)
    for row in range(sheet.max_row, first, -1):
        above, below = sheet.row_dimensions[row - 1], sheet.row_dimensions[row]
        below.height, below.hidden = above.height, above.hidden
    sheet.row_dimensions[first].height, sheet.row_dimensions[first].hidden = None, False
    for validation in sheet.data_validations.dataValidation:
        validation.sqref = MultiCellRange([_one_down(area.coord) for area in validation.sqref])
    sheet.auto_filter.ref = _one_down(sheet.auto_filter.ref)
    sheet.cell(first, 1).value = damage.text


def _one_down(area: str) -> str:
    moved = CellRange(area)
    moved.shift(row_shift=1)
    return str(moved.coord)


def _hide_column(book: Book, table: Table, damage: Damage) -> None:
    """Neighbours of equal width share their looks in openpyxl: choose a column that stands alone."""
    sheet = book[table.sheet]
    sheet.column_dimensions[column_letters(_columns(sheet, table)[table.tag(damage.column)])].hidden = True


_DAMAGES: Mapping[str, Callable[[Book, Table, Damage], None]] = MappingProxyType(
    {"rename_sheet": _rename_sheet, "insert_row": _insert_row, "hide_column": _hide_column}
)


# --- bytes ----------------------------------------------------------------------------------------


def _repacked(saved: bytes, issued: bytes) -> bytes:
    """The saved workbook without the clock's traces: entry times, and the moment of saving."""
    with ZipFile(BytesIO(issued)) as archive:
        properties = archive.read(_PROPERTIES)
    packed = BytesIO()
    with ZipFile(BytesIO(saved)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = properties if name == _PROPERTIES else old.read(name)
            entry = ZipInfo(name, _ZIP_START)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, content)
    return packed.getvalue()

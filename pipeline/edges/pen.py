"""Write to a worksheet of xlsxwriter so that nothing is lost silently: a refused write is an error."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet as Sheet

from pipeline.base.sheet import address
from pipeline.base.text import shorten

# xlsxwriter carries no type information; these names say what is meant.
LONGEST_TEXT = 32_767  # of a cell; foreign words must never stop a workbook
LONGEST_NOTE = 2_000  # more than anybody reads beside a cell

Format = Any
Worksheet = Any


class PlainSheet(Sheet):
    """A worksheet that takes formulas as they are."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Without the `=`. xlsxwriter would search it for thirty functions that need a prefix: our formulas
        are for Excel 2010 and have none of them, and the search took longer than all other writing."""
        return formula.removeprefix("=")


def new_book(file: BytesIO, options: Mapping[str, Any]) -> Any:
    """A workbook of xlsxwriter whose sheets take our formulas as they are."""
    book = xlsxwriter.Workbook(file, dict(options))
    book.worksheet_class = PlainSheet
    return book


def put(sheet: Worksheet, row: int, column: int, value: str | float | date | None, style: Format) -> None:
    """Write one cell; rows and columns count from 1. Text stays text, whatever it looks like."""
    match value:
        case None | "":
            status = sheet.write_blank(row - 1, column - 1, None, style)
        case str():
            status = sheet.write_string(row - 1, column - 1, shorten(value, LONGEST_TEXT), style)
        case date():
            status = sheet.write_datetime(row - 1, column - 1, value, style)
        case _:
            status = sheet.write_number(row - 1, column - 1, value, style)
    if status:
        _accept(status, sheet, address(row, column))


def put_formula(
    sheet: Worksheet, row: int, column: int, formula: str, style: Format, cached: str | float
) -> None:
    """Write a formula (without `=`) and the value that a program shows which does not calculate."""
    status = sheet.write_formula(row - 1, column - 1, f"={formula}", style, cached)
    if status:
        _accept(status, sheet, address(row, column))


def put_across(sheet: Worksheet, row: int, columns: tuple[int, int], value: str, style: Format) -> None:
    """Write a text across columns of one row, merged where there is more than one."""
    first, last = columns
    if first == last:
        put(sheet, row, first, value, style)
        return
    place = across(row, columns)
    _accept(sheet.merge_range(place, value, style), sheet, place)


def validate(sheet: Worksheet, row: int, column: int, options: Mapping[str, Any]) -> None:
    """Attach a data validation to one cell."""
    place = address(row, column)
    _accept(sheet.data_validation(place, dict(options)), sheet, place)


def check_range(sheet: Worksheet, place: str, options: Mapping[str, Any]) -> None:
    """Attach a data validation to a range, `B6:B30`."""
    _accept(sheet.data_validation(place, dict(options)), sheet, place)


def note(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Attach a note to one cell, wide enough for a sentence or two."""
    place = address(row, column)
    text = shorten(text, LONGEST_NOTE)
    options = {"x_scale": 2, "y_scale": 1 + len(text) // 120, "font_name": "Times New Roman", "font_size": 10}
    _accept(sheet.write_comment(place, text, options), sheet, place)


def link(sheet: Worksheet, row: int, column: int, target: str, text: str, style: Format) -> None:
    """Write a link to a place of the same workbook, such as `'Chỉ tiêu'!G7`."""
    place = address(row, column)
    _accept(sheet.write_url(place, f"internal:{target}", style, text), sheet, place)


def across(row: int, columns: tuple[int, int]) -> str:
    """The address of a stretch of one row: `A3:F3`."""
    return f"{address(row, columns[0])}:{address(row, columns[1])}"


def _accept(status: int | None, sheet: Worksheet, place: str) -> None:
    if status:
        raise ValueError(f"not written: {sheet.get_name()}!{place} (status {status})")

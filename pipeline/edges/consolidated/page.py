"""What all sheets of the consolidated workbook share: links, room for text, and the printed page."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any

from pipeline.edges.consolidated.formats import Formats
from pipeline.edges.pen import Format, Worksheet, link, put
from pipeline.edges.text_fit import row_height
from pipeline.spec.consolidated import Consolidated
from pipeline.spec.tables import Overview

Target = tuple[str, str]  # a sheet of this workbook and an address in it

_A4 = 9
_TALLEST = 409.0  # points, Excel's limit for a row


@dataclass(frozen=True)
class Report:
    """The workbook being written, with its looks and the words of its month."""

    book: Any
    spec: Consolidated
    overview: Overview
    formats: Formats

    @cached_property
    def words(self) -> dict[str, str | int]:
        """The texts and counts of the overview by name, for placeholders."""
        values = ((field.name, getattr(self.overview, field.name)) for field in fields(Overview))
        return {name: value for name, value in values if isinstance(value, str | int)}


def put_link(
    sheet: Worksheet, row: int, column: int, target: Target, value: str | float, style: Format
) -> None:
    """Write a cell that jumps to `target`; a number stays a number."""
    link(sheet, row, column, f"'{target[0]}'!{target[1]}", str(value), style)
    put(sheet, row, column, value, style)


def fitting_height(cells: Iterable[tuple[str, float, bool]], size: float, least: float = 0) -> float:
    """The height of a row, at least `least`, that shows every (text, column width, bold)."""
    needed = (_text_height(text, width, size, bold) for text, width, bold in cells)
    return min(max((least, *needed)), _TALLEST)


def set_page(sheet: Worksheet, report: Report, landscape: bool, pages_high: int = 0) -> None:
    """A4, one page wide, with authority, month and page number in the footer."""
    page = report.spec.page
    sheet.set_paper(_A4)
    sheet.set_margins(**page.margins)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, pages_high)
    font = f'&"{report.spec.font},Regular"&{page.footer_size:g} '
    words = {name: str(value).replace("&", "&&") for name, value in report.words.items()}
    parts = (page.footer_left, page.footer_center, page.footer_right)
    left, center, right = (font + part.format(**words) for part in parts)
    sheet.set_footer(f"&L{left}&C{center}&R{right}")


@lru_cache(maxsize=100_000)
def _text_height(text: str, width: float, size: float, bold: bool) -> float:
    return row_height([(text, width)], size, bold)

"""Write the cells of a table row: each value in the way its column says."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.base.sheet import address
from pipeline.edges.consolidated.formulas import opening, placed
from pipeline.edges.consolidated.grid import Grid, Row, Value
from pipeline.edges.consolidated.page import Report
from pipeline.edges.pen import Format, Worksheet, put, put_formula
from pipeline.spec.consolidated import Align, Column, Kind

_ALIGNMENT: dict[Kind, Align] = {"number": "right", "by_entry": "right", "change": "right", "trend": "center"}
_TREND_FROM = 2  # values that make a course


@dataclass(frozen=True)
class Page:
    """One table sheet being written; `others` are the grids that links may lead to."""

    sheet: Worksheet
    report: Report
    grid: Grid
    others: dict[str, Grid]

    @property
    def size(self) -> float:
        """Points of the font of its cells."""
        return self.grid.sheet.font_size or self.report.spec.font_size

    @cached_property
    def styles(self) -> dict[tuple[str, str, bool], Format]:
        """Formats by column, number format, and whether the cell is a link."""
        return {}


def write_cell(page: Page, row: Row, number: int, column: Column) -> str:
    """Write one cell; returns the text that needs room in it."""
    at = page.grid.place[column.key]
    if column.kind == "trend":
        _write_trend(page, row, number, at)
        return ""
    value = shown(page, column, row[column.key])
    link = _link(page, row, column, value) if value else ""  # a 0 leads nowhere
    style = _style(page, column, _number_format(page, row, column, value), bool(link))
    formula = link or page.grid.formula(column.key, number)
    if formula:
        text = placed(formula, page.grid.place, number, lambda table, key: page.others[table].name(key))
        put_formula(page.sheet, number, at, text, style, "" if value is None else value)
    else:
        put(page.sheet, number, at, value, style)
    return value if isinstance(value, str) else ""


def shown(page: Page, column: Column, value: Value) -> str | float | None:
    """What a reader sees of a value: keys and flags in words."""
    spec = page.report.spec
    if column.kind == "status":
        return spec.statuses[column.vocabulary][str(value)].text if value else None
    if column.kind == "flag" and value is not None:
        return spec.yes if value else spec.no
    return value


def _number_format(page: Page, row: Row, column: Column, value: str | float | None) -> str:
    spec = page.report.spec
    if column.kind not in ("by_entry", "change"):
        return column.format
    formats = spec.entry_formats if column.kind == "by_entry" else spec.change_formats
    return formats[page.grid.entry(row)]


def _link(page: Page, row: Row, column: Column, value: str | float) -> str:
    """The formula of a cell that leads to another sheet or to the sealed original, "" for any other."""
    if column.opens:
        if not row["sheet"]:
            return ""
        cell = str(value) if column.opens == "cell" else "A1"
        file = f"{page.report.spec.archive}{row['archived_as']}"
        return opening(file, str(row["sheet"]), cell, str(value))
    link = column.link
    if link is None:
        return ""
    wanted, grid = row.get(link.by or column.key), page.others[link.sheet]
    return grid.jump(link.column, str(wanted), value) if grid.holds(link.column, wanted) else ""


def _style(page: Page, column: Column, number_format: str, linked: bool) -> Format:
    key = (column.key, number_format, linked)
    if key not in page.styles:
        align = column.align or _ALIGNMENT.get(column.kind, "left")
        looks: dict[str, object] = {"align": align, "num_format": number_format}
        if align == "right":
            looks["indent"] = 0  # number formats leave room themselves
        if page.grid.sheet.font_size and column.look != "small":
            looks["font_size"] = page.grid.sheet.font_size
        if linked:
            looks |= page.report.formats.link
        page.styles[key] = page.report.formats.get(f"cell {column.look}".strip(), **looks)
    return page.styles[key]


def _write_trend(page: Page, row: Row, number: int, at: int) -> None:
    """Small columns over the months in the same row, true also once the table is sorted."""
    column = page.grid.columns[at - 1]
    put(page.sheet, number, at, None, _style(page, column, column.format, linked=False))
    periods = page.grid.periods
    if sum(row.get(period) is not None for period in periods) < _TREND_FROM:
        return
    first, last = (address(number, page.grid.place[period]) for period in (periods[0], periods[-1]))
    palette = page.report.spec.palette
    options = {
        "range": f"'{page.grid.sheet.name}'!{first}:{last}",
        "type": "column",
        "min": 0,
        "show_hidden": True,
        "series_color": palette.bar,
        "last_point": True,
        "last_color": palette.latest,
    }
    page.sheet.add_sparkline(address(number, at), options)

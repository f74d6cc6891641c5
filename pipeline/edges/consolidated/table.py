"""Write one table of the consolidated workbook as a sheet: head, legend, header, rows, rules."""

from collections.abc import Iterator

from pipeline.base.sheet import address
from pipeline.edges.consolidated.cells import Page, write_cell
from pipeline.edges.consolidated.grid import (
    BACK_ROW,
    FIRST_ROW,
    HEADER_ROW,
    INTRO_ROW,
    LEGEND_ROW,
    TITLE_ROW,
    Grid,
    Row,
)
from pipeline.edges.consolidated.marks import mark_table
from pipeline.edges.consolidated.page import Report, fitting_height, put_link, set_page
from pipeline.edges.pen import Worksheet, put, put_across
from pipeline.edges.text_fit import width_needed
from pipeline.spec.statuses import Status

_NO_BREAK = "\N{NO-BREAK SPACE}"
_INTRO_WIDTH = 150.0  # of the text under the title, so that it can be read without scrolling
_TITLE_HEIGHT, _SPACER, _LEGEND_PADDING = 26, 6, 1
_FILTER_BUTTON_HEIGHT = 10
_EMPTY_HEIGHT, _LEAST_HEIGHT = 40, 20


def write_table(sheet: Worksheet, report: Report, grid: Grid, others: dict[str, Grid]) -> None:
    """Fill the worksheet of one table."""
    page = Page(sheet, report, grid, others)
    _write_head(page)
    _write_legend(page)
    _write_header(page)
    for number, row in enumerate(grid.rows, FIRST_ROW):
        _write_row(page, row, number)
    if grid.rows:
        mark_table(page)
    else:
        _write_empty(page)
    _set_view(page)


def _write_head(page: Page) -> None:
    spec, formats, grid = page.report.spec, page.report.formats, page.grid
    put_link(page.sheet, BACK_ROW, 1, (spec.overview.name, "A1"), spec.overview.back, formats.get("back"))
    title = f"{grid.sheet.title} – {page.report.overview.period_label.upper()}"
    put(page.sheet, TITLE_ROW, 1, title, formats.get("title"))
    page.sheet.set_row(TITLE_ROW - 1, _TITLE_HEIGHT)
    last, width = _reach(page, 1, _INTRO_WIDTH)
    intro = "\n".join((*grid.notices, grid.sheet.intro))
    put_across(page.sheet, INTRO_ROW, (1, last), intro, formats.get("note"))
    page.sheet.set_row(INTRO_ROW - 1, fitting_height([(intro, width, False)], spec.font_size))


def _write_legend(page: Page) -> None:
    """One chip for each colour with the words and signs that bear it, then their meanings."""
    spec, legend = page.report.spec, page.grid.sheet.legend
    if not legend:
        page.sheet.set_row(LEGEND_ROW - 1, _SPACER)
        return
    at, heights = 1, [0.0]
    for key, colour in spec.colours.items():
        statuses = [s for s in spec.statuses[legend].values() if s.colour == key]
        text = f"{colour.word}: {'; '.join(map(_explained, statuses))}"
        last, width = _reach(page, at, width_needed(text) / 2 + _LEGEND_PADDING)
        looks = {"bg_color": colour.fill, "font_color": colour.ink}
        put_across(page.sheet, LEGEND_ROW, (at, last), text, page.report.formats.get("legend", **looks))
        heights.append(fitting_height([(text, width, False)], spec.font_size))
        at = last + 1
    page.sheet.set_row(LEGEND_ROW - 1, max(heights))


def _explained(status: Status) -> str:
    text = status.text.replace(" ", _NO_BREAK)
    return f"{text} ({status.meaning})" if status.meaning else text


def _reach(page: Page, first: int, width: float) -> tuple[int, float]:
    """The columns from `first` that give at least `width`: the last of them and what they give."""
    total = 0.0
    shown = page.grid.shown
    for at in range(first, shown + 1):
        total += page.grid.columns[at - 1].width
        if total >= width:
            return at, total
    return max(first, shown), total


def _write_header(page: Page) -> None:
    grid, style = page.grid, page.report.formats.get("header", font_size=page.size)
    for at, column in enumerate(grid.columns, 1):
        options = {"level": 1, "hidden": True} if column.folded else {}
        page.sheet.set_column(at - 1, at - 1, column.width, None, options)
        put(page.sheet, HEADER_ROW, at, column.label, style)
    labels = [(column.label, column.width, True) for column in grid.columns]
    page.sheet.set_row(HEADER_ROW - 1, fitting_height(labels, page.size) + _FILTER_BUTTON_HEIGHT)


def _write_row(page: Page, row: Row, number: int) -> None:
    height = fitting_height(_row_texts(page, row, number), page.size, _LEAST_HEIGHT)
    page.sheet.set_row(number - 1, height)


def _row_texts(page: Page, row: Row, number: int) -> Iterator[tuple[str, float, bool]]:
    for column in page.grid.columns:
        text = write_cell(page, row, number, column)
        yield text, column.width, column.look == "strong" or column.grouping


def _write_empty(page: Page) -> None:
    grid = page.grid
    text = "\n".join(grid.notices) or grid.sheet.empty
    put_across(page.sheet, FIRST_ROW, (1, grid.shown), text, page.report.formats.get("empty"))
    page.sheet.set_row(FIRST_ROW - 1, _EMPTY_HEIGHT)


def _set_view(page: Page) -> None:
    sheet, grid = page.sheet, page.grid
    sheet.freeze_panes(HEADER_ROW, grid.sheet.frozen)
    if grid.rows:
        sheet.autofilter(f"{address(HEADER_ROW, 1)}:{address(grid.last_row, grid.last_column)}")
        sheet.ignore_errors({"number_stored_as_text": grid.area(1, grid.last_column)})
    set_page(sheet, page.report, grid.sheet.landscape)
    sheet.repeat_rows(HEADER_ROW - 1)
    sheet.print_area(f"A1:{address(grid.last_row, grid.shown)}")

"""Write the consolidated workbook of a month: the overview, a sheet for each table, and the charts."""

from datetime import datetime
from io import BytesIO
from typing import Any

from pipeline.edges.consolidated.charts_page import write_charts
from pipeline.edges.consolidated.formats import Formats, default_properties
from pipeline.edges.consolidated.grid import grids, is_live, names
from pipeline.edges.consolidated.in_order import InOrder
from pipeline.edges.consolidated.overview import write_overview
from pipeline.edges.consolidated.page import Report
from pipeline.edges.consolidated.table import write_table
from pipeline.edges.pen import new_book
from pipeline.spec.consolidated import Consolidated
from pipeline.spec.tables import Overview, Tables


def write_consolidated(tables: Tables, spec: Consolidated, created: datetime) -> bytes:
    """The workbook as an .xlsx file; the same input gives the same bytes."""
    file = BytesIO()
    book = _workbook(file, tables.overview, spec, created, bounded=not is_live(tables, spec))
    report = Report(book, spec, tables.overview, Formats(book, spec))
    places = grids(tables, spec)
    for name, area in names(tables, places).items():
        book.define_name(name, f"={area}")
    groups = tables.formulas.get("groups", {}) if is_live(tables, spec) else {}
    overview = InOrder(book.add_worksheet(spec.overview.name))
    write_overview(overview, report, places, groups)
    overview.flush()
    for grid in places.values():
        write_table(book.add_worksheet(grid.sheet.name), report, grid, places)
    drawn = InOrder(book.add_worksheet(spec.charts.name))
    write_charts(drawn, report, places)
    drawn.flush()
    book.close()
    return file.getvalue()


def _workbook(file: BytesIO, overview: Overview, spec: Consolidated, created: datetime, bounded: bool) -> Any:
    """A new workbook; a `bounded` one keeps only the row that is being written in memory."""
    options = {
        "in_memory": not bounded,
        "constant_memory": bounded,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": default_properties(spec),
    }
    book = new_book(file, options)
    properties = {
        "title": f"{spec.title} {overview.period_label}",
        "author": overview.authority,
        "comments": overview.status,
        "created": created,
    }
    book.set_properties(properties)
    return book

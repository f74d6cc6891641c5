"""Write the last sheet: a small chart for each group over the months, and the units side by side.

Every chart stands beside its figures, so that the page says the same to those who cannot see it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.base.sheet import address, number_text
from pipeline.edges.consolidated.charts import (
    SCALE,
    Room,
    chart_font,
    gap_for,
    insert,
    line_look,
    series_of,
)
from pipeline.edges.consolidated.formulas import literal, placed
from pipeline.edges.consolidated.grid import Grid
from pipeline.edges.consolidated.page import Report, fitting_height, put_link, set_page
from pipeline.edges.pen import Worksheet, put, put_across, put_formula
from pipeline.spec.consolidated import ChartsPage

_FIRST_WIDTH, _WIDTH = 26.0, 14.0  # of months or units, then of each group and the plan
_LEAST_GROUPS = 5  # the page is as wide as for so many, also where there are fewer
_PANELS = 2  # in a line
_PANEL_ROWS, _PANEL_GAP = 9, 12  # a title and a blank line come with each; pixels between two panels
_ROW, _MONTH_ROW, _UNIT_ROW = 14, 16, 24  # so low that twelve months stay on one page
_TITLE_HEIGHT, _SECTION_HEIGHT, _HEADER_HEIGHT = 26, 30, 22
_PIXELS_PER_POINT = 96 / 72
_FROM = 2  # months that make a line
_DECIMALS = 1


def write_charts(sheet: Worksheet, report: Report, grids: Mapping[str, Grid]) -> None:
    """Fill the worksheet: page one the groups, page two the units."""
    spec, formats = report.spec.charts, report.formats
    widths = _widths(report)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    put_link(sheet, 1, 1, (report.spec.overview.name, "A1"), report.spec.overview.back, formats.get("back"))
    title = f"{spec.title} – {report.overview.period_label.upper()}"
    put(sheet, 2, 1, title, formats.get("title"))
    sheet.set_row(1, _TITLE_HEIGHT)
    end = _write_groups(sheet, report, 3)
    sheet.set_h_pagebreaks([end])
    last = _write_units(sheet, report, grids["units"], end + 1)
    set_page(sheet, report, landscape=False)
    sheet.print_area(f"A1:{address(last, len(widths))}")


def _widths(report: Report) -> tuple[float, ...]:
    """Of all columns."""
    return (_FIRST_WIDTH, *[_WIDTH] * (max(_LEAST_GROUPS, len(report.overview.groups)) + 1))


def _pixels(report: Report) -> list[int]:
    return [int(width * 7 + 0.5) + 5 for width in _widths(report)]


def _middle(pixels: Sequence[int]) -> int:
    """How many columns make the left half of the page, as nearly as columns can."""
    return min(range(1, len(pixels)), key=lambda at: abs(2 * sum(pixels[:at]) - sum(pixels)))


def _write_section(sheet: Worksheet, report: Report, row: int, text: str) -> None:
    put_across(sheet, row, (1, len(_widths(report))), text, report.formats.get("section", text_wrap=True))
    sheet.set_row(row - 1, _SECTION_HEIGHT)


def _write_nothing(sheet: Worksheet, report: Report, row: int) -> int:
    columns = (1, len(_widths(report)))
    put_across(sheet, row, columns, report.spec.charts.empty, report.formats.get("sentence"))
    sheet.set_row(row - 1, _UNIT_ROW)
    return row


def _write_groups(sheet: Worksheet, report: Report, row: int) -> int:
    """The table of months and groups, then the panels; returns the last row."""
    spec, overview = report.spec.charts, report.overview
    _write_section(sheet, report, row, spec.groups_heading)
    if sum(total is not None for _, total, _ in overview.trend) < _FROM or not overview.group_trend:
        return _write_nothing(sheet, report, row + 1)
    names = [report.spec.overview.group_label.format(**vars(group)) for group in overview.groups]
    header = [spec.groups.columns[0], *names, spec.groups.columns[1]]
    for at, label in enumerate(header, 1):
        put(sheet, row + 1, at, label, report.formats.get("header"))
    widths = _widths(report)[: len(header)]
    labels = [(label, width, True) for label, width in zip(header, widths, strict=True)]
    sheet.set_row(row, fitting_height(labels, report.spec.font_size))
    months = zip(overview.group_trend, overview.trend, strict=True)
    for number, ((month, means), (_, total, _)) in enumerate(months, row + 2):
        put(sheet, number, 1, month, report.formats.get("cell", align="center"))
        for at, mean in enumerate((*means, total), 2):
            style = report.formats.get("cell", align="center", num_format=report.spec.overview.mean_format)
            put(sheet, number, at, mean, style)  # a chart takes any text for 0, and leaves a blank out
        sheet.set_row(number - 1, _MONTH_ROW)
    return _write_panels(sheet, report, row + 1, names)


def _write_panels(sheet: Worksheet, report: Report, header: int, names: list[str]) -> int:
    """A panel for each group, two in a line; returns the last row."""
    first, lines = header + len(report.overview.trend) + 2, -(-len(names) // _PANELS)
    last = first + lines * (_PANEL_ROWS + 2) - 1
    for row in range(first, last + 1):
        sheet.set_row(row - 1, _ROW)
    pixels = _pixels(report)
    middle = _middle(pixels)
    widths, columns = (sum(pixels[:middle]) - _PANEL_GAP, sum(pixels[middle:])), (1, middle + 1)
    for number, name in enumerate(names):
        line, place = divmod(number, _PANELS)
        row, column = first + line * (_PANEL_ROWS + 2), columns[place]
        put(sheet, row, column, name, report.formats.get("authority"))
        room = Room(row + 1, column, widths[place], int(_PANEL_ROWS * _ROW * _PIXELS_PER_POINT))
        _put_panel(sheet, report, header, number, room)
    return last


def _put_panel(sheet: Worksheet, report: Report, header: int, number: int, room: Room) -> None:
    """One group as a line with markers, the whole plan dashed behind it."""
    overview, spec, palette = report.overview, report.spec.charts, report.spec.palette
    months = len(overview.trend)
    chart = report.book.add_chart({"type": "line"})
    for column, which in ((1 + len(overview.groups), 1), (1 + number, 0)):
        series = series_of(sheet, header, months, 1, column)
        labelled = months - 1 if which == 0 else None
        chart.add_series({**series, **line_look(report, which, months, labelled)})
    grid = {"visible": True, "line": {"color": palette.border}}
    chart.set_x_axis({"num_font": chart_font(report), "line": {"color": palette.muted}})
    chart.set_y_axis(
        {**SCALE, "num_font": chart_font(report), "major_gridlines": grid, "line": {"none": True}}
    )
    chart.set_legend({"none": True})
    means = [(month, values[number]) for month, values in overview.group_trend]
    items = "; ".join(spec.groups.item.format(label=m, figures=_spoken(report, v)) for m, v in means)
    insert(sheet, chart, room, spec.groups.alt.format(name=overview.groups[number].name, items=items))


def _spoken(report: Report, value: float | None) -> str:
    return report.spec.absent if value is None else number_text(value, _DECIMALS)


def _write_units(sheet: Worksheet, report: Report, grid: Grid, row: int) -> int:
    """The units by their total, with bars beside them; returns the last row."""
    spec = report.spec.charts
    every = list(_scored(spec, grid))
    scored = every[: spec.most_units]
    best = spec.best_heading.format(shown=len(scored), listed=len(every))
    _write_section(sheet, report, row, spec.units_heading if scored == every else best)
    if not scored:
        return _write_nothing(sheet, report, row + 1)
    for at, label in enumerate(spec.units.columns, 1):
        put(sheet, row + 1, at, label, report.formats.get("header"))
    sheet.set_row(row, _HEADER_HEIGHT)
    for number, (code, name, total) in enumerate(scored, row + 2):
        put(sheet, number, 1, name, report.formats.get("cell"))
        style = report.formats.get("cell strong", align="center", num_format=report.spec.overview.mean_format)
        if grid.formulas:
            text = f"INDEX(units[total],MATCH({literal(code)},units[unit],0))"
            put_formula(
                sheet, number, 2, placed(text, {}, number, lambda _, key: grid.name(key)), style, total
            )
        else:
            put(sheet, number, 2, total, style)
        sheet.set_row(number - 1, _UNIT_ROW)
    _put_bars(sheet, report, row + 1, scored)
    last = row + 1 + len(scored)
    if not any(_has_no_results(r) for r in grid.rows):
        return last
    columns = (1, len(_widths(report)))
    put_across(sheet, last + 1, columns, spec.no_results_note, report.formats.get("note"))
    sheet.set_row(last, _UNIT_ROW)
    return last + 1


def _scored(spec: ChartsPage, grid: Grid) -> Iterator[tuple[str, str, float]]:
    """Id, shown name and total of every unit that has one, the best first; those without results, whose
    total says something else, come after the others and are marked."""
    scored = [(r, float(r["total"])) for r in grid.rows if isinstance(r["total"], int | float)]
    for row, total in sorted(scored, key=lambda pair: (_has_no_results(pair[0]), -pair[1])):
        name = str(row["short_name"])
        shown = spec.no_results.format(name=name) if _has_no_results(row) else name
        yield str(row["unit"]), shown, total


def _has_no_results(row: Mapping[str, Any]) -> bool:
    return isinstance(row["total"], int | float) and not isinstance(row["results"], int | float)


def _put_bars(sheet: Worksheet, report: Report, header: int, scored: list[tuple[str, str, float]]) -> None:
    spec = report.spec.charts
    height = int(_UNIT_ROW * len(scored) * _PIXELS_PER_POINT)
    room = Room(header + 1, 3, sum(_pixels(report)[2:]), height)
    series: dict[str, Any] = {
        **series_of(sheet, header, len(scored), 1, 1),
        "fill": {"color": report.spec.palette.latest},
        "data_labels": {"value": True, "num_format": "0.0", "font": {**chart_font(report), "bold": True}},
        "gap": gap_for(room, len(scored)),
    }
    chart = report.book.add_chart({"type": "bar"})
    chart.add_series(series)
    axis = {"num_font": chart_font(report), "line": {"none": True}, "major_tick_mark": "none"}
    chart.set_y_axis({**axis, "reverse": True, "visible": False})
    chart.set_x_axis({**axis, "visible": False, "major_gridlines": {"visible": False}, "min": 0, "max": 110})
    chart.set_legend({"none": True})
    chart.set_plotarea({"layout": {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0}})
    items = "; ".join(spec.units.item.format(label=n, figures=_spoken(report, t)) for _, n, t in scored)
    insert(sheet, chart, room, spec.units.alt.format(items=items))

"""The two charts of the overview, whose figures stand beside the printed page, and what all charts share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.base.sheet import address, column_letters, number_text
from pipeline.edges.consolidated.page import Report
from pipeline.edges.pen import Worksheet, put

_DATA_COLUMN, _VERDICT_ROW, _TREND_ROW = 14, 2, 14
_DATA_WIDTHS = (26, 24, 28)
_BAR_PIXELS, _LEAST_GAP, _GREATEST_GAP = 20, 35, 500
_TREND_FROM = 2  # months that make a line
_LABEL_DECIMALS = 1
SCALE = {"min": 0, "max": 100, "major_unit": 25}
_MARKERS, _DASHES, _LABEL_SIDES = ("circle", "diamond"), ("solid", "dash"), ("above", "below")

Value = str | float | None


@dataclass(frozen=True)
class Room:
    """Where a chart goes: its upper left cell, counted from 1, and its size in pixels."""

    row: int
    column: int
    width: int
    height: int


def put_verdict_chart(sheet: Worksheet, report: Report, room: Room) -> None:
    """Bars of how many indicators bear each verdict, named by sign and words."""
    spec, counts = report.spec, report.overview.verdict_counts
    statuses = [(s, counts[key]) for key, s in spec.statuses["verdict"].items() if counts.get(key)]
    if not statuses:
        return
    texts = spec.overview.verdict_chart
    rows = [(status.text, float(count)) for status, count in statuses]
    _write_data(sheet, report, _VERDICT_ROW, texts.columns, rows)
    solid = [spec.colours[status.colour or "grey"].solid for status, _ in statuses]
    series = {
        **series_of(sheet, _VERDICT_ROW, len(rows), _DATA_COLUMN, 1),
        "points": [{"fill": {"color": colour}} for colour in solid],
        "data_labels": {"value": True, "font": {**chart_font(report), "bold": True}},
        "gap": gap_for(room, len(rows)),
    }
    axis = {"num_font": chart_font(report), "line": {"none": True}, "major_tick_mark": "none"}
    chart = report.book.add_chart({"type": "bar"})
    chart.add_series(series)
    chart.set_y_axis({**axis, "reverse": True})
    chart.set_x_axis({**axis, "visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"none": True})
    items = [texts.item.format(label=status.label, figures=count) for status, count in statuses]
    insert(sheet, chart, room, texts.alt.format(items="; ".join(items)))


def put_trend_chart(sheet: Worksheet, report: Report, room: Room) -> bool:
    """Both means over the months; False where there are not enough months for a line."""
    spec, trend = report.spec, report.overview.trend
    if sum(means[0] is not None for _, *means in trend) < _TREND_FROM:
        return False
    texts = spec.overview.trend_chart
    _write_data(sheet, report, _TREND_ROW, texts.columns, trend)
    grid = {"visible": True, "line": {"color": spec.palette.border}}
    chart = report.book.add_chart({"type": "line"})
    for number in (1, 2):
        chart.add_series(_line(sheet, report, number))
    chart.set_x_axis({"num_font": chart_font(report), "line": {"color": spec.palette.muted}})
    chart.set_y_axis(
        {**SCALE, "num_font": chart_font(report), "major_gridlines": grid, "line": {"none": True}}
    )
    chart.set_legend({"position": "top", "font": chart_font(report)})
    items = [texts.item.format(label=month, figures=_spoken(report, means)) for month, *means in trend]
    insert(sheet, chart, room, texts.alt.format(items="; ".join(items)))
    return True


def gap_for(room: Room, bars: int) -> int:
    """The gap between bars, as a share of their width, that keeps a few bars from growing fat."""
    return max(_LEAST_GAP, min(_GREATEST_GAP, round(100 * (room.height / bars / _BAR_PIXELS - 1))))


def _line(sheet: Worksheet, report: Report, number: int) -> dict[str, Any]:
    months = len(report.overview.trend)
    series = series_of(sheet, _TREND_ROW, months, _DATA_COLUMN, number)
    return {**series, **line_look(report, number - 1, months, months - 1)}


def line_look(report: Report, which: int, months: int, labelled: int | None) -> dict[str, Any]:
    """One of two lines, told from the other by dash and marker; only the point `labelled` bears a figure."""
    colour = report.spec.palette.series[which]
    mark = {"fill": {"color": colour}, "border": {"color": colour}}
    look: dict[str, Any] = {
        "line": {"color": colour, "width": 2, "dash_type": _DASHES[which]},
        "marker": {"type": _MARKERS[which], "size": 7, **mark},
    }
    if labelled is None:
        return look
    custom = [None if at == labelled else {"delete": True} for at in range(months)]
    labels = {"value": True, "position": _LABEL_SIDES[which], "num_format": "0.0", "custom": custom}
    return {**look, "data_labels": {**labels, "font": {**chart_font(report), "bold": True, "color": colour}}}


def series_of(sheet: Worksheet, header: int, count: int, labels: int, number: int) -> dict[str, str]:
    """Name, categories and values: the column of `labels` and the `number`th after it, below `header`."""
    name, at = sheet.get_name(), labels + number
    return {
        "name": f"='{name}'!{_fixed(header, at)}",
        "categories": f"='{name}'!{_fixed(header + 1, labels)}:{_fixed(header + count, labels)}",
        "values": f"='{name}'!{_fixed(header + 1, at)}:{_fixed(header + count, at)}",
    }


def _fixed(row: int, column: int) -> str:
    return f"${column_letters(column)}${row}"


def _write_data(
    sheet: Worksheet, report: Report, row: int, header: Sequence[str], rows: Sequence[Sequence[Value]]
) -> None:
    formats = report.formats
    for offset, width in enumerate(_DATA_WIDTHS):
        sheet.set_column(_DATA_COLUMN + offset - 1, _DATA_COLUMN + offset - 1, width)
    put(sheet, _VERDICT_ROW - 1, _DATA_COLUMN, report.spec.overview.chart_data, formats.get("note"))
    for at, label in enumerate(header, _DATA_COLUMN):
        put(sheet, row, at, label, formats.get("data header"))
    for number, values in enumerate(rows, row + 1):
        for at, value in enumerate(values, _DATA_COLUMN):
            put(sheet, number, at, value, formats.get("data"))


def _spoken(report: Report, means: Iterable[float | None]) -> str:
    figures = (report.spec.absent if m is None else number_text(m, _LABEL_DECIMALS) for m in means)
    return " / ".join(figures)


def chart_font(report: Report) -> dict[str, Any]:
    """The font of axes, labels and legends."""
    return {"name": report.spec.font, "size": report.spec.font_size - 1, "color": report.spec.palette.ink}


def insert(sheet: Worksheet, chart: Any, room: Room, alt: str) -> None:
    """Put a chart into its room; `alt` is read out to those who cannot see it."""
    chart.set_title({"none": True})
    chart.set_size({"width": room.width, "height": room.height})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    options = {"description": alt, "object_position": 1}
    if sheet.insert_chart(address(room.row, room.column), chart, options):
        raise ValueError(f"no chart in {sheet.get_name()}")

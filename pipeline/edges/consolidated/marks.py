"""The conditional formats of a table: rules that go on working when somebody sorts or edits."""

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.base.sheet import address, column_letters
from pipeline.edges.consolidated.cells import Page
from pipeline.edges.consolidated.grid import FIRST_ROW, HEADER_ROW
from pipeline.spec.consolidated import Bar, Column


def mark_table(page: Page) -> None:
    """Lay the rules of every column over its cells; those of one area stand together, first wins."""
    grouping = [at for at, column in enumerate(page.grid.columns, 1) if column.grouping]
    for at, column in enumerate(page.grid.columns, 1):
        for options in (*_column_rules(page, column), *_group_rules(page, at, grouping)):
            _apply(page, page.grid.area(at, at), options)
    if page.grid.sheet.periods == "shown":
        _mark_heat(page)


def bar_rule(bar: Bar) -> dict[str, Any]:
    """A data bar that begins at 0 and is full at `bar.full`."""
    return {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": bar.colour,
        "bar_border_color": bar.colour,
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": bar.full,
    }


def _column_rules(page: Page, column: Column) -> Iterator[dict[str, Any]]:
    spec, formats = page.report.spec, page.report.formats
    for status in spec.statuses[column.vocabulary].values() if column.vocabulary else ():
        if status.colour:
            style = formats.mark(spec.colours[status.colour])
            yield {"type": "cell", "criteria": "==", "value": f'"{status.text}"', "format": style}
    for mark in column.marks:
        style = formats.mark(spec.colours[mark.colour])
        yield {"type": "text", "criteria": "begins with", "value": mark.begins, "format": style}
    if column.bar:
        yield bar_rule(column.bar)


def _group_rules(page: Page, at: int, grouping: Sequence[int]) -> Iterator[dict[str, Any]]:
    """A line above every row whose group differs from the row above; the group itself in full ink."""
    palette, formats = page.report.spec.palette, page.report.formats
    for group in grouping:
        letters = column_letters(group)
        changed = f"=${letters}{FIRST_ROW}<>${letters}{HEADER_ROW}"
        looks = {"bold": True, "font_color": palette.title} if at == group else {}
        frame = {"border": 1, "border_color": palette.border, "top_color": palette.rule}
        style = formats.rule(**frame, **looks)
        yield {"type": "formula", "criteria": changed, "format": style}


def _mark_heat(page: Page) -> None:
    """In each row, from its lowest to its highest month; a month without a figure is grey."""
    grid, palette = page.grid, page.report.spec.palette
    if not grid.periods:
        return
    first, last = grid.place[grid.periods[0]], grid.place[grid.periods[-1]]
    blank = page.report.formats.rule(bg_color=palette.blank)
    _apply(page, grid.area(first, last), {"type": "blanks", "format": blank})
    scale = {"type": "2_color_scale", "min_color": palette.heat[0], "max_color": palette.heat[1]}
    for number in range(FIRST_ROW, FIRST_ROW + len(grid.rows)):
        _apply(page, f"{address(number, first)}:{address(number, last)}", scale)


def _apply(page: Page, area: str, options: dict[str, Any]) -> None:
    if page.sheet.conditional_format(area, dict(options)):
        raise ValueError(f"no conditional format at {page.sheet.get_name()}!{area}")

"""Write the first sheet: one page that tells the head of the commune how far the plan is.

Every part begins at a row, writes itself, and returns the row after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import shorten

from pipeline.base.sheet import address
from pipeline.edges.consolidated.charts import Room, put_trend_chart, put_verdict_chart
from pipeline.edges.consolidated.formulas import literal, placed
from pipeline.edges.consolidated.grid import Grid
from pipeline.edges.consolidated.marks import bar_rule
from pipeline.edges.consolidated.page import Report, fitting_height, put_link, set_page
from pipeline.edges.pen import Format, Worksheet, put, put_across, put_formula
from pipeline.spec.consolidated import Bar
from pipeline.spec.tables import GroupFigures

Span = tuple[int, int]

_WIDTHS = (30.0, 8.5, 8.5, 8.5, 9.5, 11.5, 11.5, 2.0, 9.5, 9.5, 9.5, 9.5)
_ALL: Span = (1, len(_WIDTHS))
_SENTENCES: Span = (1, len(_WIDTHS) - 1)
_GROUPS, _COLOURS = (1, 7), (9, 12)
_COURSE, _NOTES = (1, 4), (6, 12)
_BADGE: Span = (11, 12)
_MEANS: Span = (6, 7)
_TILES: Mapping[str, Span] = {"mean": (1, 1), "with_missing": (2, 4), "met": (5, 7), "sent": (9, 12)}
_TILE_MEANS = {"mean": "mean_reported", "with_missing": "mean_with_missing"}
_NAV: tuple[Span, ...] = ((1, 1), (2, 3), (4, 5), (6, 7), (9, 12))

_TITLE_HEIGHT, _LINE, _SPACER, _SECTION_HEIGHT = 34, 20, 10, 24
_TILE_HEIGHTS = (24, 36, 18, 20)
_GROUP_HEIGHT, _COURSE_HEIGHT = 29, 165
_PADDING = 5 / 7  # of a column, in letters
_PIXELS_PER_POINT = 96 / 72


_GROUP_COLUMNS = ("name", "listed", "met", "reported", "missing", "mean_reported", "mean_with_missing")
_PLACE: Mapping[str, int] = {key: at for at, key in enumerate(_GROUP_COLUMNS, 1)}


@dataclass(frozen=True)
class _Page:
    sheet: Worksheet
    report: Report
    grids: Mapping[str, Grid]
    formulas: Mapping[str, Sequence[str]]  # of the table of groups
    heights: dict[int, float] = field(default_factory=dict)

    def style(self, role: str) -> Format:
        return self.report.formats.get(role)

    def set_height(self, row: int, height: float) -> None:
        self.heights[row] = height
        self.sheet.set_row(row - 1, height)

    def fit(self, row: int, texts: Iterable[tuple[str, float, bool]], least: float) -> None:
        self.set_height(row, fitting_height(texts, self.report.spec.font_size, least))

    def placed(self, formula: str, row: int) -> str:
        return placed(formula, _PLACE, row, lambda table, key: self.grids[table].name(key))

    def room(self, first_row: int, last_row: int, span: Span) -> Room:
        """The room of some cells, for a chart."""
        points = sum(self.heights[row] for row in range(first_row, last_row + 1))
        width = sum(int(_WIDTHS[at - 1] * 7 + 0.5) + 5 for at in range(span[0], span[1] + 1))
        return Room(first_row, span[0], width, int(points * _PIXELS_PER_POINT))


def write_overview(
    sheet: Worksheet, report: Report, grids: Mapping[str, Grid], formulas: Mapping[str, Sequence[str]]
) -> None:
    """Fill the worksheet from top to bottom; `formulas` are those of the table of groups."""
    page = _Page(sheet, report, grids, formulas)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    row = _write_head(page, 1)
    tiles, row = row, _write_groups(page, row + len(_TILE_HEIGHTS) + 1)
    _write_tiles(page, tiles, total_row=row - 2)
    row = _write_course(page, row)
    row = _write_attention(page, row)
    page.set_height(row, _SPACER)
    row = _write_list(page, row + 1, "requests", _ALL, report.overview.requests)
    set_page(sheet, report, landscape=False, pages_high=1)
    sheet.print_area(f"A1:{address(row - 1, _ALL[1])}")


def _write_head(page: _Page, row: int) -> int:
    overview, spec = page.report.overview, page.report.spec.overview
    put(page.sheet, row, 1, overview.authority.upper(), page.style("authority"))
    put_across(page.sheet, row, _BADGE, overview.status, page.style("badge"))
    page.set_height(row, _LINE)
    headline = spec.headline.format(month=overview.period_label.upper())
    put_across(page.sheet, row + 1, _ALL, headline, page.style("headline"))
    page.set_height(row + 1, _TITLE_HEIGHT)
    for number, text in enumerate((overview.title, spec.subtitle.format(**page.report.words)), row + 2):
        put_across(page.sheet, number, _ALL, text, page.style("note"))
        page.fit(number, [(text, _width(_ALL), False)], _LINE)
    return _write_nav(page, row + 4)


def _write_nav(page: _Page, row: int) -> int:
    """Links to all sheets, in lines of a few."""
    spec = page.report.spec
    for number, key in enumerate(spec.overview.nav):
        line, place = divmod(number, len(_NAV))
        name, span = spec.page_names[key], _NAV[place]
        put_across(page.sheet, row + line, span, name, page.style("nav"))
        put_link(page.sheet, row + line, span[0], (name, "A1"), name, page.style("nav"))
    lines = -(-len(spec.overview.nav) // len(_NAV))
    for line in range(lines):
        page.set_height(row + line, _LINE)
    page.set_height(row + lines, _SPACER)
    return row + lines + 1


def _write_tiles(page: _Page, row: int, total_row: int) -> None:
    """Four big figures, each with what it is above and what it stands on below."""
    for key, (figure, role, note) in _tiles(page.report).items():
        tile, span = page.report.spec.overview.tiles[key], _TILES[key]
        style = page.report.formats.get(role, num_format=tile.format)
        put_across(page.sheet, row, span, tile.label, page.style("tile label"))
        put_across(page.sheet, row + 1, span, "", style)
        if key in _TILE_MEANS and page.formulas:
            formula = _mean_of_tile(page, address(total_row, _PLACE[_TILE_MEANS[key]]))
            put_formula(page.sheet, row + 1, span[0], formula, style, figure)
        else:
            put(page.sheet, row + 1, span[0], figure, style)
        put_across(page.sheet, row + 2, span, note, page.style("tile note"))
        put_across(
            page.sheet, row + 3, span, page.report.overview.details.get(key, ""), page.style("tile note")
        )
    for offset, height in enumerate((*_TILE_HEIGHTS, _SPACER)):
        page.set_height(row + offset, height)


def _mean_of_tile(page: _Page, total: str) -> str:
    """The mean of the whole plan, or in its place that there is not enough for one."""
    spec = page.report.spec.overview
    short, words = literal(spec.not_enough), literal(_sentence(spec.not_enough))
    return f"IF({total}={short},{words},{total})"


def _tiles(report: Report) -> dict[str, tuple[str | float, str, str]]:
    """Figure, its role, and note by tile."""
    total, spec, overview = report.overview.total, report.spec, report.overview
    words = {**report.words, **_counts(total)}
    notes = {key: tile.note.format(**words) for key, tile in spec.overview.tiles.items()}
    figures: dict[str, str | float] = {
        "mean": _mean(report, total.mean_reported),
        "with_missing": _mean(report, total.mean_with_missing),
        "met": spec.overview.tiles["met"].figure.format(**words),
        "sent": spec.overview.tiles["sent"].figure.format(**words),
    }
    made = {key: (figure, "tile figure", notes[key]) for key, figure in figures.items()}
    if not total.enough:
        made["mean"] = (_sentence(spec.overview.not_enough), "tile words", notes["mean"])
    return made if overview.units_expected else made | {"sent": (spec.absent, "tile figure", notes["sent"])}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counts(group: GroupFigures) -> dict[str, int | str]:
    return {**vars(group), "owed": group.reported + group.missing}


def _mean(report: Report, value: float | None) -> str | float:
    return report.spec.absent if value is None else value


def _write_groups(page: _Page, row: int) -> int:
    """The table of groups on the left; beside it the four colours and the verdicts as a chart."""
    overview, spec = page.report.overview, page.report.spec
    _write_section(page, row, "groups", _GROUPS)
    _write_section(page, row, "verdicts", _COLOURS)
    header = row + 1
    for at, label in enumerate(spec.overview.group_columns, 1):
        put(page.sheet, header, at, label, page.style("header"))
    labels = [(label, _WIDTHS[at], True) for at, label in enumerate(spec.overview.group_columns)]
    page.fit(header, labels, _GROUP_HEIGHT)
    _write_colours(page, header)
    last = header + 1 + len(overview.groups)
    for number, group in enumerate((*overview.groups, overview.total), header + 1):
        _write_group(page, number, group, number - header - 1)
    bar = bar_rule(Bar(full=100, colour=spec.palette.bar))
    page.sheet.conditional_format(f"{address(header + 1, _MEANS[0])}:{address(last, _MEANS[1])}", bar)
    put_verdict_chart(page.sheet, page.report, page.room(header + 1, last, _COLOURS))
    page.set_height(last + 1, _SPACER)
    return last + 2


def _write_group(page: _Page, row: int, group: GroupFigures, number: int) -> None:
    """A row of the table of groups; the one without a code is the whole plan."""
    spec, formats = page.report.spec.overview, page.report.formats
    role = "cell" if group.code else "total"
    name = spec.group_label.format(**vars(group)) if group.code else spec.total_label
    indicators = page.grids["indicators"]
    if group.code and indicators.holds("group", group.code):
        target = indicators.jump("group", group.code, name)
        put_formula(page.sheet, row, 1, target, formats.get(role, **formats.link), name)
    else:
        put(page.sheet, row, 1, name, formats.get(role))
    for key in ("listed", "met", "reported", "missing"):
        _put_live(page, row, key, number, getattr(group, key), formats.get(role, align="center"))
    for key in ("mean_reported", "mean_with_missing"):
        figure = group.mean_reported if key == "mean_reported" else group.mean_with_missing
        short = key == "mean_reported" and not group.enough
        shown = spec.not_enough if short else _mean(page.report, figure)
        looks = {"italic": isinstance(shown, str), "num_format": spec.mean_format}
        _put_live(page, row, key, number, shown, formats.get(role, align="center", **looks))
    page.fit(
        row,
        [(name, _WIDTHS[0], not group.code), (spec.not_enough, _WIDTHS[5], not group.code)],
        _GROUP_HEIGHT,
    )


def _put_live(page: _Page, row: int, key: str, number: int, value: str | float, style: Format) -> None:
    """A figure of a group, as a formula where there is one."""
    texts, spec = page.formulas, page.report.spec
    if key not in texts:
        put(page.sheet, row, _PLACE[key], value, style)
        return
    formula = texts[key][number]
    if key.startswith("mean"):
        formula = f"IFERROR({formula},{literal(spec.absent)})"
    if key == "mean_reported":
        formula = f"IF({texts['enough'][number]},{formula},{literal(spec.overview.not_enough)})"
    put_formula(page.sheet, row, _PLACE[key], page.placed(formula, row), style, value)


def _write_colours(page: _Page, row: int) -> None:
    report = page.report
    for at, (key, colour) in enumerate(report.spec.colours.items(), _COLOURS[0]):
        looks = {"bg_color": colour.fill, "font_color": colour.ink, "num_format": f'"{colour.word}" 0'}
        count = report.overview.colour_counts.get(key, 0)
        put(page.sheet, row, at, count, report.formats.get("chip", **looks))


def _write_course(page: _Page, row: int) -> int:
    """The months so far on the left; beside them who sent, and what to know when reading."""
    overview, spec = page.report.overview, page.report.spec.overview
    _write_section(page, row, "trend", _COURSE)
    end = _write_list(page, row, "submission", _NOTES, _submission(page.report))
    end = _write_list(page, end, "remarks", _NOTES, overview.remarks)
    short = _COURSE_HEIGHT - sum(page.heights[at] for at in range(row + 1, end))
    page.set_height(end, max(short, _SPACER))
    if not put_trend_chart(page.sheet, page.report, page.room(row + 1, end, _COURSE)):
        put_across(page.sheet, row + 1, _COURSE, spec.blocks["trend"].empty, page.style("sentence"))
    return end + 1


def _submission(report: Report) -> tuple[str, ...]:
    overview, spec = report.overview, report.spec.overview
    if not overview.units_expected:
        return (spec.none_expected,)
    late = spec.late.format(count=len(overview.late), units=", ".join(overview.late))
    unsent = spec.not_sent.format(count=len(overview.not_sent), units=", ".join(overview.not_sent))
    waiting = spec.waiting.format(count=len(overview.waiting), units=", ".join(overview.waiting))
    absent = [text for text, units in ((unsent, overview.not_sent), (waiting, overview.waiting)) if units]
    return (*(absent or [spec.all_sent]), late if overview.late else spec.none_late)


def _write_attention(page: _Page, row: int) -> int:
    """What is late, each with a link to its row among the indicators."""
    codes, texts = (
        zip(*page.report.overview.attention, strict=True) if page.report.overview.attention else ((), ())
    )
    end = _write_list(page, row, "attention", _SENTENCES, texts, heading=_ALL)
    indicators = page.grids["indicators"]
    for number, code in enumerate(codes, row + 1):
        shown = page.report.spec.overview.more.format(heading=code)
        put_formula(
            page.sheet,
            number,
            _ALL[1],
            indicators.jump("code", code, shown),
            page.style("jump"),
            shown,
        )
    return end


def _write_list(
    page: _Page, row: int, key: str, span: Span, texts: Sequence[str], heading: Span | None = None
) -> int:
    spec = page.report.spec.overview
    _write_section(page, row, key, heading or span)
    short = (shorten(text, spec.longest, placeholder=" …") for text in texts)
    lines = [spec.bullet.format(text=text) for text in short] or [spec.blocks[key].empty]
    for number, line in enumerate(lines, row + 1):
        put_across(page.sheet, number, span, line, page.style("sentence"))
        page.fit(number, [(line, _width(span), False)], _LINE)
    return row + 1 + len(lines)


def _write_section(page: _Page, row: int, key: str, span: Span) -> None:
    """The heading of a block, which leads to the sheet that says more."""
    spec, style = page.report.spec, page.style("section")
    block = spec.overview.blocks[key]
    heading = block.heading.format(**page.report.words, **_counts(page.report.overview.total))
    put_across(page.sheet, row, span, heading, style)
    if block.sheet:
        name = spec.page_names[block.sheet]
        put_link(page.sheet, row, span[0], (name, "A1"), spec.overview.more.format(heading=heading), style)
    page.set_height(row, _SECTION_HEIGHT)


def _width(span: Span) -> float:
    """What some columns give to a text together, the padding between them too."""
    first, last = span
    return sum(_WIDTHS[first - 1 : last]) + _PADDING * (last - first)

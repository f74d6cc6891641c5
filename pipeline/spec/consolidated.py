"""The consolidated workbook as frozen objects: sheets, columns, words, signs and colours.

Loaded from `schemas/consolidated.toml`: everything that a reader sees and that is not data.
"""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from pipeline.base.errors import SpecError
from pipeline.spec.shape import Faults, build, read_once, read_toml
from pipeline.spec.statuses import ColourKey, Statuses

Kind = Literal["text", "number", "by_entry", "change", "status", "flag", "trend"]
Align = Literal["left", "center", "right"]
Look = Literal["", "strong", "muted", "small"]

TABLES = frozenset(
    (
        *("indicators", "outlook", "turns", "units", "unit_months", "tasks", "voices", "register"),
        *("findings", "changes", "decisions", "facts", "history", "methods"),
    )
)
TILES = frozenset(("mean", "with_missing", "met", "sent"))
BLOCKS = frozenset(("groups", "verdicts", "trend", "submission", "remarks", "attention", "requests"))

_LONGEST_NAME = 31  # Excel's limit
_FORBIDDEN_IN_NAMES = frozenset("[]:*?/\\")


@dataclass(frozen=True)
class Colour:
    """A pale fill with an ink that is readable on it, a full tone for charts, and its word."""

    word: str
    fill: str
    ink: str
    solid: str


@dataclass(frozen=True)
class Mark:
    """Colour for cells that begin with these words."""

    begins: str
    colour: ColourKey


@dataclass(frozen=True)
class Bar:
    """A data bar in every cell of the column, from 0 to `full`."""

    full: float
    colour: str


@dataclass(frozen=True)
class Link:
    """From a cell to the first row of another sheet whose `column` holds the same value.

    `by` names the column of the value where it is not the cell's own; it need not be shown.
    """

    sheet: str
    column: str
    by: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table. `vocabulary` names the words of a status.

    `breaks` allows to break words such as file names and hashes to fit; `grouping` mutes a
    value that repeats the one above, with a line where it changes; `folded` columns only feed
    formulas and are opened by the button above them. `opens` leads to the sealed original: to the
    cell whose address stands here, or to the sheet.
    """

    key: str
    label: str
    width: float
    kind: Kind = "text"
    align: Align | None = None
    look: Look = ""
    format: str = "General"
    vocabulary: str = ""
    breaks: bool = False
    grouping: bool = False
    folded: bool = False
    opens: Literal["", "cell", "sheet"] = ""
    bar: Bar | None = None
    link: Link | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet with one table. `legend` names the vocabulary that is explained under the title.

    Where `periods` is set, the columns of the history are added: "last" hides them at the end,
    for the trend lines; "shown" sets them out as a heat table. A longer text than `longest` letters
    in the column `splits` goes on in a row of its own, since a row has a greatest height.
    """

    key: str
    name: str
    title: str
    intro: str
    empty: str
    columns: tuple[Column, ...]
    frozen: int = 0
    font_size: float = 0
    legend: str = ""
    periods: Literal["", "last", "shown"] = ""
    landscape: bool = True
    splits: str = ""
    longest: int = 2000

    @cached_property
    def column_by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}


@dataclass(frozen=True)
class Limits:
    """What a workbook can hold and still opens well, and what is said where that is not enough.

    Above `live_facts` facts it holds values, no formulas; above `sheet_facts` the facts are in a file
    beside it only.
    """

    live_facts: int
    sheet_facts: int
    not_live: str
    in_file: str


@dataclass(frozen=True)
class Tile:
    """One big figure of the overview with what it is and what it stands on."""

    label: str
    note: str
    figure: str = ""
    format: str = "General"


@dataclass(frozen=True)
class Block:
    """A part of the overview: heading, the sheet that says more, and what stands there for nothing."""

    heading: str
    sheet: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Chart:
    """Texts of a chart: the header of its figures, and what is read out to those who cannot see it."""

    columns: tuple[str, ...]
    alt: str
    item: str


@dataclass(frozen=True)
class OverviewPage:
    """The first sheet. Placeholders are fields of the overview."""

    name: str
    headline: str
    subtitle: str
    back: str
    more: str
    nav: tuple[str, ...]
    tiles: dict[str, Tile]
    blocks: dict[str, Block]
    group_columns: tuple[str, ...]
    group_label: str
    total_label: str
    mean_format: str
    not_enough: str
    not_sent: str
    waiting: str
    all_sent: str
    late: str
    none_late: str
    none_expected: str
    longest: int
    bullet: str
    verdict_chart: Chart
    trend_chart: Chart
    chart_data: str


@dataclass(frozen=True)
class ChartsPage:
    """The last sheet: the groups over the months on one printed page, the units on another.

    Of more than `most_units` units the best are shown, below `best_heading`. Those without results come
    last, marked by `no_results`, and `no_results_note` says why.
    """

    name: str
    title: str
    groups: Chart
    groups_heading: str
    units: Chart
    units_heading: str
    most_units: int
    no_results: str
    no_results_note: str
    best_heading: str
    empty: str


@dataclass(frozen=True)
class Print:
    """The printed page: margins in inches, and the footer in three parts."""

    margins: dict[str, float]
    footer_size: float
    footer_left: str
    footer_center: str
    footer_right: str


@dataclass(frozen=True)
class Palette:
    """Colours that carry no meaning, as #RRGGBB."""

    paper: str
    ink: str
    muted: str
    title: str
    border: str
    header: str
    tile: str
    rule: str
    bar: str
    latest: str
    series: tuple[str, ...]
    heat: tuple[str, ...]
    blank: str


@dataclass(frozen=True)
class Consolidated:
    """The whole workbook as it looks."""

    font: str
    font_size: float
    title: str
    yes: str
    no: str
    absent: str
    period_column: str
    period_width: float
    archive: str
    limits: Limits
    palette: Palette
    colours: dict[str, Colour]
    statuses: Statuses
    entry_formats: dict[str, str]
    change_formats: dict[str, str]
    page: Print
    overview: OverviewPage
    sheets: tuple[Sheet, ...]
    charts: ChartsPage

    @cached_property
    def page_names(self) -> dict[str, str]:
        """The names of all sheets but the overview, by key."""
        return {**{sheet.key: sheet.name for sheet in self.sheets}, "charts": self.charts.name}

    @cached_property
    def sheet_by_key(self) -> dict[str, Sheet]:
        return {sheet.key: sheet for sheet in self.sheets}


@read_once
def load_consolidated(file: str, text: str) -> Consolidated:
    """The workbook's looks in `text`; a run asks several times. Raises `SpecError` with every fault."""
    faults = Faults()
    spec = build(Consolidated, read_toml(file, text), "", faults)
    if spec is not None:
        for place, fault in _misfits(spec):
            faults.add(place, fault)
    if spec is None or faults:
        raise SpecError(file, faults)
    return spec


def _misfits(spec: Consolidated) -> Iterator[tuple[str, str]]:
    """What does not fit together, as (place, fault)."""
    yield from _differing("colours", spec.colours.keys(), set(get_args(ColourKey)))
    yield from _differing("sheets", {sheet.key for sheet in spec.sheets}, TABLES)
    yield from _differing("overview.tiles", spec.overview.tiles.keys(), TILES)
    yield from _differing("overview.blocks", spec.overview.blocks.keys(), BLOCKS)
    names = [spec.overview.name, *(sheet.name for sheet in spec.sheets), spec.charts.name]
    for name, count in Counter(name.casefold() for name in names).items():
        if count > 1 or len(name) > _LONGEST_NAME or set(name) & _FORBIDDEN_IN_NAMES:
            yield "sheets.name", f"«{name}»: tên trang phải khác nhau, tối đa 31 chữ, không có []:*?/\\"
    for key in (*spec.overview.nav, *(b.sheet for b in spec.overview.blocks.values() if b.sheet)):
        if key not in spec.page_names:
            yield "overview", f"không có trang «{key}»"
    for sheet in spec.sheets:
        yield from _sheet_misfits(spec, sheet)


def _differing(place: str, found: Set[str], wanted: Set[str]) -> Iterator[tuple[str, str]]:
    if found != wanted:
        yield place, f"phải có đúng: {', '.join(sorted(wanted))}"


def _sheet_misfits(spec: Consolidated, sheet: Sheet) -> Iterator[tuple[str, str]]:
    place = f"sheets({sheet.key})"
    if sheet.frozen > len(sheet.columns):
        yield f"{place}.frozen", "lớn hơn số cột"
    if sheet.legend and sheet.legend not in spec.statuses:
        yield f"{place}.legend", f"không có bộ từ «{sheet.legend}»"
    for key, count in Counter(column.key for column in sheet.columns).items():
        if count > 1:
            yield f"{place}.columns", f"«{key}» có {count} lần"
    if sheet.splits and sheet.splits not in sheet.column_by_key:
        yield f"{place}.splits", f"không có cột «{sheet.splits}»"
    for column in sheet.columns:
        at = f"{place}.columns.{column.key}"
        if (column.kind == "status") != bool(column.vocabulary) or (
            column.vocabulary and column.vocabulary not in spec.statuses
        ):
            yield f"{at}.vocabulary", "kiểu status, và chỉ kiểu ấy, cần một bộ từ có trong statuses"
        if column.link and column.link.sheet not in spec.sheet_by_key:
            yield f"{at}.link.sheet", f"không có trang «{column.link.sheet}»"
        elif column.link and column.link.column not in spec.sheet_by_key[column.link.sheet].column_by_key:
            yield f"{at}.link.column", f"trang «{column.link.sheet}» không có cột «{column.link.column}»"

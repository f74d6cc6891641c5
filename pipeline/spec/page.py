"""The leaders' page, ready to be laid out: the fields that its template may name.

Every text is finished: sentences, numbers and dates are written as they are to be read. Places and sizes
of drawings are in their own units, percents of bars from 0 to 100.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chip:
    """What a status says: by a sign, by a word, and by a colour (`green`, …, or nothing)."""

    sign: str
    label: str
    colour: str


@dataclass(frozen=True)
class Answer:
    """A figure that answers one question, and the id of the section that says more."""

    figure: str
    label: str
    note: str
    target: str


@dataclass(frozen=True)
class Share:
    """One kind of verdict in the strip of all indicators: how many, and where its piece is drawn."""

    kind: str
    chip: Chip
    count: int
    x: str
    width: str


@dataclass(frozen=True)
class Spark:
    """A small line over the months, with what is read out; `x`, `y` is its last point."""

    title: str
    desc: str
    path: str
    x: str
    y: str


@dataclass(frozen=True)
class Late:
    """An indicator that is behind."""

    code: str
    name: str
    lead: str
    result: str
    target: str
    distance: str
    bar: str
    spark: Spark


@dataclass(frozen=True)
class Units:
    """The units that stand alike: how many, and the names of the first."""

    chip: Chip
    count: int
    names: str


@dataclass(frozen=True)
class Voice:
    """What units wrote, in their own words."""

    units: str
    text: str


@dataclass(frozen=True)
class Group:
    """A group of indicators, or the whole plan for an empty `code`."""

    code: str
    name: str
    listed: int
    met: int
    reported: int
    missing: int
    mean: str
    with_missing: str
    bar: str
    spark: Spark


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and what stands there."""

    at: str
    label: str


@dataclass(frozen=True)
class ChartLine:
    """A line of the chart: its name, its path, its points, and the figure at its end."""

    key: str
    name: str
    path: str
    points: tuple[Tick, ...]
    end: str
    end_y: str


@dataclass(frozen=True)
class ChartRow:
    """The figures of a month, for those who want to read them."""

    month: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """Both means over the months."""

    title: str
    desc: str
    grid: tuple[Tick, ...]
    months: tuple[Tick, ...]
    lines: tuple[ChartLine, ...]
    rows: tuple[ChartRow, ...]


@dataclass(frozen=True)
class TurnCount:
    """How many indicators have turned one way."""

    chip: Chip
    count: int


@dataclass(frozen=True)
class Turned:
    """An indicator that got worse, with its verdicts of both months."""

    code: str
    name: str
    before: Chip
    now: Chip


@dataclass(frozen=True)
class Card:
    """The proposed scorecard of a unit; `note` is the workbook's where the grade rests on no results."""

    rank: str
    rank_range: str
    unit: str
    total: str
    bar: str
    grade: str
    note: str
    results: str
    timeliness: str
    quality: str


@dataclass(frozen=True)
class Indicator:
    """A row of the table of indicators; `kind` is what it can be filtered by."""

    kind: str
    code: str
    name: str
    lead: str
    target: str
    result: str
    change: str
    attainment: str
    bar: str
    chip: Chip
    remark: str
    spark: Spark


@dataclass(frozen=True)
class IndicatorGroup:
    """The indicators of a group, and the kinds that are among them."""

    code: str
    name: str
    kinds: tuple[str, ...]
    rows: tuple[Indicator, ...]


@dataclass(frozen=True)
class Page:
    """The whole page, in its order. Texts that begin with `more_` say what was left out, or nothing."""

    title: str
    authority: str
    status: str
    headline: str
    subtitle: str
    moment: str
    mean: str
    mean_is_figure: bool
    mean_label: str
    mean_note: str
    mean_change: str
    with_missing: str
    answers: tuple[Answer, ...]
    listed: int
    strip_heading: str
    strip_desc: str
    shares: tuple[Share, ...]
    late_heading: str
    late_empty: str
    late: tuple[Late, ...]
    more_late: str
    tasks: tuple[str, ...]
    more_tasks: str
    submission_heading: str
    submission: str
    units: tuple[Units, ...]
    requests_heading: str
    requests_empty: str
    requests: tuple[Voice, ...]
    more_requests: str
    groups_heading: str
    groups: tuple[Group, ...]
    trend_heading: str
    trend_empty: str
    chart: Chart | None
    turns: tuple[TurnCount, ...]
    turned: tuple[Turned, ...]
    more_turned: str
    cards_heading: str
    cards: tuple[Card, ...]
    more_cards: str
    obstacles_heading: str
    obstacles_empty: str
    obstacles: tuple[Voice, ...]
    more_obstacles: str
    indicators: tuple[IndicatorGroup, ...]
    remarks_heading: str
    remarks: tuple[str, ...]
    source: str

"""How it goes over the months: groups, both means, and what has turned since the month before."""

from collections import Counter

from pipeline.core.page.drawing import Field, path, place_text, points
from pipeline.core.page.head import month_of
from pipeline.core.page.indicators import spark
from pipeline.core.page.sources import Sources, bar, parted
from pipeline.core.rows import Row, rows_of
from pipeline.spec.page import Chart, ChartLine, ChartRow, Group, Tick, TurnCount, Turned
from pipeline.spec.tables import GroupFigures

CHART = Field(left=30, top=22, width=282, height=150)
_GRID = (0, 50, 100)
_END_ABOVE, _END_BELOW = -10.0, 18.0
_FROM = 2  # months that make a line
_TOLD = ("worse", "lost", "better", "new")
_WORSE = ("worse", "lost")


def groups(src: Sources) -> tuple[Group, ...]:
    """Each group with its line over the months, then the whole plan."""
    overview = src.overview
    lines = [tuple(means[at] for _, means in overview.group_trend) for at in range(len(overview.groups))]
    lines.append(tuple(mean for _, mean, _ in overview.trend))
    named = zip((*overview.groups, overview.total), lines, strict=True)
    return tuple(_group(src, group, line) for group, line in named)


def chart(src: Sources) -> Chart | None:
    """Both means over the months; None where there are not enough months for a line."""
    trend, texts = src.overview.trend, src.looks.overview.trend_chart
    if sum(mean is not None for _, mean, _ in trend) < _FROM:
        return None
    rows = tuple(ChartRow(month, tuple(src.number(m, 1) for m in means)) for month, *means in trend)
    items = (texts.item.format(label=row.month, figures=" / ".join(row.figures)) for row in rows)
    return Chart(
        title=src.heading("trend"),
        desc=texts.alt.format(items="; ".join(items)),
        grid=tuple(Tick(place_text(CHART.y(value)), str(value)) for value in _GRID),
        months=tuple(
            Tick(place_text(CHART.x(place, len(trend))), month_of(month))
            for place, (month, *_) in enumerate(trend)
        ),
        lines=(
            _line(src, "first", texts.columns[1], [mean for _, mean, _ in trend], _END_ABOVE),
            _line(src, "second", texts.columns[2], [mean for _, _, mean in trend], _END_BELOW),
        ),
        rows=rows,
    )


def turns(src: Sources) -> tuple[TurnCount, ...]:
    """How many indicators have got worse and better since the month before."""
    counts = Counter(str(row["turn"]) for row in _since_month(src))
    return tuple(TurnCount(src.chip("turn", key), counts[key]) for key in _TOLD if counts[key])


def turned(src: Sources) -> tuple[tuple[Turned, ...], str]:
    """The indicators that have got worse or lost their figure, and what was left out."""
    worse = [row for row in _since_month(src) if row["turn"] in _WORSE]
    shown, left = parted(worse, src.words.limits.turned)
    told = tuple(
        Turned(
            code=row["code"],
            name=row["name"],
            before=src.chip("verdict", row["verdict_before"]),
            now=src.chip("verdict", row["verdict"]),
        )
        for row in shown
    )
    return told, src.more("more_turned", left, "turns")


def _since_month(src: Sources) -> list[Row]:
    frame = src.pages.frames["turns"]
    return rows_of(frame[frame["compared"].eq(src.book.wording.say("since_month"))])


def _group(src: Sources, group: GroupFigures, line: tuple[float | None, ...]) -> Group:
    mean = group.mean_reported if group.enough else None
    name = group.name if group.code else src.looks.overview.total_label
    months = [month for month, *_ in src.overview.trend]
    said = dict(zip(months, (src.number(value, 1) for value in line), strict=True))
    return Group(
        code=group.code,
        name=name,
        listed=group.listed,
        met=group.met,
        reported=group.reported,
        missing=group.missing,
        mean=src.number(mean, 1) if group.enough else src.looks.overview.not_enough,
        with_missing=src.number(group.mean_with_missing, 1),
        bar=bar(mean),
        spark=spark(src, name, line, said),
    )


def _line(src: Sources, key: str, name: str, values: list[float | None], beside: float) -> ChartLine:
    """A line with the figure of the last month above or below its end."""
    last = values[-1]
    return ChartLine(
        key=key,
        name=name,
        path=path(values, CHART),
        points=points(values, CHART),
        end="" if last is None else src.number(last, 1),
        end_y="" if last is None else place_text(CHART.y(last) + beside),
    )

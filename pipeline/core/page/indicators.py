"""The table of all indicators, group by group, and the small line of each over the months."""

from pipeline.base.period import Period
from pipeline.core.page.drawing import close_field, path, points
from pipeline.core.page.head import kind_of
from pipeline.core.page.sources import Sources, bar
from pipeline.core.report.written import decimals_of, number, rounded
from pipeline.core.rows import Row
from pipeline.spec.page import Indicator as Shown
from pipeline.spec.page import IndicatorGroup, Spark
from pipeline.spec.plan import Indicator

SPARK = (3.0, 4.0, 74.0, 16.0)
"""Left, top, width and height of the field of a small line."""


def indicator_groups(src: Sources) -> tuple[IndicatorGroup, ...]:
    """All indicators of the plan; groups without one are left out."""
    groups = []
    for group in src.overview.groups:
        rows = tuple(_indicator(src, row) for row in src.indicators if row["group"] == group.code)
        kinds = tuple(dict.fromkeys(row.kind for row in rows))
        groups += [IndicatorGroup(group.code, group.name, kinds, rows)] if rows else []
    return tuple(groups)


def spark_of(src: Sources, indicator: Indicator) -> Spark:
    """The results of an indicator over the months, from its lowest to its highest."""
    months = [Period.parse(str(name)).short for name in src.pages.frames["history"].columns[1:]]
    values = src.history.get(indicator.code, ())
    said = [src.result(indicator, value) for value in values]
    return spark(src, indicator.code, values, dict(zip(months, said, strict=True)))


def spark(src: Sources, name: str, values: tuple[float | None, ...], said: dict[str, str]) -> Spark:
    """A small line; `said` are the figures as they are read out, by month."""
    field = close_field(values, *SPARK)
    placed = points(values, field)
    items = (src.words.say("spark_item", month=month, figure=figure) for month, figure in said.items())
    return Spark(
        title=src.words.say("spark", name=name),
        desc="; ".join(items),
        path=path(values, field),
        x=placed[-1].at if placed else "",
        y=placed[-1].label if placed else "",
    )


def _indicator(src: Sources, row: Row) -> Shown:
    indicator = src.book.plan.indicator_by_code[row["code"]]
    return Shown(
        kind=kind_of(src, row["verdict"]),
        code=indicator.code,
        name=indicator.name,
        lead=row["lead"],
        target=row["target"],
        result=src.result(indicator, row["result"]),
        change=_change(src, indicator, row["change"]),
        attainment=_attainment(src, row["attainment"]),
        bar=bar(row["attainment"]),
        chip=src.chip("verdict", row["verdict"]),
        remark=src.said(row["remark"]),
        spark=spark_of(src, indicator),
    )


def _attainment(src: Sources, value: float) -> str:
    shown = src.number(value, 1)
    return src.words.say("percent", number=shown) if value == value else shown


def _change(src: Sources, indicator: Indicator, change: float) -> str:
    """The change since the month before, as the workbook shows it; "" where there is none to tell."""
    if change != change or indicator.entry == "yes_no":
        return ""
    decimals = decimals_of(indicator)
    by = rounded(change, decimals)
    key = "change_up" if by > 0 else "change_down" if by < 0 else "change_same"
    return src.words.say(key, by=number(abs(by), decimals))

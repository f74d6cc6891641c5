"""The last figure of an indicator that has none this month: shown as carried forward, never scored."""

from dataclasses import dataclass

from pipeline.base.period import Period
from pipeline.core.month import Month

_NOTHING_CAME = ("missing", "no_data")


@dataclass(frozen=True, slots=True)
class Carried:
    """A scored result of an earlier month of the year."""

    period: Period
    value: float


def carried_forward(month: Month) -> dict[str, Carried]:
    """By code, for each indicator for which nothing came this month and an earlier month has a result."""
    rows = month.indicators.sort_values("period", kind="stable")
    results = rows[rows["result"].notna()]
    last = {
        str(code): Carried(Period.parse(str(period)), float(value))
        for code, period, value in zip(
            results["indicator"], results["period"], results["result"], strict=True
        )
    }
    now = month.of_period(month.indicators)
    empty = now[now["state"].isin(_NOTHING_CAME) & now["result"].isna()]
    return {str(code): last[str(code)] for code in empty["indicator"] if str(code) in last}

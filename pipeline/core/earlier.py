"""What a month is set beside: each indicator as it stood when it was last due in the year."""

import pandas as pd

from pipeline.base.period import Period
from pipeline.core.calendar import is_due
from pipeline.core.month import Month
from pipeline.spec.plan import Indicator, Plan


def period_before(indicator: Indicator, period: Period) -> Period | None:
    """The last period of the same year before `period` in which the indicator was due."""
    months = (Period(period.year, month) for month in range(period.month - 1, 0, -1))
    return next((earlier for earlier in months if is_due(indicator, earlier)), None)


def rows_before(month: Month, plan: Plan) -> pd.DataFrame:
    """The scored rows of `month.indicators` in the period before, as by `period_before`, of each indicator
    for which there are any."""
    keys = {
        (i.code, str(before))
        for i in plan.indicators
        if (before := period_before(i, month.period)) is not None
    }
    pairs = zip(month.indicators["indicator"], month.indicators["period"], strict=True)
    chosen = pd.Series([pair in keys for pair in pairs], index=month.indicators.index, dtype=bool)
    return month.indicators[chosen]

"""The rows of the workbook's tables, for the pages that are built from them."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pipeline.spec.tables import Tables

Row = Mapping[Hashable, Any]

_FIGURES = (
    *("numerator", "denominator", "month_value", "result", "previous", "change", "attainment"),
    *("path", "distance"),
)


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame as mappings."""
    return list(frame.to_dict(orient="records"))


def indicator_rows(pages: Tables) -> list[Row]:
    """The rows of the sheet of indicators; a figure that is not there is NaN."""
    return rows_of(pages.frames["indicators"].astype(dict.fromkeys(_FIGURES, float)))

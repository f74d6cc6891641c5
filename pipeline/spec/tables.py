"""What one month amounts to, ready to be written down: the contract between figures and pages.

Numbers are floats and missing is None or NaN. Keys such as "met" or "late" are put into words by
`schemas/consolidated.toml`. `lead` of an indicator and `unit` of facts and findings are short names;
links find them by the column `short_name` beside `unit` (the id) in the tables of units and the
register, which is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class GroupFigures:
    """How far a group of indicators is, or the whole plan. `enough` tells whether the means count."""

    code: str
    name: str
    listed: int
    met: int
    reported: int
    missing: int
    no_activity: int
    not_due: int
    mean_reported: float | None
    mean_with_missing: float | None
    enough: bool


@dataclass(frozen=True)
class Overview:
    """The page for the head of the commune. Lists of texts are ready sentences, shortened by need."""

    title: str
    authority: str
    period_label: str
    closing_text: str
    made_at: str
    status: str
    total: GroupFigures
    groups: tuple[GroupFigures, ...]
    verdict_counts: Mapping[str, int]
    colour_counts: Mapping[str, int]
    units_expected: int
    units_sent: int
    units_on_time: int
    not_sent: tuple[str, ...]
    late: tuple[str, ...]
    attention: tuple[str, ...]
    requests: tuple[str, ...]
    remarks: tuple[str, ...]
    trend: tuple[tuple[str, float | None, float | None], ...]


@dataclass(frozen=True)
class Tables:
    """The overview and one frame per sheet: indicators, outlook (what is needed, and the end of the year
    foreseen), changes (since last month, since the last issue), units, unit_months, tasks, voices, register,
    findings, facts, history, methods.

    A row of indicators holds last month's figure as `carried`, `carried_from` where nothing came, and
    `points`, `weight`, `owed_now`, by which it enters the means. A rank or its range is a text such as
    `2–3`; the scorecards hold it in numbers too (`rank_first` …).
    """

    overview: Overview
    frames: Mapping[str, pd.DataFrame]

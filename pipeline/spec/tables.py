"""What one month amounts to, ready to be written down: the contract between figures and pages.

Numbers are floats and missing is None or NaN. Keys such as "met" or "late" are put into words by
`schemas/consolidated.toml`. `lead` of an indicator and `unit` of facts and findings are short names;
links find them by the column `short_name` beside `unit` (the id) in the tables of units and the
register, which is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Formulas = Mapping[str, Mapping[str, Sequence[str]]]


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
class Edition:
    """Which version of the month's workbook this is: `number` of the last issue, 0 where there is none;
    a draft stands after it until it is issued. A version that is `replayed` shows the month as it stood."""

    number: int = 0
    is_draft: bool = True
    replayed: bool = False


DRAFT = Edition()


@dataclass(frozen=True)
class Overview:
    """The page for the head of the commune. Lists of texts are ready sentences, shortened by need;
    `attention` has the code of the indicator before its sentence. `group_trend` holds by month the mean
    over what was reported of each group, in the order of `groups`. `details` says more of a figure, by the
    key of its tile: how it moved since last month, what lies behind it."""

    title: str
    authority: str
    period_label: str
    closing_text: str
    made_at: str
    made_text: str
    status: str
    total: GroupFigures
    groups: tuple[GroupFigures, ...]
    verdict_counts: Mapping[str, int]
    colour_counts: Mapping[str, int]
    units_expected: int
    units_sent: int
    units_reported: int
    units_on_time: int
    not_sent: tuple[str, ...]
    waiting: tuple[str, ...]
    late: tuple[str, ...]
    attention: tuple[tuple[str, str], ...]
    requests: tuple[str, ...]
    remarks: tuple[str, ...]
    trend: tuple[tuple[str, float | None, float | None], ...]
    group_trend: tuple[tuple[str, tuple[float | None, ...]], ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tables:
    """The overview and one frame per sheet: indicators, outlook (what is needed, and the end of the year
    foreseen), turns (since last month, since the last issue), units, unit_months, tasks, voices, register,
    findings, changes (by later files, cell by cell), decisions, facts, history, methods.

    A row of indicators holds last month's figure as `carried`, `carried_from` where nothing came, and
    `points`, `weight`, `owed`, by which it enters the means. A rank or its range is a text such as
    `2–3`; the scorecards hold it in numbers too (`rank_first` …).

    `formulas` holds, by table and column, the formula of each row, in the order of the frame; "" is a
    value. The key `groups` is the table of groups of the overview, which ends with the whole plan.
    `[@result]` names the cell of that column in the same row, `facts[value]` a whole column.
    """

    overview: Overview
    frames: Mapping[str, pd.DataFrame]
    formulas: Formulas = field(default_factory=dict)

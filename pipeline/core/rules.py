"""The arithmetic of the workbook, each rule said twice: as Python and as the text of an Excel formula.

A formula names what it needs and is put into addresses by whoever writes the sheet: `[@result]` is the
cell of that column in the same row, `facts[value]` that column of a whole table. So a formula looks its
inputs up by code, never by a neighbouring row, and nothing breaks when a sheet is sorted or filtered.
Only functions that Excel 2007 and LibreOffice share are used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pipeline.spec.plan import TargetKind

if TYPE_CHECKING:
    import pandas as pd

NOTHING = '""'


@dataclass(frozen=True, slots=True)
class Rule:
    """A result (percentages are points) from the value and the bound of the target; `excel` is the same."""

    value: Callable[[float, float], float]
    excel: str

    @property
    def formula(self) -> str:
        """The text for a cell: blank where there is no result."""
        return f"IF(ISNUMBER([@result]),{self.excel},{NOTHING})"


@dataclass(frozen=True, slots=True)
class Condition:
    """Which facts (or figures with the same columns) take part: a predicate, and criteria of SUMIFS."""

    holds: "Callable[[pd.DataFrame], pd.Series]"
    excel: str


ATTAINMENT: Mapping[TargetKind, Rule] = {
    "at_least": Rule(
        lambda value, bound: 100 * value / bound if bound else 100.0,
        "IF([@bound]=0,100,100*[@result]/[@bound])",
    ),
    "at_most": Rule(
        lambda value, bound: 100.0 if value <= bound else 100 * bound / value,
        "IF([@result]<=[@bound],100,100*[@bound]/[@result])",
    ),
    "range": Rule(
        lambda value, lower: 100.0 if value >= lower else 100 * value / lower,
        "IF([@result]>=[@bound],100,100*[@result]/[@bound])",
    ),
    "yes_no": Rule(
        lambda value, _: 100.0 if value == 1 else 0.0,
        "IF([@result]=1,100,0)",
    ),
}
"""Percent of the target, uncapped."""

DISTANCE: Mapping[TargetKind, Rule] = {
    "at_least": Rule(lambda value, bound: max(0.0, bound - value), "MAX(0,[@bound]-[@result])"),
    "at_most": Rule(lambda value, bound: max(0.0, value - bound), "MAX(0,[@result]-[@bound])"),
    "range": Rule(lambda value, lower: max(0.0, lower - value), "MAX(0,[@bound]-[@result])"),
}
"""What is still missing to the target; a yes/no has no distance."""

COUNTED = Condition(
    lambda rows: rows["numerator"].notna() & rows["denominator"].notna(),
    'facts[numerator],"<>",facts[denominator],"<>"',
)
"""Both counts are there: a bare rate cannot be added to them."""

ADDED_UP = Condition(
    lambda rows: COUNTED.holds(rows) & rows["denominator"].gt(0),
    'facts[numerator],"<>",facts[denominator],">0"',
)
"""What enters a sum over months."""


def ratio(numerators: "pd.Series", denominators: "pd.Series") -> "pd.Series":
    """Percentages; nothing, never 0, where the denominator is 0 or missing."""
    return 100 * numerators / denominators.where(denominators.gt(0))


RATIO = f"IF(N([@denominator])>0,100*[@numerator]/[@denominator],{NOTHING})"
"""`ratio` of the counts in the same row."""


def difference(now: float, before: float) -> float:
    """The change since the month before; NaN where a side is missing."""
    return now - before


DIFFERENCE = f"IF(COUNT([@result],[@previous])=2,[@result]-[@previous],{NOTHING})"
"""`difference` of the two results in the same row."""


def capped(attainment: float, cap: float) -> float:
    """The points that an attainment earns: exceeding a target earns no bonus."""
    return min(attainment, cap)


def earned(cap: float) -> str:
    """The formula of `capped` points times the weight of the indicator."""
    return f"IF(ISNUMBER([@attainment]),MIN([@attainment],{cap:g})*[@weight],{NOTHING})"


def weighted_mean(parts: "pd.DataFrame", weights: "pd.Series") -> "pd.Series":
    """The mean of each row over the parts (columns) that it has, NaN where it has none."""
    present = parts.notna().mul(weights, axis="columns").sum(axis=1)
    return parts.mul(weights, axis="columns").sum(axis=1) / present.where(present > 0)


def weighted_mean_of(weights: Mapping[str, float]) -> str:
    """The formula of `weighted_mean` over columns of the same row."""
    values = "+".join(f"N([@{key}])*{weight:g}" for key, weight in weights.items())
    present = "+".join(f"ISNUMBER([@{key}])*{weight:g}" for key, weight in weights.items())
    return f"IF(({present})=0,{NOTHING},({values})/({present}))"


def is_enough(reported: int, missing: int, share: Fraction) -> bool:
    """Whether so many figures are there that their mean says something."""
    return reported > 0 and reported >= share * (reported + missing)


def is_enough_of(share: Fraction) -> str:
    """The formula of `is_enough` over the counts in the same row; whole numbers, so that it is exact."""
    asked = f"[@reported]*{share.denominator}>={share.numerator}*([@reported]+[@missing])"
    return f"AND([@reported]>0,{asked})"


def quoted(text: str) -> str:
    """A text as a literal of a formula."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'

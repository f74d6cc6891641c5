"""One unit's form for one period, as issued: its locked texts, its open cells, its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.base.period import Period
from pipeline.spec.roster import Unit
from pipeline.spec.template import TableKey

Place = tuple[TableKey, str, str]
"""A cell of a form: table, code of the row, key of the column."""

CellContent = str | float | date
Contents = Mapping[Place, CellContent]


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a table as issued.

    `locked` holds text by column key; `previous` the last accepted value as a number;
    `prefilled` texts in open cells; `open` the entry columns that this row uses;
    `attributes` decide which rules apply. `as_issued` holds the locked texts that stood in the form when
    it was issued, where the plan has changed since: what is sent is compared with them.
    """

    table: TableKey
    code: str
    locked: Mapping[str, str]
    open: frozenset[str]
    attributes: Mapping[str, str]
    entry: str = ""
    previous: float | None = None
    prefilled: Mapping[str, str] | None = None
    as_issued: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FormContent:
    """One form: whose it is, its head lines (label, text), and its rows by table."""

    unit: Unit
    period: Period
    identity: tuple[tuple[str, str], ...]
    head: tuple[tuple[str, str], ...]
    rows: Mapping[TableKey, tuple[FormRow, ...]]


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """One thing to be mended, as told to the unit; `places` are its cells in the form."""

    severity: str
    where: str
    title: str
    found: str
    expected: str
    mend: str
    example: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What goes back with a form: the unit's own contents and what to mend in them."""

    contents: Contents
    lines: tuple[FeedbackLine, ...]

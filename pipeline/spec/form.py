"""One unit's form for one period, as issued: its locked texts, its open cells, its rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.base.period import Period
from pipeline.spec.plan import Unit
from pipeline.spec.template import TableKey


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a table as issued.

    `locked` holds text by column key; `previous` the last accepted value as a number;
    `prefilled` texts in open cells; `open` the entry columns that this row uses;
    `attributes` decide which rules apply.
    """

    table: TableKey
    code: str
    locked: Mapping[str, str]
    open: frozenset[str]
    attributes: Mapping[str, str]
    entry: str = ""
    previous: float | None = None
    prefilled: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FormContent:
    """One form: whose it is, its head lines (label, text), and its rows by table."""

    unit: Unit
    period: Period
    identity: tuple[tuple[str, str], ...]
    head: tuple[tuple[str, str], ...]
    rows: Mapping[TableKey, tuple[FormRow, ...]]

"""The form that a unit fills, as frozen objects: sheets, columns, types, lists, rules.

Loaded from `schemas/template-v<version>.toml`. One object drives the template writer, the reading
of what comes back, the pandera schemas and the guidance sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from pipeline.spec.expression import Expression, parse

TableKey = Literal["indicators", "tasks", "narratives"]
Base = Literal["number", "text", "choice", "date"]
Source = Literal["plan", "entry", "formula", "check"]
BY_ENTRY = "by_entry"  # the type of a column that depends on the kind of indicator


@dataclass(frozen=True)
class Choice:
    """One line of a dropdown; `aliases` are other spellings that are understood.

    `number` is what the choice counts as, where it is a value (yes/no).
    """

    key: str
    label: str
    meaning: str = ""
    aliases: tuple[str, ...] = ()
    number: float | None = None


@dataclass(frozen=True)
class ValueType:
    """What may stand in an entry cell. Percent values are 0–100 points; days lie between two others."""

    base: Base
    short: str  # what the live check says when the cell is not of this type
    format: str = "General"
    whole: bool = False
    percent: bool = False
    minimum: float | None = None
    maximum: float | None = None
    earliest: date | None = None
    latest: date | None = None
    choices: tuple[Choice, ...] = ()
    longest: int = 2000
    range_short: str = ""  # what the live check says when a number is out of range

    def choice_label(self, key: str) -> str:
        return next(c.label for c in self.choices if c.key == key)


@dataclass(frozen=True)
class Column:
    """A column of a table. `type` names a value type; entry rows may give another one."""

    key: str
    label: str
    source: Source
    width: float
    type: str = ""
    help: str = ""
    centered: bool = False
    top: bool = False  # the text begins at the upper edge of the cell


@dataclass(frozen=True)
class Rule:
    """A row rule. `check` holds for a good row; `when` selects rows by their attributes.

    `code` is a key of `schemas/messages.toml`, where severity and full sentences stand;
    `short` is what the live check cell of the form says. A `shadow` rule is not applied yet: it is tried
    on what was sent before, see `run.trial`.
    """

    code: str
    check: str
    short: str
    cells: tuple[str, ...]
    when: str = ""
    shadow: bool = False

    @cached_property
    def expression(self) -> Expression:
        return parse(self.check)

    @cached_property
    def condition(self) -> Expression | None:
        return parse(self.when) if self.when else None

    def applies(self, attributes: Mapping[str, str]) -> bool:
        return self.condition is None or self.condition.is_true(attributes)


@dataclass(frozen=True, eq=False)  # known by identity: what follows from it is remembered beside it
class Table:
    """A sheet with one table. `entry_columns` are read; rows are found by the `code` column."""

    key: TableKey
    sheet: str
    title: str
    intro: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    own_rows: int = 0
    own_prefix: str = ""
    row_height: float = 60

    @cached_property
    def column_by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each column stands on the sheet, counted from 1."""
        return {column.key: place for place, column in enumerate(self.columns, 1)}

    @cached_property
    def live_rules(self) -> tuple[Rule, ...]:
        """The rules that are applied."""
        return tuple(rule for rule in self.rules if not rule.shadow)

    @cached_property
    def entry_columns(self) -> tuple[Column, ...]:
        """Columns that a unit may fill, at least in some rows."""
        return tuple(c for c in self.columns if c.type)

    def tag(self, key: str) -> str:
        """The hidden text above a column by which the column is found wherever it moved."""
        return f"#{self.key}.{key}"


@dataclass(frozen=True)
class EntryKind:
    """How one kind of indicator is typed in: value type by entry column, and the result.

    Entry columns that are not named are closed in such a row. `result` computes the value;
    `format` shows it.
    """

    types: dict[str, str]
    result: str
    format: str = "General"
    help: dict[str, str] = field(default_factory=dict)

    @cached_property
    def result_expression(self) -> Expression:
        return parse(self.result)


@dataclass(frozen=True)
class Section:
    """A part of the narrative sheet, for the units' own words."""

    code: str
    label: str
    help: str


@dataclass(frozen=True)
class Identity:
    """The hidden sheet that says what the form is, and the visible cells that repeat it."""

    sheet: str
    kind: str
    plan: str
    unit: str
    period: str
    version: str
    checksum: str
    visible_unit: str
    visible_period: str


@dataclass(frozen=True)
class Guidance:
    """The first sheet: how to fill the form, what the colours mean, and what is checked.

    `{coordinator}` in a step and `{sheet}` in `rules_group` are filled in.
    """

    sheet: str
    title: str
    steps_title: str
    steps: tuple[str, ...]
    legend_title: str
    entry_legend: str
    locked_legend: str
    closed_legend: str
    error_legend: str
    warning_legend: str
    done_legend: str
    states_title: str
    states_columns: tuple[str, ...]
    rules_title: str
    rules_group: str
    rules_columns: tuple[str, ...]


@dataclass(frozen=True)
class FeedbackSheet:
    """The first sheet of a form that goes back: what has to be mended."""

    sheet: str
    title: str
    intro: str
    number: str
    kind: str
    where: str
    target: str
    what: str
    mend: str
    example: str
    kinds: dict[str, str]
    whole_file: str
    row: str
    column: str


@dataclass(frozen=True)
class Words:
    """The remaining texts of the form."""

    ready: str
    not_ready: str
    row_done: str
    row_error: str
    row_warning: str
    row_closed: str  # in the check cell: something stands in a cell that the row does not use
    refused: str
    page: str
    unassigned: str
    not_due: str
    no_value: str
    unit: str
    period: str
    closing: str
    deadline: str
    before: str
    overdue: str


@dataclass(frozen=True)
class Pair:
    """A fill and the ink that is readable on it."""

    fill: str
    ink: str


@dataclass(frozen=True)
class Colours:
    """The colours of the form, as #RRGGBB. A word stands beside every one of the last three."""

    ink: str
    muted: str
    title: str
    border: str
    header: str
    entry: str
    locked: str
    closed: str
    done: Pair
    error: Pair
    warning: Pair


@dataclass(frozen=True, eq=False)  # as a table
class Template:
    """The whole form, one version of it."""

    version: int
    font: str
    font_size: float
    colours: Colours
    identity: Identity
    guidance: Guidance
    feedback: FeedbackSheet
    words: Words
    types: dict[str, ValueType]
    entries: dict[str, EntryKind]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]

    def table(self, key: TableKey) -> Table:
        return next(t for t in self.tables if t.key == key)

    def type_name(self, table: Table, column: str, entry: str) -> str:
        """The name of the type of an entry cell in a row of kind `entry`; "" where the cell is closed."""
        declared = table.column_by_key[column].type
        return self.entries[entry].types.get(column, "") if declared == BY_ENTRY else declared

    def type_of(self, table: Table, column: str, entry: str) -> ValueType | None:
        """The type itself; None where the cell is closed."""
        name = self.type_name(table, column, entry)
        return self.types[name] if name else None

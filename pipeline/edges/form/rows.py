"""What a row of the form consists of: its open cells with their types, its rules, what was typed in."""

from collections.abc import Mapping
from functools import lru_cache

from pipeline.base.finding import Severity
from pipeline.spec.form import FormRow
from pipeline.spec.messages import Messages
from pipeline.spec.template import Rule, Table, Template, ValueType

_KINDS = 1_000  # of rows: a form has some ten of them


def open_types(template: Template, table: Table, row: FormRow) -> Mapping[str, ValueType]:
    """The types of the open cells by column, in the order of the columns."""
    return _types(template, table, row.entry, row.open)


@lru_cache(_KINDS)
def _types(template: Template, table: Table, entry: str, columns: frozenset[str]) -> Mapping[str, ValueType]:
    types = {c.key: template.type_of(table, c.key, entry) for c in table.columns if c.key in columns}
    return {key: value_type for key, value_type in types.items() if value_type}


def closed_columns(table: Table, row: FormRow) -> list[str]:
    """Entry columns that this row does not use, save where the plan has its own text, or a formula that
    reckons with open cells."""
    return [
        c.key
        for c in table.entry_columns
        if c.key not in row.open and not (c.source == "formula" and row.open) and not row.locked.get(c.key)
    ]


def rules_of(table: Table, row: FormRow) -> tuple[Rule, ...]:
    """The rules of a table that apply to a row, by its attributes."""
    return _rules(table, frozenset(row.attributes.items()))


@lru_cache(_KINDS)
def _rules(table: Table, attributes: frozenset[tuple[str, str]]) -> tuple[Rule, ...]:
    return tuple(rule for rule in table.live_rules if rule.applies(dict(attributes)))


def is_error(messages: Messages, rule: Rule) -> bool:
    """Whether the rule holds the row back; if not, it asks for an explanation."""
    return messages.severity(rule.code) is Severity.ERROR


def typed_columns(table: Table, row: FormRow) -> list[str]:
    """Open columns that were issued blank: a content there means that the unit worked on the row."""
    return [c.key for c in table.columns if c.key in row.open and c.key not in (row.prefilled or {})]

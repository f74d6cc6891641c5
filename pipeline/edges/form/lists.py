"""The dropdowns of the form: which choices a cell offers, and the names of their lists."""

from collections.abc import Mapping

from pipeline.edges.form.rows import open_types, rules_of
from pipeline.spec.form import FormContent, FormRow
from pipeline.spec.template import Table, Template, ValueType

Labels = tuple[str, ...]
BLANKS_NAME = "trong"  # the list of characters that leave a cell blank


def all_labels(value_type: ValueType) -> Labels:
    """Every choice of a dropdown, as shown."""
    return tuple(choice.label for choice in value_type.choices)


def offered_labels(table: Table, row: FormRow, column: str, value_type: ValueType) -> Labels:
    """The choices without those that a rule of this row forbids outright (`state != 'no_activity'`)."""
    forbidding = {rule.check for rule in rules_of(table, row)}
    return tuple(c.label for c in value_type.choices if f"{column} != '{c.key}'" not in forbidding)


def list_names(template: Template, content: FormContent) -> Mapping[Labels, str]:
    """A workbook name for every list that a dropdown or a live check of this form uses."""
    lists: dict[Labels, str] = {}
    for table in template.tables:
        for row in content.rows[table.key]:
            for key, value_type in open_types(template, table, row).items():
                if value_type.base == "choice":
                    offered = offered_labels(table, row, key, value_type)
                    for labels in (all_labels(value_type), offered):
                        lists.setdefault(labels, f"ds_{len(lists) + 1}")
    return lists

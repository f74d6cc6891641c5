"""Read `schemas/template-v<version>.toml`; refuse rules and columns that do not fit together."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import get_args

from pipeline.base.errors import SpecError
from pipeline.spec.expression import parse
from pipeline.spec.plan import Basis, Combine, Entry, TargetKind
from pipeline.spec.shape import Faults, build, read_once, read_toml
from pipeline.spec.template import BY_ENTRY, Column, Rule, Table, TableKey, Template

# What the rows of a table are, and so what `when` may ask.
ATTRIBUTES: dict[TableKey, dict[str, tuple[str, ...]]] = {
    "indicators": {
        "entry": get_args(Entry),
        "basis": get_args(Basis),
        "combine": get_args(Combine),
        "target_kind": get_args(TargetKind),
        "owed": ("yes", "no"),
    },
    "tasks": {"origin": ("plan", "own"), "assigned": ("yes", "no")},
    "narratives": {},
}


@read_once
def load_template(file: str, text: str) -> Template:
    """The form in `text`. Raises `SpecError` with every fault."""
    faults = Faults()
    template = build(Template, read_toml(file, text), "", faults)
    if template is not None:
        _check_types(template, faults)
        _check_entries(template, faults)
        for table in template.tables:
            _check_table(template, table, faults)
        if {t.key for t in template.tables} != set(get_args(TableKey)):
            faults.add("tables", f"phải có đúng các bảng: {', '.join(get_args(TableKey))}")
    if template is None or faults:
        raise SpecError(file, faults)
    return template


def _check_types(template: Template, faults: Faults) -> None:
    for name, value_type in template.types.items():
        if (value_type.base == "choice") != bool(value_type.choices):
            faults.add(f"types.{name}", "kiểu choice, và chỉ kiểu ấy, cần choices")
        if (value_type.base == "date") != bool(value_type.earliest and value_type.latest):
            faults.add(f"types.{name}", "kiểu date, và chỉ kiểu ấy, cần earliest và latest")


def _check_entries(template: Template, faults: Faults) -> None:
    if template.entries.keys() != set(get_args(Entry)):
        faults.add("entries", f"phải có đúng: {', '.join(get_args(Entry))}")
    for name, kind in template.entries.items():
        for column, type_name in kind.types.items():
            if type_name not in template.types:
                faults.add(f"entries.{name}.types.{column}", f"không có kiểu «{type_name}»")
        try:
            unknown = set(kind.result_expression.names) - kind.types.keys()
        except ValueError as error:
            faults.add(f"entries.{name}.result", str(error))
        else:
            if unknown:
                faults.add(f"entries.{name}.result", f"không có cột {', '.join(sorted(unknown))}")


def _check_table(template: Template, table: Table, faults: Faults) -> None:
    place = f"tables({table.key})"
    for key, count in Counter(c.key for c in table.columns).items():
        if count > 1:
            faults.add(f"{place}.columns", f"«{key}» có {count} lần")
    if "code" not in table.column_by_key:
        faults.add(f"{place}.columns", "thiếu cột code")
    for column in table.entry_columns:
        if column.type not in template.types and column.type != BY_ENTRY:
            faults.add(f"{place}.columns.{column.key}", f"không có kiểu «{column.type}»")
    for code, count in Counter(r.code for r in table.rules).items():
        if count > 1:
            faults.add(f"{place}.rules", f"mã «{code}» có {count} lần")
    for rule in table.rules:
        _check_rule(template, table, rule, f"{place}.rules({rule.code})", faults)


def _check_rule(template: Template, table: Table, rule: Rule, place: str, faults: Faults) -> None:
    for column in rule.cells:
        if column not in table.column_by_key:
            faults.add(f"{place}.cells", f"không có cột «{column}»")
    keys = {column.key: _choice_keys(template, column) for column in table.columns}
    _check_condition(rule.check, keys, f"{place}.check", faults)
    if rule.when:
        _check_condition(rule.when, ATTRIBUTES[table.key], f"{place}.when", faults)


def _check_condition(text: str, known: Mapping[str, Collection[str]], place: str, faults: Faults) -> None:
    """`known` gives the keys that each name may be compared with."""
    try:
        expression = parse(text)
    except ValueError as error:
        faults.add(place, str(error))
        return
    if not expression.is_condition:
        faults.add(place, f"«{text}» không phải là một điều kiện")
    for name in expression.names:
        if name not in known:
            faults.add(place, f"không có {name}")
    for name, key in expression.choices:
        if name in known and key not in known[name]:
            faults.add(place, f"{name} không có lựa chọn «{key}»")


def _choice_keys(template: Template, column: Column) -> set[str]:
    """The keys of the choices that may stand in a column."""
    by_entry = {kind.types.get(column.key, "") for kind in template.entries.values()}
    types = by_entry if column.type == BY_ENTRY else {column.type}
    return {c.key for name in types & template.types.keys() for c in template.types[name].choices}

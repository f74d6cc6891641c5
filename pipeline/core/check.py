"""Judge the rows of a batch of forms with pandera schemas generated from the template."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from pipeline.base.finding import Finding, Severity
from pipeline.base.sheet import number_text
from pipeline.core.decisions import NOTHING_SPARED, Spared
from pipeline.core.facts import Line, figures_of_line
from pipeline.spec.messages import CLOSED_CELL, Messages
from pipeline.spec.template import Rule, Table, Template, ValueType

_BELOW, _ABOVE, _TYPED_OVER = "C06", "C07", "C15"
Lines = Mapping[Hashable, Mapping[Hashable, Any]]

_SHOWN = 0.006  # half of the last digit that a form shows, and a little
_DECIMALS = 2  # of a computed result in a sentence


@dataclass(frozen=True, slots=True)
class Checked:
    """A value frame with a boolean column `held`, and the findings with the number of their form."""

    frame: pd.DataFrame
    findings: tuple[tuple[int, Finding], ...]


def check(
    frame: pd.DataFrame,
    table: Table,
    template: Template,
    messages: Messages,
    spared: Sequence[Spared] = (),
) -> Checked:
    """Check a frame of `values.value_frame`: every fault of every row at once.

    A row with an error is `held`: none of it counts. Warnings and notes hold nothing. `spared` says by
    the number of the form what the officer decided: a waived rule says nothing, an accepted row is not
    held for breaking a rule, but still for a cell that gives no value. A row that is `remembered` (see
    `series.with_past`) is not asked about.
    """
    found = schema_failures(frame, row_schema(table, template))
    lines = failed_lines(frame, found)

    def is_said(failure: Failure) -> bool:
        line = lines[failure.index]
        if _spared(spared, line).waives(failure.code, str(line["code"])):
            return False
        is_doubt = not failure.column and messages.severity(failure.code) is Severity.WARNING
        return not (is_doubt and line.get("remembered"))

    failures = [f for f in found if is_said(f)]
    findings = [_finding(lines[f.index], f, table, template) for f in failures]
    wrong = {
        failure.index
        for failure in failures
        if messages.severity(failure.code) is Severity.ERROR
        and not _let_in_by(failure, lines[failure.index], messages, spared)
    }
    findings = [
        replace(finding, decision=_let_in_by(failure, lines[failure.index], messages, spared))
        for failure, finding in zip(failures, findings, strict=True)
    ]
    forms = [lines[failure.index]["form"] for failure in failures]
    checked = frame.assign(held=frame.index.isin(wrong))
    return Checked(checked, tuple(zip(forms, findings, strict=True)))


def _spared(spared: Sequence[Spared], line: Line) -> Spared:
    return spared[line["form"]] if spared else NOTHING_SPARED


def _let_in_by(failure: "Failure", line: Line, messages: Messages, spared: Sequence[Spared]) -> int:
    """The number of the decision that lets an error pass, 0 for none: it is about the rule of a row, never
    about a cell that gives no value."""
    if failure.column or messages.severity(failure.code) is not Severity.ERROR:
        return 0
    return _spared(spared, line).accepting(str(line["code"]), failure.code, figures_of_line(line))


@dataclass(frozen=True, slots=True)
class Failure:
    """`column` is set for a fault of one cell, empty for a row rule."""

    index: int
    code: str
    column: str


def row_schema(table: Table, template: Template) -> pa.DataFrameSchema:
    """The schema of a value frame: a check for each entry cell and each row rule.

    The name of a check is its finding code, or `column:` for cells whose parser gave the code.
    """
    return pa.DataFrameSchema(
        {f"{c.key}_problem": pa.Column(checks=_readable(c.key), nullable=True) for c in table.entry_columns},
        checks=[
            *(check for c in table.entry_columns for check in _in_range(c.key, template)),
            *(_row_check(rule) for rule in table.live_rules),
            *(_overwritten(c.key) for c in table.columns if c.source == "formula"),
        ],
    )


def frame_check(holds: Callable[[pd.DataFrame], pd.Series], name: str) -> pa.Check:
    """A check of whole rows. None of them is all blank: pandera need not look through every cell for that."""
    return pa.Check(holds, error=name, ignore_na=False)


def _readable(column: str) -> pa.Check:
    return pa.Check(lambda problems: problems.isna(), error=f"{column}:")


def _in_range(column: str, template: Template) -> Iterator[pa.Check]:
    lowest = {name: t.minimum for name, t in template.types.items() if t.minimum is not None}
    highest = {name: t.maximum for name, t in template.types.items() if t.maximum is not None}

    def bounded(frame: pd.DataFrame, limits: Mapping[str, float]) -> tuple[pd.Series, pd.Series]:
        limit = frame[f"{column}_type"].map(limits).astype(float)
        return frame[column].where(limit.notna()).astype(float), limit

    def not_below(frame: pd.DataFrame) -> pd.Series:
        numbers, limit = bounded(frame, lowest)
        return numbers.isna() | numbers.ge(limit)

    def not_above(frame: pd.DataFrame) -> pd.Series:
        numbers, limit = bounded(frame, highest)
        return numbers.isna() | numbers.le(limit)

    yield frame_check(not_below, f"{column}:{_BELOW}")
    yield frame_check(not_above, f"{column}:{_ABOVE}")


def _overwritten(column: str) -> pa.Check:
    """A figure typed over the formula of a result that the counts do not give."""

    def is_computed(frame: pd.DataFrame) -> pd.Series:
        typed = frame[f"{column}_typed"].astype(float)
        return ~(typed.notna() & (typed - frame["figure"].fillna(0)).abs().gt(_SHOWN))

    return frame_check(is_computed, f"{column}:{_TYPED_OVER}")


def _row_check(rule: Rule) -> pa.Check:
    def holds(frame: pd.DataFrame) -> pd.Series:
        spared = ~_selected(frame, rule)
        return spared | rule.expression.holds(frame)

    return frame_check(holds, rule.code)


def _selected(frame: pd.DataFrame, rule: Rule) -> pd.Series:
    """Rows to which the rule applies, by their attributes."""
    if rule.condition is None:
        return pd.Series(True, index=frame.index)
    return rule.condition.holds(frame)


def schema_failures(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> list[Failure]:
    """Every check of `schema` that a row fails, by row."""
    if frame.empty:
        return []
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        # A check of the whole frame fails once for each column: one failure a row is meant.
        cases = errors.failure_cases.drop_duplicates(["index", "check"])
        found = [_failure(int(i), name, case) for i, name, case in _triples(cases)]
        places = {name.removesuffix("_problem"): place for place, name in enumerate(schema.columns)}
        return sorted(found, key=lambda f: (f.index, places.get(f.column, len(places)), f.code))
    return []


def failed_lines(frame: pd.DataFrame, failures: Sequence[Failure]) -> Lines:
    """The rows of `frame` that failed, by their index: a few of many."""
    return frame.loc[sorted({f.index for f in failures})].to_dict(orient="index")


def _triples(cases: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    yield from zip(cases["index"], cases["check"].astype(str), cases["failure_case"].astype(str), strict=True)


def _failure(index: int, name: str, case: str) -> Failure:
    column, colon, code = name.partition(":")
    if not colon:
        return Failure(index, name, "")
    return Failure(index, code or case, column)


# --- from a failure to a finding ------------------------------------------------------------------


def _finding(row: Mapping[Hashable, Any], failure: Failure, table: Table, template: Template) -> Finding:
    columns = (failure.column,) if failure.column else _rule(table, failure.code).cells
    labels = [table.column_by_key[c].label for c in columns]
    return Finding(
        code=failure.code,
        sheet=str(row["sheet"]),
        cells=tuple(str(cell) for c in columns if (cell := row[f"{c}_cell"])),  # a lost column has none
        row_code=str(row["code"]),
        label=", ".join(labels),
        found=_found(row, failure, columns, labels),
        values=_values(row, failure.column, template) if failure.column else {"previous": _previous(row)},
    )


def _rule(table: Table, code: str) -> Rule:
    return next(rule for rule in table.rules if rule.code == code)


def _found(row: Mapping[Hashable, Any], failure: Failure, columns: tuple[str, ...], labels: list[str]) -> str:
    if failure.code in (CLOSED_CELL, "C16"):
        return str(row[f"{failure.column}_readings"][0])
    if failure.code == _TYPED_OVER:
        return number_text(float(row[f"{failure.column}_typed"]))
    if failure.code == "C11":
        return number_text(float(len(row[f"{failure.column}_text"])))
    texts = [_shown(row, c) for c in columns]
    if len(texts) == 1:
        return texts[0]
    return "; ".join(f"{label} {text or 'trống'}" for label, text in zip(labels, texts, strict=True))


def _shown(row: Mapping[Hashable, Any], column: str) -> str:
    """What was typed; of a computed result its number."""
    text, value = str(row[f"{column}_text"]), row[column]
    is_computed = not text and isinstance(value, float) and value == value
    return number_text(round(value, _DECIMALS)) if is_computed else text


def _values(row: Mapping[Hashable, Any], column: str, template: Template) -> dict[str, str]:
    """The words that messages about one cell may use."""
    type_name, readings = row[f"{column}_type"], row[f"{column}_readings"]
    words = {
        "first": readings[0] if readings else "",
        "second": readings[1] if len(readings) > 1 else "",
        "suggestion": f" Có phải ý là {readings[0]}?" if readings else "",
    }
    return words | (_type_words(template.types[type_name]) if type_name else {})


def _type_words(value_type: ValueType) -> dict[str, str]:
    maximum = float(value_type.longest) if value_type.base == "text" else value_type.maximum
    return {
        "minimum": "" if value_type.minimum is None else number_text(value_type.minimum),
        "maximum": "" if maximum is None else number_text(maximum),
        "choices": ", ".join(f"«{c.label}»" for c in value_type.choices),
    }


def _previous(row: Mapping[Hashable, Any]) -> str:
    previous = row["previous"]
    return "" if previous is None or previous != previous else number_text(float(previous))

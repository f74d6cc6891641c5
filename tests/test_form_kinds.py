"""Rows of one kind share their formulas: a formula made for one of them is that of each other one."""

from collections.abc import Hashable, Iterator
from dataclasses import replace

from pipeline.edges.form.formulas import RowFormulas, in_place, kind
from pipeline.edges.form.lists import list_names
from pipeline.spec.form import FormRow
from pipeline.spec.template import Table
from tests.forms import MESSAGES, PLAN, TEMPLATE, issued


def variants(row: FormRow) -> Iterator[FormRow]:
    """The row, and what may tell another one from it."""
    yield row
    yield replace(row, previous=12.5)
    yield replace(row, previous=None)
    yield replace(row, prefilled=None)
    yield replace(row, prefilled=dict.fromkeys(sorted(row.open)[:1], "x"))
    yield replace(row, locked={})
    yield replace(row, locked=dict.fromkeys(row.locked, "x"), code="Z")
    for column in row.open - {"result"}:  # a row without its result has none to compute
        yield replace(row, open=row.open - {column})
        yield replace(row, open=row.open - {column}, locked={**row.locked, column: "x"})


def formulas(table: Table, row: FormRow) -> tuple[str, str]:
    made = RowFormulas(TEMPLATE, MESSAGES, list_names(TEMPLATE, issued()), table, row)
    return made.check(), made.result() if row.entry else ""


def test_rows_of_one_kind_have_the_same_formulas() -> None:
    for table in TEMPLATE.tables:
        made: dict[Hashable, tuple[str, str]] = {}
        for unit in PLAN.units:
            for row in issued(unit.id).rows[table.key]:
                for other in variants(row):
                    own = formulas(table, other)
                    assert made.setdefault(kind(other), own) == own, other


def test_the_row_and_its_last_value_are_put_in_place() -> None:
    (row, *_) = [
        row for row in issued("VHXH").rows["indicators"] if row.attributes["basis"] == "year_to_date"
    ]
    made, _ = formulas(TEMPLATE.table("indicators"), replace(row, previous=1.0))
    placed = in_place(made, replace(row, previous=57.32), 77)
    assert placed.isprintable()
    assert placed.count("57.32") == made.count("\ue001") > 0
    assert placed.count("77") == made.count("\ue000") > 0

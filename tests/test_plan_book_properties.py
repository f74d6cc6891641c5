"""Whatever is edited: the new text says exactly that, and every other line stays where it was."""

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.sheet import Cell, CellKind
from pipeline.core.plan_book.compare import compare
from pipeline.core.plan_book.reading import Edited, Spot, TypedRow
from pipeline.core.plan_book.rows import Row, plan_rows
from pipeline.core.plan_book.toml_edit import rewrite
from pipeline.core.plan_book.toml_parts import join, split
from pipeline.core.plan_book.toml_values import NotWritable, literal, with_value
from pipeline.core.plan_book.values import Value, cell_content, comparable, read_cell
from pipeline.spec.plan_book import PARENT, BookField
from pipeline.spec.plan_tables import Key
from tests.plan_books import BOOK, DATA, TEXT, edited, new_text, typed

WORDS = st.text(st.sampled_from("abÔĐế \"'#=[]{},.\\\n%“”"), max_size=12)
SEVERAL = settings(max_examples=120)
SOME = settings(max_examples=30)
FEW = settings(max_examples=6)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": WORDS.map(comparable),
    "wholes": st.lists(st.integers(0, 999), max_size=4).map(comparable),
    "texts": st.lists(WORDS, max_size=4).map(comparable),
    "whole": st.integers(-(10**6), 10**6).map(float),
    "number": st.floats(-1e6, 1e6).map(comparable),
    "flag": st.booleans(),
    "date": st.integers(0, 364).map(lambda n: date(2026, 1, 1) + timedelta(n)),
}


def values_of(field: BookField, key: Key) -> st.SearchStrategy[Value]:
    kind = st.sampled_from(key.choices) if key.kind == "choice" else VALUES[key.kind]
    return st.none() | kind


def rows_as_they_are() -> dict[str, list[TypedRow]]:
    rows = {}
    for place, found in plan_rows(BOOK, DATA).items():
        spots = {key: Spot(BOOK.sheet_of[place], "A1") for key in BOOK.blocks[place].field_by_key}
        rows[place] = [TypedRow(row.name, row.values, spots) for row in found]
    return rows


LISTS = [place for place, table in BOOK.tables.items() if table.many and not table.parent]
PLACES = [place for place in BOOK.blocks if not BOOK.tables[place].parent]


Edit = tuple[str, str, int, int, str, Value]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """A value typed over, a row deleted, moved, added: what hands can do to a sheet."""
    place = draw(st.sampled_from(PLACES))
    block = BOOK.blocks[place]
    field = draw(st.sampled_from(block.fields))
    what = draw(st.sampled_from(["type", "type", "delete", "add", "move"] if place in LISTS else ["type"]))
    numbers = st.integers(0, 50)
    value = draw(values_of(field, BOOK.key(block, field.key)))
    return place, what, draw(numbers), draw(numbers), field.key, value


def applied(todo: Sequence[Edit]) -> dict[str, tuple[TypedRow, ...]]:
    rows = rows_as_they_are()
    for place, what, first, second, key, value in todo:
        found = rows[place]
        if what == "add":
            blank = dict.fromkeys(BOOK.blocks[place].field_by_key)
            spots = {name: Spot(BOOK.sheet_of[place], "A1") for name in blank}
            found.insert(first % (len(found) + 1), TypedRow("", {**blank, key: value}, spots))
        elif found:
            row = found.pop(first % len(found))
            if what == "type":
                typed_row = TypedRow(row.origin, {**row.values, key: value}, row.spots)
                found.insert(first % (len(found) + 1), typed_row)
            elif what == "move":
                found.insert(second % (len(found) + 1), row)
    filled = {
        p: [r for r in f if p not in LISTS or set(r.values.values()) != {None}] for p, f in rows.items()
    }
    return {place: tuple(found) for place, found in filled.items()}


def comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("#")]


@SOME
@given(st.lists(edits(), min_size=1, max_size=5))
def test_the_new_text_says_what_was_edited_and_the_rest_stays(todo: list[Edit]) -> None:
    rows = applied(todo)
    done = compare(BOOK, DATA, Edited(rows, ()))
    text = rewrite(TEXT, done.data, done.origins)
    assert tomllib.loads(text) == done.data
    assert comments(text) == comments(TEXT)
    again = plan_rows(BOOK, tomllib.loads(text))
    for place in PLACES:
        assert contents(again[place]) == contents(rows[place]), place
    for table in ("calendar", "report", "scoring", "doubts"):
        if done.data.get(table) == DATA[table]:
            assert section(text, table) == section(TEXT, table)


def contents(rows: Iterable[TypedRow | Row]) -> list[str]:
    return sorted(repr(sorted(row.values.items(), key=repr)) for row in rows)


def section(text: str, table: str) -> str:
    return "".join(part.text for part in split(text) if part.path[:1] == (table,))


@SEVERAL
@given(
    st.dictionaries(
        st.sampled_from("abcde"), WORDS | st.text() | st.booleans() | st.lists(WORDS) | st.integers()
    )
)
def test_a_literal_is_read_as_what_it_was(values: dict[str, Any]) -> None:
    assert tomllib.loads(f"x = {literal(values)}\n") == {"x": values}
    assert tomllib.loads(with_value("x   = 1  # so\n", "x", values)) == {"x": values}


@SEVERAL
@given(st.lists(st.sampled_from("abcdef")), st.lists(st.sampled_from("abcdefgh")))
def test_a_list_of_several_lines_becomes_any_other(before: list[str], after: list[str]) -> None:
    lines = "".join(f'  "{value}",  # {value}\n' for value in before)
    changed = with_value(f"x = [\n{lines}]  # đuôi\n", "x", after)
    assert tomllib.loads(changed) == {"x": after}
    assert changed.endswith("# đuôi\n")


@SEVERAL
@given(st.sampled_from(list(BOOK.blocks)), st.data())
def test_a_value_comes_back_from_its_cell(place: str, data: st.DataObject) -> None:
    block = BOOK.blocks[place]
    field = data.draw(st.sampled_from([f for f in block.fields if f.key != PARENT]))
    key = BOOK.key(block, field.key)
    value = data.draw(values_of(field, key))
    if isinstance(value, tuple):
        breaks = set(",;\n") if field.commas else {"\n"}
        value = comparable([item for item in value if not set(str(item)) & breaks])
    content = cell_content(BOOK, field, value)
    kinds = {str: CellKind.TEXT, float: CellKind.NUMBER, date: CellKind.DATE}
    cell = None if content is None else Cell(1, 1, kinds[type(content)], content)
    assert read_cell(BOOK, field, key, cell).value == value


@pytest.mark.parametrize(
    "text", [TEXT, TEXT.rstrip("\n"), "# nur\n\n", "", "a = 1\n\n\n# x\n[b]\n# y\n[[c.d]]\n"]
)
def test_the_parts_of_a_text_are_the_text(text: str) -> None:
    assert join(split(text)) == text


def test_a_list_in_one_line_grows_in_its_line() -> None:
    text = 'units = [{ id = "A" }, { id = "B" }]  # đuôi\n'
    new = {"units": [{"id": "A"}, {"id": "B"}, {"id": "C"}]}
    written = rewrite(text, new, {("units",): (0, 1, None)})
    assert written == 'units = [{ id = "A" }, { id = "B" }, { id = "C" }]  # đuôi\n'


def test_a_layout_that_is_not_understood_is_left_alone() -> None:
    text = "calendar.first = 1\ncalendar.last = 2\n"
    with pytest.raises(NotWritable):
        rewrite(text, {"calendar": {"first": 1, "last": 3}}, {})


@FEW
@given(WORDS, st.floats(0, 1e4).map(lambda x: round(x, 3)))
def test_what_is_typed_into_a_workbook_arrives_in_the_plan(word: str, number: float) -> None:
    def edit(book: Any) -> None:
        typed("tasks", "NV.1.2", "product", word)(book)
        typed("indicators", "I.1", "baseline", number)(book)

    if word.startswith("="):
        return
    data = tomllib.loads(new_text(edited(edit)))
    assert comparable(data["tasks"][1].get("product")) == comparable(word)
    assert data["indicators"][0]["baseline"] == number

"""Nothing that can stand in a cell, wherever it stands, stops the judging of a form."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.sheet import Cell, CellKind, CellValue, Sheet, Workbook
from pipeline.core.feedback import feedback
from pipeline.core.grouping import grouped
from pipeline.core.intake import Returned, judge, kept_findings
from pipeline.core.read_form import read_form
from pipeline.edges.reading.cell_values import position
from pipeline.edges.reading.workbook import read_workbook
from pipeline.spec.form import FormContent
from tests.forms import MESSAGES, TEMPLATE, filled, issued, write
from tests.random_forms import POOLS

Cells = Mapping[tuple[int, int], Cell]
Change = tuple[int, Cells]  # the number of a sheet, and what is put into it
SHA256 = "0" * 64
OUTCOMES = {"valid", "warned", "partial", "rejected", "empty"}
TEXTS = st.sampled_from(sorted({str(typed.value) for pool in POOLS.values() for typed in pool}))
LABELS = st.sampled_from([t.tag(c.key) for t in TEMPLATE.tables for c in t.columns] + ["V.20", "DV.1", "KQ"])
VALUES: st.SearchStrategy[CellValue] = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(-50_000, 100_000).map(float),
    st.text(max_size=40),
    TEXTS,
    LABELS,
    st.dates(),
    st.datetimes(),
    st.times(),
)
FORMATS = st.sampled_from(["General", "0.00%", "#,##0", "dd/mm/yyyy", "@", '"%"', "[h]:mm"]) | st.text(
    max_size=8
)
ROWS, COLUMNS = st.integers(1, 25) | st.integers(1, 2**20), st.integers(1, 16) | st.integers(1, 2**14)
PLACES = st.dictionaries(st.tuples(ROWS, COLUMNS), st.none(), min_size=1, max_size=12)


@st.composite
def cells(draw: st.DrawFn) -> Cells:
    """Any kind beside any value: what a reader would never pair stops nothing either."""
    return {place: drawn_cell(draw, *place) for place in draw(PLACES)}


def drawn_cell(draw: st.DrawFn, row: int, column: int) -> Cell:
    formula = draw(st.none() | st.text(max_size=12))
    return Cell(row, column, draw(st.sampled_from(CellKind)), draw(VALUES), formula, draw(FORMATS))


@cache
def form() -> tuple[FormContent, Workbook]:
    content = issued("CA")
    return content, read_workbook(write(content, filled(content, {})))


def spoiled(workbook: Workbook, number: int, cells: Cells) -> Workbook:
    sheets = list(workbook.sheets)
    sheets[number] = replace(sheets[number], cells={**sheets[number].cells, **cells})
    return Workbook(tuple(sheets))


def assert_judged(workbooks: Sequence[Workbook]) -> None:
    """All in one batch, as a run judges them."""
    content, _ = form()
    batch = [Returned(SHA256, workbook, content) for workbook in workbooks]
    for returned, judgement in zip(batch, judge(batch, TEMPLATE, MESSAGES), strict=True):
        assert judgement.outcome in OUTCOMES
        said = kept_findings(SHA256, judgement.findings, MESSAGES)
        assert all(finding.title and finding.mend for finding in said)
        lines = feedback(returned.workbook, returned.issued, said, TEMPLATE).lines
        assert len(lines) == len(grouped(said))


@given(st.lists(st.tuples(st.integers(1, 3), cells()), min_size=1, max_size=8))
@settings(max_examples=40)
def test_any_cell_anywhere_in_a_form(changes: list[Change]) -> None:
    assert_judged([spoiled(form()[1], *change) for change in changes])


@cache
def open_places(number: int) -> list[tuple[int, int]]:
    """The cells of a sheet that are there to be filled in."""
    content, workbook = form()
    rows = read_form(workbook, TEMPLATE, content).rows
    inside = [row for row in rows if row.sheet == workbook.sheets[number].name]
    return [position(row.addresses[key]) for row in inside for key in sorted(row.issued.open)]


@st.composite
def filled_in(draw: st.DrawFn) -> Change:
    number = draw(st.integers(1, 3))
    chosen = draw(st.lists(st.sampled_from(open_places(number)), min_size=1, max_size=10, unique=True))
    return number, {place: drawn_cell(draw, *place) for place in chosen}


@given(st.lists(filled_in(), min_size=1, max_size=8))
@settings(max_examples=40)
def test_any_content_of_the_cells_that_are_filled_in(changes: list[Change]) -> None:
    assert_judged([spoiled(form()[1], *change) for change in changes])


@given(st.lists(st.lists(cells(), max_size=3), min_size=1, max_size=5))
@settings(max_examples=40)
def test_a_workbook_of_nothing_but_any_cells(contents: list[list[Cells]]) -> None:
    names = [sheet.name for sheet in form()[1].sheets]
    assert_judged(
        [
            Workbook(tuple(Sheet(name, False, part) for name, part in zip(names, parts, strict=False)))
            for parts in contents
        ]
    )

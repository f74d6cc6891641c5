"""A workbook with very many facts: values for formulas, rows that leave memory, facts in a file beside it.

The real size (3,321 units, 40 indicators) is too slow for a suite: the limits are lowered instead.
"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from pipeline.edges.consolidated.in_order import InOrder
from pipeline.edges.consolidated.writer import write_consolidated
from pipeline.spec.consolidated import Consolidated
from pipeline.spec.open_data import FILE, load_open_data
from pipeline.spec.tables import Tables
from tests.consolidated_reading import HEADER, cells, load_book
from tests.forms import PLAN, SCHEMAS
from tests.table_rows import LOOKS
from tests.tables import MADE, month


def limited(
    live_facts: int = LOOKS.limits.live_facts, sheet_facts: int = LOOKS.limits.sheet_facts
) -> Consolidated:
    return replace(LOOKS, limits=replace(LOOKS.limits, live_facts=live_facts, sheet_facts=sheet_facts))


def with_formulas(tables: Tables) -> Tables:
    """The made-up month, where each result would be a formula."""
    count = len(tables.frames["indicators"])
    return replace(tables, formulas={"indicators": {"change": ["[@result]-[@previous]"] * count}})


@pytest.fixture(scope="module")
def tables() -> Tables:
    return with_formulas(month())


@pytest.fixture(scope="module")
def count(tables: Tables) -> int:
    return len(tables.frames["facts"])


def texts(book: Workbook, name: str) -> Iterator[str]:
    yield from (str(cell.value) for cell in cells(book[name]) if isinstance(cell.value, str))


def figures(book: Workbook) -> list[str]:
    made = (str(c.value) for sheet in book.worksheets for c in cells(sheet) if c.data_type == "f")
    return [text for text in made if not text.startswith("=HYPERLINK")]


def test_up_to_the_limit_the_workbook_calculates(tables: Tables, count: int) -> None:
    book = load_book(write_consolidated(tables, limited(live_facts=count), MADE), formulas=True)
    assert len(figures(book)) == len(PLAN.indicators)
    assert not [text for text in texts(book, "Dữ liệu gốc") if "nhiều hơn" in text]


def test_above_the_limit_it_holds_values_and_says_so(tables: Tables, count: int) -> None:
    file = write_consolidated(tables, limited(live_facts=count - 1), MADE)
    assert figures(load_book(file, formulas=True)) == []
    for name in ("Chỉ tiêu", "Đơn vị", "Dữ liệu gốc"):
        (said,) = [text for text in texts(load_book(file), name) if "nhiều hơn" in text]
        assert f"Có {count} số liệu, nhiều hơn {count - 1}" in said


def test_rows_that_leave_memory_are_the_same_rows(tables: Tables, count: int) -> None:
    usual = load_book(write_consolidated(tables, LOOKS, MADE))
    bounded = load_book(write_consolidated(tables, limited(live_facts=count - 1), MADE))
    assert bounded.sheetnames == usual.sheetnames
    for sheet in usual.worksheets:
        other = bounded[sheet.title]
        assert other.merged_cells.ranges == sheet.merged_cells.ranges
        for cell in cells(sheet):
            if "nhiều hơn" not in str(other[cell.coordinate].value):
                value = pytest.approx(cell.value) if isinstance(cell.value, float) else cell.value
                assert other[cell.coordinate].value == value, cell
                assert other[cell.coordinate].number_format == cell.number_format


def test_the_same_input_gives_the_same_bytes(tables: Tables) -> None:
    few = limited(live_facts=1)
    assert write_consolidated(tables, few, MADE) == write_consolidated(with_formulas(month()), few, MADE)


def test_past_the_rows_of_a_sheet_the_facts_are_in_the_file_that_is_named(tables: Tables, count: int) -> None:
    file = write_consolidated(tables, limited(live_facts=1, sheet_facts=count - 1), MADE)
    sheet = load_book(file)["Dữ liệu gốc"]
    said = str(sheet.cell(HEADER + 1, 1).value)
    names = [
        table.file for table in load_open_data(FILE, (SCHEMAS / FILE).read_text(encoding="utf-8")).tables
    ]
    assert f"Có {count} số liệu, nhiều hơn {count - 1} dòng" in said
    assert [name for name in names if f"«du-lieu/{name}»" in said] == ["du-lieu-goc.csv"]
    assert sheet.max_row == HEADER + 1
    code = load_book(file, formulas=True)["Chỉ tiêu"].cell(HEADER + 1, 2)
    assert code.value == "I.1"  # no link to a row that is not there


def test_the_rows_of_a_sheet_and_its_head_fit_into_excel() -> None:
    assert HEADER + LOOKS.limits.sheet_facts < 1_048_576


def test_thousands_of_units_leave_the_overview_one_page(tables: Tables) -> None:
    names = tuple(f"Ủy ban nhân dân xã số {number}" for number in range(1200))
    longer = replace(tables, overview=replace(tables.overview, not_sent=names, late=names))
    book = load_book(write_consolidated(longer, LOOKS, MADE))
    (said,) = [text for text in texts(book, "Tổng quan") if "Chưa nộp (1200)" in text]
    assert len(said) < LOOKS.overview.longest + 5
    assert book["Tổng quan"].max_row < 60


def test_a_write_that_is_refused_is_told() -> None:
    class Refusing:
        def write_number(self, *_: object) -> int:
            return -1

        def get_name(self) -> str:
            return "a"

    sheet = InOrder(Refusing())
    assert sheet.write_number("A1", 1) == 0
    with pytest.raises(ValueError, match="a!A1"):
        sheet.flush()


def test_input_is_left_as_it_was(tables: Tables) -> None:
    before = {key: frame.copy() for key, frame in tables.frames.items()}
    write_consolidated(tables, limited(live_facts=1), MADE)
    for key, frame in tables.frames.items():
        pd.testing.assert_frame_equal(frame, before[key])

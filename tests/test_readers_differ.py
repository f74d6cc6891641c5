"""The fast reader against openpyxl, cell by cell, over every workbook that the program writes or gets back.

They must agree in address, type, value, error, formula, number format and font of old texts. One difference
is meant, and none of these workbooks has it: a cell that shares the formula of another is given by the fast
reader with the text of that other cell, by openpyxl with a shifted one. Nobody asks for that text, only
whether there is one. What either refuses that the other takes is in `tests/test_reader_limits.py`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.country import pattern
from pipeline.base.sheet import Workbook
from pipeline.edges.consolidated.writer import write_consolidated
from pipeline.edges.form.filler import fill_form, foreign_workbook
from pipeline.edges.reading.openpyxl_reader import read_with_openpyxl
from pipeline.edges.reading.xlsx_reader import read_xlsx
from tests.forms import PLAN, TEMPLATE, filled, issued, write
from tests.office import convert_all
from tests.reading import agreed
from tests.table_rows import LOOKS
from tests.tables import MADE, month

ROWS = [["Mã", "Kết quả"], ["V.1", "40"], ["=1+1", "@x"]]


def blank_form() -> bytes:
    return write(issued("CA"))


def filled_form() -> bytes:
    content = issued("VHXH")
    return write(content, filled(content, {"V.20": {"numerator": "1.688", "denominator": 9.5}}))


def form_filled_by_openpyxl() -> bytes:
    entries = filled(issued("CA"), {})
    return fill_form(blank_form(), entries, (), TEMPLATE)


def consolidated() -> bytes:
    return write_consolidated(month(), LOOKS, MADE)


MADE_BY: Mapping[str, Callable[[], bytes]] = {
    **{f"form of {unit.id}": lambda unit=unit: write(issued(unit.id)) for unit in PLAN.expected_units},  # type: ignore[misc]
    "filled form": filled_form,
    "form filled by openpyxl": form_filled_by_openpyxl,
    "form of the benchmarks": lambda: pattern(0),
    "consolidated workbook": consolidated,
    "workbook that is no form": lambda: foreign_workbook(ROWS, datetime(2026, 11, 1)),
}


def formulas(workbook: Workbook) -> dict[tuple[str, str], str]:
    return {(s.name, c.address): c.formula for s in workbook.sheets for c in s.cells.values() if c.formula}


@pytest.mark.parametrize("name", MADE_BY)
def test_what_the_program_writes(name: str) -> None:
    data = MADE_BY[name]()
    assert agreed(data)
    assert formulas(read_xlsx(data)) == formulas(read_with_openpyxl(data))


def test_what_libreoffice_saves_again(tmp_path: Path) -> None:
    chosen = ["filled form", "form filled by openpyxl", "consolidated workbook", "workbook that is no form"]
    sources = [tmp_path / f"{number}.xlsx" for number in range(len(chosen))]
    for source, name in zip(sources, chosen, strict=True):
        source.write_bytes(MADE_BY[name]())
    (tmp_path / "out").mkdir()
    for saved in convert_all(sources, "xlsx", tmp_path / "out"):
        data = saved.read_bytes()
        assert agreed(data)
        assert formulas(read_xlsx(data)) == formulas(read_with_openpyxl(data))

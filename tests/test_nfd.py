"""A form whose letters and marks stand apart (NFD) is as one in NFC, wherever a text is kept or compared."""

import unicodedata
from dataclasses import replace

from pipeline.base.sheet import Cell, Sheet, Workbook
from pipeline.core.identify import identify
from pipeline.core.intake import Returned, judge
from pipeline.edges.reading.workbook import read_workbook
from tests.forms import MESSAGES, PERIOD, PLAN, TEMPLATE, issued
from tests.test_legacy_text import OBSTACLE, TYPED, saved, the_form, type_into


def decomposed(workbook: Workbook) -> Workbook:
    def apart(text: str) -> str:
        return unicodedata.normalize("NFD", text)

    def of(cell: Cell) -> Cell:
        return cell._replace(value=apart(cell.value)) if isinstance(cell.value, str) else cell

    return Workbook(
        tuple(
            Sheet(apart(s.name), s.hidden, {place: of(cell) for place, cell in s.cells.items()})
            for s in workbook.sheets
        )
    )


def test_a_whole_form_in_nfd_is_as_one_in_nfc() -> None:
    workbook = read_workbook(saved(type_into(the_form(), TYPED, "Times New Roman", {})))
    apart = decomposed(workbook)
    assert apart != workbook
    known, same = (identify(book, {1: TEMPLATE}, lambda _: PLAN, PERIOD) for book in (workbook, apart))
    assert known == same
    one, two = (
        judge([Returned("0" * 64, book, issued("CA"))], TEMPLATE, MESSAGES)[0] for book in (workbook, apart)
    )
    assert one == two
    assert (one.outcome, one.narratives[0].text) == ("valid", OBSTACLE)


def test_nfd_without_its_hidden_sheet_and_tags() -> None:
    workbook = decomposed(read_workbook(saved(the_form())))
    bare = Workbook(
        tuple(
            replace(s, cells={p: c for p, c in s.cells.items() if not c.text.startswith("#")})
            for s in workbook.sheets
            if s.name != TEMPLATE.identity.sheet
        )
    )
    found = identify(bare, {1: TEMPLATE}, lambda _: PLAN, PERIOD)
    assert (found.unit, [f.code for f in found.findings]) == (PLAN.unit_by_id["CA"], ["F10"])
    judgement = judge([Returned("0" * 64, bare, issued("CA"))], TEMPLATE, MESSAGES)[0]
    assert {f.code for f in judgement.findings} == {"R01"}

"""Whose form is it, and for which month: by the hidden sheet, else by what is seen, else not at all."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.base.period import Period
from pipeline.base.sheet import Cell, CellKind, Sheet, Workbook
from pipeline.core.identify import identify
from pipeline.core.intake import kept_findings
from pipeline.edges.reading.workbook import read_workbook
from tests.forms import MESSAGES, PLAN, TEMPLATE, issued, write

NOVEMBER = Period(2026, 11)
HIDDEN = "nhan-dang"
VISIBLE = {"unit": "Mã đơn vị", "period": "Kỳ báo cáo"}


@pytest.fixture(scope="module")
def form() -> Workbook:
    return read_workbook(write(issued("PVHCC")))


def changed(workbook: Workbook, change: Callable[[Sheet], Sheet | None]) -> Workbook:
    return Workbook(tuple(new for sheet in workbook.sheets if (new := change(sheet)) is not None))


def without_hidden(workbook: Workbook) -> Workbook:
    return changed(workbook, lambda sheet: None if sheet.name == HIDDEN else sheet)


def rewritten(workbook: Workbook, label: str, text: str, hidden: bool) -> Workbook:
    """The form with another text beside a label, on the hidden or on all other sheets."""

    def change(sheet: Sheet) -> Sheet:
        if (sheet.name == HIDDEN) is not hidden:
            return sheet
        cells = dict(sheet.cells)
        for place, cell in sheet.cells.items():
            if cell.value == label:
                beside = min(p for p in cells if p[0] == place[0] and p[1] > place[1])
                cells[beside] = cells[beside]._replace(kind=CellKind.TEXT, value=text)
        return replace(sheet, cells=cells)

    after = changed(workbook, change)
    assert after != workbook
    return after


def known(workbook: Workbook, latest: Period = NOVEMBER) -> tuple[str, str, list[str]]:
    found = identify(workbook, {1: TEMPLATE}, lambda _: PLAN, latest)
    said = kept_findings("", found.findings, MESSAGES)
    assert all(entry.found for entry in said)
    return found.unit.id if found.unit else "", str(found.period or ""), [f.code for f in found.findings]


def test_by_the_hidden_sheet(form: Workbook) -> None:
    assert known(form) == ("PVHCC", "2026-11", [])


@pytest.mark.parametrize("unit", [unit.id for unit in PLAN.expected_units])
def test_every_issued_form_knows_its_unit(unit: str) -> None:
    assert known(read_workbook(write(issued(unit)))) == (unit, "2026-11", [])


def test_the_name_and_place_of_the_hidden_sheet_do_not_matter(form: Workbook) -> None:
    def renamed(sheet: Sheet) -> Sheet:
        return replace(sheet, name="Sheet9", hidden=False) if sheet.name == HIDDEN else sheet

    shuffled = Workbook(changed(form, renamed).sheets[::-1])
    assert known(shuffled) == ("PVHCC", "2026-11", [])


def test_without_the_hidden_sheet_the_visible_cells_tell(form: Workbook) -> None:
    assert known(without_hidden(form)) == ("PVHCC", "2026-11", ["F10"])


@pytest.mark.parametrize(
    "name",
    [
        "Trung tâm PVHCC",
        "TRUNG TÂM PVHCC xã",
        "trung tam phuc vu hanh chinh cong",
        unicodedata.normalize("NFD", "Trung tâm Phục vụ hành chính công"),
        "Trung tâm\N{NO-BREAK SPACE}PVHCC ",
        "ttpvhcc",
        "pvhcc",
    ],
)
def test_a_unit_has_many_spellings(form: Workbook, name: str) -> None:
    assert known(rewritten(without_hidden(form), VISIBLE["unit"], name, hidden=False))[0] == "PVHCC"
    assert known(rewritten(form, VISIBLE["unit"], name, hidden=False)) == ("PVHCC", "2026-11", [])


def test_two_identities_that_differ_are_refused(form: Workbook) -> None:
    for key, text in (("unit", "CA"), ("period", "2026-10"), ("period", "10/2026")):
        assert known(rewritten(form, VISIBLE[key], text, hidden=False)) == ("PVHCC", "2026-11", ["F11"])


@pytest.mark.parametrize("period", ["2026-11", " 11/2026 "])
def test_a_month_is_read_as_files_and_as_people_write_it(form: Workbook, period: str) -> None:
    assert known(rewritten(form, VISIBLE["period"], period, hidden=False)) == ("PVHCC", "2026-11", [])
    bare = rewritten(without_hidden(form), VISIBLE["period"], period, hidden=False)
    assert known(bare) == ("PVHCC", "2026-11", ["F10"])


def test_a_month_is_quoted_as_people_write_it(form: Workbook) -> None:
    def quoted(workbook: Workbook, latest: Period = NOVEMBER) -> str:
        (said,) = kept_findings(
            "", identify(workbook, {1: TEMPLATE}, lambda _: PLAN, latest).findings, MESSAGES
        )
        return said.found

    assert "«11/2026»" in quoted(form, latest=Period(2026, 10))
    differing = quoted(rewritten(form, VISIBLE["period"], "2026-10", hidden=False))
    assert "kỳ 11/2026" in differing
    assert "kỳ 10/2026" in differing


def test_sheets_that_contradict_each_other_are_refused(form: Workbook) -> None:
    """Half of the form was pasted from another unit's."""
    other = without_hidden(rewritten(form, VISIBLE["unit"], "CA", hidden=False))
    mixed = Workbook((*without_hidden(form).sheets[:2], *other.sheets[2:]))
    assert set(known(mixed)[2]) == {"F11", "F10"}


def test_a_unit_that_the_plan_does_not_know(form: Workbook) -> None:
    odd = rewritten(without_hidden(form), VISIBLE["unit"], "PVHCX", hidden=False)
    assert known(odd) == ("", "2026-11", ["F10", "F07"])


def test_a_unit_that_owes_nothing(form: Workbook) -> None:
    bank = rewritten(without_hidden(form), VISIBLE["unit"], "NHNN", hidden=False)
    assert known(bank) == ("NHNN", "2026-11", ["F10", "F17"])


@pytest.mark.parametrize(
    "period", ["2025-11", "2027-01", "2026-12", "12/2026", "2026-13", "13/2026", "tháng 11"]
)
def test_periods_that_cannot_be_reported(form: Workbook, period: str) -> None:
    odd = rewritten(without_hidden(form), VISIBLE["period"], period, hidden=False)
    assert known(odd) == ("PVHCC", "", ["F10", "F08"])


def test_a_form_sent_before_its_closing_day(form: Workbook) -> None:
    assert known(form, latest=Period(2026, 10)) == ("PVHCC", "", ["F08"])
    assert known(form, latest=Period(2026, 12)) == ("PVHCC", "2026-11", [])


def test_another_plan(form: Workbook) -> None:
    assert known(rewritten(form, "ke-hoach", "phuoc-an-2025", hidden=True))[2] == ["F13"]


def test_another_version_of_the_form(form: Workbook) -> None:
    assert known(rewritten(form, "phien-ban-mau", "2", hidden=True))[2] == ["F09"]


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {(1, 1): Cell(1, 1, CellKind.TEXT, "Báo cáo"), (1, 2): Cell(1, 2, CellKind.NUMBER, 5.0)},
        {(1, 1): Cell(1, 1, CellKind.TEXT, "Mã đơn vị"), (1, 2): Cell(1, 2, CellKind.TEXT, "CA")},
    ],
)
def test_a_foreign_workbook(cells: dict[tuple[int, int], Cell]) -> None:
    assert known(Workbook((Sheet("Sheet1", False, cells),))) == ("", "", ["F06"])

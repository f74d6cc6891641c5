"""The parts of the demonstration: its data, its plan, and the filling of forms."""

from dataclasses import replace

import pytest

from pipeline.base.errors import SpecError
from pipeline.core.demo import entries_of, plan_text
from pipeline.edges.form.filler import fill_form
from pipeline.edges.reading.workbook import read_workbook
from pipeline.spec.demo import Damage, load_demo
from pipeline.spec.plan_file import load_plan
from tests.forms import INDICATORS, PLAN, SCHEMAS, TASKS, TEMPLATE, cell_of, issued, load, tag_row, write

PLAN_TEXT = (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8")
DEMO_TEXT = (SCHEMAS / "demo.toml").read_text(encoding="utf-8")
DEMO = load_demo("demo", DEMO_TEXT, PLAN, TEMPLATE)
CT = INDICATORS.sheet


def test_the_plan_of_the_demonstration_differs_by_baselines_confirmations_and_the_mark_alone() -> None:
    ours = load_plan("plan", plan_text(PLAN_TEXT, DEMO))
    assert ours.short_title == f"{PLAN.short_title} (số liệu minh họa)"
    expected = tuple(replace(i, baseline=DEMO.baselines.get(i.code, i.baseline)) for i in PLAN.indicators)
    assert ours.report is not None
    assert PLAN.report is not None
    assert ours.report.subject == f"{PLAN.report.subject} (số liệu minh họa)"
    assert DEMO.confirmations
    unmarked = replace(ours, short_title=PLAN.short_title, report=PLAN.report)
    assert unmarked == replace(PLAN, indicators=expected, confirmations=DEMO.confirmations)


def test_a_baseline_that_finds_no_place_is_no_silent_loss() -> None:
    with pytest.raises(ValueError, match="0 lines"):
        plan_text(PLAN_TEXT, replace(DEMO, baselines={"V.31": 1.0}))


@pytest.mark.parametrize(
    ("found", "put", "place"),
    [
        ('"I.1"  = 13.8', '"I.9"  = 13.8', "I.9"),
        ('code    = "V.30"', 'code    = "V.31"', "figures: thiếu V.30 của CA"),
        ('code    = "V.30"', 'code    = "V.29"', "figures: thiếu V.30 của CA"),
        ('unit    = "TYT"\nof', 'unit    = "KT"\nof', "figures: KT không báo cáo II.4"),
        ("results = [0.68, 0.7, 0.73, 0.76]", "results = [0.68]", "figures(V.1)"),
        ('months    = ["2026-08"', 'months    = ["2025-08"', "kỳ 2025-08"),
        ('months    = ["2026-08"', 'months    = ["tháng 8"', "«tháng 8»"),
        ("issued_on = [3, 3, 1, 2]", "issued_on = [3]", "issued_on"),
        ('copy_of = "2026-09-17/', 'copy_of = "2026-09-16/', "copy_of"),
        ('name = "co quan 10.xlsx"\nunit', 'name = "co quan 10.xlsx"\ncontent = "x"\nunit', "cần đúng một"),
        ('name = "co quan 10.xlsx"', 'name = "truong hoc T10.xlsx"', "tên trùng"),
        ('column = "target"', 'column = "targets"', "không có cột targets"),
        ('TYT   = "Số liệu', 'TYTE  = "Số liệu', "TYTE"),
    ],
)
def test_a_faulty_demonstration_is_refused_with_its_place(found: str, put: str, place: str) -> None:
    assert DEMO_TEXT.count(found) >= 1
    with pytest.raises(SpecError) as refused:
        load_demo("demo.toml", DEMO_TEXT.replace(found, put, 1), PLAN, TEMPLATE)
    assert any(place in fault for fault in refused.value.faults)


def test_filling_types_into_the_named_cells_and_keeps_everything_else() -> None:
    form = write(issued("CA"))
    sent = next(f for f in DEMO.files if f.name == "CA xa T11 (ban cuoi).xlsx")
    entries = entries_of(sent, DEMO, PLAN, TEMPLATE)
    before, after = load(form), load(fill_form(form, entries, (), TEMPLATE))
    changed = {
        (sheet.title, cell.coordinate): after[sheet.title][cell.coordinate].value
        for sheet in before.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if after[sheet.title][cell.coordinate].value != cell.value
    }
    expected = {
        (TEMPLATE.table(key).sheet, cell_of(before, TEMPLATE.table(key), code, column).coordinate): value
        for (key, code, column), value in entries.items()
    }
    assert changed == expected
    assert changed[CT, "J7"] == "trên 98%"
    for old, new in zip(before.worksheets, after.worksheets, strict=True):
        assert (new.title, new.sheet_state) == (old.title, old.sheet_state)
        assert new.protection.sheet == old.protection.sheet
        assert new.data_validations.count == old.data_validations.count
        assert new.freeze_panes == old.freeze_panes


def test_a_renamed_sheet_takes_the_references_along() -> None:
    damage = Damage("rename_sheet", "tasks", text="Nhiem vu T9")
    book = load(fill_form(write(issued("CA")), {}, [damage], TEMPLATE))
    formulas = [
        str(cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert "Nhiem vu T9" in book.sheetnames
    assert any("'Nhiem vu T9'!" in formula for formula in formulas)
    assert not any("'Nhiệm vụ'!" in formula for formula in formulas)


def test_an_inserted_row_moves_the_table_with_its_formulas_dropdowns_and_heights() -> None:
    form = write(issued("CA"))
    damage = Damage("insert_row", "indicators", text="Đã duyệt")
    before, after = load(form)[CT], load(fill_form(form, {}, [damage], TEMPLATE))[CT]
    tags = tag_row(before, INDICATORS)
    assert after.cell(tags, 1).value == "Đã duyệt"
    assert tag_row(after, INDICATORS) == tags + 1
    assert after.row_dimensions[tags + 1].hidden
    assert not after.row_dimensions[tags].hidden
    assert before["K7"].value != after["K8"].value
    assert str(after["K8"].value).replace("8", "7") == str(before["K7"].value)
    assert sorted(str(v.sqref) for v in after.data_validations.dataValidation) == sorted(
        f"{v.sqref}"[0] + str(int(f"{v.sqref}"[1:]) + 1) for v in before.data_validations.dataValidation
    )
    assert after.row_dimensions[8].height == before.row_dimensions[7].height


def test_a_hidden_column_is_hidden_alone() -> None:
    damage = Damage("hide_column", "indicators", column="previous")
    sheet = load(fill_form(write(issued("CA")), {}, [damage], TEMPLATE))[CT]
    hidden = [d for d in sheet.column_dimensions.values() if d.hidden]
    assert [(d.min, d.max) for d in hidden] == [(5, 5)]


def test_both_readers_take_a_form_that_openpyxl_saved() -> None:
    form = fill_form(write(issued("TH")), {("tasks", "DV.1", "work"): "Tập huấn"}, (), TEMPLATE)
    sheets = {sheet.name: sheet for sheet in read_workbook(form).sheets}
    texts = [cell.value for cell in sheets[TASKS.sheet].cells.values()]
    assert "Tập huấn" in texts

"""What an officer does to the workbook of the plan, and what becomes of the plan file and of its comments."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime

import pytest
from openpyxl.utils import get_column_letter

from pipeline.spec.plan_file import load_plan
from tests.plan_books import (
    DATA,
    FIRST_ROW,
    TEXT,
    Book,
    added,
    cell_of,
    column_of,
    difference,
    edited,
    exported,
    new_text,
    outcome,
    removed,
    row_of,
    sheet_of,
    typed,
)

CONFIRMATION = {"unit": "PVHCC", "indicator": "V.4", "periods": "2026-11", "reason": "Đã đối chiếu"}


def after(edit: Callable[[Book], object]) -> tuple[list[str], list[str]]:
    return difference(new_text(edited(edit)))


def told(edit: Callable[[Book], object]) -> list[tuple[str, str, str, str, str]]:
    changes = outcome(edited(edit)).changes
    return [
        (c.kind, c.spot.sheet, c.spot.cell, c.entry, f"{c.label}: {c.before} → {c.after}") for c in changes
    ]


def test_without_a_change_nothing_is_said_and_the_text_is_the_same() -> None:
    assert outcome(exported()).changes == ()
    assert new_text(exported()) == TEXT


def test_saved_by_another_library_nothing_has_changed() -> None:
    assert new_text(edited(lambda book: None)) == TEXT


def test_the_same_plan_gives_the_same_bytes() -> None:
    exported.cache_clear()
    first = exported()
    exported.cache_clear()
    assert exported() == first


def test_a_number_changes_in_its_place_and_keeps_its_comment() -> None:
    edit = typed("scoring", "", "on_path_share", 0.9)
    assert after(edit) == (
        ["on_path_share      = 0.85   # yellow from this share of the way that the path asks for"],
        ["on_path_share      = 0.9    # yellow from this share of the way that the path asks for"],
    )
    (change,) = told(edit)
    assert change[:3] == ("changed", "Chấm điểm", "C8")
    assert change[4] == "Vàng từ phần nào của lộ trình: 0,85 → 0,9"


def test_a_target_changes_inside_its_table() -> None:
    edit = typed("indicators", "I.1", "target.value", 65)
    assert after(edit) == (
        ['target            = { kind = "at_least", value = 60, as_printed = "≥ 60%" }'],
        ['target            = { kind = "at_least", value = 65, as_printed = "≥ 60%" }'],
    )
    assert told(edit) == [("changed", "Chỉ tiêu", "H6", "I.1", "Mục tiêu: 60 → 65")]


def test_a_choice_is_typed_by_its_label() -> None:
    assert after(typed("indicators", "I.1", "basis", " phát sinh trong kỳ "))[1] == [
        'basis             = "flow"'
    ]
    assert after(typed("calendar", "", "day_off", "next"))[1][0].startswith('day_off           = "next"')


def test_a_new_key_stands_where_it_belongs_and_is_aligned() -> None:
    text = new_text(edited(typed("indicators", "I.1", "baseline", "12,5")))
    assert difference(text) == ([], ["baseline          = 12.5"])
    lines = text.splitlines()
    at = lines.index("baseline          = 12.5")
    assert lines[at - 1] == 'lead_as_printed   = "Phòng VHXXH"'
    assert lines[at + 1] == ""


def test_a_cell_made_blank_takes_the_key_away() -> None:
    edit = typed("units", "NHNN", "entered_by", None)
    assert after(edit) == (['entered_by = "VHXH"  # [R]'], [])
    assert told(edit)[0][4] == "Đơn vị nhập thay: VHXH → (trống)"


def test_an_empty_text_in_the_file_is_no_change() -> None:
    text = TEXT.replace('code    = "NV.1.1"', 'code    = "NV.1.1"\nperson  = ""')
    assert new_text(exported(text), text) == text


def test_an_alias_comes_and_one_goes_and_comments_stay() -> None:
    names = DATA["units"][0]["aliases"]
    kept = [name for name in names if name != "Phòng VHXXH"]
    gone, came = after(typed("units", "VHXH", "aliases", "\n".join([*kept, "Phòng “VH”"])))
    assert gone == [
        '  "Phòng VHXH", "Phòng VHXXH", "Phòng Văn hóa – Xã hội",  # [P]',
        '  "Phòng Văn hóa-Xã hội", "Phòng Văn hóa và Xã hội", "Phòng VH - XH", "Phòng VH&XH",',
    ]
    assert came == [
        '  "Phòng VHXH", "Phòng Văn hóa – Xã hội",  # [P]',
        '  "Phòng Văn hóa-Xã hội", "Phòng Văn hóa và Xã hội", "Phòng VH - XH", "Phòng VH&XH", "Phòng “VH”",',
    ]


def test_an_inserted_row_follows_the_row_above_it_and_section_comments_stay() -> None:
    def edit(book: Book) -> None:
        row = row_of(book, "indicators", "II.1")
        added("indicators", {"code": "I.3", "group": "I", "name": "Mới"}, row)(book)

    gone, came = after(edit)
    assert gone == []
    assert came == ["[[indicators]]", 'code  = "I.3"', 'group = "I"', 'name  = "Mới"', ""]
    text = new_text(edited(edit))
    assert text.index('"I.2"') < text.index('"I.3"') < text.index("# II. Nguồn lực") < text.index('"II.1"')
    assert 'name  = "Mới"\n\n# II. Nguồn lực\n\n[[indicators]]' in text


def test_a_row_filled_at_the_end_follows_the_last_one() -> None:
    text = new_text(edited(added("groups", {"code": "VI", "name": "Mới"})))
    assert 'printed_count = 0\n\n[[groups]]\ncode = "VI"\nname = "Mới"\n\n\n# ── Indicators' in text


def test_a_row_inserted_above_the_first_one_comes_first() -> None:
    text = new_text(edited(added("sections", {"code": "0", "name": "Chung"}, FIRST_ROW)))
    assert [section["code"] for section in tomllib.loads(text)["sections"]] == ["0", "1", "2"]
    assert difference(text)[0] == []


def test_the_first_entries_of_an_empty_list_stand_below_its_comment() -> None:
    text = new_text(edited(added("confirmations", dict(CONFIRMATION))))
    assert text.startswith(TEXT)
    assert text[len(TEXT) :] == (
        '\n[[confirmations]]\nunit      = "PVHCC"\nindicator = "V.4"\nperiods   = ["2026-11"]\n'
        'reason    = "Đã đối chiếu"\n'
    )
    assert load_plan("plan", text).confirmations[0].periods == ("2026-11",)


def test_a_deleted_row_takes_its_own_comment_and_no_other() -> None:
    gone, came = after(removed("calendar.overrides", "24/11/2026"))
    assert came == []
    assert sorted(gone)[1].startswith("[[calendar.overrides]]  # [R] the package has a holiday")
    assert len(gone) == 5
    text = new_text(edited(removed("indicators", "I.2")))
    assert "# II. Nguồn lực" in text
    assert '"I.2"' not in text


def test_all_rows_of_a_list_may_go_and_others_come() -> None:
    def edit(book: Book) -> None:
        for day in ("02/01/2026", "10/01/2026", "24/11/2026"):
            removed("calendar.overrides", day)(book)
        sheet = sheet_of(book, "calendar.overrides")
        for key, value in {"day": date(2026, 4, 27), "kind": "Nghỉ", "reason": "Hoán đổi"}.items():
            sheet.cell(FIRST_ROW, column_of(book, "calendar.overrides", key)).value = value  # type: ignore[assignment]

    text = new_text(edited(edit))
    assert tomllib.loads(text)["calendar"]["overrides"] == [
        {"day": date(2026, 4, 27), "kind": "off", "reason": "Hoán đổi"}
    ]
    assert "Week-ends need no line.\n\n[[calendar.overrides]]\nday    = 2026-04-27\n" in text


def test_a_code_that_is_corrected_stays_the_same_entry() -> None:
    edit = typed("units", "BCHQS", "id", "BCHQSX")
    assert after(edit) == (['id         = "BCHQS"'], ['id         = "BCHQSX"'])
    assert told(edit) == [("changed", "Đơn vị", "B16", "BCHQS", "Mã: BCHQS → BCHQSX")]


def test_a_copied_row_is_a_new_entry() -> None:
    def edit(book: Book) -> None:
        sheet, first = sheet_of(book, "groups"), row_of(book, "groups", "I")
        sheet.insert_rows(first + 1)
        for column in range(1, sheet.max_column + 1):
            sheet.cell(first + 1, column).value = sheet.cell(first, column).value
        sheet.cell(first + 1, column_of(book, "groups", "code")).value = "Ia"

    text = new_text(edited(edit))
    assert [group["code"] for group in tomllib.loads(text)["groups"]][:3] == ["I", "Ia", "II"]
    assert 'code          = "Ia"\nname          = "Về phát triển hạ tầng"\nprinted_count = 2\n\n' in text
    assert len(difference(text)[1]) == 5


def test_sorted_rows_change_nothing_and_it_is_said() -> None:
    def edit(book: Book) -> None:
        sheet = sheet_of(book, "groups")
        rows = [[c.value for c in sheet[row]] for row in range(FIRST_ROW, FIRST_ROW + 5)]
        for row, values in enumerate(reversed(rows), FIRST_ROW):
            for column, value in enumerate(values, 1):
                sheet.cell(row, column).value = value

    done = outcome(edited(edit))
    assert (done.changes, done.reordered) == ((), ("groups",))
    assert new_text(edited(edit)) == TEXT


def test_moved_columns_change_nothing() -> None:
    def edit(book: Book) -> None:
        sheet = sheet_of(book, "tasks")
        letter = get_column_letter(column_of(book, "tasks", "work"))
        sheet.move_range(f"{letter}1:{letter}{sheet.max_row}", cols=20)

    assert new_text(edited(edit)) == TEXT


def test_blank_rows_in_between_and_trailing_blanks_change_nothing() -> None:
    def edit(book: Book) -> None:
        sheet_of(book, "units").insert_rows(FIRST_ROW + 2, 3)
        cell = cell_of(book, "units", "CA", "name")
        cell.value = f"  {cell.value}\u00a0 "

    assert new_text(edited(edit)) == TEXT


@pytest.mark.parametrize(
    ("typed_in", "kept"),
    [("85,5%", "85.5"), ("85,5", "85.5"), (85.5, "85.5"), ("1688", "1688"), (" 70 ", "70")],
)
def test_numbers_are_read_as_people_type_them(typed_in: object, kept: str) -> None:
    (line,) = after(typed("indicators", "V.15", "target.value", typed_in))[1]
    assert f"value = {kept}, " in line


@pytest.mark.parametrize("typed_in", ["27/4/2026", datetime(2026, 4, 27), "ngày 27 tháng 4 năm 2026", 46139])
def test_days_are_read_as_people_type_them(typed_in: object) -> None:
    gone, came = after(typed("calendar.overrides", "02/01/2026", "day", typed_in))
    assert (gone, came) == (["day    = 2026-01-02"], ["day    = 2026-04-27"])


def test_milestones_stand_in_their_indicator_by_day() -> None:
    def edit(book: Book) -> None:
        sheet = sheet_of(book, "indicators.milestones")
        for row, (day, value) in enumerate([(date(2026, 9, 30), "55%"), (date(2026, 6, 30), 50)], FIRST_ROW):
            for key, what in {"^": "I.1", "day": day, "value": value}.items():
                sheet.cell(row, column_of(book, "indicators.milestones", key)).value = what  # type: ignore[assignment]

    gone, came = after(edit)
    assert gone == []
    assert came == [
        "milestones        = [{ day = 2026-06-30, value = 50 }, { day = 2026-09-30, value = 55 }]"
    ]
    assert ("added", "Mốc", "B6", "I.1 30/09/2026") in {change[:4] for change in told(edit)}
    again = new_text(edited(lambda book: None, new_text(edited(edit))), new_text(edited(edit)))
    assert again == new_text(edited(edit))


def test_next_year_is_made_from_this_one() -> None:
    def edit(book: Book) -> None:
        for key, value in {"id": "phuoc-an-2027", "version": 1, "year": 2027}.items():
            cell_of(book, "", "", key).value = value
        for day in ("02/01/2026", "10/01/2026", "24/11/2026"):
            removed("calendar.overrides", day)(book)
        for indicator in DATA["indicators"]:
            cell_of(book, "indicators", indicator["code"], "baseline").value = 50

    plan = load_plan("plan-2027.toml", new_text(edited(edit)))
    assert (plan.year, plan.id, plan.version, plan.calendar.overrides) == (2027, "phuoc-an-2027", 1, ())
    assert {indicator.baseline for indicator in plan.indicators} == {50}


def test_the_report_may_be_left_out_and_come_back() -> None:
    def clear(book: Book) -> None:
        for key in DATA["report"]:
            cell_of(book, "report", "", key).value = None

    without = new_text(edited(clear))
    assert load_plan("plan", without).report is None
    assert "# ── The report" in without

    def fill(book: Book) -> None:
        for key, value in DATA["report"].items():
            cell_of(book, "report", "", key).value = "\n".join(value) if isinstance(value, list) else value

    again = new_text(edited(fill, without), without)
    assert tomllib.loads(again) == DATA

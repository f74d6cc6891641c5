"""A plan file laid out in another way is changed in its own: tables, values within a line, no alignment."""

import re
import tomllib
from datetime import date

import pytest

from pipeline.core.plan_book.toml_values import NotWritable
from tests.good_plan import GOOD
from tests.plan_books import TEXT, Book, added, difference, edited, exported, new_text, removed, typed


def test_milestones_written_as_tables_are_kept_and_changed() -> None:
    second = '\n[[indicators]]\ncode              = "I.2"'
    text = TEXT.replace(second, f"\n[[indicators.milestones]]\nday = 2026-06-30\nvalue = 50\n{second}")
    assert new_text(exported(text), text) == text
    changed = new_text(edited(typed("indicators.milestones", "I.1 30/06/2026", "value", 52), text), text)
    assert tomllib.loads(changed)["indicators"][0]["milestones"] == [{"day": date(2026, 6, 30), "value": 52}]


def test_a_target_written_as_a_table_is_kept_and_changed() -> None:
    inline = 'target            = { kind = "at_least", value = 60, as_printed = "≥ 60%" }\n'
    table = '\n[indicators.target]  # [P]\nkind = "at_least"\nvalue = 60  # từ bảng\nas_printed = "≥ 60%"\n'
    head, tail = TEXT.split(inline, 1)
    text = head + tail.replace("\n\n[[indicators]]", f"\n{table}\n[[indicators]]", 1)
    assert new_text(exported(text), text) == text
    edit = typed("indicators", "I.1", "target.value", 65)
    assert difference(new_text(edited(edit, text), text), text) == (
        ["value = 60  # từ bảng"],
        ["value = 65  # từ bảng"],
    )


def test_a_plan_without_alignment_stays_so() -> None:
    text = re.sub(r"^(\w+) +=", r"\1 =", TEXT, flags=re.MULTILINE)
    assert new_text(exported(text), text) == text
    changed = new_text(edited(added("groups", {"code": "VI", "name": "Mới"}), text), text)
    assert '\ncode = "VI"\nname = "Mới"\n' in changed


def test_a_plan_of_another_layout_is_changed_in_its_own() -> None:
    """Lists written as values, tables within one line."""
    assert new_text(exported(GOOD), GOOD) == GOOD

    def edit(book: Book) -> None:
        typed("units", "B", "name", "Phòng số 2")(book)
        typed("scoring.quality", "", "warned", 60)(book)
        typed("indicators", "I.2", "target.upper", 18)(book)
        typed("indicators.milestones", "I.1 30/06/2027", "value", 35)(book)

    gone, came = difference(new_text(edited(edit, GOOD), GOOD), GOOD)
    assert came == [
        '  { id = "B", name = "Phòng số 2", short_name = "B", expected = false, entered_by = "A" },',
        "quality = { clean = 100, warned = 60, faulty = 0 }",
        "milestones = [{ day = 2027-06-30, value = 35 }]",
        'target = { kind = "range", lower = 15, upper = 18, as_printed = "15-17%" }',
    ]
    assert len(gone) == 4


def test_entries_come_and_go_in_a_list_that_is_a_value() -> None:
    text = new_text(edited(removed("tasks", "NV.1"), GOOD), GOOD)
    assert difference(text, GOOD) == (['  { code = "NV.1", section = "1", work = "Việc thứ nhất" },'], [])


def test_a_list_with_comments_inside_is_left_to_hands() -> None:
    text = GOOD.replace("tasks = [", "tasks = [  # việc")
    assert new_text(exported(text), text) == text
    with pytest.raises(NotWritable):
        new_text(edited(removed("tasks", "NV.1"), text), text)

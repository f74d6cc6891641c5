"""Each rule of the plan loader refuses a plan spoiled in one place, and names that place."""

import pytest

from pipeline.base.errors import OperatorError
from pipeline.spec.plan_file import load_plan
from tests.good_plan import FILE, GOOD, faults, places, spoil
from tests.spoiled_plans import ALL, EDGES


def test_the_plan_before_it_is_spoiled_loads() -> None:
    plan = load_plan(FILE, GOOD)
    assert [i.code for i in plan.indicators] == ["I.1", "I.2", "I.3", "I.4", "I.5"]


@pytest.mark.parametrize("name", ALL)
def test_a_spoiled_plan_is_refused_at_its_place(name: str) -> None:
    old, new, place = ALL[name]
    assert places(spoil(GOOD, old, new)) == [place]


@pytest.mark.parametrize("name", EDGES)
def test_a_plan_at_the_edge_of_a_rule_loads(name: str) -> None:
    old, new = EDGES[name]
    assert load_plan(FILE, spoil(GOOD, old, new)).id == "xa-2027"


def test_bounds_that_are_needed_are_named() -> None:
    (fault,) = faults(spoil(GOOD, " upper = 17,", ""))
    assert "lower, upper" in fault


def test_a_fault_says_which_unit_is_unknown_and_which_are_known() -> None:
    (fault,) = faults(spoil(GOOD, 'entered_by = "A"', 'entered_by = "Z"'))
    assert "«Z»" in fault
    assert "A, B, C" in fault


@pytest.mark.parametrize(("lowest", "word"), [("71", "hở"), ("69", "chồng")])
def test_a_gap_and_an_overlap_are_told_apart(lowest: str, word: str) -> None:
    (fault,) = faults(spoil(GOOD, "lowest = 70", f"lowest = {lowest}"))
    assert "«Tốt»" in fault
    assert f"{word} giữa 70 và {lowest}" in fault


def test_nobody_is_asked_for_a_side_that_is_not_due() -> None:
    text = spoil(GOOD, 'số vụ" }', 'số vụ", if_missing = "ask" }')
    assert load_plan(FILE, text).doubts.relations[0].if_missing == "ask"
    assert places(spoil(text, "baseline = 0", "baseline = 0\ndue_months = [12]")) == [
        "doubts.relations(QH1).if_missing"
    ]


def test_grades_may_stand_in_any_order() -> None:
    top = '  { label = "Tốt", lowest = 70, below = 100 },\n'
    bottom = '  { label = "Kém", lowest = 0, below = 50 },\n'
    moved = spoil(spoil(GOOD, top, ""), bottom, bottom + top)
    assert [g.label for g in load_plan(FILE, moved).scoring.grades] == ["Được", "Kém", "Tốt"]


def test_every_fault_of_the_shape_is_reported_at_once() -> None:
    text = spoil(GOOD, 'province = "Tỉnh"', "province = 75")
    text = spoil(text, "weight = 2", "weigth = 2")
    text = spoil(text, ', work = "Việc thứ hai"', "")
    assert places(text) == ["province", "indicators[1].weigth", "tasks[2].work"]


def test_every_fault_of_the_content_is_reported_at_once() -> None:
    text = GOOD
    for name in (
        "task twice",
        "range upside down",
        "month 13",
        "points that are not 100",
        "grades with a gap",
    ):
        old, new, _ = ALL[name]
        text = spoil(text, old, new)
    assert places(text) == [
        "tasks",
        "indicators(I.2).target",
        "indicators(I.4).due_months",
        "scoring.scorecard",
        "scoring.grades",
    ]


@pytest.mark.parametrize("year", ["-2027", "0", "10000", f"1{'0' * 300}"])
def test_a_year_that_no_calendar_has_is_refused(year: str) -> None:
    assert "year" in places(spoil(GOOD, "year = 2027", f"year = {year}"))


def test_text_that_is_not_toml_is_refused_with_its_line() -> None:
    (fault,) = faults(spoil(GOOD, "version = 1\n", "version = \n"))
    assert fault.startswith("dòng 3, cột 11: ")


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_a_value_without_end_is_refused(value: str) -> None:
    assert faults(spoil(GOOD, "version = 1\n", f"version = {value}\n"))[0].endswith("cú pháp TOML")


def test_the_error_names_the_file_and_ends_the_command_as_the_operators_fault() -> None:
    with pytest.raises(OperatorError) as caught:
        load_plan(FILE, spoil(GOOD, "weight = 2", "weight = 0"))
    assert FILE in str(caught.value)
    assert "indicators(I.1).weight: " in str(caught.value)
    assert caught.value.exit_status == 2

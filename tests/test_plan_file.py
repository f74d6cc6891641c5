"""Each rule of the plan loader refuses a plan spoiled in one place, and names that place."""

import pytest

from pipeline.base.errors import OperatorError, SpecError
from pipeline.spec.plan_file import load_plan

FILE = "plan-2027.toml"

GOOD = """
id = "xa-2027"
version = 1
year = 2027
title = "Kế hoạch"
short_title = "Kết quả thực hiện Kế hoạch"
commune = "Xã"
province = "Tỉnh"
authority = "UBND xã"
coordinator = "A"
declared_indicators = 5
units = [
  { id = "A", name = "Phòng A", short_name = "A", aliases = ["Phòng số 1"] },
  { id = "B", name = "Phòng B", short_name = "B", expected = false, entered_by = "A" },
  { id = "C", name = "Phòng C", short_name = "C" },
]
groups = [{ code = "I", name = "Nhóm" }]
sections = [{ code = "1", name = "Mục" }]
tasks = [
  { code = "NV.1", section = "1", work = "Việc thứ nhất" },
  { code = "NV.2", section = "1", work = "Việc thứ hai", lead = "B" },
]

[calendar]
time_zone = "Asia/Ho_Chi_Minh"
closing_first_day = 15
closing_last_day = 14
submit_before_day = 20
report_before_day = 25

[scoring]
version = 2
attainment_cap = 100
on_path_share = 0.85
no_path_attainment = 80
enough_reported = "2/3"
scorecard = { results = 80, timeliness = 10, quality = 10 }
timeliness = { on_time = 100, late = 50, missing = 0 }
quality = { clean = 100, warned = 50, faulty = 0 }
projection = { from_periods = 2, range_from_periods = 3, middle_share = 0.8 }
ranking = { decimals = 1, weight_shift = 0.25 }
grades = [
  { label = "Tốt", lowest = 70, below = 100 },
  { label = "Được", lowest = 50, below = 70 },
  { label = "Kém", lowest = 0, below = 50 },
]

[doubts]
denominator_share = 0.1
tenfold_from = 100
tenfold_share = 0.1
same_figures = 4
outlier_months = 4
outlier_spreads = 6
outlier_floor = 0.05
parts = { numerator = "tử số", denominator = "mẫu số", value = "kết quả" }
relations = [
  { id = "QH1", left = "I.1.numerator", sign = "<=", right = "I.4.value", text = "số phần không quá số vụ" },
]

[[indicators]]
code = "I.1"
group = "I"
name = "Tỷ lệ"
measure = "%"
entry = "ratio"
basis = "stock"
target = { kind = "at_least", value = 60, as_printed = "≥ 60%" }
numerator_label = "Số phần"
denominator_label = "Tổng số"
lead = "A"
lead_as_printed = "Phòng A, C"
contributors = ["C"]
combine = "disjoint_sum"
weight = 2
milestones = [{ day = 2027-06-30, value = 30 }]

[[indicators]]
code = "I.2"
group = "I"
name = "Tỷ trọng"
measure = "%"
entry = "share"
basis = "stock"
target = { kind = "range", lower = 15, upper = 17, as_printed = "15-17%" }
lead = "B"
lead_as_printed = "Phòng B"

[[indicators]]
code = "I.3"
group = "I"
name = "Triển khai"
measure = "Có/Chưa"
entry = "yes_no"
basis = "stock"
target = { kind = "yes_no", as_printed = "Có" }
lead = "A"
lead_as_printed = "Phòng A"

[[indicators]]
code = "I.4"
group = "I"
name = "Sự cố"
measure = "Vụ"
entry = "count"
basis = "year_to_date"
target = { kind = "at_most", value = 3, as_printed = "≤ 3" }
lead = "A"
lead_as_printed = "Phòng A"
baseline = 0

[[indicators]]
code = "I.5"
group = "I"
name = "Chỉ số"
measure = "Chỉ số"
entry = "index"
basis = "stock"
target = { kind = "at_least", value = 0.8, as_printed = "≥ 0.8" }
lead = "B"
lead_as_printed = "Phòng B"
"""

# What is replaced, by what, and the place that the only fault must name.
Spoiling = tuple[str, str, str]

SHAPE: dict[str, Spoiling] = {
    "unknown key at the top": ('id = "xa-2027"', 'id = "xa-2027"\ncity = "?"', "city"),
    "unknown key in an entry": ("weight = 2", "weigth = 2", "indicators[1].weigth"),
    "unknown key in a target": ("value = 3,", "value = 3, limit = 4,", "indicators[4].target.limit"),
    "key left out": ('authority = "UBND xã"', "", "authority"),
    "key left out of an entry": (', work = "Việc thứ hai"', "", "tasks[2].work"),
    "table left out": ("quality = { clean = 100, warned = 50, faulty = 0 }", "", "scoring.quality"),
    "text for a number": ("weight = 2", 'weight = "2"', "indicators[1].weight"),
    "number for text": ('province = "Tỉnh"', "province = 75", "province"),
    "number beyond all arithmetic": ("weight = 2", "weight = 1e308", "indicators[1].weight"),
    "number that is nearly nothing": ("weight = 2", "weight = 1e-320", "indicators[1].weight"),
    "whole number of too many figures": (
        "baseline = 0",
        "baseline = 9_999_999_999_999_999",
        "indicators[4].baseline",
    ),
    "decimal for a whole number": ("version = 2", "version = 2.0", "scoring.version"),
    "true for a number": ("baseline = 0", "baseline = true", "indicators[4].baseline"),
    "text for true or false": ("expected = false", 'expected = "không"', "units[2].expected"),
    "text for a day": ("day = 2027-06-30", 'day = "30/6/2027"', "indicators[1].milestones[1].day"),
    "moment for a day": ("2027-06-30", "2027-06-30T00:00:00", "indicators[1].milestones[1].day"),
    "text for a list": ('["Phòng số 1"]', '"Phòng số 1"', "units[1].aliases"),
    "number in a list of texts": ('["Phòng số 1"]', "[1]", "units[1].aliases[1]"),
    "text for a table": ('{ kind = "yes_no", as_printed = "Có" }', '"Có"', "indicators[3].target"),
    "entry of no known kind": ('entry = "share"', 'entry = "percent"', "indicators[2].entry"),
    "target of no known kind": ('"at_most"', '"below"', "indicators[4].target.kind"),
    "day off of no known kind": (
        "report_before_day = 25",
        'report_before_day = 25\nday_off = "skip"',
        "calendar.day_off",
    ),
}

LEADS = "indicators(I.1).lead/contributors"

ONE_MORE = ("units = [", "units = [{{ id = {}, name = 'Phòng D', short_name = 'D' }},")

IDS: dict[str, Spoiling] = {
    "unit twice": ("units = [", 'units = [{ id = "B", name = "Lặp", short_name = "Lặp" },', "units"),
    "unit that leads out of its folder": (ONE_MORE[0], ONE_MORE[1].format('"../D"'), "units[1].id"),
    "unit of two lines": (ONE_MORE[0], ONE_MORE[1].format('"C\\\\nD"'), "units[1].id"),
    "unit with no id": (ONE_MORE[0], ONE_MORE[1].format('""'), "units[1].id"),
    "unit that Windows keeps for itself": (ONE_MORE[0], ONE_MORE[1].format('"Con"'), "units[1].id"),
    "plan that leads out of its folder": ('"xa-2027"', '"../../xa"', "id"),
    "units that are one on Windows": (
        "units = [",
        'units = [{ id = "b", name = "x", short_name = "y" },',
        "units",
    ),
    "group twice": ("groups = [", 'groups = [{ code = "I", name = "Lặp" },', "groups"),
    "indicator twice": ('code = "I.5"', 'code = "I.4"', "indicators"),
    "indicators that are one on a form": ('code = "I.5"', 'code = "i. 4"', "indicators"),
    "task twice": ('code = "NV.2"', 'code = "NV.1"', "tasks"),
    "coordinator that is no unit": ('coordinator = "A"', 'coordinator = "Z"', "coordinator"),
    "entered by no unit": ('entered_by = "A"', 'entered_by = "Z"', "units(B).entered_by"),
    "group that is not there": ('"I"\nname = "Sự cố"', '"II"\nname = "Sự cố"', "indicators(I.4).group"),
    "lead that is no unit": ('"A"\nlead_as_printed = "Phòng A, C"', '"Z"\nlead_as_printed = ""', LEADS),
    "contributor that is no unit": ('contributors = ["C"]', 'contributors = ["C", "Z"]', LEADS),
    "section that is not there": ('"NV.2", section = "1"', '"NV.2", section = "2"', "tasks(NV.2).section"),
    "task led by no unit": ('hai", lead = "B"', 'hai", lead = "Z"', "tasks(NV.2).lead"),
}

DOUBTS: dict[str, Spoiling] = {
    "a share of more than all": (
        "denominator_share = 0.1",
        "denominator_share = 1.5",
        "doubts.denominator_share",
    ),
    "ten times nothing": ("tenfold_from = 100", "tenfold_from = 0", "doubts.tenfold_from"),
    "one figure is a form": ("same_figures = 4", "same_figures = 1", "doubts.same_figures"),
    "two months are usual": ("outlier_months = 4", "outlier_months = 2", "doubts.outlier_months"),
    "relation of an unknown": ('left = "I.1.num', 'left = "I.9.num', "doubts.relations(QH1)"),
    "relation of no part": ('left = "I.1.numerator"', 'left = "I.1.name"', "doubts.relations(QH1)"),
    "relation of a count's part": ('right = "I.4.value"', 'right = "I.4.numerator"', "doubts.relations(QH1)"),
    "tolerance below nothing": ('số vụ" }', 'số vụ", tolerance = -1 }', "doubts.relations(QH1).tolerance"),
}

INDICATORS: dict[str, Spoiling] = {
    "at least, without value": (" value = 60,", "", "indicators(I.1).target"),
    "at least, with a bound too many": ("value = 60,", "value = 60, upper = 70,", "indicators(I.1).target"),
    "at most, without value": (" value = 3,", "", "indicators(I.4).target"),
    "range without upper": (" upper = 17,", "", "indicators(I.2).target"),
    "range without lower": (" lower = 15,", "", "indicators(I.2).target"),
    "range with a value": ("lower = 15,", "lower = 15, value = 16,", "indicators(I.2).target"),
    "range upside down": ("lower = 15, upper = 17", "lower = 17, upper = 15", "indicators(I.2).target"),
    "yes/no with a value": ('as_printed = "Có"', 'as_printed = "Có", value = 1', "indicators(I.3).target"),
    "ratio without numerator": ('numerator_label = "Số phần"', "", "indicators(I.1)"),
    "ratio without denominator": ('denominator_label = "Tổng số"', "", "indicators(I.1)"),
    "labels of no ratio": (
        'entry = "count"',
        'entry = "count"\nnumerator_label = "x"\ndenominator_label = "y"',
        "indicators(I.4)",
    ),
    "yes/no entry for a number": ('entry = "index"', 'entry = "yes_no"', "indicators(I.5)"),
    "number entered for yes/no": ('entry = "yes_no"', 'entry = "count"', "indicators(I.3)"),
    "contributors that do not combine": ('combine = "disjoint_sum"', "", "indicators(I.1)"),
    "nobody to combine with": ('contributors = ["C"]', "", "indicators(I.1)"),
    "sum of a share": (
        'entry = "share"',
        'entry = "share"\ncontributors = ["C"]\ncombine = "disjoint_sum"',
        "indicators(I.2)",
    ),
    "events of the month that are no ratio": (
        'entry = "index"\nbasis = "stock"',
        'entry = "index"\nbasis = "flow"',
        "indicators(I.5)",
    ),
    "month 13": ("baseline = 0", "baseline = 0\ndue_months = [3, 13]", "indicators(I.4).due_months"),
    "month 0": ("baseline = 0", "baseline = 0\ndue_months = [0]", "indicators(I.4).due_months"),
    "early without a month": (
        "baseline = 0",
        "baseline = 0\nmay_come_early = true",
        "indicators(I.4).may_come_early",
    ),
    "month twice": ("baseline = 0", "baseline = 0\ndue_months = [3, 3]", "indicators(I.4).due_months"),
    "weight of nothing": ("weight = 2", "weight = 0", "indicators(I.1).weight"),
    "weight below nothing": ("weight = 2", "weight = -1", "indicators(I.1).weight"),
    "milestone in the year before": ("2027-06-30", "2026-12-31", "indicators(I.1).milestones"),
    "milestone in the year after": ("2027-06-30", "2028-01-01", "indicators(I.1).milestones"),
}

OFF = '{ day = 2027-01-02, kind = "off", reason = "Nghỉ" }'
WORKED = '{ day = 2027-01-09, kind = "working", reason = "Làm bù" }'
RUN = (
    '{ name = "tong-hop", label = "Tổng hợp", action = "run", anchor = "deadline", days = 1, '
    'until = "report" }'
)
REPORT = "report_before_day = 25"


def add(line: str) -> tuple[str, str]:
    """What is replaced, by what, so that the calendar has one more line."""
    return REPORT, f"{REPORT}\n{line}"


def steps(*changes: tuple[str, str]) -> tuple[str, str]:
    """A step, and for each change the same with something else in it."""
    return add(f"steps = [{', '.join(RUN.replace(*change) for change in changes)}]")


BY_MONTH = (
    "closing_first_day = 15\nclosing_last_day = 14\nsubmit_before_day = 20\nreport_before_day = 25",
    "closing_first_day = 1\nclosing_last_day = 31\nsubmit_before_day = 5\nreport_before_day = 10\n"
    'deadline_month = "next"',
)

CALENDAR: dict[str, Spoiling] = {
    "no such time zone": ("Asia/Ho_Chi_Minh", "Asia/Phuoc_An", "calendar.time_zone"),
    "no time zone": ("Asia/Ho_Chi_Minh", "", "calendar.time_zone"),
    "day not in every month": (
        "report_before_day = 25",
        "report_before_day = 29",
        "calendar.report_before_day",
    ),
    "deadline on the closing day": ("submit_before_day = 20", "submit_before_day = 14", "calendar"),
    "report due with the forms": ("report_before_day = 25", "report_before_day = 20", "calendar"),
    "days in no period": ("closing_first_day = 15", "closing_first_day = 16", "calendar.closing_first_day"),
    "days in two periods": ("closing_first_day = 15", "closing_first_day = 14", "calendar.closing_first_day"),
    "retry without a pause": (*add("retry_minutes = 0"), "calendar.retry_minutes"),
    "override twice": (*add(f"overrides = [{OFF}, {OFF}]"), "calendar.overrides"),
    "override in another year": (
        *add(f"overrides = [{OFF.replace('2027', '2026')}]"),
        "calendar.overrides",
    ),
    "override of no known kind": (
        *add(f"overrides = [{OFF.replace('off', 'half')}]"),
        "calendar.overrides[1].kind",
    ),
    "step twice": (*steps(("", ""), ("", "")), "calendar.steps"),
    "step whose name is no key": (*steps(("tong-hop", "a/b")), "calendar.steps(a/b).name"),
    "step at 24 hours": (*steps(("days", "hour = 24, days")), "calendar.steps(tong-hop).hour"),
    "step that comes too late for itself": (
        *steps(("days = 1", "days = 6")),
        "calendar.steps(tong-hop).until",
    ),
    "step of no known action": (*steps(('"run"', '"dance"')), "calendar.steps[1].action"),
    "closing on a day that not every month has": (
        "closing_first_day = 15\nclosing_last_day = 14",
        "closing_first_day = 28\nclosing_last_day = 29",
        "calendar.closing_last_day",
    ),
    "month's end, sent in the month": (
        *BY_MONTH[:1],
        BY_MONTH[1].replace("next", "same"),
        "calendar.deadline_month",
    ),
    "sent before the month is over": (
        BY_MONTH[0],
        BY_MONTH[1].replace("before_day = 5", "before_day = 1"),
        "calendar.submit_before_day",
    ),
    "override after the last deadline": (
        BY_MONTH[0],
        f"{BY_MONTH[1]}\noverrides = [{OFF.replace('2027-01-02', '2028-02-01')}]",
        "calendar.overrides",
    ),
}

SCORING: dict[str, Spoiling] = {
    "points that are not 100": ("results = 80", "results = 70", "scoring.scorecard"),
    "enough is a word": ('"2/3"', '"nhiều"', "scoring.enough_reported"),
    "enough of nothing": ('"2/3"', '"2/0"', "scoring.enough_reported"),
    "enough is more than all": ('"2/3"', '"3/2"', "scoring.enough_reported"),
    "enough is none": ('"2/3"', '"0"', "scoring.enough_reported"),
    "grades with a gap": ("lowest = 70", "lowest = 71", "scoring.grades"),
    "grades that overlap": ("lowest = 70", "lowest = 69", "scoring.grades"),
    "grades that begin above 0": ("lowest = 0", "lowest = 1", "scoring.grades"),
    "grades that begin below 0": ("lowest = 0", "lowest = -1", "scoring.grades"),
    "grades that end below 100": ("below = 100", "below = 99", "scoring.grades"),
    "grades that end above 100": ("below = 100", "below = 101", "scoring.grades"),
    "grade of no width": (
        '  { label = "Tốt"',
        '  { label = "Hẹp", lowest = 70, below = 70 },\n  { label = "Tốt"',
        "scoring.grades",
    ),
}

# What is replaced, by what: limits that still hold.
EDGES: dict[str, tuple[str, str]] = {
    "last day of every month": ("report_before_day = 25", "report_before_day = 28"),
    "closing on the first day": (
        "closing_first_day = 15\nclosing_last_day = 14",
        "closing_first_day = 2\nclosing_last_day = 1",
    ),
    "closing by calendar month": BY_MONTH,
    "deadline in the month after": add('deadline_month = "next"'),
    "override of the last deadline": (
        BY_MONTH[0],
        f"{BY_MONTH[1]}\noverrides = [{OFF.replace('2027-01-02', '2028-01-04')}]",
    ),
    "deadline the day after closing": ("submit_before_day = 20", "submit_before_day = 15"),
    "step on the last day that it makes sense": steps(("days = 1", "days = 5")),
    "days off and days worked": add(f"overrides = [{OFF}, {WORKED}]"),
    "quarters": ("baseline = 0", "baseline = 0\ndue_months = [3, 6, 9, 12]\nmay_come_early = true"),
    "all have to report": ('"2/3"', '"1"'),
    "range of one value": ("lower = 15, upper = 17", "lower = 17, upper = 17"),
    "milestone on the first day": ("2027-06-30", "2027-01-01"),
}

ALL = SHAPE | IDS | DOUBTS | INDICATORS | CALENDAR | SCORING


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


def spoil(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} must stand once in the good plan"
    return text.replace(old, new)


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(SpecError) as caught:
        load_plan(FILE, text)
    return caught.value.faults


def places(text: str) -> list[str]:
    return [fault.split(": ")[0] for fault in faults(text)]

"""The small plan spoiled in one place, once for each rule of the plan loader, and at the edge of a rule."""

# What is replaced, by what, and the place that the only fault must name.
Spoiling = tuple[str, str, str]

REPORT = "report_before_day = 25"


def add(line: str) -> tuple[str, str]:
    """What is replaced, by what, so that the calendar has one more line."""
    return REPORT, f"{REPORT}\n{line}"


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
    "day off of no known kind": (*add('day_off = "skip"'), "calendar.day_off"),
}

LEADS = "indicators(I.1).lead/contributors"


def unit(id_as_written: str) -> tuple[str, str]:
    """What is replaced, by what, so that one more unit comes first."""
    return "units = [", f"units = [{{ id = {id_as_written}, name = 'Phòng D', short_name = 'D' }},"


IDS: dict[str, Spoiling] = {
    "unit twice": ("units = [", 'units = [{ id = "B", name = "Lặp", short_name = "Lặp" },', "units"),
    "unit that leads out of its folder": (*unit('"../D"'), "units[1].id"),
    "unit of two lines": (*unit('"C\\\\nD"'), "units[1].id"),
    "unit with no id": (*unit('""'), "units[1].id"),
    "unit that Windows keeps for itself": (*unit('"Con"'), "units[1].id"),
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


def overrides(*days: str) -> tuple[str, str]:
    """These days off, or worked, in the calendar."""
    return add(f"overrides = [{', '.join(days)}]")


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
    "override twice": (*overrides(OFF, OFF), "calendar.overrides"),
    "override in another year": (
        *overrides(OFF.replace("2027", "2026")),
        "calendar.overrides",
    ),
    "override of no known kind": (
        *overrides(OFF.replace("off", "half")),
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
    "days off and days worked": overrides(OFF, WORKED),
    "quarters": ("baseline = 0", "baseline = 0\ndue_months = [3, 6, 9, 12]\nmay_come_early = true"),
    "all have to report": ('"2/3"', '"1"'),
    "range of one value": ("lower = 15, upper = 17", "lower = 17, upper = 17"),
    "milestone on the first day": ("2027-06-30", "2027-01-01"),
}

ALL = SHAPE | IDS | DOUBTS | INDICATORS | CALENDAR | SCORING

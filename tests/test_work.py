"""How much work a form takes, in calls of functions: a count is the same on every machine, however busy.

Seconds are measured by `benchmarks/`. The bounds here are a third above what is needed now: whoever comes
near one has made something slower, and should know why.
"""

import sys
from collections.abc import Callable
from functools import cache
from types import FrameType
from typing import Any

from benchmarks.country import pattern, plan_text, unit_id
from pipeline.base.sheet import Workbook
from pipeline.core.form_content import form_content
from pipeline.core.identify import identify
from pipeline.core.intake import Judgement, Returned, judge
from pipeline.core.merge import facts_frame, latest
from pipeline.core.series import Past
from pipeline.edges.reading.workbook import read_workbook
from pipeline.spec.plan import Plan
from pipeline.spec.plan_file import load_plan
from tests.forms import MESSAGES, PERIOD, TEMPLATE

ROWS = 40
# For each row of indicators, all else of the form included.
CALLS_READING, CALLS_JUDGING, CALLS_WRITING = 340, 240, 3_100


def calls(work: Callable[[], object]) -> int:
    """The calls of Python functions in `work`, once what is remembered from the first time is there."""
    work()
    count = 0

    def counted(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@cache
def plan_of(units: int) -> Plan:
    return load_plan("plan", plan_text(units))


@cache
def workbooks() -> list[Workbook]:
    return [read_workbook(pattern(number)) for number in (1, 2)]


@cache
def returned(count: int) -> list[Returned]:
    """Forms of so many communes."""
    plan = plan_of(count)
    return [
        Returned(
            f"{number:064d}",
            workbooks()[number % 2],
            form_content(plan, TEMPLATE, plan.unit_by_id[unit_id(number)], PERIOD, {}),
        )
        for number in range(1, count + 1)
    ]


def judged(count: int) -> list[Judgement]:
    past = Past(str(PERIOD), latest(facts_frame([], [])), plan_of(count).doubts)
    return judge(returned(count), TEMPLATE, MESSAGES, past)


@cache
def judging(count: int) -> int:
    return calls(lambda: judged(count))


def test_a_clean_form_is_valid() -> None:
    judgements = judged(2)
    assert [judgement.outcome for judgement in judgements] == ["valid", "valid"]
    assert [len(judgement.facts) for judgement in judgements] == [ROWS, ROWS]


def test_reading_a_form_takes_no_more_calls() -> None:
    data = pattern(1)
    assert calls(lambda: read_workbook(data)) / ROWS < CALLS_READING


def test_judging_a_form_takes_no_more_calls() -> None:
    assert (judging(12) - judging(2)) / 10 / ROWS < CALLS_JUDGING


def test_writing_a_form_takes_no_more_calls() -> None:
    assert calls(lambda: pattern(1)) / ROWS < CALLS_WRITING


def test_a_form_costs_the_same_among_many() -> None:
    """Whatever looks through all units or all files for each file grows with the square of their number."""
    few, some, many = judging(2), judging(12), judging(32)
    assert (many - some) / 20 < 1.05 * (some - few) / 10


def test_whose_a_form_is_takes_the_same_among_many_units() -> None:
    def identified(units: int) -> int:
        return calls(lambda: identify(workbooks()[0], {1: TEMPLATE}, lambda _: plan_of(units), PERIOD))

    assert identified(200) == identified(20)

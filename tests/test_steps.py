"""Which steps are due: once each, in their order, whatever the clock and the machine do."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.period import Period
from pipeline.base.step_record import StepOutcome, StepRecord
from pipeline.core.steps import (
    DatedStep,
    due_steps,
    may_try,
    next_attempt,
    steps_of,
    steps_of_year,
    time_has_come,
)
from pipeline.spec.plan import Plan
from tests.calendars import FEBRUARY, YEAR_2026, at, moving, plan_of

NOVEMBER = Period(2026, 11)
NAMES = [step.name for step in YEAR_2026.calendar.steps]
# A leap year, a year whose Tết is in January and whose holidays lie on week-ends, one that is unknown.
PLANS = {2026: YEAR_2026, 2028: plan_of(2028), 2150: plan_of(2150)}
PLANS_MOVED = {"2026 previous": moving(YEAR_2026, "previous"), "2026 next": moving(YEAR_2026, "next")}


def record(key: str, outcome: StepOutcome, moment: datetime, first: datetime | None = None) -> StepRecord:
    return StepRecord(key, outcome, (first or moment).isoformat(), moment.isoformat(), 1)


def started(moment: datetime) -> dict[str, StepRecord]:
    """The program is at work since `moment`."""
    return {"inbox": record("inbox", "done", moment)}


def caught_up(moment: datetime) -> dict[str, StepRecord]:
    """The program has done everything up to `moment`."""
    done = [d.key for d in steps_of_year(YEAR_2026) if d.due < moment]
    return started(at(2026, 1, 1)) | {key: record(key, "done", moment) for key in done}


def keys(steps: Iterable[DatedStep]) -> list[str]:
    return [dated.key for dated in steps]


def live(plan: Plan, moments: Iterable[datetime], records: Mapping[str, StepRecord]) -> list[tuple[str, str]]:
    """What happens when the program looks at each of `moments`: keys with done or skipped, in order."""
    known = dict(records)
    happened: list[tuple[str, str]] = []
    for now in moments:
        for dated in due_steps(plan, now, known):
            outcome: StepOutcome = "skipped" if dated.has_lapsed(now) else "done"
            known[dated.key] = record(dated.key, outcome, now)
            happened.append((dated.key, outcome))
    return happened


# --- days -----------------------------------------------------------------------------------------


def test_the_steps_of_a_plain_month() -> None:
    found = [(d.step.name, d.due, d.ends) for d in steps_of(YEAR_2026.calendar, NOVEMBER)]
    report_over, deadline_over = at(2026, 11, 25), at(2026, 11, 20)
    assert found == [
        ("phat-mau", at(2026, 11, 1, 7), report_over),
        ("nhac-truoc-3", at(2026, 11, 16, 8), deadline_over),
        ("nhac-truoc-1", at(2026, 11, 18, 8), deadline_over),
        ("tong-hop", at(2026, 11, 20, 7), report_over),
        ("nhac-sau-1", at(2026, 11, 20, 8), report_over),
        ("bao-lanh-dao", at(2026, 11, 23, 8), report_over),
        ("tong-hop-cuoi", at(2026, 11, 24, 7), at(2026, 12, 15)),
        ("gui-bang-tong-hop", at(2026, 11, 24, 8), at(2026, 12, 15)),
    ]


def test_reminders_go_out_on_working_days_also_around_tet() -> None:
    due = {d.step.name: (d.due.month, d.due.day) for d in steps_of(YEAR_2026.calendar, FEBRUARY)}
    assert (due["nhac-truoc-3"], due["nhac-truoc-1"], due["nhac-sau-1"]) == ((2, 11), (2, 13), (2, 23))
    assert due["tong-hop"] == (2, 20)  # a run needs nobody in the office


def test_the_steps_follow_a_deadline_that_has_moved() -> None:
    calendar = moving(YEAR_2026, "next").calendar
    due = {d.step.name: d.due.day for d in steps_of(calendar, Period(2026, 4))}
    assert (due["nhac-truoc-1"], due["tong-hop"], due["nhac-sau-1"]) == (17, 21, 21)


# --- what is due ----------------------------------------------------------------------------------


def test_a_step_is_due_from_its_moment_on_until_it_is_done() -> None:
    before = caught_up(at(2026, 11, 20))
    assert due_steps(YEAR_2026, at(2026, 11, 20, 6, 59), before) == ()
    assert keys(due_steps(YEAR_2026, at(2026, 11, 20, 7), before)) == ["2026-11/tong-hop"]
    done = before | {"2026-11/tong-hop": record("2026-11/tong-hop", "done", at(2026, 11, 20, 7))}
    assert keys(due_steps(YEAR_2026, at(2026, 11, 20, 8), done)) == ["2026-11/nhac-sau-1"]


def test_a_machine_that_slept_catches_up_in_order_and_says_what_is_too_late() -> None:
    happened = live(YEAR_2026, [at(2026, 11, 10), at(2026, 11, 22)], started(at(2026, 10, 25)))
    assert happened == [
        ("2026-10/tong-hop-cuoi", "done"),
        ("2026-10/gui-bang-tong-hop", "done"),
        ("2026-11/phat-mau", "done"),
        ("2026-11/nhac-truoc-3", "skipped"),
        ("2026-11/nhac-truoc-1", "skipped"),
        ("2026-11/tong-hop", "done"),
        ("2026-11/nhac-sau-1", "done"),
    ]


def test_a_new_workspace_is_not_told_what_lies_behind_it() -> None:
    """Installed in November: the months before it are over, only what still makes sense is done."""
    found = due_steps(YEAR_2026, at(2026, 11, 5), {})
    assert keys(found) == ["2026-10/tong-hop-cuoi", "2026-10/gui-bang-tong-hop", "2026-11/phat-mau"]
    happened = live(YEAR_2026, [at(2026, 11, 5), at(2026, 11, 6)], {})
    assert [key for key, _ in happened] == keys(found)


def test_what_failed_waits_and_is_tried_again() -> None:
    calendar, moment = YEAR_2026.calendar, at(2026, 11, 20, 7)
    failed = record("2026-11/tong-hop", "failed", moment)
    records = caught_up(moment) | {failed.key: failed}
    again = next_attempt(calendar, failed)
    assert again == moment + timedelta(minutes=calendar.retry_minutes)
    assert due_steps(YEAR_2026, again - timedelta(seconds=1), records) == ()
    assert keys(due_steps(YEAR_2026, again, records)) == [failed.key]


def test_a_clock_set_back_does_not_hold_up_what_failed() -> None:
    failed = record("2026-11/tong-hop", "failed", at(2026, 11, 21))
    assert may_try(YEAR_2026.calendar, failed, at(2026, 11, 20, 9))


def test_what_was_cut_in_the_middle_is_done_again_at_once() -> None:
    begun = record("2026-11/tong-hop", "begun", at(2026, 11, 20, 7))
    records = caught_up(at(2026, 11, 20)) | {begun.key: begun}
    assert keys(due_steps(YEAR_2026, at(2026, 11, 20, 7, 1), records)) == [begun.key]


def test_a_step_that_failed_until_it_made_no_sense_is_told_once() -> None:
    failed = record("2026-11/tong-hop", "failed", at(2026, 11, 24, 23, 59))
    records = started(at(2026, 11, 19)) | {failed.key: failed}
    now = at(2026, 11, 25)
    assert failed.key in keys(d for d in due_steps(YEAR_2026, now, records) if d.has_lapsed(now))
    told = records | {failed.key: replace(failed, outcome="skipped", at=now.isoformat())}
    assert failed.key not in keys(due_steps(YEAR_2026, now, told))


def test_a_clock_that_was_wrong_for_a_day_costs_nothing() -> None:
    """By a clock a month ahead November is over; the right clock brings back what still makes sense."""
    wrong, right = at(2026, 12, 20), at(2026, 11, 20, 9)
    happened = live(YEAR_2026, [wrong, right], started(at(2026, 11, 19)))
    done = [key for key, outcome in happened if outcome == "done"]
    assert ("2026-11/tong-hop", "skipped") in happened
    assert done[-2:] == ["2026-11/tong-hop", "2026-11/nhac-sau-1"]
    assert len(done) == len(set(done))


@pytest.mark.parametrize(
    ("outcome", "minutes", "has_come"),
    [("done", 0, False), ("done", 4, False), ("done", 5, True), ("done", -1, True), ("begun", 1, True)],
)
def test_what_is_done_every_few_minutes(outcome: StepOutcome, minutes: int, has_come: bool) -> None:
    last = record("fetch", outcome, at(2026, 11, 20, 7))
    assert time_has_come(last, 5, at(2026, 11, 20, 7) + timedelta(minutes=minutes)) == has_come


@given(st.integers(-12 * 60, 14 * 60))
def test_the_zone_of_the_machine_changes_nothing(minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    for moment in (at(2026, 11, 20, 6, 59), at(2026, 11, 20, 7), at(2026, 11, 25)):
        since = started(at(2026, 11, 19))
        assert due_steps(YEAR_2026, moment.astimezone(zone), since) == due_steps(YEAR_2026, moment, since)


# --- whole years ----------------------------------------------------------------------------------

EVERY_PLAN = pytest.mark.parametrize(
    "plan", [*PLANS.values(), *PLANS_MOVED.values()], ids=[*PLANS, *PLANS_MOVED]
)
# Reminders around Tết may come to lie after the day until which they make sense: the plan says skip.
SLACK = {"2026-02/bao-lanh-dao"}


def span(plan: Plan) -> tuple[datetime, datetime]:
    """From before the first step of the year to after the last has lapsed."""
    return at(plan.year, 1, 1) - timedelta(days=20), at(plan.year + 1, 1, 31)


def moments(plan: Plan, hours: list[int]) -> list[datetime]:
    """Ticks through the whole year, with these gaps over and over."""
    now, end = span(plan)
    found: list[datetime] = []
    while now < end:
        now += timedelta(hours=hours[len(found) % len(hours)])
        found.append(now)
    return found


@EVERY_PLAN
@settings(max_examples=2)
@given(hours=st.lists(st.integers(6, 12), min_size=1, max_size=30))
def test_over_a_year_every_step_happens_exactly_once(plan: Plan, hours: list[int]) -> None:
    """With gaps of half a day at most none is even skipped, save where its own days leave no time."""
    happened = live(plan, moments(plan, hours), started(span(plan)[0]))
    assert sorted(key for key, _ in happened) == sorted(keys(steps_of_year(plan)))
    no_time = {dated.key for dated in steps_of_year(plan) if dated.ends <= dated.due}
    assert {key for key, outcome in happened if outcome == "skipped"} == no_time
    assert no_time <= SLACK


@EVERY_PLAN
@settings(max_examples=6)
@given(hours=st.lists(st.integers(24, 60 * 24), min_size=1, max_size=10))
def test_however_long_it_sleeps_every_step_is_done_or_skipped_once(plan: Plan, hours: list[int]) -> None:
    happened = live(plan, [*moments(plan, hours), span(plan)[1]], started(span(plan)[0]))
    assert sorted(key for key, _ in happened) == sorted(keys(steps_of_year(plan)))


@EVERY_PLAN
@settings(max_examples=25)
@given(data=st.data())
def test_a_clock_that_jumps_brings_nothing_twice(plan: Plan, data: st.DataObject) -> None:
    first, last = span(plan)
    jumps = st.datetimes(first.replace(tzinfo=None), last.replace(tzinfo=None), timezones=st.just(UTC))
    happened = live(plan, data.draw(st.lists(jumps, max_size=60)), started(first))
    done = [key for key, outcome in happened if outcome == "done"]
    assert len(done) == len(set(done))
    skipped_then_done = {key for key, outcome in happened if outcome == "skipped"} & set(done)
    for key in skipped_then_done:
        assert [outcome for k, outcome in happened if k == key] == ["skipped", "done"]


@EVERY_PLAN
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_due_comes_in_the_order_of_the_days(plan: Plan, data: st.DataObject) -> None:
    first, last = span(plan)
    now = data.draw(
        st.datetimes(first.replace(tzinfo=None), last.replace(tzinfo=None), timezones=st.just(UTC))
    )
    due = due_steps(plan, now, started(first))
    assert [dated.due for dated in due] == sorted(dated.due for dated in due)
    assert all(dated.due <= now for dated in due)


def test_every_step_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES)
    every = keys(steps_of_year(YEAR_2026))
    assert len(every) == len(set(every)) == 12 * len(NAMES)

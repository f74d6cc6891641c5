"""The next better verdict and the target: where they begin, what is missing, what is needed a month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.targets import (
    Threshold,
    distance,
    is_met,
    months_left,
    needed_per_month,
    next_step,
    thresholds,
    verdict,
)
from pipeline.spec.plan import Indicator, Target
from tests.forms import PLAN
from tests.test_targets import (
    AT_MOST,
    BAND,
    END,
    FALLING,
    HALF,
    MIDDLE,
    NONE_ALLOWED,
    ORDER,
    SIXTY,
    VALUES,
    YES,
    indicator,
)

# --- by hand --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "begins"),
    [
        (HALF, {"met": 60, "on_track": 40, "warning": 37}),
        (FALLING, {"met": 20, "on_track": 40, "warning": 43}),
        (indicator(SIXTY), {"met": 60, "warning": 48}),
        (indicator(AT_MOST), {"met": 20, "warning": 25}),
        (indicator(NONE_ALLOWED), {"met": 0, "warning": 0}),
        (indicator(BAND), {"met": 15, "warning": 12}),
        (indicator(YES), {"met": 1}),
        (indicator(SIXTY, 70), {"met": 60, "on_track": 60, "warning": 60}),  # it began beyond its target
    ],
)
def test_where_each_verdict_begins(of: Indicator, begins: dict[str, float]) -> None:
    found = thresholds(of, MIDDLE, PLAN.scoring)
    assert found == pytest.approx(begins)
    assert list(found) == list(begins)


@pytest.mark.parametrize(
    ("of", "value", "step"),
    [
        (HALF, 30, Threshold("warning", 7)),
        (HALF, 38, Threshold("on_track", 2)),
        (HALF, 45, Threshold("met", 15)),
        (HALF, 60, None),
        (FALLING, 50, Threshold("warning", 7)),
        (FALLING, 41, Threshold("on_track", 1)),
        (indicator(SIXTY), 40, Threshold("warning", 8)),
        (indicator(SIXTY), 50, Threshold("met", 10)),
        (indicator(AT_MOST), 30, Threshold("warning", 5)),
        (indicator(BAND), 13, Threshold("met", 2)),
        (indicator(BAND), 25, None),
        (indicator(YES), 0, None),
    ],
)
def test_the_next_step(of: Indicator, value: float, step: Threshold | None) -> None:
    assert next_step(of, value, MIDDLE, PLAN.scoring) == step


def test_things_are_counted_whole() -> None:
    """IV.2 on 14 November: warning from 1.48, on track from 1.74, met from 2: the next paper does it all."""
    papers, day = PLAN.indicator_by_code["IV.2"], date(2026, 11, 14)
    assert next_step(papers, 1, day, PLAN.scoring) == Threshold("met", 1)
    assert next_step(papers, 0, day, PLAN.scoring) == Threshold("met", 2)
    early = date(2026, 3, 14)  # the path asks 0.4
    assert next_step(papers, 0, early, PLAN.scoring) == Threshold("on_track", 1)


@pytest.mark.parametrize(
    ("of", "value", "day", "change"),
    [
        (indicator(SIXTY), 30, MIDDLE, 30 * (365 / 12) / 182),  # 182 days are left
        (indicator(SIXTY), 60, MIDDLE, 0),
        (indicator(SIXTY), 90, MIDDLE, 0),
        (indicator(AT_MOST), 38.2, MIDDLE, -18.2 * (365 / 12) / 182),
        (indicator(BAND), 15, MIDDLE, 0),
        (indicator(SIXTY), 50, date(2026, 12, 14), 10),  # less than a month is left: all of it
        (indicator(SIXTY), 50, END, 10),
        (indicator(YES), 0, MIDDLE, None),
    ],
)
def test_what_is_needed_a_month(of: Indicator, value: float, day: date, change: float | None) -> None:
    found = needed_per_month(of, value, day)
    assert found == (None if change is None else pytest.approx(change))


def test_months_are_twelfths_of_the_year() -> None:
    assert months_left(date(2025, 12, 31)) == 0
    assert months_left(date(2026, 11, 14)) == pytest.approx(47 * 12 / 365)
    assert months_left(date(2028, 6, 30)) == pytest.approx(184 * 12 / 366)  # a leap year


# --- properties -----------------------------------------------------------------------------------


KINDS = st.sampled_from([SIXTY, AT_MOST, BAND])
BASES = st.none() | st.decimals(0, 100, places=1).map(float)
DAYS = st.dates(date(2026, 1, 1), END)


@given(KINDS, BASES, VALUES, DAYS)
def test_a_step_leads_to_its_verdict(target: Target, baseline: float | None, value: float, day: date) -> None:
    of = indicator(target, baseline)
    step = next_step(of, value, day, PLAN.scoring)
    if step is None:
        assert is_met(target, value)
        return
    sign = -1 if target.kind == "at_most" else 1
    there = verdict(of, value + sign * (step.missing + 1e-9), day, PLAN.scoring)
    short = verdict(of, value + sign * step.missing * 0.99, day, PLAN.scoring)
    assert ORDER.index(there) >= ORDER.index(step.verdict) > ORDER.index(short)


@given(KINDS, BASES, VALUES, DAYS)
def test_the_target_is_the_last_step(target: Target, baseline: float | None, value: float, day: date) -> None:
    of = indicator(target, baseline)
    step, left = next_step(of, value, day, PLAN.scoring), distance(target, value)
    assert left is not None
    assert (step is None) is (left == 0)
    if step is not None:
        assert step.missing <= left + 1e-9


@given(KINDS, VALUES, DAYS)
def test_what_is_needed_leads_to_the_target(target: Target, value: float, day: date) -> None:
    change = needed_per_month(indicator(target), value, day)
    assert change is not None
    assert is_met(target, round(value + change * max(1.0, months_left(day)), 9))


@given(KINDS, BASES, DAYS)
def test_thresholds_stand_in_order(target: Target, baseline: float | None, day: date) -> None:
    found = list(thresholds(indicator(target, baseline), day, PLAN.scoring).values())
    assert found == sorted(found, reverse=target.kind != "at_most")

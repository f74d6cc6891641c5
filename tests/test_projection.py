"""Where the year will end: by hand, within the limits of each measure, not turned by one odd month."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.projection import Point, project, quantile
from pipeline.core.targets import needed_per_month
from pipeline.spec.plan import Indicator, Target
from tests.forms import PLAN

SCORING = replace(PLAN.scoring, projection=replace(PLAN.scoring.projection, range_from_periods=3))
RATE, INDEX, PAPERS = (PLAN.indicator_by_code[code] for code in ("V.21", "V.1", "IV.2"))  # 50 %, 0.8, 2
DAY = date(2026, 11, 11)  # 50 days before the end


def every_ten_days(*values: float) -> list[Point]:
    """Points ten days apart, the last one 50 days before the end of the year."""
    last = len(values) - 1
    return [(DAY - timedelta(days=10 * (last - n)), value) for n, value in enumerate(values)]


def ends(of: Indicator, *values: float) -> tuple[float, float | None, float | None, str]:
    found = project(of, every_ten_days(*values), SCORING)
    assert found is not None
    return found.value, found.low, found.high, found.chance


def at_most(value: float, code: str = "V.21") -> Indicator:
    return replace(PLAN.indicator_by_code[code], target=Target("at_most", f"≤ {value}", value=value))


# --- by hand --------------------------------------------------------------------------------------


def test_two_months_make_a_line_without_a_range() -> None:
    assert ends(RATE, 20, 24) == (44, None, None, "low")
    assert ends(RATE, 20, 26) == (56, None, None, "fair")


def test_one_month_makes_nothing() -> None:
    assert project(RATE, every_ten_days(20), SCORING) is None
    assert project(PLAN.indicator_by_code["III.1"], every_ten_days(0, 1, 1), SCORING) is None


def test_the_plan_says_from_how_many_months_on() -> None:
    settings = replace(SCORING.projection, from_periods=4, range_from_periods=5)
    scoring = replace(SCORING, projection=settings)
    assert project(RATE, every_ten_days(1, 2, 3), scoring) is None
    found = project(RATE, every_ten_days(1, 2, 3, 4), scoring)
    assert found is not None
    assert (found.value, found.low, found.periods) == (9, None, 4)


def test_the_pace_is_the_median_of_all_slopes() -> None:
    """0, 2, 3, 9: slopes a day .2 .1 .6 (neighbours), .15 .35 (two apart), .3 (three): median .25.

    9 + 50 · .25 = 21.5. In order .1 .15 .2 .3 .35 .6; a tenth of the way through five gaps: .125 and .475.
    """
    value, low, high, chance = ends(RATE, 0, 2, 3, 9)
    assert (value, low, high) == (21.5, 15.25, 32.75)
    assert chance == "poor"
    found = project(RATE, every_ten_days(0, 2, 3, 9), SCORING)
    assert found is not None
    assert found.pace == pytest.approx(0.25 * 365 / 12)


def test_one_odd_month_does_not_turn_it() -> None:
    """One a month, save for one slip of the pen: of ten slopes four are off, and the median is still .1."""
    steady, odd = (
        project(RATE, every_ten_days(0, 1, 2, 3, 4), SCORING),
        project(RATE, every_ten_days(0, 1, 40, 3, 4), SCORING),
    )
    assert steady is not None
    assert odd is not None
    assert odd.value == steady.value == 9


@pytest.mark.parametrize(
    ("of", "values", "value", "high"),
    [
        (RATE, (80, 90, 99), 100, 100),  # never above 100 %
        (RATE, (30, 15, 5), 0, 0),  # nor below 0
        (INDEX, (0.7, 0.8, 0.9), 1, 1),
        (PAPERS, (0, 1, 2), 7, 7),
        (PAPERS, (3, 2, 1), 1, 1),  # what the year holds is held
        (at_most(50, "V.1"), (0.5, 0.2, 0.1), 0, 0),
    ],
)
def test_the_limits_of_the_measure(
    of: Indicator, values: tuple[float, ...], value: float, high: float
) -> None:
    found = project(of, every_ten_days(*values), SCORING)
    assert found is not None
    assert (found.value, found.high) == pytest.approx((value, high))


@pytest.mark.parametrize(
    ("values", "chance"),
    [
        ((10, 20, 30), "high"),  # a straight line: 80
        ((0, 1, 2), "poor"),  # 7
        ((40, 41, 45), "high"),  # slopes .1 .25 .4: 57.5, from 51.5
        ((40, 40, 44), "fair"),  # slopes 0 .2 .4: 54, from 46
        ((20, 21, 27), "low"),  # slopes .1 .35 .6: 44.5, up to 54.5
    ],
)
def test_the_chance_in_words(values: tuple[float, ...], chance: str) -> None:
    assert ends(RATE, *values)[3] == chance


def test_a_target_not_to_be_exceeded_is_met_from_below() -> None:
    assert ends(at_most(10), 40, 30, 20)[3] == "high"
    assert ends(at_most(10), 40, 41, 42)[3] == "poor"
    value, low, high, chance = ends(at_most(10), 60, 40, 30)  # slopes -2, -1.5, -1
    assert (value, low, high, chance) == (0, 0, 0, "high")


def test_standing_still_ends_where_it_stands() -> None:
    assert ends(RATE, 30, 30, 30) == (30, 30, 30, "poor")
    assert ends(RATE, 50, 50, 50) == (50, 50, 50, "high")


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.5, 3), (1, 9), (0.25, 2), (0.125, 1.5), (0.75, 4)])
def test_quantiles(share: float, value: float) -> None:
    assert quantile([1, 2, 3, 4, 9], share) == value


# --- properties -----------------------------------------------------------------------------------

RATES = st.lists(st.decimals(0, 100, places=2).map(float), min_size=2, max_size=12)
OF = st.sampled_from([RATE, at_most(50)])


@given(OF, RATES)
def test_a_projection_lies_in_its_range_and_in_the_limits(of: Indicator, values: list[float]) -> None:
    found = project(of, every_ten_days(*values), SCORING)
    assert found is not None
    assert 0 <= found.value <= 100
    assert (found.low is None) == (len(values) < 3)
    if found.low is not None and found.high is not None:
        assert found.low <= found.value <= found.high


@given(RATES, st.floats(0, 5))
def test_a_faster_year_never_ends_lower(values: list[float], more: float) -> None:
    """The same months, each further on by as much more as time has passed."""
    faster = [value + more * n for n, value in enumerate(values)]
    slow, fast = (
        project(PAPERS, every_ten_days(*values), SCORING),
        project(PAPERS, every_ten_days(*faster), SCORING),
    )
    assert slow is not None
    assert fast is not None
    assert fast.value >= slow.value - 1e-6


@given(RATES)
def test_whoever_goes_at_the_needed_pace_arrives(values: list[float]) -> None:
    """The two columns of the page never contradict each other while more than a month is left."""
    found = project(RATE, every_ten_days(*values), SCORING)
    needed = needed_per_month(RATE, values[-1], DAY)
    assert found is not None
    assert needed is not None
    if needed and abs(found.pace - needed) > 1e-6:
        assert (found.pace > needed) is (found.value >= 50)

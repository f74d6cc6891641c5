"""Targets, paths and colours, by tables worked by hand from the plan and the domain rules."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.targets import COLOURS, attainment, distance, is_above_range, is_met, path, verdict
from pipeline.spec.plan import Indicator, Milestone, Target
from tests.forms import PLAN

SIXTY = Target("at_least", "≥ 60%", value=60)
AT_MOST = Target("at_most", "≤ 20", value=20)
NONE_ALLOWED = Target("at_most", "0", value=0)
BAND = Target("range", "15-17%", lower=15, upper=17)
YES = Target("yes_no", "Có")
END = date(2026, 12, 31)
MIDDLE = date(2026, 7, 2)  # 183 of 365 days
VALUES = st.decimals(0, 1000, places=2).map(float)
TARGETS = [SIXTY, AT_MOST, NONE_ALLOWED, BAND, YES]


def indicator(
    target: Target = SIXTY, baseline: float | None = None, *milestones: tuple[date, float]
) -> Indicator:
    marks = tuple(Milestone(day, value) for day, value in milestones)
    return replace(PLAN.indicator_by_code["I.1"], target=target, baseline=baseline, milestones=marks)


@pytest.mark.parametrize(
    ("target", "value", "met", "percent", "missing"),
    [
        (SIXTY, 0, False, 0, 60),
        (SIXTY, 30, False, 50, 30),
        (SIXTY, 59.99, False, pytest.approx(99.98333333), pytest.approx(0.01)),
        (SIXTY, 60, True, 100, 0),
        (SIXTY, 90, True, 150, 0),  # shown as it is; capped only for scoring
        (AT_MOST, 0, True, 100, 0),
        (AT_MOST, 20, True, 100, 0),
        (AT_MOST, 25, False, 80, 5),
        (AT_MOST, 40, False, 50, 20),
        (NONE_ALLOWED, 0, True, 100, 0),
        (NONE_ALLOWED, 1, False, 0, 1),
        (BAND, 0, False, 0, 15),
        (BAND, 7.5, False, 50, 7.5),
        (BAND, 15, True, 100, 0),
        (BAND, 16, True, 100, 0),
        (BAND, 17, True, 100, 0),
        (BAND, 25, True, 100, 0),
        (YES, 1, True, 100, None),
        (YES, 0, False, 0, None),
    ],
)
def test_kinds_of_target(
    target: Target, value: float, met: bool, percent: float, missing: float | None
) -> None:
    assert is_met(target, value) is met
    assert attainment(target, value) == percent
    assert distance(target, value) == missing


@pytest.mark.parametrize(("value", "above"), [(15, False), (17, False), (17.01, True)])
def test_only_above_a_range_asks_for_verification(value: float, above: bool) -> None:
    assert is_above_range(BAND, value) is above
    assert not is_above_range(SIXTY, value * 10)


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        ("I.1", 60, 59.9),
        ("II.4", 90, 89.9),
        ("III.1", 1, 0),
        ("IV.2", 2, 1),
        ("IV.3", 1, 0),
        ("V.1", 0.8, 0.79),
        ("V.2", 90, 89.9),
        ("V.7", 95, 94.9),
        ("V.23", 15, 14.9),
        ("V.25", 80, 79.9),
        ("V.28", 100, 99.99),
    ],
)
def test_targets_of_the_plan(code: str, good: float, bad: float) -> None:
    target = PLAN.indicator_by_code[code].target
    assert (is_met(target, good), is_met(target, bad)) == (True, False)


# --- the path through the year --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2026, 1, 1), 23.6),
        (date(2026, 3, 31), 32.5),  # day 90
        (END, 60),
    ],
)
def test_a_straight_line_from_the_baseline(day: date, wanted: float) -> None:
    assert path(indicator(SIXTY, 23.5), day) == pytest.approx(wanted)


def test_milestones_bend_the_path() -> None:
    bent = indicator(SIXTY, 20, (MIDDLE, 50), (date(2026, 4, 1), 30))  # in any order; day 91
    assert path(bent, date(2026, 4, 1)) == 30
    assert path(bent, date(2026, 5, 17)) == pytest.approx(40)  # half of the way to the second
    assert path(bent, MIDDLE) == 50
    assert path(bent, date(2026, 10, 1)) == pytest.approx(55)
    assert path(bent, END) == 60


def test_milestones_without_a_baseline_begin_at_the_first() -> None:
    late = indicator(SIXTY, None, (MIDDLE, 40))
    assert path(late, date(2026, 7, 1)) is None
    assert path(late, MIDDLE) == 40
    assert path(late, date(2026, 10, 1)) == pytest.approx(50)


def test_a_milestone_on_the_last_day_stands_for_the_target() -> None:
    assert path(indicator(SIXTY, 0, (END, 65)), END) == 65


def test_paths_of_other_kinds() -> None:
    assert path(indicator(AT_MOST, 56.6), MIDDLE) == pytest.approx(56.6 - 36.6 * 183 / 365)
    assert path(indicator(BAND, 0), END) == 15
    assert path(indicator(YES, 0), MIDDLE) is None
    assert path(indicator(SIXTY), MIDDLE) is None


# --- colours --------------------------------------------------------------------------------------

HALF = indicator(SIXTY, 20, (MIDDLE, 40))  # on that day the path asks for 20 points of way; 85 % are 17
FALLING = indicator(AT_MOST, 60, (MIDDLE, 40))


@pytest.mark.parametrize(
    ("of", "value", "word"),
    [
        (HALF, 60, "met"),
        (HALF, 59.99, "on_track"),
        (HALF, 40, "on_track"),
        (HALF, 39.99, "warning"),
        (HALF, 37, "warning"),
        (HALF, 36.99, "behind"),
        (HALF, 20, "behind"),
        (HALF, 0, "behind"),
        (FALLING, 20, "met"),
        (FALLING, 40, "on_track"),
        (FALLING, 43, "warning"),
        (FALLING, 43.01, "behind"),
        (indicator(SIXTY), 60, "met"),
        (indicator(SIXTY), 59.99, "warning"),
        (indicator(SIXTY), 48, "warning"),  # 80 % of the target
        (indicator(SIXTY), 47.99, "behind"),
        (indicator(AT_MOST), 25, "warning"),
        (indicator(AT_MOST), 25.01, "behind"),
        (indicator(BAND), 14.99, "warning"),
        (indicator(BAND), 12, "warning"),
        (indicator(BAND), 11.99, "behind"),
        (indicator(BAND), 99, "met"),
        (indicator(YES), 1, "met"),
        (indicator(YES), 0, "behind"),
    ],
)
def test_colours_on_the_day(of: Indicator, value: float, word: str) -> None:
    assert verdict(of, value, MIDDLE, PLAN.scoring) == word


def test_counts_of_the_year_start_at_nothing() -> None:
    papers = PLAN.indicator_by_code["IV.2"]
    assert [verdict(papers, n, date(2026, 1, 14), PLAN.scoring) for n in (0, 1, 2)] == [
        "behind",
        "on_track",
        "met",
    ]
    assert verdict(papers, 1, date(2026, 11, 14), PLAN.scoring) == "behind"  # the path asks for 1.74


def test_words_and_colours() -> None:
    assert COLOURS["met"] == COLOURS["on_track"] == "green"
    assert (COLOURS["warning"], COLOURS["behind"]) == ("yellow", "red")
    grey = {"insufficient", "not_due", "no_activity", "no_figure", "missing", "not_owed"}
    assert {word for word, colour in COLOURS.items() if colour == "grey"} == grey


# --- properties -----------------------------------------------------------------------------------


@given(st.sampled_from(TARGETS), VALUES)
def test_the_full_percentage_means_met_and_nothing_else_does(target: Target, value: float) -> None:
    assert (attainment(target, value) >= 100) is is_met(target, value)
    assert attainment(target, value) >= 0
    if target.kind != "yes_no":
        assert (distance(target, value) == 0) is is_met(target, value)


@given(st.sampled_from([SIXTY, BAND]), VALUES, VALUES)
def test_more_is_never_worse(target: Target, one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert attainment(target, low) <= attainment(target, high)


@given(st.sampled_from([AT_MOST, NONE_ALLOWED]), VALUES, VALUES)
def test_less_is_never_worse_where_little_is_asked(target: Target, one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert attainment(target, low) >= attainment(target, high)


ORDER = ["behind", "warning", "on_track", "met"]


@given(VALUES, VALUES, st.none() | st.floats(0, 59), st.dates(date(2026, 1, 1), END))
def test_a_colour_never_gets_worse_with_the_value(
    one: float, two: float, baseline: float | None, day: date
) -> None:
    low, high = (
        ORDER.index(verdict(indicator(SIXTY, baseline), v, day, PLAN.scoring)) for v in sorted((one, two))
    )
    assert low <= high


@given(st.floats(0, 59), st.dates(date(2026, 1, 1), END))
def test_on_the_path_is_on_track(baseline: float, day: date) -> None:
    of = indicator(SIXTY, baseline)
    wanted = path(of, day)
    assert wanted is not None
    assert verdict(of, wanted, day, PLAN.scoring) in ("on_track", "met")

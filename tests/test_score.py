"""Verdicts, and the figures of groups and of the whole plan, worked by hand from the domain rules."""

from dataclasses import replace

import pytest

from pipeline.base.period import Period
from pipeline.core.calendar import is_due
from pipeline.core.month import consolidate
from pipeline.core.score import group_figures
from pipeline.spec.plan import Indicator, Plan
from pipeline.spec.tables import GroupFigures
from tests.forms import AFTER, PLAN
from tests.sent import (
    Sent,
    counts,
    figure,
    kept,
    months,
    of_indicators,
    row_of,
    sent,
    word,
)

NOVEMBER, DECEMBER = Period(2026, 11), Period(2026, 12)


def plan_with(**changes: dict[str, object]) -> Plan:
    """The plan with other keys in some indicators (`I_1` for I.1)."""
    by_code = {code.replace("_", "."): keys for code, keys in changes.items()}

    def changed(indicator: Indicator) -> Indicator:
        return replace(indicator, **by_code.get(indicator.code, {}))  # type: ignore[arg-type]  # any key

    return replace(PLAN, indicators=tuple(map(changed, PLAN.indicators)))


def group(code: str, *files: Sent, plan: Plan = PLAN) -> GroupFigures:
    total, groups = group_figures(of_indicators(*files, plan=plan), plan)
    return total if not code else next(g for g in groups if g.code == code)


# --- groups: two figures side by side -------------------------------------------------------------


def test_both_denominators() -> None:
    """II has four indicators. II.4 meets its 90 %, II.2 is half way; II.1 and II.3 owe a figure."""
    found = group("II", sent("VHXH", counts("II.4", 9, 10), counts("II.2", 5, 10), word("II.3", "no_data")))
    assert (found.listed, found.met, found.reported, found.missing) == (4, 1, 2, 2)
    assert (found.mean_reported, found.mean_with_missing) == (75, 37.5)


def test_exceeding_earns_no_bonus() -> None:
    """I.1 is at twice its 60 %, I.2 at half of its 70 %."""
    found = group("I", sent("VHXH", counts("I.1", 120, 100), counts("I.2", 35, 100)))
    assert found.mean_reported == 75
    row = row_of(of_indicators(sent("VHXH", counts("I.1", 120, 100))), "I.1")
    assert (row["attainment"], row["points"]) == (200, 100)


def test_weights() -> None:
    plan = plan_with(I_1={"weight": 3.0})
    found = group("I", sent("VHXH", counts("I.1", 30, 100), counts("I.2", 70, 100)), plan=plan)
    assert found.mean_reported == 62.5  # (3 · 50 + 100) / 4
    alone = group("I", sent("VHXH", counts("I.2", 70, 100)), plan=plan)
    assert (alone.mean_reported, alone.mean_with_missing) == (100, 25)


def test_a_zero_is_a_figure_and_a_zero_denominator_is_none() -> None:
    found = group("I", sent("VHXH", counts("I.1", 0, 10), counts("I.2", 0, 0)))
    assert (found.reported, found.missing, found.mean_reported) == (1, 1, 0)


def test_without_activity_is_outside_both() -> None:
    """II.3 with nobody anywhere leaves II with three indicators that owe a figure."""
    files = [sent(unit, word("II.3", "no_activity")) for unit in ("VHXH", "TH")]
    found = group("II", *files, sent("VHXH", counts("II.2", 8, 10), at="2026-11-18T09:00:00+07:00"))
    assert (found.reported, found.missing, found.no_activity) == (1, 2, 1)
    assert found.mean_reported == 80
    assert found.mean_with_missing == pytest.approx(80 / 3)


def test_nothing_reported_is_no_zero() -> None:
    found = group("II")
    assert (found.reported, found.missing, found.mean_reported, found.mean_with_missing) == (0, 4, None, 0)
    assert not found.enough


@pytest.mark.parametrize(("count", "enough"), [(2, False), (3, True), (4, True)])
def test_two_thirds_are_enough(count: int, enough: bool) -> None:
    codes = ("II.1", "II.2", "II.4", "II.3")[:count]
    files = [
        sent(
            unit,
            *(counts(code, 1, 10) for code in codes if unit in PLAN.reporters(PLAN.indicator_by_code[code])),
        )
        for unit in ("VHXH", "CQ", "TH")
    ]
    assert group("II", *files).enough is enough  # 2/4 < 2/3 ≤ 3/4


@pytest.mark.parametrize(("reported", "enough"), [(1, False), (2, True)])
def test_exactly_two_thirds_are_enough(reported: int, enough: bool) -> None:
    found = group("IV", sent("VHXH", *(figure(code, 1.0) for code in ("IV.2", "IV.3")[:reported])))
    assert (found.listed, found.reported, found.missing) == (3, reported, 3 - reported)
    assert found.enough is enough


def test_the_yearly_indicator_is_outside_until_december() -> None:
    total = group("")
    assert (total.listed, total.not_due, total.missing) == (40, 2, 38)  # V.23 is not due, V.26 not owed
    assert (row_of(of_indicators(), "V.23")["verdict"], row_of(of_indicators(), "V.26")["verdict"]) == (
        "not_due",
        "not_owed",
    )
    december = of_indicators(periods=[DECEMBER])
    assert row_of(december, "V.23", "2026-12")["verdict"] == "missing"
    assert group_figures(december, PLAN)[0].missing == 39
    assert [is_due(PLAN.indicator_by_code[c], NOVEMBER) for c in ("V.23", "V.22")] == [False, True]


def test_a_word_about_what_is_not_due_or_not_owed_changes_nothing() -> None:
    files = (sent("KT", word("V.23", "no_data")), sent("VHXH", word("V.26", "no_data")))
    assert group("", *files) == group("")


def test_what_is_not_owed_counts_once_it_is_there() -> None:
    found = group("", sent("VHXH", counts("V.26", 95, 100)), sent("KT", figure("V.23", 15.6)))
    assert (found.reported, found.met, found.missing, found.not_due) == (2, 2, 38, 0)


def test_every_indicator_is_counted_once() -> None:
    """Also a flow whose denominator is 0: nothing happened, so nothing is owed."""
    files = (sent("PVHCC", counts("V.7", 0, 0), counts("V.8", 1, 2), counts("V.2", 0, 0)), sent("VHXH"))
    found = group("", *files)
    assert row_of(of_indicators(*files), "V.7")["verdict"] == "no_figure"
    assert found.reported + found.missing + found.no_activity + found.not_due == found.listed == 40
    assert (found.reported, found.no_activity, found.missing) == (1, 1, 36)


def test_choosing_a_word_never_raises_the_score() -> None:
    """Whoever is at half of the target gains nothing by hiding it behind a word."""
    told = group("I", sent("VHXH", counts("I.1", 30, 100), counts("I.2", 70, 100)))
    hidden = group("I", sent("VHXH", word("I.1", "no_data", "x"), counts("I.2", 70, 100)))
    assert told.mean_with_missing == 75
    assert hidden.mean_with_missing == 50


def test_an_empty_flow_month_keeps_the_score_of_the_year() -> None:
    files = (
        sent("PVHCC", counts("V.7", 19, 40), period="2026-10"),
        sent("PVHCC", word("V.7", "no_activity")),
    )
    row = row_of(of_indicators(*files, periods=months("2026-10", "2026-11")), "V.7")
    assert (row["result"], row["attainment"], row["verdict"]) == (47.5, 50, "behind")


def test_colours_say_whether_there_is_a_path() -> None:
    figures = of_indicators(sent("VHXH", figure("IV.2", 1.0), counts("I.1", 59, 100), figure("V.1", 0.8)))
    shown = {c: row_of(figures, c) for c in ("IV.2", "I.1", "V.1", "V.17")}
    assert [(r["verdict"], r["colour"], r["no_path"]) for r in shown.values()] == [
        ("behind", "red", False),
        ("warning", "yellow", True),
        ("met", "green", True),
        ("missing", "grey", False),
    ]
    assert shown["IV.2"]["path"] == pytest.approx(2 * 318 / 365)  # to the closing day, 14 November


def test_above_the_range_is_flagged() -> None:
    row = row_of(of_indicators(sent("KT", figure("V.23", 18.0))), "V.23")
    assert (row["verdict"], row["above_range"], row["points"]) == ("met", True, 100)


def test_a_month_looks_back_to_the_first_period_with_facts() -> None:
    month = consolidate(PLAN, NOVEMBER, kept(sent("CA", counts("V.20", 8, 10), period="2026-09")), AFTER)
    assert [str(p) for p in month.periods] == ["2026-09", "2026-10", "2026-11"]
    assert (month.total.reported, len(month.of_period(month.indicators))) == (0, 40)

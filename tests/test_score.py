"""Group figures and scorecards, worked by hand from the domain rules."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.base.period import Period
from pipeline.core.calendar import is_due
from pipeline.core.month import consolidate
from pipeline.core.score import grade_of, group_figures, scorecards
from pipeline.spec.plan import Indicator, Plan
from pipeline.spec.tables import GroupFigures
from tests.forms import AFTER, PLAN
from tests.sent import (
    Sent,
    counts,
    figure,
    finding,
    kept,
    months,
    of_indicators,
    of_units,
    row_of,
    sent,
    word,
)

NOVEMBER, DECEMBER = Period(2026, 11), Period(2026, 12)
NOBODY = {unit.id: "" for unit in PLAN.expected_units}
NO_MARKS: dict[str, list[str]] = {unit.id: [] for unit in PLAN.expected_units}


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
    """II has four indicators. II.1 meets its 100 %, II.2 is half way; II.3 and II.4 owe a figure."""
    found = group("II", sent("VHXH", counts("II.1", 10, 10), counts("II.2", 5, 10), word("II.3", "no_data")))
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
    found = group("II", *files, sent("VHXH", counts("II.1", 8, 10), at="2026-11-18T09:00:00+07:00"))
    assert (found.reported, found.missing, found.no_activity) == (1, 2, 1)
    assert found.mean_reported == 80
    assert found.mean_with_missing == pytest.approx(80 / 3)


def test_nothing_reported_is_no_zero() -> None:
    found = group("II")
    assert (found.reported, found.missing, found.mean_reported, found.mean_with_missing) == (0, 4, None, 0)
    assert not found.enough


@pytest.mark.parametrize(("count", "enough"), [(2, False), (3, True), (4, True)])
def test_two_thirds_are_enough(count: int, enough: bool) -> None:
    files = [sent("VHXH", *(counts(code, 1, 10) for code in ("II.1", "II.2", "II.3", "II.4")[:count]))]
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
    assert [is_due(PLAN, PLAN.indicator_by_code[c], NOVEMBER) for c in ("V.23", "V.22")] == [False, True]


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


# --- scorecards -----------------------------------------------------------------------------------


def card(unit: str, frame: pd.DataFrame, time: str, marks: list[str]) -> dict[str, object]:
    cards = scorecards(frame, PLAN, NOBODY | {unit: time}, NO_MARKS | {unit: marks})
    (row,) = cards[cards["unit"].eq(unit)].astype(object).where(cards.notna(), None).to_dict(orient="records")
    return {str(key): value for key, value in row.items()}


def test_a_scorecard_by_hand() -> None:
    """Công an xã: V.20 at 100 % of its 80 %, V.28 at 50 % of its 100 %, V.30 owed. (100+50+0)/3 = 50;
    late: 50; rows clean, warned, held: 50. 0.8 · 50 + 0.1 · 50 + 0.1 · 50 = 50."""
    frame = of_units(sent("CA", counts("V.20", 80, 100), counts("V.28", 50, 100)))
    found = card("CA", frame, "late", ["clean", "warned", "held"])
    assert (found["results"], found["timeliness"], found["quality"], found["total"]) == (50, 50, 50, 50)
    assert (found["owed"], found["reported"], found["missing"], found["held"]) == (3, 2, 0, 1)
    assert found["grade"] == "Hoàn thành nhiệm vụ"


def test_a_perfect_unit() -> None:
    frame = of_units(sent("CA", counts("V.20", 90, 100), counts("V.28", 100, 100), counts("V.30", 5, 5)))
    found = card("CA", frame, "on_time", ["clean"] * 3)
    assert (found["total"], found["grade"]) == (100, "Hoàn thành xuất sắc nhiệm vụ")


def test_the_three_parts_weigh_80_10_10() -> None:
    full = of_units(sent("CA", counts("V.20", 90, 100), counts("V.28", 100, 100), counts("V.30", 5, 5)))
    none = of_units(sent("CA", counts("V.20", 0, 100), counts("V.28", 0, 100), counts("V.30", 0, 5)))
    held, absent = ["held"] * 3, ["absent"] * 3
    assert card("CA", full, "", absent)["total"] == 80
    assert card("CA", none, "on_time", held)["total"] == 10
    assert card("CA", none, "", ["clean"] * 3)["total"] == 10


def test_a_unit_that_sent_nothing() -> None:
    found = card("CA", of_units(), "", ["absent"] * 3)
    assert (found["results"], found["total"], found["grade"]) == (0, 0, "Không hoàn thành nhiệm vụ")
    assert (found["missing"], found["held"]) == (3, 0)


def test_a_unit_without_results_due_is_graded_on_the_rest() -> None:
    """Phòng Kinh tế has V.23 alone: (10 · 100 + 10 · 50) / 20."""
    found = card("KT", of_units(), "on_time", ["warned"])
    assert (found["results"], found["total"]) == (None, 75)
    december = card("KT", of_units(periods=[DECEMBER]), "on_time", ["warned"])
    assert (december["results"], december["total"]) == (0, 15)


def test_nobody_owes_what_is_not_due_or_not_owed() -> None:
    """V.26 is the bank's, only entered by VHXH; V.23 is not due in November."""
    assert (
        card("KT", of_units(), "on_time", [])["owed"],
        card("KT", of_units(), "on_time", [])["missing"],
    ) == (0, 0)
    owed = sum(i.lead == "VHXH" for i in PLAN.indicators)
    vhxh = card("VHXH", of_units(), "on_time", [])
    assert (vhxh["owed"], vhxh["missing"]) == (owed, owed) == (23, 23)


def test_the_results_of_another_body_are_not_scored() -> None:
    """VHXH types in V.26 of the bank: neither good nor bad for VHXH."""
    own = sent("VHXH", counts("I.1", 60, 100))
    both = sent("VHXH", counts("I.1", 60, 100), counts("V.26", 1, 100))
    assert (
        card("VHXH", of_units(own), "on_time", [])["results"]
        == card("VHXH", of_units(both), "on_time", [])["results"]
    )


def test_a_contributor_is_scored_by_its_own_people() -> None:
    frame = of_units(sent("VHXH", counts("II.3", 1, 10)), sent("TH", counts("II.3", 9, 10)))
    assert card("TH", frame, "on_time", ["clean"])["results"] == 90


def test_without_activity_neither_helps_nor_harms_a_unit() -> None:
    frame = of_units(sent("TH", word("II.3", "no_activity")))
    found = card("TH", frame, "on_time", ["clean"])
    assert (found["results"], found["no_activity"], found["total"]) == (None, 1, 100)


@pytest.mark.parametrize(
    ("total", "label"),
    [
        (0, "Không hoàn thành nhiệm vụ"),
        (49.99, "Không hoàn thành nhiệm vụ"),
        (50, "Hoàn thành nhiệm vụ"),
        (69.99, "Hoàn thành nhiệm vụ"),
        (70, "Hoàn thành tốt nhiệm vụ"),
        (89.99, "Hoàn thành tốt nhiệm vụ"),
        (90, "Hoàn thành xuất sắc nhiệm vụ"),
        (100, "Hoàn thành xuất sắc nhiệm vụ"),
    ],
)
def test_half_open_bands(total: float, label: str) -> None:
    assert grade_of(PLAN, total) == label


# --- the month as a whole -------------------------------------------------------------------------


def test_marks_belong_to_the_file_whose_row_counts() -> None:
    """V.20 is warned; V.28 was held at first and then mended; V.30 stays held."""
    first = sent(
        "CA",
        counts("V.20", 8, 10),
        finding("R10", "V.20", "warning"),
        finding("R03", "V.28"),
        outcome="partial",
    )
    second = sent(
        "CA",
        counts("V.28", 10, 10),
        finding("C01", "V.30"),
        at="2026-11-21T08:00:00+07:00",
        outcome="partial",
    )
    cards = consolidate(PLAN, NOVEMBER, kept(first, second), AFTER).scorecards.set_index("unit")
    found = cards.loc["CA"]
    assert found["quality"] == 50  # (50 + 100 + 0) / 3
    assert found["timeliness"] == 100  # the first file came in time and said something
    assert found["results"] == pytest.approx(200 / 3)
    assert found["held"] == 1


def test_an_empty_or_refused_form_earns_no_timeliness() -> None:
    files = kept(sent("CA", outcome="empty"), sent("KT", outcome="rejected"))
    month = consolidate(PLAN, NOVEMBER, files, AFTER)
    cards = month.scorecards.set_index("unit")
    assert (cards.loc["CA", "timeliness"], cards.loc["KT", "timeliness"]) == (0, 0)


def test_a_month_looks_back_to_the_first_period_with_facts() -> None:
    month = consolidate(PLAN, NOVEMBER, kept(sent("CA", counts("V.20", 8, 10), period="2026-09")), AFTER)
    assert [str(p) for p in month.periods] == ["2026-09", "2026-10", "2026-11"]
    assert (month.total.reported, len(month.of_period(month.indicators))) == (0, 40)

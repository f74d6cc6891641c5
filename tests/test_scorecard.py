"""Scorecards of units, worked by hand from the domain rules."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.period import Period
from pipeline.base.record import Fact
from pipeline.core.grading import grade_of
from pipeline.core.month import consolidate
from pipeline.core.scorecard import scorecards
from pipeline.spec.plan import Confirmation, Plan
from tests.forms import AFTER, PLAN
from tests.sent import counts, finding, kept, of_units, sent, word

NOVEMBER, DECEMBER = Period(2026, 11), Period(2026, 12)
NOBODY = {unit.id: "" for unit in PLAN.expected_units}
NO_MARKS: dict[str, dict[str, str]] = {unit.id: {} for unit in PLAN.expected_units}


def card(unit: str, frame: pd.DataFrame, time: str, marks: list[str], plan: Plan = PLAN) -> dict[str, object]:
    named = dict(zip((i.code for i in plan.indicators_of(unit)), marks, strict=False))
    cards = scorecards(frame, plan, NOBODY | {unit: time}, NO_MARKS | {unit: named})
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


# --- the word "không phát sinh" -------------------------------------------------------------------


def confirmed(*said: tuple[str, str, str]) -> Plan:
    """The plan with confirmations of (unit, indicator, period), "" for the whole year."""
    return replace(
        PLAN,
        confirmations=tuple(
            Confirmation(unit, code, "đã đối chiếu", (period,) if period else ())
            for unit, code, period in said
        ),
    )


def test_the_word_alone_takes_nothing_away() -> None:
    """TH has II.3 alone: until it is confirmed, its word is worth what a blank is."""
    frame = of_units(sent("TH", word("II.3", "no_activity")))
    found = card("TH", frame, "on_time", ["pending"])
    assert (found["results"], found["quality"], found["total"]) == (0, 0, 10)
    assert (found["no_activity"], found["pending"], found["missing"]) == (1, 1, 0)
    blank = card("TH", of_units(), "on_time", ["absent"])
    assert blank["total"] == found["total"]


@pytest.mark.parametrize("period", ["2026-11", ""])
def test_once_it_is_confirmed_it_neither_helps_nor_harms(period: str) -> None:
    plan = confirmed(("TH", "II.3", period))
    found = card(
        "TH", of_units(sent("TH", word("II.3", "no_activity")), plan=plan), "on_time", ["clean"], plan
    )
    assert (found["results"], found["no_activity"], found["pending"], found["total"]) == (None, 1, 0, 100)


def test_a_confirmation_holds_for_its_unit_indicator_and_period() -> None:
    for said in (("VHXH", "II.3", "2026-11"), ("TH", "II.1", "2026-11"), ("TH", "II.3", "2026-10")):
        plan = confirmed(said)
        frame = of_units(sent("TH", word("II.3", "no_activity")), plan=plan)
        assert card("TH", frame, "on_time", ["pending"], plan)["results"] == 0


def test_a_confirmed_month_keeps_the_year_of_a_flow_owed_and_scored() -> None:
    """V.7 at 38/40 of 95 % in October, nothing in November: the year so far counts, 100 points."""
    files = (
        sent("PVHCC", counts("V.7", 38, 40), period="2026-10"),
        sent("PVHCC", word("V.7", "no_activity")),
    )
    both = [Period(2026, 10), NOVEMBER]
    waiting = of_units(*files, periods=both)
    assert card("PVHCC", waiting[waiting["period"].eq("2026-11")], "on_time", [])["results"] == 0
    plan = confirmed(("PVHCC", "V.7", "2026-11"))
    frame = of_units(*files, periods=both, plan=plan)
    found = card("PVHCC", frame[frame["period"].eq("2026-11")], "on_time", [], plan)
    assert found["results"] == 10  # one of ten indicators


def test_a_month_that_waits_keeps_the_later_months_of_a_flow_waiting() -> None:
    files = (
        sent("PVHCC", word("V.7", "no_activity"), period="2026-10"),
        sent("PVHCC", counts("V.7", 38, 40)),
    )
    for plan, results in ((PLAN, 0), (confirmed(("PVHCC", "V.7", "2026-10")), 10)):
        frame = of_units(*files, periods=[Period(2026, 10), NOVEMBER], plan=plan)
        assert card("PVHCC", frame[frame["period"].eq("2026-11")], "on_time", [], plan)["results"] == results


def test_a_denominator_of_zero_is_the_same_word() -> None:
    frame = of_units(sent("PVHCC", counts("V.7", 0, 0)))
    found = card("PVHCC", frame, "on_time", ["pending"] * 10)
    assert (found["pending"], found["results"]) == (1, 0)


def test_a_result_that_cannot_be_computed_is_missing() -> None:
    """V.30 stands at 0/0: it earns nothing, (100 + 50 + 0)/3 = 50, and the card says why."""
    rows = counts("V.20", 80, 100), counts("V.28", 50, 100), counts("V.30", 0, 0)
    found = card("CA", of_units(sent("CA", *rows)), "on_time", ["clean", "clean", "warned"])
    assert (found["owed"], found["reported"], found["missing"], found["results"]) == (3, 2, 1, 50)


def test_what_is_not_owed_needs_no_confirmation() -> None:
    """V.26 is the bank's: whatever is said of it, nothing waits."""
    frame = of_units(sent("VHXH", word("V.26", "no_activity")))
    assert card("VHXH", frame, "on_time", [])["pending"] == 0


STATES = st.sampled_from(["bad", "poor", "good", "no_data", "no_activity", "zero", "missing"])
MAY_BE_EMPTY = tuple(i for i in PLAN.indicators if i.may_be_empty)
CODES = tuple(i.code for i in MAY_BE_EMPTY)
SMALL = replace(
    PLAN,
    indicators=MAY_BE_EMPTY,
    doubts=replace(PLAN.doubts, relations=()),
    units=tuple(u for u in PLAN.units if any(u.id in PLAN.reporters(i) for i in MAY_BE_EMPTY)),
)


def a_row(code: str, state: str) -> Fact | None:
    if state in ("no_data", "no_activity"):
        return word(code, state)  # type: ignore[arg-type]  # one of the two
    figures = {"bad": (0, 900), "poor": (20, 40), "good": (40, 40), "zero": (0, 0)}
    return counts(code, *figures[state]) if state in figures else None


@settings(max_examples=25)
@given(
    states=st.lists(STATES, min_size=2 * len(CODES), max_size=2 * len(CODES)),
    code=st.sampled_from(CODES),
    month=st.sampled_from(["2026-10", "2026-11"]),
    place=st.integers(0, 1),
)
def test_saying_that_nothing_happened_never_raises_a_score_or_a_rank(
    states: list[str], code: str, month: str, place: int
) -> None:
    """Whatever stands in any row of any month, now or earlier, and whatever the other rows hold."""
    keys = [(c, m) for m in ("2026-10", "2026-11") for c in CODES]
    told = dict(zip(keys, states, strict=True))
    reporters = PLAN.reporters(PLAN.indicator_by_code[code])
    unit = reporters[min(place, len(reporters) - 1)]
    before = cards_of(told, {}, unit)
    after = cards_of(told, {(unit, code, month): "no_activity"}, unit)
    assert after["total"] <= before["total"] + 1e-9
    assert after["rank_first"] >= before["rank_first"]
    assert after["rank_last"] >= before["rank_last"]


def cards_of(
    told: dict[tuple[str, str], str], changed: dict[tuple[str, str, str], str], unit: str
) -> dict[str, float]:
    """The scorecard of `unit` in November; every unit sends in both months, whatever its rows hold."""
    files = []
    for month in ("2026-10", "2026-11"):
        for sender in SMALL.expected_units:
            rows = [
                a_row(i.code, changed.get((sender.id, i.code, month), told[i.code, month]))
                for i in SMALL.indicators_of(sender.id)
            ]
            at = f"{month}-18T08:00:00+07:00"
            files.append(sent(sender.id, *(row for row in rows if row), period=month, at=at))
    cards = consolidate(SMALL, NOVEMBER, kept(*files), AFTER).scorecards.set_index("unit")
    return {key: float(cards[key].to_dict()[unit]) for key in ("total", "rank_first", "rank_last")}


# --- availability ---------------------------------------------------------------------------------


def test_both_denominators_stand_beside_what_there_is() -> None:
    """CA: V.20 met, V.28 at half, V.30 missing. 75 on what is there, 50 on what is owed; 2/3 is enough."""
    frame = of_units(sent("CA", counts("V.20", 80, 100), counts("V.28", 50, 100)))
    found = card("CA", frame, "on_time", ["clean", "clean", "absent"])
    assert (found["met"], found["reported"], found["missing"]) == (1, 2, 1)
    assert (found["results_reported"], found["results"], found["enough"]) == (75, 50, True)
    fewer = card("CA", of_units(sent("CA", counts("V.20", 80, 100))), "on_time", [])
    assert (fewer["results_reported"], fewer["enough"]) == (100, False)


def test_rows_are_counted_by_their_marks() -> None:
    found = card("CA", of_units(), "on_time", ["clean", "warned", "held"])
    assert [found[f"rows_{mark}"] for mark in ("clean", "warned", "held", "absent", "pending")] == [
        1,
        1,
        1,
        0,
        0,
    ]


# --- grades ---------------------------------------------------------------------------------------


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


def test_the_grade_goes_by_the_total_as_it_is_shown() -> None:
    """0.8 · 87.44 + 20 = 89.952, shown as 90.0: nobody sees 90.0 beside the lower grade."""
    plan = replace(PLAN, indicators=tuple(i for i in PLAN.indicators if i.code == "V.20"))
    frame = of_units(sent("CA", counts("V.20", 69.952, 100)), plan=plan)
    found = card("CA", frame, "on_time", ["clean"], plan)
    assert (found["total"], found["grade"]) == (pytest.approx(89.952), "Hoàn thành xuất sắc nhiệm vụ")


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

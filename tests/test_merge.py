"""What many files amount to, worked by hand: which row counts, and one figure for each indicator."""

from dataclasses import replace

import pytest

from pipeline.base.period import Period
from pipeline.core.merge import duties, previous_values
from pipeline.spec.plan import Plan
from pipeline.spec.roster import Unit
from tests.entries import digest
from tests.forms import PLAN
from tests.sent import counts, current, figure, months, of_indicators, of_units, row_of, sent, word

EVENING = "2026-11-18T17:00:00+07:00"
FIGURES = ("numerator", "denominator", "value", "result")


def with_members(*ids: str) -> Plan:
    """The plan once the office has listed the bodies behind "các cơ quan" as units."""
    members = tuple(Unit(i, f"Cơ quan {i}", f"Cơ quan {i}") for i in ids)
    changed = tuple(replace(i, contributors=ids) if i.code == "II.1" else i for i in PLAN.indicators)
    return replace(PLAN, units=PLAN.units + members, indicators=changed)


FIVE = with_members("C1", "C2", "C3", "C4")


# --- which row counts -----------------------------------------------------------------------------


def test_the_latest_row_wins_row_by_row() -> None:
    facts = current(
        sent("CA", counts("V.20", 40, 50), counts("V.28", 10, 50)),
        sent("CA", counts("V.20", 45, 50), at=EVENING),
    )
    assert list(facts[["indicator", "numerator"]].itertuples(index=False, name=None)) == [
        ("V.20", 45.0),
        ("V.28", 10.0),
    ]


def test_the_order_in_the_ledger_does_not_matter() -> None:
    first, second = sent("CA", counts("V.20", 40, 50)), sent("CA", counts("V.20", 45, 50), at=EVENING)
    assert current(first, second).equals(current(second, first))


def test_files_of_the_same_moment_are_told_apart_by_their_bytes() -> None:
    words = sorted(("một", "hai"), key=digest)
    files = [sent("CA", counts("V.20", n, 50), word=w) for n, w in enumerate(words, 1)]
    for order in (files, files[::-1]):
        assert current(*order)["numerator"].tolist() == [2.0]


def test_a_correction_in_the_same_day_folder_wins_whatever_its_bytes() -> None:
    """The day set by hand has no hour: what was taken in a later run came later."""
    early, late = sorted(("một", "hai"), key=digest, reverse=True)
    first = sent("CA", counts("V.20", 40, 50), word=early)
    mended = sent("CA", counts("V.20", 45, 50), word=late)
    mended = replace(mended, submission=replace(mended.submission, decided_at="2026-11-18T16:00:00+07:00"))
    assert current(first, mended)["numerator"].tolist() == [45.0]


def test_units_and_periods_do_not_replace_each_other() -> None:
    facts = current(
        sent("VHXH", counts("II.1", 8, 10)),
        sent("CQ", counts("II.1", 30, 40)),
        sent("CQ", counts("II.1", 20, 40), period="2026-10", at=EVENING),
    )
    assert len(facts) == 3


# --- one unit, one figure -------------------------------------------------------------------------


def test_a_single_reporter() -> None:
    row = row_of(of_indicators(sent("CA", counts("V.20", 1688, 2945))), "V.20")
    assert [row[key] for key in FIGURES] == [1688, 2945, pytest.approx(57.3174873), pytest.approx(57.3174873)]
    assert (row["state"], row["sent"], row["owed"]) == ("reported", 1, 1)


def test_what_is_never_the_same_stays_different() -> None:
    figures = of_indicators(
        sent(
            "VHXH",
            counts("I.1", 0, 12),
            counts("I.2", 0, 0),
            word("V.15", "no_activity"),
            word("V.16", "no_data"),
            figure("III.1", 0.0),
        )
    )
    rows = {code: row_of(figures, code) for code in ("I.1", "I.2", "V.15", "V.16", "V.17", "III.1")}
    assert {code: (row["state"], row["result"]) for code, row in rows.items()} == {
        "I.1": ("reported", 0),
        "I.2": ("reported", None),
        "V.15": ("no_activity", None),
        "V.16": ("no_data", None),
        "V.17": ("missing", None),
        "III.1": ("reported", 0),
    }
    assert {code: row["sent"] for code, row in rows.items()} == {
        "I.1": 1,
        "I.2": 1,
        "V.15": 1,
        "V.16": 0,
        "V.17": 0,
        "III.1": 1,
    }


def test_every_indicator_and_every_duty_has_a_row_when_nothing_came() -> None:
    assert of_indicators()["indicator"].tolist() != []
    assert sorted(of_indicators()["indicator"]) == sorted(i.code for i in PLAN.indicators)
    units = of_units()
    assert len(units) == len(duties(PLAN)) == 44
    assert set(units["state"]) == {"missing"}


# --- several units, one figure --------------------------------------------------------------------


def test_a_disjoint_sum_adds_people_and_divides_once() -> None:
    row = row_of(
        of_indicators(sent("VHXH", counts("II.1", 9, 10)), sent("CQ", counts("II.1", 20, 40))), "II.1"
    )
    assert [row[key] for key in FIGURES] == [29, 50, 58, 58]  # the mean of 90 % and 50 % would be 70
    assert (row["sent"], row["owed"]) == (2, 2)


def test_three_of_five_units() -> None:
    figures = of_indicators(
        sent("VHXH", counts("II.1", 9, 10)),
        sent("C1", counts("II.1", 20, 40)),
        sent("C3", counts("II.1", 1, 50)),
        plan=FIVE,
    )
    row = row_of(figures, "II.1")
    assert (row["numerator"], row["denominator"], row["result"]) == (30, 100, 30)
    assert (row["sent"], row["owed"], row["state"]) == (3, 5, "reported")


def test_a_unit_without_people_counts_as_sent_and_adds_nothing() -> None:
    row = row_of(
        of_indicators(sent("VHXH", counts("II.3", 9, 10)), sent("TH", word("II.3", "no_activity"))), "II.3"
    )
    assert (row["result"], row["sent"], row["owed"]) == (90, 2, 2)


def test_a_unit_that_owes_its_figure_has_not_sent_it() -> None:
    row = row_of(
        of_indicators(sent("VHXH", counts("II.3", 9, 10)), sent("TH", word("II.3", "no_data"))), "II.3"
    )
    assert (row["result"], row["sent"], row["owed"]) == (90, 1, 2)


def test_a_contributor_alone_is_a_figure_too() -> None:
    row = row_of(of_indicators(sent("TH", counts("II.3", 9, 10))), "II.3")
    assert (row["result"], row["sent"], row["owed"]) == (90, 1, 2)


@pytest.mark.parametrize(
    ("lead", "contributor", "result"),
    [
        (figure("II.1", 95.0), counts("II.1", 20, 40), 50),  # a bare rate cannot be added to counts
        (counts("II.1", 9, 10), figure("II.1", 20.0), 90),
        (figure("II.1", 95.0), figure("II.1", 20.0), 95),  # nobody has counts: the lead's rate
        (counts("II.1", 0, 0), counts("II.1", 20, 40), 50),
        (counts("II.1", 0, 0), counts("II.1", 0, 0), None),
    ],
)
def test_rates_and_empty_bodies_in_a_disjoint_sum(
    lead: object, contributor: object, result: float | None
) -> None:
    files = (sent("VHXH", lead), sent("CQ", contributor))  # type: ignore[arg-type]  # facts, by parameter
    assert row_of(of_indicators(*files), "II.1")["result"] == result


def test_states_of_a_disjoint_sum() -> None:
    def state(*words: str) -> object:
        files = [
            sent(unit, word("II.1", w))  # type: ignore[arg-type]  # the states are spelled below
            for unit, w in zip(("VHXH", "CQ"), words, strict=True)
            if w != "missing"
        ]
        return row_of(of_indicators(*files), "II.1")["state"]

    assert state("no_activity", "no_activity") == "no_activity"
    assert state("no_activity", "missing") == "missing"
    assert state("missing", "no_data") == "no_data"
    assert state("missing", "missing") == "missing"


def test_under_lead_value_only_the_lead_counts() -> None:
    files = (sent("TYT", counts("II.4", 10, 100)), sent("TCNS", counts("II.4", 20, 100)))
    alone = row_of(of_indicators(*files), "II.4")
    assert (alone["state"], alone["result"], alone["sent"], alone["owed"]) == ("missing", None, 0, 1)
    led = row_of(of_indicators(*files, sent("VHXH", counts("II.4", 90, 100))), "II.4")
    assert (led["numerator"], led["denominator"], led["result"]) == (90, 100, 90)
    beside = of_units(*files)
    assert row_of(beside, "II.4", unit="TYT")["value"] == 10


# --- through the year -----------------------------------------------------------------------------


def test_a_flow_is_scored_by_sums_over_the_year_never_by_a_mean() -> None:
    figures = of_indicators(
        sent("PVHCC", counts("V.7", 100, 1000), period="2026-09"),
        sent("PVHCC", counts("V.7", 90, 100), period="2026-10"),
        sent("PVHCC", counts("V.7", 10, 100), period="2026-11"),
        periods=months("2026-09", "2026-10", "2026-11"),
    )
    rows = [row_of(figures, "V.7", p) for p in ("2026-09", "2026-10", "2026-11")]
    assert [r["value"] for r in rows] == [10, 90, 10]
    assert [r["result"] for r in rows] == [10, pytest.approx(17.2727273), pytest.approx(16.6666667)]


def test_gaps_in_a_flow() -> None:
    """Without activity the year so far stands; without a figure there is no result; sums go on."""
    figures = of_indicators(
        sent("PVHCC", counts("V.7", 30, 40), period="2026-07"),
        sent("PVHCC", word("V.7", "no_activity"), period="2026-08"),
        sent("PVHCC", word("V.7", "no_data"), period="2026-09"),
        sent("PVHCC", counts("V.7", 0, 0), period="2026-10"),
        sent("PVHCC", counts("V.7", 10, 60), period="2026-12"),
        periods=months(*(f"2026-{m:02d}" for m in range(7, 13))),
    )
    results = [row_of(figures, "V.7", f"2026-{m:02d}")["result"] for m in range(7, 13)]
    assert results == [75, 75, None, 75, None, 40]


def test_bare_rates_of_a_flow() -> None:
    figures = of_indicators(
        sent("PVHCC", figure("V.7", 50.0), period="2026-09"),
        sent("PVHCC", figure("V.7", 70.0), period="2026-10"),
        sent("PVHCC", counts("V.7", 9, 10), period="2026-11"),
        periods=months("2026-09", "2026-10", "2026-11"),
    )
    results = [row_of(figures, "V.7", p)["result"] for p in ("2026-09", "2026-10", "2026-11")]
    assert results == [50, 70, 90]


def test_a_stock_and_a_count_of_the_year_are_not_added_up() -> None:
    files = [
        sent("VHXH", counts("I.1", n, 10), figure("IV.2", float(n)), period=f"2026-{8 + n:02d}")
        for n in (1, 2, 3)
    ]
    figures = of_indicators(*files, periods=months("2026-09", "2026-10", "2026-11"))
    assert (row_of(figures, "I.1")["result"], row_of(figures, "IV.2")["result"]) == (30, 3)


def test_nothing_is_carried_forward_as_new() -> None:
    files = [sent("VHXH", counts("I.1", 5, 10), period="2026-10")]
    figures = of_indicators(*files, periods=months("2026-10", "2026-11"))
    assert (row_of(figures, "I.1")["state"], row_of(figures, "I.1")["result"]) == ("missing", None)


def test_previous_values_are_the_last_ones_before_the_period() -> None:
    facts = current(
        sent("CA", counts("V.20", 1, 2), counts("V.28", 1, 4), period="2026-09"),
        sent("CA", counts("V.20", 3, 4), word("V.28", "no_data"), period="2026-10"),
        sent("CA", counts("V.20", 4, 4), period="2026-11"),
        sent("VHXH", counts("I.1", 1, 2), period="2026-10"),
    )
    assert previous_values(facts, Period(2026, 11))["CA"] == {"V.20": 75, "V.28": 25}
    assert previous_values(facts, Period(2026, 10))["CA"] == {"V.20": 50, "V.28": 25}
    assert previous_values(facts, Period(2026, 9)) == {}

"""Every indicator of the plan once, worked by hand: what was typed, and all that has to come of it.

The day is 14 November 2026, the closing day: 318 of 365 days. No indicator but IV.2 and IV.3 has a value
at the end of the year before, so the others are measured by their target alone: 80 % of it is a warning.
"""

from dataclasses import dataclass

import pytest

from pipeline.base.record import Fact
from pipeline.core.calendar import days_of
from pipeline.core.targets import needed_per_month, next_step
from tests.forms import PLAN
from tests.sent import NOVEMBER, counts, figure, months, of_indicators, row_of, sent

LEFT = 47 * 12 / 365  # months to the end of the year


@dataclass(frozen=True)
class Row:
    """What is typed by the lead (and by the contributor) in November, and what comes of it.

    `typed` is numerator and denominator, or a single value; `before` what the lead typed in October. `step`
    is the next verdict and what is missing to it.
    """

    typed: tuple[float, ...]
    result: float
    attainment: float
    points: float
    verdict: str
    distance: float | None
    step: tuple[str, float] | None
    added: tuple[float, ...] = ()
    before: tuple[float, ...] = ()


ROWS = {
    # at least 60: 8 of 13 ấp
    "I.1": Row((8, 13), 800 / 13, 4000 / 39, 100, "met", 0, None),
    # at least 70: 63 is nine tenths of it
    "I.2": Row((6552, 10400), 63, 90, 90, "warning", 7, ("met", 7)),
    # at least 100, people of both added: 9 + 41 of 10 + 40; the mean of 90 and 102.5 would be nonsense
    "II.1": Row((9, 10), 98, 98, 98, "warning", 2, ("met", 2), added=(40, 40)),
    "II.2": Row((294, 420), 70, 70, 70, "behind", 30, ("warning", 10)),
    # 0 of 0 pupils at the lead, 5115 of 6820 at the schools
    "II.3": Row((0, 0), 75, 75, 75, "behind", 25, ("warning", 5), added=(5115, 6820)),
    # the lead's figure counts: 81 is nine tenths of 90
    "II.4": Row((23166, 28600), 81, 90, 90, "warning", 9, ("met", 9)),
    "III.1": Row((0,), 0, 0, 0, "behind", None, None),
    "IV.1": Row((19, 380), 5, 50, 50, "behind", 5, ("warning", 3)),
    # 2 papers by the end of the year: the path asks for 1.742, 85 % of it are 1.481; 1 is behind
    "IV.2": Row((1,), 1, 50, 50, "behind", 1, ("met", 1)),
    "IV.3": Row((2,), 2, 200, 100, "met", 0, None),
    "V.1": Row((0.72,), 0.72, 90, 90, "warning", 0.08, ("met", 0.08)),
    "V.2": Row((315, 350), 90, 100, 100, "met", 0, None),
    "V.3": Row((48, 64), 75, 75, 75, "behind", 25, ("warning", 5)),
    # flows: October and November are added up, numerators and denominators apart
    "V.4": Row((30, 40), 80, 80, 80, "warning", 20, ("met", 20), before=(50, 60)),
    "V.5": Row((90, 100), 60, 60, 60, "behind", 40, ("warning", 20), before=(30, 100)),
    "V.6": Row((128, 128), 100, 100, 100, "met", 0, None),
    "V.7": Row((57, 60), 95, 100, 100, "met", 0, None, before=(133, 140)),
    "V.8": Row((10, 100), 40, 50, 50, "behind", 40, ("warning", 24), before=(70, 100)),
    "V.9": Row((171, 200), 81, 90, 90, "warning", 9, ("met", 9), before=(72, 100)),
    "V.10": Row((44, 100), 42, 52.5, 52.5, "behind", 38, ("warning", 22), before=(40, 100)),
    "V.11": Row((90, 100), 88, 110, 100, "met", 0, None, before=(86, 100)),
    "V.12": Row((999, 1000), 99.9, 99.9, 99.9, "warning", 0.1, ("met", 0.1), before=(999, 1000)),
    "V.13": Row((138, 184), 75, 75, 75, "behind", 25, ("warning", 5)),
    "V.14": Row((5, 6), 250 / 3, 250 / 3, 250 / 3, "warning", 50 / 3, ("met", 50 / 3)),
    "V.15": Row((1688, 2210), 76.8, 96, 96, "warning", 3.2, ("met", 3.2), before=(1384, 1790)),
    "V.16": Row((6, 8), 75, 75, 75, "behind", 25, ("warning", 5)),
    "V.17": Row((6, 10), 60, 100, 100, "met", 0, None),
    "V.18": Row((34, 50), 68, 80, 80, "warning", 17, ("met", 17)),  # just 80 % of 85
    "V.19": Row((171, 300), 57, 95, 95, "warning", 3, ("met", 3)),
    "V.20": Row((27300, 31200), 87.5, 109.375, 100, "met", 0, None),
    "V.21": Row((8580, 28600), 30, 60, 60, "behind", 20, ("warning", 10)),
    "V.22": Row((9, 12), 75, 250 / 3, 250 / 3, "warning", 15, ("met", 15)),
    # 15 to 17: above is met, to be verified
    "V.23": Row((17.4,), 17.4, 100, 100, "met", 0, None),
    "V.24": Row((10, 10), 100, 100, 100, "met", 0, None),
    "V.25": Row((10, 16), 62.5, 78.125, 78.125, "behind", 17.5, ("warning", 1.5)),
    "V.26": Row((19000, 25000), 76, 80, 80, "warning", 19, ("met", 19)),
    "V.27": Row((38000, 40000), 95, 100, 100, "met", 0, None),
    "V.28": Row((36108, 40120), 90, 90, 90, "warning", 10, ("met", 10)),
    "V.29": Row((0, 10), 0, 0, 0, "behind", 100, ("warning", 80)),
    "V.30": Row((7, 7), 100, 100, 100, "met", 0, None),
}


def typed(code: str, values: tuple[float, ...]) -> Fact:
    return counts(code, *values) if len(values) == 2 else figure(code, *values)


def test_the_table_has_every_indicator_of_the_plan() -> None:
    assert list(ROWS) == [indicator.code for indicator in PLAN.indicators]


@pytest.mark.parametrize("code", ROWS)
def test_an_indicator_by_hand(code: str) -> None:
    row, indicator = ROWS[code], PLAN.indicator_by_code[code]
    lead, *others = PLAN.reporters(indicator)
    files = [sent(lead, typed(code, row.typed))]
    if row.added:
        files.append(sent(others[0], typed(code, row.added)))
    if row.before:
        files.append(sent(lead, typed(code, row.before), period="2026-10", at="2026-10-18T08:00:00+07:00"))
    found = row_of(of_indicators(*files, periods=months("2026-10", "2026-11")), code)
    for key in ("result", "attainment", "points", "distance"):
        wanted = getattr(row, key)
        assert found[key] == (None if wanted is None else pytest.approx(wanted)), key
    assert found["verdict"] == row.verdict
    assert found["above_range"] is (code == "V.23")
    step = next_step(indicator, row.result, days_of(PLAN.calendar, NOVEMBER).closing, PLAN.scoring)
    assert (step is None) is (row.step is None)
    if step is not None and row.step is not None:
        assert step.verdict == row.step[0]
        assert step.missing == pytest.approx(row.step[1])


@pytest.mark.parametrize("code", [code for code, row in ROWS.items() if row.distance is not None])
def test_what_each_needs_a_month(code: str) -> None:
    row = ROWS[code]
    needed = needed_per_month(
        PLAN.indicator_by_code[code], row.result, days_of(PLAN.calendar, NOVEMBER).closing
    )
    assert needed == pytest.approx((row.distance or 0) / LEFT)

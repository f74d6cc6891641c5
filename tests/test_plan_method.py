"""Each rule about projection, ranking and confirmations refuses a plan at its place."""

import pytest

from pipeline.spec.plan_file import load_plan
from tests import good_plan
from tests.good_plan import FILE, places, spoil
from tests.spoiled_plans import Spoiling

GOOD = f"""{good_plan.GOOD}
[[indicators]]
code = "I.6"
group = "I"
name = "Giao dịch"
measure = "%"
entry = "ratio"
numerator_label = "Số giao dịch điện tử"
denominator_label = "Số giao dịch"
basis = "flow"
target = {{ kind = "at_least", value = 90, as_printed = "90%" }}
lead = "C"
lead_as_printed = "Phòng C"

[[confirmations]]
unit = "C"
indicator = "I.6"
periods = ["2027-03"]
reason = "Đã đối chiếu"
"""

PROJECTION, RANKING, SAID = "scoring.projection", "scoring.ranking", "confirmations[1]"

METHOD: dict[str, Spoiling] = {
    "a line through one point": ("from_periods = 2,", "from_periods = 1,", f"{PROJECTION}.from_periods"),
    "a range out of two points": (
        "range_from_periods = 3",
        "range_from_periods = 2",
        f"{PROJECTION}.range_from_periods",
    ),
    "a range before the projection": (
        "from_periods = 2,",
        "from_periods = 4,",
        f"{PROJECTION}.range_from_periods",
    ),
    "a range out of nothing": ("middle_share = 0.8", "middle_share = 0", f"{PROJECTION}.middle_share"),
    "a range out of more than all": (
        "middle_share = 0.8",
        "middle_share = 1.1",
        f"{PROJECTION}.middle_share",
    ),
    "weights that do not move": ("weight_shift = 0.25", "weight_shift = 0", f"{RANKING}.weight_shift"),
    "weights that vanish": ("weight_shift = 0.25", "weight_shift = 1", f"{RANKING}.weight_shift"),
    "decimals below nothing": ("decimals = 1", "decimals = -1", f"{RANKING}.decimals"),
    "decimals beyond sense": ("decimals = 1", "decimals = 5", f"{RANKING}.decimals"),
    "confirmed for nobody": ('unit = "C"', 'unit = "Z"', f"{SAID}.unit"),
    "confirmed for a unit that does not report it": ('unit = "C"', 'unit = "B"', f"{SAID}.unit"),
    "confirmed for nothing": ('indicator = "I.6"', 'indicator = "I.9"', f"{SAID}.indicator"),
    "confirmed where the word is not used": (
        'unit = "C"\nindicator = "I.6"',
        'unit = "A"\nindicator = "I.4"',
        f"{SAID}.indicator",
    ),
    "confirmed without a reason": ('reason = "Đã đối chiếu"', 'reason = " "', f"{SAID}.reason"),
    "confirmed for another year": ('["2027-03"]', '["2026-03"]', f"{SAID}.periods"),
    "confirmed for no month": ('["2027-03"]', '["tháng 3"]', f"{SAID}.periods"),
}

EDGES: dict[str, tuple[str, str]] = {
    "projection and range from the same month": ("from_periods = 2,", "from_periods = 3,"),
    "a range of all slopes": ("middle_share = 0.8", "middle_share = 1"),
    "whole points": ("decimals = 1", "decimals = 0"),
    "confirmed for the whole year": ('periods = ["2027-03"]\n', ""),
}


@pytest.mark.parametrize("name", METHOD)
def test_what_makes_no_sense_is_refused_at_its_place(name: str) -> None:
    old, new, place = METHOD[name]
    assert places(spoil(GOOD, old, new)) == [place]


@pytest.mark.parametrize("name", EDGES)
def test_a_plan_at_the_edge_loads(name: str) -> None:
    assert load_plan(FILE, spoil(GOOD, *EDGES[name])).id == "xa-2027"

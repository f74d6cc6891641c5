"""A part of a data file is read as the whole file says it."""

import pytest

from pipeline.base.errors import SpecError
from pipeline.spec.consolidated import load_consolidated
from pipeline.spec.plan_file import load_plan
from pipeline.spec.roster import load_roster
from pipeline.spec.shape import read_part
from pipeline.spec.statuses import load_statuses
from tests.forms import SCHEMAS

TEXT = """
year = 2026
[other]
units = 1
rows = [
["a"],
["b"],
]
[[units]]
id = "A"
[units.more] # of A
units = 2
  [other.sub]
id = "x"
  [[ "units" ]]
id = "B"
"""
UNITS = [{"id": "A", "more": {"units": 2}}, {"id": "B"}]


def test_a_roster_is_that_of_its_plan() -> None:
    text = (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8")
    plan, roster = load_plan("plan", text), load_roster("plan", text)
    assert (roster.year, roster.units, roster.calendar) == (plan.year, plan.units, plan.calendar)
    assert roster.expected_units == plan.expected_units


def test_statuses_are_those_of_the_workbook() -> None:
    text = (SCHEMAS / "consolidated.toml").read_text(encoding="utf-8")
    assert load_statuses("looks", text) == load_consolidated("looks", text).statuses


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("units = 1\n", "units = 1\nmore = [\n[1],\n[2]\n]\n"),
        TEXT.replace("units = 1", 'text = """\n[[units]]\nid = "C"\n"""'),
        TEXT.replace("units = 1", "text = '''\n[[units]]\n'''"),
    ],
)
def test_what_looks_like_a_table_is_none(text: str) -> None:
    assert read_part("file", text, {"year", "units"}) == {"year": 2026, "units": UNITS}


def test_what_is_passed_over_is_not_seen() -> None:
    text = TEXT.replace('["a"],\n["b"],\n', "").replace("units = 1", "units = ?")
    assert read_part("file", text, {"units"}) == {"units": UNITS}


def test_a_fault_is_told_with_its_line_in_the_file() -> None:
    with pytest.raises(SpecError, match="dòng 10, cột 6"):
        read_part("file", TEXT.replace('id = "A"', "id = ?"), {"units"})


def test_faults_of_a_roster_are_told() -> None:
    text = (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8")
    with pytest.raises(SpecError, match="calendar"):
        load_roster("plan", text.replace("submit_before_day", "submit_day"))
    with pytest.raises(SpecError, match="«VHXH» có 2 lần"):
        load_roster("plan", text + '\n[[units]]\nid = "VHXH"\nname = "x"\nshort_name = "x"\n')

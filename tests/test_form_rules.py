"""The rules of the form mean what they say, and one that cannot work is refused when it is loaded."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.errors import SpecError
from pipeline.spec.template_file import load_template
from tests.forms import RULES, SCHEMAS
from tests.frames import frame

Row = dict[str, Any]
FIGURES = ("numerator", "denominator", "rate", "result")
SAID = ("person", "time", "responsibility", "product", "authority")


def given_(row: Row, *columns: str) -> bool:
    return any(row[f"{c}_text"] for c in columns)


def known(row: Row, *columns: str) -> bool:
    return all(row[c] is not None for c in columns)


def off_by_more(row: Row) -> bool:
    if not known(row, "numerator", "denominator", "rate"):
        return False
    rate, numerator, denominator = (float(row[c]) for c in ("rate", "numerator", "denominator"))
    return denominator != 0 and abs(rate - 100 * numerator / denominator) > 0.1


FINISHED = ("done", "done_late")
# When each rule finds fault with a row to which it applies.
FAULTY: dict[str, Callable[[Row], bool]] = {
    "R01": lambda r: not given_(r, "state", *FIGURES),
    "R02": lambda r: given_(r, "numerator") != given_(r, "denominator"),
    "R03": lambda r: known(r, "numerator", "denominator") and r["numerator"] > r["denominator"],
    "R04": lambda r: (
        off_by_more(r) or (given_(r, "rate") and known(r, "denominator") and r["denominator"] <= 0)
    ),
    "R05": lambda r: r["state"] == "reported" and not given_(r, *FIGURES),
    "R06": lambda r: r["state"] in ("no_activity", "no_data") and given_(r, *FIGURES),
    "R07": lambda r: r["state"] == "no_activity",
    "R08": lambda r: given_(r, *FIGURES) and not given_(r, "evidence"),
    "R09": lambda r: r["state"] == "no_data" and not given_(r, "explanation"),
    "R10": lambda r: known(r, "denominator") and r["denominator"] <= 0 and not given_(r, "explanation"),
    "R11": lambda r: known(r, "rate") and r["rate"] < 1 and r["rate"] != 0 and not given_(r, "explanation"),
    "R12": lambda r: (
        known(r, "result", "previous") and r["result"] < r["previous"] and not given_(r, "explanation")
    ),
    "R13": lambda r: (
        known(r, "result") and r["result"] < 1 and r["result"] != 0 and not given_(r, "explanation")
    ),
    "N01": lambda r: not given_(r, "work") and given_(r, *SAID, "state", "progress", "date_done", "document"),
    "N02": lambda r: not given_(r, "state"),
    "N03": lambda r: given_(r, "work", "progress", "date_done", "document") and not given_(r, "state"),
    "N04": lambda r: r["state"] in FINISHED and not given_(r, "date_done"),
    "N05": lambda r: r["state"] in FINISHED and known(r, "progress") and r["progress"] < 100,
    "N06": lambda r: known(r, "state", "progress") and r["state"] not in FINISHED and r["progress"] >= 100,
}
NUMBERS = st.none() | st.just("!hai") | st.sampled_from([0.0, 0.5, 1.0, 40.0, 50.0, 80.0, 99.9, 100.0, -1.0])
TEXTS = st.none() | st.just("Báo cáo 12")
STATES = (
    st.none() | st.just("!xong") | st.sampled_from(["reported", "no_activity", "no_data", *FINISHED, "going"])
)
COLUMNS = {
    **dict.fromkeys((*FIGURES, "previous", "progress"), NUMBERS),
    **dict.fromkeys(("evidence", "explanation", "work", *SAID, "document", "date_done"), TEXTS),
    "state": STATES,
}


@given(st.lists(st.fixed_dictionaries(COLUMNS), min_size=1, max_size=5))
def test_every_rule_of_the_form_says_what_it_means(rows: list[Row]) -> None:
    cells = frame(**{name: [row[name] for row in rows] for name in COLUMNS})
    lines = cells.to_dict(orient="records")
    for _, rule in RULES:
        verdicts = [not held for held in rule.expression.holds(cells)]
        assert verdicts == [FAULTY[rule.code]({str(k): v for k, v in line.items()}) for line in lines], (
            rule.code
        )


def test_every_rule_is_stated() -> None:
    assert set(FAULTY) == {rule.code for _, rule in RULES}


def test_the_rows_that_a_rule_is_for() -> None:
    chosen = {rule.code: rule.when for _, rule in RULES}
    assert {c for c, when in chosen.items() if when == "entry == 'ratio'"} == {
        "R02",
        "R03",
        "R04",
        "R10",
        "R11",
    }
    spared = next(rule for _, rule in RULES if rule.code == "R07")
    kinds = [("flow", "single"), ("stock", "disjoint_sum"), ("stock", "single"), ("stock", "lead_value")]
    kinds += [("year_to_date", "single")]
    asked = [
        spared.applies({"entry": "ratio", "basis": basis, "combine": combine}) for basis, combine in kinds
    ]
    assert asked == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'check = "numerator <= denominator"',
            'check = "numerator <= denominatr"',
            "tables(indicators).rules(R03).check: không có denominatr",
        ),
        (
            'check = "numerator <= denominator"',
            'check = "numerator"',
            "rules(R03).check: «numerator» không phải là một điều kiện",
        ),
        (
            "state != 'no_data' or filled",
            "state != 'no_dta' or filled",
            "rules(R09).check: state không có lựa chọn «no_dta»",
        ),
        ("basis == 'year_to_date'", "basis == 'yearly'", "rules(R12).when: basis không có lựa chọn «yearly»"),
        ("basis == 'year_to_date'", "state == 'no_data'", "rules(R12).when: không có state"),
        ('check = "filled(state)"', 'check = "filled(state"', "rules(N02).check: không đọc được"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_when_loaded(old: str, new: str, fault: str) -> None:
    text = (SCHEMAS / "template-v1.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(SpecError) as caught:
        load_template("template-v1.toml", text.replace(old, new, 1))
    assert any(fault in line for line in caught.value.faults)

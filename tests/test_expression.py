"""The rule language: what it says of rows, what it refuses, and that the form's rules mean what they say."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.errors import SpecError
from pipeline.spec.expression import parse
from pipeline.spec.template_file import load_template
from tests.forms import RULES, SCHEMAS

NAN = float("nan")
INF = float("inf")


def frame(**columns: list[Any]) -> pd.DataFrame:
    """Columns of values and their raw texts; a text that is no number has a text and no value."""
    data: dict[str, list[Any]] = {}
    for name, cells in columns.items():
        data[name] = [None if isinstance(c, str) and c.startswith("!") else c for c in cells]
        data[f"{name}_text"] = ["" if c is None else str(c).lstrip("!") for c in cells]
    return pd.DataFrame(data, dtype=object)


ROWS = frame(
    a=[1.0, 2.0, 2.5, 0.0, None, "!hai", None, -3.0],
    b=[2.0, 2.0, 0.0, 0.0, 1.0, 1.0, None, 2.0],
    s=["yes", "no", None, "!xong", "yes", None, "no", "yes"],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a <= b", "11011111"),  # a missing side leaves nothing to judge
        ("a < b", "10001111"),
        ("a >= b", "01111110"),
        ("a > b", "00101110"),
        ("a == b", "01011110"),
        ("a != b", "10101111"),
        ("a < 2", "10011111"),
        ("a + b == 4", "01001110"),
        ("a - b == -1 + 0", None),
        ("b - a == 1", "10001110"),
        ("a * b == 2", "10001110"),
        ("a / b == 1", "01111110"),  # division by zero has no value to judge
        ("abs(a) == 3", "00001111"),
        ("first(a, b) == 1", "10001110"),
        ("blank(a)", "00001010"),
        ("filled(a)", "11110101"),
        ("whole(a)", "11011111"),
        ("s == 'yes'", "10111101"),  # nor does a choice that nobody made, or that is in no list
        ("s != 'yes'", "01110110"),
        ("not filled(a)", "00001010"),
        ("filled(a) and s == 'no'", "01110100"),
        ("blank(a) or s == 'no'", "01111110"),
        ("blank(a) or filled(a) and s == 'no'", "01111110"),
        ("(blank(a) or filled(a)) and s == 'no'", "01110110"),
        ("a == 2 and b == 2 and s == 'no'", "01000010"),
    ],
)
def test_conditions_row_by_row(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="không dùng được"):
            parse(text)
        return
    assert parse(text).is_condition
    assert "".join("01"[bool(held)] for held in parse(text).holds(ROWS)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", [1, 2, 2.5, 0, NAN, NAN, NAN, -3]),
        ("100 * a / b", [50, 100, NAN, NAN, NAN, NAN, NAN, -150]),
        ("first(100 * a / b, b)", [50, 100, 0, 0, 1, 1, NAN, -150]),
        ("first(a, first(b, 7))", [1, 2, 2.5, 0, 1, 1, 7, -3]),
        ("(a + 1) * 2", [4, 6, 7, 2, NAN, NAN, NAN, -4]),
        ("a + 1 * 2", [3, 4, 4.5, 2, NAN, NAN, NAN, -1]),
        ("abs(a - b)", [1, 0, 2.5, 0, NAN, NAN, NAN, 5]),
    ],
)
def test_numbers_row_by_row(text: str, expected: list[float]) -> None:
    assert not parse(text).is_condition
    pd.testing.assert_series_equal(
        parse(text).number(ROWS), pd.Series(expected, dtype=float), check_names=False
    )


@pytest.mark.parametrize(("rate", "held"), [(50.1, True), (49.9, True), (50.11, False), (50.100001, False)])
def test_what_is_lost_in_a_difference_of_decimals_breaks_no_rule(rate: float, held: bool) -> None:
    assert list(parse("abs(rate - 50) <= 0.1").holds(frame(rate=[rate]))) == [held]


class Columns:
    """A row with the numbers a and b, a choice s, and a column c that it does not use."""

    def cell(self, column: str) -> str:
        return "" if column == "c" else column.upper()

    def number(self, column: str) -> str:
        return self.cell(column)

    def blank(self, columns: Sequence[str]) -> str:
        cells = [self.cell(column) for column in columns if self.cell(column)]
        return f"LEN({'&'.join(cells)})=0" if cells else "TRUE"

    def is_choice(self, column: str, key: str) -> str:
        return f'{column.upper()}="{key}"'

    def is_any_choice(self, column: str) -> str:
        return f"LISTED({column.upper()})"


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("a <= b", "IFERROR(OR(COUNT(A,B)<2,ROUND(A-B,9)<=0),TRUE)"),
        ("a > 0", "IFERROR(OR(COUNT(A)<1,ROUND(A-0,9)>0),TRUE)"),
        ("s != 'yes'", 'IFERROR(NOT(S="yes"),TRUE)'),
        ("s == 'yes'", 'IFERROR(OR(S="yes",NOT(LISTED(S))),TRUE)'),
        ("blank(a)", "IFERROR(LEN(A)=0,FALSE)"),
        ("filled(a)", "NOT(IFERROR(LEN(A)=0,FALSE))"),
        ("whole(a)", "IFERROR(OR(NOT(ISNUMBER(A)),A=INT(A)),TRUE)"),
        (
            "first(a, b)",
            'IF(COUNT(A)<1,IF(COUNT(B)<1,"",IFERROR(B,"")),IFERROR(A,IF(COUNT(B)<1,"",IFERROR(B,""))))',
        ),
        ("first(c, b)", 'IF(COUNT(B)<1,"",IFERROR(B,""))'),
        ("first(a, 7)", "IF(COUNT(A)<1,7,IFERROR(A,7))"),
        (
            "first(c, b) > 1",
            'IFERROR(OR(COUNT(IF(COUNT(B)<1,"",IFERROR(B,"")))<1,'
            'ROUND(IF(COUNT(B)<1,"",IFERROR(B,""))-1,9)>0),TRUE)',
        ),
        ("c <= 1", "TRUE"),
        ("first(c, c) <= 1", "TRUE"),
        ("c == 'yes'", "TRUE"),
        ("c != 'yes'", "TRUE"),
        ("blank(c)", "TRUE"),
        ("filled(c)", "FALSE"),
        ("whole(c)", "TRUE"),
        ("not filled(c)", "TRUE"),
        ("filled(a) or filled(c)", "NOT(IFERROR(LEN(A)=0,FALSE))"),
        ("filled(a) or blank(c)", "TRUE"),
        ("filled(a) and filled(c)", "FALSE"),
        ("blank(c) and blank(c)", "TRUE"),
        ("filled(c) or filled(c)", "FALSE"),
        ("blank(a) and blank(b) and blank(c)", "IFERROR(LEN(A&B)=0,FALSE)"),
        (
            "filled(a) or s != 'yes' or filled(b)",
            'OR(NOT(IFERROR(LEN(A&B)=0,FALSE)),IFERROR(NOT(S="yes"),TRUE))',
        ),
        ("filled(a) and filled(b)", "AND(NOT(IFERROR(LEN(A)=0,FALSE)),NOT(IFERROR(LEN(B)=0,FALSE)))"),
        ("blank(a) or blank(b)", "OR(IFERROR(LEN(A)=0,FALSE),IFERROR(LEN(B)=0,FALSE))"),
    ],
)
def test_the_formula_leaves_out_what_a_row_does_not_have(text: str, formula: str) -> None:
    assert parse(text).to_excel(Columns()) == formula


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "a <",
        "x = 1",
        "a.b",
        "a[0]",
        "a ** 2",
        "a // b",
        "a % 2",
        "-a",
        "a if b else 1",
        "lambda: 1",
        "[a]",
        "{'a'}",
        "f'{a}'",
        "a < b < 3",
        "a in b",
        "a is b",
        "None",
        "True",
        "a == True",
        "'text'",
        "a + 'text'",
        "'yes' == s",
        "s < 'yes'",
        "s == b'yes'",
        "a + b == 'yes'",
        "max(a, b)",
        "__import__('os')",
        "a.__class__()",
        "abs()",
        "abs(a, b)",
        "abs(a, x=b)",
        "abs(*a)",
        "first(a)",
        "first(a, b, 1)",
        "blank(1)",
        "blank(a + b)",
        "blank(a, b)",
        "filled(blank(a))",
        "blank(a) < 1",
        "abs(a < b)",
        "blank(a) + 1",
        "a and b",
        "blank(a) or 1",
        "not a",
        "not a < b",
        "not (blank(a) or a > b)",
        "not s == 'yes'",
        "(y := a)",
    ],
)
def test_what_is_not_of_the_language_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="không"):
        parse(text)


def test_names_and_choices() -> None:
    found = parse("state != 'no_data' or abs(rate - 100 * numerator / rate) <= 0.1 and blank(state)")
    assert found.names == ("state", "rate", "numerator")
    assert found.choices == (("state", "no_data"),)


def test_attributes_are_decided_without_a_frame() -> None:
    condition = parse("basis != 'flow' and (combine == 'single' or entry != 'ratio')")
    assert condition.is_true({"basis": "stock", "combine": "single", "entry": "ratio"})
    assert condition.is_true({"basis": "stock", "combine": "lead_value", "entry": "count"})
    assert not condition.is_true({"basis": "stock", "combine": "lead_value", "entry": "ratio"})
    assert not condition.is_true({"basis": "flow", "combine": "single", "entry": "ratio"})


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


# --- the rules of the form, said once more in plain Python ----------------------------------------

Row = dict[str, Any]
FIGURES = ("numerator", "denominator", "rate", "result")


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
    "N01": lambda r: not given_(r, "work") and given_(r, "state", "progress", "date_done", "document"),
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
    **dict.fromkeys(("evidence", "explanation", "work", "document", "date_done"), TEXTS),
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

"""The rule language: what it says of rows, what it becomes in Excel, and what it refuses."""

from collections.abc import Sequence

import pandas as pd
import pytest

from pipeline.spec.expression import parse
from tests.frames import frame

NAN = float("nan")
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

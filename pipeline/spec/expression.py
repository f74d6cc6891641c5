"""The rule language of the form: one text that becomes a cell formula and a pandas predicate.

The syntax is a small part of Python's: `and`, `or`, `not`, comparisons, `+ - * /`, `abs(…)`, and

* `blank(x)`, `filled(x)`: nothing, or something, was typed into the cell;
* `whole(x)`: holds no fraction (true where there is no number);
* `first(a, b)`: `a`, or `b` where `a` has no number;
* `state == 'no_data'`: a dropdown, by the key of the choice.

A comparison **holds when a side is missing** or not understood: a rule speaks only where it can
judge, so that no finding merely follows from another. For the same reason `not` takes no comparison.
Numbers are compared to nine decimals, so that 50,1 and 50 differ by 0,1 in every program.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from pipeline.spec.formula import DECIMALS, CellText, formula
from pipeline.spec.syntax import choice_parts, is_choice, is_condition, vet

if TYPE_CHECKING:
    import pandas as pd

_COMPARE: dict[type[ast.cmpop], Callable[..., "pd.Series"]] = {
    ast.LtE: operator.le,
    ast.Lt: operator.lt,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ARITHMETIC: dict[type[ast.operator], Callable[..., "pd.Series"]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression over the columns in `names`."""

    text: str
    tree: ast.expr

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it looks at, in order of first use."""
        called = {node.func for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        found = [n for n in ast.walk(self.tree) if isinstance(n, ast.Name) and n not in called]
        found.sort(key=lambda n: (n.lineno, n.col_offset))
        return tuple(dict.fromkeys(n.id for n in found))

    @property
    def is_condition(self) -> bool:
        """Whether it is true or false for a row, rather than a number."""
        return is_condition(self.tree)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Column and key of every comparison with a choice."""
        compared = (n for n in ast.walk(self.tree) if isinstance(n, ast.Compare) and is_choice(n))
        return tuple(choice_parts(node)[:2] for node in compared)

    def to_excel(self, cells: CellText) -> str:
        """The formula text, without the leading `=`, in Excel's English function names."""
        return formula(self.tree, cells)

    def holds(self, frame: "pd.DataFrame") -> "pd.Series":
        """A boolean per row of `frame`: columns `x` (value) and `x_text` (raw text, "" if blank)."""
        return _predicate(self.tree, frame)

    def number(self, frame: "pd.DataFrame") -> "pd.Series":
        """A float per row of `frame`, NaN where a side is missing or the result has no meaning."""
        return _finite(_value(self.tree, frame))

    def is_true(self, attributes: Mapping[str, str]) -> bool:
        """Decide an expression that only compares attributes with texts."""
        return _decide(self.tree, attributes)


def parse(text: str) -> Expression:
    """Parse and vet an expression; raises `ValueError` with the part that is not understood."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"không đọc được biểu thức «{text}»") from error
    vet(tree)
    return Expression(text, tree)


# --- pandas ------------------------------------------------------------------------------------


def _predicate(node: ast.expr, frame: "pd.DataFrame") -> "pd.Series":
    match node:
        case ast.BoolOp(op=op, values=values):
            combine = operator.and_ if isinstance(op, ast.And) else operator.or_
            return reduce(combine, (_predicate(v, frame) for v in values))
        case ast.UnaryOp(operand=inner):
            return ~_predicate(inner, frame)
        case ast.Compare() if is_choice(node):
            column, key, equal = choice_parts(node)
            same = frame[column].eq(key)
            return same | frame[column].isna() if equal else ~same
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            difference = _finite(_value(left, frame)) - _finite(_value(right, frame))
            return difference.isna() | _COMPARE[type(op)](difference.round(DECIMALS), 0)
        case ast.Call(func=ast.Name(id="whole"), args=[ast.Name(id=column)]):
            numbers = frame[column].astype(float)
            return numbers.isna() | numbers.mod(1).eq(0)
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=column)]):
            empty = frame[f"{column}_text"].eq("")
            return empty if name == "blank" else ~empty
        case _:
            raise ValueError(f"không phải điều kiện: {ast.unparse(node)}")


def _value(node: ast.expr, frame: "pd.DataFrame") -> "pd.Series":
    match node:
        case ast.Name(id=column):
            return frame[column].astype(float)
        case ast.Constant(value=value):
            import pandas as pd  # late: the command line reads specs without pandas

            return pd.Series(float(str(value)), index=frame.index)
        case ast.BinOp(left=left, op=op, right=right):
            return _ARITHMETIC[type(op)](_value(left, frame), _value(right, frame))
        case ast.Call(func=ast.Name(id="abs"), args=[inner]):
            return _value(inner, frame).abs()
        case ast.Call(func=ast.Name(id="first"), args=[one, two]):
            preferred = _finite(_value(one, frame))
            return preferred.where(preferred.notna(), _value(two, frame))
        case _:
            raise ValueError(f"không tính được số: {ast.unparse(node)}")


def _finite(numbers: "pd.Series") -> "pd.Series":
    return numbers.where(numbers.abs().ne(float("inf")))


# --- attributes --------------------------------------------------------------------------------


def _decide(node: ast.expr, attributes: Mapping[str, str]) -> bool:
    match node:
        case ast.BoolOp(op=op, values=values):
            test = all if isinstance(op, ast.And) else any
            return test(_decide(v, attributes) for v in values)
        case ast.Compare():
            name, key, equal = choice_parts(node)
            return (attributes[name] == key) is equal
        case _:
            raise ValueError(f"không phải điều kiện về thuộc tính: {ast.unparse(node)}")

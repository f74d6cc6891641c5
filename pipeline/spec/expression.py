"""The rule language of the form: one text that becomes a cell formula and a pandas predicate.

The syntax is a small part of Python's: `and`, `or`, `not`, comparisons, `+ - * /`, `abs(…)`, and

* `blank(x)`, `filled(x)`: nothing, or something, stands in the cell;
* `whole(x)`: holds no fraction (true where there is no number);
* `first(a, b)`: `a`, or `b` where `a` has no number;
* `state == 'no_data'`: a dropdown, by the key of the choice.

A comparison of numbers **holds when a side is missing**: a rule speaks only where it can judge, so
that no finding merely follows from another. For the same reason `not` takes no comparison of numbers.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

_COMPARE: dict[type[ast.cmpop], tuple[str, Callable[..., "pd.Series"]]] = {
    ast.LtE: ("<=", operator.le),
    ast.Lt: ("<", operator.lt),
    ast.GtE: (">=", operator.ge),
    ast.Gt: (">", operator.gt),
    ast.Eq: ("=", operator.eq),
    ast.NotEq: ("<>", operator.ne),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, Callable[..., "pd.Series"]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
}
_PREDICATES = ("blank", "filled", "whole")


class CellText(Protocol):
    """How a formula names things: the cell of a column, and the text of a choice."""

    def cell(self, column: str) -> str: ...
    def choice(self, column: str, key: str) -> str: ...


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
        return _is_condition(self.tree)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Column and key of every comparison with a choice."""
        compared = (n for n in ast.walk(self.tree) if isinstance(n, ast.Compare) and _is_choice(n))
        return tuple(_choice_parts(node)[:2] for node in compared)

    def to_excel(self, cells: CellText) -> str:
        """The formula text, without the leading `=`, in Excel's English function names."""
        return _excel(self.tree, cells)

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
    _vet(tree)
    return Expression(text, tree)


def _vet(node: ast.expr) -> None:
    (_vet_condition if _is_condition(node) else _vet_number)(node)


def _is_condition(node: ast.expr) -> bool:
    match node:
        case ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.Compare():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _PREDICATES
        case _:
            return False


def _vet_condition(node: ast.expr) -> None:
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _vet_condition(value)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            if any(isinstance(n, ast.Compare) and not _is_choice(n) for n in ast.walk(inner)):
                raise ValueError("not không đứng trước phép so sánh số")
            _vet_condition(inner)
        case ast.Compare(left=ast.Name(), ops=[ast.Eq() | ast.NotEq()]) if _is_choice(node):
            pass
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
            _vet_number(left)
            _vet_number(right)
        case ast.Call(func=ast.Name(id=name), args=[ast.Name()], keywords=[]) if name in _PREDICATES:
            pass
        case _:
            raise ValueError(f"không phải điều kiện: {ast.unparse(node)}")


def _vet_number(node: ast.expr) -> None:
    match node:
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _ARITHMETIC:
            children = [left, right]
        case ast.Call(func=ast.Name(id="abs"), args=[_] as arguments, keywords=[]):
            children = arguments
        case ast.Call(func=ast.Name(id="first"), args=[_, _] as arguments, keywords=[]):
            children = arguments
        case ast.Name():
            children = []
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            children = []
        case _:
            raise ValueError(f"không dùng được: {ast.unparse(node)}")
    for child in children:
        _vet_number(child)


def _is_choice(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Compare)
        and len(node.comparators) == 1
        and isinstance(node.comparators[0], ast.Constant)
        and isinstance(node.comparators[0].value, str)
    )


def _choice_parts(node: ast.Compare) -> tuple[str, str, bool]:
    """Column, key, and whether it is `==` (else `!=`)."""
    left, right = node.left, node.comparators[0]
    if not (isinstance(left, ast.Name) and isinstance(right, ast.Constant)):
        raise ValueError(f"so sánh lựa chọn phải có dạng cột == 'khóa': {ast.unparse(node)}")
    return left.id, str(right.value), isinstance(node.ops[0], ast.Eq)


# --- Excel -------------------------------------------------------------------------------------


def _excel(node: ast.expr, cells: CellText) -> str:
    match node:
        case ast.BoolOp(op=op, values=values):
            word = "AND" if isinstance(op, ast.And) else "OR"
            return f"{word}({','.join(_excel(v, cells) for v in values)})"
        case ast.UnaryOp(operand=inner):
            return f"NOT({_excel(inner, cells)})"
        case ast.Compare() if _is_choice(node):
            column, key, equal = _choice_parts(node)
            sign = "=" if equal else "<>"
            return f'TRIM({cells.cell(column)}){sign}"{cells.choice(column, key)}"'
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sides = f"{_excel_number(left, cells)}{_COMPARE[type(op)][0]}{_excel_number(right, cells)}"
            return f"IFERROR(OR({_missing(node, cells)},{sides}),TRUE)"
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=column)]):
            return _excel_predicate(name, cells.cell(column))
        case _:
            return _excel_number(node, cells)


def _excel_predicate(name: str, cell: str) -> str:
    # An error cell is not blank, and LEN of it is an error: hence the outer IFERROR.
    if name == "whole":
        return f"IFERROR(OR(NOT(ISNUMBER({cell})),{cell}=INT({cell})),TRUE)"
    if name == "filled":
        return f"IFERROR(LEN(TRIM({cell}))>0,TRUE)"
    return f"IFERROR(LEN(TRIM({cell}))=0,FALSE)"


def _excel_number(node: ast.expr, cells: CellText) -> str:
    match node:
        case ast.Name(id=column):
            return cells.cell(column)
        case ast.Constant(value=value):
            return repr(value)
        case ast.BinOp(left=left, op=op, right=right):
            return f"({_excel_number(left, cells)}{_ARITHMETIC[type(op)][0]}{_excel_number(right, cells)})"
        case ast.Call(func=ast.Name(id="abs"), args=[inner]):
            return f"ABS({_excel_number(inner, cells)})"
        case ast.Call(func=ast.Name(id="first"), args=[one, two]):
            return f"{_excel_guarded(one, cells, _excel_guarded(two, cells, chr(34) * 2))}"
        case _:
            raise ValueError(f"không tính được số: {ast.unparse(node)}")


def _excel_guarded(node: ast.expr, cells: CellText, otherwise: str) -> str:
    return f"IF({_missing(node, cells)},{otherwise},IFERROR({_excel_number(node, cells)},{otherwise}))"


def _missing(node: ast.expr, cells: CellText) -> str:
    names = Expression("", node).names
    return f"COUNT({','.join(cells.cell(n) for n in names)})<{len(names)}"


# --- pandas ------------------------------------------------------------------------------------


def _predicate(node: ast.expr, frame: "pd.DataFrame") -> "pd.Series":
    match node:
        case ast.BoolOp(op=op, values=values):
            combine = operator.and_ if isinstance(op, ast.And) else operator.or_
            return reduce(combine, (_predicate(v, frame) for v in values))
        case ast.UnaryOp(operand=inner):
            return ~_predicate(inner, frame)
        case ast.Compare() if _is_choice(node):
            column, key, equal = _choice_parts(node)
            same = frame[column].eq(key)
            return same if equal else ~same
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            one, two = _finite(_value(left, frame)), _finite(_value(right, frame))
            return one.isna() | two.isna() | _COMPARE[type(op)][1](one, two)
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
            return _ARITHMETIC[type(op)][1](_value(left, frame), _value(right, frame))
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
        case ast.UnaryOp(operand=inner):
            return not _decide(inner, attributes)
        case ast.Compare():
            name, key, equal = _choice_parts(node)
            return (attributes[name] == key) is equal
        case _:
            raise ValueError(f"không phải điều kiện về thuộc tính: {ast.unparse(node)}")

"""Rules as cell formulas, in Excel's English function names.

A condition that a row cannot break, since it has nothing in the columns that are asked, comes out as `TRUE`.
"""

import ast
from collections.abc import Iterator, Sequence
from typing import Protocol

from pipeline.spec.syntax import choice_parts, is_choice

DECIMALS = 9
"""To how many decimals numbers are compared."""

_COMPARE: dict[type[ast.cmpop], str] = {
    ast.LtE: "<=",
    ast.Lt: "<",
    ast.GtE: ">=",
    ast.Gt: ">",
    ast.Eq: "=",
    ast.NotEq: "<>",
}
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_TRUE, _FALSE, _NOTHING = "TRUE", "FALSE", '""'


class CellText(Protocol):
    """How a formula speaks of one row, column by column.

    `cell` is what stands in the column, "" where this row has nothing there; `number` the number
    that it means. The others are conditions: nothing was typed into any of the columns; one choice, or
    any choice, stands there.
    """

    def cell(self, column: str) -> str: ...
    def number(self, column: str) -> str: ...
    def blank(self, columns: Sequence[str]) -> str: ...
    def is_choice(self, column: str, key: str) -> str: ...
    def is_any_choice(self, column: str) -> str: ...


def formula(node: ast.expr, cells: CellText) -> str:
    """The formula text of a vetted expression, without the leading `=`."""
    match node:
        case ast.BoolOp():
            return _junction(node, cells)
        case ast.UnaryOp(operand=inner):
            return _not(formula(inner, cells))
        case ast.Compare() if is_choice(node):
            return _choice(node, cells)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            missing = _missing(node, cells)
            if missing == _TRUE:
                return _TRUE
            difference = f"ROUND({_number(left, cells)}-{_number(right, cells)},{DECIMALS})"
            return f"IFERROR(OR({missing},{difference}{_COMPARE[type(op)]}0),TRUE)"
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=column)]):
            return _whole(column, cells) if name == "whole" else _blank(name, [column], cells)
        case _:
            return _number(node, cells)


def _junction(node: ast.BoolOp, cells: CellText) -> str:
    """`AND` or `OR`; all cells that are to be blank, or of which one is to be filled, are asked at once."""
    word, predicate = ("AND", "blank") if isinstance(node.op, ast.And) else ("OR", "filled")
    asked: list[str] = []
    parts: list[str] = []
    for value in node.values:
        match value:
            case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=column)]) if name == predicate:
                asked.append(column)
            case _:
                parts.append(formula(value, cells))
    return _joined(word, [_blank(predicate, asked, cells), *parts] if asked else parts)


def _joined(word: str, parts: list[str]) -> str:
    """`AND` or `OR` of conditions, without those that are known beforehand."""
    decisive, idle = (_TRUE, _FALSE) if word == "OR" else (_FALSE, _TRUE)
    asked = [part for part in parts if part != idle]
    if decisive in asked:
        return decisive
    return f"{word}({','.join(asked)})" if len(asked) > 1 else "".join(asked) or idle


def _not(condition: str) -> str:
    return {_TRUE: _FALSE, _FALSE: _TRUE}.get(condition, f"NOT({condition})")


def _choice(node: ast.Compare, cells: CellText) -> str:
    column, key, equal = choice_parts(node)
    if not cells.cell(column):
        return _TRUE
    same = cells.is_choice(column, key)
    holds = f"OR({same},NOT({cells.is_any_choice(column)}))" if equal else f"NOT({same})"
    return f"IFERROR({holds},TRUE)"


def _blank(predicate: str, columns: Sequence[str], cells: CellText) -> str:
    """Whether all columns are blank, or not all."""
    blank = cells.blank(columns)
    # An error cell is not blank, and asking it whether it is gives an error: hence IFERROR.
    condition = blank if blank == _TRUE else f"IFERROR({blank},FALSE)"
    return condition if predicate == "blank" else _not(condition)


def _whole(column: str, cells: CellText) -> str:
    cell, number = cells.cell(column), cells.number(column)
    return f"IFERROR(OR(NOT(ISNUMBER({cell})),{number}=INT({number})),TRUE)" if cell else _TRUE


def _number(node: ast.expr, cells: CellText) -> str:
    match node:
        case ast.Name(id=column):
            return cells.number(column)
        case ast.Constant(value=value):
            return repr(value)
        case ast.BinOp(left=left, op=op, right=right):
            return f"({_number(left, cells)}{_ARITHMETIC[type(op)]}{_number(right, cells)})"
        case ast.Call(func=ast.Name(id="abs"), args=[inner]):
            return f"ABS({_number(inner, cells)})"
        case ast.Call(func=ast.Name(id="first"), args=[one, two]):
            return _guarded(one, cells, _guarded(two, cells, _NOTHING))
        case _:
            raise ValueError(f"không tính được số: {ast.unparse(node)}")


def _guarded(node: ast.expr, cells: CellText, otherwise: str) -> str:
    missing = _missing(node, cells)
    if missing == _TRUE:
        return otherwise
    if missing == _FALSE:
        return _number(node, cells)
    return f"IF({missing},{otherwise},IFERROR({_number(node, cells)},{otherwise}))"


def _missing(node: ast.expr, cells: CellText) -> str:
    """Whether something that the expression needs is no number."""
    needed = list(dict.fromkeys(_needed(node, cells)))
    if not all(needed):
        return _TRUE
    return f"COUNT({','.join(needed)})<{len(needed)}" if needed else _FALSE


def _needed(node: ast.expr, cells: CellText) -> Iterator[str]:
    """The cells that must hold numbers; of a `first` its result, since one side is enough there."""
    match node:
        case ast.Name(id=column):
            yield cells.cell(column)
        case ast.Call(func=ast.Name(id="first")):
            either = _number(node, cells)
            yield "" if either == _NOTHING else either
        case _:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr) and not (isinstance(node, ast.Call) and child is node.func):
                    yield from _needed(child, cells)

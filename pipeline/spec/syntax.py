"""The syntax of the rule language: what is of it, and what a comparison with a choice looks like."""

import ast

COMPARISONS = (ast.LtE, ast.Lt, ast.GtE, ast.Gt, ast.Eq, ast.NotEq)
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
PREDICATES = ("blank", "filled", "whole")


def vet(node: ast.expr) -> None:
    """Raise `ValueError` with the part of an expression that is not of the language."""
    (_vet_condition if is_condition(node) else _vet_number)(node)


def is_condition(node: ast.expr) -> bool:
    """Whether an expression is true or false for a row, rather than a number."""
    match node:
        case ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.Compare():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in PREDICATES
        case _:
            return False


def _vet_condition(node: ast.expr) -> None:
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _vet_condition(value)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            if any(isinstance(n, ast.Compare) for n in ast.walk(inner)):
                raise ValueError("not không đứng trước phép so sánh")
            _vet_condition(inner)
        case ast.Compare(left=ast.Name(), ops=[ast.Eq() | ast.NotEq()]) if is_choice(node):
            pass
        case ast.Compare(left=left, ops=[op], comparators=[right]) if isinstance(op, COMPARISONS):
            _vet_number(left)
            _vet_number(right)
        case ast.Call(func=ast.Name(id=name), args=[ast.Name()], keywords=[]) if name in PREDICATES:
            pass
        case _:
            raise ValueError(f"không phải điều kiện: {ast.unparse(node)}")


def _vet_number(node: ast.expr) -> None:
    match node:
        case ast.BinOp(left=left, op=operation, right=right) if isinstance(operation, ARITHMETIC):
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


def is_choice(node: ast.expr) -> bool:
    """Whether an expression compares with a text."""
    return (
        isinstance(node, ast.Compare)
        and len(node.comparators) == 1
        and isinstance(node.comparators[0], ast.Constant)
        and isinstance(node.comparators[0].value, str)
    )


def choice_parts(node: ast.Compare) -> tuple[str, str, bool]:
    """Column, key, and whether it is `==` (else `!=`)."""
    left, right = node.left, node.comparators[0]
    if not (isinstance(left, ast.Name) and isinstance(right, ast.Constant)):
        raise ValueError(f"so sánh lựa chọn phải có dạng cột == 'khóa': {ast.unparse(node)}")
    return left.id, str(right.value), isinstance(node.ops[0], ast.Eq)

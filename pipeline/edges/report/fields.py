"""Which fields a Word template names, against those that the report has: unknown ones, unused ones."""

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

from jinja2 import Environment, nodes

Scope = Mapping[str, Any]
"""The type of each name, None where it is not known."""


def unknown_fields(parts: Iterable[nodes.Template], fields: type, env: Environment) -> tuple[str, ...]:
    """What the template asks for and the dataclass `fields` does not have, each once, as it is written."""
    found: dict[str, None] = {}
    for part in parts:
        named = [name.name for given in part.find_all(nodes.Assign) for name in _targets(given.target)]
        _visit(part, {**dict.fromkeys([*env.globals, *named]), **get_type_hints(fields)}, found)
    return tuple(found)


def unused_fields(parts: Iterable[nodes.Template], fields: type) -> tuple[str, ...]:
    """The fields of the report that the template nowhere names."""
    named = {name.name for part in parts for name in part.find_all(nodes.Name)}
    return tuple(name for name in get_type_hints(fields) if name not in named)


def nearest(name: str, fields: type) -> str:
    """The field that may have been meant, or ""."""
    last = name.rpartition(".")[2]
    return next(iter(get_close_matches(last, sorted(_every_name(fields)), n=1)), "")


def _visit(node: nodes.Node, scope: Scope, found: dict[str, None]) -> None:
    match node:
        case nodes.For():
            _visit(node.iter, scope, found)
            item = _item_type(_type_of(node.iter, scope)) if isinstance(node.target, nodes.Name) else None
            inner = {**scope, "loop": None, **{name.name: item for name in _targets(node.target)}}
            for child in (*node.body, *node.else_):
                _visit(child, inner, found)
        case nodes.Name(name=name, ctx="load") if name not in scope:
            found[name] = None
        case nodes.Getattr(node=owner, attr=attr):
            known = _type_of(owner, scope)
            if known is not None and not _has(known, attr):
                found[f"{_path(owner)}.{attr}"] = None
            _visit(owner, scope, found)
        case _:
            for child in node.iter_child_nodes():
                _visit(child, scope, found)


def _targets(node: nodes.Node) -> list[nodes.Name]:
    """The names that a loop or a `set` gives a value."""
    return [node] if isinstance(node, nodes.Name) else list(node.find_all(nodes.Name))


def _type_of(node: nodes.Node, scope: Scope) -> Any:
    match node:
        case nodes.Name(name=name):
            return scope.get(name)
        case nodes.Getattr(node=owner, attr=attr):
            known = _type_of(owner, scope)
            return get_type_hints(known).get(attr) if is_dataclass(known) else None
        case _:
            return None


def _item_type(hint: Any) -> Any:
    arguments = get_args(hint)
    return arguments[0] if arguments else None


def _has(known: Any, attr: str) -> bool:
    return attr in get_type_hints(known) if is_dataclass(known) else hasattr(known, attr)


def _path(node: nodes.Node) -> str:
    match node:
        case nodes.Name(name=name):
            return name
        case nodes.Getattr(node=owner, attr=attr):
            return f"{_path(owner)}.{attr}"
        case _:
            return "…"


def _every_name(fields: type) -> set[str]:
    """The names of the fields and of what their items have."""
    names: set[str] = set()
    for name, hint in get_type_hints(fields).items():
        inner = _item_type(hint)
        names |= {name} | (_every_name(inner) if is_dataclass(inner) and isinstance(inner, type) else set())
    return names

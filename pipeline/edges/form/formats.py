"""How each kind of cell of the form looks: one place for fonts, fills, borders and locks."""

from typing import Any

from pipeline.edges.pen import Format
from pipeline.spec.template import Pair, Template

Properties = dict[str, Any]


class Formats:
    """The formats of one workbook by role, each made once. `extra` adds properties to a role."""

    def __init__(self, book: Any, template: Template) -> None:
        self._book = book
        self._roles = _roles(template)
        self._made: dict[str, Format] = {}

    def get(self, role: str, **extra: Any) -> Format:
        key = repr((role, sorted(extra.items())))
        if key not in self._made:
            properties = {**self._roles[role], **extra}
            if properties.get("align") == "center":
                properties.pop("indent", None)  # an indent would turn it into left-aligned
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def mark(self, pair: Pair) -> Format:
        """The format that a conditional rule lays over a cell."""
        key = repr(pair)
        if key not in self._made:
            self._made[key] = self._book.add_format({"bg_color": pair.fill, "font_color": pair.ink})
        return self._made[key]


def default_properties(template: Template) -> Properties:
    """The font of every cell."""
    return {"font_name": template.font, "font_size": template.font_size}


def _roles(template: Template) -> dict[str, Properties]:
    colours, size = template.colours, template.font_size
    text: Properties = {**default_properties(template), "font_color": colours.ink, "valign": "vcenter"}
    wrapped = {**text, "text_wrap": True}
    heading = {**text, "bold": True, "font_color": colours.title}
    framed = {**wrapped, "border": 1, "border_color": colours.border, "align": "left", "indent": 1}
    return {
        "plain": wrapped,
        "authority": {**text, "bold": True},
        "title": {**heading, "font_size": size + 4, "align": "center"},
        "section": {**heading, "font_size": size + 1},
        "label": {**text, "font_color": colours.muted, "align": "left"},
        "value": {**text, "bold": True, "align": "left"},
        "intro": {**wrapped, "italic": True, "font_color": colours.muted, "align": "left", "indent": 1},
        "readiness": {**framed, "bold": True, "font_size": size + 1, "align": "center"},
        "tag": text,
        "header": {**framed, "bold": True, "align": "center", "bg_color": colours.header},
        "group": {**framed, "bold": True, "font_color": colours.title},
        "locked": {**framed, "bg_color": colours.locked},
        "check": {**framed, "bg_color": colours.locked},
        "result": {**framed, "bg_color": colours.locked, "bold": True},
        "closed": {**framed, "bg_color": colours.closed},
        "entry": {**framed, "bg_color": colours.entry, "locked": False},
        "done": {**framed, "bg_color": colours.done.fill, "font_color": colours.done.ink},
        "error": {**framed, "bg_color": colours.error.fill, "font_color": colours.error.ink},
        "warning": {**framed, "bg_color": colours.warning.fill, "font_color": colours.warning.ink},
    }

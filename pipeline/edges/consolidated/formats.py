"""How each kind of cell of the consolidated workbook looks: fonts, fills and borders by role."""

from typing import Any

from pipeline.edges.pen import Format
from pipeline.spec.consolidated import Colour, Consolidated

Properties = dict[str, Any]


class Formats:
    """The formats of one workbook by role, each made once. `extra` adds properties to a role."""

    def __init__(self, book: Any, spec: Consolidated) -> None:
        self._book = book
        self._roles = _roles(spec)
        self.link: Properties = {"font_color": spec.palette.title, "underline": 1}
        self._made: dict[str, Format] = {}

    def get(self, role: str, **extra: Any) -> Format:
        properties = {**self._roles[role], **extra}
        if properties.get("align") == "center":
            properties.pop("indent", None)  # an indent would turn it into left-aligned
        return self._make(properties)

    def mark(self, colour: Colour) -> Format:
        """The format that a conditional rule lays over a cell."""
        return self._make({"bg_color": colour.fill, "font_color": colour.ink})

    def rule(self, **properties: Any) -> Format:
        """Any other conditional format."""
        return self._make(properties)

    def _make(self, properties: Properties) -> Format:
        key = repr(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def default_properties(spec: Consolidated) -> Properties:
    """What every cell has where nothing else is said."""
    return {"font_name": spec.font, "font_size": spec.font_size}


def _roles(spec: Consolidated) -> dict[str, Properties]:
    palette, size = spec.palette, spec.font_size
    text: Properties = {**default_properties(spec), "font_color": palette.ink, "valign": "vcenter"}
    wrapped = {**text, "text_wrap": True}
    muted = {"font_color": palette.muted}
    link = {"font_color": palette.title, "underline": 1}
    cell = {**wrapped, "border": 1, "border_color": palette.border, "align": "left", "indent": 1}
    heading = {**text, "bold": True, "font_color": palette.title}
    gap = {"left": 5, "left_color": palette.paper, "right": 5, "right_color": palette.paper}
    tile = {**text, **gap, "bg_color": palette.tile, "align": "center", "text_wrap": True}
    return {
        "plain": text,
        "note": {**wrapped, **muted, "align": "left"},
        "authority": {**text, "bold": True},
        "title": {**heading, "font_size": size + 4},
        "headline": {**heading, "font_size": size + 7, "text_wrap": True},
        "badge": {**text, "bold": True, "align": "center", "border": 1, "border_color": palette.rule},
        "back": {**text, **link},
        "jump": {**text, **link, "align": "right"},
        "nav": {**text, **link, "align": "left", "font_size": size - 1},
        "section": {
            **heading,
            "font_size": size + 1,
            "bottom": 2,
            "bottom_color": palette.rule,
            "valign": "bottom",
        },
        "tile label": {**tile, "font_size": size},
        "tile figure": {**tile, "bold": True, "font_color": palette.title, "font_size": size + 13},
        "tile words": {**tile, "bold": True, "font_color": palette.title, "font_size": size + 3},
        "tile note": {**tile, **muted, "font_size": size - 1},
        "chip": {**text, "bold": True, "align": "center", "border": 1, "border_color": palette.border},
        "legend": {**wrapped, "align": "left", "indent": 1, "border": 1, "border_color": palette.border},
        "sentence": {**wrapped, "align": "left", "indent": 1},
        "data header": {**wrapped, **muted, "bold": True, "font_size": size - 1},
        "data": {**text, **muted, "font_size": size - 1},
        "header": {**cell, "bold": True, "align": "center", "bg_color": palette.header},
        "empty": {**cell, **muted, "italic": True, "align": "center"},
        "cell": cell,
        "cell strong": {**cell, "bold": True},
        "cell muted": {**cell, **muted},
        "cell small": {**cell, **muted, "font_size": size - 2},
        "total": {**cell, "bold": True, "bg_color": palette.tile, "top": 2, "top_color": palette.rule},
    }

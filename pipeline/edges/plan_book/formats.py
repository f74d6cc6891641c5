"""How each kind of cell of the plan's workbook looks."""

from typing import Any

from pipeline.edges.pen import Format
from pipeline.spec.plan_book import Look

_NUMBER_FORMATS = {"text": "@", "texts": "@", "wholes": "@", "date": "dd/mm/yyyy"}
_ALIGNMENT = {"whole": "right", "number": "right", "date": "center", "flag": "center"}


class Formats:
    """The formats of one workbook by role and kind of value, each made once."""

    def __init__(self, book: Any, look: Look) -> None:
        self._book = book
        self._roles = _roles(look)
        self._made: dict[tuple[str, str], Format] = {}

    def get(self, role: str, kind: str = "") -> Format:
        if (role, kind) not in self._made:
            properties = dict(self._roles[role])
            if kind:
                properties["num_format"] = _NUMBER_FORMATS.get(kind, "General")
                properties["align"] = _ALIGNMENT.get(kind, "left")
            if properties.get("align") == "center":
                properties.pop("indent", None)  # an indent would turn it into left-aligned
            self._made[role, kind] = self._book.add_format(properties)
        return self._made[role, kind]


def _roles(look: Look) -> dict[str, dict[str, Any]]:
    size = look.font_size
    text = {"font_name": look.font, "font_size": size, "font_color": look.ink, "valign": "vcenter"}
    wrapped = {**text, "text_wrap": True, "align": "left"}
    heading = {**text, "bold": True, "font_color": look.title}
    framed = {**wrapped, "border": 1, "border_color": look.border, "indent": 1}
    return {
        "plain": {**wrapped, "valign": "top"},
        "title": {**heading, "font_size": size + 5},
        "note": {**text, "italic": True, "font_color": look.muted},
        "section": {**heading, "font_size": size + 1},
        "link": {**text, "font_color": look.title, "underline": 1, "valign": "top"},
        "tag": text,
        "help": {
            **wrapped,
            "italic": True,
            "font_size": size - 1,
            "font_color": look.muted,
            "valign": "bottom",
        },
        "side": {**framed, "italic": True, "font_color": look.muted},
        "header": {**framed, "bold": True, "align": "center", "bg_color": look.header},
        "label": framed,
        "entry": {**framed, "bg_color": look.entry},
        "code": {**framed, "bold": True, "bg_color": look.code},
        "spare": {**framed, "bg_color": look.spare},
    }

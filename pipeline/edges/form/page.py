"""What all sheets of the form share: the form being written, protection, and the printed page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.edges.form.cached import Cached
from pipeline.edges.form.grid import Grid
from pipeline.edges.form.lists import Labels
from pipeline.edges.pen import Worksheet
from pipeline.spec.form import Contents, FeedbackLine, FormContent
from pipeline.spec.messages import Messages
from pipeline.spec.plan import Plan
from pipeline.spec.template import TableKey, Template

_A4 = 9
_MARGINS = {"left": 0.35, "right": 0.35, "top": 0.45, "bottom": 0.6}  # inches
_FOOTER_SIZE = 9
_ALLOWED = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "autofilter": True,
    "sort": True,
    "format_columns": True,
    "format_rows": True,
}


@dataclass(frozen=True, slots=True)
class Form:
    """All that the sheets of one form are written from."""

    plan: Plan
    template: Template
    messages: Messages
    content: FormContent
    contents: Contents
    grids: Mapping[TableKey, Grid]
    lists: Mapping[Labels, str]
    cached: Mapping[TableKey, Cached]
    feedback: Sequence[FeedbackLine]

    def dated(self, title: str) -> str:
        """A title with its month: `PHIẾU BÁO CÁO THÁNG 11/2026`."""
        return f"{title} {self.content.period.label.upper()}"


def protect(sheet: Worksheet) -> None:
    """Only open cells can be changed; no password, since the lock is against slips of the hand."""
    sheet.protect("", _ALLOWED)


def set_page(sheet: Worksheet, form: Form) -> None:
    """A4 with unit, period and page number in the footer."""
    sheet.set_paper(_A4)
    sheet.set_margins(**_MARGINS)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    font = f'&"{form.template.font},Regular"&{_FOOTER_SIZE} '
    unit = form.content.unit.name.replace("&", "&&")
    sheet.set_footer(
        f"&L{font}{unit}&C{font}{form.content.period.label}&R{font}{form.template.words.page} &P/&N"
    )

"""Write the first sheet of the form: steps, colours, the states, and everything that is checked."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.edges.form.formats import Formats
from pipeline.edges.form.grid import AUTHORITY_ROW, HEAD_ROW, TITLE_ROW, Columns
from pipeline.edges.form.page import Form, protect, set_page
from pipeline.edges.form.rows import is_error
from pipeline.edges.pen import Worksheet, put, put_across
from pipeline.edges.text_fit import row_height
from pipeline.spec.template import Table

_WIDTHS = (4.0, 12.0, 23.0, 28.0, 38.0)
_NUMBER, _TERM, _REST, _AFTER_TERM, _ALL = (1, 1), (1, 2), (2, 5), (3, 5), (1, 5)
_RULE_COLUMNS: tuple[Columns, ...] = (_TERM, (3, 3), (4, 4), (5, 5))
_PRINT_SCALE = 87  # one page wide with some room: fitting to a page would undo the page break
_TITLE_HEIGHT, _HEAD_HEIGHT, _SECTION_GAP, _SECTION_HEIGHT = 34, 18, 10, 22

Piece = tuple[Columns, str, str]  # columns, text, role of the format


@dataclass(frozen=True, slots=True)
class _Page:
    sheet: Worksheet
    form: Form
    formats: Formats


def write_guidance(sheet: Worksheet, form: Form, formats: Formats) -> None:
    """Fill the guidance worksheet."""
    page = _Page(sheet, form, formats)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    row = _write_head(page)
    row = _write_steps(page, row)
    row = _write_legend(page, row)
    row = _write_states(page, row)
    _write_rules(page, row)
    set_page(sheet, form)
    sheet.set_print_scale(_PRINT_SCALE)
    sheet.set_h_pagebreaks([row - 1])
    protect(sheet)


def _write_head(page: _Page) -> int:
    form = page.form
    put(page.sheet, AUTHORITY_ROW, 1, form.plan.authority.upper(), page.formats.get("authority"))
    _line(page, TITLE_ROW, [(_ALL, form.dated(form.template.guidance.title), "title")], _TITLE_HEIGHT)
    for row, (label, text) in enumerate(form.content.head, HEAD_ROW):
        _line(page, row, [(_TERM, label, "label"), (_AFTER_TERM, text, "value")], _HEAD_HEIGHT)
    return HEAD_ROW + len(form.content.head)


def _write_steps(page: _Page, row: int) -> int:
    guidance, plan = page.form.template.guidance, page.form.plan
    row = _section(page, row, guidance.steps_title)
    coordinator = plan.unit_by_id[plan.coordinator].name
    for number, step in enumerate(guidance.steps, 1):
        text = step.format(coordinator=coordinator)
        row = _line(page, row, [(_NUMBER, f"{number}.", "plain"), (_REST, text, "plain")])
    return row


def _write_legend(page: _Page, row: int) -> int:
    guidance, words = page.form.template.guidance, page.form.template.words
    row = _section(page, row, guidance.legend_title)
    for role, sample, meaning in (
        ("entry", "", guidance.entry_legend),
        ("locked", "", guidance.locked_legend),
        ("closed", "", guidance.closed_legend),
        ("error", words.row_error, guidance.error_legend),
        ("warning", words.row_warning, guidance.warning_legend),
        ("done", words.row_done, guidance.done_legend),
    ):
        row = _line(page, row, [(_TERM, _bare(sample), role), (_AFTER_TERM, meaning, "locked")])
    return row


def _write_states(page: _Page, row: int) -> int:
    template = page.form.template
    row = _section(page, row, template.guidance.states_title)
    row = _header(page, row, template.guidance.states_columns, (_TERM, _AFTER_TERM))
    for choice in template.types["state"].choices:
        row = _line(page, row, [(_TERM, choice.label, "locked"), (_AFTER_TERM, choice.meaning, "locked")])
    return row


def _write_rules(page: _Page, row: int) -> int:
    guidance = page.form.template.guidance
    row = _section(page, row, guidance.rules_title)
    row = _header(page, row, guidance.rules_columns, _RULE_COLUMNS)
    for table in page.form.template.tables:
        if table.live_rules:
            row = _write_rules_of(page, row, table)
    return row


def _write_rules_of(page: _Page, row: int, table: Table) -> int:
    template, messages = page.form.template, page.form.messages
    row = _line(page, row, [(_ALL, template.guidance.rules_group.format(sheet=table.sheet), "group")])
    for rule in table.live_rules:
        message = messages.messages[rule.code]
        wrong = is_error(messages, rule)
        level = template.words.row_error if wrong else template.words.row_warning
        roles = ("error" if wrong else "warning", "locked", "locked", "locked")
        texts = (_bare(level), message.title, message.expected, message.mend)
        row = _line(page, row, list(zip(_RULE_COLUMNS, texts, roles, strict=True)))
    return row


def _section(page: _Page, row: int, title: str) -> int:
    """A heading, set off from what stands above it."""
    page.sheet.set_row(row - 1, _SECTION_GAP)
    return _line(page, row + 1, [(_ALL, title, "section")], _SECTION_HEIGHT)


def _header(page: _Page, row: int, labels: Sequence[str], places: Sequence[Columns]) -> int:
    return _line(page, row, [(at, label, "header") for at, label in zip(places, labels, strict=True)])


def _line(page: _Page, row: int, pieces: Sequence[Piece], height: float | None = None) -> int:
    """Write one row, high enough for its texts unless `height` is given; returns the next row."""
    for columns, text, role in pieces:
        put_across(page.sheet, row, columns, text, page.formats.get(role))
    needed = row_height((text, sum(_WIDTHS[first - 1 : last])) for (first, last), text, _ in pieces)
    page.sheet.set_row(row - 1, height or needed)
    return row + 1


def _bare(prefix: str) -> str:
    """`Lỗi` out of `Lỗi: `."""
    return prefix.rstrip(" :")

"""Write one table of the form as a sheet: head, hidden tags, header, rows and their live checks."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from pipeline.base.sheet import address
from pipeline.edges.form.cached import readiness
from pipeline.edges.form.feedback import by_place, feedback_role
from pipeline.edges.form.formats import Formats
from pipeline.edges.form.formulas import RowFormulas, checked, in_place, kind, readiness_formula
from pipeline.edges.form.grid import AUTHORITY_ROW, TITLE_ROW, Grid
from pipeline.edges.form.page import Form, protect, set_page
from pipeline.edges.form.rows import open_types
from pipeline.edges.form.validation import validation
from pipeline.edges.pen import Format, Worksheet, across, note, put, put_across, put_formula, validate
from pipeline.edges.text_fit import row_height
from pipeline.spec.form import FormRow
from pipeline.spec.template import Column, TableKey, ValueType

_TITLE_HEIGHT, _HEAD_HEIGHT, _STATUS_HEIGHT = 26, 18, 24
_FILTER_BUTTON_HEIGHT = 10
_FROZEN_COLUMNS = 2  # the code and the name of a row
_ALIGNMENT = {"number": "right", "date": "center", "choice": "left", "text": "left"}


@dataclass(frozen=True, slots=True)
class _Page:
    sheet: Worksheet
    form: Form
    grid: Grid
    formats: Formats
    made: dict[Hashable, str] = field(default_factory=dict)


def write_table_sheet(sheet: Worksheet, form: Form, key: TableKey, formats: Formats) -> None:
    """Fill the worksheet of one table."""
    page = _Page(sheet, form, form.grids[key], formats)
    _write_head(page)
    if "check" in page.grid.table.column_by_key:
        _write_readiness(page)
    _write_intro(page)
    _write_header(page)
    for number, row in enumerate(page.grid.rows, page.grid.first_row):
        _write_row(page, row, number)
    if checked([page.grid]):
        _mark_checks(page)
    _mark_feedback(page)
    _set_view(page)


def _write_head(page: _Page) -> None:
    sheet, form, grid = page.sheet, page.form, page.grid
    put(sheet, AUTHORITY_ROW, 1, form.plan.authority.upper(), page.formats.get("authority"))
    title = form.dated(grid.table.title)
    put_across(sheet, TITLE_ROW, (1, grid.last_column), title, page.formats.get("title"))
    sheet.set_row(TITLE_ROW - 1, _TITLE_HEIGHT)
    for pair in grid.head:
        put_across(sheet, pair.row, pair.label_columns, pair.label, page.formats.get("label"))
        put_across(sheet, pair.row, pair.text_columns, pair.text, page.formats.get("value"))
        sheet.set_row(pair.row - 1, _HEAD_HEIGHT)


def _write_readiness(page: _Page) -> None:
    """Whether the whole form is ready, in the frozen columns so that it never scrolls away."""
    words, colours = page.form.template.words, page.form.template.colours
    row, columns, style = page.grid.status_row, (1, _FROZEN_COLUMNS), page.formats.get("readiness")
    put_across(page.sheet, row, columns, "", style)
    formula = readiness_formula(words, page.form.grids.values())
    put_formula(page.sheet, row, 1, formula, style, readiness(words, page.form.cached))
    for criteria, pair in (("==", colours.done), ("!=", colours.error)):
        rule = {"type": "cell", "criteria": criteria, "value": f'"{words.ready}"'}
        page.sheet.conditional_format(across(row, columns), {**rule, "format": page.formats.mark(pair)})


def _write_intro(page: _Page) -> None:
    table = page.grid.table
    first = _FROZEN_COLUMNS + 1 if "check" in table.column_by_key else 1
    columns = (first, page.grid.last_column)
    put_across(page.sheet, page.grid.status_row, columns, table.intro, page.formats.get("intro"))
    page.sheet.set_row(page.grid.status_row - 1, _STATUS_HEIGHT)


def _write_header(page: _Page) -> None:
    sheet, grid = page.sheet, page.grid
    for at, column in enumerate(grid.table.columns, 1):
        sheet.set_column(at - 1, at - 1, column.width)
        put(sheet, grid.tag_row, at, grid.table.tag(column.key), page.formats.get("tag"))
        put(sheet, grid.header_row, at, column.label, page.formats.get("header"))
    sheet.set_row(grid.tag_row - 1, None, None, {"hidden": True})
    labels = [(column.label, column.width) for column in grid.table.columns]
    sheet.set_row(grid.header_row - 1, row_height(labels, bold=True) + _FILTER_BUTTON_HEIGHT)


def _write_row(page: _Page, row: FormRow, number: int) -> None:
    table = page.grid.table
    types = open_types(page.form.template, table, row)
    shown = [(_write_cell(page, row, number, c, types.get(c.key)), c.width) for c in table.columns]
    page.sheet.set_row(number - 1, max(table.row_height, row_height(shown)))


def _write_cell(page: _Page, row: FormRow, number: int, column: Column, value_type: ValueType | None) -> str:
    """Write a cell, open if it has a value type; returns the text shown in it."""
    if value_type:
        return _write_entry(page, row, number, column, value_type)
    if column.source == "check":
        return _write_check(page, row, number, column)
    if column.source == "formula" and row.entry and row.open:
        return _write_result(page, row, number, column)
    if column.key == "previous":
        return _write_previous(page, row, number, column)
    return _write_locked(page, number, column, row.locked.get(column.key, ""))


def _write_entry(page: _Page, row: FormRow, number: int, column: Column, value_type: ValueType) -> str:
    form, table, place = page.form, page.grid.table, page.grid.column(column.key)
    value = form.contents.get((table.key, row.code, column.key))
    looks = {"align": _ALIGNMENT[value_type.base], "text_wrap": value_type.base in ("text", "choice")}
    role = feedback_role(form.feedback, (table.key, row.code, column.key)) or "entry"
    style = _style(page, role, column, num_format=value_type.format, locked=False, **looks)
    put(page.sheet, number, place, value, style)
    options = validation(form.template, form.lists, table, row, column, value_type)
    validate(page.sheet, number, place, options)
    return value if isinstance(value, str) else ""


def _write_check(page: _Page, row: FormRow, number: int, column: Column) -> str:
    form, grid = page.form, page.grid
    text = form.cached[grid.table.key].checks[number - grid.first_row]
    formula = in_place(_formula(page, row, RowFormulas.check), row, number)
    put_formula(page.sheet, number, grid.column(column.key), formula, _style(page, "check", column), text)
    return text


def _write_result(page: _Page, row: FormRow, number: int, column: Column) -> str:
    form, grid = page.form, page.grid
    result = form.cached[grid.table.key].results[number - grid.first_row]
    style = _style(page, "result", column, num_format=form.template.entries[row.entry].format)
    formula = in_place(_formula(page, row, RowFormulas.result), row, number)
    put_formula(page.sheet, number, grid.column(column.key), formula, style, result)
    return ""


def _formula(page: _Page, row: FormRow, which: Callable[[RowFormulas], str]) -> str:
    """A formula of a row, made once for each kind of row."""
    form, key = page.form, (which, kind(row))
    if key not in page.made:
        page.made[key] = which(RowFormulas(form.template, form.messages, form.lists, page.grid.table, row))
    return page.made[key]


def _write_previous(page: _Page, row: FormRow, number: int, column: Column) -> str:
    """The last accepted value; a choice by its label, no value by a dash."""
    template, place = page.form.template, page.grid.column(column.key)
    if row.previous is None:
        return _write_locked(page, number, column, template.words.no_value)
    value_type = template.type_of(page.grid.table, "result", row.entry)
    for choice in value_type.choices if value_type else ():
        if choice.number == row.previous:
            return _write_locked(page, number, column, choice.label)
    style = _style(page, "locked", column, num_format=template.entries[row.entry].format)
    put(page.sheet, number, place, row.previous, style)
    return ""


def _write_locked(page: _Page, number: int, column: Column, text: str) -> str:
    style = _style(page, "locked" if text else "closed", column)
    put(page.sheet, number, page.grid.column(column.key), text, style)
    return text


def _style(page: _Page, role: str, column: Column, **extra: object) -> Format:
    placing = {"align": "center"} if column.centered else {}
    if column.top:
        placing["valign"] = "top"
    return page.formats.get(role, **{**extra, **placing})


def _mark_checks(page: _Page) -> None:
    """Colour a check by the word it begins with: the word alone tells the same in black and white."""
    words, colours, grid = page.form.template.words, page.form.template.colours, page.grid
    column = grid.column("check")
    cells = f"{address(grid.first_row, column)}:{address(grid.last_row, column)}"
    for prefix, pair in (
        (words.row_error, colours.error),
        (words.row_warning, colours.warning),
        (words.row_done, colours.done),
    ):
        rule = {"type": "text", "criteria": "begins with", "value": prefix}
        page.sheet.conditional_format(cells, {**rule, "format": page.formats.mark(pair)})
    page.sheet.ignore_errors({"formula_differs": cells})


def _mark_feedback(page: _Page) -> None:
    """Note on every cell that the unit has to mend, with what to do; coloured by `_write_entry`."""
    for place, lines in by_place(page.form.feedback).items():
        if place[0] == page.grid.table.key:
            text = "\n".join(f"{line.title}. {line.mend}" for line in lines)
            note(page.sheet, page.grid.row(place[1]), page.grid.column(place[2]), text)


def _set_view(page: _Page) -> None:
    sheet, grid = page.sheet, page.grid
    last = address(max(grid.last_row, grid.header_row), grid.last_column)
    sheet.freeze_panes(grid.header_row, _FROZEN_COLUMNS)
    sheet.autofilter(f"{address(grid.header_row, 1)}:{last}")
    set_page(sheet, page.form)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(grid.header_row - 1)
    sheet.print_area(f"A1:{last}")
    first = next((row for row in grid.rows if row.open), None)
    if first is not None:
        sheet.set_selection(address(grid.row(first.code), min(map(grid.column, first.open))))
    protect(sheet)

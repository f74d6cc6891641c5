"""Write the Excel form that a unit fills: the workbook with its sheets, lists and hidden identity."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any

from pipeline.base.sheet import column_letters
from pipeline.base.text import BLANKS
from pipeline.edges.form.cached import cached, cell_contents
from pipeline.edges.form.feedback import write_feedback
from pipeline.edges.form.formats import Formats, default_properties
from pipeline.edges.form.grid import grids
from pipeline.edges.form.guidance import write_guidance
from pipeline.edges.form.lists import BLANKS_NAME, Labels, list_names
from pipeline.edges.form.page import Form
from pipeline.edges.form.sheet import write_table_sheet
from pipeline.edges.pen import Worksheet, new_book, put
from pipeline.spec.form import Contents, FeedbackLine, FormContent
from pipeline.spec.messages import Messages
from pipeline.spec.plan import Plan
from pipeline.spec.template import Template

_FIRST_LIST_COLUMN = 4  # of the hidden sheet, clear of labels and values

_NOTHING: Contents = MappingProxyType({})


def write_template(
    content: FormContent,
    template: Template,
    messages: Messages,
    plan: Plan,
    created: datetime,
    values: Contents = _NOTHING,
    feedback: Sequence[FeedbackLine] = (),
) -> bytes:
    """The form as an .xlsx file; the same input gives the same bytes.

    `values` fills open cells, by table, code of the row, and column. `feedback` makes it a form that
    goes back to be mended: a first sheet lists what to do, and the cells are coloured with a note.
    """
    form = _form(content, template, messages, plan, values, feedback)
    file = BytesIO()
    book = _workbook(file, form, created)
    formats = Formats(book, template)
    if feedback:
        write_feedback(book.add_worksheet(template.feedback.sheet), form, formats)
    write_guidance(book.add_worksheet(template.guidance.sheet), form, formats)
    for table in template.tables:
        write_table_sheet(book.add_worksheet(table.sheet), form, table.key, formats)
    hidden = book.add_worksheet(template.identity.sheet)
    _write_identity(hidden, content, formats)
    _write_lists(book, hidden, form.lists, formats)
    book.close()
    return file.getvalue()


def _form(
    content: FormContent,
    template: Template,
    messages: Messages,
    plan: Plan,
    values: Contents,
    feedback: Sequence[FeedbackLine],
) -> Form:
    contents = cell_contents(content, values)
    places = grids(template, content)
    return Form(
        plan=plan,
        template=template,
        messages=messages,
        content=content,
        contents=contents,
        grids=places,
        lists=list_names(template, content),
        cached={key: cached(template, messages, grid, contents) for key, grid in places.items()},
        feedback=feedback,
    )


def _workbook(file: BytesIO, form: Form, created: datetime) -> Any:
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": default_properties(form.template),
    }
    book = new_book(file, options)
    properties = {
        "title": form.dated(form.template.guidance.title),
        "subject": form.content.unit.name,
        "author": form.plan.authority,
        "created": created,
    }
    book.set_properties(properties)
    return book


def _write_identity(sheet: Worksheet, content: FormContent, formats: Formats) -> None:
    for row, (label, text) in enumerate(content.identity, 1):
        put(sheet, row, 1, label, formats.get("tag"))
        put(sheet, row, 2, text, formats.get("tag"))
    sheet.very_hidden()
    sheet.protect()


def _write_lists(book: Any, sheet: Worksheet, lists: Mapping[Labels, str], formats: Formats) -> None:
    """The choices of every dropdown, and the blanks, one column each, under the name that the cells use."""
    named = {**lists, tuple(BLANKS): BLANKS_NAME}
    for column, (labels, name) in enumerate(named.items(), _FIRST_LIST_COLUMN):
        for row, label in enumerate(labels, 1):
            put(sheet, row, column, label, formats.get("tag"))
        letters = column_letters(column)
        book.define_name(name, f"='{sheet.get_name()}'!${letters}$1:${letters}${len(labels)}")

"""Write the workbook in which a plan is edited: a guide, a sheet for each part, and a hidden identity."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from pipeline.base.sheet import column_letters
from pipeline.edges.pen import Worksheet, put
from pipeline.edges.plan_book.checks import Labels, Sources, labels_of
from pipeline.edges.plan_book.formats import Formats
from pipeline.edges.plan_book.sheets import (
    Page,
    codes_range,
    setting_cell,
    write_guide,
    write_list,
    write_settings,
)
from pipeline.spec.plan_book import BookContent, PlanBook

_FIRST_LIST_COLUMN = 4  # of the hidden sheet, clear of the identity


def write_plan_book(book: PlanBook, content: BookContent) -> bytes:
    """The workbook as an .xlsx file; the same plan gives the same bytes."""
    file = BytesIO()
    workbook = _workbook(file, book, content)
    formats, sources = Formats(workbook, book.look), _sources(book, content)
    write_guide(Page(workbook.add_worksheet(book.guide.name), book, content, formats, sources))
    for spec in book.sheets:
        page = Page(workbook.add_worksheet(spec.name), book, content, formats, sources)
        write = write_list if book.tables[spec.blocks[0].place].many else write_settings
        write(page, spec)
    _write_identity(workbook.add_worksheet(book.identity.sheet), book, content, formats, sources.labels)
    workbook.close()
    return file.getvalue()


def _workbook(file: BytesIO, book: PlanBook, content: BookContent) -> Any:
    font = {"font_name": book.look.font, "font_size": book.look.font_size}
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": font,
    }
    workbook = xlsxwriter.Workbook(file, options)
    title = book.guide.title.format(year=content.year)
    workbook.set_properties({"title": title, "created": datetime(content.year, 1, 1)})  # noqa: DTZ001  # no zone in a workbook
    return workbook


def _sources(book: PlanBook, content: BookContent) -> Sources:
    labels: dict[Labels, str] = {}
    for column, words in enumerate(labels_of(book), _FIRST_LIST_COLUMN):
        letters = column_letters(column)
        labels[words] = f"'{book.identity.sheet}'!${letters}$1:${letters}${len(words)}"
    wanted = {entry.of for block in book.blocks.values() for entry in block.fields if entry.of}
    codes = {place: codes_range(book, book.blocks[place], content) for place in sorted(wanted)}
    return Sources(labels, codes, setting_cell(book, "", "year"))


def _write_identity(
    sheet: Worksheet, book: PlanBook, content: BookContent, formats: Formats, labels: Mapping[Labels, str]
) -> None:
    said = {
        book.identity.file: content.file,
        book.identity.version: str(content.version),
        book.identity.sha256: content.sha256,
    }
    for row, (label, text) in enumerate(said.items(), 1):
        put(sheet, row, 1, label, formats.get("tag"))
        put(sheet, row, 2, text, formats.get("tag"))
    for column, words in enumerate(labels, _FIRST_LIST_COLUMN):
        for row, word in enumerate(words, 1):
            put(sheet, row, column, word, formats.get("tag"))
    sheet.very_hidden()

"""Write the sheets of a plan: lists with room for more, settings with their explanation, the guide."""

from dataclasses import dataclass
from math import ceil

from pipeline.base.sheet import address, column_letters
from pipeline.edges.pen import Worksheet, link, put, put_across
from pipeline.edges.plan_book.checks import Sources, set_check
from pipeline.edges.plan_book.formats import Formats
from pipeline.edges.text_fit import row_height, width_needed
from pipeline.spec.plan_book import (
    HEAD,
    ORIGIN,
    PARENT,
    VALUE_TAG,
    Block,
    BookContent,
    BookField,
    BookRow,
    BookSheet,
    PlanBook,
)

TITLE_ROW, INTRO_ROW, TAG_ROW, HELP_ROW, HEADER_ROW = 1, 2, 3, 4, 5
FIRST_ROW = 6
FIRST_COLUMN, LABEL, VALUE, HELP = 2, 2, 3, 4
_TITLE_HEIGHT, _SECTION_HEIGHT, _LEAST_HEIGHT, _FILTER_BUTTON = 28, 30, 20, 10
_SETTING_WIDTHS = {LABEL: 42, VALUE: 64, HELP: 62}
_A3, _A4 = 8, 9  # as Excel numbers them
_WIDEST_A4, _USUAL_WIDTH = 230, 8.43  # widths of columns
_GUIDE_WIDTHS = (5, 26, 96)


@dataclass(frozen=True)
class Page:
    """What a sheet is written from."""

    sheet: Worksheet
    book: PlanBook
    content: BookContent
    formats: Formats
    sources: Sources


def write_guide(page: Page) -> None:
    """How to use the workbook, what the colours mean, and what is on which sheet."""
    sheet, guide, row = page.sheet, page.book.guide, 1
    for column, width in enumerate(_GUIDE_WIDTHS):
        sheet.set_column(column, column, width)
    put(sheet, row, 1, guide.title.format(year=page.content.year), page.formats.get("title"))
    sheet.set_row(row - 1, _TITLE_HEIGHT)
    row = _section(page, row + 1, guide.steps_title)
    for number, step in enumerate(guide.steps, 1):
        put(sheet, row, 1, f"{number}.", page.formats.get("plain"))
        put_across(sheet, row, (2, 3), step, page.formats.get("plain"))
        row = _next(sheet, row, [(step, sum(_GUIDE_WIDTHS[1:]))])
    row = _section(page, row, guide.legend_title)
    for role, meaning in guide.legend.items():
        put_across(sheet, row, (1, 2), "", page.formats.get(role))
        put(sheet, row, 3, meaning, page.formats.get("label"))
        row = _next(sheet, row, [(meaning, _GUIDE_WIDTHS[2])])
    row = _section(page, row, guide.sheets_title)
    for number, spec in enumerate(page.book.sheets, 1):
        put(sheet, row, 1, f"{number}.", page.formats.get("plain"))
        link(sheet, row, 2, f"'{spec.name}'!A1", spec.name, page.formats.get("link"))
        put(sheet, row, 3, spec.intro, page.formats.get("plain"))
        row = _next(sheet, row, [(spec.intro, _GUIDE_WIDTHS[2])])
    _set_page(sheet, landscape=False)


def write_settings(page: Page, spec: BookSheet) -> None:
    """Tables that stand alone, a row for each key."""
    sheet, words = page.sheet, page.book.words
    _write_head(page, spec)
    for column, width in _SETTING_WIDTHS.items():
        sheet.set_column(column - 1, column - 1, width)
    put(sheet, TAG_ROW, VALUE, VALUE_TAG, page.formats.get("tag"))
    heads = {LABEL: words.setting, VALUE: words.value, HELP: words.help}
    for column, text in heads.items():
        put(sheet, HELP_ROW, column, text, page.formats.get("header"))
    sheet.set_row(HELP_ROW - 1, _LEAST_HEIGHT)
    sheet.freeze_panes(HELP_ROW, VALUE - 1)
    row = HELP_ROW + 1
    for block in spec.blocks:
        row = _section(page, row, block.heading, FIRST_COLUMN)
        (values,) = page.content.rows[block.place]
        for entry in block.fields:
            row = _write_setting(page, block, entry, row, values)
    _set_page(sheet, landscape=True, repeat=HELP_ROW)


def _write_setting(page: Page, block: Block, entry: BookField, row: int, values: BookRow) -> int:
    sheet, value = page.sheet, values.cells.get(entry.key)
    kind = page.book.key(block, entry.key).kind
    put(sheet, row, 1, block.tag(entry.key), page.formats.get("tag"))
    put(sheet, row, LABEL, entry.label, page.formats.get("label"))
    # Numbers stand beside their label, not at the far end of a wide column.
    style = page.formats.get("entry", "setting" if kind in ("whole", "number") else kind)
    put(sheet, row, VALUE, value, style)
    put(sheet, row, HELP, entry.help, page.formats.get("side"))
    set_check(sheet, page.book, block, entry, (row, row), VALUE, page.sources)
    texts = {LABEL: entry.label, VALUE: value if isinstance(value, str) else "", HELP: entry.help}
    return _next(sheet, row, [(text, _SETTING_WIDTHS[column]) for column, text in texts.items()])


def write_list(page: Page, spec: BookSheet) -> None:
    """A list of the plan, a row for each entry, and blank rows that are ready for more."""
    sheet, (block,) = page.sheet, spec.blocks
    rows = page.content.rows[block.place]
    last_row, last_column = last_row_of(block, page.content), len(block.fields) + 1
    _write_head(page, spec)
    for row in (HELP_ROW, HEADER_ROW):
        put(sheet, row, 1, HEAD, page.formats.get("tag"))
    put(sheet, TAG_ROW, 1, block.tag(ORIGIN), page.formats.get("tag"))
    for column, entry in enumerate(block.fields, FIRST_COLUMN):
        _write_column(page, block, entry, column, last_row)
    sheet.set_row(HELP_ROW - 1, row_height([(f.help, f.width) for f in block.fields], size=10))
    labels = [(f.label, f.width) for f in block.fields]
    sheet.set_row(HEADER_ROW - 1, row_height(labels, bold=True) + _FILTER_BUTTON)
    for number in range(FIRST_ROW, last_row + 1):
        entry_row = rows[number - FIRST_ROW] if number - FIRST_ROW < len(rows) else None
        _write_row(page, block, number, entry_row)
    sheet.autofilter(f"{address(HEADER_ROW, 1)}:{address(last_row, last_column)}")
    sheet.freeze_panes(HEADER_ROW, FIRST_COLUMN)
    width = sum(entry.width for entry in block.fields)
    _set_page(sheet, landscape=True, repeat=HEADER_ROW, large=width > _WIDEST_A4)
    beyond = ceil(max(0, width_needed(spec.intro, bold=False) - width) / _USUAL_WIDTH)
    sheet.print_area(0, 0, FIRST_ROW + len(rows) - 1, last_column + beyond - 1)


def _write_column(page: Page, block: Block, entry: BookField, column: int, last_row: int) -> None:
    sheet = page.sheet
    sheet.set_column(column - 1, column - 1, entry.width)
    put(sheet, TAG_ROW, column, block.tag(entry.key), page.formats.get("tag"))
    put(sheet, HELP_ROW, column, entry.help, page.formats.get("help"))
    put(sheet, HEADER_ROW, column, entry.label, page.formats.get("header"))
    set_check(sheet, page.book, block, entry, (FIRST_ROW, last_row), column, page.sources)


def _write_row(page: Page, block: Block, number: int, row: BookRow | None) -> None:
    sheet, shown = page.sheet, []
    if row:
        put(sheet, number, 1, row.origin, page.formats.get("tag"))
    for column, entry in enumerate(block.fields, FIRST_COLUMN):
        role = "spare" if row is None else "code" if entry.key in (PARENT, *block.names) else "entry"
        value = row.cells.get(entry.key) if row else None
        put(sheet, number, column, value, page.formats.get(role, page.book.key(block, entry.key).kind))
        shown.append((value if isinstance(value, str) else "", entry.width))
    sheet.set_row(number - 1, max(_LEAST_HEIGHT, row_height(shown)))


def last_row_of(block: Block, content: BookContent) -> int:
    """The last row of a list that is laid out."""
    return FIRST_ROW + len(content.rows[block.place]) + block.spare - 1


def codes_range(book: PlanBook, block: Block, content: BookContent) -> str:
    """The cells with the codes of a list: `'Đơn vị'!$B$6:$B$32`."""
    letters = column_letters(FIRST_COLUMN + [f.key for f in block.fields].index(block.names[0]))
    last = last_row_of(block, content)
    return f"'{book.sheet_of[block.place]}'!${letters}${FIRST_ROW}:${letters}${last}"


def setting_cell(book: PlanBook, place: str, key: str) -> str:
    """The cell of a setting: `'Chung'!$C$8`."""
    sheet = next(s for s in book.sheets if any(b.place == place for b in s.blocks))
    row = HELP_ROW + 1
    for block in sheet.blocks:
        row += 1
        for entry in block.fields:
            if (block.place, entry.key) == (place, key):
                return f"'{sheet.name}'!${column_letters(VALUE)}${row}"
            row += 1
    raise KeyError((place, key))


def _write_head(page: Page, spec: BookSheet) -> None:
    sheet = page.sheet
    sheet.set_column(0, 0, None, None, {"hidden": True})
    put(sheet, TITLE_ROW, FIRST_COLUMN, spec.title, page.formats.get("title"))
    put(sheet, INTRO_ROW, FIRST_COLUMN, spec.intro, page.formats.get("note"))
    sheet.set_row(TITLE_ROW - 1, _TITLE_HEIGHT)
    sheet.set_row(TAG_ROW - 1, None, None, {"hidden": True})


def _section(page: Page, row: int, title: str, column: int = 1) -> int:
    put(page.sheet, row, column, title, page.formats.get("section"))
    page.sheet.set_row(row - 1, _SECTION_HEIGHT)
    return row + 1


def _next(sheet: Worksheet, row: int, texts: list[tuple[str, float]]) -> int:
    sheet.set_row(row - 1, max(_LEAST_HEIGHT, row_height(texts)))
    return row + 1


def _set_page(sheet: Worksheet, landscape: bool, repeat: int = 0, large: bool = False) -> None:
    sheet.set_paper(_A3 if large else _A4)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
    sheet.fit_to_pages(1, 0)
    if repeat:
        sheet.repeat_rows(repeat - 1)
    sheet.set_footer("&L&A&R&P/&N")
    sheet.hide_gridlines(2)

"""Write the sheet that tells a unit what to mend in its form, and mark the cells that it means."""

from collections.abc import Sequence

from pipeline.base.sheet import address
from pipeline.edges.form.formats import Formats
from pipeline.edges.form.grid import AUTHORITY_ROW, HEAD_ROW, TITLE_ROW
from pipeline.edges.form.page import Form, protect, set_page
from pipeline.edges.pen import Worksheet, link, put, put_across
from pipeline.edges.text_fit import row_height
from pipeline.spec.form import FeedbackLine, Place

_WIDTHS = (6.0, 13.0, 34.0, 9.0, 42.0, 48.0)
_NUMBER, _KIND, _WHERE, _TARGET, _WHAT, _MEND = range(1, len(_WIDTHS) + 1)
_ALL = (1, len(_WIDTHS))
_TITLE_HEIGHT, _HEAD_HEIGHT = 34, 18
_MARKED = ("error", "warning")  # a note asks for nothing, so its cell stays as it is


def write_feedback(sheet: Worksheet, form: Form, formats: Formats) -> None:
    """Fill the first worksheet of a form that goes back."""
    words = form.template.feedback
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    put(sheet, AUTHORITY_ROW, 1, form.plan.authority.upper(), formats.get("authority"))
    put_across(sheet, TITLE_ROW, _ALL, form.dated(words.title), formats.get("title"))
    sheet.set_row(TITLE_ROW - 1, _TITLE_HEIGHT)
    put_across(sheet, HEAD_ROW, _ALL, form.content.unit.name, formats.get("value"))
    intro = words.intro.format(deadline=dict(form.content.head)[form.template.words.deadline])
    put_across(sheet, HEAD_ROW + 1, _ALL, intro, formats.get("plain"))
    sheet.set_row(HEAD_ROW, row_height([(intro, sum(_WIDTHS))]) + 4)
    header = HEAD_ROW + 3
    labels = (words.number, words.kind, words.where, words.target, words.what, words.mend)
    for column, label in enumerate(labels, 1):
        put(sheet, header, column, label, formats.get("header"))
    sheet.set_row(header - 1, _TITLE_HEIGHT)
    for number, line in enumerate(form.feedback, 1):
        _write_line(sheet, form, formats, header + number, number, line)
    sheet.freeze_panes(header, 0)
    set_page(sheet, form)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header - 1)
    protect(sheet)


def by_place(lines: Sequence[FeedbackLine]) -> dict[Place, list[FeedbackLine]]:
    """The lines that ask for something, by the cell they mean."""
    places: dict[Place, list[FeedbackLine]] = {}
    for line in lines:
        for place in line.places if line.severity in _MARKED else ():
            places.setdefault(place, []).append(line)
    return places


def feedback_role(lines: Sequence[FeedbackLine], place: Place) -> str | None:
    """How a cell is coloured: as the gravest line about it, None where there is none."""
    severities = {line.severity for line in by_place(lines).get(place, ())}
    return next((severity for severity in _MARKED if severity in severities), None)


def _write_line(
    sheet: Worksheet, form: Form, formats: Formats, row: int, number: int, line: FeedbackLine
) -> None:
    words = form.template.feedback
    what = f"{line.title}. {line.found}"
    example = words.example.format(example=line.example) if line.example else ""
    mend = "\n".join(text for text in (line.mend, example) if text)
    role = line.severity if line.severity in _MARKED else "locked"
    put(sheet, row, _NUMBER, float(number), formats.get("locked", align="center"))
    put(sheet, row, _KIND, words.kinds[line.severity], formats.get(role))
    put(sheet, row, _WHERE, line.where, formats.get("locked"))
    _write_target(sheet, form, formats, row, line)
    put(sheet, row, _WHAT, what, formats.get("locked"))
    put(sheet, row, _MEND, mend, formats.get("locked"))
    texts = ((line.where, _WHERE), (what, _WHAT), (mend, _MEND))
    sheet.set_row(row - 1, row_height((text, _WIDTHS[column - 1]) for text, column in texts))


def _write_target(sheet: Worksheet, form: Form, formats: Formats, row: int, line: FeedbackLine) -> None:
    """The first cell of the line as a link, short since LibreOffice does not wrap a link."""
    if not line.places:
        put(sheet, row, _TARGET, "", formats.get("locked"))
        return
    table, code, column = line.places[0]
    grid = form.grids[table]
    name, place = grid.table.sheet.replace("'", "''"), address(grid.row(code), grid.column(column))
    style = formats.get("locked", underline=1, align="center")
    link(sheet, row, _TARGET, f"'{name}'!{place}", place, style)

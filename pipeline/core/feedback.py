"""What goes back to a unit: its own contents for a fresh form, and each finding with its cells."""

from collections.abc import Sequence

from pipeline.base.finding import Finding
from pipeline.core.intake import Returned
from pipeline.core.read_form import ReadRow, read_form
from pipeline.core.values import read_value
from pipeline.spec.form import CellContent, Feedback, FeedbackLine, Place
from pipeline.spec.messages import Messages
from pipeline.spec.template import Template


def feedback(form: Returned, findings: Sequence[Finding], template: Template, messages: Messages) -> Feedback:
    """The feedback on a form that was read; `findings` as judged."""
    rows = read_form(form.workbook, template, form.issued).rows
    return Feedback(
        contents={place: content for row in rows for place, content in _contents(row, template).items()},
        lines=tuple(_line(finding, rows, template, messages) for finding in findings),
    )


def _contents(row: ReadRow, template: Template) -> dict[Place, CellContent]:
    """The open cells of a row: understood values as such, everything else as the text it was."""
    table = template.table(row.issued.table)
    contents: dict[Place, CellContent] = {}
    for column in table.entry_columns:
        value_type = template.type_of(table, column.key, row.issued.entry)
        if column.key not in row.issued.open or value_type is None:
            continue
        content = read_value(row, column.key, value_type, template)
        if content != "":
            contents[table.key, row.issued.code, column.key] = content
    return contents


def _line(finding: Finding, rows: Sequence[ReadRow], template: Template, messages: Messages) -> FeedbackLine:
    said = messages.say(finding)
    return FeedbackLine(
        severity=said.severity.value,
        where=_where(finding, template),
        title=said.title,
        found=said.found,
        expected=said.expected,
        mend=said.mend,
        example=said.example,
        places=_places(finding, rows),
    )


def _where(finding: Finding, template: Template) -> str:
    words = template.feedback
    if finding.sheet and finding.row_code:
        return words.row.format(sheet=finding.sheet, row=finding.row_code, label=finding.label)
    return finding.sheet or words.whole_file


def _places(finding: Finding, rows: Sequence[ReadRow]) -> tuple[Place, ...]:
    """The open cells that the finding names, found through their addresses in the file as sent."""
    return tuple(
        (row.issued.table, row.issued.code, key)
        for row in rows
        if row.issued.code == finding.row_code and row.sheet == finding.sheet
        for key, address in row.addresses.items()
        if address in finding.cells and key in row.issued.open
    )

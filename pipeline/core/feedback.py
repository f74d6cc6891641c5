"""What goes back to a unit: its own contents for a fresh form, and what was found with its cells."""

from collections.abc import Sequence

from pipeline.base.record import KeptFinding
from pipeline.base.sheet import Workbook
from pipeline.core.grouping import FindingGroup, grouped
from pipeline.core.read_form import ReadRow, read_form
from pipeline.core.values import read_value
from pipeline.spec.form import CellContent, Feedback, FeedbackLine, FormContent, Place
from pipeline.spec.template import Template


def feedback(
    workbook: Workbook, issued: FormContent, findings: Sequence[KeptFinding], template: Template
) -> Feedback:
    """The feedback on a form that was read; `findings` as they were told, equal ones become one line."""
    rows = read_form(workbook, template, issued).rows
    return Feedback(
        contents={place: content for row in rows for place, content in _contents(row, template).items()},
        lines=tuple(_line(group, rows, template) for group in grouped(findings)),
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


def _line(group: FindingGroup, rows: Sequence[ReadRow], template: Template) -> FeedbackLine:
    said = group.first
    return FeedbackLine(
        severity=said.severity,
        where=_where(group, template),
        title=said.title,
        found=said.found,
        expected=said.expected,
        mend=said.mend,
        example=said.example,
        places=tuple(place for finding in group.findings for place in _places(finding, rows)),
    )


def _where(group: FindingGroup, template: Template) -> str:
    words, sheet = template.feedback, group.first.sheet
    if sheet and group.rows:
        column = words.column.format(label=group.label) if group.label else ""
        return words.row.format(sheet=sheet, rows=", ".join(group.rows), column=column)
    return sheet or words.whole_file


def _places(finding: KeptFinding, rows: Sequence[ReadRow]) -> tuple[Place, ...]:
    """The open cells that the finding names, found through their addresses in the file as sent."""
    return tuple(
        (row.issued.table, row.issued.code, key)
        for row in rows
        if row.sheet == finding.sheet
        for key, address in row.addresses.items()
        if address in finding.addresses and key in row.issued.open
    )

"""What a form says about its rows, and what the program says, in the same words: those of the form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pipeline.base.finding import Finding, Severity
from pipeline.base.sheet import Cell, CellKind, Workbook, serial_day
from pipeline.base.text import clean
from pipeline.core.read_form import ReadRow
from pipeline.edges.form.formulas import SEPARATOR
from pipeline.spec.messages import CLOSED_CELL
from pipeline.spec.template import ValueType
from tests.forms import MESSAGES, RULES, TEMPLATE

WORDS = TEMPLATE.words
SHORT = {rule.code: rule.short for _, rule in RULES}
OUT_OF_RANGE = ("C06", "C07")
RowKey = tuple[str, str]  # sheet, code


@dataclass(frozen=True, slots=True)
class Notation:
    """A way to write that the program understands in cells of a kind, while the form calls it wrong."""

    base: str
    name: str
    example: str


NOTATIONS = {
    notation.base: notation
    for notation in (
        Notation("number", "number typed as text", "85,5%"),
        Notation("date", "date typed as text", "ngày 05 tháng 11 năm 2026"),
        Notation("choice", "choice in other words, or not as in the list", "chua co"),
        Notation("text", "text too long only by its blanks or by decomposed letters", f"a{' ' * 1000}b"),
    )
}
# What no cell can say: whole kinds of findings, and single ones.
ONLY_THE_PROGRAM = ("F", "U", "B", "S", "X", "D", "C10", "C14", "C15", "C16", "C17")
BESIDE_THE_ROW = ("C15", "C16")  # those of them that hold nothing, about a row that may be good
# What an office program does not tell its formulas: LibreOffice takes TRUE for 1, and a date for a number.
UNSEEN = (CellKind.BOOLEAN, CellKind.DATE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said about one row: short texts, of errors and of warnings."""

    errors: frozenset[str] = frozenset()
    warnings: frozenset[str] = frozenset()

    @property
    def rank(self) -> int:
        return 2 if self.errors else 1 if self.warnings else 0


def key_of(row: ReadRow) -> RowKey:
    return row.sheet, row.issued.code


# --- the form -------------------------------------------------------------------------------------


def said_by_form(row: ReadRow) -> Verdict:
    """The check cell of a row, taken apart; it must be a text that the form can say."""
    check = check_text(row)
    rest, _, warnings = check.partition(WORDS.row_warning)
    errors = rest.removeprefix(WORDS.row_error).removesuffix(". ") if rest.startswith(WORDS.row_error) else ""
    verdict = Verdict(_parts(errors), _parts(warnings))
    assert verdict.rank or check in ("", WORDS.row_done), check
    return verdict


def check_text(row: ReadRow) -> str:
    assert "check" in row.addresses
    return row.cells["check"].text if "check" in row.cells else ""


def _parts(texts: str) -> frozenset[str]:
    return frozenset(texts.split(SEPARATOR)) if texts else frozenset()


def heads(workbook: Workbook) -> list[str]:
    """Whether the form is ready, as each of its tables says."""
    tags = {table.sheet: table.tag("code") for table in TEMPLATE.tables}
    said = []
    for sheet in workbook.sheets:
        if sheet.name in tags:
            row = next(row for (row, _), cell in sheet.cells.items() if cell.value == tags[sheet.name])
            said.append(sheet.cells[row - 1, 1].text)
    return said


# --- the program ----------------------------------------------------------------------------------


def said_by_program(rows: Sequence[ReadRow], findings: Sequence[Finding]) -> dict[RowKey, Verdict]:
    """The findings about each row of one form, in the words of its check cells."""
    return {key_of(row): _verdict(row, findings_of(row, findings)) for row in rows}


def findings_of(row: ReadRow, findings: Sequence[Finding]) -> list[Finding]:
    """What is said of the cells and rules of a row; not how the table stands."""
    return [
        f
        for f in findings
        if (f.sheet, f.row_code) == key_of(row) and f.code[0] in "CRN" and f.code not in BESIDE_THE_ROW
    ]


def _verdict(row: ReadRow, findings: Sequence[Finding]) -> Verdict:
    texts: dict[Severity, set[str]] = {severity: set() for severity in Severity}
    for finding in findings:
        texts[MESSAGES.severity(finding.code)].add(_short(row, finding))
    return Verdict(frozenset(texts[Severity.ERROR]), frozenset(texts[Severity.WARNING]))


def _short(row: ReadRow, finding: Finding) -> str:
    if finding.code in SHORT:
        return SHORT[finding.code]
    if finding.code == CLOSED_CELL:
        return WORDS.row_closed.format(label=finding.label)
    column = next(key for key, address in row.addresses.items() if address in finding.cells)
    value_type = open_type(row, column)
    assert value_type
    text = value_type.range_short if finding.code in OUT_OF_RANGE else value_type.short
    return text.format(label=finding.label)


def open_type(row: ReadRow, column: str) -> ValueType | None:
    if column not in row.issued.open:
        return None
    return TEMPLATE.type_of(TEMPLATE.table(row.issued.table), column, row.issued.entry)


# --- cells as the form sees them ------------------------------------------------------------------


def as_the_form_sees(workbook: Workbook, rows: Sequence[ReadRow], findings: Sequence[Finding]) -> Workbook:
    """The workbook with its notations refused, and with what formulas are not told taken from its cells."""
    changed: dict[str, dict[tuple[int, int], Cell]] = {}
    for row in rows:
        for cell in (*_refused(row, findings), *_bared(row)):
            changed.setdefault(row.sheet, {})[cell.row, cell.column] = cell
    sheets = [replace(s, cells={**s.cells, **changed.get(s.name, {})}) for s in workbook.sheets]
    return Workbook(tuple(sheets))


def notations(row: ReadRow, findings: Sequence[Finding]) -> dict[str, Notation]:
    """The notations of a row by column: texts that the program reads, and the form does not."""
    told = [f for f in findings_of(row, findings) if f.code not in (*SHORT, *OUT_OF_RANGE)]
    wrong = {cell for finding in told for cell in finding.cells}
    return {
        key: NOTATIONS[value_type.base]
        for key, cell, value_type in _open_cells(row)
        if cell.address not in wrong and _is_other_text(cell, value_type)
    }


def has_unseen(row: ReadRow) -> bool:
    """Whether a cell of the row holds what its formulas are not told."""
    return bool(list(_bared(row)))


def _open_cells(row: ReadRow) -> Iterator[tuple[str, Cell, ValueType]]:
    for key, cell in row.cells.items():
        value_type = open_type(row, key)
        if value_type:
            yield key, cell, value_type


def _is_other_text(cell: Cell, value_type: ValueType) -> bool:
    if cell.kind is not CellKind.TEXT or not clean(cell.text):
        return False
    trimmed = " ".join(part for part in cell.text.split(" ") if part)  # as TRIM does
    if value_type.base == "choice":
        return trimmed.casefold() not in {choice.label.casefold() for choice in value_type.choices}
    return value_type.base != "text" or len(trimmed) > value_type.longest


def _refused(row: ReadRow, findings: Sequence[Finding]) -> Iterator[Cell]:
    for key in notations(row, findings):
        value_type = open_type(row, key)
        assert value_type
        yield row.cells[key]._replace(value="?" * (value_type.longest + 1))


def _bared(row: ReadRow) -> Iterator[Cell]:
    for _, cell, value_type in _open_cells(row):
        if cell.kind in UNSEEN and value_type.base == "number":
            yield cell._replace(kind=CellKind.NUMBER, value=_bare(cell), number_format="General")


def _bare(cell: Cell) -> float:
    if isinstance(cell.value, (date, datetime)):
        return float(serial_day(cell.value))
    return float(cell.value is True)

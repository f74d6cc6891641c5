"""Find the tables of a returned form and take their rows, matched by code, with cell addresses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.base.finding import Finding
from pipeline.base.sheet import Cell, Sheet, Workbook, address
from pipeline.base.text import clean, fold
from pipeline.core.legacy_text import Understood, in_unicode, sample
from pipeline.spec.form import FormContent, FormRow
from pipeline.spec.template import Table, Template

Places = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as sent: `issued` is the row of the form it answers; `cells` by column key.

    `addresses` also names the cells that are empty, so that a finding can point at them.
    """

    issued: FormRow
    sheet: str
    row: int
    cells: Mapping[str, Cell]
    addresses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadForm:
    """All rows that could be found, and what is wrong with the shape of the form."""

    rows: tuple[ReadRow, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Texts:
    """A sheet, and the places of each of its texts, without blanks around it, in the order of the cells."""

    sheet: Sheet
    places: Places

    @cached_property
    def folded(self) -> Places:
        """The same for texts as they are compared where the spelling does not matter."""
        folded: dict[str, list[tuple[int, int]]] = {}
        for text, places in self.places.items():
            folded.setdefault(fold(text), []).extend(places)
        return folded


@dataclass(frozen=True, slots=True)
class _Located:
    sheet: Sheet
    header_row: int
    columns: Mapping[str, int]


def read_form(workbook: Workbook, template: Template, issued: FormContent) -> ReadForm:
    """Read every table of the form `issued` out of `workbook`."""
    understood = in_unicode(workbook, template)
    texts = [_Texts(sheet, _by_text(sheet)) for sheet in understood.workbook.sheets]
    rows: list[ReadRow] = []
    findings: list[Finding] = []
    for table in template.tables:
        places = _locate(texts, table)
        if not places:
            findings.append(Finding("B01", label=table.sheet))
            continue
        if _differ(places, table):
            names = "; ".join(place.sheet.name for place in places)
            findings.append(Finding("B08", label=table.sheet, found=names))
            continue
        found = places[0]
        missing = [c.label for c in table.entry_columns if c.key not in found.columns]
        if missing:
            findings.append(Finding("B02", sheet=found.sheet.name, found=", ".join(missing)))
        table_rows, faults = _read_table(found, table, issued)
        rows += table_rows
        findings += faults
    findings += _converted(rows, understood)
    return ReadForm(tuple(rows), tuple(findings))


def _converted(rows: list[ReadRow], understood: Understood) -> Iterator[Finding]:
    """For each sheet, which texts of the form were in a legacy encoding, with the first as it was read."""
    for sheet in dict.fromkeys(row.sheet for row in rows):
        cells = {
            (cell.row, cell.column): cell
            for row in rows
            for cell in row.cells.values()
            if row.sheet == sheet and (cell.row, cell.column) in understood.converted[sheet]
        }
        if cells:
            first, *_ = ordered = [cells[place] for place in sorted(cells)]
            addresses = tuple(cell.address for cell in ordered)
            words = {"count": str(len(ordered))}
            yield Finding("C17", sheet=sheet, cells=addresses, found=sample(first.text), values=words)


def _by_text(sheet: Sheet) -> Places:
    """Where each text stands: most stand in many cells."""
    places: dict[str, list[tuple[int, int]]] = {}
    for place, cell in sheet.cells.items():
        if isinstance(cell.value, str):
            places.setdefault(cell.value.strip(), []).append(place)
    return places


def _locate(texts: Sequence[_Texts], table: Table) -> list[_Located]:
    """Where the table stands: by the hidden tags; where they were lost, by the labels of the header.

    More than one place where somebody copied the sheet.
    """
    tags = {table.tag(c.key): c.key for c in table.columns}
    labels = {fold(c.label): c.key for c in table.columns}
    return _search([(one.sheet, one.places) for one in texts], tags, 1) or _search(
        [(one.sheet, one.folded) for one in texts], labels, len(table.columns) // 2
    )


def _search(texts: Sequence[tuple[Sheet, Places]], keys: Mapping[str, str], enough: int) -> list[_Located]:
    """The row with the most recognised cells of each sheet, if it has the code and `enough` of them."""
    found = []
    for sheet, places in texts:
        rows = {row: columns for row, columns in _recognised(places, keys).items() if "code" in columns}
        if rows:
            row = max(rows, key=lambda r: len(rows[r]))
            found.append(_Located(sheet, row, rows[row]))
    most = max((len(place.columns) for place in found), default=0)
    return [place for place in found if len(place.columns) == most >= enough]


def _differ(places: list[_Located], table: Table) -> bool:
    """Whether copies of a table hold different entries, so that nobody can tell which is meant."""
    contents = [_entries(place, table) for place in places] if len(places) > 1 else []
    return any(content != contents[0] for content in contents[1:])


def _entries(found: _Located, table: Table) -> dict[tuple[str, str], str]:
    columns = {c.key: found.columns[c.key] for c in table.entry_columns if c.key in found.columns}
    return {
        (code, key): cell.text
        for row, code in _coded_rows(found, table)
        for key, column in columns.items()
        if (cell := found.sheet.cells.get((row, column))) is not None and cell.formula is None
    }


def _recognised(places: Places, keys: Mapping[str, str]) -> dict[int, dict[str, int]]:
    """The recognised cells of each row, from the top; of equal ones in a row the first."""
    found = [(*place, key) for text, key in keys.items() for place in places.get(text, ())]
    rows: dict[int, dict[str, int]] = {}
    for row, column, key in sorted(found):
        rows.setdefault(row, {}).setdefault(key, column)
    return rows


def _read_table(found: _Located, table: Table, issued: FormContent) -> tuple[list[ReadRow], list[Finding]]:
    expected = {_plain(row.code): row for row in issued.rows[table.key]}
    by_code: dict[str, list[int]] = {}
    findings: list[Finding] = []
    for row, code in _coded_rows(found, table):
        if code in expected:
            by_code.setdefault(code, []).append(row)
        elif _has_entries(found, table, row):
            said = _at(found, "B05", row, "code", found_text=code) if code else _at(found, "B07", row, "code")
            findings.append(said)
    lost = [row.code for code, row in expected.items() if code not in by_code]
    if lost:
        findings.append(Finding("B03", sheet=found.sheet.name, found=", ".join(lost)))
    rows = []
    for code, places in by_code.items():
        if len(places) > 1:
            findings.append(_doubled(found, expected[code].code, places))
            continue
        answer = _read_row(found, table, expected[code], places[0])
        rows.append(answer)
        findings += _altered(answer, table)
    return rows, findings


def _coded_rows(found: _Located, table: Table) -> Iterator[tuple[int, str]]:
    """Rows below the header with the text of their code cell; the visible header itself is none."""
    header = fold(table.column_by_key["code"].label)
    for row in sorted({row for row, _ in found.sheet.cells if row > found.header_row}):
        cell = found.sheet.cells.get((row, found.columns["code"]))
        code = _plain(cell.text) if cell else ""
        if fold(code) != header:
            yield row, code


def _plain(code: str) -> str:
    """A code as it is compared: "v. 1" is V.1; letters of another alphabet stay what they are."""
    return clean(code).replace(" ", "").upper()


def _has_entries(found: _Located, table: Table, row: int) -> bool:
    columns = (found.columns[c.key] for c in table.entry_columns if c.key in found.columns)
    cells = (found.sheet.cells.get((row, column)) for column in columns)
    return any(cell is not None and cell.formula is None and cell.text.strip() for cell in cells)


def _read_row(found: _Located, table: Table, issued: FormRow, row: int) -> ReadRow:
    cells = {
        key: cell
        for key, column in found.columns.items()
        if (cell := found.sheet.cells.get((row, column))) is not None
    }
    addresses = {key: address(row, column) for key, column in found.columns.items()}
    return ReadRow(issued, found.sheet.name, row, cells, addresses)


def _altered(row: ReadRow, table: Table) -> Iterator[Finding]:
    """Locked texts that differ from the issued ones; the plan's own are used all the same."""
    for key, text in (row.issued.as_issued or row.issued.locked).items():
        cell = row.cells.get(key)
        sent = clean(cell.text) if cell else ""
        same = _plain(sent) == _plain(text) if key == "code" else sent == clean(text)
        if key in row.addresses and not same:
            yield Finding(
                "B06",
                sheet=row.sheet,
                cells=(row.addresses[key],),
                row_code=row.issued.code,
                label=table.column_by_key[key].label,
                found=sent,
                values={"expected_text": f"«{text}»" if text else "để trống"},
            )


def _doubled(found: _Located, code: str, places: list[int]) -> Finding:
    column = found.columns["code"]
    return Finding(
        "B04",
        sheet=found.sheet.name,
        cells=tuple(address(row, column) for row in places),
        row_code=code,
        found=code,
        values={"count": str(len(places))},
    )


def _at(found: _Located, code: str, row: int, key: str, found_text: str = "") -> Finding:
    return Finding(code, sheet=found.sheet.name, cells=(address(row, found.columns[key]),), found=found_text)

"""Forms that LibreOffice has calculated, row by row beside what the program says of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.base.sheet import CellKind, Workbook
from pipeline.core.intake import Judgement, Returned, judge
from pipeline.core.read_form import ReadRow, read_form
from pipeline.edges.form.grid import grids
from pipeline.spec.form import FormContent, Place
from tests.forms import MESSAGES, TEMPLATE, write
from tests.office import convert_all
from tests.packs import Typed, packed, unpacked
from tests.verdicts import (
    Verdict,
    as_the_form_sees,
    check_text,
    findings_of,
    has_unseen,
    heads,
    key_of,
    notations,
    said_by_form,
    said_by_program,
)

OFFICE_SECONDS = 500
Answers = Mapping[Place, Typed]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was written, and as LibreOffice saved it after calculating."""

    content: FormContent
    typed: Answers
    written: Workbook
    saved: Workbook

    def rows(self) -> tuple[ReadRow, ...]:
        return read_form(self.saved, TEMPLATE, self.content).rows


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a form with all that was said about it."""

    form: Verdict
    program: Verdict
    as_seen: Verdict  # what the program says of the row as the form sees it
    as_written: Verdict
    codes: frozenset[str]
    seen_codes: frozenset[str]
    notations: frozenset[str]
    unseen: bool
    calculated: bool  # a formula came without its result, or LibreOffice made one of TRUE
    check: str
    where: str


# --- filling and calculating ----------------------------------------------------------------------


def calculated(forms: Sequence[tuple[FormContent, Sequence[Answers]]], folder: Path) -> list[Filled]:
    """Each of the filled forms, read back after one LibreOffice has opened, calculated and saved all."""
    packs = [packed(write(content), [by_sheet(content, a) for a in answers]) for content, answers in forms]
    paths = [folder / f"pack-{number}.xlsx" for number in range(len(packs))]
    for path, pack in zip(paths, packs, strict=True):
        path.write_bytes(pack)
    out = folder / "out"
    out.mkdir()
    results = convert_all(paths, "xlsx", out, OFFICE_SECONDS)
    return [
        Filled(content, *form)
        for (content, answers), pack, result in zip(forms, packs, results, strict=True)
        for form in zip(
            answers,
            unpacked(pack, len(answers)),
            unpacked(result.read_bytes(), len(answers)),
            strict=True,
        )
    ]


def by_sheet(content: FormContent, answers: Answers) -> dict[str, dict[str, Typed]]:
    places = grids(TEMPLATE, content)
    sheets: dict[str, dict[str, Typed]] = {table.sheet: {} for table in TEMPLATE.tables}
    for (table, code, column), value in answers.items():
        grid = places[table]
        sheets[grid.table.sheet][grid.cell(column, grid.row(code))] = value
    return sheets


# --- judging --------------------------------------------------------------------------------------


def judged(forms: Sequence[tuple[Workbook, FormContent]]) -> list[Judgement]:
    batch = [Returned(str(n), workbook, content) for n, (workbook, content) in enumerate(forms)]
    return judge(batch, TEMPLATE, MESSAGES)


def compared(forms: Sequence[Filled]) -> Iterator[tuple[Filled, list[Row], Judgement]]:
    """For each form what its rows say, and what the program says of them, in the order of the forms."""
    contents = [form.content for form in forms]
    rows = [form.rows() for form in forms]
    saved = judged([(form.saved, form.content) for form in forms])
    written = judged([(form.written, form.content) for form in forms])
    seen = [
        as_the_form_sees(form.saved, part, judgement.findings)
        for form, part, judgement in zip(forms, rows, saved, strict=True)
    ]
    as_seen = judged(list(zip(seen, contents, strict=True)))
    for number, (form, part) in enumerate(zip(forms, rows, strict=True)):
        judgements = (saved[number], as_seen[number], written[number])
        yield form, [row_of(form, row, number, *judgements) for row in part], saved[number]


def row_of(
    form: Filled, row: ReadRow, number: int, saved: Judgement, seen: Judgement, written: Judgement
) -> Row:
    key = key_of(row)
    typed_here = {c: t for (table, code, c), t in form.typed.items() if (table, code) == row_place(row)}
    shown = {c: (t.kind.value, str(t.value)[:40], t.formula) for c, t in typed_here.items()}
    return Row(
        form=said_by_form(row),
        program=said_by_program([row], saved.findings)[key],
        as_seen=said_by_program([row], seen.findings)[key],
        as_written=said_by_program([row], written.findings)[key],
        codes=frozenset(f.code for f in findings_of(row, saved.findings)),
        seen_codes=frozenset(f.code for f in findings_of(row, seen.findings)),
        notations=frozenset(n.name for n in notations(row, saved.findings).values()),
        unseen=has_unseen(row),
        calculated=any(t.kind in (CellKind.UNCALCULATED, CellKind.BOOLEAN) for t in typed_here.values()),
        check=check_text(row),
        where=f"form {number} {form.content.unit.id} {' '.join(key)}: {shown}",
    )


def row_place(row: ReadRow) -> tuple[str, str]:
    return row.issued.table, row.issued.code


def assert_agreed(row: Row) -> None:
    """Equal; stricter for a notation that is written down; laxer only where no formula can know."""
    assert row.form == row.as_seen, row.where
    if row.notations:
        assert row.form.errors, row.where
    if not row.unseen:
        assert row.form.rank >= row.program.rank, row.where
    if not (row.notations or row.unseen):
        assert row.form == row.program, row.where
    if not row.calculated:
        assert row.program == row.as_written, row.where


def assert_head(form: Filled, rows: Sequence[Row]) -> None:
    """The head of every table counts the rows with errors of the whole form."""
    count = sum(bool(row.form.errors) for row in rows)
    words = TEMPLATE.words
    expected = words.not_ready.format(count=count) if count else words.ready
    assert heads(form.saved) == [expected] * sum(bool(form.content.rows[t.key]) for t in TEMPLATE.tables)


def assert_kept(form: Filled, rows: Sequence[Row], judgement: Judgement) -> None:
    """What is kept of the form stands in rows without errors, with the result that the form shows."""
    cells = {row_place(row): row.cells for row in form.rows()}
    told = dict(zip(cells, rows, strict=True))
    for fact in judgement.facts:
        row, result = told["indicators", fact.indicator], cells["indicators", fact.indicator].get("result")
        if row.notations:
            continue
        assert row.check, row.where
        assert not row.form.errors, row.where
        if result and result.formula and ("indicators", fact.indicator, "result") not in form.typed:
            assert (result.value or 0) == pytest.approx(fact.value or 0), row.where

"""The form and the program agree about every row, whatever is typed: proved by letting LibreOffice calculate.

The form may be stricter, on the notations of `verdicts.NOTATIONS`; it is never laxer, save for what
no cell can know. `schemas/README.md` tells both lists.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import get_args

from pipeline.base.period import Period
from pipeline.base.sheet import CellKind
from pipeline.base.text import BLANKS, clean
from pipeline.core.form_content import form_content
from pipeline.edges.form.formulas import SEPARATOR
from pipeline.spec.form import CellContent, FormContent, FormRow, Place
from pipeline.spec.plan import Entry
from tests.calculated import assert_agreed, assert_head, assert_kept, calculated, compared
from tests.documents import chapter
from tests.documents import rows as table_rows
from tests.forms import MESSAGES, PLAN, SCHEMAS, TEMPLATE, valid
from tests.packs import Typed
from tests.random_forms import POOLS, Hand, day, formula, text, typed
from tests.test_check_rows import BY_HAND, CASES, LEGAL, Changes, content_of
from tests.verdicts import BESIDE_THE_ROW, NOTATIONS, ONLY_THE_PROGRAM, SHORT, Verdict, heads

SEED, FORMS = 2026, 300
ROW_CODES = {code for code in MESSAGES.messages if code[0] in "CRN"}
NOTHING: Changes = {}


def issued_forms() -> list[FormContent]:
    """Two forms of every unit: with figures of the month before, and, in December, without any."""
    previous = {"count": 3.0, "ratio": 40.0, "share": 15.0, "index": 0.7612, "yes_no": 1.0}
    known = {indicator.code: previous[indicator.entry] for indicator in PLAN.indicators}
    months: list[tuple[Period, dict[str, float]]] = [(Period(2026, 11), known), (Period(2026, 12), {})]
    return [
        with_rare_rows(form_content(PLAN, TEMPLATE, unit, period, values))
        for unit in PLAN.expected_units
        for period, values in months
    ]


def with_rare_rows(content: FormContent) -> FormContent:
    """The plan assigns no task yet, and counts no ratio from January on; here some rows are of that kind."""
    tasks = tuple(
        replace(with_attribute(row, "assigned", "yes"), prefilled=None)
        if row.attributes["origin"] == "plan" and number % 2
        else row
        for number, row in enumerate(content.rows["tasks"])
    )
    indicators = tuple(
        with_attribute(row, "basis", "year_to_date") if row.entry == "ratio" and number % 5 == 0 else row
        for number, row in enumerate(content.rows["indicators"])
    )
    return replace(content, rows={**content.rows, "tasks": tasks, "indicators": indicators})


def with_attribute(row: FormRow, name: str, value: str) -> FormRow:
    return replace(row, attributes={**row.attributes, name: value})


# --- what is random -------------------------------------------------------------------------------


def test_the_form_and_the_program_say_the_same_of_every_row(tmp_path: Path) -> None:
    contents, hand = issued_forms(), Hand(Random(SEED))
    counts = [FORMS // len(contents) + (n < FORMS % len(contents)) for n in range(len(contents))]
    forms = [(c, [hand.form(c) for _ in range(count)]) for c, count in zip(contents, counts, strict=True)]
    tally: Counter[str] = Counter()
    told: set[str] = set()
    for form, rows, judgement in compared(calculated(forms, tmp_path)):
        tally["forms"] += 1
        if judgement.outcome == "empty":
            tally["empty"] += 1
            continue
        for row in rows:
            assert_agreed(row)
            told |= row.seen_codes
            tally.update(["rows", *row.notations])
            tally["equal"] += row.form == row.program
            tally["stricter"] += bool(row.notations)
            tally["unseen"] += row.unseen and not row.notations
        assert_head(form, rows)
        assert_kept(form, rows, judgement)
    print(dict(tally))  # shown with -s
    assert (tally["forms"], tally["empty"]) == (FORMS, 0)
    assert tally["equal"] > 4000
    assert min(tally[notation.name] for notation in NOTATIONS.values()) >= 10
    assert {code for code in MESSAGES.messages if code not in told} == codes_of(ONLY_THE_PROGRAM)


def codes_of(only: Sequence[str]) -> set[str]:
    """Single codes, and all codes of a letter."""
    return {code for code in MESSAGES.messages if code in only or code[0] in only}


def test_every_kind_of_row_is_among_the_forms() -> None:
    rows = [row for content in issued_forms() for row in content.rows["indicators"]]
    for name in ("entry", "basis", "combine"):
        assert {row.attributes[name] for row in rows} == {getattr(i, name) for i in PLAN.indicators}
    assert {row.attributes["entry"] for row in rows} == set(get_args(Entry))
    assert {(row.attributes["owed"], row.previous is None) for row in rows} >= {
        ("yes", True),
        ("yes", False),
        ("no", False),
    }
    tasks = [row for content in issued_forms() for row in content.rows["tasks"]]
    found = {(row.attributes["origin"], row.attributes["assigned"]) for row in tasks}
    assert found == {("plan", "yes"), ("plan", "no"), ("own", "yes")}


# --- what is legal, and each fault alone ----------------------------------------------------------


def legal(content: FormContent, code: str = "", changes: Changes = NOTHING) -> dict[Place, Typed]:
    """Valid cells in every row that asks for some, and `changes` in the row `code`."""
    answers: dict[Place, Typed] = {}
    for row in (row for rows in content.rows.values() for row in rows):
        cells: dict[str, CellContent | None] = {}
        if row.attributes.get("origin") != "own":
            cells |= valid(row)
        cells |= changes if row.code == code else {}
        answers |= {(row.table, row.code, k): typed(v) for k, v in cells.items() if v is not None}
    return answers


def by_hand(content: FormContent, code: str, column: str, value: object) -> dict[Place, Typed]:
    match value:
        case str() if value.startswith("="):
            put = formula(value[1:])
        case str():
            put = Typed(value, CellKind.ERROR)
        case datetime():
            put = day(value.date())
        case _:
            put = typed(float(str(value)))
    return legal(content, code) | {("indicators", code, column): put}


def test_a_legal_form_of_every_unit_is_ready_and_gives_no_finding(tmp_path: Path) -> None:
    forms = [(content, [legal(content)]) for content in issued_forms()]
    for form, rows, judgement in compared(calculated(forms, tmp_path)):
        assert (judgement.outcome, judgement.findings) == ("valid", ())
        assert {row.check for row in rows if "DV." not in row.where} == {TEMPLATE.words.row_done}
        assert {row.check for row in rows if "DV." in row.where} == {""}
        assert set(heads(form.saved)) == {TEMPLATE.words.ready}
        assert_kept(form, rows, judgement)


def test_every_fault_is_named_alone_by_form_and_program(tmp_path: Path) -> None:
    cases = [(code, unit, row, legal(content_of(unit), row, c)) for code, unit, row, c, _ in CASES]
    cases += [(c, unit, row, by_hand(content_of(unit), row, key, v)) for c, unit, row, key, v in BY_HAND]
    cases += [("", unit, row, legal(content_of(unit), row, changes)) for unit, row, changes in LEGAL]
    units = list(dict.fromkeys(unit for _, unit, _, _ in cases))
    cases.sort(key=lambda case: units.index(case[1]))
    forms = [(content_of(unit), [a for _, u, _, a in cases if u == unit]) for unit in units]
    found = compared(calculated(forms, tmp_path))
    for (code, _, code_of_row, _), (form, rows, _) in zip(cases, found, strict=True):
        for row in rows:
            assert_agreed(row)
            if f" {code_of_row}: " not in row.where:
                assert row.form == row.program == Verdict(), row.where
            elif code in BESIDE_THE_ROW:
                assert row.program == Verdict(), row.where
            elif code in ONLY_THE_PROGRAM:
                assert row.as_written.rank == 2, row.where
            elif code:
                assert row.codes == {code}, row.where
                assert len(row.form.errors | row.form.warnings) == 1, row.where
            else:
                assert row.program == Verdict(), row.where
                assert (row.form == Verdict()) is not bool(row.notations), row.where
        assert_head(form, rows)
    assert {code for code, *_ in cases} - {""} == ROW_CODES - {"C17"}  # of a whole sheet


def test_a_computed_result_is_compared_with_the_month_before(tmp_path: Path) -> None:
    content = with_rare_rows(
        form_content(PLAN, TEMPLATE, PLAN.unit_by_id["CA"], Period(2026, 11), {"V.20": 90})
    )
    ((_, rows, judgement),) = compared(calculated([(content, [legal(content)])], tmp_path))
    assert [(f.code, f.row_code, f.found) for f in judgement.findings] == [("R12", "V.20", "80")]
    assert rows[0].form == rows[0].program == Verdict(warnings=frozenset({SHORT["R12"]}))


# --- the two written lists ------------------------------------------------------------------------


def written_down() -> list[list[str]]:
    readme = (SCHEMAS / "README.md").read_text(encoding="utf-8")
    return table_rows(chapter(readme, "What form and program judge", "##"))


def test_the_notations_are_written_down() -> None:
    documented = [row for row in written_down() if len(row) == 3]
    assert [row[0] for row in documented] == [notation.name for notation in NOTATIONS.values()]
    pools = {TEMPLATE.types[name].base: pool for name, pool in POOLS.items()}
    for notation in NOTATIONS.values():
        assert any(text(notation.example) in pool for pool in POOLS.values()), notation.name
    assert pools.keys() == NOTATIONS.keys()


def test_what_only_the_program_judges_is_written_down_and_short() -> None:
    documented = [row[0].strip("`") for row in written_down() if len(row) == 2]
    assert documented == list(ONLY_THE_PROGRAM)
    assert len(codes_of(ONLY_THE_PROGRAM) & ROW_CODES) == 5


def test_the_form_knows_every_blank_that_the_program_knows() -> None:
    unseen = [c for c in map(chr, range(0x110000)) if unicodedata.category(c)[0] in "ZC"]
    assert sorted(BLANKS) == [c for c in unseen if not clean(c)]


def test_texts_of_the_form_can_be_told_apart() -> None:
    texts = [*SHORT.values(), *(t for vt in TEMPLATE.types.values() for t in (vt.short, vt.range_short))]
    assert not [text for text in texts if SEPARATOR in text or TEMPLATE.words.row_warning in text]

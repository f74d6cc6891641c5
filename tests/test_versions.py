"""Forms of another version, forms issued before the plan changed, and rules that are only tried."""

import io
import shutil
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.run import publish, workspace
from pipeline.run.month import run_month
from pipeline.run.templates import issue_templates
from pipeline.run.trial import try_shadow_rules
from pipeline.run.workspace import Workspace
from tests.forms import INDICATORS, SCHEMAS, TEMPLATE, cell_of, sent_form
from tests.test_take import NOW, ZONE, drop, ledger, outcomes, run

NOVEMBER = Period(2026, 11)
EARLY = datetime(2026, 11, 15, 8, 0, tzinfo=ZONE)


@pytest.fixture
def schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data files that a test may change."""
    folder = Path(shutil.copytree(SCHEMAS, tmp_path / "schemas"))
    monkeypatch.setattr(workspace, "SCHEMAS", folder)
    monkeypatch.setattr(publish, "SCHEMAS", folder)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "ws").mkdir()
    return tmp_path / "ws"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{text.count(old)} × {old}"
    path.write_text(text.replace(old, new), "utf-8")


def codes(verdict: object) -> list[str]:
    return [finding.code for finding in verdict.findings]  # type: ignore[attr-defined]


def typed_into(form: Path, **cells: float | str) -> bytes:
    """An issued form with values: `V_20__numerator=40`."""
    book = openpyxl.load_workbook(form)
    for name, value in cells.items():
        code, _, key = name.partition("__")
        cell_of(book, INDICATORS, code.replace("_", "."), key).value = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_form_of_an_older_version_is_read_with_a_note(root: Path, schemas: Path) -> None:
    newer = schemas / "template-v2.toml"
    shutil.copy(schemas / "template-v1.toml", newer)
    edit(newer, "\nversion = 1\n", "\nversion = 2\n")
    drop(root, cu__xlsx=sent_form("CA"))
    (verdict,) = run(root).verdicts
    assert (verdict.outcome, codes(verdict)) == ("valid", ["F19"])
    assert "phiên bản 1" in verdict.findings[0].found
    assert ledger(root, "SELECT count(*) FROM current_fact") == [(3,)]


def test_an_older_version_goes_by_its_own_rules(root: Path, schemas: Path) -> None:
    newer = schemas / "template-v2.toml"
    shutil.copy(schemas / "template-v1.toml", newer)
    edit(newer, "\nversion = 1\n", "\nversion = 2\n")
    edit(newer, 'check = "numerator <= denominator"', 'check = "numerator <= 1"')
    drop(root, cu__xlsx=sent_form("CA"))
    assert outcomes(run(root)) == {"cu.xlsx": "valid"}


def test_an_unknown_version_is_refused_never_taken_for_the_newest(root: Path, schemas: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sent_form("CA")))
    hidden = book[TEMPLATE.identity.sheet]
    (place,) = [c for row in hidden.iter_rows() for c in row if c.value == TEMPLATE.identity.version]
    hidden.cell(place.row, 2).value = "7"
    file = io.BytesIO()
    book.save(file)
    drop(root, la__xlsx=file.getvalue())
    (verdict,) = run(root).verdicts
    assert (verdict.outcome, codes(verdict)) == ("rejected", ["F09"])


def test_a_form_issued_before_the_plan_changed_is_compared_with_what_was_issued(
    root: Path, schemas: Path
) -> None:
    forms = issue_templates(Workspace(root, None, EARLY), NOVEMBER, lambda line: None)
    form = next(path for path in forms.files if path.name.startswith("CA-"))
    plan = schemas / "plan-2026.toml"
    edit(plan, 'numerator_label   = "Số người được định danh số"', 'numerator_label   = "Số người định danh"')
    filled: dict[str, float | str] = {
        "V_20__numerator": 40,
        "V_20__denominator": 50,
        "V_20__evidence": "BC 45",
    }
    drop(root, ca__xlsx=typed_into(form, **filled))
    (verdict,) = run(root).verdicts
    assert "F20" in codes(verdict)
    assert "B06" not in codes(verdict)  # the unit altered nothing
    drop(root, sua__xlsx=typed_into(form, **filled, V_28__numerator_label="Số khác"))
    (verdict,) = run(root, datetime(2026, 11, 21, 10, 0, tzinfo=ZONE)).verdicts
    (altered,) = [f for f in verdict.findings if f.code == "B06"]
    assert altered.row_code == "V.28"
    assert "Số người được định danh số" in altered.found


def test_a_form_that_was_never_issued_is_noted_where_others_were(root: Path, schemas: Path) -> None:
    issue_templates(Workspace(root, None, EARLY), NOVEMBER, lambda line: None)
    book = openpyxl.load_workbook(io.BytesIO(sent_form("CA")))
    hidden = book[TEMPLATE.identity.sheet]
    (place,) = [c for row in hidden.iter_rows() for c in row if c.value == TEMPLATE.identity.checksum]
    hidden.cell(place.row, 2).value = "f" * 64
    file = io.BytesIO()
    book.save(file)
    drop(root, la__xlsx=file.getvalue())
    (verdict,) = run(root).verdicts
    assert (verdict.outcome, codes(verdict)) == ("valid", ["F21"])


def test_a_shadow_rule_says_nothing_but_what_it_would_have_said(root: Path, schemas: Path) -> None:
    template = schemas / "template-v1.toml"
    rule = 'code = "R03"\n'
    edit(template, rule, f"{rule}shadow = true\n")
    drop(root, ca__xlsx=sent_form("CA", V_20__numerator=60.0, V_28__numerator=60.0, V_28__denominator=70.0))
    assert outcomes(run(root)) == {"ca.xlsx": "valid"}
    before = (root / "archive" / "ledger.sqlite").read_bytes()
    (tried,) = try_shadow_rules(Workspace(root, None, NOW), NOVEMBER, lambda line: None)
    assert (tried.file, [(f.code, f.row_code) for f in tried.findings]) == ("ca.xlsx", [("R03", "V.20")])
    assert (root / "archive" / "ledger.sqlite").read_bytes() == before
    edit(template, "shadow = true\n", "")
    with pytest.raises(OperatorError, match="shadow"):
        try_shadow_rules(Workspace(root, None, NOW), NOVEMBER, lambda line: None)


def test_late_files_of_the_year_before_are_judged_by_their_own_plan(root: Path, schemas: Path) -> None:
    later = schemas / "plan-2027.toml"
    shutil.copy(schemas / "plan-2026.toml", later)
    text = later.read_text("utf-8")
    for old, new in (
        ('"phuoc-an-2026"', '"phuoc-an-2027"'),
        ("= 2026\n", "= 2027\n"),
        ("= 2026-", "= 2027-"),
    ):
        text = text.replace(old, new)
    later.write_text(text, "utf-8")
    january = datetime(2027, 1, 20, 9, 0, tzinfo=ZONE)
    drop(root, ca__xlsx=sent_form("CA", "2026-12"))
    result = run_month(Workspace(root, None, january), None, lambda line: None)
    assert [(v.unit, v.period, v.outcome) for v in result.verdicts] == [("CA", "2026-12", "warned")]
    assert "tong-hop-2026-12.xlsx" in [path.name for path in result.workbooks]

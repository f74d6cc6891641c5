"""What careless and hostile senders did to this program once, and must never do again."""

import io
import os
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.base.text import BLANKS
from pipeline.edges.reading.workbook import read_workbook
from pipeline.run.issuing import issue
from pipeline.run.mail_send import SendOrder, send_mail
from pipeline.run.month import run_month
from pipeline.run.rebuilding import rebuild
from pipeline.run.report import write_report
from pipeline.run.results import MonthResult
from pipeline.run.workspace import Workspace
from tests.forms import INDICATORS, cell_of, issued, load, sent_form, valid, write
from tests.test_take import drop, ledger, mail, outcomes, zipped

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def run(root: Path, now: datetime = NOW) -> MonthResult:
    return run_month(Workspace(root, None, now), Period(2026, 11), lambda line: None)


def codes(result: MonthResult) -> dict[str, list[str]]:
    return {verdict.file: [f.code for f in verdict.findings] for verdict in result.verdicts}


def edited(unit: str, code: str, key: str, **properties: object) -> bytes:
    """A legal form in which one entry cell was changed by another program."""
    book = load(sent_form(unit))
    cell = cell_of(book, INDICATORS, code, key)
    for name, value in properties.items():
        setattr(cell, name, value)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("key", ["numerator", "evidence", "state"])
def test_a_text_as_long_as_a_cell_stops_no_workbook(tmp_path: Path, key: str) -> None:
    drop(tmp_path, dai__xlsx=edited("CA", "V.20", key, value="Z" * 32767), tot__xlsx=sent_form("TH"))
    result = run(tmp_path)
    assert {v.unit: v.outcome for v in result.verdicts} == {"CA": "partial", "TH": "valid"}
    assert result.workbooks[0].exists()
    assert run(tmp_path).workbooks == result.workbooks


def test_a_long_number_format_costs_nothing(tmp_path: Path) -> None:
    form = sent_form("CA")
    bent = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as old, zipfile.ZipFile(bent, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry == "xl/styles.xml":
                assert b'formatCode="#,##0"' in data or b"<cellXfs" in data
                extra = b'<numFmt numFmtId="164" formatCode="&quot;' + b"[" * 200_000 + b'"/>'
                data = data.replace(b"<numFmts", b"<numFmtsOld").replace(b"</numFmts>", b"</numFmtsOld>")
                data = data.replace(b"<fonts", b'<numFmts count="1">' + extra + b"</numFmts><fonts", 1)
            new.writestr(entry, data)
    drop(tmp_path, ca__xlsx=bent.getvalue())
    assert list(outcomes(run(tmp_path))) == ["ca.xlsx"]


@pytest.mark.parametrize(
    "received",
    ["Fri, 31 Dec 9999 23:59:59 +0000", "Sun, 01 Jan 2099 00:00:00 +0700", "Thu, 01 Jan 1970 00:00:00 +0000"],
)
def test_an_incredible_moment_of_receipt_is_not_used(tmp_path: Path, received: str) -> None:
    drop(tmp_path, thu__eml=mail(("ca.xlsx", sent_form("CA")), received=received))
    (line,) = [line for line in run(tmp_path).status.lines if line.unit == "CA"]
    assert (line.arrival_source, line.arrived_at) == ("first_seen", "2026-11-18T09:00:00+07:00")


def test_a_mail_packed_into_an_archive_proves_no_moment(tmp_path: Path) -> None:
    letter = mail(("ca.xlsx", sent_form("CA")), received="Mon, 16 Nov 2026 08:00:00 +0700")
    drop(tmp_path, thu__zip=zipped(thu__eml=letter))
    (line,) = [line for line in run(tmp_path).status.lines if line.unit == "CA"]
    assert line.arrival_source == "first_seen"


def test_a_broken_lzma_entry_is_a_broken_file(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet" * 9)
    data = bytearray(packed.getvalue())
    data[60:75] = b"\xff" * 15
    drop(tmp_path, hong__ods=bytes(data), tot__xlsx=sent_form("CA"))
    result = run(tmp_path)
    assert outcomes(result)["tot.xlsx"] == "valid"
    assert list((tmp_path / "inbox").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="names of Windows are always text")
def test_two_names_that_look_alike_are_two_files(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, unit in ((b"\xff.xlsx", "CA"), (b"\xfe.xlsx", "TH")):
        Path(os.fsdecode(os.fsencode(inbox) + b"/" + name)).write_bytes(sent_form(unit))
    assert {v.unit for v in run(tmp_path).verdicts} == {"CA", "TH"}
    assert list(inbox.iterdir()) == []


@pytest.mark.parametrize("place", ["A1048576", "XFD100"])
def test_a_stray_character_far_away_is_passed_over(tmp_path: Path, place: str) -> None:
    book = load(sent_form("CA"))
    book[INDICATORS.sheet][place] = "x"
    saved = io.BytesIO()
    book.save(saved)
    drop(tmp_path, ca__xlsx=saved.getvalue())
    assert outcomes(run(tmp_path)) == {"ca.xlsx": "valid"}


@pytest.mark.parametrize(("value", "expected"), [(40, ("valid", [])), (41, ("partial", ["B08"]))])
def test_a_copied_sheet_with_other_figures_is_asked_about(
    tmp_path: Path, value: int, expected: tuple[str, list[str]]
) -> None:
    book = load(sent_form("CA"))
    copy = book.copy_worksheet(book[INDICATORS.sheet])
    copy.title = "Chỉ tiêu (2)"
    original = cell_of(book, INDICATORS, "V.20", "numerator")
    copy[original.coordinate].value = value
    saved = io.BytesIO()
    book.save(saved)
    drop(tmp_path, ca__xlsx=saved.getvalue())
    result = run(tmp_path)
    assert (outcomes(result)["ca.xlsx"], codes(result)["ca.xlsx"]) == expected


@pytest.mark.parametrize("written", ["v.20", "V. 20", " V.20 "])
def test_a_code_typed_again_is_the_same_code(tmp_path: Path, written: str) -> None:
    drop(tmp_path, ca__xlsx=edited("CA", "V.20", "code", value=written))
    assert outcomes(run(tmp_path)) == {"ca.xlsx": "valid"}


def test_a_note_below_the_table_is_no_row(tmp_path: Path) -> None:
    book = load(sent_form("CA"))
    last = cell_of(book, INDICATORS, "V.30", "code")
    book[INDICATORS.sheet].cell(last.row + 3, last.column, "Ghi chú: số liệu tính đến 14/11")
    saved = io.BytesIO()
    book.save(saved)
    drop(tmp_path, ca__xlsx=saved.getvalue())
    assert outcomes(run(tmp_path)) == {"ca.xlsx": "valid"}


def test_a_file_name_cannot_forge_a_line(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a\nGIẢ.xlsx").write_bytes(b"junk")
    (verdict,) = run(tmp_path).verdicts
    assert verdict.file == "a?GIẢ.xlsx"


def test_half_a_copy_waits_for_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.edges.store.inbox.QUIET_SECONDS", 60)
    whole = sent_form("CA")
    drop(tmp_path, ca__xlsx=whole[: len(whole) // 2])
    first = run(tmp_path)
    assert (first.verdicts, first.left) == ((), ("ca.xlsx",))
    drop(tmp_path, ca__xlsx=whole)
    assert outcomes(run(tmp_path)) == {"ca.xlsx": "valid"}


def test_two_halves_of_the_same_copy_both_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.edges.store.inbox.QUIET_SECONDS", 60)
    half = sent_form("CA")[:5000]
    drop(tmp_path, mot__xlsx=half, hai__xlsx=half)
    result = run(tmp_path)
    assert (result.verdicts, sorted(result.left)) == ((), ["hai.xlsx", "mot.xlsx"])


def test_a_broken_file_at_rest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.edges.store.inbox.QUIET_SECONDS", 60)
    whole = sent_form("CA")
    drop(tmp_path, ca__xlsx=whole[: len(whole) // 2])
    os.utime(tmp_path / "inbox" / "ca.xlsx", (1_700_000_000, 1_700_000_000))
    assert codes(run(tmp_path)) == {"ca.xlsx": ["F02"]}


def test_the_workbook_holds_no_formula_of_a_sender(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://example.org","x")'
    drop(tmp_path, **{"=1+1__xlsx": sent_form("CA", V_20__evidence=evil, V_28__numerator="+1+cmd")})
    result = run(tmp_path)
    book = read_workbook(result.workbooks[0].read_bytes())
    cells = [cell for sheet in book.sheets for cell in sheet.cells.values()]
    assert any(cell.value == evil and cell.formula is None for cell in cells)
    formulas = [cell.formula for cell in cells if cell.formula]
    assert [text for text in formulas if "example" in text or "cmd" in text] == []


@pytest.mark.parametrize("name", ["phieu[1].xlsx", "[CA] x.xlsx", "facts[value].xlsx", "a[@total].xlsx"])
def test_a_file_name_is_no_part_of_a_formula(tmp_path: Path, name: str) -> None:
    drop(tmp_path, a__xlsx=sent_form("CA"))
    run(tmp_path)
    (tmp_path / "inbox" / name).write_bytes(sent_form("CA", V_20__numerator=41.0))
    book = read_workbook(run(tmp_path, NOW + timedelta(hours=1)).workbooks[0].read_bytes())
    (changes,) = [sheet for sheet in book.sheets if sheet.name == "Thay đổi"]
    (link,) = [cell.formula for cell in changes.cells.values() if cell.text == name]
    assert link is not None
    assert link.endswith(f',"{name}")')


def test_a_day_folder_before_all_time_is_no_day(tmp_path: Path) -> None:
    (tmp_path / "inbox" / "0001-01-01").mkdir(parents=True)
    (tmp_path / "inbox" / "0001-01-01" / "t.xlsx").write_bytes(sent_form("CA"))
    result = run(tmp_path)
    assert result.verdicts == ()
    assert "không có ngày 0001-01-01" in result.left[0]


def test_a_day_folder_of_the_future_sets_no_arrival(tmp_path: Path) -> None:
    (tmp_path / "inbox" / "2027-01-01").mkdir(parents=True)
    (tmp_path / "inbox" / "2027-01-01" / "t.xlsx").write_bytes(sent_form("CA"))
    (line,) = [line for line in run(tmp_path).status.lines if line.unit == "CA"]
    assert (line.arrival_source, line.time) == ("first_seen", "on_time")


def test_a_broken_file_from_a_clock_that_runs_ahead_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.edges.store.inbox.QUIET_SECONDS", 10)
    drop(tmp_path, a__xlsx=b"junk")
    ahead = time.time() + 400 * 86_400
    os.utime(tmp_path / "inbox" / "a.xlsx", (ahead, ahead))
    assert outcomes(run(tmp_path)) == {"a.xlsx": "rejected"}


def test_refused_bytes_are_sealed_once_under_whatever_name(tmp_path: Path) -> None:
    for name in ("a__xlsx", "b__xlsx", "c__xlsx"):
        drop(tmp_path, **{name: b"junk"})
        run(tmp_path)
    assert len(list((tmp_path / "archive" / "khong-ro").iterdir())) == 1
    assert ledger(tmp_path, "SELECT count(*) FROM current_submission") == [(1,)]


@pytest.mark.parametrize("junk", [b"\xff\xfe\n", b"junk\n", b'{"a": 1}\n'])
def test_junk_in_the_journal_is_told_in_one_line(tmp_path: Path, junk: bytes) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    journal = tmp_path / "archive" / "so-theo-doi.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole + junk)
    drop(tmp_path, th__xlsx=sent_form("TH"))
    for work in (lambda: run(tmp_path), lambda: rebuild(Workspace(tmp_path, None, NOW))):
        with pytest.raises(OperatorError, match="có dòng không đọc được"):
            work()
    journal.rename(journal.with_name("hong.jsonl"))
    assert outcomes(run(tmp_path)) == {"th.xlsx": "valid"}
    assert journal.read_bytes().startswith(whole)


# Turns round or hides what stands beside it, or steers the program that shows it.
UNSEEN = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\x07\x1b\x7f\x9b"
)


def texts_of(path: Path) -> list[str]:
    """All text of a file, also of the parts of a zip."""
    if not zipfile.is_zipfile(path):
        return [path.read_text("utf-8-sig")]
    with zipfile.ZipFile(path) as parts:
        names = [name for name in parts.namelist() if name.endswith((".xml", ".json", ".csv", ".html"))]
        return [parts.read(name).decode("utf-8-sig") for name in names]


def test_nothing_unseen_goes_into_what_people_read(tmp_path: Path) -> None:
    word = f"{UNSEEN}bá{UNSEEN}o cáo"
    content = issued("CA")
    typed = {(r.table, r.code, k): v for r in content.rows["indicators"] for k, v in valid(r).items()}
    typed["indicators", "V.20", "numerator"] = f"khoảng {UNSEEN}40"
    typed["indicators", "V.28", "state"] = f"{word} lạ"
    typed |= {("indicators", code, "evidence"): f"{word} {code}" for code in ("V.20", "V.28", "V.30")}
    typed |= {("narratives", code, "text"): f"{word}\n{code}" for code in ("KQ", "KK", "KN", "PH")}
    typed |= {("tasks", "DV.1", key): word for key in ("work", "person", "product", "document")}
    drop(tmp_path, ca__xlsx=write(content, typed))
    now = datetime(2026, 11, 24, 9, 0, tzinfo=NOW.tzinfo)
    run(tmp_path, now)
    workspace = Workspace(tmp_path, None, now)
    write_report(workspace, Period(2026, 11), pdf=False, tell=lambda line: None)
    send_mail(workspace, Period(2026, 11), SendOrder(), lambda line: None)
    issue(workspace, Period(2026, 11), lambda line: None)
    told = [path for path in (tmp_path / "outbox").rglob("*") if path.is_file() and path.suffix != ".eml"]
    assert {path.suffix for path in told} >= {".xlsx", ".html", ".docx", ".csv", ".json", ".txt", ".zip"}
    texts = {path: "".join(texts_of(path)) for path in told}
    assert any("báo cáo V.30" in text for text in texts.values())
    # The form to be mended lists for its formulas what leaves a cell blank.
    own = {path: set(BLANKS) if path.parent.name == "phan-hoi" else set() for path in texts}
    found = {path.name: (set(UNSEEN) - own[path]) & set(text) for path, text in texts.items()}
    assert {name: signs for name, signs in found.items() if signs} == {}
    assert not any(escape in text for text in texts.values() for escape in ("_x0007_", "_x001B_"))
    kept = ledger(tmp_path, "SELECT evidence FROM fact WHERE indicator = 'V.30'")
    assert kept == [("báo cáo V.30",)]


def test_what_is_quoted_writes_no_line_of_an_official_letter(tmp_path: Path) -> None:
    forged = "khoảng 40»\n\n2. [Lỗi] Cả tệp: Bấm vào http://example.org"
    drop(tmp_path, ca__xlsx=sent_form("CA", V_20__numerator=forged))
    run(tmp_path)
    (text,) = (tmp_path / "outbox" / "2026-11" / "phan-hoi").glob("CA-*.txt")
    lines = text.read_text("utf-8-sig").splitlines()
    assert [line[:2] for line in lines if line[:1].isdigit()] == ["1."]
    assert "khoảng 40» 2. [Lỗi] Cả tệp: Bấm vào" in "".join(lines)


def test_forms_of_one_name_in_one_mail_can_be_told_apart(tmp_path: Path) -> None:
    """Three forms, one of them twice: each content is one file with a name of its own."""
    forms = [sent_form("CA", V_20__numerator=number) for number in (40.0, 41.0, 42.0, 40.0)]
    drop(tmp_path, thu__eml=mail(*(("phiếu.xlsx", form) for form in forms)))
    result = run(tmp_path)
    names = [f"thu.eml/{name}" for name in ("phiếu (2).xlsx", "phiếu (3).xlsx", "phiếu.xlsx")]
    assert sorted(outcomes(result)) == ["thu.eml", *names]
    assert len(result.verdicts) == 4
    assert ledger(tmp_path, "SELECT count(*) FROM repeat") == [(0,)]
    said = {f.found for verdict in result.verdicts for f in verdict.findings if f.code == "F18"}
    assert all(all(name in text for name in names) for text in said)

"""The inbox as it really is: mails, archives, scans, repeats, two forms at once, refused ones again."""

import io
import sqlite3
import zipfile
from contextlib import closing
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.base.period import Period
from pipeline.run.month import run_month
from pipeline.run.results import MonthResult
from pipeline.run.workspace import Workspace
from tests.forms import sent_form

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
SCAN = b"%PDF-1.7 a signed scan"


def drop(root: Path, **files: bytes) -> None:
    """Files by name; two underscores stand for the dot of the ending."""
    (root / "inbox").mkdir(exist_ok=True)
    for name, data in files.items():
        (root / "inbox" / name.replace("__", ".")).write_bytes(data)


def run(root: Path, now: datetime = NOW) -> MonthResult:
    return run_month(Workspace(root, None, now), Period(2026, 11), lambda line: None)


def ledger(root: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(root / "archive" / "ledger.sqlite")) as connection:
        return connection.execute(question).fetchall()


def mail(*attachments: tuple[str, bytes], received: str = "Wed, 18 Nov 2026 10:15:00 +0700") -> bytes:
    message = EmailMessage()
    message["Received"] = f"from x by mx.example.org; {received}"
    message["From"] = "Công an xã <ca@example.org>"
    message["Date"] = "Mon, 02 Nov 2026 08:00:00 +0700"
    message["Subject"] = "Báo cáo tháng 11"
    message.set_content("Kính gửi phiếu báo cáo.")
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return packed.getvalue()


def outcomes(result: MonthResult) -> dict[str, str]:
    return {verdict.file: verdict.outcome for verdict in result.verdicts}


def test_a_mail_gives_its_attachments_and_the_moment_it_was_received(tmp_path: Path) -> None:
    drop(tmp_path, thu__eml=mail(("phiếu CA.xlsx", sent_form("CA")), ("bản ký.pdf", SCAN)))
    result = run(tmp_path)
    assert outcomes(result) == {
        "thu.eml": "opened",
        "thu.eml/phiếu CA.xlsx": "valid",
        "thu.eml/bản ký.pdf": "companion",
    }
    (line,) = [line for line in result.status.lines if line.unit == "CA"]
    assert (line.time, line.outcome, line.arrival_source) == ("on_time", "valid", "received")
    assert line.arrived_at == "2026-11-18T10:15:00+07:00"
    assert list((tmp_path / "inbox").iterdir()) == []


def test_members_are_sealed_with_the_name_of_their_parent(tmp_path: Path) -> None:
    drop(tmp_path, thu__eml=mail(("phiếu CA.xlsx", sent_form("CA")), ("bản ký.pdf", SCAN)))
    run(tmp_path)
    ((whole,),) = ledger(tmp_path, "SELECT sha256 FROM submission WHERE outcome = 'opened'")
    rows = ledger(
        tmp_path,
        "SELECT name, unit, period, parent, sender, archived_as FROM submission"
        " WHERE parent != '' ORDER BY name",
    )
    assert [row[:5] for row in rows] == [
        ("thu.eml/bản ký.pdf", "CA", "2026-11", whole, "ca@example.org"),
        ("thu.eml/phiếu CA.xlsx", "CA", "2026-11", whole, "ca@example.org"),
    ]
    assert (tmp_path / "archive" / rows[0][5]).read_bytes() == SCAN
    assert (tmp_path / "archive" / rows[1][5]).read_bytes() == sent_form("CA")


def test_two_units_in_one_archive_are_two_returns(tmp_path: Path) -> None:
    drop(tmp_path, hai__zip=zipped(a__xlsx=sent_form("CA"), b__xlsx=sent_form("TH")))
    result = run(tmp_path)
    assert {v.unit: v.outcome for v in result.verdicts if v.unit} == {"CA": "valid", "TH": "valid"}


def test_a_scan_under_the_name_of_a_form_is_its_companion_alone_it_is_refused(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"), ca__pdf=SCAN, la__pdf=SCAN + b" another")
    result = run(tmp_path)
    assert outcomes(result) == {"ca.xlsx": "valid", "ca.pdf": "companion", "la.pdf": "rejected"}
    (refused,) = [v for v in result.verdicts if v.outcome == "rejected"]
    assert [f.code for f in refused.findings] == ["F01"]
    assert refused.findings[0].mend.startswith("Xin gửi kèm tệp Excel theo mẫu")


def test_a_companion_is_no_report(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"), ca__pdf=SCAN)
    (line,) = [line for line in run(tmp_path).status.lines if line.unit == "CA"]
    assert (line.files, line.file) == (1, "ca.xlsx")


def test_an_empty_mail_is_said_to_be_empty(tmp_path: Path) -> None:
    drop(tmp_path, thu__eml=mail())
    (verdict,) = run(tmp_path).verdicts
    assert (verdict.outcome, [f.code for f in verdict.findings]) == ("opened", ["U06"])


def test_two_forms_at_once_are_asked_about(tmp_path: Path) -> None:
    drop(tmp_path, mot__xlsx=sent_form("CA"), hai__xlsx=sent_form("CA", V_28__numerator=41.0))
    result = run(tmp_path)
    assert [[f.code for f in v.findings] for v in result.verdicts] == [["F18"], ["F18"]]
    said = result.verdicts[0].findings[0]
    assert said.found.startswith("Cùng lúc nhận 2 phiếu của đơn vị cho kỳ này: hai.xlsx; mot.xlsx.")
    order = ledger(tmp_path, "SELECT name FROM submission ORDER BY sha256")
    assert f"dòng của phiếu «{order[-1][0]}» được dùng" in said.found


def test_a_form_that_came_too_early_counts_when_it_comes_again(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    (early,) = run(tmp_path, datetime(2026, 11, 10, 9, 0, tzinfo=ZONE)).verdicts
    assert (early.outcome, [f.code for f in early.findings]) == ("rejected", ["F08"])
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    (again,) = run(tmp_path, datetime(2026, 11, 18, 9, 0, tzinfo=ZONE)).verdicts
    assert (again.outcome, again.findings, again.repeated) == ("valid", (), False)
    assert ledger(tmp_path, "SELECT outcome FROM submission ORDER BY event") == [("rejected",), ("valid",)]
    assert ledger(tmp_path, "SELECT count(*) FROM current_submission") == [(1,)]
    assert ledger(tmp_path, "SELECT count(*) FROM current_fact") == [(3,)]


def test_a_late_correction_of_an_earlier_month_rewrites_the_later_ones(tmp_path: Path) -> None:
    october = Workspace(tmp_path, None, datetime(2026, 10, 18, 9, 0, tzinfo=ZONE))
    (tmp_path / "inbox").mkdir()
    run_month(october, Period(2026, 10), lambda line: None)
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    written = [path.name for path in run(tmp_path).workbooks]
    assert written == ["tong-hop-2026-11.xlsx"]
    drop(tmp_path, cu__xlsx=sent_form("PVHCC", "2026-10"))
    result = run(tmp_path)
    assert [v.period for v in result.verdicts] == ["2026-10"]
    assert [path.name for path in result.workbooks] == ["tong-hop-2026-10.xlsx", "tong-hop-2026-11.xlsx"]


def test_files_that_are_hidden_or_unfinished_are_named_and_left(tmp_path: Path) -> None:
    drop(tmp_path, **{".an.xlsx": sent_form("CA"), "dang tai.xlsx.part": b"half", "~$ca.xlsx": b"lock"})
    (tmp_path / "inbox" / "Thumbs.db").write_bytes(b"pictures")
    result = run(tmp_path)
    assert (result.verdicts, result.left) == ((), (".an.xlsx", "dang tai.xlsx.part"))
    assert len(list((tmp_path / "inbox").iterdir())) == 4

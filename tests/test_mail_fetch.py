"""Fetching from a real IMAP server: once each, whatever people, servers and lines do meanwhile."""

import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.errors import OperatorError, WorldError
from pipeline.base.period import Period
from pipeline.run.mail_fetch import FetchResult, admit_mail
from pipeline.run.mail_status import read_mail_status
from pipeline.run.month import run_month
from tests.forms import sent_form
from tests.mail_servers import PASSWORD, VARIABLE, Dovecot, free_port, line_to, make_certificate
from tests.mailbox import NOW, ON_TIME, ZONE, at, fetch, files, message, quiet, set_up_fetching
from tests.unpacking import PDF
from tests.wrappers import winmail

FORM_NAME = "Phiếu báo cáo tháng 11 - Công an xã.xlsx"


class Office:
    """A workspace with a mailbox of its own."""

    def __init__(self, root: Path, server: Dovecot) -> None:
        self.root, self.server, self.user = root, server, server.new_user()
        self.connect()

    def connect(self, port: int = 0, **changes: str) -> None:
        set_up_fetching(self.root, self.user, port or self.server.tls_port, self.server.ca_file, **changes)

    def deliver(self, *messages: bytes, at: datetime = ON_TIME, flags: str = "") -> None:
        self.server.deliver(self.user, *((data, at) for data in messages), flags=flags)

    def fetch(self) -> FetchResult:
        return fetch(self.root)

    @property
    def taken(self) -> list[bytes]:
        return files(self.root / "inbox" / "thu")

    @property
    def aside(self) -> list[bytes]:
        return files(self.root / "inbox-la")


@pytest.fixture
def office(tmp_path: Path, imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    return Office(tmp_path, imap_server)


def standings(result: FetchResult) -> list[str]:
    return [mail.standing for mail in result.mails]


# --- the way of a message -------------------------------------------------------------------------


def test_a_message_comes_whole_and_counts_by_the_moment_of_our_server(office: Office) -> None:
    sent = message(
        (FORM_NAME, sent_form("CA")),
        headers=(("Received", "from x by y; Sun, 01 Nov 2026 08:00:00 +0700"),),
    )
    office.deliver(sent)
    result = office.fetch()
    (mail,) = result.mails
    assert (mail.standing, mail.sender) == ("taken", "congan@example.org")
    assert mail.subject == "Báo cáo tháng 11 của Công an xã Phước An"
    assert datetime.fromisoformat(mail.received_at) == ON_TIME
    assert office.taken == [sent]

    month = run_month(at(office.root), Period(2026, 11), quiet)
    line = next(line for line in month.status.lines if line.unit == "CA")
    assert (line.receipt, line.time, line.outcome) == ("sent", "on_time", "valid")
    assert (line.arrived_at, line.arrival_source) == ("2026-11-18T10:15:00+07:00", "mailbox")
    assert line.file.endswith(f"/{FORM_NAME}")
    assert office.taken == []
    assert sent in files(office.root / "archive")


def test_what_the_server_received_too_late_is_late(office: Office) -> None:
    office.deliver(message((FORM_NAME, sent_form("CA"))), at=datetime(2026, 11, 20, 0, 0, 1, tzinfo=ZONE))
    office.fetch()
    month = run_month(at(office.root), Period(2026, 11), quiet)
    line = next(line for line in month.status.lines if line.unit == "CA")
    assert (line.time, line.arrival_source) == ("late", "mailbox")


def test_a_second_fetch_and_a_run_in_between_take_nothing_twice(office: Office) -> None:
    office.deliver(message((FORM_NAME, sent_form("CA"))))
    assert standings(office.fetch()) == ["taken"]
    run_month(at(office.root), Period(2026, 11), quiet)
    assert office.fetch().mails == ()
    assert office.taken == []


def test_what_somebody_has_read_is_fetched_and_no_flag_changes(office: Office) -> None:
    office.deliver(message((FORM_NAME, sent_form("CA"))), flags=r"(\Seen \Flagged)")
    office.deliver(message((FORM_NAME, sent_form("TH")), sender="truonghoc@example.org"))
    assert standings(office.fetch()) == ["taken", "taken"]
    with office.server.client(office.user) as imap:
        flags = [re.findall(rb"\\\w+", bytes(each)) for each in imap.fetch("1:*", "(FLAGS)")[1] if each]  # type: ignore[arg-type]  # no text is quoted
    assert [set(each) - {rb"\Recent"} for each in flags] == [{rb"\Seen", rb"\Flagged"}, set()]


def test_a_message_moved_by_hand_is_found_and_taken_once(office: Office) -> None:
    office.connect(folders='["INBOX", "Báo cáo"]')
    with office.server.client(office.user) as imap:
        imap.create('"B&AOE-o c&AOE-o"')
    first, second = (message((f"{n}.xlsx", sent_form("CA", V_20__numerator=n))) for n in (41.0, 42.0))
    office.deliver(first)
    assert standings(office.fetch()) == ["taken"]
    office.deliver(second)  # moved before we have seen it
    with office.server.client(office.user) as imap:
        assert imap.copy("1:2", '"B&AOE-o c&AOE-o"')[0] == "OK"
        imap.store("1:2", "+FLAGS", r"\Deleted")
        imap.expunge()
    assert standings(office.fetch()) == ["taken"]
    assert office.taken == sorted([first, second])
    assert office.fetch().mails == ()


def test_a_mailbox_that_was_built_anew_gives_nothing_twice(office: Office) -> None:
    sent = message((FORM_NAME, sent_form("CA")))
    office.deliver(sent)
    office.fetch()
    with office.server.client(office.user) as imap:  # a folder of the same name, with other numbers
        imap.create("Cu")
        imap.copy("1", "Cu")
    office.connect(folders='["Cu"]')
    assert office.fetch().mails == ()
    assert office.taken == [sent]


def test_what_is_older_than_asked_for_stays_where_it_is(office: Office) -> None:
    office.connect(days="10")
    office.deliver(message((FORM_NAME, sent_form("CA"))), at=NOW - timedelta(days=30))
    assert office.fetch().mails == ()


# --- whose mail it is -----------------------------------------------------------------------------


def test_a_strangers_mail_is_set_aside_until_the_officer_lets_it_in(office: Office) -> None:
    sent = message((FORM_NAME, sent_form("CA")), sender="Công an xã <ai-do@example.com>")
    office.deliver(sent)
    (mail,) = office.fetch().mails
    assert (mail.standing, office.taken, office.aside) == ("stranger", [], [sent])
    assert run_month(at(office.root), Period(2026, 11), quiet).verdicts == ()
    assert [m.name for m in read_mail_status(at(office.root), None).waiting] == [mail.name]

    assert [m.standing for m in admit_mail(at(office.root), [mail.name[:20]])] == ["admitted"]
    assert (office.taken, office.aside) == ([sent], [])
    month = run_month(at(office.root), Period(2026, 11), quiet)
    assert [(v.unit, v.outcome) for v in month.verdicts if v.unit] == [("CA", "valid")]
    line = next(line for line in month.status.lines if line.unit == "CA")
    assert (line.time, line.arrival_source) == ("on_time", "mailbox")
    assert read_mail_status(at(office.root), None).waiting == ()
    assert office.fetch().mails == ()


def test_nothing_is_let_in_by_a_name_that_fits_no_message_or_several(office: Office) -> None:
    with pytest.raises(OperatorError, match="không có thư nào"):
        admit_mail(at(office.root), ["2026"])
    for n in (1, 2):
        office.deliver(message((f"{n}.pdf", PDF), sender="ai-do@example.com", subject=str(n)))
    office.fetch()
    for name in ("2026", "khong-co", ""):
        with pytest.raises(OperatorError, match=r"Đang để riêng: 2026\w+\.eml, 2026\w+\.eml\."):
            admit_mail(at(office.root), [name])
    assert len(office.aside) == 2


def test_mail_without_a_file_is_for_reading(office: Office) -> None:
    office.deliver(message(subject="Đã nhận được thư, xin cảm ơn"))
    assert standings(office.fetch()) == ["bare"]
    assert (office.taken, len(office.aside)) == ([], 1)


def test_a_sender_of_two_words_is_taken_and_both_are_kept(office: Office) -> None:
    envelope = (("Return-Path", "<ke-gian@example.com>"),)
    office.deliver(message((FORM_NAME, sent_form("CA")), headers=envelope))
    (mail,) = office.fetch().mails
    assert (mail.standing, mail.sender, mail.envelope) == (
        "taken",
        "congan@example.org",
        "ke-gian@example.com",
    )


def test_the_name_before_the_address_admits_nobody(office: Office) -> None:
    office.deliver(message((FORM_NAME, PDF), sender='"congan@example.org" <ke-gian@example.com>'))
    (mail,) = office.fetch().mails
    assert (mail.standing, mail.sender) == ("stranger", "ke-gian@example.com")


# --- what mails look like -------------------------------------------------------------------------


def test_forms_in_forwarded_mails_and_outlook_wrappings_reach_their_units(office: Office) -> None:
    inner = message((FORM_NAME, sent_form("CA")), sender="canbo@example.com")
    middle = message(("Chuyển tiếp: báo cáo.eml", inner), sender="lanhdao@example.com")
    wrapped = winmail((0x9002, b""), (0x8010, b"Phieu.xlsx\0"), (0x800F, sent_form("TH")))
    office.deliver(message(("Chuyển tiếp.eml", middle)))
    office.deliver(message(("winmail.dat", wrapped), sender="hieu-truong@example.org"))
    assert standings(office.fetch()) == ["taken", "taken"]
    month = run_month(at(office.root), Period(2026, 11), quiet)
    assert {v.unit: v.outcome for v in month.verdicts if v.unit} == {"CA": "valid", "TH": "valid"}
    sources = {line.unit: line.arrival_source for line in month.status.lines if line.arrival_source}
    assert sources == {"CA": "mailbox", "TH": "mailbox"}


def test_a_message_that_is_too_large_is_named_and_left(office: Office) -> None:
    office.deliver(message((FORM_NAME, sent_form("CA"))))
    place = next((office.server.home / "mail" / office.user / "cur").glob("*"))
    large = place.with_name("1795000000.M1P1.large:2,")
    with large.open("wb") as file:
        file.write(message(("quay-phim.mp4", b"")))
        file.truncate(60_000_000)
    os.chown(large, place.stat().st_uid, place.stat().st_gid)
    started = time.process_time()
    result = office.fetch()
    assert sorted(standings(result)) == ["taken", "too_large"]
    left = next(mail for mail in result.mails if mail.standing == "too_large")
    assert left.size >= 60_000_000
    assert (left.sha256, left.name, left.sender) == ("", "", "congan@example.org")
    assert len(office.taken) == 1
    assert [m.uid for m in read_mail_status(at(office.root), None).too_large] == [left.uid]
    assert office.fetch().mails == ()
    assert time.process_time() - started < 2


def test_a_raised_limit_lets_in_what_was_too_large(office: Office) -> None:
    office.deliver(message(("a.pdf", os.urandom(1_500_000))))
    office.connect(limits="message_mb = 1")
    assert standings(office.fetch()) == ["too_large"]
    office.connect(limits="message_mb = 3")
    assert standings(office.fetch()) == ["taken"]
    assert read_mail_status(at(office.root), None).too_large == ()


def test_a_thousand_messages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda descriptor: None)  # the disk of the tests is not what is tried
    office.deliver(*(message((f"{n}.pdf", PDF), subject=f"Thư số {n}") for n in range(1000)))
    started = time.process_time()
    result = office.fetch()
    assert time.process_time() - started < 10
    assert standings(result) == ["taken"] * 1000
    assert [mail.subject for mail in result.mails] == [f"Thư số {n}" for n in range(1000)]
    assert len(office.taken) == 1000
    assert office.fetch().mails == ()


# --- lines and servers that fail ------------------------------------------------------------------


def test_a_line_that_is_cut_anywhere_loses_nothing_and_repeats_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda descriptor: None)  # the disk of the tests is not what is tried
    sent = [message((f"{n}.xlsx", sent_form("CA", V_20__numerator=n))) for n in (41.0, 42.0, 43.0)]
    office.deliver(*sent)
    with line_to(office.server.tls_port) as line:
        office.connect(line.port)
        assert len(office.fetch().mails) == 3
    whole = line.passed_down
    cuts = [int(whole * part / 24) for part in range(24)]
    outcomes = set()
    for cut in cuts:
        _forget(office.root)
        with line_to(office.server.tls_port, cut_down=cut) as line:
            office.connect(line.port)
            before = _outcome(office.fetch)
        outcomes.add(before)
        assert len(office.taken) == before[1], cut
        office.connect()
        assert len(office.fetch().mails) == 3 - before[1], cut
        assert office.taken == sorted(sent), cut
    # In every phase: before the login, before the first message, between two of them.
    assert {("raised", 0), ("told", 0), ("told", 1), ("told", 2)} <= outcomes


def _outcome(fetching: Callable[[], FetchResult]) -> tuple[str, int]:
    try:
        result = fetching()
    except WorldError:
        return "raised", 0
    assert not result.trouble or "Mất kết nối với máy chủ thư localhost" in result.trouble
    return "told" if result.trouble else "whole", len(result.mails)


def _forget(root: Path) -> None:
    """As if nothing had been fetched."""
    for path in [*(root / "inbox").rglob("*.eml"), *(root / "archive").glob("mail.sqlite*")]:
        path.unlink()


def test_a_kill_between_file_and_log_ends_in_one_file(office: Office, monkeypatch: Any) -> None:
    sent = message((FORM_NAME, sent_form("CA")))
    office.deliver(sent)
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.edges.store.mail_log.MailLog.keep_fetched", _killed)
        with pytest.raises(KeyboardInterrupt):
            office.fetch()
    assert office.taken == [sent]
    assert standings(office.fetch()) == ["taken"]
    assert office.taken == [sent]


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_wrong_password_is_told_without_a_word_of_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "sai-mat-khau")
    with pytest.raises(OperatorError, match="không nhận tên đăng nhập hoặc mật khẩu") as told:
        office.fetch()
    chain = [told.value, told.value.__cause__]
    assert all("sai-mat-khau" not in repr(fault) for fault in chain)


def test_the_password_is_nowhere_in_the_workspace(office: Office) -> None:
    office.deliver(message((FORM_NAME, sent_form("CA"))))
    office.fetch()
    assert all(PASSWORD.encode() not in data for data in files(office.root))


def test_without_a_password_the_officer_is_told_both_ways(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(OperatorError, match=rf"biến môi trường {VARIABLE}, hoặc chạy: .* mail password"):
        office.fetch()


def test_starttls_serves_as_well_and_plain_text_never(office: Office) -> None:
    office.deliver(message((FORM_NAME, sent_form("CA"))))
    office.connect(office.server.starttls_port, security='"starttls"')
    assert standings(office.fetch()) == ["taken"]
    office.connect(office.server.starttls_port)
    with pytest.raises(OperatorError, match="không dùng TLS như đã đặt"):
        office.fetch()


def test_a_certificate_that_is_not_trusted_ends_it_before_the_password(
    office: Office, tmp_path: Path
) -> None:
    for host, said in (("localhost", "là chứng thư tự ký"), ("khac.example.org", "tự ký|tên máy chủ khác")):
        other, _ = make_certificate(tmp_path, host.partition(".")[0], host)
        set_up_fetching(office.root, office.user, office.server.tls_port, other)
        with pytest.raises(OperatorError, match=rf"Chứng thư .*({said}).*chưa gửi mật khẩu"):
            office.fetch()
    for name, said in (
        ("khong-co.pem", "Không tìm thấy tệp chứng thư"),
        ("danh-ba.toml", "không phải chứng"),
    ):
        set_up_fetching(office.root, office.user, office.server.tls_port, Path(name))
        with pytest.raises(OperatorError, match=said):
            office.fetch()


def test_a_certificate_for_another_name_is_refused(office: Office) -> None:
    text = (office.root / "hop-thu.toml").read_text(encoding="utf-8")
    (office.root / "hop-thu.toml").write_text(text.replace('"localhost"', '"127.0.0.1"'), encoding="utf-8")
    with pytest.raises(OperatorError, match="cấp cho địa chỉ máy chủ khác"):
        office.fetch()


def test_a_server_that_is_down_or_silent_is_told(office: Office) -> None:
    office.connect(free_port())
    with pytest.raises(WorldError, match="không nhận kết nối"):
        office.fetch()
    with line_to(office.server.tls_port, cut_down=0) as line:
        office.connect(line.port)
        with pytest.raises(WorldError, match="Mất kết nối"):
            office.fetch()


def test_a_folder_that_is_not_there_is_told(office: Office) -> None:
    office.connect(folders='["INBOX", "Không có"]')
    with pytest.raises(OperatorError, match="không có thư mục «Không có»"):
        office.fetch()


def test_two_fetches_at_once_do_not_meet(office: Office) -> None:
    office.deliver(message((FORM_NAME, sent_form("CA"))))
    hold = "from pipeline.edges.store.files import lock; from pathlib import Path; import sys\n"
    hold += "with lock(Path(sys.argv[1])): print(flush=True); sys.stdin.read()"
    words = [sys.executable, "-c", hold, str(office.root / "archive" / "mail.lock")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(WorldError, match="Đang có một lần chạy khác"):
            office.fetch()
        other.communicate()
    assert standings(office.fetch()) == ["taken"]


# --- what stands in the way -----------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["hop-thu.toml", "danh-ba.toml"])
def test_a_file_that_is_missing_is_named_with_its_example(office: Office, missing: str) -> None:
    (office.root / missing).unlink()
    example = missing.replace(".toml", ".example.toml")
    with pytest.raises(OperatorError, match=f"Chưa có tệp {missing}. Hãy chép schemas/{example}"):
        office.fetch()


def test_the_log_of_another_program_is_not_touched(office: Office) -> None:
    path = office.root / "archive" / "mail.sqlite"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE khac (a)")
    before = path.read_bytes()
    with pytest.raises(OperatorError, match="không phải sổ của chương trình"):
        office.fetch()
    assert path.read_bytes() == before

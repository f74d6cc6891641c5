"""Fetching from a real IMAP server while lines are cut, servers fail, and files are missing."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.errors import OperatorError, WorldError
from pipeline.run.mail_fetch import FetchResult
from tests.forms import sent_form
from tests.mail_servers import PASSWORD, VARIABLE, free_port, line_to, make_certificate
from tests.mailbox import FORM_NAME, Office, files, message, set_up_fetching, standings

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


def test_a_line_that_is_cut_while_we_ask_loses_nothing_and_repeats_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda descriptor: None)  # the disk of the tests is not what is tried
    sent = [message((f"{n}.xlsx", sent_form("CA", V_20__numerator=n))) for n in (41.0, 42.0)]
    office.deliver(*sent)
    with line_to(office.server.tls_port) as line:
        office.connect(line.port)
        assert len(office.fetch().mails) == 2
    for part in range(10):
        _forget(office.root)
        with line_to(office.server.tls_port, cut_up=line.passed_up * part // 10) as cut:
            office.connect(cut.port)
            _, before = _outcome(office.fetch)
        assert len(office.taken) == before, part
        office.connect()
        assert len(office.fetch().mails) == 2 - before, part
        assert office.taken == sorted(sent), part


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

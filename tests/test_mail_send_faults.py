"""Sending while servers refuse and lines are cut: nobody is told twice, nor told more than is known."""

from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from pipeline.base.errors import OperatorError, WorldError
from pipeline.edges.store.mail_log import MailLog
from pipeline.run.mail_send import SendOrder
from pipeline.run.mail_status import read_mail_status
from tests.mail_servers import (
    VARIABLE,
    SmtpServer,
    free_port,
    line_to,
    make_certificate,
    smtp_server,
)
from tests.mailbox import at, files
from tests.outgoing import (
    AGAIN,
    PERIOD,
    REMINDER,
    addressed,
    connect,
    log_of,
    parsed,
    send,
    states,
    taken,
)

# --- refusals -------------------------------------------------------------------------------------


def test_a_full_mailbox_is_told_and_tried_again(sender: Path, smtp: SmtpServer) -> None:
    smtp.post.refuse_address["congan@example.org"] = "452 4.2.2 Hộp thư đã đầy".encode().decode("latin-1")
    result = send(sender, REMINDER)
    refused = next(letter for letter in result.letters if letter.unit == "CA")
    assert refused.state == "refused"
    assert refused.detail.startswith("452 4.2.2")
    assert [to[0] for to, _ in taken(smtp)] == ["truonghoc@example.org"]
    smtp.post.refuse_address.clear()
    assert set(addressed(send(sender, REMINDER + timedelta(hours=1))).values()) == {"sent"}
    assert sorted(to[0] for to, _ in taken(smtp)) == ["congan@example.org", "truonghoc@example.org"]


def test_a_letter_that_is_too_large_for_the_server_has_not_left(sender: Path, smtp: SmtpServer) -> None:
    smtp.post.refuse_letter = "552 5.3.4 Message too big"
    assert set(addressed(send(sender, REMINDER)).values()) == {"refused"}
    assert smtp.post.taken == []


def test_one_wrong_address_of_two_does_not_keep_the_other_from_its_letter(
    sender: Path, smtp: SmtpServer
) -> None:
    smtp.post.refuse_address["hieu-truong@example.org"] = "550 5.1.1 No such user"
    result = send(sender, REMINDER)
    letter = next(letter for letter in result.letters if letter.unit == "TH")
    assert (letter.state, letter.detail) == ("sent", "hieu-truong@example.org: 550 5.1.1 No such user")
    assert ("truonghoc@example.org",) in [to for to, _ in taken(smtp)]


# --- lines and servers that fail ------------------------------------------------------------------


def test_a_crash_between_leaving_and_log_stays_unknown_until_somebody_says_so(
    sender: Path, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = MailLog.happened

    def cut(log: MailLog, key: str, event: str, moment: str, detail: str = "") -> None:
        if event == "sent":
            raise KeyboardInterrupt
        kept(log, key, event, moment, detail)  # type: ignore[arg-type]  # it is an event

    with monkeypatch.context() as patched:
        patched.setattr(MailLog, "happened", cut)
        with pytest.raises(KeyboardInterrupt):
            send(sender, REMINDER)
    assert len(smtp.post.taken) == 1
    (unknown,) = [x for x in log_of(sender).values() if x.state == "unknown"]
    assert [x.key for x in read_mail_status(at(sender), PERIOD).letters if x.state == "unknown"] == [
        unknown.key
    ]
    send(sender, REMINDER + timedelta(minutes=5))
    assert len(smtp.post.taken) == 2
    assert log_of(sender)[unknown.key].state == "unknown"
    send(sender, REMINDER + timedelta(minutes=9), AGAIN)
    assert len(smtp.post.taken) == 3
    assert log_of(sender)[unknown.key].state == "sent"
    ids = [parsed(data)["Message-ID"] for _, _, data in smtp.post.taken]
    assert ids[0] == ids[2] != ids[1]


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_line_that_is_cut_anywhere_sends_no_letter_twice(
    sender: Path, smtp: SmtpServer, direction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda descriptor: None)  # the disk of the tests is not what is tried
    with line_to(smtp.port) as line:
        connect(sender, line.port)
        assert set(addressed(send(sender, REMINDER)).values()) == {"sent"}
    whole = line.passed_up if direction == "up" else line.passed_down
    seen = set()
    # Handshake and login take most of a line, the replies that matter its last few hundred bytes.
    for cut in (*range(1, whole, whole // 9), *range(whole - 400, whole, 35)):
        _forget(sender, smtp)
        cuts = {f"cut_{direction}": cut}
        with line_to(smtp.port, **cuts) as line:
            connect(sender, line.port)
            result = send(sender, REMINDER)
        # Cut while both were saying goodbye: all has been said by then.
        assert "máy chủ thư localhost" in result.trouble or set(addressed(result).values()) == {"sent"}
        told = _addressed_states(sender)
        delivered = [to[0] for to, _ in taken(smtp)]
        assert len(delivered) == len(set(delivered))
        for address, state in told.items():
            assert state in ("ready", "unknown", "sent")
            if state != "unknown":
                assert (address in delivered) == (state == "sent"), cut
        seen |= set(told.values())
        connect(sender, smtp.port)
        send(sender, REMINDER)
        certain = [a for a, state in told.items() if state != "unknown"]
        assert all([to[0] for to, _ in taken(smtp)].count(a) == 1 for a in certain), cut
        assert len(taken(smtp)) <= 2
    assert {"ready", "unknown"} <= seen


def _addressed_states(root: Path) -> dict[str, str]:
    return {x.recipients.split(", ")[0]: x.state for x in log_of(root).values() if x.recipients}


def _forget(root: Path, smtp: SmtpServer) -> None:
    smtp.post.taken.clear()
    for path in (*(root / "archive").glob("mail.sqlite*"), *(root / "outbox/2026-11/thu").iterdir()):
        path.unlink()


def test_a_wrong_password_sends_nothing_and_shows_nothing(
    sender: Path, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "sai-mat-khau")
    with pytest.raises(OperatorError, match="không nhận tên đăng nhập hoặc mật khẩu") as told:
        send(sender, REMINDER)
    assert "sai-mat-khau" not in repr(told.value)
    assert smtp.post.taken == []
    assert {x.state for x in log_of(sender).values()} == {"ready"}
    assert all(b"sai-mat-khau" not in data for data in files(sender))


def test_tls_from_the_start_serves_as_well(sender: Path, certificate: tuple[Path, Path]) -> None:
    with smtp_server(*certificate, security="tls") as running:
        connect(sender, running.port, "tls")
        assert set(addressed(send(sender, REMINDER)).values()) == {"sent"}


def test_a_certificate_that_is_not_trusted_ends_it_before_the_password(
    sender: Path, tmp_path_factory: pytest.TempPathFactory, smtp: SmtpServer
) -> None:
    other, _ = make_certificate(tmp_path_factory.mktemp("khac"))
    (sender / "ca.pem").write_bytes(other.read_bytes())
    with pytest.raises(OperatorError, match=r"Chứng thư .* chưa gửi mật khẩu"):
        send(sender, REMINDER)
    assert smtp.post.taken == []


def test_a_server_that_is_down_leaves_every_letter_ready(sender: Path) -> None:
    connect(sender, free_port())
    result = send(sender, REMINDER)
    assert "không nhận kết nối" in result.trouble
    assert set(states(result).values()) == {"ready"}


def test_a_server_without_starttls_gets_no_password(sender: Path) -> None:
    plain = Controller(object(), hostname="127.0.0.1", port=free_port())
    plain.start()
    try:
        connect(sender, plain.port)
        with pytest.raises(OperatorError, match="không có STARTTLS; đã dừng và chưa gửi mật khẩu"):
            send(sender, REMINDER)
    finally:
        plain.stop()


# --- a log that is lost ---------------------------------------------------------------------------


def test_what_may_have_left_under_a_log_that_was_lost_does_not_leave_again(
    sender: Path, smtp: SmtpServer
) -> None:
    send(sender, REMINDER)
    before = len(smtp.post.taken)
    (sender / "archive" / "mail.sqlite").write_bytes(b"")
    again = send(sender, REMINDER + timedelta(hours=1))
    assert (set(states(again).values()), len(smtp.post.taken)) == ({"unknown"}, before)
    (sender / "outbox/2026-11/thu/nhac-CA-2026-11-18.eml").unlink()
    (sender / "archive" / "mail.sqlite").unlink()
    assert states(send(sender, REMINDER))["nhac-CA-2026-11-18.eml"] == "sent"  # nothing tells of it


def test_a_letter_that_could_not_be_written_anew_does_not_leave_as_it_was(
    sender: Path, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(sender, REMINDER, SendOrder())
    register = (sender / "danh-ba.toml").read_text("utf-8")
    (sender / "danh-ba.toml").write_text(register.replace("congan@", "ca-xa@"), encoding="utf-8")

    def held(path: Path, _: bytes) -> None:
        raise WorldError(f"Không ghi được {path}")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.run.mail_send.write_atomically", held)
        with pytest.raises(WorldError):
            send(sender, REMINDER)
    send(sender, REMINDER)
    assert [(to, parsed(data)["To"]) for _, to, data in smtp.post.taken if "ca-xa" in to[0]] == [
        (("ca-xa@example.org",), "ca-xa@example.org")
    ]


def test_a_cut_between_log_and_file_leaves_a_letter_to_be_written(
    sender: Path, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.run.mail_send.write_atomically", cut)
        with pytest.raises(KeyboardInterrupt):
            send(sender, REMINDER)
    assert set(addressed(send(sender, REMINDER)).values()) == {"sent"}
    assert len(smtp.post.taken) == 2

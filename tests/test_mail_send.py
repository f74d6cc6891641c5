"""Sending through a real SMTP server: each letter once, and nobody is ever told more than is known."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.base.post import KeptLetter
from pipeline.edges.store.mail_log import MailLog
from pipeline.run.mail_send import Order, SendResult, send_mail
from pipeline.run.mail_status import read_mail_status
from pipeline.run.month import run_month
from pipeline.run.templates import issue_templates
from tests.forms import sent_form
from tests.mail_servers import (
    HOST,
    PASSWORD,
    VARIABLE,
    SmtpServer,
    free_port,
    line_to,
    make_certificate,
    smtp_server,
)
from tests.mailbox import CONTACTS, ZONE, at, files, quiet

PERIOD = Period(2026, 11)
OPENING = datetime(2026, 11, 2, 8, tzinfo=ZONE)
CLOSING = datetime(2026, 11, 14, 8, tzinfo=ZONE)  # a day without a reminder
REMINDER = datetime(2026, 11, 18, 8, tzinfo=ZONE)
LATE = datetime(2026, 11, 22, 8, tzinfo=ZONE)
END = datetime(2026, 11, 24, 17, tzinfo=ZONE)
SEND = Order(deliver=True)
AGAIN = Order(deliver=True, again=True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("chung-thu"))


@pytest.fixture
def server(certificate: tuple[Path, Path]) -> Iterator[SmtpServer]:
    with smtp_server(*certificate) as running:
        yield running


@pytest.fixture
def office(
    tmp_path: Path, server: SmtpServer, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A workspace that sends to the server."""
    monkeypatch.setenv(VARIABLE, PASSWORD)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "ca.pem").write_bytes(certificate[0].read_bytes())
    (tmp_path / "danh-ba.toml").write_text(CONTACTS, encoding="utf-8")
    connect(tmp_path, server.port)
    return tmp_path


def connect(root: Path, port: int, security: str = "starttls", host: str = HOST) -> None:
    (root / "hop-thu.toml").write_text(
        f'[smtp]\nhost = "{host}"\nport = {port}\nsecurity = "{security}"\nca_file = "ca.pem"\n'
        'user = "tonghop@example.org"\nsender = "tonghop@example.org"\n'
        'sender_name = "Phòng Văn hóa - Xã hội"\n[limits]\ntimeout_seconds = 5\n',
        encoding="utf-8",
    )


def send(root: Path, now: datetime, order: Order = SEND) -> SendResult:
    return send_mail(at(root, now), PERIOD, order, quiet)


def states(result: SendResult) -> dict[str, str]:
    return {Path(letter.file).name: letter.state for letter in result.letters}


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    part = message.get_body()
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def taken(server: SmtpServer) -> list[tuple[tuple[str, ...], str]]:
    return [(to, str(parsed(data)["Subject"])) for _, to, data in server.post.taken]


def log_of(root: Path) -> dict[str, KeptLetter]:
    with MailLog(root / "archive" / "mail.sqlite") as log:
        return log.letters()


# --- the letters of a month -----------------------------------------------------------------------


def test_forms_go_out_once_at_the_opening(office: Path, server: SmtpServer) -> None:
    issue_templates(at(office, OPENING), PERIOD, quiet)
    result = send(office, OPENING)
    assert states(result)["mau-CA.eml"] == "sent"
    assert sorted(to for to, _ in taken(server)) == [
        ("congan@example.org",),
        ("truonghoc@example.org", "hieu-truong@example.org"),
    ]
    letter = parsed(next(data for _, to, data in server.post.taken if to == ("congan@example.org",)))
    assert letter["Subject"] == "Mẫu phiếu báo cáo tháng 11/2026 - Công an xã"
    assert letter["From"] == "Phòng Văn hóa - Xã hội <tonghop@example.org>"
    assert letter["Date"] == "Mon, 02 Nov 2026 08:00:00 +0700"
    assert letter["X-Unsent"] is None
    (form,) = letter.iter_attachments()
    assert form.get_filename() == "CA-2026-11.xlsx"
    assert form.get_content() == (office / "outbox/2026-11/mau/CA-2026-11.xlsx").read_bytes()
    assert "gửi lại trước ngày 20/11/2026 (chậm nhất 23 giờ 59 phút ngày 19/11/2026)" in text_of(letter)
    assert "tệp «CA-2026-11.xlsx» kèm theo" in text_of(letter)
    send(office, OPENING + timedelta(hours=1))
    assert len(server.post.taken) == 2


def test_who_has_no_address_is_named_and_gets_a_text_for_the_chat(office: Path) -> None:
    issue_templates(at(office, OPENING), PERIOD, quiet)
    result = send(office, OPENING)
    (letter,) = [x for x in result.letters if x.unit == "VHXH"]
    assert (letter.state, letter.recipients) == ("ready", "")
    text = (office / letter.file).with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert text.startswith("Kính gửi: Phòng Văn hóa - Xã hội\n")


def test_a_clean_form_gets_a_receipt_and_a_faulty_one_its_feedback(office: Path, server: SmtpServer) -> None:
    for name, data in {"a": sent_form("CA"), "b": sent_form("TH", II_3__numerator="khoảng 40")}.items():
        (office / "inbox" / f"{name}.xlsx").write_bytes(data)
    run_month(at(office, CLOSING), PERIOD, quiet)
    send(office, CLOSING)
    by_unit = {to[0]: parsed(data) for _, to, data in server.post.taken}
    receipt, feedback = by_unit["congan@example.org"], by_unit["truonghoc@example.org"]
    assert receipt["Subject"] == "Đã nhận phiếu báo cáo tháng 11/2026 - Công an xã"
    assert "(tệp «a.xlsx») lúc 08:00 ngày 14/11/2026. 3/3 chỉ tiêu hợp lệ" in text_of(receipt)
    assert list(receipt.iter_attachments()) == []
    assert feedback["Subject"] == "Đề nghị hoàn thiện phiếu báo cáo tháng 11/2026"
    (form,) = feedback.iter_attachments()
    (written,) = (office / "outbox/2026-11/phan-hoi").glob("TH-*.xlsx")
    assert (form.get_filename(), form.get_content()) == (written.name, written.read_bytes())
    assert f"trong tệp «{written.name}» kèm theo" in text_of(feedback)


def test_only_who_owes_something_is_reminded_and_never_twice(office: Path, server: SmtpServer) -> None:
    (office / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
    run_month(at(office, REMINDER), PERIOD, quiet)
    assert "nhac-TH-2026-11-18.eml" in states(send(office, REMINDER))
    reminders = [to for to, subject in taken(server) if subject.startswith("Nhắc")]
    assert reminders == [("truonghoc@example.org", "hieu-truong@example.org")]
    send(office, REMINDER + timedelta(hours=20))
    assert [to for to, subject in taken(server) if subject.startswith("Nhắc")] == reminders


def test_the_head_gets_the_list_and_the_readers_the_workbook(office: Path, server: SmtpServer) -> None:
    (office / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
    run_month(at(office, LATE), PERIOD, quiet)
    send(office, LATE)
    listed = next(parsed(data) for _, to, data in server.post.taken if to == ("lanh-dao@example.org",))
    assert "8/9 đơn vị phải nộp phiếu chưa hoàn thành" in text_of(listed)
    assert "- Các trường học trên địa bàn: chưa gửi phiếu báo cáo\n" in text_of(listed)
    assert "Công an xã" not in text_of(listed)
    assert ("ubnd@example.org",) not in [to for to, _ in taken(server)]
    send(office, END)
    book = next(parsed(data) for _, to, data in server.post.taken if to == ("ubnd@example.org",))
    (workbook,) = book.iter_attachments()
    assert workbook.get_filename() == "Bảng tổng hợp tháng 11-2026.xlsx"
    assert workbook.get_content() == (office / "outbox/2026-11/tong-hop-2026-11.xlsx").read_bytes()
    assert b"filename*0*=utf-8''B%E1%BA%A3ng" in server.post.taken[-1][2]


def test_a_reminder_that_is_no_longer_true_is_taken_back(office: Path, server: SmtpServer) -> None:
    draft = send(office, REMINDER, Order())
    assert states(draft)["nhac-CA-2026-11-18.eml"] == "ready"
    (office / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
    run_month(at(office, REMINDER), PERIOD, quiet)
    assert "nhac-CA-2026-11-18.eml" not in states(send(office, REMINDER))
    folder = office / "outbox/2026-11/thu"
    assert not list(folder.glob("nhac-CA*"))
    assert len(list(folder.glob("nhac-TH*"))) == 2
    assert all(not subject.startswith("Nhắc") for to, subject in taken(server) if "congan" in to[0])


# --- files first ----------------------------------------------------------------------------------


def test_without_a_server_and_a_register_every_letter_is_a_file(tmp_path: Path) -> None:
    issue_templates(at(tmp_path, OPENING), PERIOD, quiet)
    result = send(tmp_path, OPENING, Order())
    assert (len(result.letters), result.written) == (9, 9)
    letter = parsed((tmp_path / "outbox/2026-11/thu/mau-CA.eml").read_bytes())
    assert (letter["From"], letter["To"], letter["X-Unsent"]) == (None, None, "1")
    done = send(tmp_path, OPENING, replace(Order(), by_hand=True))
    assert set(states(done).values()) == {"by_hand"}
    assert send(tmp_path, OPENING, Order()).written == 0
    (tmp_path / "danh-ba.toml").write_text(CONTACTS, encoding="utf-8")
    with pytest.raises(OperatorError, match=r"Chưa có tệp hop-thu\.toml"):
        send(tmp_path, LATE)


def test_the_same_moment_writes_the_same_bytes(office: Path) -> None:
    issue_templates(at(office, OPENING), PERIOD, quiet)
    send(office, OPENING, Order())
    folder = office / "outbox/2026-11/thu"
    before = files(folder)
    for path in [*folder.iterdir(), *(office / "archive").glob("mail.sqlite*")]:
        path.unlink()
    send(office, OPENING, Order())
    assert files(folder) == before


def test_what_lies_there_is_left_alone_until_it_says_something_else(office: Path) -> None:
    issue_templates(at(office, OPENING), PERIOD, quiet)
    assert send(office, OPENING, Order()).written == 9
    before = files(office / "outbox/2026-11/thu")
    assert send(office, OPENING + timedelta(hours=3), Order()).written == 0
    assert files(office / "outbox/2026-11/thu") == before
    text = CONTACTS.replace("congan@", "ca-xa@")
    (office / "danh-ba.toml").write_text(text, encoding="utf-8")
    assert send(office, OPENING + timedelta(hours=3), Order()).written == 1
    assert parsed((office / "outbox/2026-11/thu/mau-CA.eml").read_bytes())["To"] == "ca-xa@example.org"


def test_a_kind_that_is_asked_for_is_written_before_its_day(office: Path) -> None:
    run_month(at(office, REMINDER), PERIOD, quiet)
    order = Order(kinds=frozenset({"workbook"}))
    assert list(states(send(office, REMINDER, order))) == ["tong-hop.eml"]


# --- refusals -------------------------------------------------------------------------------------


def test_a_full_mailbox_is_told_and_tried_again(office: Path, server: SmtpServer) -> None:
    server.post.refuse_address["congan@example.org"] = "452 4.2.2 Hộp thư đã đầy".encode().decode("latin-1")
    result = send(office, REMINDER)
    refused = next(letter for letter in result.letters if letter.unit == "CA")
    assert refused.state == "refused"
    assert refused.detail.startswith("452 4.2.2")
    assert [to[0] for to, _ in taken(server)] == ["truonghoc@example.org"]
    server.post.refuse_address.clear()
    assert set(_addressed(send(office, REMINDER + timedelta(hours=1))).values()) == {"sent"}
    assert sorted(to[0] for to, _ in taken(server)) == ["congan@example.org", "truonghoc@example.org"]


def test_a_letter_that_is_too_large_for_the_server_has_not_left(office: Path, server: SmtpServer) -> None:
    server.post.refuse_letter = "552 5.3.4 Message too big"
    assert set(_addressed(send(office, REMINDER)).values()) == {"refused"}
    assert server.post.taken == []


def test_one_wrong_address_of_two_does_not_keep_the_other_from_its_letter(
    office: Path, server: SmtpServer
) -> None:
    server.post.refuse_address["hieu-truong@example.org"] = "550 5.1.1 No such user"
    result = send(office, REMINDER)
    letter = next(letter for letter in result.letters if letter.unit == "TH")
    assert (letter.state, letter.detail) == ("sent", "hieu-truong@example.org: 550 5.1.1 No such user")
    assert ("truonghoc@example.org",) in [to for to, _ in taken(server)]


def _addressed(result: SendResult) -> dict[str, str]:
    return {letter.file: letter.state for letter in result.letters if letter.recipients}


# --- lines and servers that fail ------------------------------------------------------------------


def test_a_crash_between_leaving_and_log_stays_unknown_until_somebody_says_so(
    office: Path, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = MailLog.happened

    def cut(log: MailLog, key: str, event: str, moment: str, detail: str = "") -> None:
        if event == "sent":
            raise KeyboardInterrupt
        kept(log, key, event, moment, detail)  # type: ignore[arg-type]  # it is an event

    with monkeypatch.context() as patched:
        patched.setattr(MailLog, "happened", cut)
        with pytest.raises(KeyboardInterrupt):
            send(office, REMINDER)
    assert len(server.post.taken) == 1
    (unknown,) = [x for x in log_of(office).values() if x.state == "unknown"]
    assert [x.key for x in read_mail_status(at(office), PERIOD).letters if x.state == "unknown"] == [
        unknown.key
    ]
    send(office, REMINDER + timedelta(minutes=5))
    assert len(server.post.taken) == 2
    assert log_of(office)[unknown.key].state == "unknown"
    send(office, REMINDER + timedelta(minutes=9), AGAIN)
    assert len(server.post.taken) == 3
    assert log_of(office)[unknown.key].state == "sent"
    ids = [parsed(data)["Message-ID"] for _, _, data in server.post.taken]
    assert ids[0] == ids[2] != ids[1]


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_line_that_is_cut_anywhere_sends_no_letter_twice(
    office: Path, server: SmtpServer, direction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda descriptor: None)  # the disk of the tests is not what is tried
    with line_to(server.port) as line:
        connect(office, line.port)
        assert set(_addressed(send(office, REMINDER)).values()) == {"sent"}
    whole = line.passed_up if direction == "up" else line.passed_down
    seen = set()
    for cut in range(1, whole, max(1, whole // 16)):
        _forget(office, server)
        cuts = {f"cut_{direction}": cut}
        with line_to(server.port, **cuts) as line:
            connect(office, line.port)
            result = send(office, REMINDER)
        # Cut while both were saying goodbye: all has been said by then.
        assert "máy chủ thư localhost" in result.trouble or set(_addressed(result).values()) == {"sent"}
        told = _addressed_states(office)
        delivered = [to[0] for to, _ in taken(server)]
        assert len(delivered) == len(set(delivered))
        for address, state in told.items():
            assert state in ("ready", "unknown", "sent")
            if state != "unknown":
                assert (address in delivered) == (state == "sent"), cut
        seen |= set(told.values())
        connect(office, server.port)
        send(office, REMINDER)
        certain = [a for a, state in told.items() if state != "unknown"]
        assert all([to[0] for to, _ in taken(server)].count(a) == 1 for a in certain), cut
        assert len(taken(server)) <= 2
    assert {"ready", "unknown"} <= seen


def _addressed_states(root: Path) -> dict[str, str]:
    return {x.recipients.split(", ")[0]: x.state for x in log_of(root).values() if x.recipients}


def _forget(root: Path, server: SmtpServer) -> None:
    server.post.taken.clear()
    for path in (root / "archive").glob("mail.sqlite*"):
        path.unlink()


def test_a_wrong_password_sends_nothing_and_shows_nothing(
    office: Path, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "sai-mat-khau")
    with pytest.raises(OperatorError, match="không nhận tên đăng nhập hoặc mật khẩu") as told:
        send(office, REMINDER)
    assert "sai-mat-khau" not in repr(told.value)
    assert server.post.taken == []
    assert {x.state for x in log_of(office).values()} == {"ready"}
    assert all(b"sai-mat-khau" not in data for data in files(office))


def test_tls_from_the_start_serves_as_well(office: Path, certificate: tuple[Path, Path]) -> None:
    with smtp_server(*certificate, security="tls") as running:
        connect(office, running.port, "tls")
        assert set(_addressed(send(office, REMINDER)).values()) == {"sent"}


def test_a_certificate_that_is_not_trusted_ends_it_before_the_password(
    office: Path, tmp_path_factory: pytest.TempPathFactory, server: SmtpServer
) -> None:
    other, _ = make_certificate(tmp_path_factory.mktemp("khac"))
    (office / "ca.pem").write_bytes(other.read_bytes())
    with pytest.raises(OperatorError, match=r"Chứng thư .* chưa gửi mật khẩu"):
        send(office, REMINDER)
    assert server.post.taken == []


def test_a_server_that_is_down_leaves_every_letter_ready(office: Path) -> None:
    connect(office, free_port())
    result = send(office, REMINDER)
    assert "không nhận kết nối" in result.trouble
    assert set(states(result).values()) == {"ready"}


def test_a_server_without_starttls_gets_no_password(office: Path) -> None:
    plain = Controller(object(), hostname="127.0.0.1", port=free_port())
    plain.start()
    try:
        connect(office, plain.port)
        with pytest.raises(OperatorError, match="không có STARTTLS; đã dừng và chưa gửi mật khẩu"):
            send(office, REMINDER)
    finally:
        plain.stop()

"""Sending through a real SMTP server: the letters of a month, each once, each a file first."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.base.errors import OperatorError
from pipeline.run.mail_send import SendOrder
from pipeline.run.month import run_month
from pipeline.run.templates import issue_templates
from tests.forms import sent_form
from tests.mail_servers import (
    SmtpServer,
)
from tests.mailbox import CONTACTS, at, files, quiet
from tests.outgoing import (
    CLOSING,
    END,
    LATE,
    OPENING,
    PERIOD,
    REMINDER,
    parsed,
    send,
    states,
    taken,
    text_of,
)

# --- the letters of a month -----------------------------------------------------------------------


def test_forms_go_out_once_at_the_opening(sender: Path, smtp: SmtpServer) -> None:
    issue_templates(at(sender, OPENING), PERIOD, quiet)
    result = send(sender, OPENING)
    assert states(result)["mau-CA.eml"] == "sent"
    assert sorted(to for to, _ in taken(smtp)) == [
        ("congan@example.org",),
        ("truonghoc@example.org", "hieu-truong@example.org"),
    ]
    letter = parsed(next(data for _, to, data in smtp.post.taken if to == ("congan@example.org",)))
    assert letter["Subject"] == "Mẫu phiếu báo cáo tháng 11/2026 - Công an xã"
    assert letter["From"] == "Phòng Văn hóa - Xã hội <tonghop@example.org>"
    assert letter["Date"] == "Mon, 02 Nov 2026 08:00:00 +0700"
    assert letter["X-Unsent"] is None
    (form,) = letter.iter_attachments()
    assert form.get_filename() == "CA-2026-11.xlsx"
    assert form.get_content() == (sender / "outbox/2026-11/mau/CA-2026-11.xlsx").read_bytes()
    assert "gửi lại trước ngày 20/11/2026 (chậm nhất 23 giờ 59 phút ngày 19/11/2026)" in text_of(letter)
    assert "tệp «CA-2026-11.xlsx» kèm theo" in text_of(letter)
    send(sender, OPENING + timedelta(hours=1))
    assert len(smtp.post.taken) == 2


def test_who_has_no_address_is_named_and_gets_a_text_for_the_chat(sender: Path) -> None:
    issue_templates(at(sender, OPENING), PERIOD, quiet)
    result = send(sender, OPENING)
    (letter,) = [x for x in result.letters if x.unit == "VHXH"]
    assert (letter.state, letter.recipients) == ("ready", "")
    text = (sender / letter.file).with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert text.startswith("Kính gửi: Phòng Văn hóa - Xã hội\n")


def test_a_clean_form_gets_a_receipt_and_a_faulty_one_its_feedback(sender: Path, smtp: SmtpServer) -> None:
    for name, data in {"a": sent_form("CA"), "b": sent_form("TH", II_3__numerator="khoảng 40")}.items():
        (sender / "inbox" / f"{name}.xlsx").write_bytes(data)
    run_month(at(sender, CLOSING), PERIOD, quiet)
    send(sender, CLOSING)
    by_unit = {to[0]: parsed(data) for _, to, data in smtp.post.taken}
    receipt, feedback = by_unit["congan@example.org"], by_unit["truonghoc@example.org"]
    assert receipt["Subject"] == "Đã nhận phiếu báo cáo tháng 11/2026 - Công an xã"
    assert "(tệp «a.xlsx») lúc 08:00 ngày 14/11/2026. 3/3 chỉ tiêu hợp lệ" in text_of(receipt)
    assert list(receipt.iter_attachments()) == []
    assert feedback["Subject"] == "Đề nghị hoàn thiện phiếu báo cáo tháng 11/2026"
    (form,) = feedback.iter_attachments()
    (written,) = (sender / "outbox/2026-11/phan-hoi").glob("TH-*.xlsx")
    assert (form.get_filename(), form.get_content()) == (written.name, written.read_bytes())
    assert f"trong tệp «{written.name}» kèm theo" in text_of(feedback)


def test_only_who_owes_something_is_reminded_and_never_twice(sender: Path, smtp: SmtpServer) -> None:
    (sender / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
    run_month(at(sender, REMINDER), PERIOD, quiet)
    assert "nhac-TH-2026-11-18.eml" in states(send(sender, REMINDER))
    reminders = [to for to, subject in taken(smtp) if subject.startswith("Nhắc")]
    assert reminders == [("truonghoc@example.org", "hieu-truong@example.org")]
    send(sender, REMINDER + timedelta(hours=20))
    assert [to for to, subject in taken(smtp) if subject.startswith("Nhắc")] == reminders


def test_the_head_gets_the_list_and_the_readers_the_workbook(sender: Path, smtp: SmtpServer) -> None:
    (sender / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
    run_month(at(sender, LATE), PERIOD, quiet)
    send(sender, LATE)
    listed = next(parsed(data) for _, to, data in smtp.post.taken if to == ("lanh-dao@example.org",))
    assert "8/9 đơn vị phải nộp phiếu chưa hoàn thành" in text_of(listed)
    assert "- Các trường học trên địa bàn: chưa gửi phiếu báo cáo\n" in text_of(listed)
    assert "Công an xã" not in text_of(listed)
    assert ("ubnd@example.org",) not in [to for to, _ in taken(smtp)]
    send(sender, END)
    book = next(parsed(data) for _, to, data in smtp.post.taken if to == ("ubnd@example.org",))
    (workbook,) = book.iter_attachments()
    assert workbook.get_filename() == "Bảng tổng hợp tháng 11-2026.xlsx"
    assert workbook.get_content() == (sender / "outbox/2026-11/tong-hop-2026-11.xlsx").read_bytes()
    assert b"filename*0*=utf-8''B%E1%BA%A3ng" in smtp.post.taken[-1][2]


def test_a_reminder_that_is_no_longer_true_is_taken_back(sender: Path, smtp: SmtpServer) -> None:
    draft = send(sender, REMINDER, SendOrder())
    assert states(draft)["nhac-CA-2026-11-18.eml"] == "ready"
    (sender / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
    run_month(at(sender, REMINDER), PERIOD, quiet)
    assert "nhac-CA-2026-11-18.eml" not in states(send(sender, REMINDER))
    folder = sender / "outbox/2026-11/thu"
    assert not list(folder.glob("nhac-CA*"))
    assert len(list(folder.glob("nhac-TH*"))) == 2
    assert all(not subject.startswith("Nhắc") for to, subject in taken(smtp) if "congan" in to[0])


# --- files first ----------------------------------------------------------------------------------


def test_without_a_server_and_a_register_every_letter_is_a_file(tmp_path: Path) -> None:
    issue_templates(at(tmp_path, OPENING), PERIOD, quiet)
    result = send(tmp_path, OPENING, SendOrder())
    assert (len(result.letters), result.written) == (9, 9)
    letter = parsed((tmp_path / "outbox/2026-11/thu/mau-CA.eml").read_bytes())
    assert (letter["From"], letter["To"], letter["X-Unsent"]) == (None, None, "1")
    done = send(tmp_path, OPENING, replace(SendOrder(), by_hand=True))
    assert set(states(done).values()) == {"by_hand"}
    assert send(tmp_path, OPENING, SendOrder()).written == 0
    (tmp_path / "danh-ba.toml").write_text(CONTACTS, encoding="utf-8")
    with pytest.raises(OperatorError, match=r"Chưa có tệp hop-thu\.toml"):
        send(tmp_path, LATE)


def test_the_same_moment_writes_the_same_bytes(sender: Path) -> None:
    issue_templates(at(sender, OPENING), PERIOD, quiet)
    send(sender, OPENING, SendOrder())
    folder = sender / "outbox/2026-11/thu"
    before = files(folder)
    for path in [*folder.iterdir(), *(sender / "archive").glob("mail.sqlite*")]:
        path.unlink()
    send(sender, OPENING, SendOrder())
    assert files(folder) == before


def test_what_lies_there_is_left_alone_until_it_says_something_else(sender: Path) -> None:
    issue_templates(at(sender, OPENING), PERIOD, quiet)
    assert send(sender, OPENING, SendOrder()).written == 9
    before = files(sender / "outbox/2026-11/thu")
    assert send(sender, OPENING + timedelta(hours=3), SendOrder()).written == 0
    assert files(sender / "outbox/2026-11/thu") == before
    text = CONTACTS.replace("congan@", "ca-xa@")
    (sender / "danh-ba.toml").write_text(text, encoding="utf-8")
    assert send(sender, OPENING + timedelta(hours=3), SendOrder()).written == 1
    assert parsed((sender / "outbox/2026-11/thu/mau-CA.eml").read_bytes())["To"] == "ca-xa@example.org"


def test_a_kind_that_is_asked_for_is_written_before_its_day(sender: Path) -> None:
    run_month(at(sender, REMINDER), PERIOD, quiet)
    order = SendOrder(kinds=frozenset({"workbook"}))
    assert list(states(send(sender, REMINDER, order))) == ["tong-hop.eml"]

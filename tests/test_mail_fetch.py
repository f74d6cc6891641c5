"""Fetching from a real IMAP server: what comes, whose it is, and how it counts."""

import os
import re
import time
from datetime import datetime, timedelta

import pytest

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.run.mail_fetch import admit_mail
from pipeline.run.mail_status import read_mail_status
from pipeline.run.month import run_month
from tests.forms import sent_form
from tests.mailbox import FORM_NAME, NOW, ON_TIME, ZONE, Office, at, files, message, quiet, standings
from tests.unpacking import PDF
from tests.wrappers import winmail

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


@pytest.mark.parametrize(
    "sender",
    [
        "congan@example.org <ke-gian@example.com>",
        "congan@example.org, ke-gian@example.com",
        "congan@example.org;ke-gian@example.com",
        "Công an <congan@example.org>, <ke-gian@example.com>",
    ],
)
def test_an_address_beside_another_admits_nobody(office: Office, sender: str) -> None:
    """A server that guards against forgers looks at the other one."""
    form = message((FORM_NAME, sent_form("CA")), headers=(("Sender", "congan@example.org"),))
    head, _, body = form.partition(b"\r\nFrom: ")
    office.deliver(head + f"\r\nFrom: {sender}\r\n".encode() + body.partition(b"\r\n")[2])
    assert standings(office.fetch()) == ["stranger"]


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


@pytest.mark.parametrize(
    "disposition",
    [
        "filename*=utf-8''b%C3%A1o%20c%C3%A1o.xlsx",  # the standard
        'filename="=?utf-8?B?YsOhbyBjw6FvLnhsc3g=?="',  # Outlook, Gmail
        'filename="=?utf-8?Q?b=C3=A1o_c=C3=A1o.xlsx?="',
        'filename="báo cáo.xlsx"',  # as it is
        "filename*0*=utf-8''b%C3%A1o%20; filename*1*=c%C3%A1o.xlsx",
    ],
)
def test_names_come_out_of_every_encoding(office: Office, disposition: str) -> None:
    head = b"From: =?utf-8?B?Q8O0bmcgYW4geMOj?= <congan@example.org>\r\n"
    head += b"Subject: =?utf-8?Q?B=C3=A1o_c=C3=A1o?=\r\n"
    rest = message(("x.xlsx", sent_form("CA"))).partition(b"MIME-Version:")
    office.deliver(head + (rest[1] + rest[2]).replace(b'filename="x.xlsx"', disposition.encode()))
    (mail,) = office.fetch().mails
    assert (mail.standing, mail.subject, mail.sender) == ("taken", "Báo cáo", "congan@example.org")
    month = run_month(at(office.root), Period(2026, 11), quiet)
    (line,) = [line for line in month.status.lines if line.unit == "CA"]
    assert line.file.endswith("/báo cáo.xlsx")


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

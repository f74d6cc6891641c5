"""The tick and the mail: it fetches and sends where hop-thu.toml says so, and writes in any case."""

from datetime import datetime
from pathlib import Path

import pytest

from pipeline.edges.store.steps import Steps
from pipeline.run.acts import ACTS
from pipeline.run.issuing import issue
from pipeline.run.mail_send import SendOrder, send_mail
from tests import mailbox, outgoing
from tests.calendars import at
from tests.forms import sent_form
from tests.mail_servers import VARIABLE, SmtpServer, free_port, smtp_server
from tests.mailbox import FORM_NAME, Office, message, quiet
from tests.outgoing import connect, log_of, parsed, taken
from tests.ticking import beat, diary, outcomes

CA, TH = "congan@example.org", "truonghoc@example.org"


def at_work(root: Path) -> Path:
    """A workspace that has done everything up to the opening of November."""
    (root / "inbox").mkdir(exist_ok=True)
    steps = Steps(root / "archive" / "steps.json")
    for key in ("inbox", "2026-10/tong-hop-cuoi", "2026-10/gui-bang-tong-hop", "2026-11/phat-mau"):
        steps.finish(key, "done", at(2026, 10, 26))
    return root


def tick_at(root: Path, *moments: datetime) -> list[str]:
    """What is said at ticks, one after the other."""
    told: list[str] = []
    for moment in moments:
        told += beat(root, moment, ACTS, []).done
    return told


def lines_of(root: Path, word: str) -> list[str]:
    return [line for line in diary(root) if word in line]


# --- letters as files -----------------------------------------------------------------------------


def test_a_month_runs_itself(tmp_path: Path) -> None:
    """Forms go out, a form comes in and is taken at the next beat, and both runs write the workbook."""
    root = at_work(tmp_path)
    Steps(root / "archive" / "steps.json").finish("2026-11/phat-mau", "failed", at(2026, 10, 26))
    tick_at(root, at(2026, 11, 1, 7))
    assert len(list((root / "outbox/2026-11/mau").glob("*.xlsx"))) == 9
    letters = root / "outbox/2026-11/thu"
    assert len(list(letters.glob("mau-*.eml"))) == 9
    book = root / "outbox/2026-11/tong-hop-2026-11.xlsx"
    (root / "inbox" / "công an.xlsx").write_bytes(sent_form("CA"))
    assert tick_at(root, at(2026, 11, 18, 9))[0] == "Nhận tệp trong inbox"
    reminders = [path.name for path in letters.glob("nhac-*.eml")]
    assert len(reminders) == 8  # all but Công an xã, which has sent
    assert not any("CA" in name for name in reminders)
    assert len(list(letters.glob("da-nhan-CA-*.eml"))) == 1
    assert list((root / "inbox").iterdir()) == []
    assert (root / "archive" / "2026-11" / "CA").is_dir()
    first = book.read_bytes()
    tick_at(root, at(2026, 11, 20, 7))
    assert book.read_bytes() != first  # now it is said who has not sent
    tick_at(root, at(2026, 11, 24, 8))
    assert [path.name for path in letters.glob("tong-hop*.eml")] == ["tong-hop.eml"]
    kept = {key for key, outcome in outcomes(root).items() if key.startswith("2026-11/") if outcome == "done"}
    names = ("phat-mau", "nhac-truoc-3", "nhac-truoc-1", "nhac-sau-1", "bao-lanh-dao", "tong-hop")
    assert kept == {f"2026-11/{name}" for name in (*names, "tong-hop-cuoi", "gui-bang-tong-hop")}
    assert {letter.state for letter in log_of(root).values()} == {"ready"}


def test_a_reminder_of_a_day_slept_through_is_about_that_day(tmp_path: Path) -> None:
    root = at_work(tmp_path)
    tick_at(root, at(2026, 11, 19, 9))
    assert {key for key in log_of(root) if "/CA/" in key} == {"2026-11/reminder/CA/2026-11-18"}


def test_an_answer_to_an_earlier_month_is_written_too(tmp_path: Path) -> None:
    root = at_work(tmp_path)
    (root / "inbox" / "tháng chín.xlsx").write_bytes(sent_form("CA", "2026-09"))
    tick_at(root, at(2026, 11, 3, 9))
    assert [key[:19] for key in log_of(root)] == ["2026-09/feedback/CA"]


def test_letters_that_a_cut_left_unwritten_are_written_at_the_next_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = at_work(tmp_path)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.run.tick.letters_by_itself", cut)
        (root / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
        with pytest.raises(KeyboardInterrupt):
            tick_at(root, at(2026, 11, 3, 9))
    assert log_of(root) == {}
    assert tick_at(root, at(2026, 11, 3, 9, 1)) == ["Thư đến hạn"]
    assert [letter.kind for letter in log_of(root).values()] == ["feedback"]
    assert tick_at(root, at(2026, 11, 3, 9, 2)) == []


# --- sending by itself ----------------------------------------------------------------------------


@pytest.fixture
def alone(sender: Path, smtp: SmtpServer) -> Path:
    """A workspace that may send by itself."""
    connect(sender, smtp.port, by_itself="true")
    return at_work(sender)


def subjects(smtp: SmtpServer, address: str) -> list[str]:
    return [subject.partition(" ")[0] for to, subject in taken(smtp) if address in to]


def test_nothing_leaves_unless_the_office_has_said_so(sender: Path, smtp: SmtpServer) -> None:
    tick_at(at_work(sender), at(2026, 11, 18, 9), at(2026, 11, 20, 9))
    assert smtp.post.taken == []
    assert {letter.kind for letter in log_of(sender).values()} == {"overdue"}


def test_each_letter_leaves_once_on_its_day(alone: Path, smtp: SmtpServer) -> None:
    (alone / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
    moments = [
        at(2026, 11, day, hour, minute) for day in range(16, 27) for hour in (7, 8) for minute in (0, 45)
    ]
    tick_at(alone, *moments)
    assert subjects(smtp, CA) == ["Đã"]
    assert subjects(smtp, TH) == ["Nhắc", "Nhắc", "Phiếu"]
    assert subjects(smtp, "lanh-dao@example.org") == ["Các"]
    (book,) = [parsed(data) for _, to, data in smtp.post.taken if "ubnd@example.org" in to]
    assert "bản tạm, chưa phát hành" in outgoing.text_of(book)
    before = len(smtp.post.taken)
    tick_at(alone, at(2026, 11, 17, 9), *moments)  # the clock is set back, and the month goes by once more
    assert len(smtp.post.taken) == before


def test_what_is_issued_goes_to_the_readers_after_the_draft_and_a_later_draft_does_not(
    alone: Path, smtp: SmtpServer
) -> None:
    (alone / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
    tick_at(alone, at(2026, 11, 24, 9))
    frozen = issue(mailbox.at(alone, at(2026, 11, 24, 10)), outgoing.PERIOD, quiet).path
    sealed = frozen.read_bytes()
    frozen.write_bytes(b"PK somebody has written in it")
    frozen.with_name(f"{frozen.stem} - Copy.xlsx").write_bytes(sealed)
    tick_at(alone, at(2026, 11, 24, 10, 5), at(2026, 11, 24, 11), at(2026, 11, 24, 12))
    books = [parsed(data) for _, to, data in smtp.post.taken if "ubnd@example.org" in to]
    said = ["bản tạm, chưa phát hành", "bản phát hành số 1"]
    assert [words in outgoing.text_of(book) for words, book in zip(said, books, strict=True)] == [True, True]
    (attached,) = books[1].iter_attachments()
    assert attached.get_content() == sealed


def test_a_full_mailbox_is_tried_again_at_intervals_and_a_wrong_address_is_not(
    alone: Path, smtp: SmtpServer
) -> None:
    refused = smtp.post.refuse_address
    refused[CA] = "452 4.2.2 Mailbox full"
    refused |= dict.fromkeys((TH, "hieu-truong@example.org"), "550 5.1.1 No such user")
    result = beat(alone, at(2026, 11, 18, 8), ACTS)
    (line,) = [notice for notice in result.notices if "từ chối" in notice]
    assert "nhac-CA-2026-11-18.eml và 1 thư khác" in line
    assert not result.has_failed
    refused.clear()
    tick_at(alone, at(2026, 11, 18, 8, 29))
    assert smtp.post.taken == []
    tick_at(alone, at(2026, 11, 18, 8, 30))
    assert (subjects(smtp, CA), subjects(smtp, TH)) == (["Nhắc"], [])
    outgoing.send(alone, at(2026, 11, 18, 9))  # somebody has seen why
    assert subjects(smtp, TH) == ["Nhắc"]


def test_what_may_have_left_is_told_and_never_sent_again(
    alone: Path, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.edges.mailbox.smtp.Outbox.send", cut)
        with pytest.raises(KeyboardInterrupt):
            tick_at(alone, at(2026, 11, 18, 8))
    result = beat(alone, at(2026, 11, 18, 8, 1), ACTS)
    tick_at(alone, *(at(2026, 11, 18, hour) for hour in range(9, 24)))
    (unknown,) = [letter for letter in log_of(alone).values() if letter.state == "unknown"]
    assert any(notice.startswith(f"Không rõ đã gửi {unknown.file}") for notice in result.notices)
    assert len(lines_of(alone, "Không rõ đã gửi")) == 1
    assert len(smtp.post.taken) == 1
    assert unknown.recipients.split(", ")[0] not in [to[0] for to, _ in taken(smtp)]


def test_a_server_that_is_down_stops_nothing_and_is_noted_once(
    alone: Path, certificate: tuple[Path, Path]
) -> None:
    port = free_port()
    connect(alone, port, by_itself="true")
    (alone / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
    moments = [at(2026, 11, 18, 8, minute) for minute in range(0, 30, 5)]
    result = beat(alone, moments[0], ACTS)
    assert "Nhận tệp trong inbox" in result.done
    assert result.has_failed
    tick_at(alone, *moments[1:])
    (line,) = lines_of(alone, "không nhận kết nối")
    assert "Chưa xong: Thư đến hạn: " in line
    with smtp_server(*certificate) as back:
        connect(alone, back.port, by_itself="true")
        assert tick_at(alone, at(2026, 11, 18, 8, 30)) == ["Thư đến hạn"]
        assert sorted(to[0] for to, _ in taken(back)) == [CA, TH]
    assert lines_of(alone, "Xong: Thư đến hạn: gửi 2 thư") != []


@pytest.mark.parametrize("missing", ["danh-ba.toml", VARIABLE])
def test_what_the_office_has_left_out_is_told_once(
    alone: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    if missing == VARIABLE:
        monkeypatch.delenv(VARIABLE)
    else:
        (alone / missing).unlink()
    tick_at(alone, *(at(2026, 11, 18, 8, minute) for minute in range(0, 20, 5)))
    assert [missing in line for line in lines_of(alone, "Chưa xong")] == [True]
    assert outcomes(alone)["2026-11/nhac-truoc-1"] == "done"


def test_settings_that_cannot_be_read_hold_up_nothing_but_the_mail(alone: Path) -> None:
    (alone / "hop-thu.toml").write_text("[smtp]\nhost = 5\n", encoding="utf-8")
    (alone / "inbox" / "a.xlsx").write_bytes(sent_form("CA"))
    assert tick_at(alone, at(2026, 11, 3, 8), at(2026, 11, 3, 8, 5)) == ["Nhận tệp trong inbox"]
    assert lines_of(alone, "hop-thu.toml") != []


def test_whoever_floods_a_unit_gets_few_answers_and_the_rest_waits_for_the_officer(
    alone: Path, smtp: SmtpServer
) -> None:
    """Whoever writes under a unit's address can send any number of forms."""
    connect(alone, smtp.port, by_itself="true", answers_a_day="2")
    moments = [at(2026, 11, 3, 9, minute) for minute in (0, 5, 31)]
    for moment in moments:
        for number in range(2):
            form = sent_form("CA", V_20__numerator=f"khoảng {moment.minute + number}")
            (alone / "inbox" / f"{number}.xlsx").write_bytes(form)
        result = beat(alone, moment, ACTS)
    assert [to for to, _ in taken(smtp)] == [(CA,)] * 2
    (said,) = [notice for notice in result.notices if notice.startswith("Giữ lại")]
    assert "Công an xã: quá 2 thư tự động một ngày" in said
    assert len(lines_of(alone, "Giữ lại")) == 1
    assert sorted(letter.state for letter in log_of(alone).values()) == ["held"] * 4 + ["sent"] * 2
    assert all((alone / letter.file).is_file() for letter in log_of(alone).values())
    tick_at(alone, *(at(2026, 11, day, 9) for day in (4, 5)))
    desk = mailbox.at(alone, at(2026, 11, 5, 10))
    send_mail(desk, None, outgoing.SEND, quiet)
    assert len(smtp.post.taken) == 2  # the next day frees none of them, nor does an order that names none
    send_mail(desk, None, SendOrder(frozenset({"feedback"}), deliver=True), quiet)
    assert len(smtp.post.taken) == 6
    (alone / "inbox" / "a.xlsx").write_bytes(sent_form("CA", V_20__numerator="khoảng 99"))
    tick_at(alone, at(2026, 11, 6, 9))
    assert len(smtp.post.taken) == 7  # a new day, a new answer


# --- fetching by itself ---------------------------------------------------------------------------


def fetching(office: Office, *deliveries: tuple[str, str]) -> Path:
    """The office's mailbox may be fetched; forms of units lie in it, sent by addresses."""
    office.connect(by_itself="true")
    for unit, address in deliveries:
        office.deliver(message((FORM_NAME, sent_form(unit)), sender=address))
    return at_work(office.root)


def test_mail_is_fetched_and_taken_in_one_tick_and_nobody_is_reminded_who_sent_it(office: Office) -> None:
    root = fetching(office, ("CA", CA))
    assert tick_at(root, at(2026, 11, 18, 11))[:2] == ["Lấy thư", "Nhận tệp trong inbox"]
    kinds = {letter.kind for letter in log_of(root).values() if letter.unit == "CA"}
    assert kinds == {"receipt"}
    assert lines_of(root, "Lấy thư") == ["18/11/2026 11:00  Xong: Lấy thư: 1 thư vào inbox"]


def test_the_mailbox_is_looked_into_at_its_interval_and_silently_where_nothing_came(office: Office) -> None:
    root = fetching(office)
    tick_at(root, at(2026, 11, 3, 9))
    office.deliver(message((FORM_NAME, sent_form("CA")), sender=CA), at=at(2026, 11, 3, 9))
    assert tick_at(root, *(at(2026, 11, 3, 9, minute) for minute in range(1, 5))) == []
    assert "Lấy thư" in tick_at(root, at(2026, 11, 3, 9, 5))
    assert tick_at(root, at(2026, 11, 3, 9, 10)) == []
    assert len(lines_of(root, "Lấy thư")) == 1


def test_nothing_is_fetched_unless_the_office_has_said_so(office: Office) -> None:
    office.deliver(message((FORM_NAME, sent_form("CA")), sender=CA))
    tick_at(at_work(office.root), at(2026, 11, 18, 11))
    assert not (office.root / "inbox" / "thu").exists()


def test_a_stranger_waits_for_the_officer_who_is_told(office: Office) -> None:
    root = fetching(office, ("CA", "ai-do@example.com"))
    result = beat(root, at(2026, 11, 18, 11), ACTS)
    assert "Thư để riêng trong inbox-la, chờ cán bộ quyết định: 1 (xem mail status)" in result.notices
    assert lines_of(root, "Lấy thư") == ["18/11/2026 11:00  Xong: Lấy thư: 1 thư để riêng hoặc để lại"]


def test_a_mailbox_that_is_down_stops_no_inbox_and_is_noted_once(office: Office) -> None:
    root = fetching(office, ("CA", CA))
    office.connect(free_port(), by_itself="true")
    (root / "inbox" / "TH.xlsx").write_bytes(sent_form("TH"))
    first = beat(root, at(2026, 11, 18, 11), ACTS)
    assert first.done[0] == "Nhận tệp trong inbox"
    assert first.has_failed
    tick_at(root, *(at(2026, 11, 18, 11, minute) for minute in range(1, 16)))
    (line,) = lines_of(root, "không nhận kết nối")
    assert "Chưa xong: Lấy thư: " in line
    office.connect(by_itself="true")
    assert "Lấy thư" in tick_at(root, at(2026, 11, 18, 11, 20))
    assert not beat(root, at(2026, 11, 18, 11, 21), ACTS).has_failed


def test_a_failure_is_forgotten_once_the_office_fetches_by_hand_again(office: Office) -> None:
    root = fetching(office)
    office.connect(free_port(), by_itself="true")
    assert beat(root, at(2026, 11, 3, 9), ACTS).has_failed
    office.connect()
    assert not beat(root, at(2026, 11, 3, 9, 1), ACTS).has_failed

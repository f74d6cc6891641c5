"""A year of the whole commune by the public commands: what each month asks for is done, and done once."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from pipeline.base.period import Period
from pipeline.cli.places import PROJECT
from pipeline.edges.store.ledger import Ledger
from tests.calendars import at
from tests.commune import UNITS, Commune, address
from tests.mail_servers import PASSWORD, VARIABLE, Dovecot, SmtpServer, free_port
from tests.outgoing import parsed

YEAR = [Period(2026, month) for month in range(1, 13)]
FEBRUARY, MARCH, MAY, JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = YEAR[1:3] + YEAR[4:11]
REMINDERS = {"nhac-truoc-3": "reminder", "nhac-truoc-1": "reminder", "nhac-sau-1": "overdue"}  # by step
Event = tuple[datetime, Callable[[datetime], object]]
Due = dict[str, datetime]


@pytest.fixture
def commune(
    tmp_path: Path,
    smtp: SmtpServer,
    certificate: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Commune:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    monkeypatch.setattr("os.fsync", lambda descriptor: None)  # the disk of the tests is not what is tried
    return Commune(tmp_path, smtp, certificate[0], capsys)


def test_a_year_runs_itself_and_each_thing_happens_once(commune: Commune, imap_server: Dovecot) -> None:
    due = {period: days for period, days in zip(YEAR, due_days(commune), strict=True)}
    for period in YEAR:
        if period == OCTOBER:
            commune.open_mailbox(imap_server)
        for moment, happen in sorted(
            agenda(commune, period, due[period], imap_server), key=lambda event: event[0]
        ):
            happen(moment)
    commune.tick(at(2026, 12, 31))
    check_steps(commune, due)
    check_letters(commune, due)
    check_registers(commune)
    check_issues(commune)
    check_february(commune)


def due_days(commune: Commune) -> list[Due]:
    """When the steps of each period fall due, as the command `calendar` says."""
    periods = commune.year(at(2026, 1, 1))["periods"]
    return [{s["name"]: datetime.fromisoformat(s["due"]) for s in period["steps"]} for period in periods]


def on(period: Period, day: int, hour: int, minute: int = 0) -> datetime:
    return at(period.year, period.month, day, hour, minute)


# --- what happens in a month ----------------------------------------------------------------------


def agenda(commune: Commune, period: Period, due: Due, server: Dovecot) -> list[Event]:
    """The machine ticks when a step falls due and when files have come; the officer issues the month."""
    events: list[Event] = [(moment, commune.tick) for moment in dict.fromkeys(due.values())]
    events += [
        (on(period, 15, 10), partial(first_forms, commune, period)),
        (due["tong-hop-cuoi"] + timedelta(minutes=30), partial(issue, commune, period)),
    ]
    if is_odd(period):
        events.append((on(period, 17, 10), partial(second_forms, commune, period)))
    else:
        events.append((on(period, 22, 10), partial(late_form, commune, period)))
    return with_troubles(commune, period, due, server, events)


def is_odd(period: Period) -> bool:
    """In odd months the schools send a form that is wrong first; in even ones the economists are late."""
    return period.month % 2 == 1


def settled(period: Period) -> dict[str, datetime]:
    """When each unit has sent what can be used; the others never do."""
    first, second, late = on(period, 15, 10), on(period, 17, 10), on(period, 22, 10)
    if is_odd(period):
        return {"CA": first, "TYT": first, "KT": first, "TH": second}
    return {"CA": first, "TYT": first, "TH": first, "KT": late}


def with_troubles(
    commune: Commune, period: Period, due: Due, server: Dovecot, events: list[Event]
) -> list[Event]:
    """What befalls machine, clock, servers and officer in some months."""
    if period == MAY:  # the machine is off over the 20th
        awake = [event for event in events if not is_asleep(period, event[0])]
        awake.append((on(period, 22, 10), commune.tick))
        return [*awake, (on(period, 22, 11), partial(issue, commune, period))]
    if period == JULY:
        return instead(events, due["tong-hop"], partial(two_ticks_at_once, commune))
    if period == SEPTEMBER:
        return instead(events, due["nhac-sau-1"], partial(nobody_takes_letters, commune))
    more: dict[Period, Event] = {
        JUNE: (on(period, 28, 8), partial(clock_set_back, commune)),
        AUGUST: (on(period, 27, 9), partial(a_form_after_the_issue, commune, period)),
        NOVEMBER: (on(period, 15, 9), partial(mailbox_down, commune, server)),
    }
    return [*events, more[period]] if period in more else events


def is_asleep(period: Period, moment: datetime) -> bool:
    return period == MAY and on(period, 17, 11) < moment < on(period, 22, 10)


def instead(events: list[Event], moment: datetime, happen: Callable[[datetime], object]) -> list[Event]:
    return [event for event in events if event[0] != moment] + [(moment, happen)]


def first_forms(commune: Commune, period: Period, now: datetime) -> None:
    """One by mail, some as files, one of them perhaps with a cell that is wrong; in March one is no form."""
    commune.mail("CA", commune.fill("CA", period), now - timedelta(hours=1))
    wrong = {"II_3__numerator": "khoảng 40"} if is_odd(period) else {}
    commune.drop("Trường học.xlsx", commune.fill("TH", period, **wrong))
    commune.drop("y tế.xlsx", commune.fill("TYT", period))
    if is_odd(period):
        commune.drop("kinh tế.xlsx", commune.fill("KT", period))
    if period == MARCH:
        commune.drop("hỏng.xlsx", b"PK\x03\x04 khong phai phieu")
    commune.tick(now)


def second_forms(commune: Commune, period: Period, now: datetime) -> None:
    """What was wrong comes mended, and what was right comes once more."""
    commune.drop("Trường học (sửa).xlsx", commune.fill("TH", period))
    commune.mail("TYT", commune.filled["TYT"], now)
    commune.tick(now)


def late_form(commune: Commune, period: Period, now: datetime) -> None:
    commune.drop("kinh tế.xlsx", commune.fill("KT", period))
    commune.tick(now)


def issue(commune: Commune, period: Period, now: datetime) -> None:
    commune.run("issue", "--period", str(period), now=now)


def clock_set_back(commune: Commune, now: datetime) -> None:
    """To days on which everything had to be done, and on again."""
    before = len(commune.smtp.post.taken)
    for back in (timedelta(days=12), timedelta(days=8), timedelta(days=23), timedelta()):
        commune.tick(now - back)
    assert len(commune.smtp.post.taken) == before


def two_ticks_at_once(commune: Commune, now: datetime) -> None:
    """Two programs; the second says that it is not alone, or finds nothing left to do."""
    words = [sys.executable, "run_monthly.py", "tick", "--workspace", str(commune.root)]
    words += ["--now", now.isoformat()[:16]]
    both = [
        subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in "12"
    ]
    for one in both:
        one.communicate(timeout=120)
    assert sorted(one.returncode for one in both) in ([0, 0], [0, 3])


def a_form_after_the_issue(commune: Commune, period: Period, now: datetime) -> None:
    """It waits for the officer, who lets it in and issues the month again."""
    commune.drop("văn phòng.xlsx", commune.fill("VP", period))
    commune.tick(now)
    assert commune.standing(period, now)["VP"] == ("", "", 0)
    commune.run("admit", "văn phòng.xlsx", "--reason", "Có văn bản giải trình", now=now)
    issue(commune, period, now + timedelta(minutes=5))
    commune.tick(now + timedelta(hours=1))


def nobody_takes_letters(commune: Commune, now: datetime) -> None:
    """The mail server is down on the day of a reminder, and back two hours later."""
    commune.send_through(free_port())
    for minutes in (0, 1, 5, 60):
        commune.tick(now + timedelta(minutes=minutes), status=3)
    commune.send_through(commune.smtp.port)
    commune.tick(now + timedelta(hours=2))


def mailbox_down(commune: Commune, server: Dovecot, now: datetime) -> None:
    commune.fetch_from(free_port())
    commune.tick(now, status=3)
    commune.fetch_from(server.tls_port)


# --- what is on record ----------------------------------------------------------------------------


def done_at(period: Period, due: Due, name: str) -> datetime:
    """When a step was done: in May not before the machine was on again."""
    return on(period, 22, 10) if is_asleep(period, due[name]) else due[name]


def check_steps(commune: Commune, due: dict[Period, Due]) -> None:
    """Every step of the year was done at one attempt, on its day, and noted once."""
    steps, diary = commune.steps(), Counter(commune.diary())
    skipped = f"{MAY}/nhac-truoc-1"
    for period, days in due.items():
        for name in days:
            record = steps[f"{period}/{name}"]
            wanted = ("skipped", 0) if f"{period}/{name}" == skipped else ("done", 1)
            assert (record["outcome"], record["attempts"]) == wanted, record
            assert datetime.fromisoformat(record["at"]) == done_at(period, days, name), record
    assert all(count == 1 for line, count in diary.items() if ", kỳ tháng" in line)
    assert sum(", kỳ tháng" in line for line in diary) == 12 * 8
    assert sum("không nhận kết nối" in line for line in diary) == 2  # in September and in November


def check_letters(commune: Commune, due: dict[Period, Due]) -> None:
    """Who is told what, by the log; that each letter left once, by the log and by the server."""
    letters = commune.letters()
    assert all(commune.happened(key) == ["sending", "sent"] for key in letters)
    told = Counter(said(key) for key in letters)
    assert told == Counter({said: n for period in YEAR for said, n in expected(period, due[period]).items()})
    ids = Counter(parsed(data)["Message-ID"] for _, _, data in commune.smtp.post.taken)
    assert set(ids.values()) == {1}
    assert len(ids) == len(letters)


def said(key: str) -> tuple[str, str, str]:
    """Period, unit and kind of a letter; an answer is a receipt or a feedback."""
    period, kind, *rest = key.split("/")
    answer = "answer" if kind in ("receipt", "feedback") else kind
    return period, rest[0] if rest and rest[0] in UNITS else "", answer


def expected(period: Period, due: Due) -> Counter[tuple[str, str, str]]:
    """What the commune has to be told about a month, from when each unit has settled what it owes."""
    sent = settled(period)
    told = Counter((unit, "form") for unit in UNITS) + Counter((unit, "answer") for unit in sent)
    told += Counter({("TH", "answer"): int(is_odd(period)), ("", "escalation"): 1, ("", "workbook"): 1})
    if period == MAY:  # the draft left when the machine was on again, before the office issued the month
        told += Counter({("", "workbook"): 1})
    if period == AUGUST:
        told += Counter({("VP", "answer"): 2, ("", "workbook"): 1})  # that it waits, and that it counts
    for name, kind in REMINDERS.items():
        if (period, name) == (MAY, "nhac-truoc-1"):
            continue
        moment = done_at(period, due, name)
        told += Counter((unit, kind) for unit in UNITS if unit not in sent or sent[unit] > moment)
    return Counter({(str(period), unit, kind): count for (unit, kind), count in told.items()})


def check_registers(commune: Commune) -> None:
    """Who has sent, in time and how often, by the command `status`."""
    for period in YEAR:
        standing = commune.standing(period, at(2026, 12, 31))
        sent = {unit: line for unit, line in standing.items() if line[2]}
        assert sent.pop("VP", None) == (("late", "valid", 1) if period == AUGUST else None)
        assert sent == {
            "CA": ("on_time", "valid", 1),
            "TYT": ("on_time", "valid", 1),
            "TH": ("on_time", "valid", 1 + is_odd(period)),
            "KT": ("on_time" if is_odd(period) else "late", "valid", 1),
        }, period


def check_issues(commune: Commune) -> None:
    with Ledger(commune.root / "archive" / "ledger.sqlite") as ledger:
        issues = [(issue.period, issue.number) for issue in ledger.issues()]
        hashes = Counter(sent.sha256 for sent in ledger.submissions())
    assert sorted(issues) == sorted([*((str(period), 1) for period in YEAR), (str(AUGUST), 2)])
    assert set(hashes.values()) == {1}
    assert list((commune.root / "inbox").glob("*.*")) == []
    for period in YEAR:
        assert (commune.root / "outbox" / str(period) / f"tong-hop-{period}-r1.xlsx").is_file()


def check_february(commune: Commune) -> None:
    """Closing and deadline lie in Tết: reminders leave before it, the first working day after it is told."""
    sent = [parsed(data) for _, to, data in commune.smtp.post.taken if to == (address("VP"),)]
    about = [(str(m["Subject"]).split()[0], m["Date"].datetime) for m in sent if "tháng 2/" in m["Subject"]]
    assert about == [
        ("Mẫu", at(2026, 2, 1, 7)),
        ("Nhắc", at(2026, 2, 11, 8)),
        ("Nhắc", at(2026, 2, 13, 8)),
        ("Phiếu", at(2026, 2, 23, 8)),
    ]

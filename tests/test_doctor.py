"""What the doctor says of what was seen: each remark comes of its own cause and of no other."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.base.errors import SpecError
from pipeline.base.observed import (
    Books,
    Clock,
    DataFiles,
    Inbox,
    KnownYear,
    Machine,
    Mail,
    MailServer,
    Observed,
    Place,
)
from pipeline.core.doctor import Remark, examine, summary
from pipeline.spec.doctor import WORDS, load_doctor
from pipeline.spec.requirements import locked_versions
from tests.calendars import at
from tests.forms import SCHEMAS

FILE = (SCHEMAS / "doctor.toml").read_text(encoding="utf-8")
TEXTS = load_doctor("doctor.toml", FILE)
NOW = at(2026, 11, 24, 8)
HOURS = timedelta(hours=1)
SERVER = MailServer("mail.example.org", "")
SOUND = Observed(
    machine=Machine("3.12.3", 64, {"click": "8.5.1"}, {"click": "8.5.1"}, (), "utf-8", ""),
    place=Place(
        path=r"C:\tong-hop",
        parts=("C:\\", "tong-hop"),
        is_remote=False,
        limits_paths=True,
        folders={"inbox": "writable", "outbox": "writable", "archive": "writable"},
        free_bytes=50_000_000_000,
        open_files=(),
    ),
    inbox=Inbox(0, ()),
    data=DataFiles((2026,), (1,), 7, (), (KnownYear(2026, 14, is_published=True),)),
    mail=Mail(None, (), None),
    clock=Clock(NOW, 7 * HOURS, 7 * HOURS),
    books=Books(120, 120, NOW - HOURS, 30, (), (), None, ()),
)
PARTS = ("machine", "place", "inbox", "data", "mail", "clock", "books")


def changed(part: str, **values: Any) -> Observed:
    return replace(SOUND, **{part: replace(getattr(SOUND, part), **values)})


def keys(seen: Observed) -> set[str]:
    return {remark.key for remark in examine(seen, TEXTS)}


def the(key: str, seen: Observed) -> Remark:
    (found,) = [remark for remark in examine(seen, TEXTS) if remark.key == key]
    return found


USUAL = keys(SOUND)
YEAR = KnownYear(2027, 15, is_published=False)
# What is changed, and the remarks that come and go with it.
CAUSES: list[tuple[str, dict[str, Any], set[str], set[str]]] = [
    ("machine", {"bits": 32}, {"python_narrow"}, {"python_good"}),
    ("machine", {"installed": {}}, {"packages_missing"}, {"packages_good"}),
    ("machine", {"installed": {"click": "8.1.0"}}, {"packages_differ"}, {"packages_good"}),
    ("machine", {"uncompiled": ("pandas",)}, {"compiled_not"}, {"compiled_good"}),
    ("machine", {"encoding": "ISO-8859-1"}, {"console_odd"}, {"console_good"}),
    ("machine", {"encoding": "UTF_8"}, set(), set()),
    ("machine", {"office": "/usr/bin/soffice"}, {"office_good"}, {"office_none"}),
    ("place", {"folders": {"inbox": "absent"}}, {"folders_absent"}, {"folders_good"}),
    ("place", {"folders": {"inbox": "refused", "archive": "writable"}}, {"folders_refused"}, set()),
    ("place", {"parts": ("C:\\", "OneDrive - UBND")}, {"place_cloud"}, {"place_good"}),
    ("place", {"is_remote": True}, {"place_remote"}, {"place_good"}),
    ("place", {"path": "C:\\" + "a" * 118}, {"place_long"}, {"place_good"}),
    ("place", {"path": "C:\\" + "a" * 117}, set(), set()),
    ("place", {"path": "/" + "a" * 200, "limits_paths": False}, set(), set()),
    ("place", {"free_bytes": 1_999_999_999}, {"disk_low"}, {"disk_good"}),
    ("place", {"free_bytes": 199_999_999}, {"disk_full"}, {"disk_good"}),
    ("place", {"open_files": ("tong-hop-2026-11.xlsx",)}, {"open_some"}, {"open_none"}),
    ("inbox", {"waiting": 3}, {"inbox_waiting"}, {"inbox_empty"}),
    ("inbox", {"passed_over": ("~$a.xlsx",)}, {"inbox_odd"}, set()),
    ("inbox", {"fault": "Không đọc được."}, {"inbox_faulty"}, {"inbox_empty"}),
    ("data", {"years": ()}, {"plan_none"}, {"plan_good"}),
    ("data", {"years": (2025,)}, {"plan_behind"}, set()),
    ("data", {"forms": ()}, {"form_none"}, {"form_good"}),
    ("data", {"faults": ("Tệp plan-2027.toml có 1 chỗ chưa đúng.",)}, {"data_faulty"}, {"data_good"}),
    ("data", {"holidays": (YEAR,)}, {"holidays_expected"}, {"holidays_good"}),
    ("data", {"holidays": (replace(YEAR, days_off=0),)}, {"holidays_unknown"}, {"holidays_good"}),
    ("data", {"holidays": None}, set(), {"holidays_good"}),
    ("mail", {"addressed": 9}, {"contacts_good"}, {"contacts_none"}),
    ("mail", {"addressed": 8, "unaddressed": ("Công an xã",)}, {"contacts_gaps"}, {"contacts_none"}),
    ("mail", {"contacts_fault": "Sai."}, {"contacts_faulty"}, {"contacts_none"}),
    ("mail", {"settings_fault": "Sai."}, {"mail_faulty"}, {"mail_none"}),
    ("mail", {"servers": (SERVER,)}, {"mail_good"}, {"mail_none"}),
    (
        "mail",
        {"servers": (replace(SERVER, password_fault="Chưa có mật khẩu."),)},
        {"password_none"},
        {"mail_none"},
    ),
    (
        "mail",
        {"servers": (replace(SERVER, login_fault=""),)},
        {"mail_good", "login_good"},
        {"mail_none"},
    ),
    (
        "mail",
        {"servers": (replace(SERVER, login_fault="Không nhận."),)},
        {"mail_good", "login_faulty"},
        {"mail_none"},
    ),
    ("clock", {"offset": timedelta()}, {"zone_odd"}, {"zone_good"}),
    ("clock", {"now": at(2028, 1, 2)}, {"year_odd"}, set()),
    ("clock", {"now": at(2027, 1, 2)}, {"plan_behind"}, set()),
    ("clock", {"now": at(2025, 12, 2)}, {"clock_back"}, set()),
    ("clock", {"now": NOW - HOURS - timedelta(minutes=10)}, set(), set()),
    ("clock", {"now": NOW - HOURS - timedelta(minutes=11)}, {"clock_back"}, set()),
    ("books", {"ledger": None, "journal": None}, {"ledger_none"}, {"ledger_good", "journal_good"}),
    ("books", {"ledger": None}, {"ledger_lost"}, {"ledger_good", "journal_good"}),
    ("books", {"journal": 121}, {"ledger_lost"}, {"ledger_good", "journal_good"}),
    ("books", {"journal": None}, {"journal_behind"}, {"journal_good"}),
    ("books", {"missing": ("2026-11/CA/a.xlsx",)}, {"originals_missing"}, {"originals_good"}),
    ("books", {"faults": ("Đã hỏng.",)}, {"books_faulty"}, {"ledger_good", "journal_good"}),
    ("books", {"quiet_since": NOW - HOURS}, {"ticks_good"}, {"ticks_none"}),
    ("books", {"quiet_since": NOW - 2 * HOURS}, {"ticks_quiet"}, {"ticks_none"}),
    ("books", {"failed_steps": ("Lập bảng tổng hợp",)}, {"steps_failed"}, set()),
]


@pytest.mark.parametrize(("part", "values", "come", "go"), CAUSES)
def test_each_remark_comes_of_its_cause(
    part: str, values: dict[str, Any], come: set[str], go: set[str]
) -> None:
    assert keys(changed(part, **values)) == USUAL - go | come


def test_every_remark_has_a_cause() -> None:
    assert USUAL.union(*(come for _, _, come, _ in CAUSES)) == WORDS.keys()


def test_a_sound_workspace_has_nothing_to_mend() -> None:
    remarks = examine(SOUND, TEXTS)
    assert {(remark.level, remark.mend) for remark in remarks} == {("good", "")}
    assert summary(remarks, TEXTS) == ("good", "Mọi thứ đều tốt.")


def test_the_whole_is_as_grave_as_its_gravest_part() -> None:
    noted = changed("inbox", waiting=3)
    assert summary(examine(noted, TEXTS), TEXTS) == ("note", "Chạy được, có 1 điều cần lưu ý.")
    broken = replace(noted, machine=replace(SOUND.machine, installed={}))
    level, line = summary(examine(broken, TEXTS), TEXTS)
    assert level == "broken"
    assert line.startswith("Có 1 chỗ hỏng, 1 điều cần lưu ý.")


def test_a_remark_says_what_was_seen() -> None:
    packages = {f"goi-{n}": "1" for n in range(7)}
    assert the("packages_missing", changed("machine", wanted=packages, installed={})).said == (
        "Thiếu thư viện: goi-0, goi-1, goi-2, goi-3, goi-4… (7)."
    )
    differing = changed("machine", installed={"click": "8.1.0"})
    assert the("packages_differ", differing).said.endswith(": click 8.1.0.")
    assert the("disk_low", changed("place", free_bytes=1_540_000_000)).said.endswith("1,5 GB.")
    assert the("disk_full", changed("place", free_bytes=1_540_000)).said.endswith("1 MB.")
    offset = the("zone_odd", changed("clock", offset=timedelta(hours=-3, minutes=-30)))
    assert "UTC-03:30, không phải UTC+07:00" in offset.said
    back = the("clock_back", changed("clock", now=at(2026, 11, 1, 7)))
    assert "Đồng hồ chỉ 07:00 ngày 01/11/2026, nhưng sổ đã ghi việc lúc 07:00 ngày 24/11/2026" in back.said
    assert the("journal_behind", changed("books", journal=117)).said.count("3 việc") == 1


# --- the data file --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "instead", "fault"),
    [
        ("[remarks.disk_full]", "[remarks.disk_fool]", "remarks.disk_full: thiếu khóa này"),
        ("[remarks.disk_full]", "[remarks.disk_fool]", "remarks.disk_fool: khóa này không dùng vào đâu"),
        (
            "chỉ còn trống {free}.",
            "chỉ còn trống {fre}.",
            "remarks.disk_low.said: không có từ {fre}",
        ),
        (
            "chỉ còn trống {free}.",
            "chỉ còn trống {free:d}.",
            "remarks.disk_full.said: trong ngoặc nhọn chỉ ghi từ",
        ),
        (
            "Không ghi được vào {names}.",
            "Không ghi được vào {names.",
            "remarks.folders_refused.said: dấu ngoặc",
        ),
        ('mend  = "Chạy: python run_monthly.py rebuild"', "", "remarks.ledger_lost.mend: phải ghi việc"),
        ("disk_full    = 200", "disk_full = 2000", "bounds.disk_full: phải lớn hơn 0"),
        ("quiet_after  = 60", "quiet_after = 0", "bounds.quiet_after: phải từ 1"),
        ('note   = "lưu ý"', "", "levels.note: thiếu khóa này"),
        ('books   = "Sổ', 'boks = "Sổ', "headings.books: thiếu khóa này"),
        (
            "có {notes} điều cần lưu ý",
            "có {broken} điều cần lưu ý",
            "summary.note: không có từ {broken}",
        ),
    ],
)
def test_a_fault_of_the_data_file_is_told_with_its_place(line: str, instead: str, fault: str) -> None:
    assert line in FILE
    with pytest.raises(SpecError) as caught:
        load_doctor("doctor.toml", FILE.replace(line, instead))
    assert fault in str(caught.value)


# --- the locked versions --------------------------------------------------------------------------

LOCK = (SCHEMAS.parent / "requirements.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("python", "platform"), [("3.11.0", "linux"), ("3.14.2", "win32")])
def test_every_line_of_the_lock_is_understood(python: str, platform: str) -> None:
    names = set(re.findall(r"^([a-z][a-z0-9-]*)==", LOCK, re.MULTILINE))
    assert locked_versions(LOCK, python, platform).keys() == names
    assert {"pandas", "click", "tzdata"} <= names


def test_a_version_that_depends_on_python_or_the_platform() -> None:
    lock = (
        "numpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:00\n"
        "numpy==2.5.5 ; python_full_version >= '3.12' \\\n"
        "colorama==0.4.6 ; python_full_version >= '3.11' and sys_platform == 'win32' \\\n"
        "uvloop==1.0 ; sys_platform != 'win32' \\\n"
    )
    assert locked_versions(lock, "3.11.9", "linux") == {"numpy": "2.4.6", "uvloop": "1.0"}
    assert locked_versions(lock, "3.12.0", "win32") == {"numpy": "2.5.5", "colorama": "0.4.6"}
    with pytest.raises(ValueError, match="not understood: os_name"):
        locked_versions("a==1 ; os_name == 'nt' \\\n", "3.12.0", "win32")

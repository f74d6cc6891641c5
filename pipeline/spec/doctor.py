"""What `doctor` says about a machine and a workspace, and from where on it is odd: `schemas/doctor.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.base.errors import SpecError
from pipeline.spec.sentences import check_words
from pipeline.spec.shape import Faults, build, read_toml

Level = Literal["good", "note", "broken"]

_WORDS: Mapping[str, str] = {
    # the machine
    "python_good": "version bits",
    "python_narrow": "version",
    "packages_good": "count",
    "packages_missing": "names",
    "packages_differ": "names",
    "compiled_good": "",
    "compiled_not": "names",
    "console_good": "",
    "console_odd": "encoding",
    "office_good": "path",
    "office_none": "",
    # the workspace
    "folders_good": "names",
    "folders_absent": "names",
    "folders_refused": "names",
    "place_good": "path",
    "place_cloud": "path name",
    "place_remote": "path",
    "place_long": "path length most",
    "disk_good": "free",
    "disk_low": "free",
    "disk_full": "free",
    "open_none": "",
    "open_some": "names",
    "inbox_empty": "",
    "inbox_waiting": "count",
    "inbox_odd": "names",
    "inbox_faulty": "fault",
    # the data files
    "plan_good": "years",
    "plan_none": "",
    "plan_behind": "year",
    "form_good": "version",
    "form_none": "",
    "data_good": "count",
    "data_faulty": "fault",
    "holidays_good": "year count",
    "holidays_expected": "year count",
    "holidays_unknown": "year",
    # the mail
    "contacts_good": "count",
    "contacts_none": "",
    "contacts_gaps": "names",
    "contacts_faulty": "fault",
    "mail_good": "hosts",
    "mail_none": "",
    "mail_faulty": "fault",
    "password_none": "fault",
    "login_good": "host",
    "login_faulty": "fault",
    # the clock
    "zone_good": "now",
    "zone_odd": "now offset usual",
    "year_odd": "now",
    "clock_back": "now latest",
    # the books
    "ledger_good": "count",
    "ledger_none": "",
    "ledger_lost": "",
    "journal_good": "",
    "journal_behind": "count",
    "originals_good": "count",
    "originals_missing": "count names",
    "books_faulty": "fault",
    "ticks_good": "moment",
    "ticks_none": "",
    "ticks_quiet": "moment",
    "steps_failed": "names",
}
WORDS = {key: frozenset(words.split()) for key, words in _WORDS.items()}
"""The words that the program knows for each remark."""


@dataclass(frozen=True)
class Bounds:
    """From where on something is odd. Sizes are in megabytes, times in minutes, paths in letters."""

    disk_low: int
    disk_full: int
    longest_path: int
    clock_slack: int
    quiet_after: int
    longest_list: int
    clouds: tuple[str, ...]


@dataclass(frozen=True)
class RemarkText:
    """One remark: how grave it is, what is so, and what to do about it."""

    level: Level
    said: str
    mend: str = ""


@dataclass(frozen=True)
class DoctorTexts:
    """All remarks by key, the words for their levels, the line at the end, and the bounds."""

    levels: dict[str, str]
    headings: dict[str, str]
    summary: dict[str, str]
    bounds: Bounds
    remarks: dict[str, RemarkText]


HEADINGS = ("machine", "place", "data", "mail", "clock", "books")
SUMMARY: Mapping[str, frozenset[str]] = {
    "good": frozenset(),
    "note": frozenset({"notes"}),
    "broken": frozenset({"notes", "broken"}),
}


def load_doctor(file: str, text: str) -> DoctorTexts:
    """The texts in `text`. Raises `SpecError` with every fault."""
    faults = Faults()
    texts = build(DoctorTexts, read_toml(file, text), "", faults)
    if texts is not None:
        _check_keys("levels", texts.levels, get_args(Level), faults)
        _check_keys("headings", texts.headings, HEADINGS, faults)
        _check_keys("summary", texts.summary, SUMMARY, faults)
        _check_keys("remarks", texts.remarks, WORDS, faults)
        _check_texts(texts, faults)
        _check_bounds(texts.bounds, faults)
    if texts is None or faults:
        raise SpecError(file, faults)
    return texts


def _check_keys(
    place: str, given: Mapping[str, object], wanted: Mapping[str, object] | tuple[str, ...], faults: Faults
) -> None:
    for key in (key for key in wanted if key not in given):
        faults.add(f"{place}.{key}", "thiếu khóa này")
    for key in (key for key in given if key not in wanted):
        faults.add(f"{place}.{key}", "khóa này không dùng vào đâu")


def _check_texts(texts: DoctorTexts, faults: Faults) -> None:
    for key, remark in texts.remarks.items():
        check_words(f"remarks.{key}.said", remark.said, WORDS.get(key, frozenset()), faults)
        check_words(f"remarks.{key}.mend", remark.mend, WORDS.get(key, frozenset()), faults)
        if remark.level != "good" and not remark.mend:
            faults.add(f"remarks.{key}.mend", "phải ghi việc cần làm")
    for key, line in texts.summary.items():
        check_words(f"summary.{key}", line, SUMMARY.get(key, frozenset()), faults)


def _check_bounds(bounds: Bounds, faults: Faults) -> None:
    if not 0 < bounds.disk_full < bounds.disk_low:
        faults.add("bounds.disk_full", "phải lớn hơn 0 và nhỏ hơn disk_low")
    for name in ("longest_path", "clock_slack", "quiet_after", "longest_list"):
        if getattr(bounds, name) < 1:
            faults.add(f"bounds.{name}", "phải từ 1 trở lên")

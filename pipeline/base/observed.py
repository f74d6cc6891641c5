"""What can be seen of a machine and a workspace, before anybody judges it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Access = Literal["writable", "absent", "refused"]


@dataclass(frozen=True, slots=True)
class Machine:
    """Python, packages and programs.

    `wanted` are the packages by their locked version, `installed` those that are there. `uncompiled` are
    modules that have to be compiled before they run. `encoding` is how the console reads what is printed.
    `office` is the program of LibreOffice, "" where there is none.
    """

    python: str
    bits: int
    wanted: Mapping[str, str]
    installed: Mapping[str, str]
    uncompiled: tuple[str, ...]
    encoding: str
    office: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the workspace lies. `parts` are the folders of its path, `open_files` those that Excel, Word or
    LibreOffice hold open; `limits_paths` says that the system takes no path beyond some 260 letters."""

    path: str
    parts: tuple[str, ...]
    is_remote: bool
    limits_paths: bool
    folders: Mapping[str, Access]
    free_bytes: int
    open_files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inbox:
    """How many files can be taken, and what is told instead of taken."""

    waiting: int
    passed_over: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class KnownYear:
    """A year that has a plan: its days off that are known, and whether those of this very year have been
    published (a day that was exchanged, or an override of the plan, says so)."""

    year: int
    days_off: int
    is_published: bool


@dataclass(frozen=True, slots=True)
class DataFiles:
    """The data files: the years of the plans that load, versions of the form, how many others load, and the
    faults of those that do not. `holidays` is None where the package is absent."""

    years: tuple[int, ...]
    forms: tuple[int, ...]
    others: int
    faults: tuple[str, ...]
    holidays: tuple[KnownYear, ...] | None


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server of the mailbox: why no password was found, and why it lets nobody in. None: was not tried."""

    host: str
    password_fault: str
    login_fault: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """Register and mailbox, each None where there is none. `unaddressed` are units without an address."""

    addressed: int | None
    unaddressed: tuple[str, ...]
    servers: tuple[MailServer, ...] | None
    contacts_fault: str = ""
    settings_fault: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """This moment, the machine's own distance from UTC, and the one that is usual where the plan holds."""

    now: datetime
    offset: timedelta
    usual_offset: timedelta


@dataclass(frozen=True, slots=True)
class Books:
    """What the program keeps. Numbers are those of the last event, None where there is no such book;
    `latest` is the newest moment that any of them names. `quiet_since` is the last tick."""

    ledger: int | None
    journal: int | None
    latest: datetime | None
    originals: int
    missing: tuple[str, ...]
    faults: tuple[str, ...]
    quiet_since: datetime | None
    failed_steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """All that was seen."""

    machine: Machine
    place: Place
    inbox: Inbox
    data: DataFiles
    mail: Mail
    clock: Clock
    books: Books

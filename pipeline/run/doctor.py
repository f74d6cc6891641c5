"""Look at the machine and the workspace, and have it judged. Whatever is broken stops no other look."""

import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.base.errors import PipelineError
from pipeline.base.observed import (
    Books,
    Clock,
    DataFiles,
    Inbox,
    KnownYear,
    Mail,
    MailServer,
    Observed,
)
from pipeline.core.doctor import Remark, examine, summary
from pipeline.edges.machine import look_at_machine, own_offset
from pipeline.edges.mailbox.imap import Mailbox
from pipeline.edges.mailbox.password import find_password
from pipeline.edges.mailbox.smtp import Outbox
from pipeline.edges.store.archive import Archive
from pipeline.edges.store.files import is_there, last_taken, read_bytes, read_text
from pipeline.edges.store.inbox import list_inbox, passed_over
from pipeline.edges.store.journal import last_event_of
from pipeline.edges.store.ledger import Ledger
from pipeline.edges.store.mail_log import MailLog
from pipeline.edges.store.place import look_at_place
from pipeline.edges.store.steps import Steps
from pipeline.run.mail_place import MailPlace
from pipeline.run.rebuilding import sealed_places
from pipeline.run.tick import DIARY, step_names
from pipeline.run.workspace import SCHEMAS, Workspace, plan_paths, template_paths, with_holidays
from pipeline.spec.consolidated import load_consolidated
from pipeline.spec.contacts import Contacts
from pipeline.spec.doctor import DoctorTexts, Level, load_doctor
from pipeline.spec.letters import load_letters
from pipeline.spec.mailbox import Imap, MailSettings, Smtp
from pipeline.spec.messages import load_messages
from pipeline.spec.open_data import FILE, load_open_data
from pipeline.spec.page_words import load_page_words
from pipeline.spec.plan import Plan
from pipeline.spec.plan_book import load_plan_book
from pipeline.spec.plan_file import load_plan
from pipeline.spec.report_words import load_report_words
from pipeline.spec.requirements import locked_versions
from pipeline.spec.template_file import load_template
from pipeline.spec.wording import load_wording

_FOLDERS = ("inbox", "outbox", "archive")
_REQUIREMENTS = SCHEMAS.parent / "requirements.txt"
_REPORT = "bao-cao.docx"
_OTHERS: Mapping[str, Callable[[str, str], object]] = {
    "messages.toml": load_messages,
    "wording.toml": load_wording,
    "consolidated.toml": load_consolidated,
    "report.toml": load_report_words,
    "letters.toml": load_letters,
    "trang.toml": load_page_words,
    "plan-book.toml": load_plan_book,
    FILE: load_open_data,
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All remarks, the words for headings and levels, and how it stands as a whole."""

    remarks: tuple[Remark, ...]
    level: Level
    summary: str
    texts: DoctorTexts


class _Faults(list[str]):
    """What could not be looked at, in words for the person at the desk."""

    def attempt(self, look: Callable[..., Any], *arguments: object) -> Any:
        """What the look finds, or None where it ends in a fault, which is noted."""
        try:
            return look(*arguments)
        except PipelineError as fault:
            self.append(str(fault))
            return None


def diagnose(workspace: Workspace, connect: bool) -> Diagnosis:
    """Look at everything and judge it; with `connect` also log in to the servers of the mailbox.

    Nothing is taken, moved or sent. A data file of `doctor` itself that is not well formed is a `SpecError`.
    """
    texts = load_doctor("doctor.toml", read_text(SCHEMAS / "doctor.toml"))
    remarks = examine(_look(workspace, connect), texts)
    level, line = summary(remarks, texts)
    return Diagnosis(remarks, level, line, texts)


def _look(workspace: Workspace, connect: bool) -> Observed:
    faults = _Faults()
    plans = _plans(workspace, faults)
    plan = max((p for p in plans if p.year <= workspace.now.year), default=next(iter(plans), None), key=_year)
    zone = ZoneInfo(plan.calendar.time_zone) if plan else workspace.now.tzinfo
    now = workspace.now.astimezone(zone)
    wanted = locked_versions(read_text(_REQUIREMENTS), platform.python_version(), sys.platform)
    return Observed(
        machine=look_at_machine(wanted),
        place=look_at_place(workspace.root, _FOLDERS, workspace.root / "outbox"),
        inbox=_inbox(workspace),
        data=_data(plans, now, faults),
        mail=_mail(MailPlace(workspace), plan, connect),
        clock=Clock(now, own_offset(now), now.utcoffset() or own_offset(now)),
        books=_books(workspace, plans),
    )


def _year(plan: Plan) -> int:
    return plan.year


def _plans(workspace: Workspace, faults: _Faults) -> list[Plan]:
    """The plans that load, by year."""
    paths = [workspace.plan_file] if workspace.plan_file else plan_paths()
    loaded = [faults.attempt(lambda path=path: load_plan(path.name, read_text(path))) for path in paths]
    return sorted(filter(None, loaded), key=_year)


def _data(plans: Sequence[Plan], now: datetime, faults: _Faults) -> DataFiles:
    forms = [
        faults.attempt(lambda path=path: load_template(path.name, read_text(path)))
        for path in template_paths()
    ]
    for name, load in _OTHERS.items():
        faults.attempt(lambda name=name, load=load: load(name, read_text(SCHEMAS / name)))
    faults.attempt(read_bytes, SCHEMAS / _REPORT)
    return DataFiles(
        years=tuple(plan.year for plan in plans),
        forms=tuple(sorted(form.version for form in forms if form)),
        others=len(_OTHERS) + 1,
        faults=tuple(faults),
        holidays=_holidays([plan for plan in plans if plan.year >= now.year] or plans[-1:]),
    )


def _holidays(plans: Sequence[Plan]) -> tuple[KnownYear, ...] | None:
    try:
        return tuple(map(_known_year, plans))
    except ModuleNotFoundError:  # the list of packages tells it
        return None


def _known_year(plan: Plan) -> KnownYear:
    special = with_holidays(plan).calendar.special_days.values()
    of_year = [known for known in special if known.day.year == plan.year]
    return KnownYear(
        year=plan.year,
        days_off=sum(known.kind == "off" for known in of_year),
        is_published=bool(plan.calendar.overrides) or any(known.kind == "working" for known in of_year),
    )


def _inbox(workspace: Workspace) -> Inbox:
    if not workspace.inbox.is_dir():
        return Inbox(0, ())
    try:
        return Inbox(len(list_inbox(workspace.inbox)), tuple(passed_over(workspace.inbox)))
    except PipelineError as fault:
        return Inbox(0, (), str(fault))


def _mail(place: MailPlace, plan: Plan | None, connect: bool) -> Mail:
    of_contacts, of_settings = _Faults(), _Faults()
    contacts: Contacts | None = of_contacts.attempt(place.contacts, plan) if plan else None
    settings: MailSettings | None = of_settings.attempt(lambda: place.settings)
    units = plan.expected_units if plan else ()
    without = [unit.short_name for unit in units if contacts and not contacts.units.get(unit.id)]
    servers = [server for server in (settings.imap, settings.smtp) if server] if settings else []
    return Mail(
        addressed=len(units) - len(without) if contacts else None,
        unaddressed=tuple(without),
        servers=tuple(_server(place, server, connect) for server in servers) if settings else None,
        contacts_fault="\n".join(of_contacts),
        settings_fault="\n".join(of_settings),
    )


def _server(place: MailPlace, server: Imap | Smtp, connect: bool) -> MailServer:
    faults = _Faults()
    password = faults.attempt(find_password, server)
    if password is None or not connect:
        return MailServer(server.host, "".join(faults))

    def log_in() -> None:
        door = Mailbox if isinstance(server, Imap) else Outbox
        with door(server, password, place.ca_file(server), place.timeout):  # type: ignore[arg-type]  # each takes its own kind
            pass

    faults.attempt(log_in)
    return MailServer(server.host, "", "".join(faults))


def _books(workspace: Workspace, plans: Sequence[Plan]) -> Books:
    faults, mail = _Faults(), MailPlace(workspace)
    ledger, moments, places = faults.attempt(_ledger, workspace) or (None, [], [])
    records = faults.attempt(Steps(workspace.steps).records) or {}
    faults.attempt(_read_mail_log, mail)
    for path in (workspace.lock, workspace.tick_lock, mail.lock, workspace.root / "outbox" / DIARY):
        faults.attempt(is_there, path)
    archive = Archive(workspace.archive)
    names = step_names(plans)
    return Books(
        ledger=ledger,
        journal=faults.attempt(_journal, workspace),
        latest=max(chain(moments, _moments(record.at for record in records.values())), default=None),
        originals=len(places),
        missing=tuple(place for place in places if not archive.holds(place)),
        faults=tuple(faults),
        quiet_since=last_taken(workspace.tick_lock),
        failed_steps=tuple(names.get(key, key) for key, r in records.items() if r.outcome == "failed"),
    )


def _ledger(workspace: Workspace) -> tuple[int | None, list[datetime], list[str]]:
    """The last event of the ledger, its moment, and the places of its originals."""
    if not Ledger.exists(workspace.ledger):
        return None, [], []
    with Ledger(workspace.ledger) as ledger:
        ledger.refuse_damage()
        moments = list(_moments([ledger.last_moment()]))
        return ledger.last_event(), moments, list(sealed_places(ledger))


def _journal(workspace: Workspace) -> int | None:
    return last_event_of(workspace.journal) if is_there(workspace.journal) else None


def _moments(texts: "Iterator[str] | Sequence[str]") -> Iterator[datetime]:
    return (datetime.fromisoformat(text) for text in texts if text)


def _read_mail_log(place: MailPlace) -> None:
    if MailLog.exists(place.log):
        MailLog.refuse_emptied(place.log)
        with MailLog(place.log) as log:
            log.refuse_damage()

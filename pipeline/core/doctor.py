"""Judge what was seen of a machine and a workspace: what is good, what is odd, what is broken."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.base.observed import (
    Access,
    Books,
    Clock,
    DataFiles,
    Inbox,
    KnownYear,
    Machine,
    Mail,
    Observed,
    Place,
)
from pipeline.base.sheet import number_text
from pipeline.spec.doctor import Bounds, DoctorTexts, Level

_MEGABYTE = 1_000_000
_GIGABYTE = 1_000_000_000
_FULL = 64  # bits

Said = tuple[str, Mapping[str, object]]
"""The key of a remark, and the words that it needs."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One line for the person at the desk. `mend` says what to do, and is blank where all is good."""

    key: str
    heading: str
    level: Level
    said: str
    mend: str


def examine(seen: Observed, texts: DoctorTexts) -> tuple[Remark, ...]:
    """All remarks on what was seen, by heading, in the order of the data file."""
    bounds = texts.bounds
    parts: Mapping[str, Iterable[Said]] = {
        "machine": _machine(seen.machine, bounds),
        "place": (*_place(seen.place, bounds), *_inbox(seen.inbox, bounds)),
        "data": _data(seen.data, seen.clock.now.year),
        "mail": _mail(seen.mail, bounds),
        "clock": _clock(seen.clock, seen.data.years, seen.books.latest, bounds),
        "books": _books(seen.books, seen.clock.now, bounds),
    }
    return tuple(
        _remark(heading, key, words, texts) for heading, told in parts.items() for key, words in told
    )


def summary(remarks: Sequence[Remark], texts: DoctorTexts) -> tuple[Level, str]:
    """The gravest level, and the line that says how it stands as a whole."""
    notes, broken = (sum(r.level == level for r in remarks) for level in ("note", "broken"))
    level: Level = "broken" if broken else "note" if notes else "good"
    return level, texts.summary[level].format(notes=notes, broken=broken)


def _remark(heading: str, key: str, words: Mapping[str, object], texts: DoctorTexts) -> Remark:
    text = texts.remarks[key]
    said, mend = text.said.format(**words), text.mend.format(**words)
    return Remark(key, heading, text.level, said, mend)


def _machine(machine: Machine, bounds: Bounds) -> Iterator[Said]:
    is_wide = machine.bits >= _FULL
    yield (
        "python_good" if is_wide else "python_narrow",
        {"version": machine.python, "bits": machine.bits},
    )
    yield from _packages(machine, bounds)
    if machine.uncompiled:
        yield "compiled_not", {"names": _listed(machine.uncompiled, bounds)}
    else:
        yield "compiled_good", {}
    if _is_utf8(machine.encoding):
        yield "console_good", {}
    else:
        yield "console_odd", {"encoding": machine.encoding}
    yield ("office_good", {"path": machine.office}) if machine.office else ("office_none", {})


def _packages(machine: Machine, bounds: Bounds) -> Iterator[Said]:
    missing = [name for name in machine.wanted if name not in machine.installed]
    differing = [
        f"{name} {machine.installed[name]}"
        for name, version in machine.wanted.items()
        if machine.installed.get(name, version) != version
    ]
    if missing:
        yield "packages_missing", {"names": _listed(missing, bounds)}
    if differing:
        yield "packages_differ", {"names": _listed(differing, bounds)}
    if not (missing or differing):
        yield "packages_good", {"count": len(machine.wanted)}


def _place(place: Place, bounds: Bounds) -> Iterator[Said]:
    yield from _folders(place.folders)
    yield _where(place, bounds)
    yield _disk(place.free_bytes, bounds)
    if place.open_files:
        yield "open_some", {"names": _listed(place.open_files, bounds)}
    else:
        yield "open_none", {}


def _folders(folders: Mapping[str, Access]) -> Iterator[Said]:
    keys: Mapping[Access, str] = {
        "writable": "folders_good",
        "absent": "folders_absent",
        "refused": "folders_refused",
    }
    for access, key in keys.items():
        names = [name for name, found in folders.items() if found == access]
        if names:
            yield key, {"names": ", ".join(names)}


def _where(place: Place, bounds: Bounds) -> Said:
    synced = next((part for part in place.parts if part.startswith(bounds.clouds)), "")
    if synced:
        return "place_cloud", {"path": place.path, "name": synced}
    if place.is_remote:
        return "place_remote", {"path": place.path}
    if place.limits_paths and len(place.path) > bounds.longest_path:
        return "place_long", {
            "path": place.path,
            "length": len(place.path),
            "most": bounds.longest_path,
        }
    return "place_good", {"path": place.path}


def _disk(free: int, bounds: Bounds) -> Said:
    words = {"free": _size(free)}
    if free < bounds.disk_full * _MEGABYTE:
        return "disk_full", words
    return "disk_low" if free < bounds.disk_low * _MEGABYTE else "disk_good", words


def _inbox(inbox: Inbox, bounds: Bounds) -> Iterator[Said]:
    if inbox.fault:
        yield "inbox_faulty", {"fault": inbox.fault}
        return
    yield ("inbox_waiting", {"count": inbox.waiting}) if inbox.waiting else ("inbox_empty", {})
    if inbox.passed_over:
        yield "inbox_odd", {"names": _listed(inbox.passed_over, bounds)}


def _data(data: DataFiles, year: int) -> Iterator[Said]:
    for fault in data.faults:
        yield "data_faulty", {"fault": fault}
    if data.years:
        yield "plan_good", {"years": ", ".join(map(str, data.years))}
        if year == data.years[-1] + 1:
            yield "plan_behind", {"year": year}
    else:
        yield "plan_none", {}
    yield ("form_good", {"version": data.forms[-1]}) if data.forms else ("form_none", {})
    if not data.faults:
        yield "data_good", {"count": data.others}
    yield from map(_holidays, data.holidays or ())


def _holidays(known: KnownYear) -> Said:
    if not known.days_off:
        return "holidays_unknown", {"year": known.year}
    key = "holidays_good" if known.is_published else "holidays_expected"
    return key, {"year": known.year, "count": known.days_off}


def _mail(mail: Mail, bounds: Bounds) -> Iterator[Said]:
    if mail.contacts_fault:
        yield "contacts_faulty", {"fault": mail.contacts_fault}
    elif mail.addressed is None:
        yield "contacts_none", {}
    elif mail.unaddressed:
        yield "contacts_gaps", {"names": _listed(mail.unaddressed, bounds)}
    else:
        yield "contacts_good", {"count": mail.addressed}
    if mail.settings_fault:
        yield "mail_faulty", {"fault": mail.settings_fault}
    elif mail.servers is None:
        yield "mail_none", {}
    else:
        yield from _servers(mail)


def _servers(mail: Mail) -> Iterator[Said]:
    servers = mail.servers or ()
    faults = dict.fromkeys(server.password_fault for server in servers if server.password_fault)
    for fault in faults:
        yield "password_none", {"fault": fault}
    if not faults:
        yield "mail_good", {"hosts": ", ".join(dict.fromkeys(server.host for server in servers))}
    for server in servers:
        if server.login_fault:
            yield "login_faulty", {"fault": server.login_fault}
        elif server.login_fault is not None:
            yield "login_good", {"host": server.host}


def _clock(clock: Clock, years: Sequence[int], latest: datetime | None, bounds: Bounds) -> Iterator[Said]:
    now = _moment(clock.now)
    if clock.offset == clock.usual_offset:
        yield "zone_good", {"now": now}
    else:
        offsets = {"offset": _offset(clock.offset), "usual": _offset(clock.usual_offset)}
        yield "zone_odd", {"now": now, **offsets}
    if years and not years[0] - 1 <= clock.now.year <= years[-1] + 1:
        yield "year_odd", {"now": now}
    if latest is not None and latest > clock.now + timedelta(minutes=bounds.clock_slack):
        yield "clock_back", {"now": now, "latest": _moment(latest.astimezone(clock.now.tzinfo))}


def _books(books: Books, now: datetime, bounds: Bounds) -> Iterator[Said]:
    for fault in books.faults:
        yield "books_faulty", {"fault": fault}
    yield from _ledger(books)
    if books.missing:
        yield "originals_missing", {"count": len(books.missing), "names": _listed(books.missing, bounds)}
    elif books.originals:
        yield "originals_good", {"count": books.originals}
    yield _ticks(books.quiet_since, now, bounds)
    if books.failed_steps:
        yield "steps_failed", {"names": _listed(books.failed_steps, bounds)}


def _ledger(books: Books) -> Iterator[Said]:
    if books.faults:
        return
    ledger, journal = books.ledger or 0, books.journal or 0
    if journal > ledger:
        yield "ledger_lost", {}
        return
    yield "ledger_none" if books.ledger is None else "ledger_good", {"count": ledger}
    if journal < ledger:
        yield "journal_behind", {"count": ledger - journal}
    elif books.ledger is not None:
        yield "journal_good", {}


def _ticks(last: datetime | None, now: datetime, bounds: Bounds) -> Said:
    if last is None:
        return "ticks_none", {}
    is_quiet = now - last > timedelta(minutes=bounds.quiet_after)
    return "ticks_quiet" if is_quiet else "ticks_good", {"moment": _moment(last.astimezone(now.tzinfo))}


def _listed(names: Sequence[str], bounds: Bounds) -> str:
    """The names, or the first of them and how many there are in all."""
    if len(names) <= bounds.longest_list:
        return ", ".join(names)
    return f"{', '.join(names[: bounds.longest_list])}… ({len(names)})"


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("-", "").replace("_", "") in ("utf8", "cp65001")


def _moment(moment: datetime) -> str:
    return f"{moment:%H:%M ngày %d/%m/%Y}"


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _size(size: int) -> str:
    if size < _GIGABYTE:
        return f"{size // _MEGABYTE} MB"
    return f"{number_text(round(size / _GIGABYTE, 1))} GB"

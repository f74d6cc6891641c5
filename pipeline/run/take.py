"""Take the inbox: read, judge, seal, record, and only then remove each file."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from pipeline.base.finding import Finding
from pipeline.base.record import ArrivalSource, Entry, Repeat, Submission
from pipeline.core.intake import Judgement, Returned, judge, kept_findings, refuse
from pipeline.core.tables import moment_text
from pipeline.edges.archive import Archive, archived_name
from pipeline.edges.inbox import Dropped, StillCopying, list_inbox, remove, take
from pipeline.edges.ledger import Ledger
from pipeline.run.previous import forms
from pipeline.run.reading import OpenedFile, open_file
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Setting, Tell


@dataclass(frozen=True, slots=True)
class Taken:
    """What happened to the inbox: verdicts in the order of names, and the files left lying."""

    verdicts: tuple[FileVerdict, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Original:
    dropped: Dropped
    data: bytes
    sha256: str


def take_inbox(setting: Setting, ledger: Ledger, tell: Tell) -> Taken:
    """Take every file that is there; each ends in the archive and the ledger, whatever it is."""
    originals, left = _collect(setting)
    fresh: dict[str, _Original] = {}
    repeated: list[_Original] = []
    for original in originals:
        if original.sha256 in fresh or ledger.submission(original.sha256):
            repeated.append(original)
        else:
            fresh[original.sha256] = original
    verdicts = list(_take_fresh(setting, ledger, list(fresh.values()), tell))
    verdicts += [_take_again(setting, ledger, original) for original in repeated]
    return Taken(tuple(sorted(verdicts, key=lambda v: v.file)), tuple(left))


def _collect(setting: Setting) -> tuple[list[_Original], list[str]]:
    originals, left = [], []
    for dropped in list_inbox(setting.workspace.inbox):
        try:
            data = take(dropped)
        except StillCopying:
            left.append(dropped.name)
        else:
            originals.append(_Original(dropped, data, hashlib.sha256(data).hexdigest()))
    return originals, left


def _take_fresh(
    setting: Setting, ledger: Ledger, originals: list[_Original], tell: Tell
) -> Iterator[FileVerdict]:
    opened = []
    for original in originals:
        tell(f"Đọc {original.dropped.name}")
        opened.append((original, open_file(setting, original.dropped.name, original.data)))
    for original, file in opened:
        if not file.is_form:
            yield _keep(setting, ledger, original, file, refuse(file.findings))
    forms_only = [(original, file) for original, file in opened if file.is_form]
    # Earlier periods first: what they bring is "the last accepted value" of later ones.
    forms_only.sort(key=lambda pair: str(pair[1].period))
    for _, part in groupby(forms_only, key=lambda pair: pair[1].period):
        yield from _judge_period(setting, ledger, list(part))


def _judge_period(
    setting: Setting, ledger: Ledger, batch: list[tuple[_Original, OpenedFile]]
) -> Iterator[FileVerdict]:
    period = batch[0][1].period
    if period is None:
        raise ValueError("a form without a period is refused before it is judged")
    issued = forms(setting, period, ledger)
    returned = [
        Returned(original.sha256, file.workbook, issued[file.unit.id], file.findings)
        for original, file in batch
        if file.workbook and file.unit
    ]
    judgements = judge(returned, setting.template, setting.messages)
    for (original, file), judgement in zip(batch, judgements, strict=True):
        yield _keep(setting, ledger, original, file, judgement)


def _keep(
    setting: Setting, ledger: Ledger, original: _Original, file: OpenedFile, judgement: Judgement
) -> FileVerdict:
    """Seal, record, remove: in this order, so that a cut in between loses nothing."""
    unit = file.unit.id if file.unit else ""
    period = str(file.period) if file.period else ""
    place = archived_name(period, unit, original.sha256, original.dropped.name)
    folder, _, name = place.rpartition("/")
    archived_as = Archive(setting.workspace.archive).seal(original.data, folder, name)
    findings = kept_findings(original.sha256, judgement.findings, setting.messages)
    arrived, source = _arrival(setting, original.dropped)
    submission = Submission(
        sha256=original.sha256,
        name=original.dropped.name,
        size=len(original.data),
        arrived_at=arrived.isoformat(timespec="seconds"),
        arrival_source=source,
        decided_at=_now(setting).isoformat(timespec="seconds"),
        unit=unit,
        period=period,
        outcome=judgement.outcome,
        archived_as=archived_as,
    )
    ledger.record(Entry(submission, findings, judgement.facts, judgement.tasks, judgement.narratives))
    _remove(original.dropped)
    return FileVerdict(original.dropped.name, unit, period, judgement.outcome, findings)


def _take_again(setting: Setting, ledger: Ledger, original: _Original) -> FileVerdict:
    """The same bytes as before: said, noted, removed, and counted once."""
    first = ledger.submission(original.sha256)
    if first is None:
        raise ValueError("a repeated file is in the ledger")
    ledger.repeat(Repeat(original.sha256, original.dropped.name, _now(setting).isoformat(timespec="seconds")))
    _remove(original.dropped)
    said = Finding("F12", found=moment_text(first.arrived_at))
    findings = kept_findings(original.sha256, [said], setting.messages)
    return FileVerdict(original.dropped.name, first.unit, first.period, first.outcome, findings)


def _remove(dropped: Dropped) -> None:
    # A file that was saved anew meanwhile stays and is another file at the next run.
    with suppress(StillCopying):
        remove(dropped)


def _arrival(setting: Setting, dropped: Dropped) -> tuple[datetime, ArrivalSource]:
    """When the file came: the day set by the officer's hand, else the moment it was first seen."""
    if dropped.day is not None:
        return datetime.combine(dropped.day, time(), _zone(setting)), "day_folder"
    return _now(setting), "first_seen"


def _now(setting: Setting) -> datetime:
    return setting.workspace.now.astimezone(_zone(setting))


def _zone(setting: Setting) -> ZoneInfo:
    return ZoneInfo(setting.plan.calendar.time_zone)

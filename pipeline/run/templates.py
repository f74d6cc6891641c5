"""Issue the forms of a period: one workbook for each expected unit, sealed in the archive."""

import hashlib
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.base.period import Period
from pipeline.base.record import IssuedTemplate
from pipeline.core.calendar import days_of, now_open
from pipeline.edges.form.writer import write_template
from pipeline.edges.store.archive import Archive
from pipeline.edges.store.files import lock, write_atomically
from pipeline.edges.store.ledger import Ledger
from pipeline.run.previous import forms
from pipeline.run.results import TemplatesResult
from pipeline.run.workspace import Setting, Tell, Workspace, setting
from pipeline.spec.form import FormContent


def issue_templates(workspace: Workspace, period: Period | None, tell: Tell) -> TemplatesResult:
    """Write the forms of `period`, by default the one now open, into `outbox/<period>/mau/`.

    A form depends on the plan, the period and the last accepted values alone: issued again without a
    change it is the same file.
    """
    chosen = setting(workspace, period, usual=now_open)
    folder = workspace.outbox(chosen.period) / "mau"
    with lock(workspace.lock), Ledger(workspace.ledger) as ledger:
        contents = forms(chosen, chosen.period, ledger)
        files = tuple(
            _issue(chosen, contents[unit.id], folder, ledger, tell) for unit in chosen.plan.expected_units
        )
    return TemplatesResult(chosen.period, folder, files)


def _issue(chosen: Setting, content: FormContent, folder: Path, ledger: Ledger, tell: Tell) -> Path:
    name = f"{content.unit.id}-{content.period}"
    tell(f"Mẫu {name}")
    zone = ZoneInfo(chosen.plan.calendar.time_zone)
    first = days_of(chosen.plan.calendar, content.period).first
    created = datetime.combine(first, time(), zone)
    data = write_template(content, chosen.template, chosen.messages, chosen.plan, created)
    sha256 = hashlib.sha256(data).hexdigest()
    archive = Archive(chosen.workspace.archive)
    archived_as = archive.seal(data, f"{content.period}/mau", f"{name}_{sha256[:12]}.xlsx")
    ledger.issue_template(
        IssuedTemplate(
            sha256=sha256,
            unit=content.unit.id,
            period=str(content.period),
            version=chosen.template.version,
            checksum=dict(content.identity)[chosen.template.identity.checksum],
            archived_as=archived_as,
            issued_at=chosen.workspace.now.astimezone(zone).isoformat(timespec="seconds"),
        )
    )
    path = folder / f"{name}.xlsx"
    write_atomically(path, data)
    return path

"""Issue the forms of a period: one workbook for each expected unit, sealed in the archive."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.base.batches import batched
from pipeline.base.period import Period
from pipeline.base.record import IssuedTemplate
from pipeline.core.calendar import days_of, now_open
from pipeline.edges.form.writer import write_template
from pipeline.edges.store.files import write_atomically
from pipeline.run.desk import Desk, at_desk
from pipeline.run.previous import facts_of, forms
from pipeline.run.results import TemplatesResult
from pipeline.run.workspace import Tell, Workspace, setting
from pipeline.spec.form import FormContent

_AT_ONCE = 200  # forms in memory at the same time


def issue_templates(workspace: Workspace, period: Period | None, tell: Tell) -> TemplatesResult:
    """Write the forms of `period`, by default the one now open, into `outbox/<period>/mau/`.

    A form depends on the plan, the period and the last accepted values alone: issued again without a
    change it is the same file.
    """
    chosen = setting(workspace, period, usual=now_open)
    folder = workspace.outbox(chosen.period) / "mau"
    with at_desk(chosen) as desk:
        units = [unit.id for unit in chosen.plan.expected_units]
        facts = facts_of(desk.ledger, chosen.period, units)
        contents = forms(chosen, chosen.period, units, facts, chosen.template)
        files: list[Path] = []
        for part in batched(units, _AT_ONCE):
            files += _issue(desk, [contents[unit] for unit in part], folder, tell)
    return TemplatesResult(chosen.period, folder, tuple(files))


def _issue(desk: Desk, contents: Sequence[FormContent], folder: Path, tell: Tell) -> list[Path]:
    """Write forms, seal them, record them, and only then hand them out."""
    written = [_write(desk, content, tell) for content in contents]
    desk.keep(*(_sealed(desk, content, data) for content, data in zip(contents, written, strict=True)))
    paths = [folder / f"{_name(content)}.xlsx" for content in contents]
    for path, data in zip(paths, written, strict=True):
        write_atomically(path, data)
    return paths


def _name(content: FormContent) -> str:
    return f"{content.unit.id}-{content.period}"


def _write(desk: Desk, content: FormContent, tell: Tell) -> bytes:
    tell(f"Mẫu {_name(content)}")
    chosen = desk.setting
    first = days_of(chosen.plan.calendar, content.period).first
    created = datetime.combine(first, time(), ZoneInfo(chosen.plan.calendar.time_zone))
    return write_template(content, chosen.template, chosen.messages, chosen.plan, created)


def _sealed(desk: Desk, content: FormContent, data: bytes) -> IssuedTemplate:
    sha256 = hashlib.sha256(data).hexdigest()
    folder, name = f"{content.period}/mau", f"{_name(content)}_{sha256[:12]}.xlsx"
    return IssuedTemplate(
        sha256=sha256,
        unit=content.unit.id,
        period=str(content.period),
        version=desk.setting.template.version,
        checksum=dict(content.identity)[desk.setting.template.identity.checksum],
        archived_as=desk.archive.seal(data, folder, name),
        issued_at=desk.now,
    )

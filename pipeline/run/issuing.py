"""Issue the workbook of a period and its page: a numbered version, frozen with the plan it was made by."""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.base.record import Issue
from pipeline.core.calendar import latest_closed
from pipeline.edges.packing import packed
from pipeline.edges.store.files import delete, read_bytes, write_atomically
from pipeline.edges.store.inbox import list_inbox
from pipeline.run.desk import Desk, at_desk
from pipeline.run.figures import issued_before, kept_of
from pipeline.run.month import edition_of, issued_path, keep_plan, workbook_of
from pipeline.run.page import page_beside, page_of
from pipeline.run.publish import publish_open_data
from pipeline.run.results import IssueResult
from pipeline.run.status import waiting
from pipeline.run.workspace import Setting, Tell, Workspace, setting
from pipeline.spec.tables import Edition

_FOLDER = "phat-hanh"
_HASH_LENGTH = 12


def issue(workspace: Workspace, period: Period | None, tell: Tell) -> IssueResult:
    """Freeze the workbook of `period` as the next numbered version; the draft goes.

    From then on a file for the period waits for the officer's word.
    """
    chosen = setting(workspace, period)
    if chosen.period > latest_closed(chosen.plan.calendar, chosen.today):
        raise OperatorError(f"Kỳ {chosen.period.label} chưa chốt số liệu nên chưa phát hành được.")
    with at_desk(chosen) as desk:
        edition = edition_of(desk.ledger, chosen.period)
        if not edition.is_draft:
            raise OperatorError(
                f"Kỳ {chosen.period.label} đã có bản phát hành số {edition.number} và chưa có gì thay đổi."
            )
        tell(f"Phát hành {chosen.period.label}")
        record, made = _issued(desk, chosen, edition.number + 1)
        desk.keep(record)
        held = waiting(desk.ledger.submissions(str(chosen.period)))
        for path, data in made.items():
            write_atomically(path, data)
        draft = workspace.workbook(chosen.period)
        delete(draft)
        delete(page_beside(draft))
    path = issued_path(chosen, record.number)
    extended = _still_extended(desk, chosen)
    return IssueResult(chosen.period, record.number, path, len(list_inbox(workspace.inbox)), held, extended)


def _still_extended(desk: Desk, chosen: Setting) -> dict[str, date]:
    """The units that have more time, and have it still, with its last day."""
    given = desk.decisions.extensions(str(chosen.period))
    names = {unit.id: unit.short_name for unit in chosen.plan.units}
    return {names.get(unit, unit): day for unit, day in given.items() if day >= chosen.today}


def _issued(desk: Desk, chosen: Setting, number: int) -> tuple[Issue, Mapping[Path, bytes]]:
    """The record of a version and its files, sealed: workbook, page, and the open data, which are written.

    That comes before it counts as issued: a run after a cut would write neither draft nor open data.
    """
    plan, kept = keep_plan(desk, chosen), kept_of(chosen, desk.ledger)
    edition = Edition(number, is_draft=False)
    pages, data = workbook_of(chosen, kept, edition, issued_before(chosen, desk.ledger, edition))
    path = issued_path(chosen, number)
    shown = {path: data, page_beside(path): page_of(chosen, pages, path.name)}
    opened = publish_open_data(chosen, pages, kept, edition, {place.name: shown[place] for place in shown})
    packing = {name: read_bytes(place) for name, place in opened.items()}
    made = {**shown, path.with_suffix(".zip"): packed(packing)}
    sha256, page, pack = (hashlib.sha256(file).hexdigest() for file in made.values())
    # The hash in the name leaves room for another try, should this one be cut before it is recorded.
    folder, name = f"{chosen.period}/{_FOLDER}", f"{path.stem}_{sha256[:_HASH_LENGTH]}"
    archived_as, *_ = [desk.archive.seal(made[place], folder, name + place.suffix) for place in made]
    return Issue(str(chosen.period), number, sha256, archived_as, plan.sha256, desk.now, page, pack), made

"""Issue the workbook of a period: a numbered version, frozen with the plan it was made by."""

import hashlib

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.base.record import Issue
from pipeline.core.calendar import latest_closed
from pipeline.edges.store.files import delete, write_atomically
from pipeline.edges.store.inbox import list_inbox
from pipeline.run.desk import at_desk
from pipeline.run.figures import issued_before, kept_of
from pipeline.run.month import edition_of, issued_path, keep_plan, workbook_of
from pipeline.run.publish import publish_open_data
from pipeline.run.results import IssueResult
from pipeline.run.status import waiting
from pipeline.run.workspace import Tell, Workspace, setting
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
        number = edition.number + 1
        plan = keep_plan(desk, chosen)
        kept = kept_of(chosen, desk.ledger)
        issued = Edition(number, is_draft=False)
        pages, data = workbook_of(chosen, kept, issued, issued_before(chosen, desk.ledger, issued))
        path = issued_path(chosen, number)
        sha256 = hashlib.sha256(data).hexdigest()
        # The hash in the name leaves room for another try, should this one be cut before it is recorded.
        sealed = f"{path.stem}_{sha256[:_HASH_LENGTH]}{path.suffix}"
        archived_as = desk.archive.seal(data, f"{chosen.period}/{_FOLDER}", sealed)
        # Before it counts as issued: a run after a cut would write neither draft nor open data any more.
        publish_open_data(chosen, pages, kept, issued, (path.name, data))
        desk.keep(Issue(str(chosen.period), number, sha256, archived_as, plan.sha256, desk.now))
        held = waiting(desk.ledger.submissions(str(chosen.period)))
        write_atomically(path, data)
        delete(workspace.workbook(chosen.period))
    return IssueResult(chosen.period, number, path, len(list_inbox(workspace.inbox)), held)

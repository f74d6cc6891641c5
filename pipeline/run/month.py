"""The monthly run: inbox to ledger, ledger to consolidated workbooks."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipeline.base.period import Period
from pipeline.base.record import Issue, KeptPlan
from pipeline.core.month import Kept
from pipeline.edges.consolidated.writer import write_consolidated
from pipeline.edges.store.files import make_folder, write_atomically
from pipeline.edges.store.ledger import Ledger
from pipeline.run.comparing import write_comparisons
from pipeline.run.desk import Desk, at_desk
from pipeline.run.feedback import discard_feedback, write_feedback
from pipeline.run.figures import book_of, figures_of, issue_of, issued_before, kept_of
from pipeline.run.labels import consolidated_spec, sentences
from pipeline.run.page import page_beside, page_of
from pipeline.run.publish import OPEN_DATA, is_by_this_plan, publish_open_data
from pipeline.run.rejudging import rejudge_later
from pipeline.run.results import FileVerdict, MonthResult
from pipeline.run.status import status_of
from pipeline.run.take import take_inbox
from pipeline.run.workspace import Setting, Tell, Workspace, setting
from pipeline.spec.tables import DRAFT, Edition, Tables

_PLANS = "ke-hoach"
_HASH_LENGTH = 12


def run_month(workspace: Workspace, period: Period | None, tell: Tell) -> MonthResult:
    """Take the inbox, then write the workbook of `period`, of every other period that got a file, and of
    those whose draft was made by another plan."""
    chosen = setting(workspace, period)
    make_folder(workspace.inbox)
    with at_desk(chosen) as desk:
        keep_plan(desk, chosen)
        taken = take_inbox(desk, tell)
        _look_again(desk, taken.verdicts)
        periods = sorted({*_periods_to_write(chosen, taken.verdicts), *_of_another_plan(chosen)})
        workbooks = tuple(path for p in periods if (path := write_month(desk, p, tell)))
        status = status_of(chosen, desk.ledger)
    opened = tuple(path.parent / OPEN_DATA for path in workbooks)
    feedback = (workspace.feedback(p) for p in periods)
    sent_back = tuple(folder for folder in feedback if any(folder.glob("*.txt")))
    return MonthResult(status, taken.verdicts, taken.left, workbooks, opened, sent_back)


def _look_again(desk: Desk, verdicts: Sequence[FileVerdict]) -> None:
    """A file for an earlier month changes what the unit's later files are seen beside."""
    new = {(v.unit, v.period) for v in verdicts if v.unit and v.period and not v.repeated}
    changed = [s for s in desk.ledger.submissions() if (s.unit, s.period) in new]
    entries = rejudge_later(desk, changed)
    discard_feedback(desk.setting.workspace, [entry.submission.sha256 for entry in entries])


def write_month(desk: Desk, period: Period, tell: Tell) -> Path | None:
    """Write the feedback and the draft of a period; none where its issue still holds word for word."""
    chosen = desk.setting.of(period)
    kept = kept_of(chosen, desk.ledger)
    # First what units wait for: a workbook that is open in Excel must not hold it up.
    told = [s for s in kept.submissions if s.period in ("", str(period))]
    write_feedback(desk, period, sentences(), told, tell)
    edition = edition_of(desk.ledger, period)
    if not edition.is_draft:
        _restore_issue(desk, chosen, edition.number)
        return None
    tell(f"Tổng hợp {period.label}")
    path = chosen.workspace.workbook(period)
    earlier = issued_before(chosen, desk.ledger, edition)
    month, pages = figures_of(chosen, book_of(chosen), kept, edition, earlier)
    write_comparisons(chosen, month)
    data = write_consolidated(pages, consolidated_spec(), chosen.workspace.now)
    page, page_data = page_beside(path), page_of(chosen, pages, path.name)
    write_atomically(path, data)
    write_atomically(page, page_data)
    publish_open_data(chosen, pages, kept, edition, {path.name: data, page.name: page_data})
    return path


def issued_path(chosen: Setting, number: int) -> Path:
    """Where a numbered version of the setting's period lies."""
    return chosen.workspace.outbox(chosen.period) / f"tong-hop-{chosen.period}-r{number}.xlsx"


def _restore_issue(desk: Desk, chosen: Setting, number: int) -> None:
    """Put a version that was issued back into the outbox, where it is gone from there."""
    issue, path = issue_of(desk.ledger, chosen.period, number), issued_path(chosen, number)
    if issue is None:
        return
    for name, sha256 in {issue.archived_as: issue.sha256, **issue.sealed_beside}.items():
        place = path.with_suffix(Path(name).suffix)
        if not place.exists() and (sha256 or desk.archive.holds(name)):
            write_atomically(place, desk.archive.read(name, sha256))


def workbook_of(
    chosen: Setting, kept: Kept, edition: Edition, earlier: pd.DataFrame | None
) -> tuple[Tables, bytes]:
    """The tables of the setting's period and their workbook, as things stand in `kept` at the setting's
    moment; `earlier` are the indicators as they were issued before."""
    _, pages = figures_of(chosen, book_of(chosen), kept, edition, earlier)
    return pages, write_consolidated(pages, consolidated_spec(), chosen.workspace.now)


def keep_plan(desk: Desk, chosen: Setting) -> KeptPlan:
    """Seal the plan of a setting where it is not the last one that was used for its year."""
    data = chosen.plan_text.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    last = [plan for plan in desk.ledger.plans() if plan.year == chosen.plan.year][-1:]
    if last and last[0].sha256 == sha256:
        return last[0]
    name = f"{chosen.plan.id}-{chosen.plan.version}_{sha256[:_HASH_LENGTH]}.toml"
    archived_as = desk.archive.seal(data, _PLANS, name)
    plan = KeptPlan(sha256, chosen.plan.id, chosen.plan.year, chosen.plan.version, archived_as, desk.now)
    desk.keep(plan)
    return plan


def edition_of(ledger: Ledger, period: Period) -> Edition:
    """Whether the period's last issue still holds: nothing that counts has come for it since."""
    issues = [issue for issue in ledger.issues() if issue.period == str(period)]
    if not issues:
        return DRAFT
    last: Issue = issues[-1]
    return Edition(last.number, is_draft=ledger.has_changed(str(period), since=ledger.event_of(last)))


def _periods_to_write(chosen: Setting, verdicts: Sequence[FileVerdict]) -> list[Period]:
    """The period asked for, and from the first that got a file on: later months build on earlier ones."""
    touched = {Period.parse(v.period) for v in verdicts if v.period and not v.repeated} | {chosen.period}
    periods = []
    for year in sorted({p.year for p in touched}):
        months = [p.month for p in touched if p.year == year]
        periods += [Period(year, month) for month in range(min(months), max(months) + 1)]
    return periods


def _of_another_plan(chosen: Setting) -> list[Period]:
    """The months of the plan's year whose draft lies in the outbox and was made by another plan: an issue
    takes the draft away, and keeps its plan."""
    year = [Period(chosen.period.year, month) for month in range(1, 13)]
    drafts = [period for period in year if chosen.workspace.workbook(period).is_file()]
    return [period for period in drafts if not is_by_this_plan(chosen.of(period))]

"""From the ledger to the figures of a month: what every page of results is made from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from pipeline.base.period import Period
from pipeline.base.record import Issue, KeptPlan
from pipeline.core.month import Kept, Month, concerned, consolidate
from pipeline.core.tables import Book, tables
from pipeline.edges.store.archive import Archive
from pipeline.edges.store.ledger import Ledger
from pipeline.run.labels import sentences
from pipeline.run.workspace import Setting, plan_in
from pipeline.spec.plan_file import load_plan
from pipeline.spec.tables import DRAFT, Edition, Tables


def book_of(chosen: Setting) -> Book:
    """The data files that turn a month into pages."""
    return Book(chosen.plan, chosen.template, sentences(), chosen.messages)


def figures_of(
    chosen: Setting,
    book: Book,
    kept: Kept,
    edition: Edition = DRAFT,
    earlier: pd.DataFrame | None = None,
) -> tuple[Month, Tables]:
    """The scored month of the setting's period from what is `kept`, and the tables of its workbook;
    `earlier` are the indicators as they were issued before."""
    month = consolidate(chosen.plan, chosen.period, kept, chosen.now)
    return month, tables(month, book, chosen.workspace.now, edition, earlier)


def issue_of(ledger: Ledger, period: Period, number: int) -> Issue | None:
    """A numbered version of a period."""
    return next((i for i in ledger.issues() if (i.period, i.number) == (str(period), number)), None)


def issued_before(chosen: Setting, ledger: Ledger, edition: Edition) -> pd.DataFrame | None:
    """The scored indicators of the issue before an edition, by the plan of then; None for the first."""
    number = edition.number if edition.is_draft else edition.number - 1
    issue = issue_of(ledger, chosen.period, number)
    if issue is None:
        return None
    moment = datetime.fromisoformat(issue.issued_at)
    then = as_issued(replace(chosen, workspace=replace(chosen.workspace, now=moment)), ledger, issue)
    with Ledger(chosen.workspace.ledger, as_of=issue.issued_at) as before:
        month = consolidate(then.plan, then.period, kept_of(then, before), then.now)
    return month.of_period(month.indicators)


def as_issued(chosen: Setting, ledger: Ledger, issue: Issue) -> Setting:
    """The setting with the plan by which a version was made."""
    return _with_plan(chosen, [plan for plan in ledger.plans() if plan.sha256 == issue.plan_sha256])


def with_kept_plan(chosen: Setting, ledger: Ledger) -> Setting:
    """The setting with the plan that was last used for its year, as far as the ledger looks."""
    return _with_plan(chosen, [plan for plan in ledger.plans() if plan.year == chosen.period.year])


def _with_plan(chosen: Setting, plans: Sequence[KeptPlan]) -> Setting:
    """The setting with the last of some sealed plans, as it is where there is none."""
    if not plans:
        return chosen
    text = Archive(chosen.workspace.archive).read(plans[-1].archived_as, plans[-1].sha256).decode()
    return replace(chosen, plan=plan_in(plans[-1].archived_as, text, load_plan), plan_text=text)


def kept_of(chosen: Setting, ledger: Ledger) -> Kept:
    """What the ledger holds for the setting's period, with the findings of the year so far."""
    period = str(chosen.period)
    submissions = concerned(chosen.plan, chosen.period, ledger.submissions())
    told = {s.sha256 for s in submissions}
    return Kept(
        submissions=tuple(submissions),
        facts=tuple(ledger.facts(chosen.period.year, period)),
        tasks=tuple(ledger.tasks(period)),
        narratives=tuple(ledger.narratives(period)),
        findings=tuple(ledger.findings(told)),
        decisions=tuple(ledger.decisions()),
    )

"""From the ledger to the figures of a month: what every page of results is made from."""

from pipeline.core.month import Kept, Month, concerned, consolidate
from pipeline.core.tables import Book, tables
from pipeline.edges.store.ledger import Ledger
from pipeline.run.labels import sentences
from pipeline.run.workspace import Setting
from pipeline.spec.tables import DRAFT, Edition, Tables


def book_of(chosen: Setting) -> Book:
    """The data files that turn a month into pages."""
    return Book(chosen.plan, chosen.template, sentences(), chosen.messages)


def figures_of(chosen: Setting, book: Book, kept: Kept, edition: Edition = DRAFT) -> tuple[Month, Tables]:
    """The scored month of the setting's period from what is `kept`, and the tables of its workbook."""
    month = consolidate(chosen.plan, chosen.period, kept, chosen.now)
    return month, tables(month, book, chosen.workspace.now, edition)


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

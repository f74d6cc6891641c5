"""From the ledger to the figures of a month: what every page of results is made from."""

from pipeline.core.month import Kept, Month, concerned, consolidate
from pipeline.core.tables import Book, tables
from pipeline.edges.store.files import read_text
from pipeline.edges.store.ledger import Ledger
from pipeline.run.workspace import SCHEMAS, Setting
from pipeline.spec.tables import Tables
from pipeline.spec.wording import load_wording


def book_of(chosen: Setting) -> Book:
    """The data files that turn a month into pages."""
    wording = load_wording("wording.toml", read_text(SCHEMAS / "wording.toml"))
    return Book(chosen.plan, chosen.template, wording)


def figures_of(chosen: Setting, book: Book, ledger: Ledger) -> tuple[Month, Tables]:
    """The scored month of `chosen` as it stands now, and the tables of its workbook."""
    month = consolidate(chosen.plan, chosen.period, _kept(chosen, ledger), chosen.now)
    return month, tables(month, book, chosen.workspace.now)


def _kept(chosen: Setting, ledger: Ledger) -> Kept:
    """What the ledger holds for the month."""
    period = str(chosen.period)
    submissions = concerned(chosen.plan, chosen.period, ledger.submissions())
    told = {s.sha256 for s in submissions if s.period in ("", period)}
    return Kept(
        submissions=tuple(submissions),
        facts=tuple(ledger.facts(chosen.period.year, period)),
        tasks=tuple(ledger.tasks(period)),
        narratives=tuple(ledger.narratives(period)),
        findings=tuple(ledger.findings(told)),
    )

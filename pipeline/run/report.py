"""Write the monthly report as a Word document, and as a PDF where that is asked for."""

from pathlib import Path

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.core.report.build import report
from pipeline.core.report.sources import Sources
from pipeline.edges.report.package import is_untouched
from pipeline.edges.report.pdf import find_office, to_pdf
from pipeline.edges.report.render import render
from pipeline.edges.store.files import free_place, read_bytes, read_text, write_atomically
from pipeline.edges.store.ledger import Ledger
from pipeline.run.desk import glance
from pipeline.run.figures import as_issued, book_of, figures_of, issue_of, kept_of
from pipeline.run.labels import labels
from pipeline.run.month import edition_of
from pipeline.run.results import PdfOutcome, ReportResult
from pipeline.run.workspace import SCHEMAS, Setting, Tell, Workspace, setting
from pipeline.spec.report_words import load_report_words

TEMPLATE, SENTENCES = "bao-cao.docx", "report.toml"


def write_report(workspace: Workspace, period: Period | None, pdf: bool, tell: Tell) -> ReportResult:
    """The report of `period`, by default the latest closed one, from the same figures as its workbook.

    A report that somebody has changed in Word is never overwritten: the new one gets a name beside it.
    """
    chosen = setting(workspace, period)
    tell(f"Lập báo cáo {chosen.period.label}")
    with glance(chosen) as desk:
        edition = edition_of(desk.ledger, chosen.period)
        issue = None if edition.is_draft else issue_of(desk.ledger, chosen.period, edition.number)
        if issue:  # what was issued is told by the plan of then, whatever came since
            chosen = as_issued(chosen, desk.ledger, issue)
        sources = _sources(chosen, desk.ledger)
    template = read_bytes(SCHEMAS / TEMPLATE)
    rendered = render(template, TEMPLATE, report(sources), chosen.now)
    path, kept = free_place(workspace.outbox(chosen.period) / f"bao-cao-{chosen.period}.docx", is_untouched)
    write_atomically(path, rendered.document)
    outcome = _write_pdf(path.with_suffix(".pdf"), rendered.document) if pdf else "not_asked"
    return ReportResult(chosen.period, path, kept, rendered.unused, outcome)


def _sources(chosen: Setting, ledger: Ledger) -> Sources:
    if chosen.plan.report is None:
        raise OperatorError(
            f"Kế hoạch năm {chosen.plan.year} chưa có mục [report] (nơi ban hành, nơi nhận, người ký): "
            "hãy bổ sung, xem README trong thư mục schemas."
        )
    words = load_report_words(SENTENCES, read_text(SCHEMAS / SENTENCES))
    book = book_of(chosen)
    month, pages = figures_of(chosen, book, kept_of(chosen, ledger))
    return Sources(month, book, pages, chosen.plan.report, words, labels(), chosen.now)


def _write_pdf(path: Path, document: bytes) -> PdfOutcome:
    office = find_office()
    if office is None:
        return "no_office"
    data = to_pdf(office, document)
    if data is None:
        return "failed"
    write_atomically(path, data)
    return "written"

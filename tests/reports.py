"""Reports for tests: built from what units sent, without a workspace, and rendered with the real template."""

from datetime import datetime

from pipeline.base.period import Period
from pipeline.core.month import consolidate
from pipeline.core.report.build import report
from pipeline.core.report.sources import Sources
from pipeline.core.tables import Book, tables
from pipeline.edges.report.render import render
from pipeline.run.labels import labels
from pipeline.spec.report import Report
from pipeline.spec.report_words import load_report_words
from pipeline.spec.wording import load_wording
from tests.forms import AFTER, MESSAGES, PERIOD, PLAN, SCHEMAS, TEMPLATE
from tests.sent import Sent, counts, figure, kept, sent, task, text, word

WORDS_TEXT = (SCHEMAS / "report.toml").read_text(encoding="utf-8")
WORDS = load_report_words("report.toml", WORDS_TEXT)
DOCX = (SCHEMAS / "bao-cao.docx").read_bytes()
WORDING = load_wording("wording", (SCHEMAS / "wording.toml").read_text(encoding="utf-8"))
LATE = "2026-11-20T00:00:00+07:00"


def sources(*files: Sent, period: Period = PERIOD, now: datetime = AFTER) -> Sources:
    assert PLAN.report is not None
    book = Book(PLAN, TEMPLATE, WORDING, MESSAGES)
    month = consolidate(PLAN, period, kept(*files), now)
    return Sources(month, book, tables(month, book, now), PLAN.report, WORDS, labels(), now)


def built(*files: Sent, period: Period = PERIOD, now: datetime = AFTER) -> Report:
    return report(sources(*files, period=period, now=now))


def rendered(told: Report, template: bytes = DOCX) -> bytes:
    return render(template, "bao-cao.docx", told, AFTER).document


def two_months() -> tuple[Sent, ...]:
    """October and November of five units: rises, falls, a fall in units, reasons, texts, tasks."""
    return (
        sent(
            "PVHCC",
            counts("V.7", 40, 50),
            counts("V.6", 90, 100),
            counts("V.3", 3, 4),
            period="2026-10",
        ),
        sent("CA", counts("V.20", 75, 100), counts("V.30", 4, 7), period="2026-10"),
        sent("VHXH", counts("II.1", 9, 10), figure("IV.2", 1.0), figure("V.1", 0.7), period="2026-10"),
        sent("CQ", counts("II.1", 20, 40), period="2026-10"),
        sent(
            "PVHCC",
            counts("V.7", 50, 100),
            counts("V.6", 1000, 1000),
            counts("V.3", 3, 4),
            counts("V.9", 0, 0),
            word("V.8", "no_data", "chờ Bưu điện"),
            text("KQ", "Đã mở 2 quầy.\n- Quầy thứ nhất\nQuầy thứ hai"),
            text("KK", "Thiếu máy quét."),
            task("DV.1", work="Mở quầy", state="done", progress=100.0),
        ),
        sent("CA", counts("V.20", 72.7, 100), counts("V.30", 5, 7), text("KK", "Thiếu máy quét."), at=LATE),
        sent(
            "VHXH",
            counts("II.1", 8, 10),
            figure("IV.2", 2.0),
            figure("V.1", 0.73),
            figure("III.1", 0.0),
            task("NV.1.1", state="slow", progress=20.0),
        ),
        sent("KT", outcome="rejected"),
    )

"""Make the demonstration: a workspace in which four months have been issued, filled, sent and run."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.base.period import Period
from pipeline.core.demo import entries_of, plan_text
from pipeline.edges.form.filler import fill_form, foreign_workbook
from pipeline.edges.store.demo_folder import drop, renew_folder
from pipeline.edges.store.files import read_bytes, read_text, write_atomically
from pipeline.run.month import run_month
from pipeline.run.results import DemoResult, MonthResult
from pipeline.run.templates import issue_templates
from pipeline.run.workspace import SCHEMAS, Tell, Workspace
from pipeline.spec.demo import Demo, SentFile, load_demo
from pipeline.spec.plan import Plan
from pipeline.spec.plan_file import load_plan
from pipeline.spec.template import Template
from pipeline.spec.template_file import load_template

MARKER = ".minh-hoa"
PLAN_FILE = "ke-hoach-minh-hoa.toml"
_PARTS = ("inbox", "outbox", "archive")
_FAULTY = ("partial", "rejected", "empty")
_PLAN, _TEMPLATE, _DEMO = "plan-2026.toml", "template-v1.toml", "demo.toml"


@dataclass(frozen=True)
class _Show:
    """All that the demonstration is made from, and where."""

    folder: Path
    demo: Demo
    plan: Plan
    template: Template

    def at(self, day: date) -> Workspace:
        moment = datetime.combine(day, time(self.demo.hour), ZoneInfo(self.plan.calendar.time_zone))
        return Workspace(self.folder, self.folder / PLAN_FILE, moment)


def make_demo(folder: Path, tell: Tell) -> DemoResult:
    """Make the demonstration in `folder`, anew where there is one already.

    Nothing depends on the clock of the machine: the same program makes the same files.
    """
    show = _show(folder)
    renew_folder(folder, MARKER, show.demo.note, _PARTS)
    text = plan_text(read_text(SCHEMAS / _PLAN), show.demo)
    write_atomically(folder / PLAN_FILE, text.encode())
    sent: dict[str, bytes] = {}
    for period, issue_day in zip(show.demo.periods, show.demo.issued_on, strict=True):
        sent |= _month(show, period, issue_day, sent, tell)
    workbooks = tuple(show.at(_day(p, 1)).workbook(p) for p in show.demo.periods)
    tell(f"Số liệu minh họa. Hãy mở {workbooks[-1].name} trước, rồi các bảng tổng hợp của những tháng trước.")
    places = f"--workspace {_argument(folder)} --plan {_argument(folder / PLAN_FILE)}"
    tell(f"Muốn chạy tiếp, thêm vào lệnh: {places}")
    return DemoResult(folder, workbooks)


def _show(folder: Path) -> _Show:
    plan = load_plan(_PLAN, read_text(SCHEMAS / _PLAN))
    template = load_template(_TEMPLATE, read_text(SCHEMAS / _TEMPLATE))
    return _Show(folder, load_demo(_DEMO, read_text(SCHEMAS / _DEMO), plan, template), plan, template)


def _month(
    show: _Show, period: Period, issue_day: int, before: Mapping[str, bytes], tell: Tell
) -> dict[str, bytes]:
    """Issue the forms, then drop and run, run by run; returns the files of the month by place."""
    tell(f"Số liệu minh họa {period.label}: phát hành mẫu")
    forms = issue_templates(show.at(_day(period, issue_day)), period, _quiet).folder
    sent: dict[str, bytes] = {}
    waiting = list(show.demo.files_of(period))
    for run_day in show.demo.runs_on:
        moment = _day(period, run_day)
        for file in [f for f in waiting if f.day < moment]:
            waiting.remove(file)
            sent[file.place] = _bytes_of(show, file, period, forms, {**before, **sent})
            came = show.at(_day(period, 1)).now.timestamp()
            drop(show.at(moment).inbox / file.place, sent[file.place], came)
        tell(_told(moment, run_month(show.at(moment), period, _quiet)))
    return sent


def _bytes_of(
    show: _Show, file: SentFile, period: Period, forms: Path, earlier: Mapping[str, bytes]
) -> bytes:
    if file.copy_of:
        return earlier[file.copy_of]
    if file.rows:
        return foreign_workbook(file.rows, datetime.combine(file.day, time()))
    if not file.unit:
        return file.content.encode()
    issued = read_bytes(forms / f"{file.unit}-{period}.xlsx")
    if file.empty:
        return issued
    return fill_form(
        issued, entries_of(file, show.demo, show.plan, show.template), file.damages, show.template
    )


def _day(period: Period, day: int) -> date:
    return date(period.year, period.month, day)


def _told(day: date, result: MonthResult) -> str:
    faulty = sum(verdict.outcome in _FAULTY for verdict in result.verdicts)
    return f"Chạy ngày {day:%d/%m/%Y}: {len(result.verdicts)} tệp, trong đó {faulty} tệp có lỗi hoặc trống"


def _argument(path: Path) -> str:
    """A path as it can be typed on every system: in quotes where it holds more than names."""
    text = str(path)
    return text if re.fullmatch(r"[\w./\\:-]+", text) else f'"{text}"'


def _quiet(_: str) -> None:
    """Of the runs inside only the outcome is told."""

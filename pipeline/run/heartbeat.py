"""The heartbeat: take new files within a minute, and write the workbook anew every morning."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import schedule

from pipeline.base.errors import PipelineError
from pipeline.edges.store.inbox import list_inbox
from pipeline.run.month import run_month
from pipeline.run.workspace import Tell, Workspace

_MORNING = "07:00"


def keep_running(ws_at: Callable[[datetime], Workspace], tell: Tell, every_seconds: int) -> None:
    """Run until interrupted; `ws_at` gives the workspace at a moment. A failing beat is told, and the
    next one tries again."""
    beat = schedule.Scheduler()
    beat.every(every_seconds).seconds.do(_when_needed, ws_at, tell)
    beat.every().day.at(_MORNING).do(_run, ws_at, tell)
    _when_needed(ws_at, tell)
    while True:
        time.sleep(max(0.0, min(beat.idle_seconds or 0.0, every_seconds)))
        beat.run_pending()


def _when_needed(ws_at: Callable[[datetime], Workspace], tell: Tell) -> None:
    workspace = ws_at(datetime.now(UTC))
    try:
        waiting = list_inbox(workspace.inbox)
    except PipelineError as fault:
        tell(str(fault))
        return
    if waiting:
        _run(ws_at, tell)


def _run(ws_at: Callable[[datetime], Workspace], tell: Tell) -> None:
    try:
        result = run_month(ws_at(datetime.now(UTC)), None, tell)
    except PipelineError as fault:
        tell(str(fault))
        return
    for path in result.workbooks:
        tell(f"Đã ghi {path}")

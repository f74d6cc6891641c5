"""Run a month in this process, and say what each stage took: a child of the benchmarks.

`python benchmarks/stages.py WORKSPACE PLAN` prints one line of JSON. A stage is what a function of the
program does, without the stages inside it.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

# Where a name is called, and so has to be replaced; a generator counts while it is asked for the next.
FUNCTIONS = {
    "pipeline.run.month.setting": "plan and data files",
    "pipeline.run.take.pick_up": "picking up",
    "pipeline.run.take.open_files": "reading",
    "pipeline.run.take.judge_cases": "understanding rows",
    "pipeline.core.intake.check": "validation",
    "pipeline.core.intake.with_past": "validation",
    "pipeline.core.intake.doubtful": "validation",
    "pipeline.core.intake.form_findings": "validation",
    "pipeline.core.check.schema_failures": "pandera",
    "pipeline.core.series.schema_failures": "pandera",
    "pipeline.run.take.sealed": "archive",
    "pipeline.edges.store.ledger.Ledger.record": "ledger",
    "pipeline.run.desk.bring_up_to_date": "journal",
    "pipeline.run.take.remove": "clearing the inbox",
    "pipeline.run.month.rejudge_later": "later months",
    "pipeline.run.month.write_feedback": "answers to faulty forms",
    "pipeline.run.month.kept_of": "figures",
    "pipeline.run.month.figures_of": "figures",
    "pipeline.run.month.write_consolidated": "workbook",
    "pipeline.run.month.publish_open_data": "open data",
}
UNTIL_VALIDATED = ("picking up", "reading", "understanding rows", "validation", "pandera")


class Stopwatch:
    """Seconds by stage; the innermost stage runs, the others stand still."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stages = ["other"]
        self._since = time.perf_counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What is done inside counts for this stage."""
        self._count()
        self._stages.append(name)
        try:
            yield
        finally:
            self._count()
            self._stages.pop()

    def _count(self) -> None:
        now = time.perf_counter()
        stage = self._stages[-1]
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now


def main(workspace: Path, plan: Path) -> None:
    """Run the month and print seconds by stage, and the most memory that this process took."""
    from pipeline.base.garbage import look_seldom

    look_seldom()  # as the program does
    from benchmarks.country import NOW, PERIOD
    from benchmarks.measuring import peak_of_this_process

    watch = Stopwatch()
    with watch.stage("imports"):
        run_month: Any = _watched(watch)
        from pipeline.run.workspace import Workspace
    now = datetime.fromisoformat(NOW).replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    with watch.stage("other"):
        result = run_month(Workspace(workspace, plan, now), PERIOD, lambda _: None)
    outcomes = [verdict.outcome for verdict in result.verdicts]
    told = {"seconds": watch.seconds, "peak": peak_of_this_process(), "outcomes": sorted(outcomes)}
    print(json.dumps(told))


def _watched(watch: Stopwatch) -> Any:
    """`run_month` with every stage under the watch."""
    run_month = import_module("pipeline.run.month").run_month
    for path, stage in FUNCTIONS.items():
        place, _, name = path.rpartition(".")
        owner = _owner(place)
        setattr(owner, name, _timed(watch, stage, getattr(owner, name)))
    return run_month


def _owner(place: str) -> Any:
    """A module, or a class in one."""
    module, _, last = place.rpartition(".")
    return getattr(import_module(module), last) if last[0].isupper() else import_module(place)


def _timed(watch: Stopwatch, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def timed(*arguments: Any, **named: Any) -> Any:
        with watch.stage(stage):
            result = function(*arguments, **named)
        return _timed_steps(watch, stage, result) if isinstance(result, Iterator) else result

    return timed


def _timed_steps(watch: Stopwatch, stage: str, steps: Iterator[Any]) -> Iterator[Any]:
    while True:
        with watch.stage(stage):
            try:
                step = next(steps)
            except StopIteration:
                return
        yield step


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main(*map(Path, sys.argv[1:]))

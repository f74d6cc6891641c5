"""The heartbeat: one tick after another, so that new files are taken and nothing due is forgotten."""

import time
from collections.abc import Callable, Mapping

import schedule

from pipeline.base.errors import PipelineError
from pipeline.run.acts import Act
from pipeline.run.tick import Explain, tick
from pipeline.run.workspace import Tell, Workspace


def keep_running(
    ws_now: Callable[[], Workspace],
    acts: Mapping[str, Act],
    tell: Tell,
    explain: Explain,
    every_seconds: int,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Tick at once and then every so many seconds, until interrupted.

    `ws_now` gives the workspace at this moment: it is the only clock the ticks know. What stays as it
    was at the beat before is not told again.
    """
    told: frozenset[str] = frozenset()

    def beat() -> None:
        nonlocal told
        notices = _notices(ws_now(), acts, tell, explain)
        for line in notices:
            if line not in told:
                tell(line)
        told = frozenset(notices)

    heart = schedule.Scheduler()
    heart.every(every_seconds).seconds.do(beat)
    beat()
    while True:
        sleep(max(0.0, min(_idle(heart), every_seconds)))
        if _idle(heart) > every_seconds:  # the clock was set back: the next beat would be long in coming
            heart.clear()
            heart.every(every_seconds).seconds.do(beat)
        heart.run_pending()


def _notices(workspace: Workspace, acts: Mapping[str, Act], tell: Tell, explain: Explain) -> tuple[str, ...]:
    try:
        return tick(workspace, acts, tell, explain).notices
    except (PipelineError, OSError) as fault:
        return (explain(fault),)


def _idle(heart: schedule.Scheduler) -> float:
    return heart.idle_seconds or 0.0

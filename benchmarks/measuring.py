"""Run a command as a process of its own, and say what it cost: seconds, seconds of processor, memory."""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_MEBIBYTE = 1024 * 1024
# What `resource` counts memory in.
_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the wall and of all processors (its children included), MiB of its largest process.

    `told` is the JSON that it printed, empty where it printed none.
    """

    wall: float
    cpu: float
    peak: float
    told: Mapping[str, Any]


def python(*arguments: str | Path) -> Cost:
    """What this Python costs with `arguments`; it runs in the project's folder."""
    command = [sys.executable, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as output:
        before = time.perf_counter()
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - before
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode()
    if child.returncode:
        raise RuntimeError(f"{command} ended with {child.returncode}")
    told = json.loads(printed) if printed.startswith("{") else {}
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * _UNIT / _MEBIBYTE, told)


def in_turn(measures: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, list[Cost]]:
    """Each measure so many times, A B C A B C, so that a slow minute of the machine hits all alike."""
    found: dict[str, list[Cost]] = {name: [] for name in measures}
    for number in range(rounds):
        for name, measure in measures.items():
            print(f"  {number + 1}/{rounds} {name}", file=sys.stderr, flush=True)
            found[name].append(measure())
    return found


def median(costs: Sequence[Cost], of: Callable[[Cost], float]) -> float:
    """The median of one figure over the rounds."""
    return statistics.median(map(of, costs))


def ratio(
    ours: Sequence[Cost],
    theirs: Sequence[Cost],
    of_ours: Callable[[Cost], float],
    of_theirs: Callable[[Cost], float],
) -> float:
    """The median of theirs by ours, round by round: how many times faster we are."""
    pairs = zip(ours, theirs, strict=True)
    return statistics.median(of_theirs(other) / of_ours(own) for own, other in pairs)


def peak_of_this_process() -> float:
    """The most memory that this process had so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / _MEBIBYTE

"""Read files in workers alone, without the rest of a run: a child of the benchmarks.

`python benchmarks/probe.py read FOLDER 0,1` prints the seconds of reading on these processors; `hostile
FOLDER` reads one hostile file of each kind among those of the folder.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def read(files: Sequence[bytes], processors: str) -> dict[str, float]:
    """Seconds until the last of the files is read."""
    from pipeline.edges.reading.workers import read_all

    if sys.platform == "linux":
        os.sched_setaffinity(0, map(int, processors.split(",")))
    start = time.perf_counter()
    for _ in read_all(files):
        pass
    return {"reading": time.perf_counter() - start}


def hostile(files: Sequence[bytes]) -> dict[str, dict[str, Any]]:
    """For each kind: the finding, what it cost by itself, and whether the others were read as without it."""
    from benchmarks.hostile import KINDS
    from pipeline.edges.reading.workers import read_all

    usual = [_code(outcome) for outcome in read_all(files)]
    found: dict[str, dict[str, Any]] = {}
    for kind, make in KINDS.items():
        bad = make()
        middle = len(files) // 2
        codes = [_code(outcome) for outcome in read_all([*files[:middle], bad, *files[middle:]])]
        found[kind] = {
            **_alone(bad),
            "others": "yes" if [*codes[:middle], *codes[middle + 1 :]] == usual else "no",
        }
    return found


def _alone(bad: bytes) -> dict[str, Any]:
    """The cost of a file in a worker of its own; the start of the worker counts."""
    import subprocess

    from benchmarks.measuring import ROOT

    script = Path(__file__)
    done = subprocess.run(
        [sys.executable, script, "alone"], input=bad, capture_output=True, check=True, cwd=ROOT
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def alone(bad: bytes) -> dict[str, Any]:
    """Seconds, the finding, and the memory of the worker, in MiB."""
    import resource

    from pipeline.edges.reading.workers import read_all

    start = time.perf_counter()
    (outcome,) = read_all([bad])
    taken = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"code": _code(outcome) or "read", "seconds": taken, "peak": peak}


def _code(outcome: object) -> str:
    return str(getattr(outcome, "code", ""))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    what, *where = sys.argv[1:]
    if what == "alone":
        print(json.dumps(alone(sys.stdin.buffer.read())))
    else:
        forms = [path.read_bytes() for path in sorted(Path(where[0]).glob("*.xlsx"))]
        print(json.dumps(read(forms, where[1]) if what == "read" else hostile(forms)))

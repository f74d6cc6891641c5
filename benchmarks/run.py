"""Measure how fast the program is, and write the tables into benchmarks/README.md.

`python benchmarks/run.py` measures everything, for hours on a busy machine; names of parts choose; `--quick`
takes one round of at most 200 files and writes nothing.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.parts import LARGEST, PARTS, Scale
from benchmarks.tables import written

_QUICK = Scale(rounds=1, most=200)


def main() -> None:
    """Measure the parts that were asked for, in their order."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    asked.add_argument("--quick", action="store_true", help="one round of at most 200 files, only printed")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--most", type=int, default=LARGEST, help="the greatest number of files")
    options = asked.parse_args()
    unknown = set(options.parts) - PARTS.keys()
    if unknown:
        asked.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    scale = _QUICK if options.quick else Scale(options.rounds, options.most)
    command = " ".join(["python benchmarks/run.py", *sys.argv[1:]])
    for name in options.parts or PARTS:
        print(f"{name} …", file=sys.stderr, flush=True)
        load = os.getloadavg()[0]
        print(written(name, PARTS[name](scale), command, load, keep=not options.quick), flush=True)


if __name__ == "__main__":
    main()

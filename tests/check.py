"""Everything that must hold before a change lands: style, types, layers, tests. `python tests/check.py`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STEPS = {
    "style": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy", "pipeline", "tests", "benchmarks", "run_monthly.py"],
    "layers": ["lint_imports"],
    "tests": ["pytest", "-n", "auto"],
}


def main() -> int:
    """Run every step, also after one has failed, and say which did not pass."""
    failed = [name for name, words in STEPS.items() if not _passes(name, words)]
    print(f"\nNot passed: {', '.join(failed)}" if failed else "\nAll checks passed.", flush=True)
    return 1 if failed else 0


def _passes(name: str, words: list[str]) -> bool:
    print(f"\n== {name}", flush=True)
    tool, *arguments = words
    if tool == "lint_imports":
        code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
        command = [sys.executable, "-c", code, "--no-cache"]
    else:
        command = [sys.executable, "-m", tool, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())

"""LibreOffice for tests: absent, it fails the test in CI and skips it elsewhere, never silently."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

SECONDS = 120
OFFICE_PYTHON = Path("/usr/bin/python3")


def soffice() -> Path:
    """The program; without it the test that asks is skipped, or fails where CI=true."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        reason = "LibreOffice (soffice) is not installed, so this test cannot look at the file with it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return Path(found)


def convert(path: Path, target_ext: str, out_dir: Path) -> Path:
    """The file that LibreOffice makes of `path`, in `out_dir`.

    `target_ext` may name a filter: `xlsx:Calc MS Excel 2007 XML`.
    """
    return convert_all([path], target_ext, out_dir)[0]


def convert_all(
    paths: Sequence[Path], target_ext: str, out_dir: Path, seconds: float = SECONDS
) -> list[Path]:
    """What one LibreOffice makes of each file, in `out_dir`, in their order.

    The profile is private to `out_dir`, so that tests may run side by side.
    """
    program = soffice()
    profile = (out_dir / "profile").resolve().as_uri()
    command = [str(program), f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", target_ext, "--outdir", str(out_dir), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    results = [out_dir / f"{path.stem}.{target_ext.partition(':')[0]}" for path in paths]
    missing = [result.name for result in results if not result.is_file()]
    assert not missing, f"LibreOffice made no {missing}: {done.stdout}{done.stderr}"
    return results


def type_in(path: Path, cells: Sequence[tuple[str, str, object]], result: Path) -> Path:
    """Open `path` in LibreOffice, type (sheet, address, value), recalculate all of it, save as `result`."""
    _require_uno()
    script = Path(__file__).parent / "office_fill.py"
    profile = result.parent / f"profile-{result.stem}"
    command = [OFFICE_PYTHON, script, soffice(), profile.resolve(), path.resolve(), result.resolve()]
    subprocess.run(command, input=json.dumps(cells).encode(), check=True, timeout=SECONDS + 30)
    return result


def _require_uno() -> None:
    found = (
        OFFICE_PYTHON.exists()
        and not subprocess.run([OFFICE_PYTHON, "-c", "import uno"], check=False).returncode
    )
    if not found and os.environ.get("CI") == "true":
        pytest.fail("the Python of LibreOffice is needed in CI: install python3-uno")
    if not found:
        pytest.skip("the Python of LibreOffice (python3-uno) is not installed")

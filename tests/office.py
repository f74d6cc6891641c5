"""LibreOffice for tests: absent, it fails the test in CI and skips it elsewhere, never silently."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

SECONDS = 120


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

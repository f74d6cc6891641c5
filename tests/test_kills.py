"""The real process, killed with SIGKILL at every step and at random, or out of room on the disk at every
write, loses and doubles nothing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.forms import sent_form
from tests.kill_driver import FULL

ROOT = Path(__file__).parent.parent
RANDOM_KILLS = 15


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if sys.platform == "win32":
        pytest.skip("a process of Windows has no SIGKILL and no fork")
    workspace = tmp_path_factory.mktemp("workspace")
    inbox = workspace / "inbox"
    (inbox / "2026-11-17").mkdir(parents=True)
    (inbox / "2026-11-17" / "ca.xlsx").write_bytes(sent_form("CA"))
    (inbox / "ca sửa.xlsx").write_bytes(sent_form("CA", V_20__numerator="trên 98%", V_28__numerator=41.0))
    (inbox / "ca gửi lại.xlsx").write_bytes(sent_form("CA"))
    (inbox / "trường học.xlsx").write_bytes(sent_form("TH"))
    (inbox / "hỏng.xlsx").write_bytes(b"not a workbook")
    command = [sys.executable, "-m", "tests.kill_driver", str(workspace)]
    scratch = tmp_path_factory.mktemp("scratch")
    done = subprocess.run(
        [*command, str(scratch), str(RANDOM_KILLS)], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_the_uninterrupted_run_takes_every_file(report: dict[str, Any]) -> None:
    expected = report["expected"]
    assert expected["inbox"] == {}
    assert len(expected["ledger"]["submission"]) == 4  # one of the five is a repetition
    assert any(name.endswith("tong-hop-2026-11.xlsx") for name in expected["outbox"])


def test_enough_moments_were_tried(report: dict[str, Any]) -> None:
    trials = report["trials"]
    killed = [name for name, trial in trials.items() if trial["cut"] == -9]
    assert len([name for name in killed if name.startswith("step")]) == report["steps"]
    assert len(trials) >= 60


def test_a_full_disk_is_told_in_one_line_wherever_it_is_met(report: dict[str, Any]) -> None:
    ends = [trial["cut"] for name, trial in report["trials"].items() if name.startswith("full")]
    assert ends.count(FULL) >= 10
    assert set(ends) <= {FULL, 0}


def test_after_every_cut_the_next_run_gives_the_same_end(report: dict[str, Any]) -> None:
    different = {name: trial for name, trial in report["trials"].items() if not trial["same"]}
    assert different == {}

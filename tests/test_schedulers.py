"""The ready files for the schedulers of the systems: each calls the one command, documents name it."""

import configparser
import re
from pathlib import Path

import pytest

from pipeline.cli.commands import commands

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "schedulers"
CALL = re.compile(r"run_monthly\.py\"?(?:\\\")? (\w+)")
LONGEST_TASK = 261  # characters that schtasks takes for /TR


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # systemd minds capitals
    parser.read_string(read(name))
    return parser


@pytest.mark.parametrize("name", ["windows.cmd", "crontab", "tong-hop.service"])
def test_each_calls_the_tick_once(name: str) -> None:
    assert CALL.findall(read(name)) == ["tick"]
    assert "tick" in commands.commands


def test_the_documents_name_every_file_and_no_other() -> None:
    files = {path.name for path in FOLDER.iterdir()}
    for document in ("README.md", "README.vi.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        assert set(re.findall(r"`schedulers[/\\]([\w.-]+)`", text)) == files


def test_the_line_for_cron() -> None:
    (line,) = [line for line in read("crontab").splitlines() if not line.startswith("#")]
    *times, command = line.split(maxsplit=5)
    assert times == ["*/10", "*", "*", "*", "*"]
    assert "%" not in command  # cron takes it for the end of the line
    assert command.startswith("cd ")


def test_the_units_of_systemd_belong_together() -> None:
    timer, service = unit("tong-hop.timer"), unit("tong-hop.service")
    assert timer["Timer"] == {"OnCalendar": "*:0/10", "Persistent": "true"}
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert service["Service"]["Type"] == "oneshot"
    folder = service["Service"]["WorkingDirectory"]
    assert service["Service"]["ExecStart"].startswith(f"{folder}/.venv/bin/python ")


def test_the_task_of_windows() -> None:
    (line,) = [line for line in read("windows.cmd").splitlines() if line.startswith("schtasks")]
    assert "/SC MINUTE /MO 10" in line
    task = re.search(r'/TR "(.*)"$', line)
    assert task
    assert task[1].count('\\"') == 4  # both paths may hold spaces
    assert len(task[1].replace("%HERE%", "")) < LONGEST_TASK / 2  # the rest is left for the folder
    name = re.search(r'/TN "([^"]+)"', line)
    assert name
    assert name[1].isascii()  # whatever the code page of the console
    for document in ("README.md", "README.vi.md"):
        assert f'/TN "{name[1]}"' in (ROOT / document).read_text(encoding="utf-8")

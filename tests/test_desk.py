"""The two files that an officer double-clicks: what cmd.exe asks of them, and what they lean on."""

import os
import re
import shutil
import stat
import sys
import tomllib
from pathlib import Path

import click
import pytest

from pipeline.cli.main import main
from pipeline.cli.places import PROJECT
from pipeline.cli.program import commands
from pipeline.edges.desktop import show_folder
from tests.demonstration import Demonstration

FILES = ("cai-dat.cmd", "chay-thang.cmd")
SENTENCES = "schemas/desk.toml"
GUIDE = "docs/huong-dan-can-bo-tong-hop.md"
PATHS = {"OWN", "READY", "NEW_ENOUGH"}  # variables that hold blanks or letters that cmd.exe minds
AS_ADMINISTRATOR = re.compile(r"runas|setx\s+/m|hklm|net session|powershell", re.IGNORECASE)


def lines(name: str) -> list[str]:
    """The lines of a file without remarks."""
    text = (PROJECT / name).read_text(encoding="ascii")
    return [line for line in text.splitlines() if line and not line.startswith("rem ")]


def sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads((PROJECT / SENTENCES).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_cmd_reads_ascii_and_ends_of_lines_of_its_own(name: str) -> None:
    data = (PROJECT / name).read_bytes()
    assert data.isascii()
    assert data.count(b"\n") == data.count(b"\r\n") > 10
    assert data.endswith(b"\r\n")


@pytest.mark.parametrize("name", FILES)
def test_whatever_the_folder_is_called(name: str) -> None:
    text = lines(name)
    assert text[:5] == [
        "@echo off",
        "setlocal DisableDelayedExpansion",  # an exclamation mark in a path stays one
        'pushd "%~dp0"',  # gives a letter to a folder of the network
        "chcp 65001 >nul",
        'set "PYTHONUTF8=1"',
    ]
    assert "popd" in text
    for line in text:
        outside = re.sub(r'"[^"]*"', "", line)
        assert line.count('"') % 2 == 0, line
        assert not PATHS & set(re.findall(r"%(\w+)%", outside)), line
        assert "%~dp0" not in outside, line
    commands_only = [line for line in text if not line.startswith(("for ", "echo "))]
    assert not [line for line in commands_only if "(" in re.sub(r'"[^"]*"', "", line)]  # no blocks


@pytest.mark.parametrize("name", FILES)
def test_it_needs_no_administrator_and_no_git(name: str) -> None:
    text = "\n".join(lines(name))
    assert not AS_ADMINISTRATOR.search(text)
    assert not re.search(r"\bgit\b", text)


@pytest.mark.parametrize("name", FILES)
def test_every_jump_has_its_label(name: str) -> None:
    text = lines(name)
    labels = [line[1:] for line in text if line.startswith(":")]
    jumps = {jump for line in text for jump in re.findall(r"(?:goto |call :)(\w+)", line)}
    assert len(labels) == len(set(labels))
    assert jumps - set(labels) == set()
    assert set(labels) - jumps <= {"find"}  # reached by falling into it


@pytest.mark.parametrize("name", FILES)
def test_every_file_that_it_names_exists(name: str) -> None:
    text = "\n".join(line for line in lines(name) if not line.startswith("echo "))
    named = set(re.findall(r"[\w-]+(?:\\[\w-]+)*\.(?:py|txt|toml|cmd)\b", text))
    assert named
    for file in named:
        assert (PROJECT / file.replace("\\", "/")).is_file(), file
    for module in re.findall(r"compileall -q (\w+)", text):
        assert (PROJECT / module).is_dir()


@pytest.mark.parametrize("name", FILES)
def test_it_calls_commands_and_options_that_exist(name: str) -> None:
    calls = re.findall(r'"%OWN%" run_monthly\.py (\w+)((?: --\w+)*)', "\n".join(lines(name)))
    assert calls
    for command, options in calls:
        found = commands.get_command(click.Context(commands), command)
        assert found is not None
        known = {option for param in found.params for option in param.opts}
        assert set(options.split()) <= known


def test_it_asks_for_the_python_that_the_program_asks_for() -> None:
    asked = re.findall(r"sys\.version_info < (\([^)]+\))", "\n".join(lines("cai-dat.cmd")))
    program = (PROJECT / "run_monthly.py").read_text(encoding="utf-8")
    assert asked == re.findall(r"sys\.version_info < (\([^)]+\))", program) == ["(3, 11)"]


def test_the_month_is_run_once_what_is_set_up_is_whole() -> None:
    marks = {name: [line for line in lines(name) if "%READY%" in line] for name in FILES}
    assert marks["cai-dat.cmd"] == ['if exist "%READY%" del "%READY%"', 'type nul >"%READY%"']
    assert marks["chay-thang.cmd"] == [
        'if not exist "%READY%" call cai-dat.cmd chained',
        'if not exist "%READY%" goto end',
    ]
    set_up = lines("cai-dat.cmd")
    installed = next(n for n, line in enumerate(set_up) if " -m pip " in line)
    assert set_up[installed + 1] == "if not errorlevel 1 goto compile"
    assert set_up[set_up.index(":compile") + 1] == 'type nul >"%READY%"'


# --- the sentences --------------------------------------------------------------------------------


def test_every_sentence_is_said_and_every_one_that_is_said_exists() -> None:
    said = re.findall(r"call :say (\w+)", "\n".join(lines("cai-dat.cmd")))
    assert sorted(said) == sorted(sentences())


def test_the_sentences_are_read_as_cmd_reads_them() -> None:
    """`for /f "tokens=1,2* delims=.="`: runs of the two signs part the line; the rest stands as it is."""
    loop = next(line for line in lines("cai-dat.cmd") if line.startswith("for /f"))
    assert 'tokens=1,2* delims=.=" %%a in ("schemas\\desk.toml") do if "%%a"=="%~1" echo %%~c' in loop
    text = (PROJECT / SENTENCES).read_bytes()
    assert not text.startswith(b"\xef\xbb\xbf")
    read: dict[str, dict[str, str]] = {}
    for line in text.decode().splitlines():
        found = re.fullmatch(r'([a-z_]+)\.([1-9])="([^"\\]+)"', line)
        assert found or not line or line.startswith("#"), line
        if found:
            read.setdefault(found[1], {})[found[2]] = found[3]
            assert found[3].lower() not in ("on", "off", "/?")  # words to `echo`
    assert read == sentences()
    for of_one in read.values():
        assert list(of_one) == [str(n) for n in range(1, len(of_one) + 1)]


def test_what_the_sentences_send_the_officer_to_exists() -> None:
    text = (PROJECT / SENTENCES).read_text(encoding="utf-8")
    guide = (PROJECT / GUIDE).read_text(encoding="utf-8")
    assert GUIDE in text
    for heading in re.findall(r"mục «([^»]+)»", text):
        assert re.search(rf"^#+ .*{re.escape(heading)}$", guide, re.MULTILINE), heading
    assert set(re.findall(r"[\w-]+\.cmd", text)) == set(FILES)


@pytest.mark.parametrize("document", ["README.md", "README.vi.md", GUIDE])
def test_the_documents_name_both_files(document: str) -> None:
    text = (PROJECT / document).read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in FILES)


# --- the window on the results --------------------------------------------------------------------

OPENER = '#!/bin/sh\nprintf \'%s\' "$1" > "$SHOWN"\n'


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a desktop; what it was asked to show is in the file."""
    if sys.platform == "win32":
        pytest.skip("the desktop of Windows opens a window")
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(OPENER, encoding="utf-8")
    opener.chmod(opener.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(opener.parent))
    monkeypatch.setenv("SHOWN", str(tmp_path / "shown"))
    return tmp_path / "shown"


def test_a_folder_is_shown_where_there_is_a_desktop(
    desktop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kết quả & số liệu"
    assert not show_folder(folder)
    folder.mkdir()
    assert show_folder(folder)
    assert desktop.read_text(encoding="utf-8") == str(folder)
    monkeypatch.setenv("PATH", os.devnull)
    assert not show_folder(folder)


def test_a_run_shows_the_folder_of_its_period(
    demonstration: Demonstration, desktop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = shutil.copytree(demonstration.folder, tmp_path / "bản sao")
    place = ["--workspace", str(root), "--plan", str(root / "ke-hoach-minh-hoa.toml")]
    assert main(["run", "--open", "--period", "2026-11", "--now", "2026-11-26T08:00", *place]) == 0
    *_, send_back, feedback, opened = capsys.readouterr().out.splitlines()
    assert desktop.read_text(encoding="utf-8") == str(root / "outbox" / "2026-11")
    assert opened.startswith("Đã mở thư mục kết quả: ")
    assert send_back == "Lời phản hồi và phiếu cần sửa, để gửi lại các đơn vị:"
    assert Path(feedback.strip()).parts[-2:] == ("2026-11", "phan-hoi")

"""What the command line says about itself and about mistakes in the arguments: all of it Vietnamese."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pipeline.cli import texts
from pipeline.cli.main import main
from pipeline.cli.places import PROJECT
from pipeline.cli.program import commands

NAMES = [
    *("run", "templates", "check", "status", "calendar", "report", "demo", "tick", "schedule", "mail"),
    *("issue", "replay", "assign", "withdraw", "admit", "accept", "extend", "waive", "revoke", "decisions"),
    *("trial", "rebuild", "doctor", "plan"),
]
# What click and Python say by themselves. Names of commands, options and folders are not Vietnamese either.
ENGLISH = re.compile(
    r"\b(usage|options?|commands?|arguments?|positional|show|message|exit|error|try|for help|no such|missing"
    r"|invalid|value|did you mean|got unexpected|requires|does not|default|required|aborted|traceback)\b",
    re.IGNORECASE,
)
HEAVY = {
    *(
        "pandas",
        "numpy",
        "pandera",
        "pydantic",
        "typeguard",
        "openpyxl",
        "xlsxwriter",
        "lxml",
        "python_calamine",
    ),
    *("docx", "docxtpl", "jinja2", "jsonschema", "schedule", "holidays", "keyring", "tomlkit"),
}
HEAVY_OF_PYTHON = {
    *("asyncio", "concurrent", "email", "http", "imaplib", "multiprocessing", "smtplib", "ssl", "unittest"),
}
# Of our own: each is some twenty dataclasses, or loads what is.
OWN_HEAVY = {
    *(
        "pipeline.spec.template",
        "pipeline.spec.consolidated",
        "pipeline.spec.messages",
        "pipeline.spec.wording",
    ),
    *("pipeline.core.identify", "pipeline.core.intake", "pipeline.run.results", "pipeline.run.month"),
}


@pytest.fixture(autouse=True)
def console(monkeypatch: pytest.MonkeyPatch) -> None:
    """Help pages are set for a console of this width, whatever runs the tests."""
    monkeypatch.setenv("COLUMNS", "80")


def english_in(text: str) -> list[str]:
    return ENGLISH.findall(text)


def help_page(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(argv) == 0
    page = capsys.readouterr()
    assert page.err == ""
    return page.out


def test_the_english_words_of_click_would_be_found() -> None:
    page = click.Command("x", params=[click.Option(["--y"])]).get_help(click.Context(click.Command("x")))
    assert {word.lower() for word in english_in(page)} >= {"usage", "options", "show", "message", "exit"}


@pytest.mark.parametrize("argv", [["--help"], ["-h"], *([name, "--help"] for name in NAMES)])
def test_help_pages_are_vietnamese(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    page = help_page(capsys, *argv)
    assert page.startswith("Cách dùng: python run_monthly.py")
    assert english_in(page) == []


def test_the_program_lists_its_commands_in_the_order_of_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    page = help_page(capsys, "--help")
    listed = page.partition("\nLệnh:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == NAMES
    assert all(line.endswith(".") and not line.endswith("..") for line in listed)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("run", {"workspace", "plan", "now", "period", "open"}),
        ("templates", {"workspace", "plan", "now", "period"}),
        ("check", {"workspace", "plan", "now", "json"}),
        ("status", {"workspace", "plan", "now", "period", "json"}),
        ("calendar", {"workspace", "plan", "now", "year", "json"}),
        ("report", {"workspace", "plan", "now", "period", "pdf"}),
        ("demo", set()),
        ("tick", {"workspace", "plan", "now"}),
        ("schedule", {"workspace", "plan", "now", "every"}),
        ("doctor", {"workspace", "plan", "now", "connect", "json"}),
    ],
)
def test_each_command_offers_the_options_it_uses(
    name: str, options: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    page = help_page(capsys, name, "-h")
    assert set(re.findall(r"^  (?:-h, )?--([a-z]+)", page, re.MULTILINE)) == options | {"help", "version"}


def test_help_before_a_command_is_about_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert help_page(capsys, "--help", "status") == help_page(capsys, "--help")
    assert help_page(capsys, "--period", "2026-11", "-h") == help_page(capsys, "--help")


@pytest.mark.parametrize("argv", [["--version"], ["status", "--version"], ["--version", "status"]])
def test_version(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert help_page(capsys, *argv) == f"Tổng hợp báo cáo tháng, phiên bản {texts.VERSION}\n"


def test_the_version_is_the_latest_of_the_changelog() -> None:
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(\d[^]]*)\]", changelog, re.MULTILINE)[0] == texts.VERSION


@pytest.mark.parametrize(
    ("argv", "said", "see"),
    [
        (["statsu"], "Không có lệnh «statsu». Có phải ý là «status»?", ""),
        (
            ["chạy"],
            f"Không có lệnh «chạy». Các lệnh: {', '.join(NAMES)}.",
            "",
        ),
        (["--period", "2026-11", "tổng-hợp"], "Không có lệnh «tổng-hợp».", ""),
        (["--perod", "2026-11"], "Không có tùy chọn «--perod». Có phải ý là «--period»?", ""),
        (["status", "--jsn"], "Không có tùy chọn «--jsn». Có phải ý là «--json»?", "status "),
        (["status", "-x"], "Không có tùy chọn «-x».", "status "),
        (["run", "--json"], "Lệnh «run» không dùng tùy chọn «--json».", "run "),
        (["--json"], "Lệnh «run» không dùng tùy chọn «--json».", "run "),
        (["--period", "2026-11", "demo"], "Lệnh «demo» không dùng tùy chọn «--period».", "demo "),
        (["check"], "Thiếu đối số TỆP.", "check "),
        (["check", "--json"], "Thiếu đối số TỆP.", "check "),
        (["status", "--period"], "Tùy chọn «--period» phải có giá trị theo sau.", "status "),
        (["--workspace"], "Tùy chọn «--workspace» phải có giá trị theo sau.", ""),
        (["status", "--json=1"], "Tùy chọn «--json» không nhận giá trị.", "status "),
        (["--help=1"], "Tùy chọn «--help» không nhận giá trị.", ""),
        (["run", "2026-11"], "Thừa đối số: «2026-11».", "run "),
        (["demo", "a", "b"], "Thừa đối số: «b».", "demo "),
        (["--period", "2026-13"], "--period: «2026-13» không phải là kỳ báo cáo;", "run "),
        (["--period", "11/2026"], "--period: «11/2026» không phải là kỳ báo cáo;", "run "),
        (["status", "--period", "2000-01"], "--period: «2000-01» không phải là kỳ báo cáo;", "status "),
        (["--now", "hôm nay"], "--now: «hôm nay» không phải là thời điểm;", "run "),
        (["--now", "2026-11-31T08:00"], "--now: «2026-11-31T08:00» không phải là thời điểm;", "run "),
        (["--now", "0001-01-01"], "--now: «0001-01-01» không phải là thời điểm;", "run "),
        (["--workspace", "khong/co"], "--workspace: Không có thư mục «khong/co».", "run "),
        (["--workspace", __file__], f"--workspace: «{__file__}» là tệp, không phải thư mục.", "run "),
        (["--plan", "khong-co.toml"], "--plan: Không tìm thấy tệp «khong-co.toml».", "run "),
        (["check", "khong-co.xlsx"], "Không tìm thấy tệp «khong-co.xlsx».", "check "),
        (["check", "khong-co-*.xlsx"], "Không tìm thấy tệp «khong-co-*.xlsx».", "check "),
        (
            ["--plan", str(PROJECT)],
            f"--plan: «{PROJECT}» là thư mục; hãy ghi tên tệp kế hoạch trong đó, "
            f"ví dụ {PROJECT / 'plan-2026.toml'}.",
            "run ",
        ),
        (["demo", __file__], f"«{__file__}» là tệp, không phải thư mục.", "demo "),
        (["calendar", "--year", "26"], "--year: «26» không phải là năm;", "calendar "),
        (["calendar", "--year", "năm nay"], "--year: «năm nay» không phải là năm;", "calendar "),
        (["schedule", "--every", "0"], "--every: «0» không phải là số giây;", "schedule "),
        (["schedule", "--every", "một"], "--every: «một» không phải là số giây;", "schedule "),
    ],
)
def test_a_mistake_in_the_arguments(
    argv: list[str], said: str, see: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"Lỗi: {said}")
    assert told.err.endswith(f"(Xem python run_monthly.py {see}--help)\n")
    assert told.err.count("\n") == 1
    assert english_in(told.err.replace(f"{see}--help", "")) == []


def test_every_command_and_option_of_the_program_is_in_the_readme() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    context = click.Context(commands)
    for name in commands.list_commands(context):
        assert f"`{name}" in readme
        for option in (o for p in commands.commands[name].params for o in p.opts if o.startswith("-")):
            assert f"`{option}" in readme


@pytest.mark.parametrize(
    ("command", "status"),
    [("--help", 0), ("check -h", 0), ("--version", 0), ("statsu", 2), ("check khong-co", 2), ("status", 0)],
)
def test_what_must_answer_at_once_imports_nothing_heavy(command: str, status: int, tmp_path: Path) -> None:
    program = (
        "import sys; from pipeline.cli.main import main; status = main(sys.argv[1:]);"
        "print('imported', *sys.modules, file=sys.stderr); sys.exit(status)"
    )
    argv = command.split() + (["--workspace", str(tmp_path)] if command == "status" else [])
    done = subprocess.run(
        [sys.executable, "-c", program, *argv],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    imported = set(done.stderr.rpartition("imported ")[2].split())
    assert done.returncode == status
    assert "click" in imported
    assert imported & (HEAVY | HEAVY_OF_PYTHON | OWN_HEAVY) == set()

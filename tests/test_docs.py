"""The documents say what the program does: every command, option and finding code, and no other."""

import re
import struct
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest

from pipeline.base.errors import OperatorError, WorldError
from pipeline.cli import texts
from pipeline.cli.program import commands
from pipeline.cli.vietnamese import Commands
from pipeline.spec.doctor import load_doctor
from pipeline.spec.plan import Basis, TargetKind
from pipeline.spec.plan_file import load_plan
from tests.documents import (
    DOCUMENTS,
    GUIDE,
    OWN_PLAN,
    READMES,
    ROOT,
    UNITS_PAGE,
    anchors,
    chapter,
    code_blocks,
    headings,
    links,
    looks,
    read,
    rows,
)
from tests.forms import MESSAGES, PLAN
from tests.pictures import NAMES

LINES = (
    "python3 -m venv .venv && .venv/bin/python -m pip install -q -r requirements.txt"
    " && .venv/bin/python run_monthly.py demo",
    "python3 -m venv .venv && .venv/bin/python -m pip install -q -r requirements-dev.txt"
    " && .venv/bin/python tests/check.py",
    r"py -3 -m venv .venv; .venv\Scripts\python -m pip install -q -r requirements.txt;"
    r" .venv\Scripts\python run_monthly.py demo",
    r"py -3 -m venv .venv; .venv\Scripts\python -m pip install -q -r requirements-dev.txt;"
    r" .venv\Scripts\python tests/check.py",
)


def named(group: Commands, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its words, `mail send`."""
    for name, command in group.every_command().items():
        if isinstance(command, Commands):
            yield from named(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


COMMANDS = dict(named(commands))
COUNTS = {
    "README.md": "{} indicators in five groups, {} tasks, {} units, {} of which owe a form",
    "README.vi.md": "{} chỉ tiêu trong năm nhóm, {} nhiệm vụ, {} đơn vị, trong đó {} đơn vị phải nộp phiếu",
}
MOST_BYTES = 250_000


def option_names(command: click.Command) -> set[str]:
    return {name for p in command.params if isinstance(p, click.Option) for name in p.opts}


# --- the command line -----------------------------------------------------------------------------


@pytest.mark.parametrize("document", READMES)
def test_every_command_and_no_other_has_a_row(document: str) -> None:
    begun = [re.match(r"`([a-z]+(?: [a-z]+)?)( [^`]+)?`", row[0]) for row in rows(read(document))]
    assert [found[1] for found in begun if found] == list(COMMANDS)


@pytest.mark.parametrize("document", READMES)
def test_every_option_and_no_other_has_a_row_with_its_commands(document: str) -> None:
    documented = {
        name: row[1] for row in rows(read(document)) for name in re.findall(r"`(--?[a-z-]+)", row[0])
    }
    every = set().union(*map(option_names, (commands, *COMMANDS.values())))
    assert documented.keys() == every
    for name, where in documented.items():
        owners = {command for command in COMMANDS if name in option_names(COMMANDS[command])}
        named = set(re.findall(r"`([\w ]+)`", where))
        if not where.startswith("`"):  # "all" or "all but …"
            named = set(COMMANDS) - named
        assert named == owners, name


@pytest.mark.parametrize("document", READMES)
def test_every_exit_code_has_a_row(document: str) -> None:
    documented = [row[0] for row in rows(read(document)) if row[0].isdigit()]
    assert documented == ["0", "1", str(OperatorError.exit_status), str(WorldError.exit_status)]
    assert texts.CRASH_FILE in read(document)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documented_calls_exist(document: str) -> None:
    for call in re.findall(r"run_monthly\.py((?: [-\w./*]+)*)", read(document)):
        words = call.split()
        name = next((n for n in (" ".join(words[:2]), *words[:1]) if n in COMMANDS), "run")
        command = COMMANDS[name]
        assert not words or name != "run" or words[0] == "run" or words[0].startswith("-"), call
        assert {word for word in words if word.startswith("-")} <= option_names(command), call


# --- the first screen -----------------------------------------------------------------------------


@pytest.mark.parametrize("document", READMES)
@pytest.mark.parametrize("line", LINES)
def test_each_line_stands_alone_and_once(document: str, line: str) -> None:
    assert code_blocks(read(document)).count(f"{line}\n") == 1
    assert read(document).count(line) == 1


def test_the_readmes_are_twins() -> None:
    english, vietnamese = map(read, READMES)
    assert [level for level, _ in headings(english)] == [level for level, _ in headings(vietnamese)]
    assert code_blocks(english) == code_blocks(vietnamese)
    assert [len(row) for row in rows(english)] == [len(row) for row in rows(vietnamese)]
    swapped = ["README.md" if link == "README.vi.md" else link for link in links(english)]
    assert swapped == links(vietnamese)


@pytest.mark.parametrize("document", READMES)
def test_the_plan_is_counted_right(document: str) -> None:
    counts = map(len, (PLAN.indicators, PLAN.tasks, PLAN.units, PLAN.expected_units))
    assert len(PLAN.groups) == 5
    assert COUNTS[document].format(*counts) in " ".join(read(document).split())


@pytest.mark.parametrize("picture", ["tong-quan.png", "chi-tieu.png"])
def test_pictures_are_wide_enough_to_read_and_small_enough_to_load(picture: str) -> None:
    data = (ROOT / "docs" / "pictures" / picture).read_bytes()
    width, _ = struct.unpack(">II", data[16:24])
    assert data.startswith(b"\x89PNG")
    assert 1200 <= width <= 1600
    assert len(data) < MOST_BYTES


def test_the_picture_of_the_page_is_that_of_a_phone() -> None:
    data = (ROOT / "docs" / "pictures" / "trang.png").read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert data.startswith(b"\x89PNG")
    assert 700 <= width <= 800 < height
    assert len(data) < MOST_BYTES


def test_every_picture_is_made_by_the_script_is_shown_and_is_small() -> None:
    found = {path.stem: path for path in (ROOT / "docs" / "pictures").iterdir()}
    pages = [read(document) for document in DOCUMENTS]
    named = [link for text in pages for link in (*links(text), *re.findall(r'src="([^"]+)"', text))]
    shown = {Path(link).stem for link in named if link[-4:] == ".png"}
    assert found.keys() == shown == NAMES
    assert all(path.stat().st_size < MOST_BYTES for path in found.values())


@pytest.mark.parametrize("document", READMES)
def test_every_sheet_of_the_workbook_has_a_row(document: str) -> None:
    spec = looks()
    named = [row[0].strip("`") for row in rows(read(document))]
    names = [spec.overview.name, *spec.page_names.values()]
    assert [name for name in named if name in names] == names


@pytest.mark.parametrize("document", READMES)
def test_every_dependency_has_a_row_with_its_reason(document: str) -> None:
    wanted = [line.split()[0] for line in read("requirements.in").splitlines() if line[:1].isalpha()]
    reasons = {row[0]: row[1] for row in rows(read(document)) if row[0] in wanted}
    assert sorted(reasons) == sorted(wanted)
    assert all(reasons.values())


# --- the guides -----------------------------------------------------------------------------------


def test_every_finding_code_is_explained_to_the_officer() -> None:
    severities = looks().statuses["severity"]
    documented = [row for row in rows(read(GUIDE)) if re.fullmatch(r"[A-Z]\d\d", row[0])]
    assert documented == [
        [code, severities[message.severity].label, message.title, message.mend.replace("{decision}", "…")]
        for code, message in MESSAGES.messages.items()
    ]


@pytest.mark.parametrize("vocabulary", ["outcome", "severity"])
def test_every_outcome_and_severity_is_explained_to_the_officer(vocabulary: str) -> None:
    labels = [status.label for status in looks().statuses[vocabulary].values()]
    assert [row[0] for row in rows(read(GUIDE)) if row[0] in labels] == labels


def test_every_level_of_the_doctor_is_explained_to_the_officer() -> None:
    levels = list(load_doctor("doctor.toml", read("schemas/doctor.toml")).levels.values())
    assert [row[0] for row in rows(read(GUIDE)) if row[0] in levels] == levels


@pytest.mark.parametrize("document", [GUIDE, UNITS_PAGE])
def test_the_guides_name_the_days_of_the_plan(document: str) -> None:
    text, days = read(document), PLAN.calendar
    assert f"trước ngày {days.submit_before_day}" in text
    assert f"ngày {days.submit_before_day - 1}" in text
    assert f"từ ngày {days.closing_first_day} tháng trước đến hết ngày {days.closing_last_day}" in text


def test_the_pieces_of_the_page_about_an_own_plan_make_a_plan() -> None:
    """One after another, as the page says; each kind of figure and target once."""
    plan = load_plan(OWN_PLAN, "\n".join(re.findall(r"^```toml\n(.*?)^```$", read(OWN_PLAN), re.M | re.S)))
    assert len(plan.indicators) == plan.declared_indicators == 5
    assert {i.target.kind for i in plan.indicators} == set(get_args(TargetKind))
    assert {i.basis for i in plan.indicators} == set(get_args(Basis))
    assert {i.entry for i in plan.indicators} == {"ratio", "yes_no", "count", "share"}
    assert f"chốt số liệu hết tháng, gửi phiếu trước ngày {plan.calendar.submit_before_day}" in read(OWN_PLAN)


# --- the house ------------------------------------------------------------------------------------


def test_the_layers_are_those_that_are_enforced() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    text = read("ARCHITECTURE.md")
    assert " <- ".join(reversed(layers)) in text
    named = [row[0].strip("`") for row in rows(chapter(text, "Layers", "##"))]
    flat = [layer for line in reversed(layers) for layer in line.split(" | ")]
    assert [name for name in named if name in flat] == flat


def test_every_module_of_the_core_is_placed() -> None:
    stages = chapter(read("ARCHITECTURE.md"), "Layers", "##").partition("Inside `core`")[2]
    named = [name for row in rows(stages) for name in re.findall(r"`(\w+)`", row[0])]
    placed = [
        path for path in (ROOT / "pipeline/core").glob("[!_]*") if path.is_dir() or path.suffix == ".py"
    ]
    assert sorted(named) == sorted(path.stem for path in placed)


def test_the_changelog_has_this_version_first() -> None:
    versions = re.findall(r"^## \[(\S+)\] — \d{4}-\d\d-\d\d$", read("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == texts.VERSION


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_resolve(document: str) -> None:
    for link in links(read(document)):
        file, _, anchor = link.partition("#")
        if not link.startswith("https://"):
            assert ((ROOT / document).parent / file).exists(), link
            assert not anchor or anchor in anchors(read(document)), link


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_are_named_exist(document: str) -> None:
    text = read(document)
    in_blocks = re.findall(r"[\w./-]+\.(?:py|in|txt|md)\b", "\n".join(code_blocks(text)))
    in_lines = re.findall(r"`((?:pipeline|schemas|tests|docs)/[\w./-]*)`", text)
    modules = re.findall(r"`((?:base|spec|core|edges|run|cli)/\w+)`", text)
    for name in (*in_blocks, *in_lines, *(f"pipeline/{module}.py" for module in modules)):
        assert (ROOT / name).exists(), name


def test_every_document_is_looked_at() -> None:
    hidden_or_made = re.compile(r"(^|/)(\.|demo/)|^(inbox|outbox|archive)/(?!README\.md$)")
    found = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.md")}
    assert {name for name in found if not hidden_or_made.search(name)} == set(DOCUMENTS)

"""What became of each step is kept on the disk, whole or not at all; the diary has a line for each event."""

import errno
import json
from pathlib import Path

import pytest

from pipeline.base.errors import OperatorError, WorldError
from pipeline.base.step_record import StepRecord
from pipeline.edges.store.log import add_line
from pipeline.edges.store.steps import Steps
from tests.calendars import at
from tests.faults import refusing

KEY = "2026-11/tong-hop"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive" / "steps.json"


def test_nothing_is_known_at_first_and_no_file_is_made(path: Path) -> None:
    assert Steps(path).records() == {}
    assert not path.parent.exists()


def test_a_step_from_its_beginning_to_its_end(path: Path) -> None:
    steps = Steps(path)
    steps.begin(KEY, at(2026, 11, 20, 7))
    begun = StepRecord(KEY, "begun", "2026-11-20T07:00:00+07:00", "2026-11-20T07:00:00+07:00", 1)
    assert Steps(path).records() == {KEY: begun}
    steps.finish(KEY, "failed", at(2026, 11, 20, 7, 1), "Ổ đĩa đã đầy.")
    steps.begin(KEY, at(2026, 11, 20, 7, 6))
    again = steps.records()[KEY]
    assert (again.outcome, again.attempts, again.message) == ("begun", 2, "")
    assert (again.first_at, again.at) == ("2026-11-20T07:00:00+07:00", "2026-11-20T07:06:00+07:00")
    steps.finish(KEY, "done", at(2026, 11, 20, 7, 7))
    assert Steps(path).records()[KEY].outcome == "done"


def test_a_step_that_was_never_begun_may_be_skipped(path: Path) -> None:
    Steps(path).finish(KEY, "skipped", at(2026, 11, 25))
    kept = Steps(path).records()[KEY]
    assert (kept.outcome, kept.attempts, kept.first_at) == ("skipped", 0, "2026-11-25T00:00:00+07:00")


def test_the_others_stay_as_they_are(path: Path) -> None:
    steps = Steps(path)
    steps.finish("inbox", "done", at(2026, 11, 19))
    steps.begin(KEY, at(2026, 11, 20))
    steps.finish("2026-11/nhac-sau-1", "done", at(2026, 11, 20))
    assert {key: r.outcome for key, r in steps.records().items()} == {
        "inbox": "done",
        KEY: "begun",
        "2026-11/nhac-sau-1": "done",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "\ufeff[1]",
        "[" * 100_000,
        '{"x": 1}',
        '{"x": {"outcome": "done"}}',
        json.dumps(
            {"x": {"outcome": "xong", "first_at": "2026-11-20T07:00:00+07:00", "at": "", "attempts": 1}}
        ),
        json.dumps({"x": {"outcome": "done", "first_at": "2026-11-20", "at": "2026-11-20", "attempts": 1}}),
    ],
)
def test_a_damaged_record_is_never_taken_for_an_empty_one(text: str, path: Path) -> None:
    """Or everything would be done a second time."""
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    steps = Steps(path)
    for ask in (steps.records, lambda: steps.begin(KEY, at(2026, 11, 20))):
        with pytest.raises(OperatorError, match="đã hỏng"):
            ask()
    assert path.read_text(encoding="utf-8") == text


def test_what_cannot_be_kept_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(path)
    steps.begin(KEY, at(2026, 11, 20))
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refusing(errno.ENOSPC))
        with pytest.raises(WorldError, match="đĩa đã đầy"):
            steps.finish(KEY, "done", at(2026, 11, 20))
    assert path.read_bytes() == before


def test_the_diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    diary = tmp_path / "outbox" / "nhat-ky.txt"
    add_line(diary, at(2026, 11, 20, 7, 5), "Xong: Tổng hợp")
    add_line(diary, at(2026, 11, 20, 8), "Chưa xong: a\n  - b")
    assert diary.read_text(encoding="utf-8").splitlines() == [
        "20/11/2026 07:05  Xong: Tổng hợp",
        "20/11/2026 08:00  Chưa xong: a - b",
    ]
    monkeypatch.setattr(Path, "open", refusing(errno.EACCES))
    with pytest.raises(WorldError, match="Không ghi được"):
        add_line(diary, at(2026, 11, 20, 9), "x")

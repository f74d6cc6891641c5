"""The same files, plan and moment give the same bytes, in whatever order the files come."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.run.month import run_month
from pipeline.run.workspace import Workspace
from tests.forms import sent_form

NOW = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
FILES = {
    "2026-11-18/ca 1.xlsx": sent_form("CA", V_20__numerator=41.0),
    "2026-11-18/ca 2.xlsx": sent_form("CA", V_20__numerator=42.0),  # the same day: the greater sha256 counts
    "2026-11-18/vhxh.xlsx": sent_form("VHXH"),
    "2026-11-17/tyt.xlsx": sent_form("TYT"),
    "2026-11-20/th.xlsx": sent_form("TH"),
    "2026-11-20/la.xlsx": b"no workbook at all",
}


def outputs(root: Path, batches: Iterable[Mapping[str, bytes]]) -> dict[str, bytes]:
    """What lies in the outbox once each batch has been dropped and run."""
    for files in batches:
        for name, data in files.items():
            path = root / "inbox" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        run_month(Workspace(root, None, NOW), None, lambda _: None)
    made = (path for path in (root / "outbox").rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in made}


def test_the_order_in_which_files_are_dropped_does_not_show(tmp_path: Path) -> None:
    backwards = dict(reversed(FILES.items()))
    assert outputs(tmp_path / "a", [FILES]) == outputs(tmp_path / "b", [backwards])


def test_files_that_come_one_by_one_give_the_same_as_all_at_once(tmp_path: Path) -> None:
    """Save for two of one unit from the same day: of those one is told only where both are at hand."""
    files = {name: data for name, data in FILES.items() if name != "2026-11-18/ca 2.xlsx"}
    at_once = outputs(tmp_path / "a", [files])
    one_by_one = outputs(tmp_path / "b", [{name: data} for name, data in reversed(files.items())])
    assert at_once == one_by_one
    assert {"outbox/2026-11/tong-hop-2026-11.xlsx", "outbox/2026-11/du-lieu/manifest.json"} <= set(at_once)


def test_another_moment_is_told(tmp_path: Path) -> None:
    """So that the test above compares something: the moment stands in the workbook and in the manifest."""
    first = outputs(tmp_path, [FILES])
    run_month(Workspace(tmp_path, None, NOW.replace(hour=9)), None, lambda _: None)
    for name in ("tong-hop-2026-11.xlsx", "tong-hop-2026-11.html", "du-lieu/manifest.json"):
        path = f"outbox/2026-11/{name}"
        assert (tmp_path / path).read_bytes() != first[path]

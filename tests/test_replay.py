"""A month is shown again as it stood: the same cells, under a heading that says it is a replay."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.errors import OperatorError
from pipeline.run.deciding import Order, decide
from pipeline.run.replaying import replay
from pipeline.run.workspace import Workspace
from tests.consolidated_reading import load_book, openings
from tests.forms import sent_form
from tests.test_issue import AFTER, ISSUED, NOVEMBER, issued, manifest, quiet
from tests.test_take import ZONE, drop, run


def all_cells(book: bytes) -> dict[tuple[str, str], object]:
    """What stands in every cell of a workbook, formulas as such."""
    sheets = load_book(book, formulas=True)
    return {(s.title, c.coordinate): c.value for s in sheets for row in s.iter_rows() for c in row if c.value}


def heading_of_replay(replayed: bytes, then: bytes) -> list[str]:
    """Where a replay differs from the workbook of then: its texts, which must all stand in the heading."""
    now, before = all_cells(replayed), all_cells(then)
    assert now.keys() == before.keys()
    differing = [place for place, value in now.items() if value != before[place]]
    assert {sheet for sheet, _ in differing} == {"Tổng quan"}
    return [
        str(now[place]) for place in sorted(differing, key=lambda place: int(place[1].strip("ABCDEFGHIJKL")))
    ]


def test_a_period_is_replayed_as_it_stood_and_headed_as_a_replay(tmp_path: Path) -> None:
    moments = [datetime(2026, 11, day, 9, 0, tzinfo=ZONE) for day in (18, 19, 21)]
    files: list[dict[str, Any]] = [
        {"ca__xlsx": sent_form("CA", V_30__evidence="")},
        {"ca__xlsx": sent_form("CA", V_30__numerator=45.0), "th__xlsx": sent_form("TH")},
        {"hong__xlsx": b"not a workbook"},
    ]
    written = []
    for moment, dropped in zip(moments, files, strict=True):
        drop(tmp_path, **dropped)
        written.append(run(tmp_path, moment).workbooks[0].read_bytes())
    order = Order(kind="withdraw", reason="Gửi nhầm", file="th.xlsx")
    decide(Workspace(tmp_path, None, ISSUED), order, quiet)
    issued(tmp_path)
    assert len(set(written)) == 3
    for moment, book in zip(moments, written, strict=True):
        path = replay(Workspace(tmp_path, None, AFTER), NOVEMBER, moment)
        assert path.name == f"tong-hop-2026-11-luc-{moment:%Y%m%d-%H%M%S}.xlsx"
        assert heading_of_replay(path.read_bytes(), book) == [
            "Tái lập: bản tạm",
            "Số liệu từ 15/10/2026 đến 14/11/2026. "
            f"Tái lập từ sổ theo dõi, như lúc 09:00 ngày {moment:%d/%m/%Y}.",
        ]
        opened = list(openings(load_book(book, formulas=True)))
        assert opened
        assert all((path.parent / link.file).is_file() for link in opened)
    assert manifest(tmp_path)["edition"] == {"number": 1, "is_draft": False}  # of the issue, not of a replay
    last = replay(Workspace(tmp_path, None, AFTER), NOVEMBER, ISSUED)
    sealed = (tmp_path / "outbox/2026-11/tong-hop-2026-11-r1.xlsx").read_bytes()
    assert heading_of_replay(last.read_bytes(), sealed)[0] == "Tái lập: bản phát hành số 1"


def test_a_moment_that_has_not_come_is_not_replayed(tmp_path: Path) -> None:
    """A workbook headed «như lúc 09:00 ngày 20/11/2026» a day before would promise what nobody knows."""
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path, datetime(2026, 11, 19, 9, 0, tzinfo=ZONE))
    workspace = Workspace(tmp_path, None, datetime(2026, 11, 19, 10, 0, tzinfo=ZONE))
    with pytest.raises(OperatorError, match="09:00 ngày 20/11/2026 chưa đến"):
        replay(workspace, NOVEMBER, datetime(2026, 11, 20, 9, 0, tzinfo=ZONE))
    assert not list(workspace.outbox(NOVEMBER).glob("*-luc-*"))

"""The command `calendar`: the whole year in one table, with every odd day explained."""

import json
from pathlib import Path

import pytest

from pipeline.cli.main import main
from tests.calendars import DayOff
from tests.forms import SCHEMAS

PLAN_TEXT = (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8")


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> list[str]:
    assert main(["calendar", *argv]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out.splitlines()


def plan_with(tmp_path: Path, day_off: DayOff, year: int = 2026) -> str:
    """A plan file with another rule for days off, for another year without overrides."""
    text = PLAN_TEXT.replace('day_off           = "none"', f'day_off           = "{day_off}"')
    if year != 2026:
        overrides, steps = text.index("[[calendar.overrides]]"), text.index("[[calendar.steps]]")
        text = text[:overrides] + text[steps:]
        text = text.replace("2026", str(year))
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def about(lines: list[str], period: str) -> str:
    """What is said about the odd days of a period, in one line."""
    start = next(n for n, line in enumerate(lines) if line.startswith("* "))
    body = lines[start + 1 : lines.index("", start)]
    said, wanted = [], False
    for line in body:
        wanted = line.startswith(f"  {period}") if not line.startswith("   ") else wanted
        said += [line.split(period)[-1].strip()] if wanted else []
    return " ".join(said)


def test_the_year_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "--year", "2026")
    assert lines[:7] == [
        "Lịch năm 2026 (phuoc-an-2026). Hạn rơi vào ngày nghỉ: không dời.",
        "",
        "Kỳ       Mẫu phiếu  Chốt số liệu  Nộp chậm nhất  Nhắc nộp                 Tổng hợp     "
        "Báo cáo chậm nhất",
        "─" * 104,
        "01/2026  01/01      T4 14/01      T2 19/01       14/01 16/01 20/01 21/01  20/01 23/01  T7 24/01*",
        "02/2026  01/02      T7 14/02*     T5 19/02*      11/02 13/02 23/02 24/02  20/02 24/02  T3 24/02",
        "03/2026  01/03      T7 14/03*     T5 19/03       16/03 18/03 20/03 23/03  20/03 24/03  T3 24/03",
    ]
    assert [line[:7] for line in lines[4:16]] == [f"{month:02d}/2026" for month in range(1, 13)]


def test_every_odd_day_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "--now", "2026-05-01")
    assert "* Rơi vào ngày nghỉ; kế hoạch không dời hạn:" in lines
    assert about(lines, "04/2026") == (
        "Hạn nộp: Chủ nhật 19/04, cuối tuần. Đơn vị nên gửi chậm nhất thứ Sáu 17/04."
    )
    assert about(lines, "01/2026") == (
        "Hạn báo cáo: thứ Bảy 24/01, cuối tuần. Nên báo cáo chậm nhất thứ Sáu 23/01."
    )
    assert about(lines, "02/2026") == (
        "Chốt số liệu: thứ Bảy 14/02, cuối tuần. Số liệu vẫn tính đến hết ngày ấy. "
        "Hạn nộp: thứ Năm 19/02, Mùng ba Tết Nguyên Đán. Từ ngày chốt đến hạn không có ngày làm việc nào: "
        "nên nhắc sớm, hoặc gia hạn đến thứ Hai 23/02."
    )
    assert about(lines, "08/2026") == ""
    starred = {line[:7] for line in lines[4:16] if "*" in line}
    assert starred == {line[2:9] for line in lines[18:] if line[2:9] in starred}


def test_where_moving_makes_no_sense_it_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = printed(capsys, "--plan", plan_with(tmp_path, "previous"))
    assert lines[0].endswith("dời về ngày làm việc trước đó.")
    assert lines[5].split("  ")[6].strip() == "T5 19/02*"
    assert "Dời đến thứ Sáu 13/02 thì hạn không còn nằm giữa ngày chốt số liệu" in about(lines, "02/2026")
    assert about(lines, "04/2026") == "Hạn nộp: Chủ nhật 19/04, cuối tuần. Hạn dời đến thứ Sáu 17/04."
    assert "T6 17/04*" in lines[7]


def test_moving_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = printed(capsys, "--plan", plan_with(tmp_path, "next"))
    assert "Hạn dời đến thứ Hai 23/02." in about(lines, "02/2026")


def test_the_days_off_it_stands_on(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys)
    days = lines[lines.index("Ngày nghỉ lễ, ngày làm bù:") + 1 :]
    assert "  T6 02/01  nghỉ      Nghỉ Tết Dương lịch, làm bù thứ Bảy 10/01 (kế hoạch ghi)" in days
    assert "  T5 19/02  nghỉ      Mùng ba Tết Nguyên Đán" in days
    assert "  T7 22/08  làm việc  Làm bù theo lịch hoán đổi ngày làm việc" in days
    (cultural,) = [line for line in days if "24/11" in line]
    assert cultural.startswith("  T3 24/11  làm việc  ")


def test_a_step_without_anybody_to_do_it_is_marked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any("chưa làm được" in line for line in printed(capsys))
    monkeypatch.setattr("pipeline.run.acts.ACTS", {"run": None})
    lines = printed(capsys)
    assert "   7 giờ  Tổng hợp sau hạn nộp" in lines
    assert "   8 giờ  Nhắc đơn vị chưa nộp (bản này chưa làm được)" in lines


def test_a_year_whose_holidays_are_unknown_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = printed(capsys, "--plan", plan_with(tmp_path, "none", 2150))
    assert lines[0].startswith("Lịch năm 2150")
    assert lines[-2].startswith("  Không biết ngày nghỉ lễ năm 2150:")
    assert "Ngày nghỉ lễ, ngày làm bù:" not in lines


def test_a_leap_year(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = printed(capsys, "--plan", plan_with(tmp_path, "none", 2028))
    assert "Hạn báo cáo: thứ Hai 24/01, 29 Tết. Nên báo cáo chậm nhất thứ Sáu 21/01." in "\n".join(lines)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    year = json.loads("\n".join(printed(capsys, "--json")))
    assert list(year) == ["year", "plan", "day_off", "holidays_known", "periods", "special_days"]
    assert (year["year"], year["plan"], year["day_off"], year["holidays_known"]) == (
        2026,
        "phuoc-an-2026",
        "none",
        True,
    )
    february = year["periods"][1]
    assert {key: february[key] for key in ("period", "first", "closing", "deadline", "report")} == {
        "period": "2026-02",
        "first": "2026-01-15",
        "closing": "2026-02-14",
        "deadline": "2026-02-19",
        "report": "2026-02-24",
    }
    assert february["steps"][0] == {
        "name": "phat-mau",
        "action": "templates",
        "due": "2026-02-01T07:00:00+07:00",
        "ends": "2026-02-25T00:00:00+07:00",
    }
    assert february["odd_days"][1] == {
        "what": "deadline",
        "day": "2026-02-19",
        "reason": "Mùng ba Tết Nguyên Đán",
        "handling": "kept",
        "to": "2026-02-19",
        "advised": None,
        "after": "2026-02-23",
    }
    assert {"day": "2026-01-10", "kind": "working", "reason": "Làm bù cho ngày nghỉ 02/01"} in (
        year["special_days"]
    )


def test_a_year_without_a_plan(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["calendar", "--year", "2031"]) == 2
    assert "Chưa có kế hoạch năm 2031" in capsys.readouterr().err
    assert main(["calendar", "--year", "2031", "--plan", plan_with(tmp_path, "none")]) == 2
    assert "là kế hoạch năm 2026, không phải năm 2031" in capsys.readouterr().err


def test_it_needs_no_workspace_and_writes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    printed(capsys, "--workspace", str(tmp_path))
    assert list(tmp_path.iterdir()) == []

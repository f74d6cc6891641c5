"""The demonstration's scores a second time, by plain SQL over its ledger and its plan file.

Nothing here comes from the program: only what it leaves on the disk. The program is run as a user runs it.
"""

import sqlite3
import subprocess
import sys
import tomllib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

# Where the ledger keeps what counts now. Nothing else here names a table of it.
LEDGER = {name: f"current_{name}" for name in ("submission", "fact", "finding")}

ROOT = Path(__file__).parent.parent
SQL = (Path(__file__).parent / "score_again.sql").read_text(encoding="utf-8")
LOOKS = tomllib.loads((ROOT / "schemas" / "consolidated.toml").read_text(encoding="utf-8"))
MONTHS = ("2026-08", "2026-09", "2026-10", "2026-11")
HEADER = 5  # the row of the column headings in every table

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Demonstration:
    """What the program has left: its workbooks, and what SQL makes of its ledger and plan."""

    folder: Path
    again: sqlite3.Connection
    books: dict[str, Any]

    def asked(self, sql: str, period: str) -> Rows:
        found = self.again.execute(sql, {"period": period})
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def sheet(self, period: str, name: str) -> list[list[Any]]:
        """The values of a sheet, as they stand in the file."""
        if period not in self.books:
            path = self.folder / "outbox" / period / f"tong-hop-{period}.xlsx"
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message=".*extension is not supported")
                self.books[period] = openpyxl.load_workbook(path, data_only=True)
        return [[cell.value for cell in row] for row in self.books[period][name].iter_rows()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    folder = tmp_path_factory.mktemp("demo") / "minh-hoa"
    command = [sys.executable, str(ROOT / "run_monthly.py"), "demo", str(folder)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    again = sqlite3.connect(":memory:")
    again.create_function("floor", 1, lambda x: None if x is None else float(x // 1), deterministic=True)
    again.execute("ATTACH ? AS ledger", (str(folder / "archive" / "ledger.sqlite"),))
    for name, table in LEDGER.items():
        again.execute(f"CREATE TEMP VIEW kept_{name} AS SELECT * FROM ledger.{table}")
    (file,) = folder.glob("*.toml")
    put_plan(again, tomllib.loads(file.read_text(encoding="utf-8")))
    again.executescript(SQL)
    yield Demonstration(folder, again, {})
    again.close()


def put_plan(again: sqlite3.Connection, plan: dict[str, Any]) -> None:
    units = {unit["id"]: unit for unit in plan["units"]}
    expected = {key: unit.get("expected", True) for key, unit in units.items()}
    table(again, "plan_unit", [{"id": key, "expected": expected[key]} for key in units])
    table(again, "plan_indicator", [indicator(i, plan, expected) for i in plan["indicators"]])
    table(again, "plan_reporter", [row for i in plan["indicators"] for row in reporters(i, units)])
    table(again, "plan_grade", plan["scoring"]["grades"])
    said = plan.get("confirmations", [])
    confirmed = [(c["unit"], c["indicator"], p) for c in said for p in c.get("periods") or [""]]
    keys = ("unit", "code", "period")
    table(again, "plan_confirmation", [dict(zip(keys, row, strict=True)) for row in confirmed])
    table(again, "plan_scoring", [scoring(plan)])
    days = plan["calendar"]
    table(
        again,
        "month",
        [
            {
                "period": period,
                "closing": f"{period}-{days['closing_last_day']:02d}",
                "submit_before": f"{period}-{days['submit_before_day']:02d}T00:00:00+07:00",
            }
            for period in MONTHS
        ],
    )


def table(again: sqlite3.Connection, name: str, rows: Rows) -> None:
    columns = list(rows[0])
    again.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
    marks = ", ".join(f":{column}" for column in columns)
    again.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)


def indicator(one: dict[str, Any], plan: dict[str, Any], expected: dict[str, bool]) -> dict[str, Any]:
    target = one["target"]
    assert target["kind"] in ("at_least", "range", "yes_no"), "the SQL knows no other kind"
    assert "milestones" not in one, "the SQL knows no milestones"
    return {
        "code": one["code"],
        "grp": one["group"],
        "entry": one["entry"],
        "basis": one["basis"],
        "combine": one.get("combine", "single"),
        "kind": target["kind"],
        "aim": target.get("value", target.get("lower", 1)),
        "due_months": " ".join(f"{month:02d}" for month in one.get("due_months", [])),
        "weight": one.get("weight", 1.0),
        "baseline": one.get("baseline"),
        "expected": expected[one["lead"]],
        "year_begins": f"{plan['year'] - 1}-12-31",
        "year_ends": f"{plan['year']}-12-31",
    }


def reporters(one: dict[str, Any], units: dict[str, Any]) -> Rows:
    """Who types a figure; `own` tells it from one that is entered for somebody else."""
    named = [one["lead"], *one.get("contributors", [])]
    return [
        {
            "code": one["code"],
            "unit": units[unit].get("entered_by", unit),
            "place": place,
            "counts": place == 0 or one.get("combine") == "disjoint_sum",
            "own": "entered_by" not in units[unit],
        }
        for place, unit in enumerate(named)
    ]


def scoring(plan: dict[str, Any]) -> dict[str, Any]:
    rules = plan["scoring"]
    part, _, of = rules["enough_reported"].partition("/")
    parts = ("results", "timeliness", "quality")
    time, quality = rules["timeliness"], rules["quality"]
    return {
        **{key: rules[key] for key in ("attainment_cap", "on_path_share", "no_path_attainment")},
        "enough_part": int(part),
        "enough_of": int(of or 1),
        **{f"w_{part}": float(rules["scorecard"][part]) for part in parts},
        "on_time": float(time["on_time"]),
        "late": float(time["late"]),
        "not_sent": float(time["missing"]),
        **{key: float(quality[key]) for key in ("clean", "warned", "faulty")},
        "scale": float(10 ** rules["ranking"]["decimals"]),
    }


def by_code(cells: list[list[Any]], key: str) -> dict[str, dict[str, Any]]:
    """The rows of a table by their code, each by the keys of its columns in the file of looks."""
    (sheet,) = (s for s in LOOKS["sheets"] if s["key"] == key)
    header = cells[HEADER - 1]
    place = {column["key"]: header.index(column["label"]) for column in sheet["columns"]}
    code = place["code" if "code" in place else "unit"]
    return {row[code]: {k: row[at] for k, at in place.items()} for row in cells[HEADER:]}


def words_of_verdicts() -> dict[str, str]:
    said = LOOKS["statuses"]["verdict"]
    return {f"{status['sign']} {status['label']}": key for key, status in said.items()}


def close(value: Any) -> Any:
    """The same figure: floats may differ in the last of their sixteen digits, by the order of a sum."""
    return pytest.approx(value, rel=1e-12, abs=1e-12) if isinstance(value, float) else value


@pytest.mark.parametrize("period", MONTHS)
def test_results_attainments_and_verdicts(demo: Demonstration, period: str) -> None:
    written = by_code(demo.sheet(period, "Chỉ tiêu"), "indicators")
    again = demo.asked("SELECT * FROM scored WHERE unit = '' AND period = :period", period)
    assert sorted(written) == sorted(row["code"] for row in again)
    assert len(again) == 40
    verdicts = words_of_verdicts()
    for row in again:
        found = written[row["code"]]
        assert verdicts[found["verdict"]] == row["verdict"], row["code"]
        assert found["result"] == close(row["result"]), row["code"]
        wanted = row["attainment"] if row["result"] is not None else None
        assert found["attainment"] == close(wanted), row["code"]


@pytest.mark.parametrize("period", MONTHS)
def test_groups_and_the_whole_plan(demo: Demonstration, period: str) -> None:
    cells = demo.sheet(period, LOOKS["overview"]["name"])
    first = next(n for n, row in enumerate(cells) if row[0] == LOOKS["overview"]["group_columns"][0]) + 1
    again = demo.asked("SELECT * FROM group_month WHERE period = :period ORDER BY grp = '', grp", period)
    assert [row["grp"] for row in again] == ["I", "II", "III", "IV", "V", ""]
    for row, written in zip(again, cells[first : first + 6], strict=True):
        assert str(written[0]).startswith(f"{row['grp']}. " if row["grp"] else "Toàn kế hoạch")
        assert written[1:5] == [row["listed"], row["met"], row["reported"], row["missing"]]
        mean = row["over_reported"] if row["enough"] else LOOKS["overview"]["not_enough"]
        assert (written[5], written[6]) == (close(mean), close(row["over_owed"]))


@pytest.mark.parametrize("period", MONTHS)
def test_scorecards_grades_and_ranks(demo: Demonstration, period: str) -> None:
    written = by_code(demo.sheet(period, "Đơn vị"), "units")
    again = demo.asked("SELECT * FROM scorecard WHERE period = :period", period)
    assert sorted(written) == sorted(row["unit"] for row in again)
    assert len(again) == 9
    for row in again:
        found = written[row["unit"]]
        for key in ("results", "timeliness", "quality", "total"):
            assert found[key] == close(row[key]), (row["unit"], key)
        assert found["grade"] == row["grade"], row["unit"]
        first, last = row["rank_first"], row["rank_last"]
        shown = "" if first is None else f"{first}" if first == last else f"{first}–{last}"
        assert (found["rank"] or "") == shown, row["unit"]


def test_the_demonstration_has_what_is_hard(demo: Demonstration) -> None:
    """Else the agreement would say little: every verdict, late and missing forms, warnings, words that wait
    and words that are confirmed, units without results, and flows over four months."""
    count = demo.again.execute
    verdicts = {row[0] for row in count("SELECT DISTINCT verdict FROM scored WHERE unit = ''")}
    assert verdicts == set(words_of_verdicts().values())
    assert {row[0] for row in count("SELECT DISTINCT timeliness FROM unit_time")} == {0, 50, 100}
    assert count("SELECT sum(now) FROM waiting").fetchone()[0] > 0
    assert count("SELECT count(*) FROM plan_confirmation").fetchone()[0] > 0
    assert count("SELECT count(*) FROM scorecard WHERE results IS NULL").fetchone()[0] > 0
    assert count("SELECT count(*) FROM figure WHERE year_denominator > denominator").fetchone()[0] > 20
    assert count("SELECT count(DISTINCT quality) FROM unit_quality").fetchone()[0] > 5


def test_nothing_of_the_program_is_used() -> None:
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    imports = [line.split()[1] for line in lines if line.startswith(("import ", "from "))]
    assert not [name for name in imports if name.partition(".")[0] in ("pipeline", "tests")]

"""What an office would write without this program: pandas reads all forms, merges, writes a sheet.

Written fairly: it reads nothing but the three tables, takes the unit from the file name, and gives the same
columns. It says nothing of faults, refuses no file, keeps no original, and knows no source cell.
`python benchmarks/rival.py openpyxl FORMS PLAN WORKBOOK` prints its seconds as JSON.
"""

import json
import sys
import time
import tomllib
from pathlib import Path
from typing import Literal, cast

import pandas as pd

Engine = Literal["openpyxl", "calamine"]

_SHEETS = ["Chỉ tiêu", "Nhiệm vụ", "Nội dung báo cáo"]
_COUNTS = ["numerator", "denominator", "result"]


def run_script(engine: Engine, forms: Path, plan: Path, workbook: Path) -> dict[str, float]:
    """Consolidate a folder of forms; seconds of reading alone, and of all."""
    start = time.perf_counter()
    read = [(path.stem, pd.read_excel(path, _SHEETS, header=None, engine=engine)) for path in _files(forms)]
    reading = time.perf_counter() - start
    tables = [_table([_tagged(sheets[name], unit) for unit, sheets in read]) for name in _SHEETS]
    figures = _merged(tables[0], plan)
    with pd.ExcelWriter(workbook, engine="openpyxl") as writer:
        for name, frame in zip(["Tổng hợp", *_SHEETS], [figures, *tables], strict=True):
            frame.to_excel(writer, sheet_name=name, index=False)
    return {"reading": reading, "whole": time.perf_counter() - start}


def _files(forms: Path) -> list[Path]:
    return sorted(forms.glob("*.xlsx"))


def _tagged(sheet: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The rows below the hidden tags, by the names in them."""
    first = sheet[0].astype(str)
    tags = first.str.startswith("#").tolist().index(True)
    rows = sheet.iloc[tags + 2 :]
    rows.columns = sheet.iloc[tags].astype(str).str.rpartition(".")[2]
    return rows.assign(unit=unit)


def _table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)


def _merged(facts: pd.DataFrame, plan: Path) -> pd.DataFrame:
    """One row for each indicator: its sums over the units, beside the plan's target."""
    numbers = facts.assign(**{name: pd.to_numeric(facts[name], errors="coerce") for name in _COUNTS})
    sums = numbers.groupby("code", sort=False)[_COUNTS].sum().reset_index()
    listed = tomllib.loads(plan.read_text(encoding="utf-8"))["indicators"]
    targets = [{"code": i["code"], "name": i["name"], "target": i["target"].get("value")} for i in listed]
    merged = pd.DataFrame(targets).merge(sums, how="left", on="code")
    result = 100 * merged["numerator"] / merged["denominator"]
    return merged.assign(result=result.where(merged["denominator"].gt(0), merged["result"]))


if __name__ == "__main__":
    name, *places = sys.argv[1:]
    print(json.dumps(run_script(cast(Engine, name), *map(Path, places))))

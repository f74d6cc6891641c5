"""Make the data of the benchmarks: a plan with any number of communes, and a filled form of each.

`commune` is the month of Phước An as its plan has it. Elsewhere each commune reports all 40 indicators of the
plan. The forms come from the program's own builder, which writes a number of patterns with different entries;
each form is a pattern with the id and the name of its commune in place of the pattern's. One pattern in ten
has faults.
"""

import hashlib
import json
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pipeline.base.period import Period
from pipeline.core.form_content import form_content
from pipeline.edges.form.writer import write_template
from pipeline.spec.form import Contents, FormContent, FormRow, Place
from pipeline.spec.messages import Messages, load_messages
from pipeline.spec.plan import Plan
from pipeline.spec.plan_file import load_plan
from pipeline.spec.template import Template
from pipeline.spec.template_file import load_template

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "schemas"
CACHE = Path(tempfile.gettempdir()) / "monthly-report-benchmarks"
PERIOD = Period(2026, 11)
NOW = "2026-11-24T08:00"
PATTERNS = 100
_FAULTY = 10  # one pattern in so many
_ISSUED = datetime(2026, 11, 1, tzinfo=UTC)
_PATTERN_UNIT = 90_000  # the number of the unit in whose name a pattern is written: as long as any other
_ZIP_START = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Country:
    """What a run of the program needs: the plan file, and the folder of the filled forms."""

    plan: Path
    forms: Path


def country(units: int) -> Country:
    """The plan and the forms of `units` communes, made once and kept among the temporary files."""
    return _kept(str(units), lambda: plan_text(units), lambda: _of_communes(units))


def commune() -> Country:
    """The plan of `schemas/` as it is, and a form of each of its units; one of them has faults."""
    return _kept("commune", lambda: _file("plan-2026.toml"), _of_units)


def _kept(name: str, plan: Callable[[], str], forms: Callable[[], Iterable[tuple[str, bytes]]]) -> Country:
    made = CACHE / _fingerprint() / name
    if not made.is_dir():
        unfinished = made.with_name(f"{name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        (unfinished / "forms").mkdir(parents=True)
        (unfinished / "plan.toml").write_text(plan(), encoding="utf-8")
        for stem, form in forms():
            (unfinished / "forms" / f"{stem}.xlsx").write_bytes(form)
        unfinished.rename(made)
    return Country(made / "plan.toml", made / "forms")


def _file(name: str) -> str:
    return (SCHEMAS / name).read_text(encoding="utf-8")


def unit_id(number: int) -> str:
    """The id of a commune: all are of the same length."""
    return f"X{number:05d}"


def plan_text(units: int, first: int = 1) -> str:
    """The plan of `schemas/` with communes from number `first` on; each reports every indicator."""
    plan = tomllib.loads(_file("plan-2026.toml"))
    ids = [unit_id(number) for number in range(first, first + units)]
    plan["coordinator"] = ids[0]
    plan["units"] = [_unit(number) for number in range(first, first + units)]
    for indicator in plan["indicators"]:
        added = indicator["entry"] in ("ratio", "count")
        indicator |= {"lead": ids[0], "contributors": ids[1:]}
        indicator["combine"] = ("disjoint_sum" if added else "lead_value") if ids[1:] else "single"
    plan["tasks"] = []
    return _toml(plan)


def _unit(number: int) -> dict[str, str]:
    return {"id": unit_id(number), "name": f"Xã minh họa số {number:05d}", "short_name": f"Xã {number:05d}"}


def _toml(tables: Mapping[str, Any]) -> str:
    """Plain values first, then tables, then lists of tables: enough for the plan file."""
    plain = {k: v for k, v in tables.items() if not _is_table(v) and not _is_tables(v)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for key, value in tables.items():
        lines += [f"\n[{key}]", *_lines(key, value)] if _is_table(value) else []
        lines += (
            [line for row in value for line in ("", f"[[{key}]]", *_lines(key, row))]
            if _is_tables(value)
            else []
        )
    return "\n".join(lines) + "\n"


def _lines(_: str, table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


# --- forms ----------------------------------------------------------------------------------------


def _fingerprint() -> str:
    """Of all that the data hangs on: other data files or another builder make other forms."""
    digest = hashlib.sha256()
    sources = (ROOT / "pipeline" / "edges" / "form").glob("*.py")
    for path in sorted((*SCHEMAS.glob("*.toml"), *sources, Path(__file__))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _of_communes(units: int) -> Iterator[tuple[str, bytes]]:
    patterns = [pattern(number) for number in range(PATTERNS)]
    for number in range(1, units + 1):
        yield unit_id(number), _stamped(patterns[number % len(patterns)], number)


def _of_units() -> Iterator[tuple[str, bytes]]:
    plan, (template, messages) = load_plan("plan", _file("plan-2026.toml")), _looks()
    for number, unit in enumerate(plan.units):
        content = form_content(plan, template, unit, PERIOD, {})
        values = _filled(content, Random(number), has_faults=number == 0)
        yield unit.id, write_template(content, template, messages, plan, _ISSUED, values)


def pattern(number: int) -> bytes:
    """A filled form of the unit that patterns are written for."""
    content, plan = _form()
    template, messages = _looks()
    values = _filled(content, Random(number), has_faults=number % _FAULTY == 0)
    return write_template(content, template, messages, plan, _ISSUED, values)


@cache
def _form() -> tuple[FormContent, Plan]:
    plan = load_plan("plan", plan_text(1, first=_PATTERN_UNIT))
    return form_content(plan, _looks()[0], plan.units[0], PERIOD, {}), plan


@cache
def _looks() -> tuple[Template, Messages]:
    template = load_template("template", _file("template-v1.toml"))
    return template, load_messages("messages", _file("messages.toml"))


def _filled(content: FormContent, hand: Random, has_faults: bool) -> Contents:
    """All rows of indicators, two of tasks, two of texts."""
    whole = hand.randint(1_000, 5_000)
    values = {
        (row.table, row.code, key): value
        for row in (*content.rows["indicators"], *content.rows["tasks"][:2], *content.rows["narratives"][:2])
        for key, value in _entries(row, whole, hand).items()
        if key in row.open
    }
    return {**values, **_faults(content, hand)} if has_faults else values


def _entries(row: FormRow, whole: int, hand: Random) -> Mapping[str, str | float | date]:
    """What a careful unit types into a row; all its ratios are of the same `whole`."""
    if row.table == "narratives":
        return {"text": "Đã tập huấn cho các tổ công nghệ số cộng đồng."}
    if row.table == "tasks":
        work = {"work": "Rà soát quy chế khai thác dữ liệu"}
        return {**work, "state": "Đang thực hiện, đúng tiến độ", "progress": float(hand.randint(1, 99))}
    # V.20 must not exceed V.28.
    part = hand.randint(0, whole // 2) + (whole // 2 if row.code == "V.28" else 0)
    figures: Mapping[str, Mapping[str, str | float]] = {
        "ratio": {"numerator": float(part), "denominator": float(whole)},
        "count": {"result": float(hand.randint(0, 40))},
        "index": {"result": round(0.1 + 0.8 * hand.random(), 4)},
        "share": {"result": round(5 + 90 * hand.random(), 2)},
        "yes_no": {"result": hand.choice(("Có", "Chưa"))},
    }
    return {**figures[row.entry], "evidence": f"Báo cáo số {hand.randint(1, 400)}/BC-UBND"}


def _faults(content: FormContent, hand: Random) -> Mapping[Place, str | float]:
    """Too large a numerator, words in place of a number, a number typed as text."""
    ratios = [row.code for row in content.rows["indicators"] if row.entry == "ratio"]
    large, words, typed = hand.sample(ratios, 3)
    return {
        ("indicators", large, "numerator"): 9_999.0,
        ("indicators", words, "numerator"): "khoảng 40",
        ("indicators", typed, "numerator"): "12",
    }


def _stamped(filled: bytes, number: int) -> bytes:
    """The form with another unit's id and name, wherever they stand."""
    theirs, ours = _unit(_PATTERN_UNIT), _unit(number)
    packed = BytesIO()
    with ZipFile(BytesIO(filled)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for key in ("id", "name", "short_name"):
                content = content.replace(theirs[key].encode(), ours[key].encode())
            entry = ZipInfo(name, _ZIP_START)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, content)
    return packed.getvalue()

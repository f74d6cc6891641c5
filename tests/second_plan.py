"""The made-up plan of tests/plans: its forms, filled by rules that are simple enough to reckon by hand."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from pipeline.base.period import Period
from pipeline.core.form_content import form_content
from pipeline.edges.form.writer import write_template
from pipeline.spec.form import Place
from pipeline.spec.plan_file import load_plan
from tests.forms import MESSAGES, TEMPLATE, CellContent

PLAN_FILE = Path(__file__).parent / "plans" / "xa-mau-2027.toml"
PLAN = load_plan(PLAN_FILE.name, PLAN_FILE.read_text(encoding="utf-8"))
MARCH, APRIL, JUNE = (Period(2027, month) for month in (3, 4, 6))
UNITS = [unit.id for unit in PLAN.units]
_COLUMNS = {1: ("result",), 2: ("numerator", "denominator")}
EVIDENCE = "Báo cáo 12/BC ngày 30"
_CREATED = datetime(2027, 1, 1)

Figures = Mapping[str, tuple[CellContent, ...]]

_OF_KT: Mapping[Period, Figures] = {
    MARCH: {"HT.2": ("Chưa",), "NL.1": (6, 10), "NL.2": (6,), "NL.3": (24, 60)},
    APRIL: {"HT.2": ("Chưa",), "NL.1": (8, 10), "NL.3": (24, 60)},
    JUNE: {"HT.2": ("Có",), "NL.1": (10, 10), "NL.2": (12,), "NL.3": (24, 60)},
}
_OF_VP: Mapping[Period, Figures] = {
    MARCH: {"PV.2": (8, 100), "PV.4": (1,), "NL.3": (30, 60)},
    APRIL: {"PV.4": (4,), "NL.3": (36, 60)},
    JUNE: {"HT.3": (0.56,), "PV.2": (4, 300), "PV.4": (4,), "NL.3": (45, 60)},
}


def figures_of(unit: str, period: Period) -> Figures:
    """What a unit has to say: numerator and denominator, or a single figure, by indicator.

    Every other unit, from KT on, is "even" in the order of the plan.
    """
    even = UNITS.index(unit) % 2
    common: Mapping[Period, Figures] = {
        MARCH: {"HT.1": (5, 10), "PV.1": (17, 20), "PV.3": (2, 50), "PV.5": (even,)},
        APRIL: {"HT.1": (5 + even, 10), "PV.1": (19, 20), "PV.5": (1,)},
        JUNE: {"HT.1": (8, 10), "PV.1": (18, 20), "PV.3": (1 + even, 50), "PV.5": (1,)},
    }
    own = {"VP": _OF_VP, "KT": _OF_KT}.get(unit)
    return {**common[period], **(own[period] if own else {})}


def cells_of(figures: Figures) -> dict[Place, CellContent]:
    """The cells in which these figures are typed, each with its evidence."""
    return {
        ("indicators", code, key): float(value) if isinstance(value, int) else value
        for code, typed in figures.items()
        for key, value in zip((*_COLUMNS[len(typed)], "evidence"), (*typed, EVIDENCE), strict=True)
    }


def filled_form(unit: str, period: Period) -> bytes:
    """The form of a unit as it comes back. Hamlets that say the same differ in their names alone."""
    if not unit.startswith("T"):
        return _filled(unit, period)
    first = next(other for other in ("T01", "T02") if figures_of(other, period) == figures_of(unit, period))
    return _renamed(_filled(first, period), first, unit)


@cache
def _filled(unit: str, period: Period) -> bytes:
    content = form_content(PLAN, TEMPLATE, PLAN.unit_by_id[unit], period, {})
    values = cells_of(figures_of(unit, period))
    return write_template(content, TEMPLATE, MESSAGES, PLAN, _CREATED, values)


def _renamed(form: bytes, old: str, new: str) -> bytes:
    """The same form of another unit: writing a form anew takes a hundred times as long."""
    pairs = [(old, new), (PLAN.unit_by_id[old].name, PLAN.unit_by_id[new].name)]
    renamed = BytesIO()
    with ZipFile(BytesIO(form)) as source, ZipFile(renamed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/sharedStrings.xml":
                for before, after in pairs:
                    assert part.count(f">{before}<".encode()) == 1
                    part = part.replace(f">{before}<".encode(), f">{after}<".encode())
            target.writestr(name, part)
    return renamed.getvalue()

"""What is measured, part by part: each returns the table that goes into the README."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.country import NOW, PERIOD, Country, commune, country
from benchmarks.measuring import Cost, in_turn, median, python, ratio
from benchmarks.stages import UNTIL_VALIDATED
from benchmarks.tables import Table

COUNTRY, LARGEST = 3_321, 20_000
_FLOOR = "import pandas, pandera.pandas, xlsxwriter"
_STAGES, _RIVAL, _PROBE = "benchmarks/stages.py", "benchmarks/rival.py", "benchmarks/probe.py"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: rounds, and the greatest number of files."""

    rounds: int
    most: int


def everyday(scale: Scale) -> Table:
    """A month, a cold process, against the floor of the machine: of the commune, and of 20 full forms."""
    full, own = country(20), commune()
    costs = in_turn(
        {
            "floor": lambda: python("-c", _FLOOR),
            "own": lambda: _month(own),
            "full": lambda: _month(full),
            "staged": lambda: _staged(full),
        },
        scale.rounds,
    )
    floor = costs["floor"]
    months = {
        "`run`, the plan of Phước An: 12 forms, 44 rows": costs["own"],
        "`run`, 20 forms of 40 rows": costs["full"],
    }
    rows: list[Sequence[str | float | int]] = [
        ("floor: imports of pandas, pandera, xlsxwriter", _wall(floor), _cpu(floor), 1.0),
        *((name, _wall(cost), _cpu(cost), ratio(floor, cost, wall, wall)) for name, cost in months.items()),
        *((f"of the latter: {name}", seconds, "", "") for name, seconds in _split(costs["staged"])),
    ]
    note = "By stage without the reading ahead, which goes on beside the imports."
    return Table(("everyday month", "wall, s", "processor, s", "wall by floor"), rows, (note,))


def start(scale: Scale) -> Table:
    """`--help`, `status` and `check` of one file against a bare interpreter."""
    with _month_done(commune()) as own, _month_done(country(20)) as full:
        file = min(country(20).forms.iterdir())
        commands: dict[str, tuple[str | Path, ...]] = {
            "bare interpreter": ("-c", "pass"),
            "`--help`": ("run_monthly.py", "--help"),
            "`status`, the plan of Phước An": ("run_monthly.py", "status", *_place(own)),
            "`status`, 20 units of 40 rows": ("run_monthly.py", "status", *_place(full)),
            "`check` of one file": ("run_monthly.py", "check", *_place(full), file),
        }
        costs = in_turn({name: _command(words) for name, words in commands.items()}, scale.rounds)
    bare = costs["bare interpreter"]
    rows = [(name, 1_000 * _wall(own), ratio(bare, own, wall, wall)) for name, own in costs.items()]
    return Table(("command", "wall, ms", "by bare interpreter"), rows)


def growth(scale: Scale) -> Table:
    """From 20 files to 20,000: wall, processor, memory, and the stages."""
    sizes = [size for size in (20, 200, 2_000, COUNTRY, LARGEST) if size <= scale.most]
    costs = {size: [_staged(country(size))] for size in sizes}
    stages = [name for name, _ in _split(costs[sizes[-1]])]
    rows: list[Sequence[str | float | int]] = [
        ("wall, s", *(_wall(c) for c in costs.values())),
        ("processor, s", *(_cpu(c) for c in costs.values())),
        ("peak of the parent, MiB", *(median(c, told_peak) for c in costs.values())),
    ]
    rows += [(f"of the wall: {name}", *(median(c, seconds(name)) for c in costs.values())) for name in stages]
    checked = [median(c, lambda own: _share(own, ("validation", "pandera"))) for c in costs.values()]
    rows.append(("validation, % of the run without imports", *(100 * share for share in checked)))
    return Table(("files", *(f"{size:,}" for size in sizes)), rows)


def rivals(scale: Scale) -> Table:
    """The same files by scripts of pandas, with openpyxl and with calamine."""
    size = min(scale.most, COUNTRY)
    made = country(size)
    measures: dict[str, Callable[[], Cost]] = {"we": lambda: _staged(made)}
    measures |= {engine: lambda engine=engine: _rival(engine, made) for engine in ("openpyxl", "calamine")}  # type: ignore[misc]
    costs = in_turn(measures, scale.rounds)
    own = costs.pop("we")
    rows: list[Sequence[str | float | int]] = [
        ("this program", median(own, until_validated), _wall(own), _cpu(own), 1.0, 1.0, 1.0)
    ]
    rows += [
        (
            f"pandas with {name}",
            median(cost, told_reading),
            _wall(cost),
            _cpu(cost),
            ratio(own, cost, until_validated, told_reading),
            ratio(own, cost, wall, wall),
            ratio(own, cost, cpu, cpu),
        )
        for name, cost in costs.items()
    ]
    head = ("reading, s", "whole, s", "processor, s", "faster at reading", "faster in all", "less processor")
    note = (
        "«Reading» is for us all from the inbox to checked facts; for the scripts the loop of `read_excel` "
        "alone. «Faster» is theirs by ours, round by round."
    )
    return Table((f"{size:,} files", *head), rows, (note,))


def templates(scale: Scale) -> Table:
    """One form for each commune."""
    size = min(scale.most, COUNTRY)
    with _workspace(country(size), with_forms=False) as folder:
        cost = python("run_monthly.py", "templates", "--period", str(PERIOD), *_place(folder))
    rows = [(size, cost.wall, cost.cpu, 1_000 * cost.cpu / size, cost.peak)]
    return Table(("forms", "wall, s", "processor, s", "processor for one, ms", "peak, MiB"), rows)


def workbook(scale: Scale) -> Table:
    """The workbook of 40, 10,000 and 133,000 facts."""
    sizes = [size for size in (1, 250, COUNTRY) if size <= scale.most]
    rows = []
    for size in sizes:
        cost = _staged(country(size))
        rows.append((40 * size, seconds("figures")(cost), seconds("workbook")(cost), told_peak(cost)))
    return Table(("facts", "figures, s", "workbook, s", "peak, MiB"), rows)


def cores(scale: Scale) -> Table:
    """Reading alone, on one processor and on two."""
    size = min(scale.most, 1_000)
    folder = country(size).forms
    measures = {
        "one": lambda: python(_PROBE, "read", folder, "0"),
        "two": lambda: python(_PROBE, "read", folder, "0,1"),
    }
    costs = in_turn(measures, scale.rounds)
    rows = [(name, median(own, told_reading)) for name, own in costs.items()]
    gain = ratio(costs["two"], costs["one"], told_reading, told_reading)
    return Table((f"processors, {size:,} files", "reading, s"), [*rows, ("one by two", gain)])


def hostile(scale: Scale) -> Table:
    """One hostile file of each kind among 200 good ones."""
    cost = python(_PROBE, "hostile", country(min(scale.most, 200)).forms)
    rows = [
        (kind, said["code"], said["seconds"], said["peak"], said["others"])
        for kind, said in cost.told.items()
    ]
    head = ("kind", "finding", "itself, s", "its worker, MiB", "others read as without it")
    return Table(head, rows)


PARTS: Mapping[str, Callable[[Scale], Table]] = {
    "everyday": everyday,
    "start": start,
    "growth": growth,
    "rivals": rivals,
    "templates": templates,
    "workbook": workbook,
    "hostile": hostile,
    "cores": cores,
}


# --- one run --------------------------------------------------------------------------------------


@contextmanager
def _workspace(made: Country, with_forms: bool = True) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(made.plan, folder / "plan.toml")
        if with_forms:
            shutil.copytree(made.forms, folder / "inbox")
        yield folder


@contextmanager
def _month_done(made: Country) -> Iterator[Path]:
    with _workspace(made) as folder:
        _run(folder)
        yield folder


def _place(folder: Path) -> tuple[str | Path, ...]:
    return "--workspace", folder, "--plan", folder / "plan.toml", "--now", NOW


def _run(folder: Path) -> Cost:
    return python("run_monthly.py", "run", "--period", str(PERIOD), *_place(folder))


def _month(made: Country) -> Cost:
    with _workspace(made) as folder:
        return _run(folder)


def _staged(made: Country) -> Cost:
    with _workspace(made) as folder:
        return python(_STAGES, folder, folder / "plan.toml")


def _rival(engine: str, made: Country) -> Cost:
    with _workspace(made, with_forms=False) as folder:
        return python(_RIVAL, engine, made.forms, made.plan, folder / "tong-hop.xlsx")


def _command(words: Sequence[str | Path]) -> Callable[[], Cost]:
    return lambda: python(*words)


# --- figures of a cost ----------------------------------------------------------------------------


def wall(cost: Cost) -> float:
    """Seconds on the wall."""
    return cost.wall


def cpu(cost: Cost) -> float:
    """Seconds of all processors."""
    return cost.cpu


def told_reading(cost: Cost) -> float:
    """What a child says of its reading alone, in seconds."""
    return float(cost.told["reading"])


def told_peak(cost: Cost) -> float:
    """What a child says of its own memory, in MiB."""
    return float(cost.told["peak"])


def seconds(stage: str) -> Callable[[Cost], float]:
    """The seconds of one stage, 0 where it was not needed."""
    return lambda cost: float(cost.told["seconds"].get(stage, 0.0))


def until_validated(cost: Cost) -> float:
    """From the inbox to checked facts, in seconds."""
    return sum(seconds(stage)(cost) for stage in UNTIL_VALIDATED)


def _share(cost: Cost, stages: Sequence[str]) -> float:
    whole = float(sum(cost.told["seconds"].values())) - seconds("imports")(cost)
    return sum(seconds(stage)(cost) for stage in stages) / whole


def _wall(costs: Sequence[Cost]) -> float:
    return median(costs, wall)


def _cpu(costs: Sequence[Cost]) -> float:
    return median(costs, cpu)


def _split(costs: Sequence[Cost]) -> list[tuple[str, float]]:
    """The stages, the longest first."""
    found = {name: median(costs, seconds(name)) for name in costs[0].told["seconds"]}
    return sorted(found.items(), key=lambda pair: -pair[1])

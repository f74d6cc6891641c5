"""Who reports and when: as much of a plan as tells who has sent."""

from dataclasses import dataclass, fields
from functools import cached_property

from pipeline.base.errors import SpecError
from pipeline.base.text import fold
from pipeline.spec.calendar import Calendar
from pipeline.spec.calendar_check import check_calendar
from pipeline.spec.shape import Faults, build, read_once, read_part


@dataclass(frozen=True)
class Unit:
    """A reporting unit. `expected` units owe a form; for others `entered_by` fills in."""

    id: str
    name: str
    short_name: str
    aliases: tuple[str, ...] = ()
    expected: bool = True
    collective: bool = False
    entered_by: str = ""


@dataclass(frozen=True)
class Roster:
    """The units and the calendar of one year."""

    year: int
    calendar: Calendar
    units: tuple[Unit, ...]

    @cached_property
    def unit_by_id(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    def unit_named(self, text: str) -> Unit | None:
        """The unit that a form means by its id, a name or an alias, accents and capitals aside."""
        return self._unit_by_name.get(fold(text))

    @cached_property
    def _unit_by_name(self) -> dict[str, Unit]:
        units: dict[str, Unit] = {}
        for unit in self.units:
            for name in (unit.id, unit.name, unit.short_name, *unit.aliases):
                units.setdefault(fold(name), unit)
        return units

    @cached_property
    def expected_units(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.expected)


@read_once
def load_roster(file: str, text: str) -> Roster:
    """The roster in the text of a plan, for what must answer at once. Raises `SpecError` with every fault in
    it; whether the rest of the plan holds together is for `load_plan` to say."""
    faults = Faults()
    roster = build(Roster, read_part(file, text, {field.name for field in fields(Roster)}), "", faults)
    if roster is not None:
        faults.unique("units", (unit.id for unit in roster.units))
        check_calendar(roster.calendar, roster.year, faults)
    if roster is None or faults:
        raise SpecError(file, faults)
    return roster

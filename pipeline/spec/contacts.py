"""Who writes and who is written to, from `danh-ba.toml` in the workspace: addresses by unit."""

from collections import Counter
from dataclasses import dataclass, field

from pipeline.base.address import is_address, same_form
from pipeline.base.errors import SpecError
from pipeline.spec.plan import Plan
from pipeline.spec.shape import Faults, build, read_toml


@dataclass(frozen=True)
class Contacts:
    """Addresses of units by id, of the head of the office, and of the readers of the workbook."""

    units: dict[str, tuple[str, ...]] = field(default_factory=dict)
    head: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()

    def units_of(self, address: str) -> tuple[str, ...]:
        """Ids of the units that write from this address; one clerk may serve several."""
        wanted = same_form(address)
        return tuple(u for u, known in self.units.items() if wanted in map(same_form, known))

    def lent_by(self, address: str, unit: str, coordinator: str) -> tuple[str, ...]:
        """Ids of the units whose address brought a form of `unit`; none where it is the unit's own, one that
        nobody has, or the coordinator's, who passes on what others sent."""
        known = self.units_of(address)
        return () if {unit, coordinator} & {*known} else known


def load_contacts(file: str, text: str, plan: Plan) -> Contacts:
    """The register in `text`, for the units of `plan`. Raises `SpecError` with every fault."""
    faults = Faults()
    contacts = build(Contacts, read_toml(file, text), "", faults)
    if contacts is not None:
        for unit, addresses in contacts.units.items():
            if unit not in plan.unit_by_id:
                faults.add(f"units.{unit}", f"không có trong {', '.join(plan.unit_by_id)}")
            _check_addresses(f"units.{unit}", addresses, faults)
        _check_addresses("head", contacts.head, faults)
        _check_addresses("readers", contacts.readers, faults)
    if contacts is None or faults:
        raise SpecError(file, faults)
    return contacts


def _check_addresses(place: str, addresses: tuple[str, ...], faults: Faults) -> None:
    for address in addresses:
        if not is_address(address):
            faults.add(place, f"«{address}» không phải là địa chỉ thư")
    for address, count in Counter(map(same_form, addresses)).items():
        if count > 1:
            faults.add(place, f"«{address}» có {count} lần")

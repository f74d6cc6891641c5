"""The form of a unit as it is issued, with the last accepted values from the ledger."""

from collections.abc import Mapping

from pipeline.base.period import Period
from pipeline.core.form_content import form_content
from pipeline.core.merge import facts_frame, latest, previous_values
from pipeline.edges.store.ledger import Ledger
from pipeline.run.workspace import Setting
from pipeline.spec.form import FormContent


def forms(setting: Setting, period: Period, ledger: Ledger | None) -> Mapping[str, FormContent]:
    """The form of every unit of the plan for `period`, by unit id; no ledger means no earlier values."""
    earlier = str(period.shift(-1)) if period.month > 1 else str(period)
    facts = ledger.facts(period.year, earlier) if ledger else []
    frame = latest(facts_frame(facts, ledger.submissions() if ledger else []))
    return {
        unit.id: form_content(
            setting.plan, setting.template, unit, period, previous_values(frame, unit.id, period)
        )
        for unit in setting.plan.units
    }

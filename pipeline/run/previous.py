"""Forms as they were issued, with the last accepted values from the ledger."""

from collections.abc import Collection, Mapping

import pandas as pd

from pipeline.base.period import Period
from pipeline.core.form_content import form_content
from pipeline.core.merge import facts_frame, latest, previous_values
from pipeline.edges.store.ledger import Ledger
from pipeline.run.workspace import Setting
from pipeline.spec.form import FormContent
from pipeline.spec.template import Template


def facts_of(ledger: Ledger, period: Period, units: Collection[str]) -> pd.DataFrame:
    """The current rows of these units, from the beginning of the year to `period`, as by `merge.latest`."""
    facts = ledger.facts(period.year, str(period), units)
    wanted = {fact.sha256 for fact in facts}
    return latest(facts_frame(facts, [s for s in ledger.submissions() if s.sha256 in wanted]))


def forms(
    setting: Setting, period: Period, units: Collection[str], facts: pd.DataFrame, template: Template
) -> Mapping[str, FormContent]:
    """The form of each of `units` for `period`, by unit id; `facts` as by `facts_of`."""
    setting = setting.of(period)
    earlier = previous_values(facts, period)
    return {
        unit: form_content(
            setting.plan, template, setting.plan.unit_by_id[unit], period, earlier.get(unit, {})
        )
        for unit in units
    }

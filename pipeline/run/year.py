"""The year of a plan with all its days, for a person to read."""

from pipeline.core.year import Year, year_of
from pipeline.run.workspace import Workspace, plan_for, with_holidays


def read_year(workspace: Workspace, year: int | None) -> Year:
    """The year asked for, by default the present one."""
    return year_of(with_holidays(plan_for(workspace, year)))

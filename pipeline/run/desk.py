"""The officer's desk: a setting with the ledger open, what was decided, and which periods are issued."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.base.errors import OperatorError
from pipeline.base.record import Record
from pipeline.core.decisions import InForce, in_force
from pipeline.edges.store.archive import Archive
from pipeline.edges.store.files import lock
from pipeline.edges.store.journal import LEDGER_LOST, bring_up_to_date
from pipeline.edges.store.ledger import Ledger
from pipeline.run.workspace import Setting, Workspace


@dataclass(frozen=True)
class Desk:
    """All that judging and keeping files needs. It is made anew after a decision or an issue."""

    setting: Setting
    ledger: Ledger
    decisions: InForce
    issued: frozenset[str]

    @property
    def archive(self) -> Archive:
        return Archive(self.setting.workspace.archive)

    @property
    def now(self) -> str:
        """This moment as it is kept."""
        return self.setting.now.isoformat(timespec="seconds")

    def keep(self, *records: Record) -> None:
        """Keep records in the ledger, and then in the journal."""
        if not records:
            return
        self.ledger.record(*records)
        bring_up_to_date(self.setting.workspace.journal, self.ledger)


def desk_of(setting: Setting, ledger: Ledger) -> Desk:
    """The desk as the ledger stands now."""
    issued = frozenset(issue.period for issue in ledger.issues())
    return Desk(setting, ledger, in_force(ledger.decisions()), issued)


@contextmanager
def at_desk(setting: Setting) -> Iterator[Desk]:
    """Sit down alone: nobody else changes the workspace meanwhile. The journal is brought up to date."""
    with lock(setting.workspace.lock), Ledger(setting.workspace.ledger) as ledger:
        bring_up_to_date(setting.workspace.journal, ledger)
        yield desk_of(setting, ledger)


@contextmanager
def glance(setting: Setting) -> Iterator[Desk]:
    """A desk to look things up, where nothing is written."""
    with opened_ledger(setting.workspace) as ledger:
        yield desk_of(setting, ledger)


@contextmanager
def opened_ledger(workspace: Workspace) -> Iterator[Ledger]:
    """The ledger to look things up: where there is none, an empty one, of which nothing is written."""
    path = workspace.ledger
    if not Ledger.exists(path) and workspace.journal.is_file():
        raise OperatorError(LEDGER_LOST.format(journal=workspace.journal))
    with Ledger(path if Ledger.exists(path) else Path(":memory:")) as ledger:
        yield ledger

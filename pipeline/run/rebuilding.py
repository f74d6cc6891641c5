"""Make the ledger again from the journal, and say which originals are missing or unknown."""

import hashlib
from contextlib import suppress
from pathlib import Path

from pipeline.base.errors import OperatorError, PipelineError
from pipeline.edges.store.archive import Archive
from pipeline.edges.store.files import lock, set_aside
from pipeline.edges.store.journal import bring_up_to_date, read_journal
from pipeline.edges.store.ledger import Ledger
from pipeline.run.results import RebuildResult
from pipeline.run.workspace import Workspace

_BESIDE = ("", "-wal", "-shm")  # the files that SQLite keeps for one database


def rebuild(workspace: Workspace) -> RebuildResult:
    """Put a new ledger, made from the journal, in the place of the old one, which is set aside."""
    if not workspace.journal.is_file():
        raise OperatorError(
            f"Không có nhật ký {workspace.journal}: không lập lại được sổ. Hãy lấy lại bản sao lưu archive."
        )
    with lock(workspace.lock):
        _save_what_is_readable(workspace)
        fresh = workspace.ledger.with_name("ledger-moi.sqlite")
        for ending in _BESIDE:
            Path(f"{fresh}{ending}").unlink(missing_ok=True)
        with Ledger(fresh) as ledger:
            ledger.restore(read_journal(workspace.journal))
            events, missing = ledger.last_event(), _missing(workspace, ledger)
            unknown = _unknown(workspace, ledger)
        for ending in _BESIDE:
            set_aside(Path(f"{workspace.ledger}{ending}"))
        fresh.replace(workspace.ledger)
    return RebuildResult(events, tuple(missing), tuple(unknown))


def _save_what_is_readable(workspace: Workspace) -> None:
    """A ledger that still opens may know what a power cut kept from the journal."""
    with suppress(PipelineError):
        if Ledger.exists(workspace.ledger):
            with Ledger(workspace.ledger) as ledger:
                bring_up_to_date(workspace.journal, ledger)


def _missing(workspace: Workspace, ledger: Ledger) -> list[str]:
    """Originals that the archive does not hold as they were."""
    archive = Archive(workspace.archive)
    missing = []
    for place, sha256 in sealed_places(ledger).items():
        try:
            is_whole = hashlib.sha256(archive.read(place)).hexdigest() == sha256
        except PipelineError:
            is_whole = False
        if not is_whole:
            missing.append(place)
    return missing


def sealed_places(ledger: Ledger) -> dict[str, str]:
    """The originals that the archive must hold: SHA-256 by place."""
    places = {s.archived_as: s.sha256 for s in ledger.submissions()}
    places |= {issue.archived_as: issue.sha256 for issue in ledger.issues()}
    places |= {name: sha for issue in ledger.issues() for name, sha in issue.sealed_beside.items() if sha}
    return places | {plan.archived_as: plan.sha256 for plan in ledger.plans()}


def _unknown(workspace: Workspace, ledger: Ledger) -> list[str]:
    """Files of the archive that nothing in the ledger names: sealed by a run that was cut."""
    known = {s.archived_as for s in ledger.submissions()}
    known |= {issue.archived_as for issue in ledger.issues()} | {p.archived_as for p in ledger.plans()}
    known |= {name for issue in ledger.issues() for name in issue.sealed_beside}
    known |= {form.archived_as for form in ledger.issued_templates()}
    # Beside the folders of originals lie only the program's own files.
    return sorted(
        place
        for path in workspace.archive.glob("*/**/*")
        if path.is_file() and not path.name.startswith(".")
        if (place := path.relative_to(workspace.archive).as_posix()) not in known
    )

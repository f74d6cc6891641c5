"""Publish a month: the workbook, beside it the open data, and the manifest of it all."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.base.record import Submission
from pipeline.edges.consolidated.writer import write_consolidated
from pipeline.edges.open_data.manifest import manifest
from pipeline.edges.open_data.rows import open_rows
from pipeline.edges.open_data.writer import csv_files, document
from pipeline.edges.store.files import read_bytes, read_text, write_atomically
from pipeline.run.labels import consolidated_spec
from pipeline.run.workspace import SCHEMAS, Setting
from pipeline.spec.open_data import FILE, load_open_data
from pipeline.spec.tables import Tables

OPEN_DATA = "du-lieu"
MANIFEST = "manifest.json"
_RULES = ("template-v1.toml", "messages.toml", "wording.toml", "consolidated.toml", FILE)


def publish(
    chosen: Setting,
    pages: Tables,
    submissions: Sequence[Submission],
    decisions: Sequence[Mapping[str, object]] = (),
) -> Path:
    """Write all that a month gives out; returns the workbook.

    `submissions` are the files that it was made from, `decisions` those of the officer.
    """
    path = chosen.workspace.workbook(chosen.period)
    workbook = write_consolidated(pages, consolidated_spec(), chosen.workspace.now)
    write_atomically(path, workbook)
    folder = path.parent / OPEN_DATA
    files = _open_files(chosen, pages)
    for name, data in files.items():
        write_atomically(folder / name, data)
    outputs = {f"../{path.name}": workbook, **files}
    said = manifest(_header(chosen), submissions, decisions, _rules(chosen), outputs)
    write_atomically(folder / MANIFEST, said)
    return path


def _open_files(chosen: Setting, pages: Tables) -> dict[str, bytes]:
    spec, looks = load_open_data(FILE, read_text(SCHEMAS / FILE)), consolidated_spec()
    rows = open_rows(pages, spec)
    header = {
        **_header(chosen),
        "period_label": pages.overview.period_label,
        "authority": pages.overview.authority,
        "title": pages.overview.title,
        "closing": pages.overview.closing_text,
        "status": pages.overview.status,
    }
    files = dict(csv_files(rows, spec, looks))
    files[f"tong-hop-{chosen.period}.json"] = document(rows, header)
    files[FILE] = spec.text.encode()
    return files


def _header(chosen: Setting) -> dict[str, object]:
    """Of which month a file is, when it was made, and by which versions."""
    plan = chosen.plan
    versions = {
        "plan": plan.id,
        "plan_version": plan.version,
        "scoring_version": plan.scoring.version,
        "template_version": chosen.template.version,
    }
    made_at = chosen.now.isoformat(timespec="seconds")
    return {"period": str(chosen.period), "made_at": made_at, "versions": versions}


def _rules(chosen: Setting) -> dict[str, bytes]:
    """The data files that say how figures come about, by name."""
    plan = chosen.workspace.plan_file or SCHEMAS / f"plan-{chosen.plan.year}.toml"
    return {path.name: read_bytes(path) for path in (plan, *(SCHEMAS / name for name in _RULES))}

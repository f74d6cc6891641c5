"""Publish a month as open data beside its workbook, with the manifest of it all."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.base.text import without_contacts
from pipeline.core.month import Kept
from pipeline.edges.open_data.manifest import manifest, plan_of
from pipeline.edges.open_data.rows import open_rows
from pipeline.edges.open_data.writer import csv_files, document
from pipeline.edges.store.files import read_bytes, read_text, write_atomically, write_parts, written_of
from pipeline.run.labels import consolidated_spec
from pipeline.run.workspace import SCHEMAS, Setting
from pipeline.spec.open_data import FILE, load_open_data
from pipeline.spec.tables import Edition, Tables

OPEN_DATA = "du-lieu"
MANIFEST = "manifest.json"
_RULES = ("messages.toml", "wording.toml", "consolidated.toml", "trang.toml", "trang.html", FILE)
_DECISION = ["number", "kind", "day", "reason", "standing"]


def publish_open_data(
    chosen: Setting, pages: Tables, kept: Kept, edition: Edition, beside: Mapping[str, bytes]
) -> Mapping[str, Path]:
    """Write the open data of the setting's period, and the manifest, which comes last; returns where each
    lies, by name.

    `beside` are the files that lie beside the folder, made from `pages`, by their names.
    """
    folder = chosen.workspace.outbox(chosen.period) / OPEN_DATA
    outputs = {f"../{name}": written_of(content) for name, content in beside.items()}
    files = {name: write_parts(folder / name, parts) for name, parts in _open_files(chosen, pages)}
    version = {"number": edition.number, "is_draft": edition.is_draft}
    header = _header(chosen) | {"plan": _plan(chosen), "edition": version}
    said = manifest(header, kept.submissions, _decisions(pages), _rules(), outputs | files)
    write_atomically(folder / MANIFEST, said)
    return {name: folder / name for name in (*files, MANIFEST)}


def is_by_this_plan(chosen: Setting) -> bool:
    """Whether the draft of the setting's period was made by its plan, as the manifest says, which is written
    last. Without a manifest nobody knows."""
    path = chosen.workspace.outbox(chosen.period) / OPEN_DATA / MANIFEST
    return path.is_file() and plan_of(read_bytes(path)) == _plan(chosen)["sha256"]


def _open_files(chosen: Setting, pages: Tables) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Name and content, in parts, of each file but the manifest."""
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
    yield from csv_files(rows, spec, looks)
    yield f"tong-hop-{chosen.period}.json", document(rows, header)
    yield FILE, [spec.text.encode()]


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


def _plan(chosen: Setting) -> dict[str, object]:
    """The plan that was used, as it is sealed in the archive."""
    sha256 = hashlib.sha256(chosen.plan_text.encode()).hexdigest()
    return {"id": chosen.plan.id, "version": chosen.plan.version, "sha256": sha256}


def _decisions(pages: Tables) -> list[Mapping[str, object]]:
    """The officer's decisions that concern the month, without ways to reach a person."""
    frame = pages.frames["decisions"]
    reasons = frame["reason"].map(without_contacts)
    return frame.assign(reason=reasons)[_DECISION].to_dict(orient="records")  # type: ignore[return-value]


def _rules() -> dict[str, bytes]:
    """The data files beside the plan that say how figures come about, by name."""
    forms = [path.name for path in SCHEMAS.glob("template-v*.toml")]
    return {name: read_bytes(SCHEMAS / name) for name in (*forms, *_RULES)}

"""The import of a folder of files that people wrote, each by its own import.

The other files are read even if one has a fault, so that all faults of the folder are reported at once. A
cell that names something of a faulty file is no fault: it may be there once that file is right.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app.files.faults import Fault, Unreadable, suggestion
from app.files.imported import Imported
from app.files.opening import content_of
from app.files.progress import Tell
from app.files.toml_files import parsed
from app.findings.freezing import freeze_closed
from app.imports.kinds import ENDINGS, KINDS, WHOLE_FILE, Kind
from app.names import folded
from app.refusal import Refused

TOOL, CYCLE = "tool", "cycle"
_STEMS = [kind.stem for kind in KINDS]


def take_in_files(folder: Path, on: date, tell: Tell) -> tuple[list[Fault], list[Imported]]:
    """Take in all files of a folder on the day `on`, in the caller's transaction. Return their faults,
    and their outcomes.

    Audits that name no cycle belong to the folder's only one. Cycles that are closed are frozen at the end.
    Where anything is wrong the caller undoes it all. Raises Refused where there is nothing to import.
    """
    files, faults = _files_in(folder)
    outcomes = []
    at_fault: dict[str, str] = {}
    cycle = _only_cycle(files[CYCLE])
    for kind in KINDS:
        for path in files[kind.stem]:
            outcome = kind.take_in(path, on=on, cycle=cycle, tell=tell)
            faults += _own_faults(outcome, kind, at_fault)
            if outcome.refused:
                at_fault[kind.name] = path.name
            outcomes.append(outcome)
    if not faults:
        freeze_closed(on)
    return faults, outcomes


def _own_faults(outcome: Imported, kind: Kind, at_fault: Mapping[str, str]) -> list[Fault]:
    """Return the faults of a file without those that may come from the faults of another, which is named.

    `at_fault` are the names of faulty files by kind.
    """
    own: list[Fault] = []
    faulty: set[str] = set()
    for fault in outcome.faults:
        place = fault.column or fault.key or (WHOLE_FILE if fault.row is None else None)
        named = kind.names.get(place) if place is not None else None
        if named is not None and named in at_fault:
            faulty.add(at_fault[named])
        else:
            own.append(fault)
    for other in sorted(faulty):
        why = f"what it takes from {other} can be checked when that file has no errors"
        own.append(Fault(file=outcome.file, why=why))
    return own


def _files_in(folder: Path) -> tuple[dict[str, list[Path]], list[Fault]]:
    """Return the files of each kind in the order of import, and the faults of those of no kind."""
    files: dict[str, list[Path]] = {stem: [] for stem in _STEMS}
    faults = []
    for path in sorted(folder.iterdir()):
        suffix, stem = path.suffix.lower(), folded(path.stem)
        if suffix not in ENDINGS:
            continue
        kind = next((kind for kind in KINDS if kind.is_file(stem, suffix)), None)
        if kind is None:
            why = f"is not a file that import all reads{suggestion(path.stem, _STEMS)}"
            faults.append(Fault(file=path.name, why=why))
        elif files[kind.stem] and kind.table:
            faults.append(
                Fault(file=path.name, why=f"is in the folder twice, also as {files[kind.stem][0].name}")
            )
        else:
            files[kind.stem].append(path)
    if not any(files.values()) and not faults:
        raise Refused(f"{folder} has no file to import. It can have {', '.join(_STEMS)} (CSV, XLSX or TOML).")
    files[TOOL].sort(key=lambda path: str(_toml_table(path, TOOL).get("version", "")).zfill(9))
    files[CYCLE].sort(key=lambda path: str(_toml_table(path, CYCLE).get("requested_on", "")))
    return files, faults


def _only_cycle(paths: Sequence[Path]) -> str | None:
    """Return the reference of the only cycle; None if there are several or none."""
    reference = _toml_table(paths[0], CYCLE).get("reference") if len(paths) == 1 else None
    return reference.strip() if isinstance(reference, str) else None


def _toml_table(path: Path, table: str) -> dict[str, Any]:
    """Return a table of a toml file, as far as it can be read; its import reports the faults."""
    try:
        values = parsed(content_of(path)).get(table)
    except Unreadable:
        return {}
    return values if isinstance(values, dict) else {}

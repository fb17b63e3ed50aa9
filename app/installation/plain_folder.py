"""Taking in a folder of files that people wrote, each by its own import.

Files are read on where one has a fault, so that everything wrong with the folder is said at once. Where a
cell names what such a file has, that is no fault of its own: it may well be there once the other is right.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app.files.faults import Fault, folded, nearest
from app.files.imported import Imported
from app.files.progress import Tell
from app.findings.freezing import freeze_closed
from app.imports.kinds import KINDS, WHOLE_FILE, Kind
from app.refusal import Refused

TOOL, CYCLE = "tool", "cycle"
_STEMS = [kind.stem for kind in KINDS]


def take_in_files(folder: Path, on: date, tell: Tell) -> tuple[list[Fault], list[str]]:
    """Take in all files of a folder on the day `on`, in the caller's transaction. Return their faults,
    and what was done in lines.

    Audits that name no cycle belong to the folder's only one. Cycles that are closed are frozen at the end.
    Where anything is wrong the caller undoes it all. Raises Refused where there is nothing to import.
    """
    files, faults = _files_in(folder)
    lines = []
    at_fault: dict[str, str] = {}
    cycle = _only_cycle(files[CYCLE])
    for kind in KINDS:
        for path in files[kind.stem]:
            outcome = kind.take_in(path, on=on, cycle=cycle, tell=tell)
            faults += _own_faults(outcome, kind, at_fault)
            if outcome.refused:
                at_fault[kind.name] = path.name
            lines.append(str(outcome))
    if not faults:
        freeze_closed(on)
    return faults, lines


def _own_faults(outcome: Imported, kind: Kind, at_fault: Mapping[str, str]) -> list[Fault]:
    """Return the faults of a file, less those that may come from the faults of another, which is named.

    `at_fault` has a file with a fault for each kind that has one.
    """
    own: list[Fault] = []
    others: set[str] = set()
    for fault in outcome.faults:
        place = fault.column or fault.key or (WHOLE_FILE if fault.row is None else None)
        named = kind.names.get(place) if place is not None else None
        if named is not None and named in at_fault:
            others.add(at_fault[named])
        else:
            own.append(fault)
    for other in sorted(others):
        why = f"what it names of {other} can be checked once that file has no fault"
        own.append(Fault(file=outcome.file, why=why))
    return own


def _files_in(folder: Path) -> tuple[dict[str, list[Path]], list[Fault]]:
    """Return the files of each kind in the order of taking them in, and faults of those of no kind."""
    files: dict[str, list[Path]] = {stem: [] for stem in _STEMS}
    faults = []
    for path in sorted(folder.iterdir()):
        suffix, stem = path.suffix.lower(), folded(path.stem)
        if suffix == ".toml":
            stems = [kind.stem for kind in KINDS if not kind.table and stem.startswith(kind.stem)]
        elif suffix in (".csv", ".xlsx"):
            stems = [kind.stem for kind in KINDS if kind.table and stem == kind.stem]
        else:
            continue
        if not stems:
            why = f"is not a file that import all reads; the nearest is {nearest(path.stem, _STEMS)}"
            faults.append(Fault(file=path.name, why=why))
        elif files[stems[0]] and suffix != ".toml":
            faults.append(Fault(file=path.name, why=f"is there as {files[stems[0]][0].name} as well"))
        else:
            files[stems[0]].append(path)
    if not any(files.values()) and not faults:
        raise Refused(f"{folder} holds no file to import: it reads {', '.join(_STEMS)} (csv, xlsx or toml).")
    files[TOOL].sort(key=lambda path: str(_toml_table(path, TOOL).get("version", "")).zfill(9))
    files[CYCLE].sort(key=lambda path: str(_toml_table(path, CYCLE).get("requested_on", "")))
    return files, faults


def _only_cycle(paths: Sequence[Path]) -> str | None:
    """Return the reference of the only cycle; None where there are several, or none."""
    reference = _toml_table(paths[0], CYCLE).get("reference") if len(paths) == 1 else None
    return reference.strip() if isinstance(reference, str) else None


def _toml_table(path: Path, table: str) -> dict[str, Any]:
    """Return that table of a toml file, as far as it can be read; its import tells its faults."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig")).get(table)
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}

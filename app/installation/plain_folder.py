"""Taking in a folder of files that somebody wrote, each by its own import.

Files are read on where one has a fault, so that everything wrong with the folder is said at once. Where a
cell names what such a file has, that is no fault of its own: it may well be there once the other is right.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from app.actions.importing_actions import import_actions
from app.actions.importing_recommendations import import_recommendations
from app.answers.importing import import_answers
from app.answers.importing_context import import_context
from app.audit_files.audits import import_audits
from app.audit_files.chases import import_chases
from app.cycles.importing import import_cycle
from app.files.faults import Fault, folded, nearest
from app.files.imported import Imported
from app.files.progress import Tell, silent
from app.findings.freezing import freeze_closed
from app.people.importing import import_closures, import_leave
from app.people.importing_staff import import_staff
from app.quick_wins.importing import import_quick_wins
from app.refusal import Refused
from app.tools.importing import import_tool

STAFF, TOOL, CYCLE, AUDITS = "staff", "tool", "cycle", "audits"
RECOMMENDATIONS, ACTIONS = "recommendations", "actions"
WHOLE_FILE = ""

_TABLES, _TOML = (".csv", ".xlsx"), ".toml"


@dataclass(frozen=True)
class Kind:
    """A kind of file: its import, and which of its columns or keys name what a file of another kind has."""

    name: str
    take_in: Callable[[Path], Imported]
    names: Mapping[str, str]


def take_in_files(folder: Path, on: date, tell: Tell) -> tuple[list[Fault], list[str]]:
    """Take in all files of a folder on the day `on`, in the caller's transaction; their faults, and in lines
    what was done.

    Audits that name no cycle belong to the folder's only one. Cycles that are closed are frozen at the end.
    Where anything is wrong the caller undoes it all. Raises Refused where there is nothing to import.
    """
    files, faults = _files_in(folder)
    said = []
    at_fault: dict[str, str] = {}
    for kind in _kinds(on, _only_cycle(files[CYCLE]), tell):
        for path in files[kind.name]:
            outcome = kind.take_in(path)
            faults += _own_faults(outcome, kind, at_fault)
            if outcome.refused:
                at_fault[kind.name] = path.name
            said.append(str(outcome))
    if not faults:
        freeze_closed(on)
    return faults, said


def _kinds(on: date, cycle: str | None, tell: Tell) -> Sequence[Kind]:
    """In the order in which they need one another."""
    return (
        Kind(STAFF, import_staff, {}),
        Kind("leave", import_leave, {"email": STAFF, "deputy_email": STAFF}),
        Kind("closures", import_closures, {}),
        Kind(TOOL, import_tool, {}),
        Kind(
            CYCLE,
            import_cycle,
            {"cycle / tool": TOOL, "cycle / tool_version": TOOL, "cycle / comparable_with": CYCLE},
        ),
        Kind(
            AUDITS,
            partial(import_audits, on=on, cycle=cycle, tell=tell),
            {"lead_auditor": STAFF, "second_auditor": STAFF, "cycle": CYCLE, WHOLE_FILE: CYCLE},
        ),
        Kind("answers", import_answers, {"audit_reference": AUDITS, "question": TOOL}),
        Kind("context", import_context, {"audit_reference": AUDITS}),
        Kind("chases", import_chases, {"audit_reference": AUDITS, "by": STAFF}),
        Kind(RECOMMENDATIONS, import_recommendations, {"cycle": CYCLE, "owner": STAFF}),
        Kind(
            ACTIONS,
            import_actions,
            {"recommendation": RECOMMENDATIONS, "question": TOOL, "owner": STAFF, "signed_off_by": STAFF},
        ),
        Kind(
            "quick_wins",
            import_quick_wins,
            {"action": ACTIONS, "question": TOOL, "audience_teams": STAFF},
        ),
    )


def _own_faults(outcome: Imported, kind: Kind, at_fault: Mapping[str, str]) -> list[Fault]:
    """The faults of a file, less those that may come from the faults of another; it is said which that is.

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
    """The files of each kind, in the order in which they are taken in, and faults of those of no kind."""
    kinds = [kind.name for kind in _kinds(date.min, None, silent)]
    files: dict[str, list[Path]] = {name: [] for name in kinds}
    faults = []
    for path in sorted(folder.iterdir()):
        suffix, stem = path.suffix.lower(), folded(path.stem)
        if suffix == _TOML:
            kind = next((name for name in (TOOL, CYCLE) if stem.startswith(name)), None)
        elif suffix in _TABLES:
            kind = stem if stem in kinds and stem not in (TOOL, CYCLE) else None
        else:
            continue
        if kind is None:
            why = f"is not a file that import all reads; the nearest is {nearest(path.stem, kinds)}"
            faults.append(Fault(file=path.name, why=why))
        elif files[kind] and suffix != _TOML:
            faults.append(Fault(file=path.name, why=f"is there as {files[kind][0].name} as well"))
        else:
            files[kind].append(path)
    if not any(files.values()) and not faults:
        raise Refused(f"{folder} holds no file to import: it reads {', '.join(kinds)} (csv, xlsx or toml).")
    files[TOOL].sort(key=lambda path: str(_told(path, TOOL).get("version", "")).zfill(9))
    files[CYCLE].sort(key=lambda path: str(_told(path, CYCLE).get("requested_on", "")))
    return files, faults


def _only_cycle(paths: Sequence[Path]) -> str | None:
    """The reference of the only cycle; None where there are several, or none."""
    reference = _told(paths[0], CYCLE).get("reference") if len(paths) == 1 else None
    return reference.strip() if isinstance(reference, str) else None


def _told(path: Path, table: str) -> dict[str, Any]:
    """What a toml file says in that table, as far as it can be read; its import tells its faults."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig")).get(table)
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}

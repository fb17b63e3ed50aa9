"""Whether the files beside the folder `kept` are those of the export, and where they differ."""

from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from app.files.progress import silent
from app.installation.exporting import write_table_files
from app.installation.faults import Faults
from app.installation.kept import FOLDER, file_of, kept_tables
from app.installation.manifest import Manifest, mark_of
from app.installation.reading import records_in

READ_BY_IMPORT = frozenset({".csv", ".xlsx", ".toml"})

_CHANGED = "is not as it was exported"
_STRANGE = "is not a file of this export"


def refuse_strangers(folder: Path, manifest: Manifest, faults: Faults) -> None:
    """Files that the export did not have: whoever put them there means them to be read."""
    known = {*manifest.files, *(file_of(table) for table in kept_tables())}
    for path in sorted([*folder.iterdir(), *(folder / FOLDER).iterdir()]):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() in READ_BY_IMPORT and name not in known:
            faults.refuse(name, _STRANGE)


def refuse_changed_files(folder: Path, manifest: Manifest, faults: Faults) -> None:
    """Files that do not say what the folder `kept` says, by row where the installation holds that by now."""
    changed = []
    for name, mark in manifest.files.items():
        if not (folder / name).is_file():
            faults.refuse(name, "there is no such file")
        elif mark_of(folder / name) != mark:
            changed.append(name)
    if faults.told:
        for name in changed:
            faults.refuse(name, _CHANGED)
    elif changed:
        with TemporaryDirectory() as exported:
            write_table_files(Path(exported), silent)
            for name in changed:
                if not (Path(exported) / name).exists():
                    faults.refuse(name, _STRANGE)
                elif name.endswith(".csv"):
                    _refuse_rows(folder, Path(exported), name, faults)
                else:
                    _refuse_lines(folder, Path(exported), name, faults)


def _refuse_rows(folder: Path, exported: Path, name: str, faults: Faults) -> None:
    headings: list[str] = []
    told, wanted = records_in(folder, name, faults), records_in(exported, name, faults)
    for is_, was in zip_longest(told, wanted):
        if is_ is None:
            faults.refuse(name, f"ends above row {was[0]:,}: rows that were exported are missing")
            return
        number, cells = is_
        if was is None:
            faults.refuse(name, "is a row that was not exported", number)
            continue
        headings = headings or was[1]
        if len(cells) != len(headings):
            faults.refuse(name, _CHANGED, number)
            continue
        for heading, cell, exported_cell in zip(headings, cells, was[1], strict=True):
            if cell != exported_cell:
                faults.refuse(name, _CHANGED, number, heading)


def _refuse_lines(folder: Path, exported: Path, name: str, faults: Faults) -> None:
    try:
        told = (folder / name).read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        faults.refuse(name, "is not text in UTF-8")
        return
    wanted = (exported / name).read_text(encoding="utf-8").splitlines()
    for number, (line, was) in enumerate(zip_longest(told, wanted), start=1):
        if line != was:
            faults.refuse(name, f"line {number} {_CHANGED}")
            return

"""The manifest of an export: the SHA-256 of each file, so that damage is found before anything is read."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from app.files.faults import Fault, Unreadable
from app.imports.kinds import ENDINGS
from app.installation.kept import FOLDER, file_of, kept_tables

NAME = f"{FOLDER}/export.json"
"""The manifest is written last: an export without it was interrupted."""


@dataclass(frozen=True)
class Manifest:
    """The version of the database that was exported, and the SHA-256 of each file in hexadecimal."""

    database: str
    files: Mapping[str, str]

    def text(self) -> str:
        """Return the manifest as its file has it."""
        return json.dumps(asdict(self), indent=1) + "\n"


def manifest_in(folder: Path) -> Manifest:
    """Read the manifest of an export. Raises Unreadable."""
    try:
        manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return Manifest(str(manifest["database"]), dict(manifest["files"]))
    except FileNotFoundError:
        raise Unreadable("the file was not found: the export did not finish") from None
    except OSError as error:
        raise Unreadable(f"the file cannot be opened ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unreadable("has changed since it was exported") from None


def damage_in(folder: Path, manifest: Manifest) -> list[Fault]:
    """Find the files that are missing, that are not as they were exported, or that were not exported."""
    files = {
        path.relative_to(folder).as_posix(): path
        for path in (*folder.iterdir(), *(folder / FOLDER).iterdir())
        if path.suffix.lower() in ENDINGS
    }
    exported = {*manifest.files, *(file_of(table) for table in kept_tables())}
    faults = []
    for name in sorted(exported | files.keys()):
        if name not in files:
            faults.append(Fault(file=name, why="the file was not found"))
        elif name not in exported:
            faults.append(Fault(file=name, why="is not part of this export"))
        elif why := _damage(files[name], manifest.files.get(name)):
            faults.append(Fault(file=name, why=why))
    return faults


def _damage(path: Path, digest: str | None) -> str | None:
    try:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == digest:
                return None
    except OSError as error:
        return f"the file cannot be opened ({error.strerror})"
    return "has changed since it was exported"

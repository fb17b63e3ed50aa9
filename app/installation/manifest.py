"""What an export says of itself, so that a copy of it that is not whole is known."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from app.installation.faults import Faults
from app.installation.kept import FOLDER

NAME = f"{FOLDER}/export.json"
"""Written last: an export without it was broken off."""


@dataclass(frozen=True)
class Manifest:
    """The version of the database, how many rows of each table were kept, and the files that import reads."""

    database: str
    rows: Mapping[str, int]
    files: Mapping[str, str]
    """The files beside the folder `kept`, each with its SHA-256 in hexadecimal."""

    def text(self) -> str:
        """The manifest as its file has it."""
        return json.dumps(asdict(self), indent=1) + "\n"


def manifest_in(folder: Path, faults: Faults) -> Manifest | None:
    """The manifest of an export; None, and a fault, where there is none that can be read."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = {str(name): str(mark) for name, mark in told["files"].items()}
        if any(Path(name).name != name for name in files):
            raise ValueError(NAME)
        rows = {str(name): int(count) for name, count in told["rows"].items()}
        return Manifest(str(told["database"]), rows, files)
    except FileNotFoundError:
        faults.refuse(NAME, "there is no such file: the export was broken off before its end")
    except OSError as error:
        faults.refuse(NAME, f"the file cannot be opened ({error.strerror})")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        faults.refuse(NAME, "is not as it was exported")
    return None


def mark_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

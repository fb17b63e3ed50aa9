"""Sending in files that mean harm, one after the other: how long the slowest takes, as JSON.

python -m tests.bench.hostile_files FOLDER DAY
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

from app import create_app
from app.files.faults import Unreadable
from app.files.sandbox import refuse_unsound
from app.imports.kinds import KINDS
from config.settings import from_environment
from tests.bench.installation import environment
from tests.imports.hostile import CSV, TOML, XLSX, Make

KIND_OF = {kind.name: kind for kind in KINDS}


def main() -> None:
    """Look through each file, and take in (as a trial) what is not refused by that."""
    folder, _on = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    folder.mkdir(parents=True)
    app = create_app(from_environment(environment(str(folder))))
    with app.app_context():
        took = [
            _seconds(folder / f"sent{ending}", kind, make)
            for ending, kind, files in (
                (".csv", "closures", CSV),
                (".xlsx", "closures", XLSX),
                (".toml", "tool", TOML),
            )
            for make in files.values()
        ]
    print(json.dumps({"files": len(took), "slowest": max(took)}))


def _seconds(path: Path, kind: str, make: Make) -> float:
    path.write_bytes(make())
    began = time.perf_counter()
    try:
        refuse_unsound(path)
    except Unreadable:
        pass
    else:
        KIND_OF[kind].take_in(path, on=date(2010, 11, 1), dry_run=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

"""Exporting 100,000 audits and importing them, as an export and as files that somebody wrote, or moving them
to PostgreSQL.

    python -m tests.bench.moving FOLDER DAY (--export DIR | --import DIR | --files DIR | --move URL)

One command in a process of its own, on the installation in that folder: its seconds and its peak memory, as
JSON. `--files` imports an export without what it alone keeps, so that each file goes through its own import.
"""

import argparse
import csv
import json
import os
import resource
import shutil
import tempfile
import time
from pathlib import Path

from app.commands import main as practice_audits
from app.example.loading import FIRST_CYCLE
from tests.bench.installation import environment


def written_by_hand(export: Path, folder: Path) -> Path:
    """The files of an export alone, with what the made installation lacks: a tool with questions, auditors
    who are in no team and so in none whose cases they audit."""
    shutil.copytree(export, folder, ignore=shutil.ignore_patterns("kept", "tool-*"))
    tool = (FIRST_CYCLE / "tool.toml").read_text(encoding="utf-8")
    (folder / "tool.toml").write_text(tool.replace('"child-protection"', '"case-file"'), encoding="utf-8")
    with (folder / "staff.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    with (folder / "staff.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(people[0]))
        writer.writeheader()
        writer.writerows({**person, "team": ""} for person in people)
    return folder


def main() -> None:
    """Run the command and say how it went."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder")
    arguments.add_argument("day")
    which = arguments.add_mutually_exclusive_group(required=True)
    which.add_argument("--export", type=Path)
    which.add_argument("--import", type=Path, dest="import_")
    which.add_argument("--files", type=Path)
    which.add_argument("--move")
    given = arguments.parse_args()
    os.environ.update(environment(given.folder))
    with tempfile.TemporaryDirectory() as temporary:
        if given.export:
            words = ["export", str(given.export)]
        elif given.move:
            words = ["move", given.move]
        else:
            folder = given.import_ or written_by_hand(given.files, Path(temporary) / "files")
            words = ["import", "all", str(folder)]
        began = time.perf_counter()
        practice_audits(words, standalone_mode=False)
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main()

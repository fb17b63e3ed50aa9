"""The removal of the texts of a cycle of 500 audits, on both databases: `python -m tests.bench.removal`.

Every text of the cycle has a word of its own. Afterwards the files of the database are searched for these
words as bytes, and its figures and final report are compared with those before.
"""

import os
import re
import tempfile
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from app import create_app
from app.database import db
from app.migrating import migrate
from app.retention import nightly, removing
from app.retention.models import Removal
from tests.conftest import settings_in
from tests.postgresql import Server
from tests.retention.canaries import ON, a_cycle_of_canaries
from tests.retention.test_removing import figures, left, make_final

AUDITS = int(os.environ.get("AUDITS", "500"))
CANARY = re.compile(rb"canary[0-9]{7}x")


def main() -> None:
    """Remove on SQLite, then on PostgreSQL, and print what was found."""
    with tempfile.TemporaryDirectory() as folder:
        look("SQLite", create_app(settings_in(Path(folder))), Path(folder))
    with tempfile.TemporaryDirectory(prefix="postgresql-") as place:
        server = Server(Path(place))
        try:
            with server.database() as url, tempfile.TemporaryDirectory() as folder:
                application = create_app(settings_in(Path(folder), DATABASE_URL=url))
                look("PostgreSQL", application, Path(place) / "data" / "base")
        finally:
            server.stop()


def look(name: str, application: Flask, files: Path) -> None:
    """Make the cycle, remove its texts, and search the files for them."""
    with application.app_context():
        migrate()
        scene = a_cycle_of_canaries(AUDITS)
        make_final(scene)
        before, words = figures(scene), scene.canaries.gone
        written_out()
        there = len(found_in(files, words))
        began = time.perf_counter()
        removal = removing.remove("2010-1", by="cora@council.example", on=ON)
        took = time.perf_counter() - began
        assert removal is not None
        began = time.perf_counter()
        nightly.compact()
        compacted = time.perf_counter() - began
        written_out()
        assert db.session.get_one(Removal, removal.id).compacted_at is not None
        same = sum(figures(scene)[part] == before[part] for part in before)
        print(f"{name}: {AUDITS} audits, {sum(removal.counts.values()):,} things removed in {took:.1f} s,")
        print(f"  written over in {compacted:.1f} s;")
        print(f"  {there:,} of {len(words):,} words were in the files before,")
        print(f"  {len(left(scene))} in a table and {len(found_in(files, words))} in the files after;")
        print(f"  {same} of {len(before)} figures and reports to the letter as before")
        for kind, number in removal.counts.items():
            print(f"    {kind}: {number:,}")
        db.session.remove()
        db.engine.dispose()


def written_out() -> None:
    """Make PostgreSQL write all that it holds in memory into its files."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))


def found_in(files: Path, words: dict[str, str]) -> set[str]:
    """Return the words that any file has."""
    content = b"\n".join(path.read_bytes() for path in files.rglob("*") if path.is_file())
    return words.keys() & {word.decode() for word in CANARY.findall(content)}


if __name__ == "__main__":
    main()

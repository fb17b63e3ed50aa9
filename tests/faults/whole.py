"""The promise of whole or not at all: runs, imports, migrations and backups, killed or on a full disk."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, inspect, select, text

from app.audits.models import Audit
from app.copies_at_work import PREFIX
from app.database import db
from app.migrating import current, head
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.faults.places import SQLITE, New, Place, a_name, killed_within, seconds_of
from tests.faults.scenario import Scenario
from tests.imports.conftest import HEADING, a_row
from tests.migrations.test_migrations import go

FRIDAY = date(2010, 11, 12)
AUDITORS, AUDITS = 12, 36
ROWS = 400
EARLIER = "0033"
"""A version of the database from which the newest is reached by several migrations."""
TOO_LITTLE = {SQLITE: (100_000, 400_000), "postgresql": (1_050_000, 1_150_000)}
"""Sizes of the longest file that programs may write, with which an import ends in a full disk."""


def with_audits(place: Place) -> Place:
    """Fill a place with people and audits, of which many are due on the Friday."""
    with place.opened():
        manager = a_person("Maeve Corrigan", roles=["manager"])
        a_person("Jack Denny", roles=["coordinator"])
        names = ("Ada", "Ben", "Cal", "Dot", "Eve", "Fay", "Gus", "Hal", "Ivy", "Joe", "Kit", "Lou")
        auditors = [a_person(f"{name} Auditor", manager=manager) for name in names[:AUDITORS]]
        cycle = a_cycle("2010-1")
        for number in range(AUDITS):
            an_audit(
                f"CP-{number:03}",
                cycle=cycle,
                lead=auditors[number % AUDITORS],
                second=auditors[(number + 1) % AUDITORS],
                due_on=FRIDAY - timedelta(days=number % 9 - 2),
            )
    return place


def working_days(first: date) -> Iterator[date]:
    """Yield Mondays to Fridays from a day on."""
    day = first
    while True:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


def kill_runs(new: New, times: int, chance: Random) -> str:
    """Kill daily runs, do them again, and hold all messages against those of runs that nobody killed."""
    place = with_audits(new())
    twin = new(of=place)
    landed = days = 0
    for day in working_days(FRIDAY):
        run = ("remind", "--no-deliver", "--on", day)
        seconds = seconds_of(lambda: twin.run(*run))  # noqa: B023
        while landed < times and killed_within(place.start(*run), seconds, chance):
            landed += 1
        place.run(*run)
        assert place.messages() == twin.messages(), f"other messages on {day}"
        days += 1
        if landed >= times:
            break
    assert place.history_is_whole()
    return f"{landed} kills on {days} days, {place.messages().total()} messages as without"


def a_file(place: Place, prefix: str, rows: int) -> Path:
    """Write a file of so many audits."""
    path = place.folder / f"{prefix}.csv"
    lines = [
        a_row(reference=f"{prefix}-{number:05}", case_reference=f"{prefix}{number}") for number in range(rows)
    ]
    path.write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
    return path


def for_imports(place: Place) -> Place:
    """Prepare a place for files of audits."""
    with place.opened():
        a_person("Lena Lead", team="Crewe")
        a_person("Sam Second", team="Safeguarding Unit")
        a_cycle("2010-1")
    return place


def imported(place: Place, prefix: str) -> int:
    """Return the number of audits that are there of a file."""
    with place.opened():
        number = db.session.scalar(
            select(func.count()).select_from(Audit).where(Audit.reference.startswith(prefix))
        )
    return number or 0


CYCLE = ("--cycle", "2010-1")


def kill_migrations(new: New, times: int, chance: Random) -> str:
    """Kill migrations; the database is of the earlier version or of the newest, with all rows."""
    earlier = with_audits(new())
    with earlier.opened():
        go(EARLIER, down=True)
    at_rest(earlier)
    done = new(of=earlier)
    seconds = seconds_of(lambda: done.run("migrate"))
    whole = shape_of(done)
    before = shape_of(earlier)
    landed = unchanged = 0
    while landed < times:
        place = new(of=earlier)
        landed += killed_within(place.start("migrate"), seconds, chance)
        with place.opened():
            version = current()
        assert version in (EARLIER, head()), version
        assert shape_of(place) == (before if version == EARLIER else whole)
        unchanged += version == EARLIER
        assert head() in place.run("migrate")
        assert shape_of(place) == whole
        assert place.history_is_whole()
    return f"{landed} kills, {unchanged} times the earlier version, else the newest"


def shape_of(place: Place) -> dict[str, tuple[int, list[str]]]:
    """Return the number of rows and the columns of every table."""
    with place.opened(), db.engine.connect() as connection:
        tables = inspect(connection)
        return {
            name: (
                connection.execute(text(f'select count(*) from "{name}"')).scalar_one(),  # noqa: S608
                sorted(column["name"] for column in tables.get_columns(name)),
            )
            for name in tables.get_table_names()
        }


def at_rest(place: Place) -> None:
    """Write SQLite's log of changes into its file, so that the file can be copied."""
    if place.kind == SQLITE:
        with place.opened(), db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")


def kill_backups(new: New, times: int, chance: Random) -> str:
    """Kill backups; there is a whole one or none, and nothing else is left behind for long."""
    place = with_audits(new())
    first = place.folder / "first.backup"
    seconds = seconds_of(lambda: place.run("backup", first))
    landed = whole = 0
    while landed < times:
        path = place.folder / f"{a_name()}.backup"
        landed += killed_within(place.start("backup", path), seconds, chance)
        if path.exists():
            comes_back(path, new)
            whole += 1
    last = place.folder / "last.backup"
    place.run("backup", last)
    comes_back(last, new)
    left = [path.name for path in place.folder.glob(f"{PREFIX}*")]
    assert left == [], f"copies of the database are left: {left}"
    return f"{landed} kills, {whole} whole backups, else none"


def comes_back(backup: Path, new: New) -> None:
    """Restore a backup and count what came back."""
    copy = new()
    copy.run("restore", backup)
    with copy.opened():
        assert db.session.scalar(select(func.count()).select_from(Audit)) == AUDITS
        assert db.session.scalar(select(func.count()).select_from(Person)) == AUDITORS + 2
    assert copy.history_is_whole()


@contextmanager
def no_file_longer_than(place: Place, most_bytes: int) -> Iterator[int | None]:
    """Let the database write no longer files inside. Yields the limit for programs that write themselves."""
    if place.server is None:
        yield most_bytes
        return
    place.server.restart(signal.SIGINT, most_bytes)
    try:
        yield None
    finally:
        place.server.restart(signal.SIGINT)


def import_on_a_full_disk(new: New, times: int, chance: Random) -> str:
    """Import where the database cannot grow enough, then where it can."""
    place = for_imports(new())
    said = ""
    for _ in range(times):
        prefix = a_name()
        file = a_file(place, prefix, 6 * ROWS)
        with no_file_longer_than(place, chance.randrange(*TOO_LITTLE[place.kind])) as most_bytes:
            said = place.refused("import", "audits", file, *CYCLE, most_bytes=most_bytes)
        assert imported(place, prefix) == 0
    place.run("import", "audits", file, *CYCLE)
    assert imported(place, prefix) == 6 * ROWS
    assert place.history_is_whole()
    return f"{times} refusals: {said.strip().splitlines()[-1]}"


def back_up_on_a_full_disk(new: New, times: int, chance: Random) -> str:
    """Back up where the file cannot grow enough, then where it can."""
    place = with_audits(new())
    said = ""
    for _ in range(times):
        path = place.folder / f"{a_name()}.backup"
        said = place.refused("backup", path, most_bytes=chance.randrange(100_000, 500_000))
        left = [each.name for each in (*place.folder.glob(f"{path.name}*"), *place.folder.glob(f"{PREFIX}*"))]
        assert left == [], left
    last = place.folder / "last.backup"
    place.run("backup", last)
    comes_back(last, new)
    return f"{times} refusals: {said.strip().splitlines()[-1]}"


WHOLE = (
    Scenario(
        "kill-run",
        "The messages are those of a run that nobody killed",
        "the daily run is killed",
        kill_runs,
        1,
        20,
    ),
    Scenario(
        "kill-migration", "The earlier version or the newest", "a migration is killed", kill_migrations, 1, 20
    ),
    Scenario("kill-backup", "A backup that restores, or none", "a backup is killed", kill_backups, 1, 20),
    Scenario(
        "full-disk-import",
        "Whole or not at all, and said",
        "the disk is full during an import",
        import_on_a_full_disk,
        1,
        5,
    ),
    Scenario(
        "full-disk-backup",
        "A backup that restores, or a refusal",
        "the disk is full during a backup",
        back_up_on_a_full_disk,
        1,
        5,
    ),
)

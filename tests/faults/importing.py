"""The promise of whole or not at all, and said: imports as large as a region's, killed at any moment."""

import time
from datetime import UTC, datetime
from random import Random

from sqlalchemy import select

from app.database import db
from app.imports import running
from app.long_work.carrying_out import MOST_ATTEMPTS, start
from app.long_work.models import LongWork
from app.people.models import Person
from app.waiting_files import keep
from tests.conftest import Browser, let_in
from tests.factories import a_person
from tests.faults.places import POSTGRESQL, New, Place, a_name, killed_within, seconds_of, wait_for
from tests.faults.scenario import Scenario
from tests.faults.warm import Warm
from tests.faults.whole import CYCLE, a_file, for_imports, imported
from tests.pages import visible

ROWS_A_KILL = 5_000
"""20 kills are then of an import of 100,000 rows, and one of a small one."""
LONG = 1200
"""Seconds in which a worker imports 100,000 rows, even on a machine with other work."""
EARLY = datetime(2010, 11, 12, 7, tzinfo=UTC)
"""A time at which workers have no run of the day to do."""


def kill_imports(new: New, times: int, chance: Random) -> str:
    """Kill imports by command; what is there is all of the file or nothing, and another import says which."""
    place, rows = for_imports(new()), ROWS_A_KILL * times
    seconds = seconds_of(lambda: place.run("import", "audits", a_file(place, a_name(), rows), *CYCLE))
    landed = nothing = 0
    while landed < times:
        prefix = a_name()
        file = a_file(place, prefix, rows)
        there = 0
        while landed < times and not there:
            was_killed = killed_within(place.start("import", "audits", file, *CYCLE), seconds, chance)
            there = imported(place, prefix)
            assert there in (0, rows), f"{there} of {rows} rows are there"
            landed += was_killed
            nothing += was_killed and not there
        said = place.run("import", "audits", file, *CYCLE)
        words = f"{rows - there:,} added, 0 changed, {there:,} unchanged"
        assert words in said, said
        assert imported(place, prefix) == rows
    assert place.history_is_whole()
    return f"{landed} kills, {nothing} times nothing, else all {rows:,} rows"


def kill_workers_at_imports(new: New, times: int, chance: Random) -> str:
    """Kill workers at long imports; the next one takes each over, and the page says what became of it."""
    place, rows = for_imports(new()), ROWS_A_KILL * times
    with place.opened():
        a_person("Jack Denny", roles=["coordinator"])
    landed = whole = given_up = 0
    with Warm(place, {}, EARLY) as warm:
        seconds = seconds_of(lambda: _import_under_kills(place, warm, rows, kills=0, chance=chance))
        while landed < times:
            most = min(MOST_ATTEMPTS, times - landed)
            kills, there = _import_under_kills(place, warm, rows, most, chance, seconds)
            landed += kills
            whole += there == rows
            given_up += there == 0
    assert place.history_is_whole()
    return f"{landed} kills; {whole} imports of {rows:,} rows whole, {given_up} times nothing, all said"


def _import_under_kills(
    place: Place, warm: Warm, rows: int, kills: int, chance: Random, seconds: float = 0
) -> tuple[int, int]:
    """Ask for an import and kill its workers, at most so often; return how often, and the rows there."""
    prefix = a_name()
    token = _asked(place, prefix, rows)
    worker, landed = warm.worker(), 0
    _wait_for_attempt(place, token, 1)
    while landed < kills and not _ended(place, token):
        # on PostgreSQL another machine is there already
        other = warm.worker() if place.kind == POSTGRESQL else None
        time.sleep(chance.uniform(0, seconds * 2 / 3))
        worker.kill()
        worker.join()
        landed += not _ended(place, token)
        assert imported(place, prefix) in (0, rows), "a part of the file is there"
        place.time_passes()
        worker = other or warm.worker()
        _wait_for_attempt(place, token, landed + 1)
    wait_for(lambda: _ended(place, token), f"no worker ends the import: {warm.said()}", LONG)
    worker.terminate()
    worker.join()
    there = imported(place, prefix)
    assert there == rows or (there == 0 and landed == MOST_ATTEMPTS), f"{there} rows after {landed}"
    said = _said_on_page(place, token)
    assert (NOTHING if there == 0 else f"Imported {rows:,} audits: {rows:,} added,") in said, said
    return landed, there


NOTHING = f"The service stopped {MOST_ATTEMPTS} times during the import. Nothing was imported."


def _coordinator() -> Person:
    return db.session.scalars(select(Person).where(Person.name == "Jack Denny")).one()


def _asked(place: Place, prefix: str, rows: int) -> str:
    """Ask for the import of a file; return its token."""
    content = a_file(place, prefix, rows).read_bytes()
    with place.opened():
        who = _coordinator()
        sent = {"kind": "audits", "sent_as": "audits.csv", "ending": ".csv", "cycle": "2010-1"}
        token = keep(content, person_id=who.id, **sent)
        start(running.IMPORTS, token, by=_coordinator().email)
    return token


def _progress(place: Place, token: str) -> tuple[int, str | None]:
    with place.opened():
        long = db.session.get_one(LongWork, token)
        return long.attempts, long.ended


def _ended(place: Place, token: str) -> bool:
    return _progress(place, token)[1] is not None


def _wait_for_attempt(place: Place, token: str, number: int) -> None:
    """Wait until a worker begins for that time, or the import has ended."""
    wait_for(
        lambda: _progress(place, token)[0] >= number or _ended(place, token),
        f"no worker begins attempt {number}",
    )


def _said_on_page(place: Place, token: str) -> str:
    """Return what the page of the import says to who asked for it."""
    with place.opened() as app:
        client = let_in(Browser(app, app.response_class), _coordinator())
        assert client.get(f"/imports/{token}").status_code == 302
        return visible(client.get("/imports").get_data(as_text=True))


IMPORTING = (
    Scenario(
        "kill-import", "Whole or not at all, and said", "an import by command is killed", kill_imports, 1, 20
    ),
    Scenario(
        "kill-long-import",
        "Taken over by another worker; whole or not at all, and said",
        "the worker is killed while it imports",
        kill_workers_at_imports,
        1,
        20,
    ),
)

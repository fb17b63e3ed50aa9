"""The promise of a file that is made whole and once: its worker is killed, and another takes it over."""

from random import Random

from sqlalchemy import func, insert, select

from app import waiting_files
from app.audits.models import Audit
from app.database import db, transaction
from app.long_work.carrying_out import rows_done
from app.long_work.models import LongWork
from app.made_files import making, what
from app.people.models import Person
from app.waiting_files import WaitingFile
from tests.factories import a_cycle, a_person, an_audit
from tests.faults.places import New, Place, wait_for
from tests.faults.scenario import Scenario

AUDITS = 6_000
LIST = "/audits?download=csv"


def with_a_long_list(place: Place) -> Place:
    """Fill a place with audits, and a coordinator."""
    with place.opened():
        a_person("Jack Denny", roles=["coordinator"])
        first = an_audit("CP-0000", cycle=a_cycle("2010-1"))
        alike = {
            column: getattr(first, column)
            for column in ("team_id", "cycle_id", "requested_on", "due_on", "first_due_on")
        }
        rows = [alike | {"reference": f"CP-{number:04}", "version": 1} for number in range(1, AUDITS)]
        with transaction():
            db.session.execute(insert(Audit), rows)
    return place


def asked(place: Place) -> str:
    """Ask for the list as a file; return its token."""
    with place.opened():
        wanted = what.asked(LIST)
        assert wanted is not None
        return making.ask(wanted, db.session.scalars(select(Person).where(Person.name == "Jack Denny")).one())


def progress(place: Place, token: str) -> tuple[int, str | None]:
    """Return how many rows are done, and the result."""
    with place.opened():
        work = db.session.get_one(LongWork, token)
        return rows_done(work), work.ended


def content(place: Place, token: str) -> bytes:
    """Return the file that was made, of which there is one."""
    with place.opened():
        assert db.session.scalar(select(func.count()).select_from(WaitingFile)) == 1
        return waiting_files.content_of(db.session.get_one(WaitingFile, token))


def made(place: Place, token: str) -> bytes:
    """Let a worker make the file to its end, and go on for a moment; return the file."""
    worker = place.start("worker")
    try:
        wait_for(lambda: progress(place, token)[1] is not None, "no worker made the file")
    finally:
        worker.terminate()
        place.ended(worker)
    return content(place, token)


def kill_makers(new: New, times: int, chance: Random) -> str:
    """Kill workers in the middle of a file; it comes whole, and once."""
    place = with_a_long_list(new())
    whole = made(place, asked(place))
    assert whole.count(b"\r\n") == AUDITS + 1
    landed = 0
    while landed < times:
        token, rows = asked(place), chance.randrange(1, AUDITS - 1_000)
        worker = place.start("worker")
        wait_for(lambda: _has(place, token, rows), "no worker makes the file")  # noqa: B023
        worker.kill()
        place.ended(worker)
        landed += progress(place, token)[1] is None
        place.time_passes()
        assert made(place, token) == whole, "the file is another than without the kill"
    return f"{landed} kills, each file whole and once, {len(whole):,} bytes"


def _has(place: Place, token: str, rows: int) -> bool:
    done, ended = progress(place, token)
    return done >= rows or ended is not None


LARGE_FILES = (
    Scenario(
        "kill-file",
        "The file comes whole, and once",
        "the worker is killed",
        kill_makers,
        1,
        10,
    ),
)

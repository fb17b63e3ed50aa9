"""Loading the example into an empty installation: the first cycle from its files, then a live second one."""

import csv
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask_security.utils import hash_password
from sqlalchemy import select, update

from app.audits.cycle import Cycle
from app.database import db, transaction
from app.example import live_cycle, plans
from app.files.faults import Fault
from app.files.progress import silent
from app.installation.emptiness import is_empty
from app.installation.plain_folder import take_in_files
from app.people.importing import import_leave
from app.people.importing_staff import import_staff
from app.people.models import Person
from app.refusal import Refused
from app.retention.models import Retention
from app.tools.importing import import_tool

HERE = Path(__file__).parent
FIRST_CYCLE = HERE / "first-cycle"
SECOND_CYCLE = HERE / "second-cycle"

PRINTABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Characters that are not taken for one another."""


def load(on: date, password: str) -> None:
    """Load the example, whole or not at all; `on` is the day around which its second cycle lies.

    Everybody in it gets the password. Raises Refused when the installation is not empty.
    """
    with transaction():
        if not is_empty():
            raise Refused(
                "You can only load the example into an empty database. This one already has people or cycles."
            )
        _load_first_cycle(on)
        _prepare_people(on)
        _must_not(import_tool(SECOND_CYCLE / "tool.toml").faults)
        live_cycle.play(on)
        _keep_its_texts(on)
        # the same hash for all is good enough for invented people; argon2 for each would take seconds
        db.session.execute(update(Person).values(password=hash_password(password)))


def new_password() -> str:
    """Return a random password that can be read aloud."""
    return "-".join("".join(secrets.choice(PRINTABLE) for _ in range(5)) for _ in range(3))


def _load_first_cycle(on: date) -> None:
    """Load the first cycle from its files, frozen: nothing is left of it to be done."""
    faults, _ = take_in_files(FIRST_CYCLE, on, silent)
    _must_not(faults)


def _keep_its_texts(on: date) -> None:
    """Hold the texts of the first cycle, which was reported long ago: the example is there to be read."""
    first = db.session.scalars(select(Cycle).order_by(Cycle.requested_on).limit(1)).one()
    db.session.add(Retention(cycle_id=first.id, held_on=on, held_because="it is part of the example"))


def _prepare_people(on: date) -> None:
    """Prepare people for the second cycle: telephones, training, leave, leaving days."""
    days = live_cycle.days_around(on)
    with TemporaryDirectory() as folder:
        staff, leave = Path(folder) / "staff.csv", Path(folder) / "leave.csv"
        with (FIRST_CYCLE / "staff.csv").open(encoding="utf-8", newline="") as file:
            people = list(csv.DictReader(file))
        _write(
            staff,
            [
                {
                    "email": person["email"],
                    "name": person["name"],
                    # numbers that are kept free for stories
                    "telephone": f"01632 960{number:03}",
                    "trained_on": _trained_on(person, on) or "",
                    "leaving_on": days(plans.LEAVES) if person["email"] == plans.LEAVER else "",
                }
                for number, person in enumerate(people, start=101)
            ],
        )
        _write(
            leave,
            [
                {
                    "email": email,
                    "from_on": days(first),
                    "to_on": days(last),
                    "deputy_email": deputy,
                }
                for email, first, last, deputy in plans.LEAVE
            ],
        )
        _must_not(import_staff(staff).faults)
        _must_not(import_leave(leave).faults)


def _trained_on(person: Mapping[str, str], on: date) -> date | None:
    if "auditor" not in person["roles"].split() or person["email"] == plans.NOT_TRAINED:
        return None
    return date(on.year - 1, 9, 14)


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _must_not(faults: Sequence[Fault]) -> None:
    if faults:
        raise RuntimeError("\n".join(map(str, faults)))

"""An installation with many open audits, written straight into a fresh SQLite database.

200 auditors, each with one of 20 line managers, 2 coordinators and an administrator. A tenth of the audits is
overdue, with due days over the last three weeks; a tenth is due today or within a week; the others later.
Every fifth was started, and one in a thousand has no auditors. Nobody was chased yet. With `--told`, every
pair was made in the product, and told.

    python -m tests.bench.many_audits FOLDER AUDITS DAY [--told]
"""

import argparse
import uuid
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from flask_security.utils import hash_password

from app import clock, create_app
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.parts import LEAD, SECOND
from app.audits.tallies import gather
from app.database import Base, db, insert_many, transaction
from app.installation.sequences import count_on
from app.migrating import migrate
from app.outbox.models import SENT, Message, MessageItem
from app.people.models import Person, PersonRole, Team
from app.people.roles import RoleName
from app.tools.models import Tool
from config.settings import from_environment
from tests.bench.installation import ADMINISTRATOR, COORDINATOR, PASSWORD, environment

AUDITORS, LINE_MANAGERS, TEAMS = 200, 20, 12
COORDINATORS = (COORDINATOR, "coordinator2@council.example")
ROWS_AT_ONCE = 10_000

Row = dict[str, Any]


def make(folder: Path, audits: int, on: date, *, told: bool) -> None:
    """Make the installation as it stands in the morning of the day."""
    app = create_app(from_environment(environment(str(folder))))
    with app.app_context():
        migrate()
        with transaction():
            write(Team, ({"id": n, "name": f"Team {n}"} for n in range(1, TEAMS + 1)))
            auditors = people()
            write(Tool, [tool_row()])
            write(Cycle, [cycle_row(on)])
            write(Audit, (_audit(n, on, told=told) for n in range(1, audits + 1)))
            write(Assignment, (row for n in range(1, audits + 1) for row in _pair(n, auditors, on)))
            if told:
                _tell(audits, auditors, on)
            count_on(db.session.connection(), db.metadata.sorted_tables)
            gather()
        db.session.remove()
        db.engine.dispose()


def people() -> list[int]:
    """Writes the people; the ids of the auditors."""
    coordinators = list(range(1, len(COORDINATORS) + 1))
    managers = list(range(len(COORDINATORS) + 1, len(COORDINATORS) + LINE_MANAGERS + 1))
    auditors = list(range(managers[-1] + 1, managers[-1] + AUDITORS + 1))
    password = hash_password(PASSWORD)
    write(Person, [_person(n, COORDINATORS[n - 1], password) for n in coordinators])
    write(Person, [_person(n, f"manager{n}@council.example", password) for n in managers])
    write(
        Person,
        [
            _person(n, f"auditor{n}@council.example", password, managers[n % LINE_MANAGERS], n % TEAMS + 1)
            for n in auditors
        ],
    )
    administrator = auditors[-1] + 1
    write(Person, [_person(administrator, ADMINISTRATOR, password)])
    roles = {
        RoleName.COORDINATOR: coordinators,
        RoleName.MANAGER: managers,
        RoleName.AUDITOR: auditors,
        RoleName.ADMINISTRATOR: [administrator],
    }
    write(PersonRole, [{"person_id": n, "name": role} for role, ids in roles.items() for n in ids])
    return auditors


def _person(n: int, email: str, password: str, manager: int | None = None, team: int | None = None) -> Row:
    return {
        "id": n,
        "email": email,
        "name": email.partition("@")[0].capitalize(),
        "telephone": f"01270 {n:06}",
        "line_manager_id": manager,
        "team_id": team,
        "active": True,
        "password": password,
        "fs_uniquifier": uuid.uuid4().hex,
    }


def tool_row() -> Row:
    return {
        "id": 1,
        "reference": "case-file",
        "version": 1,
        "title": "Case file audit",
        "minimum_answered": 0.8,
        "minimum_count": 10,
    }


def cycle_row(on: date) -> Row:
    return {
        "id": 1,
        "reference": "bench",
        "title": "A very large cycle",
        "theme": "Child protection",
        "tool_id": 1,
        "requested_on": on - timedelta(days=60),
        "due_on": on + timedelta(days=60),
    }


def _audit(n: int, on: date, *, told: bool) -> Row:
    return {
        "id": n,
        "reference": f"CP-{n:06}",
        "case_reference": str(600_000 + n),
        "team_id": n % TEAMS + 1,
        "cycle_id": 1,
        "requested_on": on - timedelta(days=60),
        "due_on": on + timedelta(days=_days_until_due(n)),
        "first_due_on": on + timedelta(days=_days_until_due(n)),
        "started_on": on - timedelta(days=30) if n % 5 == 0 else None,
        "paired_in_product": told,
        "version": 1,
    }


def _days_until_due(n: int) -> int:
    """Return a due day: of ten audits one is overdue, one due soon, the others in two to nine weeks."""
    tenth, spread = n % 10, n // 10
    match tenth:
        case 0:
            return -1 - spread % 21
        case 1:
            return spread % 8
        case _:
            return 14 + (spread + tenth) % 47


def _pair(n: int, auditors: list[int], on: date) -> Iterator[Row]:
    if n % 1_000 == 503:  # due in some weeks
        return
    lead = (n * 7 + n // 10) % AUDITORS  # so that each auditor has some of every tenth
    for part, person_id in ((LEAD, auditors[lead]), (SECOND, auditors[(lead + 1 + n % 50) % AUDITORS])):
        yield {"audit_id": n, "part": part, "person_id": person_id, "assigned_on": _assigned_on(on)}


def _assigned_on(on: date) -> date:
    return on - timedelta(days=50)


def _tell(audits: int, auditors: list[int], on: date) -> None:
    """Write one message to each auditor that told them of all their audits when they were assigned."""
    assigned_on, now = _assigned_on(on), clock.now()
    write(
        Message,
        [
            {
                "id": person_id,
                "uid": str(uuid.uuid4()),
                "kind": "assigned",
                "recipient": person_id,
                "address": f"auditor{person_id}@council.example",
                "subject": "Audits for you",
                "facts": {},
                "why": "A pair was assigned.",
                "on": assigned_on,
                "rendered_on": assigned_on,
                "written_at": now,
                "state": SENT,
                "next_try_at": now,
                "ended_at": now,
            }
            for person_id in auditors
        ],
    )
    write(
        MessageItem,
        (
            {
                "obligation_kind": "audit",
                "obligation_id": n,
                "person_id": row["person_id"],
                "kind": "digest",
                "step": "assigned",
                "anchor_on": assigned_on,
                "leaver_id": 0,
                "step_on": assigned_on,
                "due_on": on + timedelta(days=_days_until_due(n)),
                "reference": f"CP-{n:06}",
                "message_id": row["person_id"],
                "carrier_id": row["person_id"],
            }
            for n in range(1, audits + 1)
            for row in _pair(n, auditors, on)
        ),
    )


def write(model: type[Base], rows: Iterable[Row]) -> None:
    """Write rows as an import does."""
    left = iter(rows)
    while some := list(islice(left, ROWS_AT_ONCE)):
        insert_many(model.__table__, some)


def main() -> None:
    """Make one, as the arguments say."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("audits", type=int)
    arguments.add_argument("day", type=date.fromisoformat)
    arguments.add_argument("--told", action="store_true")
    given = arguments.parse_args()
    make(given.folder, given.audits, given.day, told=given.told)


if __name__ == "__main__":
    main()

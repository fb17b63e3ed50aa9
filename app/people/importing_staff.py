"""The import of staff: the email is the key, and a former address means the same person."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update

from app import clock
from app.database import db, transaction
from app.files.cells import day, email, one_of, telephone, text, words
from app.files.columns import Column, Table, looked_up
from app.files.imported import Imported
from app.files.reading import read
from app.files.rows import Reading, Row
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.names import folded
from app.people import caring, looking_after, own_roles, seconds, sessions
from app.people.line_management import circles
from app.people.lockout import Access, taken_away, why_not
from app.people.models import Person, PersonRole, Team
from app.people.queries import access, addresses
from app.people.roles import RIGHTS_OVER_OTHERS, RoleName
from app.people.teams import add_teams, teams_in_file
from app.people.telling_of_access import COMMAND_LINE, Change, leaving, roles_in_words, tell
from app.wording import plural

STAFF = Table(
    "staff",
    [
        Column("email", email, needed=True),
        Column("name", text(200), needed=True),
        Column("job_title", text(200)),
        Column("team", looked_up),
        Column("line_manager_email", email),
        Column("roles", words(one_of(*RoleName), also=";,")),
        Column("telephone", telephone),
        Column("leaving_on", day),
        Column("trained_on", day),
    ],
    key=("email",),
)

PLAIN = ("name", "job_title", "telephone", "leaving_on", "trained_on")
"""Columns of the file that have the same name in the table."""

ROLES_CHANGED = "roles changed"
_IN_WORDS = {"job_title": "job title", "leaving_on": "leaving date", "trained_on": "training date"}


def import_staff(path: Path, *, dry_run: bool = False, by: str | None = None) -> Imported:
    """Take in people. A known person is changed by the cells that are filled; nobody is removed.

    `by` is the email of who imports the file on a page: the roles that it would give them need a second
    person. None for a command on the server.

    Nothing changes when the file has a fault: an unknown line manager, somebody in their own line of
    management over however many rows, two rows for one person.
    """
    teams = teams_in_file()
    reading = read(path, STAFF.with_readers(team=teams.read))
    outcome = Imported.of(reading, "people")
    with transaction():
        known = addresses()
        people = {person.id: person for person in db.session.execute(_PEOPLE)}
        _refuse_same_person(reading, known)
        _refuse_unknown_managers(reading, known)
        _refuse_circles(reading, known, people)
        outcome.faults = reading.faults
        if not outcome.refused:
            changes = _decide(reading.rows, known, people, by)
            _refuse_lockout(reading, changes)
            if by is not None:
                _refuse_roles(reading, changes, by)
            outcome.faults = reading.faults
        if not outcome.refused:
            outcome.added = sum(change.person is None for change in changes)
            outcome.changed = sum(
                change.person is not None and bool(change.differences) for change in changes
            )
            outcome.unchanged = len(changes) - outcome.added - outcome.changed
            outcome.warnings += [*_asking(changes), *teams.warnings()]
            outcome.warnings += _known_names(changes, people.values())
            if not dry_run:
                _write(changes, known)
                _tell(changes, known, by)
    return outcome


_PEOPLE = (
    select(
        Person.id,
        Person.email,
        Person.line_manager_id,
        Person.team_id,
        Team.name.label("team"),
        *(getattr(Person, name) for name in PLAIN),
    )
    .outerjoin(Team, Team.id == Person.team_id)
    .order_by(Person.id)
    .with_for_update(of=Person)
)


def _refuse_same_person(reading: Reading, known: dict[str, int]) -> None:
    first: dict[int, Row] = {}
    for row in reading.rows:
        person_id = known.get(row["email"])
        if person_id is not None:
            above = first.setdefault(person_id, row)
            if above["email"] != row["email"]:
                reading.refuse(
                    f"is an earlier email address of the person in row {above.number}", row, "email"
                )


def _refuse_unknown_managers(reading: Reading, known: dict[str, int]) -> None:
    in_file = {row["email"] for row in reading.rows}
    for row in reading.rows:
        manager = row["line_manager_email"]
        if manager and manager not in in_file and manager not in known:
            reading.refuse(
                "no one in this file or in the service has this email address", row, "line_manager_email"
            )


def _refuse_circles(reading: Reading, known: dict[str, int], people: dict[int, Any]) -> None:
    """Refuse lines of management that would be circular, those of the product changed by the file's."""
    present: dict[int, str] = {person.id: person.email for person in people.values()}

    def who(address: str) -> str:
        return present.get(known.get(address, -1), address)

    manager_of = {
        person.email: present[person.line_manager_id]
        for person in people.values()
        if person.line_manager_id is not None
    }
    row_of = {who(row["email"]): row for row in reading.rows if row["email"] and row["line_manager_email"]}
    manager_of.update({person: who(row["line_manager_email"]) for person, row in row_of.items()})
    for circle in circles(manager_of):
        if len(circle) == 1:
            why = "must not be the person themselves"
        else:
            why = "makes someone their own manager: {}"
        for place, person in enumerate(circle):
            if person in row_of:
                chain = [*circle[place:], *circle[:place], person]
                reading.refuse(why.format(", ".join(chain)), row_of[person], "line_manager_email")


@dataclass(frozen=True)
class _Change:
    """A row of the file and the person that it is about (`person` is None for somebody new)."""

    email: str
    person: Any
    values: dict[str, Any]
    team: str | None
    manager: str | None
    roles: tuple[str, ...] | None
    differences: list[tuple[str, str | None, str]]
    """The changes in words, for the history: (what, before, after)."""
    asked: tuple[RoleName, ...] = ()
    """Roles that a second person must confirm."""


def _decide(rows: list[Row], known: dict[str, int], people: dict[int, Any], by: str | None) -> list[_Change]:
    roles: dict[int, set[str]] = defaultdict(set)
    for person_id, role in db.session.execute(select(PersonRole.person_id, PersonRole.name)):
        roles[person_id].add(role)
    return [
        _decide_row(
            row, people[known[row["email"]]] if row["email"] in known else None, roles, known, people, by
        )
        for row in rows
    ]


def _decide_row(
    row: Row,
    person: Any,
    roles: dict[int, set[str]],
    known: dict[str, int],
    people: dict[int, Any],
    by: str | None,
) -> _Change:
    differences: list[tuple[str, str | None, str]] = []
    asked: tuple[RoleName, ...] = ()
    values = {name: row[name] for name in PLAIN}
    team, manager, new_roles = row["team"], row["line_manager_email"], row["roles"]
    if person is not None:
        for name in PLAIN:
            before = getattr(person, name)
            if values[name] is None or values[name] == before:
                values[name] = before
            else:
                differences.append(
                    (f"{_IN_WORDS.get(name, name)} changed", _shown(before), str(values[name]))
                )
        if team == person.team:
            team = None
        if team:
            differences.append(("team changed", person.team, team))
        before_manager = people.get(person.line_manager_id)
        if manager and before_manager is not None and known.get(manager) == before_manager.id:
            manager = None
        if manager:
            differences.append(("line manager changed", before_manager and before_manager.email, manager))
        new_roles, asked = _decide_roles(new_roles, roles[person.id], is_own=person.email == by)
        if new_roles is not None:
            differences.append(
                (ROLES_CHANGED, " ".join(sorted(roles[person.id])), " ".join(sorted(new_roles)))
            )
    return _Change(row["email"], person, values, team, manager, new_roles, differences, asked)


def _decide_roles(
    wanted: tuple[str, ...] | None, present: set[str], *, is_own: bool
) -> tuple[tuple[str, ...] | None, tuple[RoleName, ...]]:
    """Return the new roles of a known person, None for those they have, and the roles to ask for."""
    if wanted is None:
        return None, ()
    asked = tuple(RoleName(role) for role in wanted if is_own and role not in present)
    given = tuple(role for role in wanted if role not in asked)
    return None if set(given) == present else given, asked


def _refuse_lockout(reading: Reading, changes: list[_Change]) -> None:
    """Refuse a file whose rows, together, would lock everyone out."""
    before = {str(person_id): one for person_id, one in access().items()}
    after, row_of = dict(before), {}
    for row, change in zip(reading.rows, changes, strict=True):
        key = change.email if change.person is None else str(change.person.id)
        present = before.get(key, Access(frozenset()))
        roles = present.roles if change.roles is None else frozenset(change.roles)
        after[key] = replace(present, roles=roles, leaving_on=change.values["leaving_on"])
        row_of[key] = row
    for last, role in taken_away(before, after, clock.today()):
        if last in row_of:
            lost = role not in after[last].roles
            reading.refuse(why_not(role), row_of[last], "roles" if lost else "leaving_on")


def _refuse_roles(reading: Reading, changes: list[_Change], by: str) -> None:
    """Refuse roles and leaving dates that whoever imports the file may not give or take away."""
    own, let_in = caring.roles_of(by), seconds.beholden_to(by)
    present = {person_id: one.roles for person_id, one in access().items()}
    for row, change in zip(reading.rows, changes, strict=True):
        if change.person is not None and change.person.email == by:
            continue
        if change.person is not None and change.values["leaving_on"] != change.person.leaving_on:
            person = db.session.get_one(Person, change.person.id)
            if why := caring.why_not_leaving(person, by):
                reading.refuse(f"cannot be changed by this file: {why}", row, "leaving_on")
        if change.roles is None:
            continue
        if change.person is None:
            why = looking_after.why_not_given(own, change.roles)
        elif change.person.id in let_in or RIGHTS_OVER_OTHERS & (
            present[change.person.id] ^ set(change.roles)
        ):
            person = db.session.get_one(Person, change.person.id)
            why = caring.why_not_roles(person, change.roles, by)
        else:
            why = None
        if why:
            reading.refuse(f"cannot be changed by this file: {why}", row, "roles")


def _known_names(changes: list[_Change], people: Iterable[Any]) -> Iterator[str]:
    """Yield a warning for each new address of a name that somebody has already: perhaps the same person."""
    addresses_of: dict[str, list[str]] = defaultdict(list)
    for person in people:
        addresses_of[folded(person.name)].append(person.email)
    for change in changes:
        if change.person is not None:
            continue
        name = change.values["name"]
        if there := addresses_of[folded(name)]:
            yield (
                f"{change.email} is a new email address, but there is already a {name}: {', '.join(there)}. "
                "If this is the same person, change their email address in the service before you import."
            )
        there.append(change.email)


def _write(changes: list[_Change], known: dict[str, int]) -> None:
    """Write all changes, table by table; adds the new people to `known`."""
    team_ids = add_teams({change.team for change in changes if change.team})

    def team_id(change: _Change) -> int | None:
        return team_ids[change.team] if change.team else None

    new = [change for change in changes if change.person is None]
    if new:
        rows = [
            {
                "email": change.email,
                "fs_uniquifier": uuid.uuid4().hex,
                "team_id": team_id(change),
                **change.values,
            }
            for change in new
        ]
        added = db.session.execute(insert(Person).returning(Person.email, Person.id), rows)
        known.update(added.all())
    touched = [change for change in changes if change.person is not None and change.differences]
    if touched:
        rows = [
            {
                "id": change.person.id,
                **change.values,
                "team_id": team_id(change) or change.person.team_id,
                "line_manager_id": known[change.manager] if change.manager else change.person.line_manager_id,
            }
            for change in touched
        ]
        db.session.execute(update(Person), rows)
    managed = [
        {"id": known[change.email], "line_manager_id": known[change.manager]}
        for change in new
        if change.manager
    ]
    if managed:
        db.session.execute(update(Person), managed)
    _write_roles(changes, known)
    record(IMPORT, _events(changes, known))


def _asking(changes: list[_Change]) -> Iterator[str]:
    """Yield a warning where the file would give its importer roles."""
    for change in changes:
        if change.asked:
            roles = f"{plural(len(change.asked), 'role')} {roles_in_words(change.asked)}"
            yield f"You cannot give yourself the {roles}. Another coordinator or administrator must confirm."


def _tell(changes: list[_Change], known: dict[str, int], by: str | None) -> None:
    """Tell people whose roles or leaving dates have changed, and coordinators of those and of new people with
    much access."""
    told: list[Change] = []
    for change in changes:
        if change.person is None and RIGHTS_OVER_OTHERS.isdisjoint(change.roles or ()):
            continue
        if change.asked or change.roles is not None:
            person = db.session.get_one(Person, known[change.email], populate_existing=True)
            if change.person is None:
                words = f"added by a staff file with the roles {roles_in_words(change.roles or ())}"
                told.append(Change(person, words, is_new=True))
            elif change.roles is not None:
                before = next(before for what, before, _ in change.differences if what == ROLES_CHANGED)
                roles = f"{roles_in_words((before or '').split())} to {roles_in_words(change.roles)}"
                told.append(Change(person, f"roles changed by a staff file from {roles}"))
            own_roles.ask(person, change.asked, by or COMMAND_LINE)
        if change.person is not None and change.values["leaving_on"] != change.person.leaving_on:
            person = db.session.get_one(Person, change.person.id, populate_existing=True)
            told += leaving(person, change.person.leaving_on, change.values["leaving_on"])
    tell(told, by=by or COMMAND_LINE)


def _write_roles(changes: list[_Change], known: dict[str, int]) -> None:
    with_roles = [change for change in changes if change.roles is not None]
    gone = [change.person.id for change in with_roles if change.person is not None]
    if gone:
        sessions.end_all(*gone)
        # a link was made for the roles that they had
        ended = update(Person).where(Person.id.in_(gone)).values(link_number=Person.link_number + 1)
        db.session.execute(ended)
        db.session.execute(delete(PersonRole).where(PersonRole.person_id.in_(gone)))
    rows = [
        {"person_id": known[change.email], "name": role}
        for change in with_roles
        for role in change.roles or ()
    ]
    if rows:
        db.session.execute(insert(PersonRole), rows)


def _events(changes: list[_Change], known: dict[str, int]) -> Iterator[Event]:
    for change in changes:
        subject = str(known[change.email])
        if change.person is None:
            after = f"{change.values['name']} <{change.email}>"
            yield Event("person", subject, "added", after=after, why=FROM_A_FILE)
        for what, before, after in change.differences:
            yield Event("person", subject, what, before, after, FROM_A_FILE)


def _shown(value: object) -> str | None:
    return None if value is None else str(value)

"""Count the loosened rules and relations that the tests of the walls catch:

    python -m tests.mutants [--subtle] [--only WORDS …]

Each rule of the table of permissions and each function that a relation follows from is loosened, one thing at
a time, in a process of its own that begins as a copy of this one. What `tests/walls/` looks at must then be
wrong. One that is not caught is printed; the exit status is then 1. One that only raises exceptions is no
catch of the walls', and is counted apart.
"""

import argparse
import importlib
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from app import clock, create_app
from app.database import db
from app.migrating import migrate
from app.people.models import Person
from app.people.roles import RoleName
from app.permissions import TABLE, Rule
from app.relations import RELATIONS, Relation
from tests.conftest import settings_in
from tests.mutants.loosened import loosened
from tests.mutants.targets import EQUIVALENT, ROLE_OF, TARGETS
from tests.walls import looking, world
from tests.walls.expected import RELATED, WITHIN


class Mutant(NamedTuple):
    """A rule or a function, loosened: the change, and the look that must find it."""

    size: str
    kind: str
    says: str
    change: Callable[[], None]
    look: Callable[[world.World], Iterator[str]]


def of_rules(app: Flask) -> Iterator[Mutant]:
    """Yield the rules of the table, loosened."""
    for endpoint, rule in TABLE.items():
        for size, kind, what, changed in loosened_rules(rule):
            if f"{endpoint}: {what}" in EQUIVALENT:
                continue
            yield Mutant(
                size,
                kind,
                f"{endpoint}: {what}",
                partial(TABLE.update, {endpoint: changed}),
                partial(looking.wrong_address, app, endpoint=endpoint, table=TABLE),
            )


def loosened_rules(rule: Rule) -> Iterator[tuple[str, str, str, Rule]]:
    """Yield what a rule becomes when it is loosened."""
    if not rule.everybody:
        yield "coarse", "open to everybody", "everybody", replace(rule, everybody=True)
    if not (rule.everybody or rule.all_signed_in):
        yield "coarse", "open to all who are signed in", "signed in", replace(rule, all_signed_in=True)
        for role in RoleName:
            if role not in rule.roles:
                yield "coarse", "a role added", role, replace(rule, roles=rule.roles | {role})
            if rule.by_key and role not in rule.by_key:
                yield "coarse", "a role of keys added", role, replace(rule, by_key=rule.by_key | {role})
    for relation in rule.closed_to:
        left = tuple(name for name in rule.closed_to if name != relation)
        yield "subtle", "no longer closed", relation, replace(rule, closed_to=left)
    if rule.relations:
        yield from _with_relations_added(rule)


def _with_relations_added(rule: Rule) -> Iterator[tuple[str, str, str, Rule]]:
    about = set(looking.things_of("; ".join(rule.relations), ""))
    for relation in RELATIONS:
        if {relation, WITHIN.get(relation)} & {*rule.closed_to, *rule.relations}:
            continue  # opens it to nobody else: who has it is refused first, or let in by the other
        if ROLE_OF.get(relation) in rule.roles:
            continue  # whoever has it is let in by that role
        if about & set(RELATED[relation]):
            wider = (*rule.relations, relation)
            yield "subtle", "a relation added", relation, replace(rule, relations=wider)


def of_functions() -> Iterator[Mutant]:
    """Yield the functions that relations follow from, loosened."""
    relations_themselves = {
        f"{function.__module__}:{function.__name__}": (name,) for name, function in RELATIONS.items()
    }
    for name, relations in (relations_themselves | TARGETS).items():
        function = found(name)
        for mutant in loosened(function):
            what = f"{name}: {mutant.says}"
            if what not in EQUIVALENT:
                change = partial(put_in, function, mutant.code)
                look = partial(looking.wrong_relations, names=relations)
                yield Mutant("subtle", mutant.kind, what, change, look)


def of_the_check(app: Flask) -> Iterator[Mutant]:
    """Yield the function that reads the table, loosened."""
    function = found("app.permissions:allowed")
    for mutant in loosened(function):
        change = partial(put_in, function, mutant.code)
        look = partial(looking.wrong_addresses, app)
        yield Mutant("subtle", mutant.kind, f"app.permissions:allowed: {mutant.says}", change, look)


def found(name: str) -> FunctionType:
    """Return a function by its name, such as app.relations:in_the_pair."""
    module, _, path = name.partition(":")
    it: Any = importlib.import_module(module)
    for part in path.split("."):
        it = getattr(it, part)
    function = it.fget if isinstance(it, property) else getattr(it, "__func__", it)
    assert isinstance(function, FunctionType)
    return function


def put_in(function: FunctionType, other: Any) -> None:
    """Let a function do what another does, wherever it is known."""
    for name in (and_, or_):
        function.__globals__.setdefault(name.__name__, name)
    function.__code__ = other.__code__


class Outcome(StrEnum):
    """The end of a look at a mutant."""

    CAUGHT = "caught"
    FAILS = "fails"
    """Exceptions and nothing else: these open nothing, and no wall was needed to find them."""
    MISSED = "missed"


def outcome_of(mutant: Mutant, council: world.World, *, again: bool) -> Outcome:
    """Make the change in a copy of this process, and return what the look finds there."""
    child = os.fork()
    if child == 0:
        outcome = Outcome.FAILS
        try:
            if again:
                # the copy needs a connection of its own
                db.session.remove()
                db.engine.dispose(close=False)
                council = world.World(people_by_name(), council.numbers)
            failed = let_relations_fail(council)
            mutant.change()
            if next(mutant.look(council), None) is not None:
                outcome = Outcome.CAUGHT
            elif not failed:
                outcome = Outcome.MISSED
        finally:
            os._exit(list(Outcome).index(outcome))
    return list(Outcome)[os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])]


def let_relations_fail(council: world.World) -> list[str]:
    """Take a relation as agreed where it raises an exception; return the list of those that did."""
    failed = []

    def or_agreed(name: str, real: Relation, agreed: Relation) -> Relation:
        def relation(person: Person, named: Mapping[str, object]) -> bool:
            try:
                return real(person, named)
            except Exception:  # noqa: BLE001  whatever a slip of the hand raises
                failed.append(name)
                return agreed(person, named)

        return relation

    for name, agreed in looking.relations_as_agreed(council).items():
        RELATIONS[name] = or_agreed(name, RELATIONS[name], agreed)
    return failed


IDS: dict[str, int] = {}


def people_by_name() -> dict[str, Person]:
    """Return the people of the council with their roles, in two queries."""
    people = db.session.scalars(select(Person).options(selectinload(Person.roles)))
    by_id = {person.id: person for person in people}
    return {who: by_id[id_] for who, id_ in IDS.items()}


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.mutants")
    arguments.add_argument("--subtle", action="store_true", help="the subtle ones alone")
    arguments.add_argument(
        "--only", nargs="+", default=[""], metavar="WORDS", help="those whose name has one of"
    )
    asked = arguments.parse_args()
    counts: dict[tuple[str, str], Counter[Outcome]] = {}
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_in(Path(folder)))
        with app.app_context():
            migrate()
            clock.clock().fixed = world.MOMENT
            council = world.make()
            IDS.update({who: person.id for who, person in council.people.items()})
            council.people.update(people_by_name())
            before = dict(RELATIONS)
            for mutants, again in (
                (of_functions(), True),
                (of_rules(app), False),
                (of_the_check(app), False),
            ):
                if not again:
                    RELATIONS.update(looking.relations_as_agreed(council))
                chosen = [
                    mutant
                    for mutant in mutants
                    if any(words in mutant.says for words in asked.only)
                    and (mutant.size == "subtle" or not asked.subtle)
                ]
                # nothing is wrong before a change: a slice leaves that to the tests of the walls
                for look in (
                    {}
                    if asked.only != [""]
                    else {str(mutant.look): mutant.look for mutant in chosen}.values()
                ):
                    assert [*look(council)] == []
                for mutant in chosen:
                    outcome = outcome_of(mutant, council, again=again)
                    counts.setdefault((mutant.size, mutant.kind), Counter())[outcome] += 1
                    if outcome is not Outcome.CAUGHT:
                        say(f"{outcome}: {mutant.kind}: {mutant.says}")
            RELATIONS.update(before)
            db.session.remove()
            db.engine.dispose()
    say(f"{'size':8}{'kind':36}{'mutants':>8}" + "".join(f"{outcome:>8}" for outcome in Outcome))
    for size in ("coarse", "subtle"):
        of_size = {kind: count for (its, kind), count in sorted(counts.items()) if its == size}
        for kind, count in (*of_size.items(), ("all", sum(of_size.values(), Counter()))):
            figures = "".join(f"{count[outcome]:8}" for outcome in Outcome)
            say(f"{size:8}{kind:36}{count.total():8}{figures}")
    return 1 if any(count[Outcome.MISSED] for count in counts.values()) else 0


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

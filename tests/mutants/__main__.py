"""Count the loosened rules and relations that the tests of the walls catch:

    python -m tests.mutants

Each rule of the table of permissions and each function that a relation follows from is loosened, one thing at
a time, in a process of its own that begins as a copy of this one. What `tests/walls/` looks at must then be
wrong. One that is not caught is printed; the exit status is then 1.
"""

import importlib
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FunctionType
from typing import Any

from flask import Flask

from app import clock, create_app
from app.database import db
from app.migrating import migrate
from app.people.models import Person
from app.people.roles import RoleName
from app.permissions import TABLE, Rule
from app.relations import RELATIONS
from tests.conftest import settings_in
from tests.mutants.loosened import loosened
from tests.mutants.targets import EQUIVALENT, TARGETS
from tests.walls import looking, world
from tests.walls.expected import RELATED

Mutant = tuple[str, str, str, Callable[[], None], Callable[[world.World], Iterator[str]]]
"""Its size, its kind, what it is, the change, and the look that must find it."""


def of_rules(app: Flask) -> Iterator[Mutant]:
    """Yield the rules of the table, loosened."""
    for endpoint, rule in TABLE.items():
        for size, kind, what, changed in loosened_rules(rule):
            yield (
                size,
                kind,
                f"{endpoint}: {what}",
                lambda endpoint=endpoint, changed=changed: TABLE.update({endpoint: changed}),  # type: ignore[misc]
                lambda council, endpoint=endpoint: looking.wrong_address(app, council, endpoint, TABLE),  # type: ignore[misc]
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
    if not rule.relations:
        return
    about = set(looking.things_of("; ".join(rule.relations), ""))
    for relation in RELATIONS:
        if relation not in rule.relations and about & set(RELATED[relation]):
            wider = (*rule.relations, relation)
            yield "subtle", "a relation added", relation, replace(rule, relations=wider)


def of_functions() -> Iterator[Mutant]:
    """Yield the functions that relations follow from, loosened."""
    for name, relations in TARGETS.items():
        function = found(name)
        for mutant in loosened(function):
            what = f"{name}: {mutant.says}"
            if what in EQUIVALENT:
                continue
            yield (
                "subtle",
                mutant.kind,
                what,
                lambda function=function, mutant=mutant: put_in(function, mutant.code),  # type: ignore[misc]
                lambda council, relations=relations: looking.wrong_relations(council, relations),  # type: ignore[misc]
            )


def found(name: str) -> FunctionType:
    """Return a function by its name, such as app.relations:in_the_pair."""
    module, _, path = name.partition(":")
    it: Any = importlib.import_module(module)
    for part in path.split("."):
        it = getattr(it, part)
    function = it.fget if isinstance(it, property) else it
    assert isinstance(function, FunctionType)
    return function


def put_in(function: FunctionType, other: Any) -> None:
    """Let a function do what another does, wherever it is known."""
    function.__code__ = other.__code__


def is_caught(
    app: Flask,
    council: world.World,
    change: Callable[[], None],
    look: Callable[[world.World], Iterator[str]],
    *,
    again: bool,
) -> bool:
    """Make a change in a copy of this process, and return True where the look finds something wrong."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if again:
                # the copy needs a connection of its own
                db.session.remove()
                db.engine.dispose(close=False)
                council = world.World(
                    {who: db.session.get_one(Person, id_) for who, id_ in IDS.items()}, council.numbers
                )
            change()
            status = 0 if next(look(council), None) is None else 1
        except BaseException:  # noqa: BLE001  a function that fails is caught as well
            status = 1
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


IDS: dict[str, int] = {}


def main() -> int:
    counts: dict[tuple[str, str], Counter[str]] = {}
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_in(Path(folder)))
        with app.app_context():
            migrate()
            clock.clock().fixed = world.MOMENT
            council = world.make()
            IDS.update({who: person.id for who, person in council.people.items()})
            council.people.update({who: db.session.get_one(Person, id_) for who, id_ in IDS.items()})
            for person in council.people.values():
                assert person.role_names is not None
            assert [*looking.wrong_relations(council)] == []
            before = dict(RELATIONS)
            for mutants, again in ((of_functions(), True), (of_rules(app), False)):
                if not again:
                    looking.take_relations_as_agreed(council)
                    assert [*looking.wrong_addresses(app, council)] == []
                for size, kind, what, change, look in mutants:
                    caught = is_caught(app, council, change, look, again=again)
                    counts.setdefault((size, kind), Counter())["caught" if caught else "missed"] += 1
                    if not caught:
                        missed.append(f"{kind}: {what}")
                        say(f"not caught: {missed[-1]}")
            RELATIONS.update(before)
            db.session.remove()
            db.engine.dispose()
    say(f"{'size':8}{'kind':36}{'mutants':>8}{'caught':>8}")
    for (size, kind), count in sorted(counts.items()):
        say(f"{size:8}{kind:36}{count.total():8}{count['caught']:8}")
    for size in ("coarse", "subtle"):
        of_size = sum((count for (its, _), count in counts.items() if its == size), Counter())
        say(f"{size:8}{'all':36}{of_size.total():8}{of_size['caught']:8}")
    return 1 if missed else 0


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

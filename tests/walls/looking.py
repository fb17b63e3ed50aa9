"""Looking at every wall: who has each relation, and who may open each address, besides those who should."""

from collections.abc import Iterable, Iterator, Mapping

from flask import Flask, g

from app.people.models import Person
from app.people.roles import RoleName as R
from app.permissions import TABLE, Rule, allowed
from app.relations import RELATIONS, Relation
from tests.walls.expected import NEAR, OPEN, RELATED
from tests.walls.world import World


def wrong_relations(world: World, names: Iterable[str] | None = None) -> Iterator[str]:
    """Yield each relation to a thing that somebody has who should not, or has not who should."""
    if missing := RELATIONS.keys() ^ RELATED.keys():
        yield f"not the relations that were agreed: {sorted(missing)}"
    for name in RELATED if names is None else names:
        relation = RELATIONS[name]
        for thing, expected in RELATED[name].items():
            # those who should have it come first: a loosened rule is found sooner
            near = NEAR[name] if name in NEAR and thing != "A1" else world.people.keys()
            others = near - expected
            for who in (*sorted(expected), *sorted(others)):
                if relation(world.people[who], named(world, thing)) != (who in expected):
                    yield f"{name}, {thing or 'any'}: {who}"


def named(world: World, thing: str) -> Mapping[str, object]:
    """Return the arguments of an address that names a thing."""
    return {"reference": thing, "number": world.numbers["body"], "note_id": world.numbers["line"]}


def as_expected(name: str, thing: str, world: World) -> set[str]:
    """Return the people with a relation to a thing, as agreed; none to a thing that it is not about."""
    by_thing = RELATED[name]
    return by_thing[""] if "" in by_thing else by_thing.get(thing, set())


def things_of(relations: str, closed: str) -> tuple[str, ...]:
    """Return the things at which an address is looked at: those that all its relations are about."""
    names = [name for name in (*relations.split("; "), *closed.split("; ")) if name]
    about = [set(RELATED[name]) for name in names if "" not in RELATED[name]]
    return tuple(sorted(set.intersection(*about))) if about else ("",)


def wrong_addresses(app: Flask, world: World, table: Mapping[str, Rule] = TABLE) -> Iterator[str]:
    """Yield each address that is open to somebody to whom it should be closed, or the other way round.

    The relations are taken as agreed: `wrong_relations` looks at them.
    """
    if missing := table.keys() ^ OPEN.keys():
        yield f"not the addresses that were agreed: {sorted(missing)}"
    for endpoint in OPEN:
        yield from wrong_address(app, world, endpoint, table)


def wrong_address(app: Flask, world: World, endpoint: str, table: Mapping[str, Rule]) -> Iterator[str]:
    """Yield what is wrong with one address."""
    rule, (roles, relations, closed) = table[endpoint], OPEN[endpoint]
    if rule.everybody != (roles == "everybody"):
        yield f"{endpoint}: everybody"
    if rule.by_key != (frozenset(map(R, roles.split()[1:])) if roles.startswith("key:") else frozenset()):
        yield f"{endpoint}: programs with a key"
    for thing in things_of(relations, closed):
        expected = _expected(roles, relations, closed, thing, world)
        with app.test_request_context():
            found = {who for who, person in world.people.items() if _opens(rule, person, thing, world)}
        if found != expected:
            yield f"{endpoint}, {thing}: {sorted(found ^ expected)}"


def _expected(roles: str, relations: str, closed: str, thing: str, world: World) -> set[str]:
    if roles.startswith("key:"):
        return set()
    by_role = set(roles.split())
    opens = {
        who
        for who, person in world.people.items()
        if roles in ("everybody", "signed in") or not by_role.isdisjoint(person.role_names)
    }
    for name in filter(None, relations.split("; ")):
        opens |= as_expected(name, thing, world)
    for name in filter(None, closed.split("; ")):
        opens -= as_expected(name, thing, world)
    return opens


def _opens(rule: Rule, person: Person, thing: str, world: World) -> bool:
    g._login_user = person  # noqa: SLF001  as Flask-Login keeps who is signed in
    return allowed(rule, dict(named(world, thing)))


def relations_as_agreed(world: World) -> dict[str, Relation]:
    """Return all relations, answered from what was agreed, which is quicker than the database."""
    by_id = {person.id: who for who, person in world.people.items()}

    def answer(name: str) -> Relation:
        return lambda person, named: by_id[person.id] in as_expected(name, str(named["reference"]), world)

    return {name: answer(name) for name in RELATED}

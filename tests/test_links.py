"""The links of every page open for the person who sees them: nobody is led to a page that is refused."""

import html
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.actions import moves as actions
from app.audits.models import Assignment
from app.database import db
from app.example import loading
from app.people.models import Person
from app.people.roles import RoleName
from app.reminders.daily_run import run
from tests.factories import a_person
from tests.pages import kind_of, opened, visible
from tests.walls import world
from tests.walls.expected import RELATED

ON = date(2026, 7, 6)
ALIKE = 1
"""The links from one kind of page to another that are followed; the others are as these are."""

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')


def refused_links(app: Flask, client: FlaskClient) -> Iterator[str]:
    """Yield what is wrong with each link that a person finds who follows links from the first page."""
    seen, waiting, alike = {"/"}, [("/", "/")], defaultdict[tuple[str, str], int](int)
    while waiting:
        path, at = waiting.pop(0)
        answer = client.get(path, follow_redirects=True)
        if answer.status_code >= 400:
            yield f"{at} leads to {path}: {answer.status}"
        if answer.mimetype != "text/html":
            continue
        page = answer.get_data(as_text=True)
        for href in _LINK.findall(page.split("<main", 1)[-1] if path != "/" else page):
            address = urlsplit(urljoin(f"http://localhost{path}", html.unescape(href)))
            to = address._replace(scheme="", netloc="", fragment="").geturl()
            if address.scheme != "http" or address.netloc != "localhost" or to in seen:
                continue
            kind = kind_of(app, address.path)
            assert kind is not None or address.path.startswith(("/static", "/sign-out")), f"{path}: {to}"
            if kind is None:
                continue
            seen.add(to)
            way = (str(kind_of(app, urlsplit(path).path)), kind)
            alike[way] += 1
            if alike[way] <= ALIKE:
                waiting.append((to, path))


def readers() -> Iterator[str]:
    """Yield one person of the example for each set of roles, with work of their own where someone has it."""
    busy = set(db.session.scalars(select(Assignment.person_id).where(Assignment.ended_on.is_(None))))
    by_roles: dict[frozenset[str], Person] = {}
    for person in db.session.scalars(select(Person).order_by(Person.id)):
        known = by_roles.get(frozenset(person.role_names))
        if not person.has_left(ON) and (known is None or (known.id not in busy and person.id in busy)):
            by_roles[frozenset(person.role_names)] = person
    for person in by_roles.values():
        yield person.email


@pytest.fixture
def example(app: Flask, clock_at: Callable[[date], None]) -> None:
    clock_at(ON)
    loading.load(ON, "a password that is long")
    run(ON)


def test_no_link_is_refused_to_people_of_any_relation(
    app: Flask, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[datetime], None]
) -> None:
    clock_at(world.MOMENT)
    council = world.make()
    run(world.ON)
    # one for each role, and two for each relation to a thing
    who = {f"a {role}" for role in RoleName}
    for expected in (people for by_thing in RELATED.values() for people in by_thing.values() if people):
        who |= {min(expected), max(expected)}
    refused = {each: list(refused_links(app, sign_in(council.people[each]))) for each in sorted(who)}
    assert {each: wrong for each, wrong in refused.items() if wrong} == {}


@pytest.mark.usefixtures("example")
def test_no_link_of_a_page_is_refused(app: Flask, sign_in: Callable[[Person], FlaskClient]) -> None:
    refused = {}
    for email in list(readers()):
        client = sign_in(db.session.scalars(select(Person).where(Person.email == email)).one())
        if wrong := list(refused_links(app, client)):
            refused[email] = wrong
    assert refused == {}


@pytest.mark.parametrize("owner", ["Owen Hale", "Pat Quinn"])
def test_the_action_of_another_owner_is_named_without_a_link(
    app: Flask, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None], owner: str
) -> None:
    clock_at(world.ON)
    cora = a_person("Cora Lane", roles=["coordinator"])
    owners = [a_person(name, roles=["practitioner"]) for name in ("Owen Hale", "Pat Quinn")]
    first = actions.raise_action(text="Send it", by=cora, on=world.ON, owner_id=owners[0].id, due_on=ON)
    actions.raise_action(
        text="Ask them", by=cora, on=world.ON, owner_id=owners[1].id, due_on=ON, follows_id=first.id
    )
    client = sign_in(next(person for person in owners if person.name == owner))
    assert list(refused_links(app, client)) == []
    page = opened(client, "/actions/A1" if owner == "Owen Hale" else "/actions/A2")
    assert ("Followed by A2: Ask them" if owner == "Owen Hale" else "Follows A1") in visible(page)

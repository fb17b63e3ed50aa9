"""Texts about a case are where they are meant to be read, and nowhere else.

Every text column about a case or about practice has a word of its own, and every case a number of its own.
The pages of each kind of person, the interface, the calendar, the emails of half a year and the log are
searched for them. Each word ends with markup, which no page and no email lets through.
"""

import html
import re
from collections import defaultdict
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import String, select, update
from sqlalchemy.exc import IntegrityError

from app import clock
from app.api import tokens
from app.audits.models import Audit
from app.calendar import addresses
from app.database import db, transaction
from app.outbox.models import Message
from app.people.models import Person
from app.readings.kinds import Kind
from app.readings.models import Reading
from app.reminders import daily_run
from app.retention.texts import OF_A_CYCLE, STAYS
from app.sampling.models import DrawnCase
from tests.canaries.words import CANARY, logged
from tests.conftest import Browser, let_in
from tests.factories import a_person
from tests.pages import reached
from tests.test_sent_twice import NOON, made

NUMBER = "K4N7345"
"""The beginning of every case number."""

MARKUP = "<blink>"
"""The end of every word: as it stands in a page, it would be markup."""

WORD = re.compile(rf"{CANARY}-([a-z_]+)-([a-z_]+)-")

IN_TITLES = {"quick_wins.subject", "exemplars.title"}
"""Texts that are made to be read by everybody, and name what they are the title of."""

OF_CASES = {f"{text.table}.{text.column}" for text in OF_A_CYCLE} | {"case number"}
OF_PRACTICE = [name for name, because in STAYS.items() if because.startswith("about practice")]


def plant() -> set[str]:
    """Put its word into every text of the columns, and a number into every case; return the columns."""
    columns = [(text.table, text.column) for text in OF_A_CYCLE] + [
        (table, column) for table, _, column in (name.partition(".") for name in OF_PRACTICE)
    ]
    planted = set()
    with transaction():
        rows: list[Audit | DrawnCase] = [*db.session.scalars(select(Audit))]
        rows += db.session.scalars(select(DrawnCase))
        for number, row in enumerate(rows):
            row.case_reference = f"{NUMBER}{number:04}"
        for table_name, name in columns:
            column = db.metadata.tables[table_name].c[name]
            if name == "case_reference" or not isinstance(column.type, String):
                continue
            everywhere = update(column.table).values({name: f"{CANARY}-{table_name}-{name}-{MARKUP}"})
            try:
                with db.session.begin_nested():
                    db.session.execute(everywhere)
            except IntegrityError:  # it goes with other facts
                db.session.execute(everywhere.where(column.is_not(None)))
            if db.session.scalar(select(column).where(column.is_not(None)).limit(1)):
                planted.add(f"{table_name}.{name}")
    return planted


def words_in(text: str) -> set[str]:
    """Return the columns whose words are in a text, and "case number" for a number."""
    text = unquote(html.unescape(text))
    found = {f"{table}.{column}" for table, column in WORD.findall(text)}
    return found | ({"case number"} if NUMBER in text else set())


@pytest.fixture
def things(service: Flask) -> dict[str, object]:
    """Return an installation with everything in it, each text with its word."""
    service.test_client_class = Browser
    service.config["WTF_CSRF_ENABLED"] = False
    clock.clock().fixed = NOON
    things = made(service.test_client())
    for name, role in (("lena", "leader"), ("norman", "practitioner")):
        things[name] = a_person(name.title(), roles=[role]).id
    things["planted"] = plant()
    return things


KINDS = ("cora", "ada", "mona", "moira", "alison", "imogen", "wanda", "annie", "lena", "norman")
SEE_NUMBERS = {"cora", "moira", "alison", "imogen", "ada", "mona"}
"""Those who see one: coordinator, moderator, pair, and managers who are asked for a response."""


@pytest.fixture
def planted(things: dict[str, object]) -> set[str]:
    """Return the columns that have a word."""
    return cast("set[str]", things["planted"])


def test_texts_are_where_they_are_meant_to_be(
    service: Flask, things: dict[str, object], planted: set[str]
) -> None:
    shown: dict[str, set[str]] = defaultdict(set)
    numbers: set[tuple[str, str]] = set()
    with logged() as log:
        for who in KINDS:
            client = let_in(service.test_client(), db.session.get_one(Person, things[who]))
            for path, page in reached(service, client):
                assert words_in(path) == set()
                assert MARKUP not in page, path
                for attribute in re.findall(r'\b(?:href|src|action|formaction)="([^"]*)"', page):
                    # guidance is itself an address
                    assert words_in(attribute) <= {"quick_wins.link"}, f"{who} {path}"
                title = "".join(re.findall(r"<title>.*?</title>", page, re.DOTALL))
                assert words_in(title) <= IN_TITLES, path
                found = words_in(page)
                shown[who] |= found
                if "case number" in found:
                    numbers.add((who, path))
    assert words_in(log.getvalue()) == set()
    others = {(who, path) for who, path in numbers if who not in SEE_NUMBERS}
    audited = select(Audit.reference).where(Audit.worker_id == things["wanda"])
    # a worker is told which case of theirs it is
    assert others <= {("wanda", f"/audits/{each}/worker") for each in db.session.scalars(audited)}
    # each page that showed one is in the record of reading
    db.session.rollback()
    query = select(Reading.person_id, Reading.what).where(Reading.kind == Kind.CASE_NUMBERS)
    recorded = {tuple(row) for row in db.session.execute(query)}
    assert {(things[who], path) for who, path in numbers} <= recorded
    assert len(numbers) > 20
    assert len(OF_CASES & planted) > 30
    for who in ("norman", "lena", "annie"):
        assert shown[who] & OF_CASES == set(), who


def test_no_program_calendar_or_health_has_one(service: Flask, things: dict[str, object]) -> None:
    answers = [service.test_client().get("/health")]
    for who in KINDS:
        person = db.session.get_one(Person, things[who])
        feed = addresses.make(person)
        answers.append(service.test_client().get(f"/calendar/{feed}.ics"))
        for role in tokens.roles_of(person):
            key = tokens.make("Power BI", role, person)
            for path in ("cycles", "cycles/2010-1", "cycles/2010-1/figures", "audits", "actions"):
                headers = {"Authorization": f"Bearer {key}"}
                answers.append(service.test_client().get(f"/api/v1/{path}", headers=headers))
    assert sum(answer.status_code == 200 for answer in answers) > 15
    found = {column for answer in answers for column in words_in(answer.get_data(as_text=True))}
    assert found == {"actions.text", "recommendations.text"}  # a key or a calendar has its reader's own


def test_no_email_of_half_a_year_has_one(service: Flask, things: dict[str, object]) -> None:
    with transaction():
        db.session.query(Message).delete()
    with logged() as log:
        for day in range(130):
            on = NOON.date() + timedelta(days=day)
            clock.clock().fixed = datetime.combine(on, NOON.timetz())
            daily_run.run(on)
    messages = db.session.scalars(select(Message)).all()
    assert len(messages) > 30
    assert words_in(log.getvalue()) == set()
    found: dict[str, set[str]] = defaultdict(set)
    for message in messages:
        assert words_in(message.subject) <= IN_TITLES
        assert MARKUP not in (message.html or ""), message.kind
        found[message.kind] |= words_in(f"{message.text} {message.html}")
    assert {column for columns in found.values() for column in columns} & OF_CASES == set()

"""Texts of the reminders: each kind's whole text beside it, in golden/."""

import html
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.outbox.models import Message
from app.people.models import Person
from app.reminders.daily_run import run
from tests.factories import a_cycle, a_person, an_audit

GOLDEN = Path(__file__).parent / "golden"
FRIDAY = date(2010, 11, 26)
"""Ten working days after 12 November 2010, and the due day of the audits due today."""


@pytest.fixture
def people(app: Flask) -> dict[str, Person]:
    """Two coordinators, two pairs, and the manager of two of them."""
    harriet = a_person("Harriet Vance", roles=("leader", "manager"))
    return {
        "jack": a_person("Jack Denny", roles=("coordinator",)),
        "chitra": a_person(
            "Chitra Menon",
            manager=harriet,
            telephone="01270 555 014",
            leave=[(date(2010, 11, 29), date(2011, 1, 14))],
        ),
        "owen": a_person("Owen Bickerton", manager=harriet, telephone="01270 555 027"),
        "gwen": a_person("Gwen Tattersall"),
        "una": a_person("Una Fairclough", leaving_on=date(2010, 11, 24)),
    }


def audits_of_every_kind(people: dict[str, Person]) -> None:
    chitra, owen, gwen, una = (people[name] for name in ("chitra", "owen", "gwen", "una"))
    a_cycle(due_on=date(2010, 12, 3))
    early = date(2010, 10, 5)
    an_audit("CP-001", lead=chitra, second=owen, due_on=date(2010, 11, 12), assigned_on=early)
    an_audit("CP-002", lead=owen, second=gwen, due_on=date(2010, 11, 19), assigned_on=early)
    an_audit("CP-003", lead=chitra, second=gwen, due_on=FRIDAY, assigned_on=early)
    an_audit("CP-004", lead=gwen, second=owen, due_on=date(2010, 12, 3), assigned_on=early)
    an_audit("CP-005", lead=gwen, second=owen, due_on=date(2010, 12, 20), assigned_on=date(2010, 11, 25))
    an_audit("CP-006", due_on=date(2010, 11, 30))
    an_audit("CP-007", lead=una, second=gwen, due_on=date(2010, 12, 20), assigned_on=early)
    an_audit("CP-008", lead=owen, second=gwen, due_on=date(2010, 11, 12), returned_on=date(2010, 11, 10))


def compare(name: str, message: Message, folder: Path = GOLDEN) -> None:
    """The whole message as it is read, against the file. The HTML part must say the same."""
    text = message.text or ""
    told = f"To: {message.address}\nSubject: {message.subject}\n\n{text}"
    file = folder / f"{name}.txt"
    if not file.exists():
        file.write_text(told, encoding="utf-8")
        pytest.fail(f"{file.name} was not there; it is written now: read it")
    assert told == file.read_text(encoding="utf-8")
    assert words_of_html(message.html or "") == words_of_text(text)


def words_of_text(text: str) -> list[str]:
    """The words, without the bullets and the addresses that HTML puts behind its links."""
    return re.sub(r":? http\S+", "", re.sub(r"^- ", "", text, flags=re.MULTILINE)).split()


def words_of_html(document: str) -> list[str]:
    body = document.split("<body", 1)[1].split(">", 1)[1]
    return html.unescape(re.sub(r"<[^>]+>", " ", body)).split()


@pytest.mark.parametrize(
    ("name", "address", "kind"),
    [
        ("digest_of_an_auditor", "gwen.tattersall@council.example", "digest"),
        ("digest_of_one_audit_each", "chitra.menon@council.example", "digest"),
        ("digest_of_a_coordinator", "jack.denny@council.example", "digest"),
        ("manager", "harriet.vance@council.example", "manager"),
        ("calls", "jack.denny@council.example", "calls"),
        ("weekly", "jack.denny@council.example", "weekly"),
    ],
)
def test_each_message_says_exactly_what_its_golden_text_says(
    app: Flask,
    people: dict[str, Person],
    clock_at: Callable[[date], None],
    name: str,
    address: str,
    kind: str,
) -> None:
    clock_at(FRIDAY)
    audits_of_every_kind(people)
    run(FRIDAY)
    message = db.session.scalars(
        select(Message).where(Message.address == address, Message.kind == kind)
    ).one()
    compare(name, message)


def test_no_message_carries_a_case_number(
    app: Flask, people: dict[str, Person], clock_at: Callable[[date], None]
) -> None:
    clock_at(FRIDAY)
    an_audit(
        "CP-001", lead=people["chitra"], second=people["owen"], case_reference="987654321", due_on=FRIDAY
    )
    run(FRIDAY)
    messages = db.session.scalars(select(Message)).all()
    assert messages
    for message in messages:
        assert "987654321" not in message.subject + (message.text or "") + (message.html or "")


def test_a_due_day_at_a_week_end_is_told_as_the_working_day_that_it_counts_as(
    app: Flask, clock_at: Callable[[date], None]
) -> None:
    saturday, monday = date(2026, 12, 5), date(2026, 12, 7)
    cycle = a_cycle("2026-1", requested_on=date(2026, 10, 1), due_on=date(2026, 11, 30))
    an_audit("CC-001", lead=a_person("Gwen"), second=a_person("Owen"), cycle=cycle, due_on=saturday)
    clock_at(monday)
    run(monday)
    query = select(Message.subject).where(Message.address == "gwen@council.example")
    assert db.session.scalars(query).one() == "Audit CC-001 due today, Monday 7 December"


def test_a_reminder_of_the_meeting_of_a_case_says_so(people: dict[str, Person]) -> None:
    cycle = a_cycle("da-1", due_on=date(2010, 12, 3), agencies=["Police"])
    for reference, agency in (("DA1-A", "Police"), ("DA1-M", "together")):
        an_audit(reference, cycle=cycle, agency=agency, lead=people["gwen"], second=people["owen"])
    run(FRIDAY)
    digest = db.session.scalars(
        select(Message).where(Message.kind == "digest", Message.address == "gwen.tattersall@council.example")
    ).one()
    for written in (digest.text, words_of_html(digest.html or "")):
        said = " ".join(written) if isinstance(written, list) else " ".join((written or "").split())
        assert "DA1-M: The meeting of the case. Due Friday 3 December" in said
        assert "DA1-A: due Friday 3 December" in said

"""A new thing that people are reminded of is one entry; a thing without one is a fault."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Date, Subquery, literal, select, union_all

from app.actions.models import Recommendation
from app.calendar.feed import entries
from app.database import db, transaction
from app.outbox.models import Message
from app.people.models import Person
from app.people.queries import everyone
from app.reminders import daily_run
from app.reminders.day import Day
from app.reminders.due import Due
from app.reminders.holding import holding
from app.reminders.ladder_book import ladder_book
from app.reminders.messages import render_all
from app.reminders.thing import OF_AN_OWNER, Advice
from app.reminders.things import THINGS, OwnedThing
from app.tracker.steps import owners_steps
from app.working_days import WorkingDays
from tests.factories import a_cycle, a_person

FRIDAY = date(2010, 11, 26)
DUE = date(2010, 11, 12)


def day() -> Day:
    return Day(FRIDAY, 0, WorkingDays(), everyone(), ladder_book())


@pytest.fixture
def owner(app: Flask) -> Person:
    return a_person("Owen Bickerton", manager=a_person("Harriet Vance", roles=("manager",)))


@pytest.fixture
def pledges(owner: Person, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The references of the owner's open pledges: a thing that the product does not have."""
    references = ["P1"]

    def open_pledges(_on: date) -> Subquery:
        rows = [
            select(
                literal(number).label("id"),
                literal(reference).label("reference"),
                literal(owner.id).label("owner_id"),
                literal(DUE, Date).label("due_on"),
            )
            for number, reference in enumerate(references, 1)
        ]
        return union_all(*rows).subquery("pledges")

    def said() -> Subquery:
        rows = [
            select(literal(number).label("id"), literal(f"promise {reference}").label("said"))
            for number, reference in enumerate(references, 1)
        ]
        return union_all(*rows).subquery("said")

    pledge = OwnedThing(
        name="pledge",
        many="pledges",
        place="/pledges",
        ladder="action",
        audiences=OF_AN_OWNER,
        advice=Advice("If you cannot keep it, say so.", "If you cannot keep one, say so.", "Say so."),
        open_on=open_pledges,
        in_messages=said,
        in_calendar=said,
    )
    monkeypatch.setitem(THINGS, pledge.name, pledge)
    return references


def messages() -> dict[str, Message]:
    daily_run.run(FRIDAY)
    return {message.kind: message for message in db.session.scalars(select(Message))}


def test_one_entry_gives_a_new_thing_its_messages(pledges: list[str]) -> None:
    sent = messages()
    assert {kind: message.subject for kind, message in sent.items()} == {
        "digest": "Pledge P1 overdue since Friday 12 November",
        "manager": "Your team: pledge P1 overdue since Friday 12 November",
    }
    text = sent["digest"].text or ""
    assert "- P1: Promise P1. Was due Friday 12 November, 10 working days ago." in text
    assert "Please complete pledge P1, which was due on Friday 12 November.\n" in text
    assert "Open pledge P1: http://127.0.0.1:8000/pledges/P1\n" in text
    assert "If you cannot keep it, say so." in text
    assert "Please find out what is holding up pledge P1, which was due" in (sent["manager"].text or "")


MEANWHILE = "report progress, ask for a later date or say that it is not yours."


WAS_DUE = "which was due on Friday 12 November."
R9 = "Recommendation R9 was due on Friday 12 November."
DECIDED = "Until the decision is recorded, you can open the recommendation to"
CHECKED = "Until a coordinator has checked it, you can open the recommendation to"
NOT_YET = "Its decision is not recorded yet."
TO_CHECK = "It waits for a coordinator to check that it is carried out."
ASK = "ask for a later date and give the reason. If it is not yours, say so on its page."


@pytest.mark.parametrize(
    ("facts", "asked", "can"),
    [
        ({}, f"{R9} {NOT_YET}", f"{DECIDED} say that it is carried out, {MEANWHILE}"),
        (
            {"decision": "accepted", "decided_on": date(2010, 11, 29)},
            f"{R9} {NOT_YET}",
            f"{DECIDED} say that it is carried out, {MEANWHILE}",
        ),
        (
            {"proposed_on": DUE},
            f"{R9} {TO_CHECK} Its decision has to be recorded first.",
            f"{DECIDED} {MEANWHILE}",
        ),
        (
            {"proposed_on": DUE, "decision": "accepted", "decided_on": DUE},
            f"{R9} {TO_CHECK}",
            f"{CHECKED} {MEANWHILE}",
        ),
        (
            {"decision": "accepted", "decided_on": DUE},
            f"Please complete recommendation R9, {WAS_DUE}",
            f"If you cannot complete this recommendation by its due date, open it, {ASK}",
        ),
    ],
)
def test_a_message_asks_for_no_more_than_the_page_of_a_recommendation_offers(
    service: Flask, facts: dict[str, object], asked: str, can: str
) -> None:
    owner, cycle = a_person("Owen Bickerton"), a_cycle()
    with transaction():
        db.session.add(cycle)
        db.session.flush()
        raised = {"reference": "R9", "text": "Agree one place", "raised_on": date(2010, 10, 1)}
        when = {"due_on": DUE, "first_due_on": DUE, "owner_id": owner.id}
        db.session.add(Recommendation(cycle_id=cycle.id, **raised, **when, **facts))
    text = messages()["digest"].text or ""
    assert text.startswith(f"{asked}\n")
    assert f"\n{can}\n" in text
    assert ("Please complete" in text) == asked.startswith("Please")
    recommendation = db.session.scalars(select(Recommendation)).one()
    offered = {step.text for step in owners_steps(recommendation, owner.id, FRIDAY)}
    for words, step in (
        ("report progress", "Report progress"),
        ("that it is carried out, report", "Say that it is carried out"),
        ("ask for a later date", "Ask for a later date"),
        ("it is not yours", "Say that it is not mine"),
    ):
        assert words not in can or step in offered


def test_several_of_a_new_thing_are_counted_and_lead_to_the_first_page(pledges: list[str]) -> None:
    pledges.append("P2")
    digest = messages()["digest"]
    assert digest.subject == "2 pledges overdue since Friday 12 November"
    text = digest.text or ""
    assert "Please complete 2 pledges. The first was due on Friday 12 November.\n" in text
    assert "Open the Today page: http://127.0.0.1:8000/\n" in text
    assert text.index("8000/\n") < text.index("\n\nIf you cannot keep one, say so.\n\n")


def test_what_is_carried_of_a_new_thing_holds_while_it_is_open(pledges: list[str]) -> None:
    pledges.append("P2")
    (digest,) = (message for message in daily_run.run(FRIDAY).messages if message.kind == "digest")
    items = dict(enumerate(digest.due))
    assert sorted(item.reference for item in holding(items, day()).values()) == ["P1", "P2"]
    pledges.remove("P2")
    assert [item.reference for item in holding(items, day()).values()] == ["P1"]


def test_a_new_thing_stands_in_its_owners_calendar(app: Flask, owner: Person, pledges: list[str]) -> None:
    with app.test_request_context():
        (entry,) = entries(owner, FRIDAY)
    assert (entry.name, entry.day, entry.title) == ("pledge-P1", DUE, "Pledge P1 due")
    assert (entry.words, entry.address) == ("promise P1", "/pledges/P1")


def test_a_thing_that_has_no_entry_is_a_fault(owner: Person) -> None:
    item = Due("wish", 1, "W1", owner.id, "digest", "overdue", DUE, FRIDAY, DUE)
    with pytest.raises(LookupError, match="“wish”"):
        render_all({(owner.id, "digest"): [item, item._replace(obligation_id=2)]}, day())
    with pytest.raises(LookupError, match="“wish”"):
        holding({1: item}, day())

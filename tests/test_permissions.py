"""The permissions of every address for every role: open to those it is for, closed to all others.

The table below is written from what was agreed with the people who use the service, not from the code: an
address that is not in it fails the test.
"""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.actions.models import Action, Recommendation
from app.audits.models import Assignment
from app.concerns.models import Remedy
from app.database import db, transaction
from app.people.models import Person
from app.people.roles import RoleName as R
from app.quick_wins.models import QuickWin
from tests.factories import a_cycle, a_person, an_audit

EVERYBODY = "everybody"
BY_KEY = "programs with a key"
ALL = frozenset(R)
COORDINATOR = frozenset({R.COORDINATOR})
OFFICE = frozenset({R.COORDINATOR, R.ADMINISTRATOR})
READERS = frozenset({R.COORDINATOR, R.LEADER, R.MANAGER})
PAIR_ONLY: frozenset[R] = frozenset()

ADDRESSES: dict[str, frozenset[R] | str] = {
    "/static/<path:filename>": EVERYBODY,
    "/health": EVERYBODY,
    "/metrics": EVERYBODY,  # by its token
    "/settings/service": OFFICE,
    "/accessibility": EVERYBODY,
    "/privacy": EVERYBODY,
    "/.well-known/security.txt": EVERYBODY,
    "/sign-in": EVERYBODY,
    "/sign-out": EVERYBODY,
    "/sign-in/council": EVERYBODY,
    "/sign-in/council/answer": EVERYBODY,
    "/forgotten-password": EVERYBODY,
    "/choose-password/<token>": EVERYBODY,
    "/": ALL,
    "/news/emails": ALL,
    "/sign-in/": EVERYBODY,  # who has given their password
    "/account": ALL,  # each their own
    "/account/": ALL,
    "/typed": ALL,  # each their own
    "/typed/<page>/delete": ALL,
    "/retention": OFFICE,
    "/retention/": OFFICE,  # dates, holds and removal
    "/cycles": READERS,
    "/programme": READERS,
    "/programme/summary": frozenset({R.COORDINATOR, R.LEADER}),
    "/programme/summary.<ending>": frozenset({R.COORDINATOR, R.LEADER}),
    "/cycles/<reference>": READERS,
    "/cycles/new": COORDINATOR,
    "/cycles/<reference>/edit": COORDINATOR,
    "/cycles/<reference>/close": COORDINATOR,
    "/cycles/<reference>/again": COORDINATOR,
    "/cycles/<reference>/auditors": COORDINATOR,
    "/cycles/<reference>/reporting": COORDINATOR,
    "/cycles/<reference>/assign": COORDINATOR,
    "/cycles/<reference>/answers": COORDINATOR,  # a file
    "/cycles/<reference>/findings": READERS,
    "/cycles/<reference>/findings/comments": COORDINATOR,
    "/cycles/<reference>/report": READERS,
    "/cycles/<reference>/report.<ending>": READERS,
    "/cycles/<reference>/report/": COORDINATOR,  # writing it, making it final, to whom it went
    "/cycles/<reference>/cases": COORDINATOR,
    "/cycles/<reference>/cases/": COORDINATOR,
    "/cycles/<reference>/compared": READERS,
    "/findings/over-time": READERS,
    "/findings/": COORDINATOR,  # past cycles as published
    "/audits": frozenset({R.COORDINATOR, R.AUDITOR}),
    "/audits/<reference>": frozenset({R.COORDINATOR, R.MODERATOR}),
    "/audits/<reference>/start": PAIR_ONLY,
    "/audits/<reference>/return": PAIR_ONLY,
    "/audits/<reference>/confirm": PAIR_ONLY,
    "/audits/<reference>/agree": PAIR_ONLY,
    "/audits/<reference>/answers": COORDINATOR,  # and moderators who have asked for the grade
    "/audits/<reference>/moderate": frozenset({R.MODERATOR}),
    "/audits/<reference>/moderate/grades": frozenset({R.MODERATOR}),
    "/moderation": frozenset({R.COORDINATOR, R.MODERATOR}),
    "/audits/<reference>/cannot": PAIR_ONLY,
    "/calls": COORDINATOR,  # and deputies
    "/calls/": COORDINATOR,
    "/audits/<reference>/promise": PAIR_ONLY,
    "/audits/<reference>/at-risk": frozenset({R.COORDINATOR, R.MODERATOR}),
    "/audits/<reference>/remedies/new": COORDINATOR,
    "/audits/<reference>/response": COORDINATOR,  # and those who are asked
    "/audits/<reference>/response/dispute": frozenset({R.MODERATOR}),
    "/audits/<reference>/worker": frozenset({R.COORDINATOR, R.MODERATOR}),  # and the worker, where told
    "/audits/<reference>/worker/decide": frozenset({R.MODERATOR}),
    "/remedies": frozenset({R.COORDINATOR, R.MANAGER, R.AUDITOR}),
    "/remedies/<reference>": COORDINATOR,
    "/remedies/<reference>/reminders": COORDINATOR,  # and who reads the remedy
    "/remedies/<reference>/later": COORDINATOR,
    "/remedies/<reference>/withdraw": COORDINATOR,
    "/remedies/<reference>/owner": COORDINATOR,
    "/remedies/<reference>/done": PAIR_ONLY,
    "/alerts": COORDINATOR,
    "/alerts/<reference>": COORDINATOR,
    "/audits/<reference>/form": COORDINATOR,
    "/audits/<reference>/form/": COORDINATOR,
    "/audits/<reference>/form/paper": COORDINATOR,
    "/audits/<reference>/form/print": COORDINATOR,
    "/tools/<reference>/<int:version>/print": frozenset(
        {R.COORDINATOR, R.ADMINISTRATOR, R.AUDITOR, R.MODERATOR}
    ),
    "/audits/<reference>/reminders": frozenset({R.COORDINATOR, R.MODERATOR}),
    "/audits/<reference>/response/reminders": COORDINATOR,
    "/audits/<reference>/": COORDINATOR,  # whatever else can be done with one audit
    "/audits/": COORDINATOR,  # whatever else can be done with several
    "/actions": ALL,
    "/actions/by-age": ALL,
    "/actions/<reference>": frozenset({R.COORDINATOR, R.LEADER}),
    "/actions/<reference>/reminders": frozenset({R.COORDINATOR, R.LEADER}),
    "/actions/": COORDINATOR,  # whatever else can be done with actions
    "/actions/<reference>/progress": PAIR_ONLY,  # its owner alone
    "/actions/<reference>/later": PAIR_ONLY,
    "/actions/<reference>/not-mine": PAIR_ONLY,
    "/actions/<reference>/done": PAIR_ONLY,
    "/quick-wins": ALL,
    "/quick-wins/<reference>": frozenset({R.COORDINATOR, R.LEADER}),
    "/quick-wins/": COORDINATOR,
    "/practice/<reference>": COORDINATOR,  # and its audience
    "/exemplars": ALL,
    "/exemplars/<reference>": frozenset({R.COORDINATOR, R.MODERATOR, R.LEADER}),
    "/exemplars/<reference>/approve": frozenset({R.COORDINATOR, R.MODERATOR, R.LEADER}),
    "/exemplars/": COORDINATOR,  # writing and retiring them
    "/recommendations": ALL,
    "/recommendations/<reference>": frozenset({R.COORDINATOR, R.LEADER}),
    "/recommendations/<reference>/reminders": frozenset({R.COORDINATOR, R.LEADER}),
    "/recommendations/": COORDINATOR,
    "/recommendations/<reference>/progress": PAIR_ONLY,  # its owner alone
    "/recommendations/<reference>/progress/": COORDINATOR,  # and the writer of a line
    "/recommendations/<reference>/later": PAIR_ONLY,
    "/recommendations/<reference>/later/": COORDINATOR,
    "/recommendations/<reference>/not-mine": PAIR_ONLY,
    "/recommendations/<reference>/proposed": PAIR_ONLY,
    "/calendar": ALL,
    "/calendar/make": ALL,
    "/calendar/revoke": ALL,
    "/calendar/<secret>.ics": EVERYBODY,  # who has the private address
    "/bodies": frozenset({R.COORDINATOR, R.LEADER}),  # and members, each their own
    "/bodies/<int:number>": frozenset({R.COORDINATOR, R.LEADER}),
    "/bodies/<int:number>/meetings/<int:meeting_id>": frozenset({R.COORDINATOR, R.LEADER}),
    "/bodies/": COORDINATOR,  # whatever is changed there
    "/cycles/<reference>/answered": COORDINATOR,
    "/people": OFFICE,
    "/people/": OFFICE,
    "/people/<int:person_id>/file": frozenset({R.ADMINISTRATOR}),  # all that is held about a person
    "/people/<int:person_id>/reset-authenticator-app": frozenset({R.ADMINISTRATOR}),
    "/tools": OFFICE,
    "/tools/": OFFICE,
    "/imports": OFFICE,
    "/imports/": OFFICE,
    "/files": ALL,  # each their own
    "/files/": ALL,
    "/reading-log": frozenset({R.ADMINISTRATOR}),
    "/settings/reading-log": frozenset({R.ADMINISTRATOR}),
    "/audits/<reference>/readers": OFFICE,
    "/history": OFFICE,
    "/history/": COORDINATOR,
    "/history/acknowledge": frozenset({R.ADMINISTRATOR}),
    "/settings": OFFICE,
    "/settings/privacy": OFFICE,
    "/settings/": OFFICE,
    "/api/v1/openapi.json": EVERYBODY,
    "/api/v1/": BY_KEY,  # role by role in tests/api
    "/keys": READERS | {R.ADMINISTRATOR},
    "/keys/": READERS | {R.ADMINISTRATOR},
    "/messages": COORDINATOR,
    "/messages/": COORDINATOR,
    "/messages/on-hold": OFFICE,
}


ENDS_THE_SESSION = ("/sign-out", "/account/sessions/<int:session_id>/end")


def expected(rule: str) -> frozenset[R] | str | None:
    """Return the entry of an address: its own, else the longest that ends in "/" and begins it."""
    if rule in ADDRESSES:
        return ADDRESSES[rule]
    beginnings = [entry for entry in ADDRESSES if entry.endswith("/") and len(entry) > 1]
    fitting = [entry for entry in beginnings if rule.startswith(entry)]
    return ADDRESSES[max(fitting, key=len)] if fitting else None


def addresses(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Return every address of the service as (rule, filled in, method)."""
    for rule in app.url_map.iter_rules():
        address = rule.rule
        for name in rule.arguments:
            value = {"reference": "CP-001", "filename": "application.css", "kind": "audit"}.get(name, "1")
            for part in (f"<{name}>", f"<int:{name}>", f"<path:{name}>", f"<string:{name}>"):
                address = address.replace(part, value)
        if "/cycles/" in address:
            address = address.replace("CP-001", "2010-1")
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule.rule, address, method


def test_every_address_is_in_the_table(app: Flask) -> None:
    assert [rule for rule, _, _ in addresses(app) if expected(rule) is None] == []


def test_who_is_not_signed_in_is_asked_to_sign_in(app: Flask, client: FlaskClient) -> None:
    for rule, address, method in addresses(app):
        answer = client.open(address, method=method)
        asked = answer.status_code == 302 and "/sign-in" in answer.headers["Location"]
        if expected(rule) == BY_KEY:
            assert answer.status_code == 401, (method, address, answer.status_code)
        elif expected(rule) != EVERYBODY:
            assert asked, (method, address, answer.status_code)


@pytest.mark.parametrize("role", list(R))
def test_each_role_opens_its_own_addresses_and_no_other(
    app: Flask, sign_in: Callable[[Person], FlaskClient], role: R
) -> None:
    an_audit("CP-001", lead=a_person(), second=a_person())
    person = a_person("Somebody", roles=[role])
    client = sign_in(person)
    wrong = []
    for rule, address, method in addresses(app):
        allowed = expected(rule)
        if rule in ENDS_THE_SESSION or allowed is None:
            continue
        answer = client.open(address, method=method)
        if answer.headers.get("Location", "").startswith("/sign-in"):
            # the address before has ended the session
            answer = sign_in(person).open(address, method=method)
        opened = answer.status_code != 403
        if allowed == BY_KEY:
            opened = answer.status_code != 401
        failed = answer.status_code >= 500 and rule != "/health"  # no scheduler runs here, and it says so
        if opened != (allowed == EVERYBODY or role in allowed) or failed:
            wrong.append((method, address, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    ("who", "address", "opened"),
    [
        ("lead", "/audits/CP-001", True),
        ("second", "/audits/CP-001", True),
        ("manager", "/audits/CP-001", True),
        ("another", "/audits/CP-001", False),
        ("lead", "/audits/CP-001/cannot", True),
        ("second", "/audits/CP-001/return", True),
        ("second", "/audits/CP-001/reminders", True),
        ("manager", "/audits/CP-001/reminders", True),
        ("another", "/audits/CP-001/reminders", False),
        ("manager", "/audits/CP-001/return", False),
        ("manager", "/audits/CP-001/cannot", False),
        ("another", "/audits/CP-001/start", False),
        ("lead", "/audits/CP-001/extend", False),
        ("lead", "/audits/CP-001/answers", True),
        ("second", "/audits/CP-001/agree", True),
        ("manager", "/audits/CP-001/answers", False),
        ("another", "/audits/CP-001/answers", False),
        ("lead", "/audits/CP-001/moderate", False),
        ("second", "/audits/CP-001/form/print", True),
        ("manager", "/audits/CP-001/form/print", False),
        ("another", "/audits/CP-001/form/print", False),
        ("lead", "/audits/CP-001/form/paper", False),
        ("lead", "/audits/CP-002", False),
    ],
)
def test_the_pair_and_its_line_managers_open_their_own_audit(
    app: Flask, sign_in: Callable[[Person], FlaskClient], who: str, address: str, opened: bool
) -> None:
    manager = a_person("The Manager", roles=["manager"])
    people = {
        "manager": manager,
        "lead": a_person("The Lead", manager=manager),
        "second": a_person("The Second"),
        "another": a_person("Another Auditor"),
    }
    an_audit("CP-001", lead=people["lead"], second=people["second"])
    an_audit("CP-002", lead=people["another"], second=people["second"])
    answer = sign_in(people[who]).get(address)
    assert (answer.status_code != 403) == opened


DEPUTIES = ("for the line manager", "for the coordinator", "away too", "for a leaver", "for nobody today")
LINE_AND_OFFICE = DEPUTIES[:2]
OFFICE_ONLY = DEPUTIES[1:2]


OPEN_TO_DEPUTIES: dict[str, tuple[str, ...]] = {
    "/audits/CP-001": LINE_AND_OFFICE,
    "/audits/CP-002": OFFICE_ONLY,
    "/actions/A1": LINE_AND_OFFICE,
    "/actions/A2": OFFICE_ONLY,
    "/actions/DRAFT": (),
    "/recommendations/R1": LINE_AND_OFFICE,
    "/recommendations/R2": OFFICE_ONLY,
    "/remedies/F1": LINE_AND_OFFICE,
    "/remedies/F2": OFFICE_ONLY,
    "/audits": OFFICE_ONLY,
    "/remedies": OFFICE_ONLY,
    "/audits/CP-001/answers": (),
    "/audits/CP-001/form": (),
    "/audits/CP-001/extend": (),
    "/audits/CP-001/log-chase": (),
    "/audits/CP-001/at-risk": (),
    "/audits/selected": (),
    "/actions/A1/sign-off": (),
    "/actions/A1/date": (),
    "/recommendations/R1/decide": (),
    "/recommendations/R1/progress": (),
    "/recommendations/R1/proposed": (),
    "/recommendations/R1/carried-out": (),
    "/remedies/F1/later": (),
    "/remedies/F1/owner": (),
    "/quick-wins/Q1": (),
    "/alerts": (),
    "/cycles/2010-1": (),
    "/messages": (),
    "/people": (),
}


def test_who_stands_in_reads_what_the_messages_link_to_and_no_more(
    sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    clock_at(ON)
    opened = set()
    for name, deputy in deputies_of_all_sorts().items():
        client = sign_in(deputy)
        for address in OPEN_TO_DEPUTIES:
            answer = client.get(address)
            if answer.status_code != 403:
                opened.add((address, name))
            page = answer.get_data(as_text=True)
            assert [words for words in (CASE_NUMBER, REMEDY) if words in page] == []
        client.post("/sign-out")
    assert opened == {(address, name) for address, names in OPEN_TO_DEPUTIES.items() for name in names}


def test_the_pair_is_that_of_the_day(
    sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    clock_at(ON)
    before_tomorrow, from_tomorrow = a_person("Until tomorrow"), a_person("From tomorrow")
    audit = an_audit("CP-001", lead=before_tomorrow, assigned_on=BEFORE)
    (spell,) = audit.assignments
    tomorrow = date(2010, 11, 23)
    with transaction():
        spell.ended_on, spell.ended_because = tomorrow, "reassigned"
        db.session.add(
            Assignment(audit_id=audit.id, part="lead", person_id=from_tomorrow.id, assigned_on=tomorrow)
        )
    assert sign_in(before_tomorrow).get("/audits/CP-001").status_code == 200
    assert sign_in(from_tomorrow).get("/audits/CP-001").status_code == 403


ON, BEFORE = date(2010, 11, 22), date(2010, 11, 19)
CASE_NUMBER, REMEDY = "734512", "The chronology stops in June"


def deputies_of_all_sorts() -> dict[str, Person]:
    """Make practitioners who are deputies; things ending in 1 are with somebody of the line manager's."""
    away = [(BEFORE, ON)]
    deputies = {
        name: a_person(name, roles=["practitioner"], leave=away if name == "away too" else [])
        for name in DEPUTIES
    }
    boss, _, *_others = (
        a_person(f"Away, {name}", roles=[role], leave=[(*leave, deputies[name])], leaving_on=left)
        for name, role, leave, left in (
            ("for the line manager", "manager", away[0], None),
            ("for the coordinator", "coordinator", away[0], None),
            ("away too", "coordinator", away[0], None),
            ("for a leaver", "coordinator", away[0], BEFORE),
            ("for nobody today", "coordinator", (BEFORE, BEFORE), None),
        )
    )
    reports_to_boss, another = a_person("Lea", manager=boss), a_person("Nobody's")
    cycle_id, dated = a_cycle().id, {"due_on": BEFORE, "first_due_on": BEFORE}
    for number, owner in ((1, reports_to_boss), (2, another)):
        audit = an_audit(f"CP-00{number}", lead=owner, second=a_person(), case_reference=CASE_NUMBER)
        audit_id, raised_by_id = audit.id, another.id
        owned = {"owner_id": owner.id, **dated}
        with transaction():
            db.session.add_all(
                [
                    Action(reference=f"A{number}", text="Do it", **owned),
                    Recommendation(
                        reference=f"R{number}", text="Agree it", cycle_id=cycle_id, raised_on=BEFORE, **owned
                    ),
                    Remedy(
                        reference=f"F{number}",
                        text=REMEDY,
                        audit_id=audit_id,
                        raised_by_id=raised_by_id,
                        raised_on=BEFORE,
                        **owned,
                    ),
                ]
            )
    with transaction():
        action = db.session.query(Action).filter_by(reference="A1").one()
        draft = Action(reference="DRAFT", text="Not agreed", is_draft=True, owner_id=reports_to_boss.id)
        plan = {"starts_on": BEFORE, "every_working_days": 5, "times": 3, "message": "Record it."}
        db.session.add_all([draft, QuickWin(reference="Q1", subject="Child seen", action=action, **plan)])
    return deputies

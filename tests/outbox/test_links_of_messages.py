"""Links of all messages, followed by the receiver: the page opens and shows what the message spoke of.

Each scene makes something happen that people are written to about, and tells which messages that makes.
With `pytest -rP` each scene says how many links were followed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from html import unescape

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import update

from app.actions import handing_over
from app.actions.models import Action, Recommendation
from app.answers.returning import return_checked
from app.answers.stored_form import form_of
from app.api import ending
from app.api.models import ApiToken
from app.assigning import moves as assigning
from app.assigning.moves import NewPair
from app.audits import chasing, moves
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.worker_messages import write_audited
from app.clock import Clock
from app.concerns import alerts, remedies, response_messages
from app.concerns.alerts import PhoneCall
from app.concerns.models import Alert, CalledResponse, Remedy
from app.database import db, transaction
from app.history.models import HistoryRow
from app.history.record import Event, record
from app.news.happenings import Happening
from app.news.telling import tell
from app.outbox.kinds import KINDS
from app.outbox.models import SENT, Message, MessageItem
from app.outbox.moves import write_test
from app.people import inviting
from app.people.models import Person
from app.people.moves import change_person, details_of
from app.people.roles import RoleName
from app.people.telling_of_access import Change
from app.people.telling_of_access import tell as tell_of_access
from app.quick_wins.models import QuickWin
from app.reminders.daily_run import run
from app.reminders.models import DailyRun
from app.retention import nightly
from app.watching.history_check import check_history
from app.watching.telling import tell_of_troubles
from app.workers import replies
from config.settings import PROJECT
from tests.conftest import let_in
from tests.factories import a_cycle, a_person, an_audit
from tests.history.tampered import drop_triggers
from tests.outbox.messages import connect_to
from tests.pages import opened, visible

ON = date(2010, 11, 26)
"""15 working days after LATE: all ladders have come to the last step."""

LATE, SOON = date(2010, 11, 5), date(2010, 11, 30)
BASE_URL = "http://127.0.0.1:8000"
REMEDY = "The chronology stops in June"
EMAILS = PROJECT / "templates" / "emails"

Messages = Mapping[tuple[str, str], set[str]]
"""The references that a message speaks of, by its kind and its receiver's name."""

Scene = Callable[[], Messages]


# the people


def cora(**more: object) -> Person:
    return a_person("Cora", roles=["coordinator"], **more)  # type: ignore[arg-type]


def away(deputy: str, roles: Sequence[str] = ("practitioner",)) -> dict[str, object]:
    """Leave on the day, with a deputy of this name."""
    return {"leave": [(ON, ON, a_person(deputy, roles=roles))]}


# what they are written to about


def own(reference: str, owner: Person) -> None:
    """An action (A1), a recommendation (R1) or a remedy (F1), overdue."""
    facts: dict[str, object] = {"owner_id": owner.id, "due_on": LATE, "first_due_on": LATE}
    if reference.startswith("A"):
        facts |= {"text": f"Do {reference}", "agreed_on": date(2010, 10, 4)}
    elif reference.startswith("R"):
        facts |= {"text": f"Agree {reference}", "cycle_id": a_cycle().id, "raised_on": date(2010, 10, 4)}
    else:
        audit = an_audit(f"OF-{reference}", lead=a_person(), returned_on=date(2010, 11, 1))
        raised_by = audit.assignments[0].person_id
        facts |= {"text": REMEDY, "audit_id": audit.id, "raised_by_id": raised_by, "raised_on": LATE}
    table = {"A": Action, "R": Recommendation, "F": Remedy}[reference[0]]
    with transaction():
        db.session.add(table(reference=reference, **facts))


def spoken_with(reference: str) -> set[str]:
    """Return the references named together with one: for a remedy also its audit."""
    return {reference, f"OF-{reference}"} if reference.startswith("F") else {reference}


def a_quick_win(reference: str, subject: str, starts_on: date, roles: Sequence[str] = ()) -> None:
    with transaction():
        quick_win = QuickWin(
            reference=reference,
            subject=subject,
            message="Record it.",
            link="https://elsewhere.example/guidance",
            starts_on=starts_on,
            every_working_days=5,
            times=2,
        )
        quick_win.audience_roles = roles
        db.session.add(quick_win)


WORK = {
    "one audit": ("CP-1",),
    "two audits": ("CP-1", "CP-2"),
    "one action": ("A1",),
    "two actions": ("A1", "A2"),
    "one recommendation": ("R1",),
    "two recommendations": ("R1", "R2"),
    "one remedy": ("F1",),
    "two remedies": ("F1", "F2"),
    "one of each": ("CP-1", "A1", "R1", "F1"),
}


def overdue(
    work: Sequence[str],
    *,
    boss: Callable[[], Person] = lambda: a_person("Boss", roles=["manager"]),
    coordinator: Callable[[], Person | None] = cora,
    told: tuple[str, str] = ("Boss", "Cora"),
    roles: Sequence[str] = ("auditor",),
) -> Messages:
    """Work of Lea, who audits together with Sam, has come to the last step of its ladder.

    `told` are those who get what is for the line manager and the coordinator.
    """
    coordinator()
    lea = a_person("Lea", roles=roles, manager=boss())
    sam = a_person("Sam", roles=roles)
    spoken: set[str] = set()
    for reference in work:
        if reference.startswith("CP"):
            an_audit(reference, lead=lea, second=sam, due_on=LATE, requested_on=LATE)
        else:
            own(reference, lea)
        spoken |= spoken_with(reference)
    run(ON)
    audits = {reference for reference in work if reference.startswith("CP")}
    manager, coordinates = told
    messages = {("digest", "Lea"): spoken, ("manager", manager): spoken, ("calls", coordinates): spoken}
    return messages | ({("digest", "Sam"): audits} if audits else {})


def while_away(work: Sequence[str], roles: Sequence[str], *, one: bool = False) -> Messages:
    """The line manager and the coordinator are on leave, each with a deputy, or both with one."""
    of_boss = away("Dee", roles)
    of_cora = of_boss if one else away("Carl", roles)
    return overdue(
        work,
        boss=lambda: a_person("Boss", roles=["manager"], **of_boss),  # type: ignore[arg-type]
        coordinator=lambda: cora(**of_cora),
        told=("Dee", "Dee" if one else "Carl"),
    )


def new_by_the_daily_run(*references: str) -> Messages:
    lead = a_person("Lea")
    for reference in references:
        an_audit(reference, lead=lead, assigned_on=ON, requested_on=ON, due_on=date(2011, 1, 14))
    run(ON)
    return {("digest", "Lea"): set(references)}


def due_soon_without_auditors(*references: str) -> Messages:
    cora()
    for reference in references:
        an_audit(reference, due_on=SOON)
    run(ON)
    return {("digest", "Cora"): set(references)}


def declined(*references: str) -> Messages:
    """Lea declines; Cora is told at once, and reminded of the half pair by the next daily run."""
    cora()
    lea, sam = a_person("Lea"), a_person("Sam")
    for reference in references:
        an_audit(reference, lead=lea, second=sam, due_on=SOON, requested_on=LATE)
        assigning.decline(reference, lea, ON, "capacity")
    run(ON)
    told = {("declined", "Cora"): set(references), ("digest", "Cora"): set(references)}
    return told | {("digest", "Sam"): set(references)}


def left(work: Sequence[str], *also: Callable[[], str]) -> Messages:
    """Lea has left; Cora is to hand on what she still has."""
    cora()
    lea = a_person("Lea", leaving_on=date(2010, 11, 25))
    spoken: set[str] = set()
    for reference in work:
        if reference.startswith("CP"):
            an_audit(reference, lead=lea, due_on=date(2011, 1, 14))
        else:
            own(reference, lea)
        spoken |= spoken_with(reference)
        _move_due_day(reference, date(2011, 1, 14))
    spoken |= {make() for make in also}
    run(ON)
    return {("digest", "Cora"): spoken}


def _move_due_day(reference: str, due_on: date) -> None:
    with transaction():
        for table in (Action, Recommendation, Remedy):
            db.session.query(table).filter_by(reference=reference).update({"due_on": due_on})


def news_of(*references: str) -> Messages:
    """Tell Lea of news: about one audit that is returned, or about several that are to do."""
    lea = a_person("Lea")
    returned_on = LATE if len(references) == 1 else None
    for reference in references:
        audit = an_audit(reference, lead=lea, due_on=SOON, returned_on=returned_on)
        with transaction():
            tell([lea.id], Happening.GRADE_CHANGED, ("audit", audit.id, reference), ON, by=None)
    run(ON)
    return {("digest", "Lea"): set(references)}


def ended(*references: str) -> Messages:
    cora()
    for reference in references:
        a_quick_win(reference, f"Child seen {reference}", date(2010, 11, 8))
    run(ON)
    return {("digest", "Cora"): set(references)}


def an_audit_without_auditors() -> str:
    return an_audit("NOBODY", due_on=SOON).reference


def a_quick_win_that_ended() -> str:
    a_quick_win("Q1", "Child seen", date(2010, 11, 8))
    return "Q1"


def practice(role: str) -> Messages:
    a_person("Wendy", roles=[role])
    a_quick_win("Q1", "Child seen", ON, roles=[role])
    run(ON)
    return {("practice", "Wendy"): {"Q1"}}


def assigned_at_once(*references: str) -> Messages:
    lea, sam, coordinator = a_person("Lea"), a_person("Sam"), cora()
    for reference in references:
        an_audit(reference, due_on=SOON, requested_on=ON)
    pairs = [NewPair(reference, lea.id, sam.id) for reference in references]
    assigning.assign_all(pairs, coordinator, ON)
    return {("assigned", "Lea"): set(references), ("assigned", "Sam"): set(references)}


def returned() -> Messages:
    lea, sam = a_person("Lea"), a_person("Sam")
    an_audit("CP-1", lead=lea, second=sam, due_on=SOON, started_on=LATE)
    moves.return_audit("CP-1", lea, ON)
    return {("confirm", "Sam"): {"CP-1"}}


def handed_over(*references: str, move: Callable[[Person], object]) -> Messages:
    """Lea and Sam were told of the audits; a move takes them away, of which they are told as well."""
    lea, sam, coordinator = a_person("Lea"), a_person("Sam"), cora()
    for reference in references:
        an_audit(reference, due_on=SOON, requested_on=ON)
    pairs = [NewPair(reference, lea.id, sam.id) for reference in references]
    assigning.assign_all(pairs, coordinator, ON)
    with transaction():
        db.session.query(Message).update({"state": SENT})
    move(coordinator)
    with transaction():
        # what was sent before leads to what they no longer have
        assigned = db.session.query(Message.id).filter_by(kind="assigned", state=SENT)
        db.session.query(MessageItem).filter(MessageItem.message_id.in_(assigned)).delete(False)
        db.session.query(Message).filter_by(kind="assigned", state=SENT).delete()
    told = {("handed-over", "Lea"): set(references)}
    if db.session.query(Message).filter_by(kind="assigned").count():
        return told | {("assigned", "Olu"): set(references)}
    return told | {("handed-over", "Sam"): set(references)}


def exempt_no_more(reference: str) -> Messages:
    """Lea and Sam were told that an audit is exempt, and then that it is not."""
    handed_over(reference, move=lambda by: moves.exempt(reference, by, ON, "In court", "Hollis"))
    with transaction():
        db.session.query(Message).update({"state": SENT})
    moves.lift_exemption(reference, a_person("Cass", roles=["coordinator"]), ON, "No hearing")
    with transaction():
        db.session.query(Message).filter_by(kind="handed-over").delete()
    return {("to-do-again", "Lea"): {reference}, ("to-do-again", "Sam"): {reference}}


def to_olu(*references: str) -> Callable[[Person], object]:
    def move(coordinator: Person) -> None:
        lea = db.session.query(Person).filter_by(name="Lea").one()
        assigning.reassign_all(references, lea.id, a_person("Olu").id, coordinator, ON, "Leave")

    return move


def given(*references: str, roles: Sequence[str] = ("practitioner",)) -> Messages:
    """Lee's work goes to Lea, in one step; a remedy is given by itself."""
    lee, lea, coordinator = a_person("Lee"), a_person("Lea", roles=roles), cora()
    spoken: set[str] = set()
    for reference in references:
        own(reference, lee)
        spoken |= spoken_with(reference)
    with transaction():
        db.session.query(Recommendation).update({"decision": "accepted", "decided_on": LATE})
    if references == ("F1",):
        remedies.hand_on("F1", lea.id, coordinator, ON)
    else:
        handing_over.hand_over(lee, lea.id, by=coordinator, on=ON)
    return {("given", "Lea"): spoken}


def chased(*references: str, returned_on: date | None = None) -> Messages:
    lea, sam, coordinator = a_person("Lea"), a_person("Sam"), cora()
    for reference in references:
        an_audit(reference, lead=lea, second=sam, due_on=LATE, returned_on=returned_on)
    chasing.chase_all(references, coordinator, ON, "Can I help?")
    told = {("chase", "Sam"): set(references)}
    return told if returned_on else told | {("chase", "Lea"): set(references)}


def an_alert() -> Messages:
    cora()
    lea = a_person("Lea")
    a_person("Mona", roles=["manager"], team="Nantwich")
    an_audit("CP-1", lead=lea, second=a_person(), team="Nantwich")
    call = PhoneCall("The duty team", "today, 14:20", "by telephone", "They visit at 16:00.")
    alerts.raise_alert("CP-1", call, lea, datetime(2010, 11, 26, 12, tzinfo=UTC), ON)
    spoken = {"CP-1", "CP-1-A1"}
    return {("alert", "Cora"): spoken, ("alert", "Mona"): spoken}


def called_responses(*references: str, reminded: bool = False) -> Messages:
    """Call for a response about each audit, or have had it called for so long ago that all are reminded."""
    cora()
    mona = a_person("Mona", roles=["manager"], team="Nantwich")
    hollis = a_person("Hollis", roles=["leader"])
    with transaction():
        mona.line_manager_id = hollis.id
    called_on, due_on = (LATE, date(2010, 11, 19)) if reminded else (ON, ON)
    lea, sam = a_person("Lea"), a_person("Sam")
    for reference in references:
        audit = an_audit(reference, lead=lea, second=sam, team="Nantwich", returned_on=LATE)
        with transaction():
            called = CalledResponse(
                reference=f"{reference}-P1",
                audit_id=audit.id,
                called_on=called_on,
                due_on=due_on,
                questions=["child_seen"],
            )
            db.session.add(called)
            db.session.flush()
            if not reminded:
                response_messages.write_asked(called, ON)
    if not reminded:
        return {("response", "Mona"): set(references)}
    run(ON)
    spoken = {f"{reference}-P1" for reference in references}
    # the link to the page of one response has its audit's reference
    linked = spoken | (set(references) if len(references) == 1 else set())
    return {("digest", "Mona"): linked, ("manager", "Hollis"): linked, ("calls", "Cora"): spoken}


def a_worker(workers: str) -> Person:
    """Return a worker, of a cycle that tells workers this."""
    a_cycle(workers=workers)
    return a_person("Wendy", roles=["practitioner"])


def cases_audited(*references: str, at_once: bool = False) -> Messages:
    worker = a_worker("told")
    audits = [an_audit(reference, worker=worker, due_on=date(2011, 1, 14)) for reference in references]
    if at_once:
        with transaction():
            write_audited(audits, ON)
    else:
        run(ON)
    return {("audited", "Wendy"): set(references)}


def worker_asked(*, replies_too: bool = False) -> Messages:
    wendy, lea = a_worker("may reply"), a_person("Lea")
    audit = an_audit("CP-1", lead=lea, worker=wendy, started_on=LATE)
    seen = form_of(audit).seen
    return_checked("CP-1", lea, ON, seen, confirmed_blanks=1)
    if replies_too:
        replies.reply("CP-1-W1", "I visited that week.", wendy, ON)
        return {("reply", "Wendy"): {"CP-1"}, ("replied", "Lea"): {"CP-1"}}
    return {("reply", "Wendy"): {"CP-1"}}


def a_forgotten_password() -> Messages:
    inviting.ask_for_new_password(a_person("Lea").email, "192.0.2.1")
    inviting.write_links_asked_for(ON)
    return {("password", "Lea"): set()}


def an_invitation() -> Messages:
    connect_to(25)
    inviting.invite(a_person("Lea").id, by="cora@council.example", on=ON)
    return {("invitation", "Lea"): set()}


def an_access_changed() -> Messages:
    change_access(a_person("Lea", roles=["auditor"]), "lea.new@council.example", cora())
    return {("access", "Lea"): set(), ("access", "Cora"): set()}


def access_of_two_changed() -> Messages:
    coordinator = cora()
    changes = [Change(a_person(name, roles=["auditor"]), "password changed") for name in ("Lea", "Sam")]
    with transaction():
        tell_of_access(changes, by=coordinator.email)
    return {("access", name): set() for name in ("Lea", "Sam", "Cora")}


def change_access(person: Person, email: str, by: Person) -> None:
    details = replace(details_of(person), email=email, roles=frozenset({RoleName.LEADER}))
    change_person(person.id, details, by=by.email)


def a_role_asked_for() -> Messages:
    ann = a_person("Ann", roles=["administrator"])
    cora()
    details = replace(details_of(ann), roles=frozenset({RoleName.ADMINISTRATOR, RoleName.MODERATOR}))
    change_person(ann.id, details, by=ann.email)
    return {("role-request", "Cora"): set()}


def a_key_that_ends() -> Messages:
    made_at = datetime(2009, 12, 3, tzinfo=UTC)
    lea = a_person("Lea", roles=["leader"])
    with transaction():
        db.session.add(
            ApiToken(
                person_id=lea.id,
                name="Power BI",
                role="leader",
                digest="1",
                made_at=made_at,
                ends_on=date(2010, 12, 3),
            )
        )
    ending.warn(ON)
    return {("key-ends", "Lea"): set()}


def a_test_message() -> Messages:
    coordinator = cora()
    write_test(coordinator.id, coordinator.name, coordinator.email, ON)
    return {("test", "Cora"): set()}


def texts_about_to_be_removed() -> Messages:
    cora()
    cycle = a_cycle("2008-1", requested_on=date(2008, 1, 7), due_on=date(2008, 2, 1))
    audit = an_audit("OLD-1", cycle=cycle, lead=a_person(), returned_on=date(2008, 2, 1))
    with transaction():
        cycle.closed_on = cycle.frozen_on = cycle.reported_on = date(2008, 3, 3)
        db.session.get_one(Audit, audit.id).note = "A note"
    nightly.warn(ON)
    return {("retention", "Cora"): {"2008-1"}}


def the_history_changed() -> Messages:
    cora()
    a_person("Adam", roles=["administrator"])
    with transaction():
        record("cora@council.example", [Event("setting", "closure days", "added")])
        drop_triggers(db.session.connection())
        db.session.execute(update(HistoryRow).values(what="removed"))
    check_history()
    return {("history", "Cora"): set(), ("history", "Adam"): set()}


def no_daily_run() -> Messages:
    a_person("Adam", roles=["administrator"])
    tell_of_troubles()
    running: Clock = current_app.extensions["clock"]
    running.fixed = running.now() + timedelta(minutes=6)
    tell_of_troubles()
    return {("trouble", "Adam"): set()}


def of_the_week(*cycles: str, coordinator: Callable[[], Person] = cora, told: str = "Cora") -> Messages:
    """Give each cycle an overdue audit without auditors, and run the day."""
    there = coordinator().name == told
    for cycle in cycles:
        an_audit(f"OF-{cycle}", due_on=LATE, cycle=a_cycle(cycle), requested_on=LATE)
    with transaction():
        db.session.query(DailyRun).delete()
    run(ON)
    digest = {("digest", told): {f"OF-{cycle}" for cycle in cycles}}
    return {("weekly", told): set(cycles)} | (digest if there else {})


NOT_COORDINATORS = [role.value for role in RoleName if role is not RoleName.COORDINATOR]
EACH = WORK["one of each"]

SCENES: dict[str, dict[str, Scene]] = {
    "digest manager calls": {
        **{name: partial(overdue, work) for name, work in WORK.items()},
        **{f"{name}, deputies": partial(while_away, work, ["practitioner"]) for name, work in WORK.items()},
        "two audits, deputies who audit": partial(while_away, WORK["two audits"], ["auditor"]),
        **{f"deputies: {role}": partial(while_away, EACH, [role]) for role in NOT_COORDINATORS},
        "one deputy of both": partial(while_away, EACH, ["practitioner"], one=True),
        **{
            f"line manager: {role}": partial(overdue, EACH, boss=partial(a_person, "Boss", roles=[role]))
            for role in ("practitioner", "auditor", "leader")
        },
        "line manager: coordinator": partial(
            overdue, EACH, boss=cora, coordinator=lambda: None, told=("Cora", "Cora")
        ),
        **{f"holder: {role}": partial(overdue, EACH, roles=[role]) for role in NOT_COORDINATORS},
        "one response": partial(called_responses, "CP-1", reminded=True),
        "two responses": partial(called_responses, "CP-1", "CP-2", reminded=True),
        "many": partial(overdue, (*(f"CP-{n}" for n in range(30)), *(f"A{n}" for n in range(30)))),
    },
    "digest": {
        "one new audit": partial(new_by_the_daily_run, "CP-1"),
        "two new audits": partial(new_by_the_daily_run, "CP-1", "CP-2"),
        "one without auditors": partial(due_soon_without_auditors, "CP-1"),
        "two without auditors": partial(due_soon_without_auditors, "CP-1", "CP-2"),
        "one audit of a leaver": partial(left, ("CP-1",)),
        "two actions of a leaver": partial(left, ("A1", "A2")),
        "one of each of a leaver": partial(left, EACH),
        "one quick win that ended": partial(ended, "Q1"),
        "two quick wins that ended": partial(ended, "Q1", "Q2"),
        "news alone": partial(news_of, "CP-1"),
        "news among what is to do": partial(news_of, "CP-1", "CP-2"),
        "all that a coordinator's digest names": partial(
            left, ("CP-1", "A1"), an_audit_without_auditors, a_quick_win_that_ended
        ),
    },
    "weekly": {
        "deputy of the coordinator, one cycle": partial(
            of_the_week, "2010-1", coordinator=lambda: cora(**away("Carl")), told="Carl"
        ),
        "deputy of the coordinator, two cycles": partial(
            of_the_week, "2010-1", "2010-2", coordinator=lambda: cora(**away("Carl")), told="Carl"
        ),
    },
    "weekly digest": {
        "coordinator, one cycle": partial(of_the_week, "2010-1"),
        "coordinator, two cycles": partial(of_the_week, "2010-1", "2010-2"),
    },
    "practice": {
        role: partial(practice, role) for role in ("practitioner", "moderator", "manager", "administrator")
    },
    "assigned": {
        "one audit": partial(assigned_at_once, "CP-1"),
        "two audits": partial(assigned_at_once, "CP-1", "CP-2"),
    },
    "declined digest": {"one audit": partial(declined, "CP-1")},
    "confirm": {"one audit": returned},
    "chase": {
        "one audit": partial(chased, "CP-1"),
        "two audits": partial(chased, "CP-1", "CP-2"),
        "one to confirm": partial(chased, "CP-1", returned_on=date(2010, 11, 3)),
        "two to confirm": partial(chased, "CP-1", "CP-2", returned_on=date(2010, 11, 3)),
    },
    "handed-over": {
        "withdrawn": partial(
            handed_over, "CP-1", move=lambda by: moves.withdraw("CP-1", by, ON, "Drawn twice")
        ),
        "exempt": partial(
            handed_over, "CP-1", move=lambda by: moves.exempt("CP-1", by, ON, "In court", "Hollis")
        ),
    },
    "handed-over assigned": {
        "one audit": partial(handed_over, "CP-1", move=to_olu("CP-1")),
        "two audits": partial(handed_over, "CP-1", "CP-2", move=to_olu("CP-1", "CP-2")),
    },
    "to-do-again": {"exempt no more": partial(exempt_no_more, "CP-1")},
    "given": {
        "one action": partial(given, "A1"),
        "one recommendation": partial(given, "R1"),
        "one remedy": partial(given, "F1"),
        **{f"two actions: {role}": partial(given, "A1", "A2", roles=[role]) for role in NOT_COORDINATORS},
        "actions and recommendations": partial(given, "A1", "A2", "R1", "R2"),
    },
    "response": {"those asked": partial(called_responses, "CP-1")},
    "audited": {
        "one, told at once": partial(cases_audited, "CP-1", at_once=True),
        "two, told at once": partial(cases_audited, "CP-1", "CP-2", at_once=True),
        "one, told by the daily run": partial(cases_audited, "CP-1"),
        "two, told by the daily run": partial(cases_audited, "CP-1", "CP-2"),
    },
    "reply": {"worker": worker_asked},
    "reply replied": {"worker and auditor": partial(worker_asked, replies_too=True)},
    "alert": {"manager of the team and coordinator": an_alert},
    "password": {"auditor": a_forgotten_password},
    "invitation": {"auditor": an_invitation},
    "retention": {"coordinator": texts_about_to_be_removed},
    "history": {"coordinator and administrator": the_history_changed},
    "trouble": {"administrator": no_daily_run},
    "test": {"coordinator": a_test_message},
    "access": {
        "auditor and coordinator": an_access_changed,
        "two auditors and coordinator": access_of_two_changed,
    },
    "role-request": {"coordinator": a_role_asked_for},
    "key-ends": {"leader": a_key_that_ends},
}
"""The scenes, by the kinds of message that they make."""

WITHOUT_REFERENCE = {
    "password": "Choose a password",
    "invitation": "Choose a password",
    "test": "Test email from",
    "history": "History check",
    "trouble": "Daily run Needs attention",
    "practice": "Child seen",
    "handed-over": "You have no audits to do",
    "role-request": "asked for these roles for themselves",
    "key-ends": "Power BI",
}
"""The words on the page for a message about things without a reference."""


@pytest.mark.parametrize(
    ("kinds", "scene"),
    [
        pytest.param(kinds, scene, id=f"{kinds}: {name}")
        for kinds, scenes in SCENES.items()
        for name, scene in scenes.items()
    ],
)
def test_every_link_leads_its_receiver_to_what_the_message_spoke_of(
    app: Flask, clock_at: Callable[[date], None], kinds: str, scene: Scene
) -> None:
    clock_at(ON)
    with transaction():
        # a run earlier in the week: no weekly message, except where a scene takes it away
        db.session.add(DailyRun(on=date(2010, 11, 25), finished_at=datetime(2010, 11, 25, 8, tzinfo=UTC)))
    expected = scene()
    assert {kind for kind, _ in expected} == set(kinds.split())
    names = {person.id: person.name for person in db.session.query(Person)}
    written = {
        (message.kind, names[message.recipient or 0]): message for message in db.session.query(Message)
    }
    assert {of: spoken_of(message) for of, message in written.items()} == expected
    followed = 0
    for (kind, name), message in written.items():
        client = browser_of(app, message)
        for link in links_of(message):
            page = visible(opened(client, link))
            missing = [words for words in wanted(message) if not is_named(words, page)]
            assert missing == [], f"the message {kind} to {name} leads to {link}: {page}"
            followed += 1
    assert followed >= len(written)
    print(f"{followed} links followed")  # noqa: T201


def test_every_kind_of_message_has_a_scene(app: Flask) -> None:
    in_words = {folder.name for folder in EMAILS.iterdir() if folder.is_dir()}
    assert in_words <= KINDS.keys()  # other tests register kinds that have no words of their own
    assert {kind for kinds in SCENES for kind in kinds.split()} == in_words


def browser_of(app: Flask, message: Message) -> FlaskClient:
    """The browser of a message's receiver, signed in; who chooses a password is not."""
    client = app.test_client()
    if message.kind in ("password", "invitation"):
        return client
    return let_in(client, db.session.get_one(Person, message.recipient))


def links_of(message: Message) -> list[str]:
    """The addresses within the service that a message leads to; its two parts have the same."""
    text, html = (re.findall(rf'{BASE_URL}([^\s"<]*)', part or "") for part in (message.text, message.html))
    assert text
    assert set(text) == {unescape(link) for link in html}
    return list(dict.fromkeys(text))


def spoken_of(message: Message) -> set[str]:
    """Return all references that a message names."""
    tables = (Audit, Action, Recommendation, Remedy, CalledResponse, QuickWin, Alert, Cycle)
    known = [reference for table in tables for (reference,) in db.session.query(table.reference)]
    return {reference for reference in known if is_named(reference, message.text or "")}


def is_named(words: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", text) is not None


def wanted(message: Message) -> set[str]:
    """Return what the linked page must show: all references of the message; for one cycle its numbers."""
    if message.kind in WITHOUT_REFERENCE:
        return {WITHOUT_REFERENCE[message.kind]}
    if message.kind == "access":
        return {db.session.get_one(Person, number).name for number in message.facts["people"]}
    spoken = spoken_of(message)
    if message.kind == "weekly" and len(spoken) == 1:
        return set(re.findall(r"\d+ overdue", message.subject))
    return spoken

"""Changes by somebody else while a page is open: every page that sends a version says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app import clock
from app.actions.models import Action, Body, Meeting, MovedDate, ProgressNote, Recommendation
from app.answers import unseen_grade
from app.answers.models import EvidencePlace
from app.audits.models import Audit, Chase
from app.audits.workers import Workers
from app.concerns.models import CalledResponse, Remedy
from app.database import db, transaction
from app.exemplars.models import Exemplar
from app.people.models import Leave, Person
from app.quick_wins.models import AudienceRole, QuickWin
from app.reports.making import report_of
from app.reports.models import FinalReport
from app.reports.paper import Audience
from app.workers.models import WorkerReply
from tests.answers.graded import a_graded_cycle, answered, question, response, viewed
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

ON, BEFORE = date(2010, 11, 5), date(2010, 11, 1)
LATER, DUE = ["10", "12", "2010"], date(2010, 12, 1)
WHY = {"because": "There is a reason."}
SAID = {"said": "There is a reason."}
PAIR = {"lead-CP-2": "{alison}", "second-CP-2": "{imogen}"}
NEW = {"quick_wins.plan", "exemplars.write"}
"""The pages that create a thing with the form that also changes it later."""

SignIn = Callable[[Person], FlaskClient]
Model = type[Audit | Action | Recommendation | QuickWin | Remedy | CalledResponse | WorkerReply]


@dataclass(frozen=True)
class Page:
    """A page, its reader, their entries, and the change that somebody else makes meanwhile."""

    address: str
    thing: tuple[Model, str] | None
    who: str = "cora"
    given: Mapping[str, object] = field(default_factory=dict)
    sent_to: str = ""
    """The address that its form is sent to, if not its own."""


def of_audit(move: str, reference: str = "CP-1", who: str = "cora", **given: object) -> Page:
    return Page(f"/audits/{reference}/{move}", (Audit, reference), who, given)


def of_action(move: str, reference: str = "A-1", who: str = "cora", **given: object) -> Page:
    return Page(f"/actions/{reference}/{move}", (Action, reference), who, given)


def of_recommendation(move: str, reference: str = "R-1", who: str = "cora", **given: object) -> Page:
    return Page(f"/recommendations/{reference}/{move}", (Recommendation, reference), who, given)


def of_remedy(move: str, who: str = "cora", **given: object) -> Page:
    return Page(f"/remedies/CP-1-F1/{move}", (Remedy, "CP-1-F1"), who, given)


PAGES = [
    of_audit("start", who="alison"),
    of_audit("cannot", who="alison", reason="leave"),
    of_audit("assign", "CP-2", lead="{alison}", second="{imogen}"),
    of_audit("reassign", part="lead", to="{stand_in}", **WHY),
    of_audit("send-back", "CP-3", due_on=LATER, **WHY),
    of_audit("extend", due_on=LATER, **WHY),
    of_audit("withdraw", **WHY),
    of_audit("exempt", approved_by="The head of service", **WHY),
    of_audit("lift-exemption", "CP-7", **WHY),
    of_audit("promise", who="alison", promised_on=["24", "11", "2010"]),
    of_audit("chases/1/strike", **WHY),
    of_audit("reason", note="Rang twice."),
    of_audit("chase", sentence="Please return it."),
    of_audit("log-chase", day=["4", "11", "2010"], channel="phone", outcome="Left a message."),
    of_audit("confirm", "CP-3", "imogen", sees="same"),
    of_audit("agree", "CP-4", "imogen", **{"response-{plan}": "{good}", "reason-{plan}": "It names dates."}),
    of_audit("moderate", "CP-3", "moira", decision="agree"),
    of_audit("form/paper"),
    Page("/cycles/2010-1/assign", (Audit, "CP-2"), "cora", PAIR),
    of_action("progress", who="ada", line="Under way"),
    of_action("later", who="ada", due_on=LATER, **WHY),
    of_action("later/answer", "A-5", answer="yes"),
    of_action("date", due_on=LATER, **WHY),
    of_action("not-mine", who="ada", **SAID),
    of_action("owner", owner="{cora}"),
    of_action("agree", "A-2"),
    of_action("edit", text="Do something else"),
    of_action("done", who="ada", evidence="See the form"),
    of_action("sign-off", "A-3", impact_due_on=["1", "3", "2011"]),
    of_action("send-back", "A-3", **SAID),
    of_action("impact", "A-4", impact="effective", found="13 of 15 files"),
    of_action("sign-off/take-back", "A-4", **SAID),
    of_action("impact/take-back", "A-6", **SAID),
    of_action("progress/1/strike", "A-6", **SAID),
    of_action("withdraw", **SAID),
    of_recommendation("decide", decision="accepted", decided_on=["4", "11", "2010"]),
    of_recommendation("owner", owner="{cora}"),
    of_recommendation("date", due_on=LATER, **WHY),
    of_recommendation("carried-out", "R-2"),
    of_recommendation("progress", who="ada", line="Under way"),
    of_recommendation("progress/2/strike", "R-3", **SAID),
    of_recommendation("later", who="ada", due_on=LATER, **WHY),
    of_recommendation("later/answer", "R-3", answer="yes"),
    of_recommendation("not-mine", who="ada", **SAID),
    of_recommendation("proposed", who="ada", evidence="See the minutes"),
    of_recommendation("send-back", "R-3", **SAID),
    of_recommendation("decision/take-back", "R-2", **SAID),
    of_recommendation("open-again", "R-4", **SAID),
    of_recommendation("edit", text="Do something else"),
    Page(
        "/bodies/1/meetings/1", (Recommendation, "R-1"), given={"decision-R-1": "accepted"}, sent_to="/decide"
    ),
    Page("/quick-wins/Q-1/edit", (QuickWin, "Q-1"), given={"do": "save"}),
    Page("/quick-wins/Q-1/stop", (QuickWin, "Q-1"), given=SAID),
    Page("/quick-wins/Q-2/moved", (QuickWin, "Q-2"), given={"moved": "yes"}),
    of_remedy("done", who="ada", how="The chronology is whole"),
    of_remedy("later", due_on=LATER, **WHY),
    of_remedy("withdraw", **WHY),
    of_remedy("owner", owner="{mona}"),
    Page("/audits/CP-3/response", (CalledResponse, "CP-3-P1"), "ada", {"done": "Visited on Monday"}),
    Page(
        "/audits/CP-4/response/dispute",
        (CalledResponse, "CP-4-P1"),
        "moira",
        {"choice": "keep", "decision": "It names no dates"},
    ),
    Page("/audits/CP-5/worker", (WorkerReply, "CP-5-W1"), "wanda", {"said": "The plan is in the file"}),
    Page(
        "/audits/CP-6/worker/decide",
        (WorkerReply, "CP-6-W1"),
        "alison",
        {"choice": "leave", "decision": "We read it again"},
    ),
    Page("/exemplars/E-1/approve", None, "moira"),
    Page("/exemplars/E-1/edit", None, given={"title": "Their words", "text": "Each note has them."}),
    Page("/exemplars/E-2/retire", None, given=SAID),
    Page("/cycles/2010-2/report/final", None, given=WHY),
    Page("/cycles/2010-1/close", None, given={"confirmed": "y"}),
]


@pytest.fixture
def people(app: Flask, clock_at: Callable[[date], None]) -> dict[str, Person]:
    """The people who open the pages, and the things that the pages are about."""
    clock_at(ON)
    return the_people()


def the_people() -> dict[str, Person]:
    """Make the people and the things."""
    people = {
        "cora": a_person("Cora Coordinator", roles=["coordinator"]),
        "ada": a_person("Ada Owner", roles=["manager"], team="Nantwich"),
        "mona": a_person("Mona Manager", roles=["manager"], team="Crewe"),
        "moira": a_person("Moira Moderator", roles=["moderator"]),
        "alison": a_person("Alison Hartley"),
        "imogen": a_person("Imogen Sayle"),
        "stand_in": a_person("Stan Din"),
        "wanda": a_person("Wanda Worker", roles=["practitioner"]),
    }
    audits(people)
    replies(people)
    tracked(people["ada"])
    return people


def audits(people: Mapping[str, Person]) -> None:
    """CP-1 is open and was chased, CP-2 lacks its pair, CP-3 is returned, in CP-4 the second differs, CP-7 is
    exempt."""
    pair: dict[str, Any] = {"lead": people["alison"], "second": people["imogen"], "cycle": a_graded_cycle()}
    one = an_audit("CP-1", **pair)
    an_audit("CP-2", cycle=pair["cycle"])
    an_audit("CP-7", exempted_on=BEFORE, **pair)
    for reference in ("CP-3", "CP-4"):
        answered(an_audit(reference, returned_on=BEFORE, **pair), {"plan_quality": "good"})
    unseen_grade.ask("CP-3", people["moira"], ON, unseen_grade.READ_FIRST)
    differs = db.session.query(Audit).filter_by(reference="CP-4").one()
    viewed(differs, "second", {"plan_quality": "adequate"}, ON)
    written = {"title": "A title", "text": "A text", "written_on": BEFORE, "written_by_id": people["cora"].id}
    with transaction():
        db.session.get_one(Audit, differs.id).confirmed_on = ON
        db.session.add(Chase(id=1, audit_id=one.id, day=BEFORE, channel="phone"))
        db.session.add_all(
            [
                Remedy(
                    reference="CP-1-F1",
                    audit_id=one.id,
                    text="The chronology stops in June",
                    owner_id=people["ada"].id,
                    raised_by_id=people["alison"].id,
                    raised_on=BEFORE,
                    due_on=DUE,
                    first_due_on=DUE,
                ),
                *called_responses(people),
                Exemplar(reference="E-1", **written),
                Exemplar(reference="E-2", approved_on=BEFORE, approved_by_id=people["moira"].id, **written),
            ]
        )


def called_responses(people: Mapping[str, Person]) -> list[CalledResponse]:
    """Return an open response about CP-3, and one about CP-4 that disputes the grade."""
    ids = dict(db.session.query(Audit.reference, Audit.id).all())
    called: dict[str, Any] = {"called_on": BEFORE, "due_on": DUE, "questions": ["plan_quality"]}
    disputed = {"dispute": "It is good", "disputed_by_id": people["ada"].id}
    answer = {"answered_on": BEFORE, "answered_by_id": people["ada"].id, "done": "Visited"}
    return [
        CalledResponse(reference="CP-3-P1", audit_id=ids["CP-3"], **called),
        CalledResponse(reference="CP-4-P1", audit_id=ids["CP-4"], **called, **answer, **disputed),
    ]


def replies(people: Mapping[str, Person]) -> None:
    """The worker of CP-5 is asked for a reply; that of CP-6 has replied."""
    cycle = a_graded_cycle("2010-4")
    pair: dict[str, Any] = {"lead": people["alison"], "second": people["imogen"], "cycle": cycle}
    audits = [an_audit(reference, returned_on=BEFORE, **pair) for reference in ("CP-5", "CP-6")]
    asked: dict[str, Any] = {"worker_id": people["wanda"].id, "asked_on": BEFORE, "due_on": DUE}
    replied = {"reply": "The plan is in the file", "replied_on": BEFORE}
    for audit in audits:
        answered(audit, {"plan_quality": "good"})
    with transaction():
        cycle.workers = Workers.MAY_REPLY.value
        for audit, said in zip(audits, ({}, replied), strict=True):
            audit.worker_id = asked["worker_id"]
            db.session.add(WorkerReply(reference=f"{audit.reference}-W1", audit_id=audit.id, **asked, **said))


def tracked(owner: Person) -> None:
    """Actions, recommendations and quick wins in the states from which their moves go."""
    a_cycle("2010-2", closed_on=BEFORE)
    frozen = a_cycle("2010-2")
    cycle = a_cycle()
    agreed = {"text": "Do it", "owner_id": owner.id, "due_on": DUE, "first_due_on": DUE, "agreed_on": BEFORE}
    asked = {"cycle_id": cycle.id, "text": "Do it", "raised_on": BEFORE, "due_on": DUE, "first_due_on": DUE}
    wins = {"subject": "Seen", "message": "Record it.", "every_working_days": 1}
    request: dict[str, Any] = {"from_due_on": DUE, "to_due_on": date(2010, 12, 8), "because": "Illness"}
    request |= {"asked_on": BEFORE, "asked_by_id": owner.id, "is_made": False}
    checked = {"done_on": BEFORE, "signed_off_on": BEFORE, "impact_checked_on": ON, "impact": "effective"}
    accepted = {"decision": "accepted", "decided_on": BEFORE, **asked}
    report = {"on": BEFORE, "by_id": owner.id, "text": "A start"}
    with transaction():
        frozen.frozen_on = frozen.cut_off_on = BEFORE
        body = Body(name="Management Team", meetings=[Meeting(on=date(2010, 11, 4))])
        db.session.add(body)
        db.session.flush()
        db.session.add_all(
            [
                Action(reference="A-1", **agreed),
                Action(reference="A-2", **agreed | {"is_draft": True, "agreed_on": None}),
                Action(reference="A-3", done_on=BEFORE, evidence="See it", **agreed),
                Action(reference="A-4", done_on=BEFORE, signed_off_on=BEFORE, impact_due_on=ON, **agreed),
                Action(reference="A-5", moved_dates=[MovedDate(**request)], **agreed),
                Action(reference="A-6", progress=[ProgressNote(id=1, **report)], **checked, **agreed),
                Recommendation(reference="R-1", owner_id=owner.id, body_id=body.id, **asked),
                Recommendation(reference="R-2", **accepted),
                Recommendation(
                    reference="R-3",
                    owner_id=owner.id,
                    proposed_on=BEFORE,
                    proposed_words="See the minutes",
                    moved_dates=[MovedDate(**request)],
                    progress=[ProgressNote(id=2, **report)],
                    **accepted,
                ),
                Recommendation(reference="R-4", carried_out_on=BEFORE, **accepted),
                QuickWin(
                    reference="Q-1", starts_on=DUE, times=3, roles=[AudienceRole(role="auditor")], **wins
                ),
                QuickWin(reference="Q-2", starts_on=BEFORE, times=1, **wins),
            ]
        )


class Fields(HTMLParser):
    """Return the values of a form on a page, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.held: dict[str, list[str]] = {}
        self._select = self._textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
            self.held[name] = [""]
        elif tag == "option" and "selected" in given:
            self.held.setdefault(self._select, []).append(value)
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.held.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.held[self._textarea] = [self.held[self._textarea][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # a browser leaves out the line break with which a text area may begin
            self.held[self._textarea] = [self.held[self._textarea][0].removeprefix("\n")]
            self._textarea = ""


def filled_in(client: FlaskClient, page: Page, people: Mapping[str, Person]) -> dict[str, object]:
    """Return the values that the page sends when filled in; a plan is previewed first."""
    ids = {name: person.id for name, person in people.items()}
    ids |= {"plan": question("plan_quality"), "good": response("good") or 0}
    given = {
        name.format(**ids): value.format(**ids) if isinstance(value, str) else value
        for name, value in page.given.items()
    }
    sent: dict[str, object] = {**Fields(opened(client, page.address)).held, **given}
    if "do" in given:
        looked_at = client.post(page.address, data=sent | {"do": "look"}).get_data(as_text=True)
        sent = {**Fields(looked_at).held, **given}
    return sent


def change_meanwhile(page: Page, somebody: Person) -> None:
    """Change the thing that the page is about, as somebody else."""
    with transaction():
        if page.thing is not None:
            model, reference = page.thing
            thing: Any = db.session.query(model).filter_by(reference=reference).one()
            thing.version += 1
        elif page.address.startswith("/exemplars/"):
            db.session.query(Exemplar).update({"title": "Another title"})
        elif page.address.endswith("/close"):
            a_cycle().cut_off_on = date(2010, 11, 3)
        else:
            cycle = a_cycle("2010-2")
            content = report_of(cycle, Audience.COUNCIL, clock.today(), somebody).to_json()
            final = {"audience": "council", "number": 1, "made_by_id": somebody.id, "content": content}
            db.session.add(FinalReport(cycle_id=cycle.id, made_at=clock.now(), **final))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_what_was_changed_meanwhile_is_refused(
    page: Page, people: dict[str, Person], sign_in: SignIn
) -> None:
    client = sign_in(people[page.who])
    sent = filled_in(client, page, people)
    change_meanwhile(page, people["mona"])
    answer = client.post(page.address + page.sent_to, data=sent)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "while you had th" in visible(shown)
    # the entries are still in the form, and are saved when it is sent again
    pressed = {"do": page.given["do"]} if "do" in page.given else {}
    again = client.post(page.address + page.sent_to, data={**Fields(shown).held, **pressed})
    assert again.status_code == 302, visible(again.get_data(as_text=True))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_what_nobody_changed_is_carried_out(page: Page, people: dict[str, Person], sign_in: SignIn) -> None:
    client = sign_in(people[page.who])
    answer = client.post(page.address + page.sent_to, data=filled_in(client, page, people))
    assert answer.status_code == 302


def test_a_form_whose_thing_was_removed_meanwhile_shows_what_was_entered(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    client = sign_in(people["cora"])
    with transaction():
        people["ada"].leave = [Leave(id=1, from_on=date(2010, 12, 6), to_on=date(2010, 12, 8))]
        db.session.add(EvidencePlace(id=99, label="Their system", position=99))
    leave, entry = f"/people/{people['ada'].id}/leave/1", "/settings/places/99"
    sent = Fields(opened(client, leave)).held | {"to_on": ["9", "12", "2010"]}
    named = Fields(opened(client, entry)).held | {"label": "Our case system"}
    with transaction():
        db.session.execute(delete(Leave))
        db.session.execute(delete(EvidencePlace).where(EvidencePlace.id == 99))
    for address, form, entered in ((leave, sent, "9 12 2010"), (entry, named, "Our case system")):
        answer = client.post(address, data=form)
        page = visible(answer.get_data(as_text=True))
        assert answer.status_code == 409, address
        assert "This is not here any more, so nothing was saved." in page
        assert entered in page.partition("What you entered")[2]
    # nobody had this page open
    assert client.post(leave, data={"to_on": "9"}).status_code == 404

"""Forms sent twice do their work once, and what was typed is kept when the sign-in ends.

The list of forms is complete: a form that is missing fails the test. Each is filled in, sent when the sign-in
has ended, found again after signing in, sent, and sent once more.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.actions.models import Action, BodyMember, Meeting
from app.answers.models import FormNote
from app.api import tokens
from app.audits.cycle import Agency
from app.audits.models import Audit
from app.calendar import addresses
from app.concerns import alerts
from app.concerns.alerts import PhoneCall
from app.cycles.models import EarlierCycle, EarlierFigure
from app.database import db, transaction
from app.history.checks import LastCheck, keep_check
from app.history.models import HistoryRow
from app.long_work.models import LongWork
from app.made_files import making, what
from app.moves.models import FormSent, TypedText
from app.outbox import copies, copy_signs
from app.outbox.models import FAILED, HELD, DeliveryState, Message
from app.people.links import PASSWORD as NEW_PASSWORD
from app.people.links import link_for
from app.people.models import Closure, CouncilAccount, Leave, Person, RoleRequest
from app.people.roles import RoleName
from app.quick_wins.models import QuickWin
from app.reminders.models import HeldItem
from app.reports.models import ChosenComment, FinalReport, ReportTemplate, SentReport
from app.retention import moves as retention
from app.sampling.models import Draw, DrawnCase
from app.tools.models import ScaleResponse, Section, Standard, Tool
from tests import test_meanwhile as meanwhile
from tests.answers.graded import question, response
from tests.conftest import let_in, settings_in
from tests.factories import a_cycle, a_person, a_tool, an_audit
from tests.forms import LINES, Entries, Form, form_to, forms_to
from tests.pages import opened, visible

NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)
DRAFT = "/tools/child-protection/2"
IN_2011 = {"requested_on": ["10", "1", "2011"], "due_on": ["10", "2", "2011"]}


def closures() -> tuple[BytesIO, str]:
    """A file to import."""
    return BytesIO(b"day,name\n2010-12-29,Between the years\n"), "closures.csv"


@cache
def word_document() -> bytes:
    """A Word document, made once: what is in the file says when it was made."""
    content = BytesIO()
    docx.Document().save(content)
    return content.getvalue()


def word_file() -> tuple[BytesIO, str]:
    """A template for reports, the same each time."""
    return BytesIO(word_document()), "council.docx"


@dataclass(frozen=True)
class Sent:
    """A form: the page that has it, who sends it, the address it goes to if not the page's, some entries.

    `first` is what the same address is sent before, where the form is on the page that answers.
    """

    page: str
    who: str = "cora"
    to: str = ""
    given: Mapping[str, object] = field(default_factory=dict)
    first: Mapping[str, object] | None = None
    whole: bool = False
    """True where nothing else is filled in."""


def form(page: str, who: str = "cora", *, to: str = "", first: Any = None, **given: object) -> Sent:
    return Sent(page, who, to, given, first)


FORMS = [
    *(
        Sent(page.address, page.who, page.sent_to and page.address + page.sent_to, page.given, whole=True)
        for page in meanwhile.PAGES
        if "do" not in page.given
    ),
    # audits
    form("/audits/CP-1/form/1", "alison", **{"comment-{seen}": LINES}),
    form("/audits/CP-1/form/context", "alison", **{"note-1": LINES}),
    form("/audits/CP-1/form/end", "alison", minutes="50"),
    form("/audits/CP-1/form/check", "alison", blanks="2"),
    form("/audits/CP-4/moderate", "moira", to="/audits/CP-4/moderate/grades", how="read"),
    form("/audits/CP-1/at-risk", "alison"),
    form("/audits/CP-1/remedies/new", "alison"),
    form("/audits/CP-6/worker/talk", "alison", day=["4", "11", "2010"]),
    form("/alerts/{alert}"),
    form("/audits/CP-1/case-number", case_reference="888001"),
    form("/audits/CP-1/name-worker", worker="{ada}"),
    form("/audits/request?reference=2010-1"),
    form("/audits", to="/audits/selected", first={"do": "chase", "audit": "CP-1"}, sentence=LINES),
    # actions, recommendations, quick wins, exemplars
    form("/actions/new"),
    form("/actions/hand-over/{ada}"),
    form("/actions/A-1/check", first={"do": "look"}, do="make"),
    form("/recommendations/new?cycle=2010-1"),
    form("/cycles/2010-1/answered?question=child_seen", to="/cycles/2010-1/answered"),
    form("/quick-wins/new?cycle=2010-1&question=child_seen", first={"do": "look", "link": ""}, do="save"),
    form("/quick-wins/Q-1/edit", first={"do": "look", "link": ""}, do="save"),
    form("/quick-wins/Q-2/check", first={"do": "look"}, do="make"),
    form("/exemplars/new?audit=CP-3"),
    form("/exemplars/nominations/CP-3/set-aside"),
    # bodies
    form("/bodies/new"),
    form("/bodies/1/rename", name="Another name"),
    form("/bodies/1/members", person="{cora}"),
    form("/bodies/1", to="/bodies/1/members/{ada}/remove"),
    form("/bodies/1/meetings/new"),
    form("/bodies/1/meetings/1/change"),
    form("/bodies/1/meetings/2", to="/bodies/1/meetings/2/cancel"),
    # cycles, draws, earlier figures, reports
    form(
        "/cycles/new",
        reference="2011-1",
        requested_on=["8", "11", "2010"],
        selection="",
        population="100",
        expected_per_auditor="3",
    ),
    form("/cycles/2010-1/edit", population="100", agencies="", expected_per_auditor="3"),
    form("/cycles/2010-1/reporting"),
    form(
        "/cycles/2010-2/again",
        first={"do": "show", "which": "all", "share": "", "reference": "2011-2", **IN_2011},
        do="ask",
    ),
    form(
        "/cycles/2010-3/cases",
        first={
            "do": "show",
            "cases": "700001, Crewe\n700002, Crewe",
            "size": "1",
            "percent": "",
            "points": "",
        },
        do="keep",
    ),
    form("/cycles/2010-1/cases", to="/cycles/2010-1/cases/request"),
    form("/cycles/2010-1/cases/1/replace"),
    form("/retention/2010-1/date"),
    form("/retention/2010-1/hold"),
    form("/retention/2010-3/let-go"),
    form("/retention/2010-2/remove", confirmed="2010-2"),
    form("/history/{history_row}/remove-words", why=LINES),
    form("/history/acknowledge", "adam", because=LINES),
    form("/settings/retention", months="36", email_months="6"),
    form("/people/{gone}/anonymous", confirmed="Gone Away"),
    form("/people/{ada}/file", "adam"),
    form(
        "/findings/earlier/new",
        reference="2008-1",
        **{
            "percent-child_seen": "50",
            "answered-child_seen": "9",
            "percent-plan_quality": "",
            "answered-plan_quality": "",
        },
    ),
    form(
        "/findings/earlier/2009-1",
        **{"answered-child_seen": "9", "percent-plan_quality": "", "answered-plan_quality": ""},
    ),
    form("/findings/earlier/2009-1/remove"),
    form("/cycles/2010-1/report/write/purpose"),
    form("/cycles/2010-1/report/comments"),
    form("/cycles/2010-1/report/comments/1"),
    form("/cycles/2010-1/report/comments", to="/cycles/2010-1/report/comments/1/leave-out"),
    form("/cycles/2010-1/report/head"),
    form("/cycles/2010-3/report/1/sent"),
    form("/cycles/2010-3/report/1/sent/1"),
    form("/cycles/2010-3/report/1/sent/1/remove"),
    form("/settings/report-template", file=word_file),
    form("/settings/report-template", to="/settings/report-template/remove"),
    form("/settings/report-template/{template}"),
    form("/settings/report-template/{template}", to="/settings/report-template/{template}/drop"),
    # audit tools
    form("/tools/new", reference="new-tool", minimum_answered="80", minimum_count="10"),
    form("/tools/third/1", to="/tools/third/1/next"),
    form(f"{DRAFT}/edit/details"),
    form(f"{DRAFT}/edit/scale?kind=evidence", not_met="", excluded=""),
    form(f"{DRAFT}/edit", to=f"{DRAFT}/edit/scale/remove?name=spare"),
    form(f"{DRAFT}/edit", to=f"{DRAFT}/edit/sections"),
    form(f"{DRAFT}/edit/sections/{{section}}", key="first"),
    form(f"{DRAFT}/edit/sections/{{empty}}/condition?question=child_seen", responses="yes"),
    form(f"{DRAFT}/edit", to=f"{DRAFT}/edit/sections/{{section}}/down"),
    form(f"{DRAFT}/edit", to=f"{DRAFT}/edit/sections/{{empty}}/remove"),
    form(f"{DRAFT}/edit/sections/{{section}}/questions?answer=response", key="new_one", key_area="New one"),
    form(f"{DRAFT}/edit/questions/{{question}}"),
    form(f"{DRAFT}/edit/questions/{{plan_drafted}}/condition?question=child_seen", responses="yes"),
    form(f"{DRAFT}/edit/questions/{{question}}/level", expected_level="80", percent=""),
    form(f"{DRAFT}/edit/questions/{{question}}/findings"),
    form(f"{DRAFT}/edit/overall", overall="plan_quality"),
    form(f"{DRAFT}/edit/limits", if_any="inadequate"),
    form(f"{DRAFT}/edit", to=f"{DRAFT}/edit/limits/1/remove"),
    form(f"{DRAFT}/edit", to=f"{DRAFT}/edit/questions/{{question}}/down"),
    form(f"{DRAFT}/edit", to=f"{DRAFT}/edit/questions/{{question}}/remove"),
    form("/tools/other/2/publish"),
    form(f"{DRAFT}/delete"),
    form("/tools/standards/new"),
    form("/tools/standards/1"),
    # people
    form("/people/new", email="new@council.example", line_manager="", telephone="", leaving_on=""),
    form("/people/{mona}/edit", line_manager="", telephone="", leaving_on=""),
    form("/people/{mona}/leave", deputy=""),
    form("/people/{mona}/leave/1", deputy=""),
    form("/people/{mona}/leave/1", to="/people/{mona}/leave/1/remove"),
    form("/people/{mona}", to="/people/{mona}/invite"),
    form("/people/{mona}", to="/people/{mona}/council-account/disconnect"),
    form("/people/{mona}", to="/people/{mona}/roles/leader/confirm"),
    form("/people/{mona}", to="/people/{mona}/roles/leader/refuse"),
    form("/people", to="/people/invite"),
    form("/people/{mona}/turn-off"),
    form("/people/{otto}/turn-on"),
    form("/people/{otto}/reset-authenticator-app", "adam"),
    form("/forgotten-password", "", email="mona.manager@council.example"),
    form("/choose-password/{link}", "", password="a long new password", again="a long new password"),
    form("/", "alison", to="/news/emails", send="yes"),
    # settings
    form("/settings/reading-log", "annie", months="12"),
    form("/settings/duty-team", name="Front door", telephone="01270 555 000"),
    form("/settings/privacy", contact="dpo@council.example"),
    form("/settings", to="/settings/closures"),
    form("/settings", to="/settings/closures/2010-12-24/remove"),
    form("/settings", to="/settings/reasons"),
    form("/settings/reasons/1"),
    form("/settings/teams/1", name="Another team"),
    form("/settings/agencies/1", name="Another agency"),
    form("/settings", to="/settings/reasons/2/up"),
    form("/settings", to="/settings/reasons/4/personal", personal="yes"),
    form("/settings/places", to="/settings/places"),
    form("/settings/places/1"),
    form("/settings/places", to="/settings/places/2/up"),
    form("/settings/context", to="/settings/context"),
    form("/settings/context/1"),
    form("/settings/context", to="/settings/context/2/up"),
    form("/settings/ladders/audit"),
    # emails
    form("/messages/1", to="/messages/1/send-again"),
    form("/messages/2", to="/messages/2/release"),
    form("/messages/2", to="/messages/2/drop"),
    form(
        "/messages/coming/hold?about=audit&number={cp_1}&person={alison}&email=digest&step=due-soon"
        "&anchor=2010-11-12&on=2010-11-05",
    ),
    form("/messages/coming/held/1/let-go"),
    form("/messages", to="/messages/release"),
    form("/messages/on-hold"),
    form("/messages/drop-held"),
    form("/calls/{mona}", outcome=LINES),
    form("/messages", to="/messages/resume"),
    form("/messages", to="/messages/test"),
    # files, API keys, the calendar
    form("/imports", kind="closures", file=closures),
    form("/imports/{file}"),
    form("/imports/{file}", to="/imports/{file}/drop"),
    form("/files/{made}", to="/files?address=/audits?download%3Dcsv"),
    form("/keys"),
    form("/keys", to="/keys/1/revoke"),
    form("/calendar", to="/calendar/make"),
    form("/calendar", to="/calendar/revoke"),
    form("/typed", to="/typed/{kept}/delete"),
]
"""The forms of the service, except those that sign somebody in or out."""


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder for an installation with all things, and their ids; both empty at first."""
    return tmp_path_factory.mktemp("things"), {}


@pytest.fixture
def things(
    app: Flask,
    made_once: tuple[Path, dict[str, Any]],
    tmp_path: Path,
    clock_at: Callable[[datetime], None],
) -> dict[str, Any]:
    """Return all things that the forms are about; the ids have the names that the list above gives them.

    The installation is made by the first test and copied for the others.
    """
    folder, ids = made_once
    clock_at(NOON)
    if not ids:
        ids.update(made(app.test_client()))
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        shutil.copytree(tmp_path, folder, dirs_exist_ok=True)
    else:
        db.session.remove()
        db.engine.dispose()
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return ids


def made(client: FlaskClient) -> dict[str, Any]:
    """Make everything; return the ids."""
    people = meanwhile.the_people() | {"annie": a_person("Annie Administrator", roles=["administrator"])}
    cora = people["cora"]
    let_in(client, cora)
    a_cycle("2010-3")
    people["adam"] = a_person("Adam Minister", roles=["administrator"])
    people["otto"] = a_person("Otto Turned-Off")
    call = PhoneCall("The social worker", "10am", "By phone", "They visit today.")
    alert = alerts.raise_alert("CP-1", call, people["alison"], NOON, NOON.date())
    tokens.make("Power BI", RoleName.COORDINATOR, cora)
    addresses.make(cora)
    ids: dict[str, Any] = {name: person.id for name, person in people.items()}
    account = CouncilAccount(
        person_id=ids["mona"], issuer="https://id.example", subject="m", connected_at=NOON
    )
    with transaction():
        db.session.add(account)
    ids["cp_1"] = db.session.query(Audit).filter_by(reference="CP-1").one().id
    ids |= {"seen": question("child_seen"), "plan": question("plan_quality"), "good": response("good")}
    for reference in ("other", "third"):
        a_tool(reference)
    for reference in ("other", "child-protection"):
        assert client.post(f"/tools/{reference}/1/next").status_code == 302
    file = client.post("/imports", data={"kind": "closures", "file": closures()}).headers["Location"]
    template = client.post("/settings/report-template", data={"file": word_file()}).headers["Location"]
    around_the_audits(people)
    a_held_reminder(cora, people["ada"])
    a_call_to_make(people["mona"])
    ids["gone"] = a_person("Gone Away", leaving_on=date(2010, 10, 1)).id
    retention.hold("2010-3", "A complaint", by=cora, on=NOON.date())
    retention.set_date("2010-2", NOON.date(), "Asked for", by=cora, on=NOON.date())
    of_the_office(people)
    with transaction():
        keep_check(LastCheck(NOON.date(), 1, "0" * 64, 1, "Row 1 was changed"), NOON)
    draft = db.session.query(Tool).filter_by(reference="child-protection", version=2).one()
    row = db.session.scalars(select(HistoryRow.id).where(HistoryRow.why == "A complaint")).first()
    return ids | {
        "history_row": row,
        "alert": alert,
        "kept": "a-page",
        "template": template.removeprefix("/settings/report-template/"),
        "file": file.removeprefix("/imports/"),
        "made": a_file_that_failed(cora),
        "link": link_for(db.session.get_one(Person, ids["mona"]), NEW_PASSWORD).rsplit("/", 1)[1],
        "section": draft.sections[0].id,
        "empty": draft.sections[1].id,
        "question": draft.sections[0].questions[0].id,
        "plan_drafted": draft.sections[0].questions[1].id,
    }


def a_file_that_failed(cora: Person) -> str:
    """A file that a worker could not make."""
    asked = what.asked("/audits?download=csv")
    assert asked is not None
    token = making.ask(asked, cora)
    with transaction():
        work = db.session.get_one(LongWork, token)
        work.ended, work.failed = "Something went wrong.", True
    return token


def a_call_to_make(mona: Person) -> None:
    """An action so late that its owner is to be called."""
    day = NOON.date() - timedelta(days=60)
    owned = {"owner_id": mona.id, "due_on": day, "first_due_on": day, "agreed_on": day}
    with transaction():
        db.session.add(Action(reference="A-LATE", text="Look at the forms", **owned))


def a_held_reminder(cora: Person, ada: Person) -> None:
    """A reminder of an action that a coordinator holds."""
    action = db.session.query(Action).filter_by(reference="A-1").one()
    key = {"obligation_kind": "action", "obligation_id": action.id, "person_id": ada.id, "kind": "digest"}
    what = {"step": "overdue", "anchor_on": NOON.date(), "reference": "A-1", "because": "A new form comes"}
    with transaction():
        db.session.add(HeldItem(made_on=NOON.date(), by_id=cora.id, **key, **what))


def around_the_audits(people: Mapping[str, Person]) -> None:
    """A draw, a nomination, an earlier cycle, and a report that was sent."""
    cora = people["cora"].id
    cycle, third = (a_cycle(reference).id for reference in ("2010-1", "2010-3"))
    an_audit("CQ-1", returned_on=meanwhile.BEFORE, cycle=a_cycle("2010-2"))
    drawn = {"stratum": "Crewe", "is_chosen": True}
    with transaction():
        db.session.get_one(Person, people["alison"].id).news_by_email = False
        audit = db.session.query(Audit).filter_by(reference="CP-3").one()
        draw = Draw(cycle_id=cycle, method="random", seed=1, size=1, drawn_on=NOON.date(), drawn_by_id=cora)
        draw.cases.append(DrawnCase(position=1, case_reference="700100", **drawn))
        draw.cases.append(DrawnCase(position=2, case_reference="700200", **drawn | {"is_chosen": False}))
        earlier = EarlierCycle(reference="2009-1", title="T", reported_on=NOON.date(), source="S")
        earlier.figures.append(EarlierFigure(question="child_seen", percent=50, answered=8))
        final = {"audience": "council", "number": 1, "made_by_id": cora, "content": "{}"}
        report = FinalReport(cycle_id=third, made_at=NOON, **final)
        db.session.add_all(
            [
                FormNote(audit_id=audit.id, exemplar_because="A clear plan"),
                ChosenComment(cycle_id=cycle, theme="Recording", text="It took long to find."),
                draw,
                earlier,
                report,
            ]
        )
        db.session.flush()
        db.session.add(SentReport(final_report_id=report.id, sent_to="The board", sent_on=NOON.date()))


def of_the_office(people: Mapping[str, Person]) -> None:
    """Leave, a closure, a member of a body, a draft with a section to spare, emails that wait."""
    written: dict[str, Any] = {
        "kind": "digest",
        "address": "a@council.example",
        "subject": "S",
        "text": "T",
        "html": "<p>T</p>",
        "why": "W",
        "on": NOON.date(),
        "rendered_on": NOON.date(),
        "written_at": NOON,
        "next_try_at": NOON,
    }
    with transaction():
        db.session.query(Message).delete()
        db.session.query(DeliveryState).delete()
        otto = db.session.get_one(Person, people["otto"].id)
        otto.active, otto.tf_totp_secret = False, "secret"
        draft = db.session.query(Tool).filter_by(reference="child-protection", version=2).one()
        draft.sections.append(Section(position=2, title="To spare"))
        draft.overall = "plan_quality"
        draft.limits = [{"if_any": ["inadequate"], "of": [], "at_most": "good"}]
        draft.responses.append(ScaleResponse(scale="spare", position=1, response="a", counts_as="met"))
        action = db.session.query(Action).filter_by(reference="A-1").one()
        action.question, action.cycle_id = "child_seen", 1
        quick_win = db.session.query(QuickWin).filter_by(reference="Q-2").one()
        quick_win.question, quick_win.action_id = "child_seen", action.id
        content = word_file()[0].getvalue()
        db.session.add_all(
            [
                Leave(person_id=people["mona"].id, from_on=date(2011, 1, 4), to_on=date(2011, 1, 7)),
                RoleRequest(person_id=people["mona"].id, role="leader", asked_at=NOON),
                Closure(day=date(2010, 12, 24), name="Christmas"),
                Agency(name="Police"),
                Meeting(body_id=1, on=date(2010, 12, 2)),
                BodyMember(body_id=1, person_id=people["ada"].id),
                Standard(name="Section 47", source="statute"),
                ReportTemplate(
                    id=1,
                    name="t.docx",
                    content=content,
                    uploaded_by_id=people["cora"].id,
                    uploaded_on=NOON.date(),
                ),
                TypedText(
                    page="a-page",
                    person_id=people["cora"].id,
                    address="/people/new",
                    entries=[],
                    typed_at=NOON,
                ),
                Message(id=1, uid="1", state=FAILED, **written),
                Message(id=2, uid="2", state=HELD, **written),
                DeliveryState(id=1, paused_at=NOON, paused_because="550"),
            ]
        )


class Sender:
    """A person at a browser, who fills in a form and sends it."""

    def __init__(self, client: FlaskClient, sent: Sent, things: Mapping[str, object]) -> None:
        self.client = client
        self.sent = sent
        self.named = {name: str(value) for name, value in things.items()}
        self.page = sent.page.format(**self.named)
        self.to = (sent.to or sent.page).format(**self.named)

    def form(self) -> Form:
        """The form that is to be sent, on the page that has it."""
        page, path = opened(self.client, self.page), self.to.partition("?")[0]
        there = forms_to(page, path, self.page)
        found = next((one for one in there if one.address.endswith(self.to)), there[0])
        if self.sent.first is not None:
            shown = self.client.post(found.address, data=found.filled_in() | self._given(self.sent.first))
            assert shown.status_code == 200
            page = shown.get_data(as_text=True)
            found = forms_to(page, path, found.address)[0]
        return found

    def entries(self, form: Form) -> Entries:
        """Return what is sent: the form filled in, with what the list of forms says."""
        as_held = self.sent.whole or self.sent.first is not None
        return (form.held if as_held else form.filled_in()) | self._given(self.sent.given)

    def _given(self, given: Mapping[str, object]) -> Entries:
        return {
            name.format(**self.named): value.format(**self.named) if isinstance(value, str) else value  # type: ignore[misc]
            for name, value in given.items()
            if not callable(value)
        }

    def send(self, form: Form, entries: Entries) -> TestResponse:
        """Send it, with the files that it has."""
        files = {name: value() for name, value in self.sent.given.items() if callable(value)}
        return self.client.post(form.address, data={**entries, **files})


def sender_of(sent: Sent, app: Flask, things: Mapping[str, Any], folder: Path) -> Sender:
    """Return whoever sends a form, signed in, of a service that can write the email it asks for."""
    client = app.test_client()
    if sent.page == "/forgotten-password" or sent.to.endswith("/release"):
        app.extensions["settings"] = settings_in(
            folder, MAIL_SERVER="127.0.0.1", MAIL_DEFAULT_SENDER="audits@council.example"
        )
    if sent.page == "/messages/on-hold":
        with transaction():
            copies.hold(copy_signs.RESTORED)
    if sent.who:
        let_in(client, db.session.get_one(Person, things[sent.who]))
    return Sender(client, sent, things)


def told(client: FlaskClient) -> list[tuple[str, str]]:
    """The messages that the next page shows; they count as shown."""
    with client.session_transaction() as kept:
        return [(category, str(message)) for category, message in kept.pop("_flashes", [])]


def everything() -> dict[str, list[str]]:
    """Return all rows of the database, except those of sessions, of readings and of the sending of forms."""
    db.session.rollback()
    aside = {"sign_ins", "readings", "cases_read", FormSent.__tablename__, TypedText.__tablename__}
    tables = [table for table in db.metadata.sorted_tables if table.name not in aside]
    return {table.name: sorted(map(repr, db.session.execute(select(table)))) for table in tables}


@pytest.mark.parametrize("sent", FORMS, ids=lambda sent: f"{sent.to or sent.page} {sent.first or ''}")
def test_a_form_outlives_its_sign_in_and_does_its_work_once(
    sent: Sent, app: Flask, things: dict[str, Any], clock_at: Callable[[datetime], None], tmp_path: Path
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    sender = sender_of(sent, app, things, tmp_path)
    client = sender.client
    form = sender.form()
    entries = sender.entries(form)
    if sent.who:
        before = everything()
        clock_at(NOON + timedelta(hours=4, minutes=1))
        assert sender.send(form, entries).headers["Location"].startswith("/sign-in")
        told(client)
        assert everything() == before
        let_in(client, db.session.get_one(Person, things[sent.who]))
        if db.session.query(TypedText).filter(TypedText.page != "a-page").count():
            page = opened(client, "/typed")
            kept = form_to(page, form.path, "/typed")
            assert items(kept.held) == items(entries)
            form, entries = kept, kept.held
        else:
            assert not any(text.strip() for name, text in items(entries) if name != "version")
            form = sender.form()
            entries = sender.entries(form)
    before = everything()
    first = sender.send(form, entries)
    first_told, after = told(client), everything()
    assert first.status_code in (200, 302), visible(first.get_data(as_text=True))[:600]
    second = sender.send(form, entries)
    assert second.status_code == 302
    assert everything() == after
    if first.status_code == 302:
        assert second.headers["Location"] == first.headers["Location"]
        assert told(client) == first_told
    else:
        assert told(client) == [("success", "You sent this twice. It was done once.")]
    assert [typed.page for typed in db.session.query(TypedText)] in (["a-page"], [])


def items(entries: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was entered, in order, without what every form carries."""
    listed = {name: value if isinstance(value, list) else [value] for name, value in entries.items()}
    carried = ("csrf_token", "form_id")
    return sorted((name, text) for name, texts in listed.items() for text in texts if name not in carried)


def test_the_forms_are_all_that_the_service_has(app: Flask) -> None:
    # these two lead on or show what was tried, and keep nothing
    others = {"security.login", "security.logout", "audits.return_audit", "answers.preview"}
    # these ask for a password or a code, or end sessions: tests/account/test_account_forms.py
    others |= {"account.code", "account.enrol", "account.confirm", "account.password", "account.set_up"}
    others |= {"account.remove_app", "account.make_recovery_codes"}
    others |= {"account.end_session", "account.end_others"}
    posted = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    addresses = app.url_map.bind("")
    numbers = {"alert", "file", "made", "link", "template", "kept"}
    walked = set()
    for sent in FORMS:
        names = re.findall(r"{(\w+)}", sent.to or sent.page)
        path = (sent.to or sent.page).partition("?")[0]
        path = path.format(**{name: "a" if name in numbers else "1" for name in names})
        walked.add(str(addresses.match(path, method="POST")[0]))
    assert walked == posted - others

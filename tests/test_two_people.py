"""Two people edit one page: the later is shown what the other saved beside what they entered."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from app import clock
from app.actions.models import BodyMember, Meeting
from app.answers.models import ContextFactor, EvidencePlace
from app.audits.cycle import Agency, Cycle
from app.audits.models import NotReturnedReason
from app.cycles.models import EarlierCycle, EarlierFigure
from app.database import db, transaction
from app.moves.meanwhile import Kept
from app.moves.moving import held
from app.moves.page import form_page
from app.people.models import Leave, Person, Team
from app.reports.models import ChosenComment, FinalReport, SentReport
from app.settings.list_views import EntryForm
from app.tools import drafting
from app.tools.models import Question, ScaleResponse, Section, Standard, Tool
from tests.conftest import let_in
from tests.factories import a_person
from tests.pages import opened, visible
from tests.test_meanwhile import PAGES, WHY, Fields, people

__all__ = ["people"]

THEIRS, MINE = "What my colleague wrote", "What I wrote"


@dataclass(frozen=True)
class Edit:
    """A page that edits something kept, and the field that two people fill in."""

    address: str
    name: str
    who: tuple[str, str] = ("cora", "colin")
    given: Mapping[str, object] = field(default_factory=dict)
    """The entries of both beside it."""
    theirs: str = THEIRS
    mine: str = MINE
    again: Mapping[str, object] = field(default_factory=dict)
    """The entries of the later person before they save over it."""
    read_at: str = ""
    """The address where the result is read, if not on the page itself."""
    chosen: str = ""
    """The words for the earlier person's choice, where they are not its value."""


PAIR = ("alison", "imogen")
DRAFT = "/tools/child-protection/2/edit"

EDITS = [
    Edit("/cycles/2010-1/edit", "title"),
    Edit("/cycles/2010-1/reporting", "reported_to"),
    Edit("/people/{mona}/edit", "job_title"),
    Edit("/people/{mona}/leave/{leave}", "deputy", theirs="{ada_email}", mine="{alison_email}"),
    Edit("/settings/ladders/audit", "overdue-manager-days", theirs="6", mine="7"),
    Edit("/settings/ladders/audit?cycle=2010-1", "overdue-manager-days", theirs="6", mine="7"),
    Edit("/settings/places/{place}", "label"),
    Edit("/settings/context/{factor}", "label"),
    Edit("/settings/reasons/{reason}", "label"),
    Edit("/settings/reading-log", "months", ("annie", "andy"), theirs="12", mine="36"),
    Edit("/settings/duty-team", "name", given={"telephone": "01270 555 000"}),
    Edit("/settings/privacy", "lawful_basis"),
    Edit("/settings/retention", "months", given={"email_months": "12"}, theirs="36", mine="48"),
    Edit("/settings/teams/{team}", "name"),
    Edit("/settings/agencies/{agency}", "name"),
    Edit("/bodies/1/rename", "name"),
    Edit(f"{DRAFT}/details", "title"),
    Edit(f"{DRAFT}/scale?name=evidence", "excluded"),
    Edit(f"{DRAFT}/sections/{{section}}", "title"),
    Edit(f"{DRAFT}/sections/{{empty}}/condition?question=child_seen", "responses", theirs="yes", mine="no"),
    Edit(f"{DRAFT}/questions/{{question}}", "text"),
    Edit(f"{DRAFT}/questions/{{judged}}/condition?question=child_seen", "responses", theirs="yes", mine="no"),
    Edit(f"{DRAFT}/questions/{{question}}/level", "expected_level", theirs="85", mine="90"),
    Edit(f"{DRAFT}/questions/{{question}}/findings", "theme"),
    Edit(f"{DRAFT}/overall", "overall", theirs="outcome", mine="plan_quality"),
    Edit("/tools/standards/{standard}", "text"),
    Edit("/findings/earlier/2009-1", "source"),
    Edit("/bodies/1/meetings/1/change", "note"),
    Edit("/bodies/1/members", "part", given={"person": "{ada}"}, read_at="/bodies/1"),
    Edit("/cycles/2010-1/report/comments/{comment}", "text"),
    Edit("/cycles/2010-1/report/comments/{comment}", "theme"),
    Edit("/cycles/2010-2/report/1/sent/{sent}", "said"),
    Edit("/cycles/2010-1/report/write/recommendations", "text"),
    Edit("/cycles/2010-1/report/head", "marking"),
    Edit("/audits/CP-1/reason", "note"),
    Edit("/audits/CP-1/case-number", "case_reference", given=WHY, theirs="700017", mine="700018"),
    Edit("/audits/CP-1/name-worker", "worker", theirs="{ada}", mine="{mona}", chosen="Ada Owner, Nantwich"),
    Edit("/actions/A-1/edit", "text"),
    Edit("/recommendations/R-1/edit", "text"),
    Edit("/exemplars/E-1/edit", "text"),
    Edit("/quick-wins/Q-1/edit", "message", given={"do": "save"}),
    Edit("/audits/CP-1/form/1", "comment-{child_seen}", PAIR, again={"keep-{child_seen}": "mine"}),
    Edit("/audits/CP-1/form/context", "note-{factor}", PAIR, again={"keep-{factor}": "mine"}),
    Edit("/audits/CP-1/form/end", "hard_to_find", PAIR, again={"keep-hard_to_find": "mine"}),
]


@dataclass(frozen=True)
class Removal:
    """A button that takes something out: where it stands, where it sends to, and the page that edits it."""

    stands_on: str
    sends_to: str
    edit: Edit


def edit_of(address: str, name: str = "") -> Edit:
    """The edit of that page, of that field if it has several."""
    return next(edit for edit in EDITS if edit.address == address and name in ("", edit.name))


COMMENTS = "/cycles/2010-1/report/comments"

REMOVALS = [
    Removal(leave := "/people/{mona}/leave/{leave}", f"{leave}/remove", edit_of(leave)),
    Removal(
        "/bodies/1/meetings/{meeting}",
        "/bodies/1/meetings/{meeting}/cancel",
        Edit("/bodies/1/meetings/{meeting}/change", "note"),
    ),
    Removal("/bodies/1", "/bodies/1/members/{ada}/remove", edit_of("/bodies/1/members")),
    Removal(COMMENTS, f"{COMMENTS}/{{comment}}/leave-out", edit_of(f"{COMMENTS}/{{comment}}", "theme")),
    Removal(
        sent := "/cycles/2010-2/report/1/sent/{sent}/remove", sent, edit_of(sent.removesuffix("/remove"))
    ),
    Removal(gone := "/findings/earlier/2009-1/remove", gone, edit_of("/findings/earlier/2009-1")),
    Removal(DRAFT, f"{DRAFT}/scale/remove?name=spare", Edit(f"{DRAFT}/scale?name=spare", "excluded")),
    Removal(DRAFT, f"{DRAFT}/sections/{{empty}}/remove", Edit(f"{DRAFT}/sections/{{empty}}", "title")),
    Removal(DRAFT, f"{DRAFT}/questions/{{question}}/remove", edit_of(f"{DRAFT}/questions/{{question}}")),
    Removal(ends := "/tools/child-protection/2/delete", ends, edit_of(f"{DRAFT}/details")),
]
"""The buttons that take out, or end, what somebody else may have changed since."""

BEGINS = "it begins something new"
ONCE = "it can be done once, and the state of the thing says so"
REMOVES = "it takes out what nobody can edit"
ORDERS = "it changes an order alone"
MANY = "it moves several things at once, each as its state allows"
OWN = "it is about the person's own sign-in or address"
FILES = "it takes a file in after a preview"

EDIT_NOTHING: dict[str, str] = {
    **dict.fromkeys(
        (
            "actions.answered",
            "actions.raise_action",
            "actions.recommend",
            "answers.ask_for_grades",
            "assigning.request_audits",
            "bodies.add",
            "bodies.add_meeting",
            "concerns.note",
            "concerns.raise",
            "cycles.audit_again",
            "cycles.new",
            "exemplars.write",
            "findings.enter_earlier",
            "keys.listing",
            "people.add_leave",
            "people.new",
            "quick_wins.check_action",
            "quick_wins.check_quick_win",
            "quick_wins.plan",
            "reports.choose_comments",
            "reports.note_sent",
            "settings.add_closure",
            "today.log_call",
            "reminders.hold",
            "reminders.let_go",
            "settings.add_entry",
            "settings.add_reason",
            "tools.add_limit",
            "tools.add_question",
            "tools.add_section",
            "tools.add_standard",
            "tools.new",
            "tools.new_version",
            "workers.note_talk",
        ),
        BEGINS,
    ),
    **dict.fromkeys(
        (
            "answers.check",
            "audits.return_audit",
            "concerns.alert",
            "exemplars.set_aside",
            "outbox.drop",
            "outbox.drop_held",
            "council_accounts.disconnect_account",
            "outbox.release",
            "outbox.release_copy",
            "outbox.release_held",
            "outbox.resume",
            "outbox.send_again",
            "outbox.send_test",
            "people.invite",
            "people.invite_all",
            "people.confirm_role",
            "people.refuse_role",
            "retention.anonymous",
            "retention.file_about",
            "sampling.replace_case",
            "sampling.request_drawn",
        ),
        ONCE,
    ),
    **dict.fromkeys(("keys.revoke", "settings.remove_closure", "tools.remove_limit"), REMOVES),
    **dict.fromkeys(
        (
            "settings.mark_personal",
            "settings.move_entry_up",
            "settings.move_reason_up",
            "tools.move_question",
            "tools.move_section",
        ),
        ORDERS,
    ),
    **dict.fromkeys(("actions.hand_over", "chase_list.selected"), MANY),
    "answers.preview": "it keeps nothing",
    **dict.fromkeys(
        (
            "account.code",
            "account.confirm",
            "account.end_others",
            "account.end_session",
            "account.enrol",
            "account.make_recovery_codes",
            "account.password",
            "account.remove_app",
            "account.set_up",
            "calendar.make",
            "calendar.revoke",
            "today.news_emails",
            "people.choose_password",
            "people.forgotten_password",
            "security.login",
            "security.logout",
            "typed.delete",
        ),
        OWN,
    ),
    **dict.fromkeys(
        ("imports.drop", "imports.page", "imports.take_in", "reports.drop_template", "reports.template"),
        FILES,
    ),
    "made_files.ask": "it makes a file for the person who asks",
    **dict.fromkeys(
        ("reports.remove_template", "reports.use_template"), "tests/reports/test_template_pages.py"
    ),
    **dict.fromkeys(
        ("account.reset_app", "account.switch_off", "account.switch_on"), "tests/account/test_access.py"
    ),
    **dict.fromkeys(
        ("retention.hold", "retention.let_go", "retention.remove", "retention.set_date"),
        "tests/retention/test_pages.py",
    ),
    **dict.fromkeys(("history.acknowledge", "history.remove"), "tests/history/test_pages.py"),
    "sampling.cases": "tests/sampling/test_pages.py",
    "tools.publish": "tests/tools/test_draft_pages.py",
}
"""The pages that send something and undo nothing that somebody else saved, each with its reason, or the file
of its own test."""


@pytest.fixture
def kept(people: dict[str, Person]) -> dict[str, object]:
    """Return the things that the pages edit, by the names in their addresses."""
    return things_to_edit(people)


def things_to_edit(people: dict[str, Person]) -> dict[str, object]:
    """Make everything that the pages edit, and return the ids by their names in addresses."""
    people["colin"] = a_person("Colin Coordinator", roles=["coordinator"])
    for name in ("annie", "andy"):
        people[name] = a_person(f"{name.title()} Administrator", roles=["administrator"])
    names: dict[str, object] = {name: person.id for name, person in people.items()}
    names |= {f"{name}_email": person.email for name, person in people.items()}
    tool = drafting.new_version("child-protection", by="cora@council.example")
    with transaction():
        standard = Standard(name="Working Together", source="statute", text="See the child")
        earlier = EarlierCycle(
            reference="2009-1", title="The first", reported_on=date(2009, 6, 1), source="A paper"
        )
        earlier.figures = [EarlierFigure(question="child_seen", percent=60)]
        spell = Leave(person_id=people["mona"].id, from_on=date(2011, 1, 3), to_on=date(2011, 1, 7))
        cycle = db.session.query(Cycle).filter_by(reference="2010-1").one()
        frozen = db.session.query(Cycle).filter_by(reference="2010-2").one()
        comment = ChosenComment(cycle_id=cycle.id, theme="Evidence", text="Hard to find")
        made = {"audience": "council", "number": 1, "made_by_id": people["cora"].id, "content": "{}"}
        final = FinalReport(cycle_id=frozen.id, made_at=clock.now(), **made)
        meeting = Meeting(body_id=1, on=date(2011, 1, 13))
        member = BodyMember(body_id=1, person_id=people["ada"].id, part="chair")
        db.session.add_all([standard, earlier, spell, comment, final, meeting, member])
        db.session.flush()
        sent = SentReport(final_report_id=final.id, sent_to="The board", sent_on=clock.today())
        db.session.add(sent)
        db.session.flush()
        draft = db.session.get_one(Tool, tool.id)
        section = db.session.query(Section).filter_by(tool_id=draft.id).one()
        asked = db.session.query(Question).filter_by(section_id=section.id, key="child_seen").one()
        rows: dict[str, Any] = {"leave": spell, "standard": standard, "comment": comment, "sent": sent}
        judged = db.session.query(Question).filter_by(section_id=section.id, key="plan_quality").one()
        outcome = {"key": "outcome", "key_area": "outcome", "text": "How good is it?", "scale": judged.scale}
        section.questions.append(Question(position=9, **outcome))
        empty = Section(tool_id=draft.id, position=9, title="Nothing yet")
        spare = ScaleResponse(tool_id=draft.id, scale="spare", position=1, response="yes", counts_as="met")
        db.session.add_all([empty, spare])
        db.session.flush()
        rows |= {"section": section, "question": asked, "judged": judged, "empty": empty, "meeting": meeting}
        for name, kind in (
            ("place", EvidencePlace),
            ("factor", ContextFactor),
            ("reason", NotReturnedReason),
        ):
            rows[name] = db.session.query(kind).order_by(kind.position).first()
        rows["team"] = db.session.query(Team).first()
        rows["agency"] = agency = Agency(name="Police")
        db.session.add(agency)
        db.session.flush()
        names |= {name: row.id for name, row in rows.items()}
        published = db.session.query(Question).join(Section).filter(Section.tool_id != draft.id)
        names["child_seen"] = published.filter(Question.key == "child_seen").one().id
    return names


def filled(value: Any, names: Mapping[str, object]) -> Any:
    """Put ids into the names of fields, addresses and texts."""
    if isinstance(value, str):
        return value.format(**names)
    if isinstance(value, Mapping):
        return {filled(key, names): filled(one, names) for key, one in value.items()}
    return value


def send(client: FlaskClient, address: str, form: Mapping[str, object]) -> TestResponse:
    """Send a form, after the preview where the page has one."""
    if form.get("do") == "save":
        previewed = client.post(address, data={**form, "do": "look"}).get_data(as_text=True)
        form = {**Fields(previewed).held, **form, "shown": Fields(previewed).held["shown"]}
    return client.post(address, data=form)


def form_on(client: FlaskClient, address: str) -> dict[str, Any]:
    return dict(Fields(opened(client, address)).held)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.address} {edit.name}")
def test_two_who_edit_one_page_lose_nothing(
    edit: Edit, app: Flask, people: dict[str, Person], kept: dict[str, object]
) -> None:
    address, name = filled(edit.address, kept), filled(edit.name, kept)
    theirs, mine = filled(edit.theirs, kept), filled(edit.mine, kept)
    given, again = filled(edit.given, kept), filled(edit.again, kept)
    one, other = (let_in(app.test_client(), people[who]) for who in edit.who)

    def is_saved(text: str) -> bool:
        if edit.read_at:
            return text in visible(opened(one, edit.read_at))
        return bool(form_on(one, address)[name] == [text])

    first, later = form_on(one, address), form_on(other, address)
    saved = send(one, address, {**first, **given, name: theirs})
    assert saved.status_code == 302, visible(saved.get_data(as_text=True))
    answer = send(other, address, {**later, **given, name: mine})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "while you had th" in visible(page)
    assert (edit.chosen or theirs) in visible(page)
    assert Fields(page).held[name] == [mine]
    assert is_saved(theirs)
    over = send(other, address, {**Fields(page).held, **given, **again})
    assert over.status_code == 302, visible(over.get_data(as_text=True))
    assert is_saved(mine)


@pytest.mark.parametrize(
    ("address", "theirs", "mine"),
    [
        ("/cycles/2010-1/edit", {"title": [THEIRS]}, {"theme": [MINE], "population": ["60"]}),
        ("/people/{mona}/edit", {"roles": ["manager", "auditor"]}, {"telephone": ["01632 960 001"]}),
        ("/people/{mona}/leave/{leave}", {"to_on": ["8", "1", "2011"]}, {"from_on": ["4", "1", "2011"]}),
        (f"{DRAFT}/questions/{{question}}", {"key_area": ["Seen"]}, {"guidance": [MINE]}),
        (f"{DRAFT}/questions/{{question}}/findings", {"theme": [THEIRS]}, {"recorded_in": [MINE]}),
        ("/findings/earlier/2009-1", {"percent-child_seen": ["61"]}, {"answered-child_seen": ["25"]}),
    ],
)
def test_what_the_later_did_not_touch_stays_as_the_other_saved_it(
    address: str,
    theirs: dict[str, list[str]],
    mine: dict[str, list[str]],
    app: Flask,
    people: dict[str, Person],
    kept: dict[str, object],
) -> None:
    address = filled(address, kept)
    one, other = (let_in(app.test_client(), people[who]) for who in ("cora", "colin"))
    first, later = form_on(one, address), form_on(other, address)
    assert one.post(address, data=first | theirs).status_code == 302
    answer = other.post(address, data=later | mine)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "(you did not change this)" in visible(page)
    assert other.post(address, data=Fields(page).held).status_code == 302
    now = form_on(one, address)
    assert {name: sorted(now[name]) for name in theirs | mine} == {
        name: sorted(values) for name, values in (theirs | mine).items()
    }


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.sends_to)
def test_what_somebody_changed_meanwhile_is_taken_out_knowingly(
    removal: Removal, app: Flask, people: dict[str, Person], kept: dict[str, object]
) -> None:
    stands_on, sends_to = filled(removal.stands_on, kept), filled(removal.sends_to, kept)
    edit = removal.edit
    address, name, theirs = (filled(text, kept) for text in (edit.address, edit.name, edit.theirs))
    one, other = (let_in(app.test_client(), people[who]) for who in edit.who)

    button = button_on(opened(other, stands_on), sends_to)
    saved = send(one, address, {**form_on(one, address), **filled(edit.given, kept), name: theirs})
    assert saved.status_code == 302, visible(saved.get_data(as_text=True))
    answer = other.post(sends_to, data=button)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "while you had the page open" in visible(page)
    again = other.post(sends_to, data=button_on(page, sends_to))
    assert again.status_code == 302, visible(again.get_data(as_text=True))


def test_what_was_removed_at_that_moment_is_said_with_what_was_entered(app: Flask, kept: object) -> None:
    place = db.session.query(EvidencePlace).first()
    assert place is not None

    def removed_before_it_is_held() -> None:
        db.session.execute(delete(EvidencePlace).where(EvidencePlace.id == place.id))
        held(place)

    with app.test_request_context("/settings/places", method="POST", data={"label": MINE}):
        form, kept_now = EntryForm(), Kept(lambda: EntryForm(obj=place), removed_before_it_is_held)
        answer = form_page(form, lambda _shown: "", lambda: "", kept=kept_now)
    assert isinstance(answer, tuple)
    assert answer[1] == 409
    assert f"Someone removed this while you had the page open What you entered Name {MINE}" in visible(
        str(answer[0])
    )


def button_on(page: str, sends_to: str) -> dict[str, object]:
    """Return what the form with the button sends: the one to that address, or the only one of its page."""
    forms = page.split("<form ")[1:]
    to = [form for form in forms if f'action="{sends_to}"' in html.unescape(form)]
    own = [form for form in forms if "action=" not in form.partition(">")[0]]
    return dict(Fields("<form " + (to or own)[0].partition("</form>")[0]).held)


def test_every_page_that_sends_is_walked_or_edits_nothing(app: Flask, kept: dict[str, object]) -> None:
    sends = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    addresses = app.url_map.bind("")
    sent_to = [page.address + page.sent_to for page in PAGES]
    sent_to += [filled(edit.address, kept) for edit in EDITS]
    sent_to += [filled(removal.sends_to, kept) for removal in REMOVALS]
    walked = {str(addresses.match(path.partition("?")[0], method="POST")[0]) for path in sent_to}
    assert walked.isdisjoint(EDIT_NOTHING)
    assert sends == walked | EDIT_NOTHING.keys()

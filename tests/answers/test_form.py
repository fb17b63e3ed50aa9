"""The form as auditors fill it in, page by page, by the words they see."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.answers.models import (
    Answer,
    CompletedSection,
    ContextFactor,
    ContextNote,
    FormNote,
    LookedIn,
)
from app.audits import moves
from app.audits.facts import found
from app.audits.models import Audit
from app.database import db, transaction
from app.history.models import HistoryRow
from app.people.models import Person
from app.tools.models import Question, ScaleResponse, Section, Tool
from tests.answers.filling import Filling, place_id, question_id, response_id
from tests.conftest import PASSWORD, let_in
from tests.factories import a_person, a_tool, an_audit
from tests.pages import opened, visible

FRI_5, MON_8 = date(2010, 11, 5), date(2010, 11, 8)
FORM = "/audits/CP-001/form"
SignIn = Callable[[Person], FlaskClient]

SEEN, ALONE, PLAN = "Was the child seen?", "Was the child seen alone?", "What is the quality of the plan?"


@pytest.fixture(autouse=True)
def on_5_november(clock_at: Callable[[date], None]) -> None:
    clock_at(FRI_5)


@pytest.fixture
def alison(app: Flask) -> Person:
    return a_person("Alison Hartley", telephone="01270 111111")


@pytest.fixture
def imogen(app: Flask) -> Person:
    return a_person("Imogen Sayle", telephone="01270 222222")


@pytest.fixture
def audit(alison: Person, imogen: Person) -> Audit:
    """An audit by a tool of two sections: two questions of evidence, and a judgement."""
    tool = a_tool()
    with transaction():
        tool = db.session.get_one(Tool, tool.id)
        for position, (response, counts_as) in enumerate(
            (("good", "met"), ("adequate", "not met"), ("inadequate", "not met"), ("none", "excluded")),
            start=1,
        ):
            tool.responses.append(
                ScaleResponse(scale="judgement", position=position, response=response, counts_as=counts_as)
            )
        tool.sections[0].questions.append(
            Question(position=2, key="alone", key_area="Seen alone", text=ALONE, scale="evidence")
        )
        plan = Question(
            position=1,
            key="plan",
            key_area="Plan",
            text=PLAN,
            scale="judgement",
            guidance="Outcomes that are specific, dated and reviewed.",
        )
        tool.sections.append(Section(position=2, title="Plans", questions=[plan]))
    return an_audit("CP-001", lead=alison, second=imogen, case_reference="717275")


def stored(question: str) -> Answer:
    db.session.rollback()
    return db.session.scalars(select(Answer).where(Answer.question_id == question_id(question))).one()


def signed_in(app: Flask, person: Person) -> FlaskClient:
    """Another browser, with this person signed in."""
    return let_in(app.test_client(), person)


def test_answers_are_saved_and_read_back(sign_in: SignIn, audit: Audit, alison: Person) -> None:
    client = sign_in(alison)
    page = Filling(client, f"{FORM}/1").answer(SEEN, "yes", "Seen on the 3rd.\r\n\r\nAt school. ", "ICS")
    page.fields[f"looked-{question_id(SEEN)}"] = [str(place_id("ICS")), str(place_id("Paper file"))]
    page.fields["completed"] = ["yes"]
    answer = page.send()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{FORM}/2")
    saved = stored(SEEN)
    assert (saved.response_id, saved.found_in_id) == (response_id("yes"), place_id("ICS"))
    assert saved.comment == "Seen on the 3rd.\n\nAt school."
    assert (saved.saved_by_id, saved.version) == (alison.id, 1)
    assert set(db.session.scalars(select(LookedIn.place_id))) == {place_id("ICS"), place_id("Paper file")}
    again = Filling(client, f"{FORM}/1")
    of_the_page = ("seen-", "completed-seen", "csrf_token", "form_id")
    assert again.fields == {**page.fields, f"comment-{question_id(SEEN)}": [saved.comment]} | {
        name: again.fields[name] for name in again.fields if name.startswith(of_the_page)
    }
    tasks = visible(opened(client, FORM))
    assert "1 of 2 sections completed, 1 of 3 questions answered." in tasks
    assert "Last saved by Alison Hartley, 5 November 2010 at midday." in tasks


def test_the_first_save_starts_the_audit_and_a_look_does_not(
    sign_in: SignIn, audit: Audit, alison: Person
) -> None:
    client = sign_in(alison)
    assert "Fill in the form" in visible(opened(client, "/audits/CP-001"))
    Filling(client, f"{FORM}/1").send()
    assert found("CP-001").started_on is None  # type: ignore[union-attr]
    Filling(client, f"{FORM}/1").answer(SEEN, "no").send()
    db.session.rollback()
    assert found("CP-001").started_on == FRI_5  # type: ignore[union-attr]
    assert "Continue the form" in visible(opened(client, "/audits/CP-001"))


def test_the_history_says_once_a_day_that_somebody_saved_and_never_what(
    sign_in: SignIn, audit: Audit, alison: Person, clock_at: Callable[[date], None]
) -> None:
    client = sign_in(alison)
    for response in ("no", "yes"):
        Filling(client, f"{FORM}/1").answer(SEEN, response, "Only in the secret drawer").send()
    rows = db.session.scalars(select(HistoryRow).where(HistoryRow.what == "answers saved")).all()
    assert [(row.who, row.subject, row.before, row.after, row.why) for row in rows] == [
        ("alison.hartley@council.example", "CP-001", None, None, None)
    ]


def test_a_save_leaves_the_audits_version_alone(sign_in: SignIn, audit: Audit, alison: Person) -> None:
    client = sign_in(alison)
    Filling(client, f"{FORM}/1").answer(SEEN, "no").send()
    db.session.rollback()
    before = found("CP-001").version  # type: ignore[union-attr]
    Filling(client, f"{FORM}/1").answer(SEEN, "yes").send()
    db.session.rollback()
    assert found("CP-001").version == before  # type: ignore[union-attr]


def test_an_answer_can_be_cleared(sign_in: SignIn, audit: Audit, alison: Person) -> None:
    client = sign_in(alison)
    Filling(client, f"{FORM}/1").answer(SEEN, "yes").send()
    Filling(client, f"{FORM}/1").answer(SEEN, "").send()
    assert (stored(SEEN).response_id, stored(SEEN).version) == (None, 2)
    assert "0 of 3 questions answered" in visible(opened(client, FORM))


def test_an_answer_that_a_file_brought_is_shown_and_edited_like_any_other(
    sign_in: SignIn, audit: Audit, alison: Person
) -> None:
    with transaction():
        db.session.add(
            Answer(
                audit_id=audit.id,
                question_id=question_id(SEEN),
                response_id=response_id("no"),
                comment="From the file.",
            )
        )
    client = sign_in(alison)
    page = Filling(client, f"{FORM}/1")
    assert page.fields[f"comment-{question_id(SEEN)}"] == ["From the file."]
    page.answer(SEEN, "yes").send()
    assert (stored(SEEN).response_id, stored(SEEN).comment) == (response_id("yes"), "From the file.")


def test_both_write_at_once_and_what_one_did_not_touch_is_left_alone(
    app: Flask, audit: Audit, alison: Person, imogen: Person
) -> None:
    hers, his = Filling(signed_in(app, alison), f"{FORM}/1"), Filling(signed_in(app, imogen), f"{FORM}/1")
    assert hers.answer(SEEN, "yes").send().status_code == 302
    assert his.answer(ALONE, "no").send().status_code == 302
    assert (stored(SEEN).response_id, stored(ALONE).response_id) == (response_id("yes"), response_id("no"))


@pytest.mark.parametrize(
    ("kept", "response"), [("mine", "no"), ("theirs", "yes")], ids=["the later one", "the earlier one"]
)
def test_of_two_different_answers_the_later_chooses_and_nothing_typed_is_lost(
    app: Flask, audit: Audit, alison: Person, imogen: Person, kept: str, response: str
) -> None:
    hers, theirs = Filling(signed_in(app, alison), f"{FORM}/1"), Filling(signed_in(app, imogen), f"{FORM}/1")
    hers.answer(SEEN, "yes", "In the case note.").send()
    answer = theirs.answer(SEEN, "no", "Nowhere to be found.").answer(ALONE, "no").send()
    assert answer.status_code == 409
    words = visible(theirs.page)
    assert "Alison Hartley changed this answer while you had the page open." in words
    assert "Alison Hartley, 5 November 2010 at midday: Yes In the case note." in words
    assert theirs.fields[f"comment-{question_id(SEEN)}"] == ["Nowhere to be found."]
    assert (stored(SEEN).response_id, stored(ALONE).response_id) == (response_id("yes"), response_id("no"))
    assert theirs.send().status_code == 409  # until they have chosen
    assert stored(SEEN).response_id == response_id("yes")
    assert theirs.keep(SEEN, kept).send().status_code == 302
    assert stored(SEEN).response_id == response_id(response)


def test_the_same_answer_from_both_is_no_conflict(
    app: Flask, audit: Audit, alison: Person, imogen: Person
) -> None:
    pages = [Filling(signed_in(app, person), f"{FORM}/1") for person in (alison, imogen)]
    assert [page.answer(SEEN, "yes").send().status_code for page in pages] == [302, 302]
    assert stored(SEEN).version == 1


def test_that_a_section_is_completed_outlives_the_partners_older_page(
    app: Flask, audit: Audit, alison: Person, imogen: Person
) -> None:
    older = Filling(signed_in(app, imogen), f"{FORM}/1")
    page = Filling(signed_in(app, alison), f"{FORM}/1")
    page.fields["completed"] = ["yes"]
    page.send()
    older.answer(SEEN, "yes").send()
    assert db.session.scalars(select(CompletedSection)).one().audit_id == audit.id


@pytest.mark.parametrize(
    ("comment", "sentence"),
    [
        ("x" * 4001, "Comment must be 4,000 characters or fewer"),
        ("As on file 717275.", "Comment must not include the case number"),
    ],
    ids=["too long", "the case number"],
)
def test_a_comment_that_cannot_be_kept_comes_back_as_it_was_typed_and_the_rest_is_saved(
    sign_in: SignIn, audit: Audit, alison: Person, comment: str, sentence: str
) -> None:
    page = Filling(sign_in(alison), f"{FORM}/1").answer(SEEN, "yes", comment).answer(ALONE, "no")
    assert page.send().status_code == 422
    assert sentence in visible(page.page)
    assert page.fields[f"comment-{question_id(SEEN)}"] == [comment]
    assert stored(ALONE).response_id == response_id("no")
    assert db.session.query(Answer).count() == 1
    assert page.answer(SEEN, comment="Short.").send().status_code == 302


def test_words_that_look_like_somebody_are_saved_and_shown_again_once(
    sign_in: SignIn, audit: Audit, alison: Person
) -> None:
    client = sign_in(alison)
    answer = Filling(client, f"{FORM}/1").answer(SEEN, "yes", "Born 03/04/2005, seen at home.").send()
    assert answer.headers["Location"] == f"{FORM}/1#question-{question_id(SEEN)}"
    assert stored(SEEN).comment == "Born 03/04/2005, seen at home."
    page = Filling(client, f"{FORM}/1")
    assert "Saved. Check this text again." in visible(page.page)
    assert page.send().headers["Location"] == f"{FORM}/2"
    assert "Comments to check again" in visible(opened(client, f"{FORM}/check"))


def test_a_response_and_a_context_factor_keep_the_words_of_the_council(
    sign_in: SignIn, audit: Audit, alison: Person
) -> None:
    with transaction():
        db.session.add(ContextFactor(label="known to ICS in Crewe", position=90))
        db.session.scalars(
            select(ScaleResponse).where(ScaleResponse.response == "good")
        ).one().response = "seen in ICS"
    client = sign_in(alison)
    assert "Known to ICS in Crewe" in visible(opened(client, f"{FORM}/context"))
    assert "Seen in ICS" in visible(opened(client, f"{FORM}/2"))


def test_context_and_the_end_are_saved_and_read_back(sign_in: SignIn, audit: Audit, alison: Person) -> None:
    client = sign_in(alison)
    page = Filling(client, f"{FORM}/context")
    page.fields |= {"factor": ["1"], "note-1": ["Since May."], "note-2": ["A note says that it was there."]}
    assert page.send().headers["Location"] == f"{FORM}/end"
    assert {(each.factor_id, each.note) for each in db.session.scalars(select(ContextNote))} == {
        (1, "Since May."),
        (2, "A note says that it was there."),
    }
    page = Filling(client, f"{FORM}/context")
    page.fields["factor"].remove("1")
    page.send()
    db.session.rollback()
    assert [each.factor_id for each in db.session.scalars(select(ContextNote))] == [2]
    page = Filling(client, f"{FORM}/end")
    page.fields |= {"minutes": ["two hours"], "hard_to_find": ["The plan."], "exemplar_because": [""]}
    assert page.send().status_code == 422
    assert "Minutes taken must be a whole number from 1 to 10,000, such as 110" in visible(page.page)
    assert page.fields["minutes"] == ["two hours"]
    page.fields["minutes"] = ["110"]
    assert page.send("later").headers["Location"] == FORM
    db.session.rollback()
    note = db.session.scalars(select(FormNote)).one()
    assert (note.minutes, note.hard_to_find, note.exemplar_because) == (110, "The plan.", None)
    assert "Saved. You can come back and continue at any time" in visible(opened(client, FORM))


@pytest.mark.parametrize("page", ["context", "end"])
def test_notes_beside_the_answers_are_never_lost_either(
    app: Flask, audit: Audit, alison: Person, imogen: Person, page: str
) -> None:
    name, key = ("note-1", "1") if page == "context" else ("hard_to_find", "hard_to_find")
    hers, theirs = (Filling(signed_in(app, person), f"{FORM}/{page}") for person in (alison, imogen))
    hers.fields[name] = ["What she wrote."]
    theirs.fields[name] = ["What the other wrote."]
    assert hers.send().status_code == 302
    assert theirs.send().status_code == 409
    assert "What she wrote." in visible(theirs.page)
    assert theirs.fields[name] == ["What the other wrote."]
    theirs.fields[f"keep-{key}"] = ["mine"]
    assert theirs.send().status_code == 302
    assert "What the other wrote." in opened(theirs.client, f"{FORM}/{page}")


def test_blanks_go_through_when_confirmed_and_a_judgement_not_without_its_reason(
    sign_in: SignIn, audit: Audit, alison: Person
) -> None:
    client = sign_in(alison)
    Filling(client, f"{FORM}/2").answer(PLAN, "good").send()
    check = Filling(client, f"{FORM}/check")
    assert "Judgements without a reason" in visible(check.page)
    assert "Return audit" not in check.page
    check.fields |= {"blanks": ["2"], "seen": ["1"]}
    assert check.send().status_code == 422
    assert f"Enter a reason for this judgement: {PLAN}" in visible(check.page)
    assert f'href="{FORM}/2#question-{question_id(PLAN)}"' in check.page
    Filling(client, f"{FORM}/2").answer(PLAN, comment="Dated and reviewed.").send()
    check = Filling(client, f"{FORM}/check")
    assert "Return the audit with 2 questions not answered" in visible(check.page)
    assert check.send().status_code == 422
    assert "Confirm that you want to return the audit with 2 questions not answered" in visible(check.page)
    check.fields["blanks"] = ["2"]
    answer = check.send()
    assert answer.headers["Location"] == f"{FORM}/returned"
    words = visible(opened(client, f"{FORM}/returned"))
    assert "Audit CP-001 returned Friday 5 November 2010" in words
    assert "Imogen Sayle has been asked to confirm the answers" in words
    assert found("CP-001").returned_on == FRI_5  # type: ignore[union-attr]


def test_a_section_completed_with_blanks_says_how_many(sign_in: SignIn, audit: Audit, alison: Person) -> None:
    client = sign_in(alison)
    filling = Filling(client, f"{FORM}/1").answer(SEEN, "yes")
    filling.fields["completed"] = ["yes"]
    onwards = visible(opened(client, filling.send().headers["Location"]))
    assert "Saved. “Assessment” is completed with 1 question not answered." in onwards
    answer = Filling(client, f"{FORM}/1").answer(ALONE, "no").send()
    assert "is completed with" not in visible(opened(client, answer.headers["Location"]))


def test_a_section_with_a_judgement_that_lacks_its_reason_is_not_shown_as_completed(
    sign_in: SignIn, audit: Audit, alison: Person
) -> None:
    client = sign_in(alison)
    filling = Filling(client, f"{FORM}/2").answer(PLAN, "good")
    filling.fields["completed"] = ["yes"]
    answer = filling.send()
    assert answer.status_code == 302
    onwards = visible(opened(client, answer.headers["Location"]))
    assert f"Saved. 1 judgement in “Plans” still needs a reason: {PLAN}" in onwards
    page = visible(opened(client, FORM))
    assert "Plans 1 of 1 answered Reason missing" in page
    assert "0 of 2 sections completed" in page
    answer = Filling(client, f"{FORM}/2").answer(PLAN, comment="Dated and reviewed.").send()
    assert "still needs a reason" not in visible(opened(client, answer.headers["Location"]))
    page = visible(opened(client, FORM))
    assert "Plans 1 of 1 answered Completed" in page
    assert "1 of 2 sections completed" in page


def test_not_applicable_needs_no_reason(sign_in: SignIn, audit: Audit, alison: Person) -> None:
    client = sign_in(alison)
    Filling(client, f"{FORM}/2").answer(PLAN, "none").send()
    assert "Return the audit with 2 questions not answered" in visible(opened(client, f"{FORM}/check"))


def test_the_lead_returns_only_what_they_have_looked_at(
    app: Flask, audit: Audit, alison: Person, imogen: Person
) -> None:
    lead = signed_in(app, alison)
    check = Filling(lead, f"{FORM}/check")
    Filling(signed_in(app, imogen), f"{FORM}/1").answer(SEEN, "no").send()
    check.fields["blanks"] = ["3"]
    assert check.send().status_code == 409
    assert "Answers were changed while you had this page open." in visible(check.page)
    assert found("CP-001").returned_on is None  # type: ignore[union-attr]


def test_the_second_sees_that_all_is_saved_and_who_returns_it(
    sign_in: SignIn, audit: Audit, imogen: Person
) -> None:
    client = sign_in(imogen)
    words = visible(opened(client, f"{FORM}/check"))
    assert "Everything is saved. Only the lead auditor, Alison Hartley, can return this audit." in words
    assert "Return audit" not in words
    assert client.post(f"{FORM}/check", data={"seen": "0", "blanks": "3"}).status_code == 422
    assert found("CP-001").returned_on is None  # type: ignore[union-attr]


def test_the_old_way_to_the_return_leads_past_the_check(
    sign_in: SignIn, audit: Audit, alison: Person
) -> None:
    client = sign_in(alison)
    for answer in (client.get("/audits/CP-001/return"), client.post("/audits/CP-001/return")):
        assert answer.headers["Location"] == f"{FORM}/check"
    assert found("CP-001").returned_on is None  # type: ignore[union-attr]


def test_a_returned_form_is_read_until_it_is_sent_back(app: Flask, audit: Audit, alison: Person) -> None:
    client = signed_in(app, alison)
    Filling(client, f"{FORM}/1").answer(SEEN, "yes").send()
    older = Filling(client, f"{FORM}/1").answer(SEEN, "no", "Typed too late.")
    moves.return_audit("CP-001", db.session.merge(alison), FRI_5)
    assert older.send().status_code == 409
    words = visible(older.page)
    assert (
        "This audit was returned on 5 November 2010. To change an answer, ask a coordinator to send it back."
        in words
    )
    assert "What you typed was not saved" in words
    assert "Typed too late." in words
    assert stored(SEEN).response_id == response_id("yes")
    for page in ("1", "context", "end", "check"):
        assert "<form" not in opened(client, f"{FORM}/{page}").split("</header>")[1]
        assert client.post(f"{FORM}/{page}", data={}).status_code == 409
    jack = a_person("Jack Denny", roles=["coordinator"])
    moves.send_back("CP-001", jack, FRI_5, "A reason is missing", MON_8)
    assert Filling(client, f"{FORM}/1").answer(SEEN, "no").send().status_code == 302


def test_a_moderator_neither_reads_nor_changes_a_form_that_is_not_returned(
    sign_in: SignIn, audit: Audit
) -> None:
    client = sign_in(a_person("Morag Dell", roles=["moderator"]))
    for page in ("1", "context", "end", "check"):
        assert client.get(f"{FORM}/{page}").status_code == 403
        sent = {f"response-{question_id(SEEN)}": str(response_id("yes")), "note-1": "x", "minutes": "5"}
        assert client.post(f"{FORM}/{page}", data=sent).status_code == 403
    assert db.session.query(Answer).count() == db.session.query(ContextNote).count() == 0


def test_others_who_may_read_the_form_change_nothing(sign_in: SignIn, audit: Audit) -> None:
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    for page in ("1", "context", "end", "check"):
        assert "Only an auditor of this audit can fill in the form" in visible(
            opened(client, f"{FORM}/{page}")
        )
        answer = client.post(
            f"{FORM}/{page}",
            data={f"response-{question_id(SEEN)}": str(response_id("yes")), "note-1": "x", "minutes": "5"},
        )
        assert answer.status_code == 409
    assert db.session.query(Answer).count() == db.session.query(ContextNote).count() == 0
    assert db.session.query(FormNote).count() == 0


def test_who_has_left_cannot_save(
    sign_in: SignIn, audit: Audit, alison: Person, clock_at: Callable[[date], None]
) -> None:
    page = Filling(sign_in(alison), f"{FORM}/1").answer(SEEN, "yes")
    with transaction():
        db.session.get_one(Person, alison.id).leaving_on = FRI_5
    clock_at(MON_8)
    assert page.send().headers["Location"].startswith("/sign-in")
    assert db.session.query(Answer).count() == 0


def test_a_late_return_is_filled_in_after_its_cycle_has_closed(
    sign_in: SignIn, audit: Audit, alison: Person
) -> None:
    with transaction():
        audit = db.session.get_one(Audit, audit.id)
        audit.cycle.closed_on = FRI_5
    assert Filling(sign_in(alison), f"{FORM}/1").answer(SEEN, "yes").send().status_code == 302


def test_the_pages_say_what_becomes_of_a_return_after_the_cycle_has_closed(
    sign_in: SignIn, audit: Audit, alison: Person, clock_at: Callable[[date], None]
) -> None:
    client = sign_in(alison)
    pages = ("/audits/CP-001", FORM, f"{FORM}/check")
    assert not any("The cycle of this audit is closed" in visible(opened(client, page)) for page in pages)
    with transaction():
        db.session.get_one(Audit, audit.id).cycle.closed_on = date(2010, 11, 4)
    for page in pages:
        assert "it is kept and marked “returned after the cut-off”. It changes no figures." in visible(
            opened(client, page)
        )
    client.post(f"{FORM}/check", data={"seen": "0", "blanks": "3"})
    returned = visible(opened(client, f"{FORM}/returned"))
    kept = "It is kept, marked “returned after the cut-off”, and changes no figures."
    assert f"This audit was returned after the cut-off date. {kept}" in returned


def test_what_was_typed_is_kept_when_the_sign_in_has_ended(app: Flask, audit: Audit, alison: Person) -> None:
    client = signed_in(app, alison)
    page = Filling(client, f"{FORM}/1").answer(SEEN, "yes", "An hour’s work.\nTwo lines.")
    client.post("/sign-out")
    assert page.send("later").headers["Location"] == "/sign-in?next=/typed"
    assert client.post("/sign-in", data={"email": alison.email, "password": PASSWORD}).location == "/typed"
    kept = opened(client, "/typed")
    assert "An hour’s work.\nTwo lines." in kept
    sent = MultiDict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', kept.partition("Delete")[0]))
    assert client.post(f"{FORM}/1", data=sent).headers["Location"] == FORM
    assert stored(SEEN).comment == "An hour’s work.\nTwo lines."


def test_the_case_number_stands_where_the_pair_sees_it_and_in_no_title(
    sign_in: SignIn, audit: Audit, alison: Person
) -> None:
    client = sign_in(alison)
    assert "717275" in visible(opened(client, FORM))
    for page in ("", "/1", "/context", "/end", "/check"):
        assert "717275" not in opened(client, FORM + page).split("</title>")[0]


@pytest.mark.parametrize("number", ["0", "3", "99999999999"])
def test_a_section_that_is_not_there_is_not_found(
    sign_in: SignIn, audit: Audit, alison: Person, number: str
) -> None:
    assert sign_in(alison).get(f"{FORM}/{number}").status_code == 404


def test_what_no_page_of_ours_sends_is_refused(sign_in: SignIn, audit: Audit, alison: Person) -> None:
    client, key = sign_in(alison), question_id(SEEN)
    assert client.post(f"{FORM}/1", data={f"response-{key}": "yes"}).status_code == 400
    another = {f"response-{key}": str(response_id("good"))}
    assert client.post(f"{FORM}/1", data=another).status_code == 422
    assert db.session.query(Answer).count() == 0

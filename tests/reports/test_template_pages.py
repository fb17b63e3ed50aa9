"""The page of the council's Word template: uploaded, looked at with an example, then used or dropped."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.history import record
from app.outbox.delivery import never
from app.people.models import Person
from app.reports import templates
from app.scheduling import jobs
from app.waiting_files import WaitingFile
from tests.factories import a_person
from tests.pages import opened, visible
from tests.reports import word_files
from tests.reports.word_files import HEADER, KINDS, a_file
from tests.test_meanwhile import Fields

SignIn = Callable[[Person], FlaskClient]
PAGE = "/settings/report-template"


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date | datetime], None]) -> None:
    clock_at(datetime(2010, 11, 1, 12, tzinfo=UTC))


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def sent(client: FlaskClient, content: bytes, name: str = "council.docx") -> tuple[int, str]:
    """Upload a template; return the status and the address that follows, or what the page says."""
    answer = client.post(PAGE, data={"file": (io.BytesIO(content), name)})
    return answer.status_code, answer.headers.get("Location") or visible(answer.get_data(as_text=True))


def used() -> str | None:
    db.session.rollback()
    template = templates.template()
    return template.name if template else None


def waiting() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(WaitingFile.sent_as)))


def test_a_template_is_looked_at_before_it_takes_effect(app: Flask, coordinator: FlaskClient) -> None:
    status, address = sent(coordinator, KINDS["an appendix on its side"], "council.dotx")
    assert (status, used()) == (302, None)
    page = visible(opened(coordinator, address))
    assert "Check the Word template" in page
    assert "Nothing changes until you select “Use this template”." in page
    assert "Word reports use the page, header and footer of section 2." in page
    example = coordinator.get(f"{address}/example.docx")
    assert "example report.docx" in example.headers["Content-Disposition"]
    document = word_files.opened(example.data)
    assert document.sections[0].header.paragraphs[0].text == HEADER
    assert document.paragraphs[0].text == "Practice audits: example report"
    assert used() is None

    answer = coordinator.post(address, follow_redirects=True)
    assert "Template saved. Word reports use it from now on." in visible(answer.get_data(as_text=True))
    assert used() == "council.dotx"
    assert waiting() == []
    assert [row.after for row in record.of("setting", "report template")] == ["council.dotx"]


def test_the_same_answer_sent_twice_sets_it_once(coordinator: FlaskClient) -> None:
    _, address = sent(coordinator, a_file())
    for _ in range(2):
        assert coordinator.post(address).headers["Location"] == PAGE
    assert len(record.of("setting", "report template")) == 1
    assert coordinator.get(address).headers["Location"] == PAGE
    assert "Template saved." in visible(opened(coordinator, PAGE))
    assert coordinator.get(f"{address}/example.docx").status_code == 404


def test_a_template_that_replaces_another_names_it(coordinator: FlaskClient) -> None:
    coordinator.post(sent(coordinator, a_file(), "old.docx")[1])
    _, address = sent(coordinator, a_file(), "new.docx")
    assert "Then it replaces old.docx." in visible(opened(coordinator, address))
    coordinator.post(f"{address}/drop")
    assert used() == "old.docx"


def test_a_template_that_somebody_set_meanwhile_is_replaced_or_removed_knowingly(
    coordinator: FlaskClient,
) -> None:
    _, address = sent(coordinator, a_file(), "mine.docx")
    shown = marked(opened(coordinator, address))
    coordinator.post(sent(coordinator, a_file(), "theirs.docx")[1])
    answer = coordinator.post(address, data={"version": shown})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "while you had the page open" in visible(page)
    assert "Then it replaces theirs.docx." in visible(page)
    assert used() == "theirs.docx"
    shown = marked(opened(coordinator, PAGE))
    assert coordinator.post(address, data={"version": marked(page)}).status_code == 302
    assert used() == "mine.docx"
    answer = coordinator.post(f"{PAGE}/remove", data={"version": shown})
    assert (answer.status_code, used()) == (409, "mine.docx")
    page = answer.get_data(as_text=True)
    assert "Template in use: mine.docx" in visible(page)
    assert coordinator.post(f"{PAGE}/remove", data={"version": marked(page)}).status_code == 302
    assert used() is None


def marked(page: str) -> str:
    """Return the mark of the template in use that a page carries."""
    return Fields(page).held["version"][0]


def test_a_template_that_is_dropped_changes_nothing(app: Flask, coordinator: FlaskClient) -> None:
    _, address = sent(coordinator, a_file())
    answer = coordinator.post(f"{address}/drop", follow_redirects=True)
    assert "Word reports look as before." in visible(answer.get_data(as_text=True))
    assert used() is None
    assert waiting() == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no document", "The selected file must be a Word document or template (.docx or .dotx)"),
        (word_files.strict(a_file()), "The selected file is a “Strict Open XML Document”."),
        (b"", "must be a Word document or template"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_field(
    app: Flask, coordinator: FlaskClient, content: bytes, why: str
) -> None:
    status, page = sent(coordinator, content)
    assert status == 422
    assert page.count(why) == 2  # in the summary and at the field
    assert waiting() == []


def test_only_the_sender_sees_the_file_and_for_a_day(
    app: Flask, coordinator: FlaskClient, sign_in: SignIn, clock_at: Callable[[date | datetime], None]
) -> None:
    _, address = sent(coordinator, a_file())
    another = sign_in(a_person("Ada Ellis", roles=["administrator"]))
    assert another.get(f"{address}/example.docx").status_code == 404
    another.post(address)
    another.post(f"{address}/drop")
    assert used() is None
    assert len(waiting()) == 1
    clock_at(datetime(2010, 11, 2, 13, tzinfo=UTC))
    jobs.remove_what_is_old(never)
    assert waiting() == []

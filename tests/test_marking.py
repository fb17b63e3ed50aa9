"""The protective marking on everything that leaves: pages, files, answers of the interface, emails."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.downloads import marked
from app.outbox.models import Message
from app.people.models import Person
from tests.factories import a_person, an_audit
from tests.pages import opened

SignIn = Callable[[Person], FlaskClient]
MARKING = "OFFICIAL-SENSITIVE"
LISTS = ("/audits", "/actions", "/recommendations", "/messages", "/cycles/2010-1/answers")


@pytest.fixture
def coordinator(app: Flask, sign_in: SignIn) -> FlaskClient:
    an_audit("CP-001")
    return sign_in(a_person("Jack Denny", roles=["coordinator", "administrator"]))


def printed_marks(content: bytes) -> set[str]:
    """Return what stands at the top and bottom of the printed pages of a spreadsheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name]
    ends = [re.findall(r"<odd(?:Header|Footer)>(.*?)</odd", sheet) for sheet in sheets]
    assert all(len(end) == 2 for end in ends)
    return {words.replace("&amp;", "&") for end in ends for words in end}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "address",
    [*(f"{listed}?download={{}}" for listed in LISTS), "/cycles/2010-1/report.{}?for=council"],
)
def test_every_file_is_marked(coordinator: FlaskClient, address: str, ending: str) -> None:
    answer = coordinator.get(address.format(ending))
    assert answer.status_code == 200
    assert re.search(rf" {MARKING}\.{ending}\b", answer.headers["Content-Disposition"])
    assert answer.headers["Protective-Marking"] == MARKING
    if ending == "xlsx":
        assert printed_marks(answer.get_data()) == {f"&C{MARKING}"}


def test_every_page_of_somebody_signed_in_is_marked_on_screen_and_paper(
    app: Flask, coordinator: FlaskClient, client: FlaskClient
) -> None:
    for address in ("/", "/audits", "/audits/CP-001", "/cycles/2010-1/findings", "/no-such-page"):
        page = coordinator.get(address).get_data(as_text=True)
        assert page.count(f'<p class="pa-marking">{MARKING}</p>') == 1, address
    form = opened(coordinator, "/audits/CP-001/form/print")
    assert re.search(rf"pa-printed__running.*{MARKING}", form)


def test_every_email_is_marked_in_text_and_html(coordinator: FlaskClient) -> None:
    coordinator.post("/messages/test")
    db.session.rollback()
    message = db.session.query(Message).one()
    assert (message.text or "").endswith(f"\n\n{MARKING}\n")
    assert f"<br>{MARKING}</p>" in (message.html or "")


def test_a_council_without_a_marking_has_none_anywhere(app: Flask, coordinator: FlaskClient) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], protective_marking=None)
    answer = coordinator.get("/audits?download=xlsx")
    assert "OFFICIAL" not in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as package:
        assert b"oddHeader" not in package.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("marking", "name"),
    [("OFFICIAL–SENSITIVE: A/B", "audits OFFICIAL SENSITIVE A B"), ("Ämter", "audits mter")],
)
def test_a_name_of_a_file_has_the_marking_as_far_as_it_can(app: Flask, marking: str, name: str) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], protective_marking=marking)
    assert marked("audits") == name

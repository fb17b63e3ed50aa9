"""A draft as its pages show and change it."""

import html
import re
from collections.abc import Mapping
from datetime import date

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import db
from app.tools.models import Question, Tool
from app.tools.queries import found
from tests.pages import opened, visible

MONDAY = date(2010, 11, 1)
DRAFT = "/tools/child-protection/2"


def the_tool(version: int = 2, reference: str = "child-protection") -> Tool:
    db.session.rollback()
    tool = found(reference, version)
    assert tool is not None
    return tool


def questions() -> list[tuple[str, str]]:
    """Sections and keys of the draft in order."""
    return [(section.title, one.key) for section in the_tool().sections for one in section.questions]


def the_question(key: str = "child_seen") -> Question:
    return next(one for section in the_tool().sections for one in section.questions if one.key == key)


def a_question(**told: object) -> dict[str, object]:
    """A question as its form sends it, nothing wrong with it save what the test says."""
    usual = {
        "text": "Is there evidence that the home was seen?",
        "key_area": "Home seen",
        "key": "",
        "section": the_tool().sections[0].id,
        "scale": "evidence",
        "guidance": "",
    }
    return usual | told


def add(client: FlaskClient, **told: object) -> None:
    section = the_tool().sections[0].id
    answer = client.post(f"{DRAFT}/edit/sections/{section}/questions", data=a_question(**told))
    assert answer.status_code == 302, visible(answer.get_data(as_text=True))


def text_of(
    client: FlaskClient, address: str, data: dict[str, object] | None = None, status: int = 422
) -> str:
    """The words of the page that answers a form."""
    answer = client.post(address, data=data or {})
    assert answer.status_code == status
    return visible(answer.get_data(as_text=True))


def change(client: FlaskClient, address: str, data: Mapping[str, object]) -> TestResponse:
    """Open a form, then send it as filled in."""
    return client.post(address, data={"version": seen_on(opened(client, address)), **data})


def seen_on(page: str) -> str:
    found = re.search(r'name="version" type="hidden" value="([^"]+)"', page)
    assert found is not None
    return html.unescape(found[1])

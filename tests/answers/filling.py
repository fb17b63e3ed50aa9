"""A page of the form as a browser holds it, by the words that people see."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.answers.models import EvidencePlace
from app.database import db
from app.tools.models import Question, ScaleResponse, Section
from tests.pages import opened


def question_id(text: str) -> int:
    return db.session.scalars(select(Question.id).where(Question.text == text)).one()


def response_id(text: str) -> int:
    return db.session.scalars(select(ScaleResponse.id).where(ScaleResponse.response == text)).one()


def response_to(question: str, text: str) -> int:
    """The id of a response of that question's scale."""
    query = (
        select(ScaleResponse.id)
        .join(Section, Section.tool_id == ScaleResponse.tool_id)
        .join(Question, (Question.section_id == Section.id) & (Question.scale == ScaleResponse.scale))
    )
    return db.session.scalars(query.where(Question.text == question, ScaleResponse.response == text)).one()


def place_id(label: str) -> int:
    return db.session.scalars(select(EvidencePlace.id).where(EvidencePlace.label == label)).one()


class Filling:
    """A page of the form as a browser holds it: what it showed, to be changed and sent."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        self.client, self.address = client, address
        self.read(opened(client, address))

    def read(self, page: str) -> None:
        """Take the fields of a page as a browser would send them back."""
        self.page = page
        self.fields: dict[str, list[str]] = {}
        for tag in re.findall(r"<input\b[^>]*>", page):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            kind = re.search(r'type="([^"]*)"', tag)
            if (
                name
                and " disabled" not in tag
                and (kind is None or kind[1] not in ("radio", "checkbox") or " checked" in tag)
            ):
                self.fields.setdefault(name[1], []).append(value[1] if value else "")
        for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
            chosen = re.search(r'value="(\d+)" selected', options)
            self.fields[name] = [chosen[1] if chosen else ""]
        for name, text in re.findall(
            r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL
        ):
            self.fields[name] = [text.replace("&#39;", "'")]

    def answer(
        self, question: str, response: str | None = None, comment: str | None = None, found_in: str = ""
    ) -> "Filling":
        key = question_id(question)
        if response is not None:
            self.fields[f"response-{key}"] = [str(response_to(question, response)) if response else ""]
        if comment is not None:
            self.fields[f"comment-{key}"] = [comment]
        if found_in:
            self.fields[f"found-{key}"] = [str(place_id(found_in))]
        return self

    def select(self, question: str, *responses: str) -> "Filling":
        self.fields[f"response-{question_id(question)}"] = [str(response_to(question, r)) for r in responses]
        return self

    def number(self, question: str, typed: str) -> "Filling":
        self.fields[f"number-{question_id(question)}"] = [typed]
        return self

    def dates(self, question: str, first: str, last: str) -> "Filling":
        """Type two dates as "5 1 2026"; an empty text leaves the three fields empty."""
        for name, typed in (("from", first), ("to", last)):
            self.fields[f"{name}-{question_id(question)}"] = typed.split() or ["", "", ""]
        return self

    def tick(self, name: str, *, on: bool) -> "Filling":
        self.fields[name] = ["yes"] if on else []
        return self

    def shows(self, question: str) -> bool:
        """True where the page has the question and does not hide it."""
        tag = re.search(
            rf'<div class="pa-question[^>]*id="question-{question_id(question)}"[^>]*>', self.page
        )
        return tag is not None and " hidden" not in tag[0]

    def keep(self, question: str, whose: str) -> "Filling":
        self.fields[f"keep-{question_id(question)}"] = [whose]
        return self

    def send(self, then: str = "continue") -> TestResponse:
        answer = self.client.post(self.address, data={**self.fields, "then": then})
        if answer.status_code >= 400:
            self.read(answer.get_data(as_text=True))
        return answer

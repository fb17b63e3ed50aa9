"""The style of texts (docs/style.md): the words that we no longer say, and what every text must have."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.cycles.day_asked import DayOfCycle
from app.cycles.forms import CloseForm
from app.database import db
from app.example import loading
from app.findings.earlier_forms import EarlierForm, form_for
from app.moves.fields import Named
from app.people.models import Person
from app.tools import forms as tool_forms
from app.tools import question_forms
from app.tools.queries import asked, content_of
from tests.factories import a_cycle, a_tool
from tests.pages import reached
from tests.texts import ROOT, texts_of_code, texts_of_templates

STYLE = ROOT / "docs" / "style.md"


def _glossary() -> list[tuple[list[str], list[str]]]:
    """Return what we say and what we no longer say, row by row, in small letters."""
    rows = [
        re.split(r"\s*\|\s*", line.strip("| \n"))
        for line in STYLE.read_text(encoding="utf-8").split("## Glossary")[1].splitlines()
        if line.startswith("| ")
    ]
    return [
        ([word.strip().lower() for word in row[0].split(",")], [w.lower() for w in row[2].split("; ") if w])
        for row in rows
        if len(row) == 3 and row[0] not in ("we say", "---")
    ]


NO_LONGER = sorted({word for _, words in _glossary() for word in words})


STORED = {
    "half a pair",
    "not effective and nothing follows",
    "nobody to send to",
    "state IN ('queued','sending','sent','failed','held','overtaken','dropped')",
    "obligation_kind = 'audit' AND kind = 'digest' AND step <> 'assigned'",
}
"""Values in addresses, in JSON and in the database, which programs read, and conditions of its indexes. Pages
show other words for them."""


def test_no_word_is_both_said_and_no_longer_said() -> None:
    said = {word for says, _ in _glossary() for word in says}
    no_longer = [word for _, words in _glossary() for word in words]

    assert len(no_longer) > 40
    assert not said & set(no_longer)
    assert sorted(set(no_longer)) == sorted(no_longer)


@pytest.mark.parametrize("texts", [texts_of_code, texts_of_templates])
def test_no_text_has_a_word_that_we_no_longer_say(texts: Callable[[], Iterator[tuple[str, str]]]) -> None:
    word = re.compile(r"\b(" + "|".join(map(re.escape, NO_LONGER)) + r")\b", re.IGNORECASE)
    read = list(texts())

    assert len(read) > 400
    assert [f"{where}: {text!r}" for where, text in read if word.search(text) and text not in STORED] == []


def test_no_text_loses_the_capitals_that_the_council_gave_it() -> None:
    """`capitalize` makes "Ics" of "ICS": texts use `capitalised`, of `app/wording.py`."""
    read = [*(ROOT / "app").rglob("*.py"), *(ROOT / "templates").rglob("*.*")]

    assert len(read) > 400
    assert [path for path in read if re.search(r"\bcapitalize\b", path.read_text(encoding="utf-8"))] == []


def _forms() -> list[type[FlaskForm]]:
    """Return all forms of the product. The application must have been imported."""
    forms, found = [FlaskForm], []
    while forms:
        below = forms.pop().__subclasses__()
        forms += below
        found += [form for form in below if form.__module__.startswith("app.")]
    return sorted(set(found), key=lambda form: (form.__module__, form.__name__))


def _made(form: type[FlaskForm]) -> FlaskForm:
    """Return a form as a page makes it."""
    if form is CloseForm:
        return form(cycle=a_cycle(), on=date(2010, 12, 20))
    if form is DayOfCycle:
        return form(a_cycle())
    if form.__module__ in (tool_forms.__name__, question_forms.__name__):
        return _made_of_a_tool(form)
    if issubclass(form, EarlierForm):
        return form_for(form, {"child_seen": "Child seen"})()
    return form()


def _made_of_a_tool(form: type[FlaskForm]) -> FlaskForm:
    tool = a_tool()
    content, section = content_of(tool), tool.sections[0]
    question, scale = section.questions[0], content.scales[0]
    given: dict[type[FlaskForm], tuple[object, ...]] = {
        tool_forms.ConditionForm: (asked(question), scale, None),
        question_forms.FindingsForm: (question, []),
        question_forms.LevelForm: (content, asked(question)),
        tool_forms.LimitForm: (content,),
        tool_forms.OverallForm: (content,),
        question_forms.QuestionForm: (tool, None, None, "days"),
        tool_forms.ScaleForm: ("grade",),
        tool_forms.SectionForm: (section,),
    }
    return form(*given.get(form, ()))


LONG = "x" * 20_001
ENTERED = ("", LONG, "31")
"""Entries that are empty, far too long, and the first part of a date."""


@pytest.mark.parametrize("entered", ENTERED, ids=("empty", "long", "part"))
def test_every_error_of_a_form_names_its_field(app: Flask, entered: str) -> None:
    errors = 0
    for form in _forms():
        with app.test_request_context(method="POST"):
            names = [field.name for field in _made(form)]
        data = MultiDict((name, entered) for name in names if name != "csrf_token")
        with app.test_request_context(method="POST", data=data):
            sent = _made(form)
            for field in sent:
                if getattr(field, "choices", ()) is None:
                    field.choices = []
            sent.validate()
            for field in sent:
                for error in field.errors if isinstance(field, Named) else ():
                    said = error.lower()
                    named = field.named.lower() in said or field.subject.lower() in said
                    assert named, f"{form.__module__}.{form.__name__}.{field.name}: {error}"
                    assert not error.endswith(".") or ". " in error
                    errors += 1
    assert errors > 20


def test_every_field_that_can_be_wrong_has_a_name_for_its_errors(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        nameless = {
            f"{form.__module__}.{form.__name__}.{field.name}: {field.type}"
            for form in _forms()
            for field in _made(form)
            if not isinstance(field, Named)
            and field.type not in ("HiddenField", "CSRFTokenField", "BooleanField", "SubmitField")
        }
    assert nameless == {"app.sampling.forms.DrawForm.file: FileField"}  # may be empty, and takes any file


READERS = (
    "jack.denny@council.example",
    "neil.ashworth@council.example",
    "brendan.foxe@council.example",
    "imogen.sayle@council.example",
)


@pytest.fixture
def titles(app: Flask, sign_in: Callable[[Person], FlaskClient]) -> dict[str, str]:
    """The titles of the example's pages as several people find them, following links, by path."""
    loading.load(date(2026, 7, 6), "a password that is long")
    titles: dict[str, str] = {}
    for email in READERS:
        client = sign_in(db.session.scalars(select(Person).where(Person.email == email)).one())
        for path, page in reached(app, client):
            titles[path] = page.split("<title>")[1].split("</title>")[0]
    return titles


def test_no_title_is_used_by_two_pages(titles: dict[str, str]) -> None:
    by_title = defaultdict(list)
    for path, title in titles.items():
        by_title[title].append(path)

    assert len(titles) > 120
    assert {title: paths for title, paths in by_title.items() if len(paths) > 1} == {}

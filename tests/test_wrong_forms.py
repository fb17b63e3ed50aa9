"""Forms sent wrong: the summary of errors leads to the fields, in their order."""

import re
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.forms import Entries, Form
from tests.test_sent_twice import FORMS, Sent, made_once, sender_of, things

__all__ = ["made_once", "things"]


class Read(HTMLParser):
    """The ids of a page in their order, and the entries of its summary of errors."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.entries: list[tuple[str, str | None]] = []
        self._inside = 0
        self._entry: str | None = None
        self._href: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        summary = given.get("data-module") == "govuk-error-summary" and "data-disable-auto-focus" not in given
        if tag == "div" and (self._inside or summary):
            self._inside += 1
        elif tag == "li" and self._inside:
            self._entry, self._href = "", None
        elif tag == "a" and self._entry is not None:
            self._href = given.get("href")

    def handle_data(self, data: str) -> None:
        if self._entry is not None:
            self._entry += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._inside:
            self._inside -= 1
        elif tag == "li" and self._entry is not None:
            self.entries.append((" ".join(self._entry.split()), self._href))
            self._entry = None


def emptied(form: Form) -> Entries:
    """Return what is sent when nothing is filled in and nothing chosen."""
    kept = {name: values for name, values in form.held.items() if form.kinds.get(name) == "hidden"}
    typed = {
        name: [""] * len(form.held.get(name, [""])) for name, kind in form.kinds.items() if kind in TYPED
    }
    return kept | typed


def garbled(form: Form) -> Entries:
    """Return what is sent when every field has far too much, half a date, or a choice that there is not."""
    garbled = emptied(form)
    for name, kind in form.kinds.items():
        if kind in TYPED:
            several = len(form.held.get(name, ())) == 3
            garbled[name] = ["31", "2", "x"] if several else ["x" * 20_001]
        elif kind != "hidden":
            garbled[name] = ["there is no such choice"]
    return garbled


TYPED = ("text", "textarea", "select")


@pytest.mark.parametrize("wrong", [emptied, garbled])
@pytest.mark.parametrize("sent", FORMS, ids=lambda sent: f"{sent.to or sent.page} {sent.first or ''}")
def test_every_error_of_a_summary_leads_to_its_field(
    sent: Sent, wrong: Any, app: Flask, things: dict[str, Any], tmp_path: Path
) -> None:
    sender = sender_of(sent, app, things, tmp_path)
    form = sender.form()
    do = {name: value for name, value in sent.given.items() if name == "do"}
    answer = sender.client.post(form.address, data=wrong(form) | do)
    assert answer.status_code < 500
    if answer.mimetype != "text/html":
        return  # the form is a button, and its answer a file
    page = answer.get_data(as_text=True)
    read = Read(page)
    assert read.entries or answer.status_code != 422
    leads_to = [href for _, href in read.entries]
    assert all(href and href.startswith("#") for href in leads_to), read.entries
    places = [read.ids.index(str(href)[1:]) for href in leads_to]
    assert places == sorted(places), read.entries
    if read.entries:
        assert re.search(r"<title>\s*Error: ", page), page.split("</title>")[0][-200:]


LONG_AGO, FAR_AWAY = ["1", "1", "1990"], ["31", "12", "2090"]


@pytest.mark.parametrize("sent", FORMS, ids=lambda sent: f"{sent.to or sent.page} {sent.first or ''}")
def test_an_error_of_a_date_leads_to_a_date(
    sent: Sent, app: Flask, things: dict[str, Any], tmp_path: Path
) -> None:
    """A date that a rule refuses, not the field itself, is still the date that the summary leads to."""
    sender = sender_of(sent, app, things, tmp_path)
    form = sender.form()
    entries = sender.entries(form)
    dates = [name for name, kind in form.kinds.items() if kind == "text" and len(form.held[name]) == 3]
    for wrong, name in product((LONG_AGO, FAR_AWAY), dates):
        answer = sender.send(form, entries | {name: wrong})
        if answer.status_code != 422:
            return  # it is let through, and the form is sent
        leads_to = [href for _, href in Read(answer.get_data(as_text=True)).entries]
        assert leads_to
        assert all(str(href).endswith("-day") for href in leads_to), (wrong, leads_to)

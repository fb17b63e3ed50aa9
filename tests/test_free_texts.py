"""No free text of any form says who a child is without the writer being asked.

The forms are those of tests/test_sent_twice.py, which are all that the service has.
"""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.identifying.known_numbers import CASE_NUMBER
from app.identifying.warnings import DATE_OF_BIRTH, NHS_NUMBER
from tests.factories import an_audit
from tests.pages import opened
from tests.test_sent_twice import FORMS, Sent, made_once, sender_of, things
from tests.test_wrong_forms import Read

__all__ = ["made_once", "things"]

SAYS_WHO = "NHS number 943 476 5919, born 3 May 2004, known as KNOWN-77441, with Aaliyah"
TYPED = ("text", "textarea")
NO_FREE_TEXT = {
    "email": "an address to send a password to",
    "password": "a password",
    "case_reference": "a case number, which is seen by those alone who may",
    "cases": "a list of case numbers",
    "code": "a code of signing in",
    "confirmed": "the reference of a cycle, typed again",
    "link": "an address of a page",
}
"""The fields that are no free text, by name, and what they ask for."""


@pytest.mark.parametrize("sent", FORMS, ids=lambda sent: f"{sent.to or sent.page} {sent.first or ''}")
def test_whoever_writes_who_a_child_is_is_asked_to_look_again(
    sent: Sent,
    app: Flask,
    things: dict[str, Any],
    tmp_path: Path,
) -> None:
    an_audit("KNOWN", case_reference="KNOWN-77441")
    sender = sender_of(sent, app, things, tmp_path)
    form = sender.form()
    entries = sender.entries(form)
    let_through = []
    for name, kind in form.kinds.items():
        if kind not in TYPED or name in NO_FREE_TEXT or len(form.held.get(name, ())) == 3:
            continue
        answer = sender.send(form, {**entries, name: [SAYS_WHO]})
        kept_as_typed = answer.status_code == 302 and "/form/" in form.address
        # an auditor's form is saved as it is written, and asks on the page that follows
        page = opened(sender.client, answer.location) if kept_as_typed else answer.get_data(as_text=True)
        warned = all(sentence in page for sentence in (NHS_NUMBER, DATE_OF_BIRTH, CASE_NUMBER))
        if not warned and (answer.status_code == 302 or not Read(page).entries):
            let_through.append(name)
    assert let_through == []

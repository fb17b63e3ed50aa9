"""A row of the history says the name of the person who did it, wherever it is shown."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.actions import moves
from app.actions.recommending import recommend
from app.audits.chasing import log_chase
from app.database import db, transaction
from app.people.models import FormerEmail, Person
from tests.factories import a_person, an_audit
from tests.pages import opened, visible

ON = date(2010, 11, 5)
TEMPLATES = Path(__file__).parents[2] / "templates"

OF_NO_ROW = {
    "audits/page.html: {{ said(line.who) }}",  # a line of the chase log has a name
    'workers/worker.html: {{ row(told, "Who took part", talk.who, "pa-typed") }}',
}


def test_every_template_names_who_did_it() -> None:
    bare = {
        f"{path.relative_to(TEMPLATES)}: {said}"
        for path in TEMPLATES.rglob("*.html")
        for said in re.findall(r"\{\{[^{}]*\.who\b[^{}]*\}\}", path.read_text())
        if ".who|who_in_words" not in said
    }
    assert bare == OF_NO_ROW


@pytest.mark.parametrize("address", ["/actions/A1", "/recommendations/R1", "/audits/CP-001"])
def test_a_page_says_the_name_also_after_another_address(
    address: str, sign_in: Callable[[Person], FlaskClient]
) -> None:
    cora = a_person("Cora Lane", roles=["coordinator"])
    owner = a_person("Owen Hale", roles=["practitioner"])
    audit = an_audit("CP-001", lead=owner)
    log_chase("CP-001", cora, ON, ON, "phone", "Owen Hale")
    moves.raise_action(text="Send it", by=cora, on=ON, owner_id=owner.id, due_on=date(2010, 12, 1))
    recommend(audit.cycle, text="Agree one place", by=cora, on=ON, owner_id=owner.id)
    with transaction():
        before, cora.email = cora.email, "cora.new@council.example"
        db.session.add(FormerEmail(email=before, person_id=cora.id))
    history = visible(opened(sign_in(cora), address)).split(" History ")[-1]
    assert "Cora Lane" in history
    assert before not in history

"""The page of assigning has fewer audits at a time where there are very many auditors to choose from."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.assigning import views
from app.people.models import Person
from tests.factories import a_person, an_audit
from tests.pages import opened, visible

PAGE = "/cycles/2010-1/assign"


def test_many_choices_make_a_page_of_few_audits(
    sign_in: Callable[[Person], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    auditors = [a_person(job_title=title) for title in ("Manager", "Nurse", "Teacher")]
    for number in range(1, 10):
        an_audit(f"CP-{number}", team="Crewe")
    client = sign_in(a_person(roles=["coordinator"]))
    assert "9 audits need an auditor. These are suggestions." in visible(opened(client, PAGE))
    monkeypatch.setattr(views, "MOST_CHOICES", 6 * len(auditors) * 2)
    assert "9 audits need an auditor. This page shows the first 6." in visible(opened(client, PAGE))
    monkeypatch.setattr(views, "MOST_CHOICES", 1)
    assert "9 audits need an auditor. This page shows the first 5." in visible(opened(client, PAGE))
    chosen = {f"lead-CP-{number}": str(auditors[0].id) for number in range(1, 6)}
    chosen |= {f"second-CP-{number}": str(auditors[1].id) for number in range(1, 6)}
    assert client.post(PAGE, data=chosen | {"let_through": "yes"}).status_code == 302
    assert "4 audits need an auditor. These are suggestions." in visible(opened(client, PAGE))

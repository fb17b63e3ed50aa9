"""The list of recommendations: what stands on it, in which order, and whose."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.actions import recommending
from app.actions.models import Body
from app.database import db, transaction
from app.people.models import Person
from tests.factories import a_cycle, a_person
from tests.pages import opened, visible

ON, LATER, LATEST = date(2011, 1, 10), date(2011, 1, 31), date(2011, 2, 28)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def cora(app: Flask, clock_at: Callable[[date], None]) -> Person:
    clock_at(ON)
    return a_person("Cora Coordinator", roles=["coordinator"])


def a_recommendation(
    text: str, by: Person, owner: Person | None = None, *, due_on: date | None = None, decision: str = ""
) -> str:
    """Raised, and decided where a decision is given; "carried out" is accepted first."""
    made = recommending.recommend(
        a_cycle(), text=text, by=by, on=ON, owner_id=owner.id if owner else None, due_on=due_on
    ).reference
    if decision:
        agreed = "accepted" if decision == "carried out" else decision
        recommending.decide(made, by, ON, decision=agreed, decided_on=ON, said="In its words")
    if decision == "carried out":
        recommending.carry_out(made, by, ON)
    return made


def shown(client: FlaskClient, address: str, *texts: str) -> list[str]:
    """Those of the texts that stand on the page, in its order."""
    page = visible(opened(client, address))
    return sorted((text for text in texts if text in page), key=page.index)


def test_what_is_carried_out_or_rejected_is_left_out_until_it_is_asked_for(
    cora: Person, sign_in: SignIn
) -> None:
    texts = ("Waits", "Agreed", "Put off", "Has been done", "Was turned down")
    for text, decision in zip(texts, ("", "accepted", "deferred", "carried out", "rejected"), strict=True):
        a_recommendation(text, cora, cora, due_on=LATER, decision=decision)
    client = sign_in(cora)
    assert set(shown(client, "/recommendations", *texts)) == {"Waits", "Agreed", "Put off"}
    assert set(shown(client, "/recommendations?closed=yes", *texts)) == set(texts)
    assert shown(client, "/recommendations?state=rejected", *texts) == ["Was turned down"]
    assert shown(client, "/recommendations?state=awaiting+decision", *texts) == ["Waits"]
    file = client.get("/recommendations?download=csv").get_data(as_text=True)
    assert "Waits" in file
    assert "Was turned down" not in file


def test_only_an_open_one_stands_on_top_for_want_of_an_owner_or_a_date(cora: Person, sign_in: SignIn) -> None:
    a_recommendation("Turned down, nobody has it", cora, decision="rejected")
    a_recommendation("Due at the end", cora, cora, due_on=LATEST)
    a_recommendation("Due sooner", cora, cora, due_on=LATER)
    a_recommendation("Nobody has it", cora, due_on=LATEST)
    wanted = ["Nobody has it", "Due sooner", "Due at the end", "Turned down, nobody has it"]
    assert shown(sign_in(cora), "/recommendations?closed=yes", *wanted) == wanted


def test_the_list_narrows_to_mine_my_teams_and_one_owners(cora: Person, sign_in: SignIn) -> None:
    ada = a_person("Ada Owner", roles=["manager", "leader"], team="Crewe")
    colleague = a_person("Carl Colleague", team="Crewe")
    led = a_person("Les Led", team="Wilmslow", manager=ada)
    texts = ("Adas", "Carls", "Les's", "Coras")
    for text, owner in zip(texts, (ada, colleague, led, cora), strict=True):
        a_recommendation(text, cora, owner)
    client = sign_in(ada)
    for asked, wanted in (
        ("", set(texts)),
        ("?whose=mine", {"Adas"}),
        ("?whose=team", {"Adas", "Carls", "Les's"}),
        ("?owner=Carl.Colleague@council.example", {"Carls"}),
        ("?owner=carl+coll", {"Carls"}),
        ("?owner=%25", set()),
        ("?owner=nobody@council.example", set()),
    ):
        assert set(shown(client, f"/recommendations{asked}", *texts)) == wanted, asked


@pytest.mark.parametrize(("roles", "wanted"), [(["manager"], {"Own", "Teams"}), (["auditor"], {"Own"})])
def test_who_does_not_see_all_sees_their_own_and_a_manager_their_teams(
    cora: Person, sign_in: SignIn, roles: list[str], wanted: set[str]
) -> None:
    ada = a_person("Ada Owner", roles=roles, team="Crewe")
    colleague, stranger = a_person("Carl Colleague", team="Crewe"), a_person("Sally Stranger")
    for text, owner in (("Own", ada), ("Teams", colleague), ("Another's", stranger)):
        a_recommendation(text, cora, owner)
    client = sign_in(ada)
    for asked in ("", f"?whose=team&owner={stranger.email}"):
        seen = set(shown(client, f"/recommendations{asked}", "Own", "Teams", "Another's"))
        assert seen <= wanted
    assert set(shown(client, "/recommendations", "Own", "Teams", "Another's")) == wanted


def test_the_list_has_pages_and_narrows_to_a_body(cora: Person, sign_in: SignIn) -> None:
    with transaction():
        body = Body(name="Management Team")
        db.session.add(body)
    for number in range(51):
        a_recommendation(f"Number {number:02}", cora, due_on=LATER)
    recommending.recommend(a_cycle(), text="For the team", by=cora, on=ON, body_id=body.id)
    client = sign_in(cora)
    assert "Page 1 of 2" in visible(opened(client, "/recommendations"))
    # the one without a date goes first
    assert shown(client, "/recommendations?page=2", "Number 48", "Number 49", "Number 50") == [
        "Number 49",
        "Number 50",
    ]
    assert shown(client, "/recommendations?body=Management+Team", "For the team", "Number 00") == [
        "For the team"
    ]

"""Two people save one page at the same moment, on both databases: one is told of what the other saved."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from threading import Barrier

import pytest
from flask import Flask

from app import clock
from app.database import db
from tests.conftest import Browser, let_in
from tests.test_meanwhile import ON, the_people
from tests.test_two_people import DRAFT, EDITS, Edit, filled, form_on, send, things_to_edit

EACH_KIND = {
    "one row": "/cycles/2010-1/edit",
    "everybody": "/people/{mona}/edit",
    "a whole draft": f"{DRAFT}/questions/{{question}}",
    "no row of its own yet": "/settings/ladders/audit",
    "the rows that belong to it": "/bodies/1/members",
    "a version that the move compares": "/actions/A-1/edit",
}


@pytest.mark.parametrize("address", EACH_KIND.values(), ids=EACH_KIND)
def test_of_two_who_save_at_once_one_is_told(service: Flask, address: str) -> None:
    service.config["WTF_CSRF_ENABLED"], service.test_client_class = False, Browser
    clock.clock().fixed = datetime.combine(ON, time(12), tzinfo=UTC)
    people = the_people()
    kept = things_to_edit(people)
    edit: Edit = next(one for one in EDITS if one.address == address)
    address, name = filled(edit.address, kept), filled(edit.name, kept)
    clients = [let_in(service.test_client(), people[who]) for who in edit.who]
    forms = [{**form_on(client, address), **filled(edit.given, kept)} for client in clients]
    db.session.remove()
    together = Barrier(2)

    def save(number: int) -> int:
        with service.app_context():
            together.wait()
            try:
                text = (edit.theirs, edit.mine)[number]
                return send(clients[number], address, {**forms[number], name: text}).status_code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, range(2))) == [302, 409]

"""`practice-audits user new-address`: links go to a changed address at once."""

from dataclasses import replace
from pathlib import Path

from app import create_app
from app.database import db
from app.people.models import Person
from app.people.moves import change_person, details_of
from tests.commands.conftest import Run
from tests.conftest import settings_in

WORDS = ["user", "new-address", "--email"]
NEW = "jack.smith@council.example"


def test_links_to_a_new_address_are_allowed_on_the_command_line(run: Run, installation: Path) -> None:
    words = ["--email", "jack.denny@council.example", "--name", "Jack Denny", "--role", "administrator"]
    run("user", "create", *words, "--password-stdin", typed="copper kettle violin\n")
    answer = run(*WORDS, "jack.denny@council.example", "--allow-links")
    assert answer.exit_code == 1
    assert answer.stderr == "Links go to the email address of Jack Denny already\n"
    app = create_app(settings_in(installation))
    with app.app_context():
        jack = db.session.query(Person).one()
        change_person(jack.id, replace(details_of(jack), email=NEW), by=jack.email)
        answer = run(*WORDS, NEW, "--allow-links")
        assert answer.exit_code == 0, answer.stderr
        assert answer.stdout == f"Links to choose a password now go to {NEW}.\n"
        db.session.remove()
        db.engine.dispose()
    assert run(*WORDS, NEW).exit_code == 2

"""`practice-audits user second-factor`: the way back in when there is no other administrator."""

from pathlib import Path

from app import create_app
from app.database import db, transaction
from app.people.models import Person
from tests.commands.conftest import Run
from tests.conftest import settings_in

WORDS = ["user", "second-factor", "--email"]


def test_an_authenticator_app_is_reset_on_the_command_line(run: Run, installation: Path) -> None:
    words = ["--email", "jack.denny@council.example", "--name", "Jack Denny", "--role", "administrator"]
    run("user", "create", *words, "--password-stdin", typed="copper kettle violin\n")
    answer = run(*WORDS, "jack.denny@council.example", "--reset")
    assert answer.exit_code == 1
    assert answer.stderr == "Jack Denny has not set up an authenticator app, so there is nothing to reset\n"
    app = create_app(settings_in(installation))
    with app.app_context():
        with transaction():
            db.session.query(Person).one().tf_totp_secret = "secret"
        answer = run(*WORDS, "Jack.Denny@council.example ", "--reset")
        assert answer.exit_code == 0, answer.stderr
        assert answer.stdout == (
            "Jack Denny can now sign in with their password, and set up an authenticator app again.\n"
        )
        db.session.rollback()
        assert not db.session.query(Person).one().has_second_factor
        db.session.remove()
        db.engine.dispose()


def test_who_is_not_there_is_refused_and_nothing_happens_without_the_word(run: Run) -> None:
    answer = run(*WORDS, "no.one@council.example", "--reset")
    assert (answer.exit_code, answer.stderr) == (1, "No one has the email address no.one@council.example\n")
    assert run(*WORDS, "no.one@council.example").exit_code == 2

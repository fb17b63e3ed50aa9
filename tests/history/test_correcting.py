"""Words that must not be in the history go; that and why they went stays, and the chain holds."""

import json

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.database import db, empty_log, transaction
from app.history.chain import TEXTS
from app.history.checking import first_break
from app.history.correcting import WORDS_REMOVED, remove_words
from app.history.models import HistoryRow
from app.history.record import RENAMED, Event, of, record
from tests.history.tampered import drop_triggers

JACK = "jack.denny@council.example"
SECRET = "Zebediah was not seen"
BECAUSE = "a name was in the reason"


@pytest.fixture
def rows(service: Flask) -> None:
    with transaction():
        record(
            JACK,
            [
                Event("audit", "CP-001", "extended", before="due 1 May", after="due 2 May", why=SECRET),
                Event("audit", "CP-001", "returned"),
                Event("audit", "CP-002", "extended", why=SECRET),
                Event("body", "Board", RENAMED, before=SECRET, after="Board"),
            ],
        )


def texts(id_: int) -> tuple[str | None, ...]:
    row = db.session.get_one(HistoryRow, id_)
    return row.before, row.after, row.why


def test_the_words_go_and_that_and_why_stays(rows: None) -> None:
    assert remove_words([1, 2, 3, 4], BECAUSE, who=JACK) == [1, 3]
    assert texts(1) == texts(3) == (None, None, None)
    assert texts(4) == (SECRET, "Board", None)
    latest = of("audit", "CP-001")[0]
    assert (latest.what, latest.why) == (WORDS_REMOVED, BECAUSE)
    assert (latest.before or "").startswith("extended, ")
    assert of("audit", "CP-002")[0].what == WORDS_REMOVED
    assert first_break() is None
    # once is enough
    assert remove_words([1, 3], BECAUSE, who=JACK) == []


@pytest.mark.parametrize("name", TEXTS)
def test_one_of_the_words_goes_and_then_the_others(rows: None, name: str) -> None:
    remove_words([1], BECAUSE, who=JACK, texts=(name,))
    assert [text is None for text in texts(1)] == [each == name for each in TEXTS]
    assert first_break() is None
    remove_words([1], BECAUSE, who=JACK)
    assert texts(1) == (None, None, None)
    assert first_break() is None


@pytest.mark.parametrize(
    "change", [{"why": "harmless"}, {"after": "due 3 May"}, {"removed": None}, {"salt": "0" * 32}]
)
def test_words_cannot_be_put_back_and_others_cannot_be_changed(
    rows: None, change: dict[str, str | None]
) -> None:
    remove_words([1], BECAUSE, who=JACK, texts=("why",))
    statement = update(HistoryRow).where(HistoryRow.id == 1).values(change)
    with pytest.raises(DBAPIError, match="never changed"), transaction():
        db.session.execute(statement)
    assert first_break() is None
    with transaction():
        drop_triggers(db.session.connection())
        db.session.execute(statement)
    found = first_break()
    assert found is not None
    assert found.row == 1


def test_a_row_without_its_words_has_no_salt(rows: None) -> None:
    remove_words([1], BECAUSE, who=JACK)
    with transaction():
        drop_triggers(db.session.connection())
        db.session.execute(update(HistoryRow).where(HistoryRow.id == 1).values(salt="0" * 32))
    found = first_break()
    assert found is not None
    assert found.row == 1


def test_a_removal_that_the_key_did_not_make_is_found(rows: None) -> None:
    with transaction():
        # the triggers let it through: it is what a removal looks like
        db.session.execute(
            update(HistoryRow).where(HistoryRow.id == 3).values(why=None, salt=None, removed="{}")
        )
    found = first_break()
    assert found is not None
    assert found.row == 3


def test_the_digest_of_removed_words_cannot_be_tried(rows: None) -> None:
    """The same words leave other digests in each row, and no salt stays."""
    remove_words([1, 3], BECAUSE, who=JACK)
    left = db.session.execute(select(HistoryRow.salt, HistoryRow.removed).where(HistoryRow.id.in_([1, 3])))
    (salt, one), (_, other) = left.all()
    assert salt is None
    assert json.loads(one or "").keys() == {"before", "after", "why"}
    assert json.loads(one or "")["why"].keys() == {"digest"}
    assert json.loads(one or "")["why"] != json.loads(other or "")["why"]


def test_the_words_are_nowhere_in_the_file(app: Flask) -> None:
    with transaction():
        record(JACK, [Event("audit", "CP-001", "extended", why=SECRET)])
    remove_words([1], BECAUSE, who=JACK)
    empty_log()
    folder = app.extensions["settings"].instance_path
    found = [file.name for file in folder.glob("*.sqlite*") if SECRET.encode() in file.read_bytes()]
    assert found == []
    assert db.session.scalar(text("PRAGMA secure_delete")) == 1

"""The subjects of what has happened since, where all of it is about one kind of thing."""

import pytest
from flask import Flask

from app.database import transaction
from app.history.record import Event, head, only_about, record


@pytest.fixture
def since(app: Flask) -> int:
    with transaction():
        record("jack@council.example", [Event("setting", "closure days", "added")])
    return head()


def happen(*subjects: tuple[str, str]) -> None:
    with transaction():
        record("jack@council.example", [Event(kind, subject, "changed") for kind, subject in subjects])


def test_nothing_has_happened(since: int) -> None:
    assert only_about("audit", since, 2) == set()


def test_only_audits_were_changed(since: int) -> None:
    happen(("audit", "CP-001"), ("audit", "CP-002"))
    assert only_about("audit", since, 2) == {"CP-001", "CP-002"}


def test_something_else_was_changed_as_well(since: int) -> None:
    happen(("audit", "CP-001"), ("person", "7"))
    assert only_about("audit", since, 2) is None


def test_too_much_has_happened(since: int) -> None:
    happen(("audit", "CP-001"), ("audit", "CP-001"), ("audit", "CP-002"))
    assert only_about("audit", since, 2) is None

"""Making a file to download: the view of its address is asked by a worker, in the place of the person who
asked, and what it answers is kept for them, encrypted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from flask import current_app
from flask_login import login_user
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header

from app import clock, waiting_files, waking
from app.case_keys.keys import ID_LENGTH
from app.case_keys.mark import key_in_use
from app.case_keys.ring import ring
from app.database import db, transaction
from app.downloads import tell_of_rows
from app.files.progress import Tell
from app.long_work.carrying_out import Ended, Kind, start
from app.long_work.models import LongWork
from app.made_files import what
from app.made_files.what import Asked
from app.people.models import Person
from app.people.sessions import may_sign_in
from app.readings.noting import notes_of_request
from app.waiting_files import WaitingFile

NOT_ANY_MORE = "You can no longer see what it is about."


@dataclass(frozen=True)
class Made:
    """A file that was made: its name, its content, and the roles with which its person sees it."""

    name: str
    content: bytes
    seen_as: str


def ask(asked: Asked, by: Person) -> str:
    """Let a worker make a file, unless one does already; return the token by which it is found."""
    with transaction():
        for file, work in files_of(by.id):
            if asked_for(work) == asked:
                if work.ended is None:
                    return file.token
                waiting_files.remove(file.token)  # the new one takes its place
        token = waiting_files.keep(b"", person_id=by.id, kind=FILES.job, sent_as=asked.words, ending="")
        start(FILES, token, by=by.email, address=key_in_use().seal_bytes(asked.address.encode()))
    return token


def files_of(person_id: int) -> list[tuple[WaitingFile, LongWork]]:
    """Return the files of a person that are made, or that they can download, the latest first."""
    query = (
        select(WaitingFile, LongWork)
        .join(LongWork, LongWork.token == WaitingFile.token)
        .where(WaitingFile.person_id == person_id, LongWork.kind == FILES.job)
        .order_by(LongWork.asked_at.desc(), LongWork.token)
    )
    pairs = db.session.execute(query)
    return [(file, work) for file, work in pairs if waiting_files.found(file.token, person_id)]


def asked_for(work: LongWork) -> Asked | None:
    """Return the address that was asked for; None where its key is no longer there."""
    assert work.address is not None  # all work of this kind has one
    key = ring().known(work.address[:ID_LENGTH].decode())
    return what.asked(key.open_bytes(work.address).decode()) if key else None


def _begin(token: str, tell: Tell) -> Callable[[LongWork], Ended]:
    work, file = db.session.get_one(LongWork, token), db.session.get_one(WaitingFile, token)
    asked, person_id = asked_for(work), file.person_id
    db.session.rollback()  # the making has a session of its own
    made = _made(asked, person_id, tell) if asked else None
    return lambda work: _keep(work, made)


def _made(asked: Asked, person_id: int, tell: Tell) -> Made | None:
    """Return the file as its person sees it now; None where they see it no longer."""
    # a context of its own: nothing of this person is left for the next
    with current_app.app_context(), current_app.test_request_context(asked.address):
        person = db.session.get_one(Person, person_id)
        if not may_sign_in(person, clock.today()):
            return None
        login_user(person)
        if not asked.is_open:
            return None
        tell_of_rows(tell)
        try:
            shown: Any = current_app.view_functions[asked.endpoint](**asked.values)
            answer = current_app.make_response(shown)
        except HTTPException:
            return None
        answer.direct_passthrough = False
        content = answer.get_data()
        if notes_of_request():
            raise RuntimeError("a file that a worker makes shows case numbers")
        _, named = parse_options_header(answer.headers.get("Content-Disposition"))
        return Made(named["filename"], content, what.seen_as())


def _keep(work: LongWork, made: Made | None) -> Ended:
    if made is None:
        return Ended(NOT_ANY_MORE, failed=True)
    file = db.session.get_one(WaitingFile, work.token)
    waiting_files.put(file, made.content, name=made.name, ending=PurePath(made.name).suffix)
    work.seen_as = made.seen_as
    return Ended("The file is ready.")


FILES = Kind(waking.FILES, "while the file was made", _begin)
"""Making reads alone, and keeps no one from writing. What was made is kept in one short transaction."""

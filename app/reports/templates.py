"""The council's own Word template: looking at one, setting, replacing and removing it."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import PureWindowsPath

from flask import current_app

from app import waiting_files
from app.database import db, transaction
from app.history.record import Event, record
from app.moves.meanwhile import CHECK, digest
from app.people.models import Person
from app.refusal import ChangedMeanwhile
from app.reports.models import ReportTemplate
from config.settings import Settings

KIND = "report-template"
"""The kind of the files that wait to become the template."""

LONGEST_NAME = 200


@dataclass(frozen=True)
class Proposed:
    """A template that was uploaded and is not yet used. `notes` says what of it reports do not use."""

    name: str
    content: bytes
    notes: tuple[str, ...]


def template() -> ReportTemplate | None:
    """Return the template that Word reports are written in; None when the council has set none."""
    return db.session.get(ReportTemplate, 1)


def propose(name: str, content: bytes, *, by: Person, on: date) -> str:
    """Keep a file for its sender to look at; return its token. Raises Refused when it cannot be used."""
    example_in(content, on=on)
    name = PureWindowsPath(name).name[:LONGEST_NAME]
    return waiting_files.keep(content, person_id=by.id, kind=KIND, sent_as=name, ending=".docx")


def proposed(token: str, *, by: Person) -> Proposed | None:
    """Return the file that this person uploaded; None when it was set or dropped, or is a day old."""
    # here, because what reads Word takes 15 MB that a service at rest does not need
    from app.reports.word_template import opened

    found = waiting_files.found(token, by.id)
    if found is None or found.kind != KIND:
        return None
    content = waiting_files.content_of(found)
    return Proposed(found.sent_as, content, opened(content).notes)


def drop(token: str) -> None:
    """Remove an uploaded file that is not looked at any more."""
    waiting_files.remove(token)


def example_in(content: bytes, *, on: date) -> bytes:
    """Return an example report in a template. Raises Refused when the template cannot be used."""
    from app.reports.word import docx
    from app.reports.word_example import example

    return docx(example(_settings().organisation_name, on), content)


def mark() -> str:
    """Return the mark of the template in use."""
    used = template()
    return digest((used.name, used.uploaded_on, hashlib.sha256(used.content).hexdigest()) if used else None)


def set_template(name: str, content: bytes, *, by: Person, on: date, seen: str | None = None) -> None:
    """Use this file from now on. Raises Refused when it cannot be used.

    `seen` is the mark of the template in use that the person saw. Raises ChangedMeanwhile when it is another.
    """
    example_in(content, on=on)
    with transaction():
        template = db.session.get(ReportTemplate, 1, with_for_update=True) or ReportTemplate(id=1)
        _refuse_unseen(seen)
        template.name, template.content, template.uploaded_by_id, template.uploaded_on = (
            name,
            content,
            by.id,
            on,
        )
        db.session.add(template)
        record(by.email, [Event("setting", "report template", "set", after=template.name, on=on)])


def remove_template(*, by: Person, on: date, seen: str | None = None) -> None:
    """Go back to the product's own style for reports. Raises ChangedMeanwhile as `set_template` does."""
    with transaction():
        template = db.session.get(ReportTemplate, 1, with_for_update=True)
        _refuse_unseen(seen)
        if template is not None:
            record(by.email, [Event("setting", "report template", "removed", before=template.name, on=on)])
            db.session.delete(template)


def _refuse_unseen(seen: str | None) -> None:
    if seen is not None and seen != mark():
        raise ChangedMeanwhile(CHECK)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings

"""The council's own Word template: set, replaced, taken out."""

from datetime import date
from pathlib import PureWindowsPath

from app.database import db, transaction
from app.history.record import Event, record
from app.people.models import Person
from app.reports.models import ReportTemplate


def template() -> ReportTemplate | None:
    """The template that Word reports are written in, if the council has set one."""
    return db.session.get(ReportTemplate, 1)


def set_template(name: str, content: bytes, *, by: Person, on: date) -> None:
    """Use this .docx from now on. Raises Refused when it is not sound."""
    # here, because what reads Word takes 15 MB that a service at rest does not need
    from app.reports.word_template import emptied

    emptied(content)
    name = PureWindowsPath(name).name
    with transaction():
        kept = db.session.get(ReportTemplate, 1, with_for_update=True) or ReportTemplate(id=1)
        kept.name, kept.content, kept.uploaded_by_id, kept.uploaded_on = name[:200], content, by.id, on
        db.session.add(kept)
        record(by.email, [Event("setting", "report template", "set", after=kept.name, on=on)])


def remove_template(*, by: Person, on: date) -> None:
    """Write reports in the product's own style again."""
    with transaction():
        kept = db.session.get(ReportTemplate, 1, with_for_update=True)
        if kept is not None:
            record(by.email, [Event("setting", "report template", "removed", before=kept.name, on=on)])
            db.session.delete(kept)

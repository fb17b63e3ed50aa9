"""The council's own Word template: setting, replacing and removing it."""

from datetime import date
from pathlib import PureWindowsPath

from app.database import db, transaction
from app.history.record import Event, record
from app.people.models import Person
from app.reports.models import ReportTemplate


def template() -> ReportTemplate | None:
    """Return the template that Word reports are written in; None when the council has set none."""
    return db.session.get(ReportTemplate, 1)


def set_template(name: str, content: bytes, *, by: Person, on: date) -> None:
    """Use this .docx from now on. Raises Refused when it cannot be used."""
    # here, because what reads Word takes 15 MB that a service at rest does not need
    from app.reports.word_template import opened

    opened(content)
    name = PureWindowsPath(name).name
    with transaction():
        template = db.session.get(ReportTemplate, 1, with_for_update=True) or ReportTemplate(id=1)
        template.name, template.content, template.uploaded_by_id, template.uploaded_on = (
            name[:200],
            content,
            by.id,
            on,
        )
        db.session.add(template)
        record(by.email, [Event("setting", "report template", "set", after=template.name, on=on)])


def remove_template(*, by: Person, on: date) -> None:
    """Go back to the product's own style for reports."""
    with transaction():
        template = db.session.get(ReportTemplate, 1, with_for_update=True)
        if template is not None:
            record(by.email, [Event("setting", "report template", "removed", before=template.name, on=on)])
            db.session.delete(template)

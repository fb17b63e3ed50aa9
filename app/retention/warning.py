"""The message `retention`: the case numbers and texts of a cycle are about to be removed."""

from datetime import date

from app.audits.cycle import Cycle
from app.database import db
from app.outbox import kinds
from app.outbox.kinds import Changed, Holds, Overtaken, Rendered, Verdict
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.queries import everyone
from app.people.roles import RoleName
from app.retention import queries

KIND = "retention"


def write_warning(cycle: Cycle, removed_on: date, on: date) -> None:
    """Warn every coordinator that the texts of a cycle are removed on a date."""
    rendered = _rendered(cycle, removed_on)
    for person in everyone().values():
        if RoleName.COORDINATOR in person.roles and not person.has_left(on):
            write(
                KIND,
                recipient=person.id,
                address=person.email,
                rendered=rendered,
                why="Sent to all coordinators, because case numbers and texts are about to be removed",
                on=on,
                facts={"cycle": cycle.id},
            )


def _rendered(cycle: Cycle, removed_on: date) -> Rendered:
    return render(KIND, reference=cycle.reference, theme=cycle.theme, removed_on=removed_on)


def recheck(message: Message, on: date) -> Verdict:
    """Hold while the texts are about to be removed and the person is a coordinator."""
    on = max(on, message.on)
    person = everyone().get(message.recipient or 0)
    if person is None or person.has_left(on) or RoleName.COORDINATOR not in person.roles:
        return Overtaken("They are no longer a coordinator")
    cycle = db.session.get(Cycle, message.facts["cycle"], populate_existing=True)
    kept = queries.of(cycle, on) if cycle is not None else None
    if cycle is None or kept is None or kept.held_because or kept.by_itself_on is None:
        return Overtaken("The texts are not about to be removed any more")
    if kept.texts_removed_on is not None and kept.texts_removed_on >= message.on:
        return Overtaken("The texts have been removed")
    rendered = _rendered(cycle, kept.by_itself_on)
    return Holds() if rendered.text == message.text else Changed(rendered)


kinds.register(KIND, 4, kinds.each(recheck))

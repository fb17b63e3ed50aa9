"""`/messages/coming/hold` and its end: the pages on which a coordinator holds a reminder or lets it go."""

from datetime import date

from flask import abort, request, url_for
from flask_security import current_user

from app.clock import today
from app.database import db
from app.moves.day_asked import day_or_today
from app.moves.fields import NO_CHILD, DateField, WordsField
from app.moves.forms import MoveForm
from app.moves.page import Page, Words, move_page
from app.outbox.in_words import reminder_name, reminder_with_date
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import NotNow
from app.reminders import holds
from app.reminders.blueprint import reminders
from app.reminders.due import Key
from app.reminders.models import HeldItem
from app.wording import in_words


class HoldForm(MoveForm):
    """The form of holding a reminder."""

    until_on = DateField(
        "Last date on which it is held (optional)",
        named="the last date",
        needed=False,
        hint="If you leave this empty, it is held for good",
    )
    because = WordsField(
        "Why is it held?", named="why it is held", hint=f"Only coordinators can read this. {NO_CHILD}"
    )


@reminders.route("/messages/coming/hold", methods=["GET", "POST"])
def hold() -> Page:
    """Hold a reminder back from one person. The address names it, and the day for which it is scheduled."""
    key, on = _key_in_address(), day_or_today()
    person = db.session.get(Person, key[2]) or abort(404)
    item = holds.due_or_waiting(key, on)
    refused = holds.refuse_holding(key, today())
    if item is None and refused is None:
        refused = f"This reminder is not due on {in_words(on)}, so you do not need to hold it"
    form = HoldForm(data={"until_on": max(on, today())})
    until = in_words(form.until_on.data)

    def carry_out() -> None:
        if item is None or not holds.can_be_held(item):
            raise NotNow("You can hold only reminders about work, and this is none")
        holds.hold(item, current_user, today(), form.until_on.data, form.because.data, scheduled_on=on)

    said = reminder_with_date(item.step, item.due_on, on, working_days()) if item else reminder_name(key[4])
    about = f"{item.reference}: {said}" if item else said
    return move_page(
        form,
        None,
        Words(
            f"Hold a reminder to {person.name}",
            "It is not sent while it is held. This is about one reminder: later reminders are sent when they "
            "are due, unless you hold them too.",
            "Hold reminder",
            f"Reminder held {f'until {until}' if until else 'for good'}",
        ),
        carry_out,
        thing="Scheduled emails",
        back=url_for("reminders.preview", on=on.isoformat()),
        refused=refused,
        inset=about,
    )


@reminders.route("/messages/coming/held/<int:held_id>/let-go", methods=["GET", "POST"])
def let_go(held_id: int) -> Page:
    """Let a reminder go that is held."""
    held = db.session.get(HeldItem, held_id) or abort(404)
    until = f"until {in_words(held.until_on)}" if held.until_on else "for good"
    return move_page(
        MoveForm(),
        None,
        Words(
            f"Stop holding a reminder to {held.person.name}",
            "If it is still due, it is sent with the next daily emails.",
            "Stop holding",
            "Reminder no longer held. If it is still due, it is sent with the next daily emails.",
        ),
        lambda: holds.let_go(held_id, current_user, today()),
        thing="Scheduled emails",
        back=url_for("reminders.preview"),
        refused=holds.refuse_letting_go(held, today()),
        inset=f"{held.reference}: {reminder_name(held.step)}. Held {until} by {held.by.name}: {held.because}",
    )


def _key_in_address() -> Key:
    """Return the key of the reminder that the address names; 404 where it names none."""
    args = request.args
    try:
        return (
            args["about"],
            int(args["number"]),
            int(args["person"]),
            args["email"],
            args["step"],
            date.fromisoformat(args["anchor"]),
        )
    except (KeyError, ValueError, OverflowError):
        abort(404)

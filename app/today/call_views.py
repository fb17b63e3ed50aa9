"""`/calls`: the people to call, and the log of a call about everything of theirs."""

from collections.abc import Sequence

from flask import abort, flash, render_template, url_for
from flask_security import current_user

from app.audits.chasing import CHANNELS
from app.audits.standing import standings
from app.clock import today as the_day
from app.moves.fields import NO_CHILD, DateField, RadiosField, TicksField, WordsField
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, move_page
from app.people.closures import working_days
from app.people.queries import everyone
from app.refusal import ChangedMeanwhile
from app.reminders.due import AUDIT
from app.today.blueprint import today
from app.today.people_to_call import log_calls, people_to_call
from app.wording import capitalised, listed

READ_BY = f"Everyone who can see the work can read this. {NO_CHILD}"


class CallForm(MoveForm):
    """The form of one call about several things."""

    about = TicksField("What did you talk about?", named="what you talked about")
    day = DateField("When did you contact them?", named="the date of the contact")
    channel = RadiosField(
        "How did you contact them?",
        named="how you contacted them",
        choices=[(channel, capitalised(channel)) for channel in CHANNELS],
    )
    outcome = WordsField("What was the outcome? (optional)", named="the outcome", hint=READ_BY, needed=False)
    new_expected_on = DateField(
        "New expected date of the audits (optional)", named="the new expected date", needed=False
    )


@today.get("/calls")
def calls() -> str:
    """Show everybody to call, with all of theirs."""
    days = working_days()
    return render_template(
        "today/people_to_call.html", people_to_call=people_to_call(standings(the_day(), days), days)
    )


@today.route("/calls/<int:person_id>", methods=["GET", "POST"])
def log_call(person_id: int) -> Page:
    """Log a call to one person. What somebody else did meanwhile is off the list, and nothing is logged."""
    person = everyone().get(person_id) or abort(404)
    on, days = the_day(), working_days()
    found = people_to_call(standings(on, days), days)
    about = next((one.about for one in found if one.person.id == person_id and not one.has_left), [])
    things = {thing.key: thing for thing in about}
    form = CallForm(data={"day": on, "about": list(things), "channel": "phone"})
    to_call_about = [
        (key, f"{capitalised(thing.kind)} {thing.reference}: {thing.words}, overdue {thing.overdue}")
        for key, thing in things.items()
    ]
    gone = [key for key in form.about.data if key not in things]
    form.about.choices = [*to_call_about, *((key, capitalised(key)) for key in gone)]
    if not any(key.startswith(AUDIT) for key in (*things, *gone)):
        del form.new_expected_on

    def log() -> None:
        if gone:
            form.about.choices = to_call_about
            raise ChangedMeanwhile(_gone(gone))
        expected = form.new_expected_on.data if "new_expected_on" in form else None
        said = log_calls(
            person,
            [things[key] for key in form.about.data],
            form.channel.data,
            form.day.data,
            form.outcome.data,
            expected,
            current_user,
            on,
        )
        for sentence in said:
            flash(sentence)

    return move_page(
        form,
        Kept(mark=lambda: " ".join(things)),
        Words(
            f"Log a call to {person.name}",
            "The entry is added to each thing that you select. It is then off the phone calls to make for "
            "5 working days.",
            "Log the call",
            "Call logged",
        ),
        log,
        thing="Phone calls to make",
        back=url_for("today.calls"),
        refused=None if things else f"There is no call to {person.name} to log now. {_MEANWHILE}",
    )


_MEANWHILE = (
    "Someone logged it, or the work was done or changed. To add what you know about an audit, open the audit "
    "and add it to the chase log."
)


def _gone(keys: Sequence[str]) -> str:
    """Return the refusal of a call about things of which some are no longer to be called about."""
    return f"You do not have to call about {listed(keys)} any more. {_MEANWHILE}"

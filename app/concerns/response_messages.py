"""The message `response`: a grade calls for a response. It never says which grade, which case or why."""

from datetime import date

from app.concerns.models import CalledResponse
from app.concerns.response_queries import answering, asked
from app.database import db
from app.due_dates import that_counts
from app.outbox import kinds
from app.outbox.kinds import Changed, Holds, Overtaken, Rendered, Verdict
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.closures import working_days
from app.people.queries import everyone

KIND = "response"
WHY = "Sent at once, because a grade of an audit calls for a response"
WHY_DEPUTY = "Sent at once to the deputy as well, because a grade of an audit calls for a response"


def write_asked(response: CalledResponse, on: date) -> None:
    """Tell everybody who is asked, on any day and hour, also on leave; a deputy is told as well."""
    people, rendered = everyone(), _rendered(response)
    theirs = {person.id for person in asked(response.audit, on, people)}
    for person in answering(response.audit, on, people).values():
        write(
            KIND,
            recipient=person.id,
            address=person.email,
            rendered=rendered,
            why=WHY if person.id in theirs else WHY_DEPUTY,
            on=on,
            once=f"response {response.id} {person.id}",
            facts={"response": response.id},
        )


def _rendered(response: CalledResponse) -> Rendered:
    return render(
        KIND,
        reference=response.audit.reference,
        due_on=that_counts(response.due_on, working_days()),
    )


def recheck(message: Message, on: date) -> Verdict:
    """Hold while the response is open and the person is asked, or stands in for one who is."""
    response = db.session.get(CalledResponse, message.facts["response"], populate_existing=True)
    on = max(on, message.on)
    if response is None or response.answered_on is not None or response.fell_away_on is not None:
        return Overtaken("The response is no longer needed")
    if message.recipient not in answering(response.audit, on):
        return Overtaken("They are no longer asked for the response")
    return Holds() if message.rendered_on == on else Changed(_rendered(response))


kinds.register(KIND, 0, kinds.each(recheck))

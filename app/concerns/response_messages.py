"""The message `response`: a grade calls for a response. It never says which grade, which case or why."""

from datetime import date

from app.concerns.models import CalledResponse
from app.concerns.response_queries import asked
from app.database import db
from app.due_dates import that_counts
from app.outbox import kinds
from app.outbox.kinds import Changed, Holds, Overtaken, Rendered, Verdict
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.closures import working_days
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.standing_in import deputy_of

KIND = "response"
WHY = "Sent at once, because a grade of an audit calls for a response"
WHY_DEPUTY = "Sent at once to the deputy as well, because a grade of an audit calls for a response"


def write_asked(response: CalledResponse, on: date) -> None:
    """Tell everybody who is asked, on any day and hour, also on leave; a deputy is told as well."""
    people, rendered = everyone(), _rendered(response)
    theirs = asked(response.audit, on, people)
    receivers: dict[int, tuple[PersonFacts, str]] = {person.id: (person, WHY) for person in theirs}
    for person in theirs:
        deputy = deputy_of(person, people, on)
        if deputy is not None:
            receivers.setdefault(deputy, (people[deputy], WHY_DEPUTY))
    for person, why in receivers.values():
        write(
            KIND,
            recipient=person.id,
            address=person.email,
            rendered=rendered,
            why=why,
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
    people = everyone()
    theirs_now = asked(response.audit, on, people)
    theirs = {person.id for person in theirs_now} | {deputy_of(person, people, on) for person in theirs_now}
    if message.recipient not in theirs:
        return Overtaken("They are no longer asked for the response")
    return Holds() if message.rendered_on == on else Changed(_rendered(response))


kinds.register(KIND, 0, kinds.each(recheck))

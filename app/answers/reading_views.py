"""`/audits/REF/answers`: the returned answers with everybody's view of them side by side."""

from flask import abort, render_template
from flask_security import current_user

from app.answers import second_look
from app.answers.blueprint import answers
from app.answers.moderation import refuse_moderator
from app.answers.side_by_side import moderation_facts, moderation_of, side_by_side
from app.answers.stored_notes import note_of, noted_context
from app.audits.facts import facts, found, pair_on
from app.clock import today
from app.database import db
from app.people.models import Person
from app.workers.queries import replied_to
from app.working_days import happened


@answers.get("/audits/<reference>/answers")
def reading(reference: str) -> str:
    """Show the returned answers, read-only, with the second's, the agreed and the moderator's views."""
    audit, on = found(reference) or abort(404), today()
    known, pair = facts(audit, on), pair_on(audit, on)
    moderation = moderation_of(audit.id)
    in_the_pair = pair.part_of(current_user.id) is not None
    return render_template(
        "answers/side_by_side.html",
        audit=audit,
        reference=reference,
        is_returned=happened(known.returned_on, on),
        returned_on=known.returned_on,
        pair=pair,
        shown=side_by_side(audit, on),
        context=noted_context(audit.id),
        note=note_of(audit.id),
        replied=replied_to(audit.id, on),
        moderation=moderation,
        moderator=db.session.get(Person, moderation.moderator_id) if moderation else None,
        may_agree=in_the_pair and second_look.refuse_to_agree(audit, on) is None,
        may_moderate=refuse_moderator(moderation_facts(audit), current_user.id, on) is None,
    )

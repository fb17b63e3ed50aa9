"""`/audits/REF/form/paper`: a coordinator begins to enter the form that an auditor filled in on paper."""

from flask import abort, url_for

from app.answers.blueprint import answers
from app.answers.paper_entry import ALREADY, begin_paper, paper_of
from app.audits.facts import found, pair_on
from app.audits.lifecycle import Move
from app.audits.move_page import audit_move_page
from app.audits.parts import LEAD
from app.clock import today
from app.moves.forms import MoveForm
from app.moves.page import Page, Words


@answers.route("/audits/<reference>/form/paper", methods=["GET", "POST"])
def paper(reference: str) -> Page:
    """Show what entering from paper means, or begin it."""
    audit = found(reference) or abort(404)
    form, pair = MoveForm(), pair_on(audit, today())
    confirms = "" if pair.is_for_one else " The second auditor is asked to confirm the answers as usual."
    return audit_move_page(
        audit,
        Move.SAVE,
        form,
        Words(
            "Enter a paper form",
            f"You enter what an auditor wrote on paper, and return the audit in the {pair.called(LEAD)}’s "
            "name. The form says that you entered it from paper. So does the method note of the findings."
            f"{confirms}",
            "Enter paper form",
            f"You can now enter the paper form for audit {reference}",
        ),
        begin_paper,
        not_theirs=ALREADY if paper_of(audit, today()) else None,
        then=url_for("answers.form", reference=reference),
    )

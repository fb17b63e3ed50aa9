"""The page of a move of an audit."""

from collections.abc import Callable, Sequence

from flask import url_for

from app.access import may
from app.audits import lifecycle
from app.audits.facts import facts
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.clock import today
from app.moves.forms import MoveForm
from app.moves.page import Page, Words
from app.moves.page import move_page as page_of
from app.people.closures import working_days


def move_page(
    audit: Audit,
    move: Move,
    form: MoveForm,
    words: Words,
    carry_out: Callable[[], None],
    warned: Callable[[], Sequence[str]] = tuple,
    not_theirs: str | None = None,
    then: str | None = None,
) -> Page:
    """The page of a move of an audit; afterwards the audit, or the address `then`."""
    reference, on = audit.reference, today()
    back = url_for("audits.detail", reference=reference)

    def afterwards() -> str:
        # an auditor who has just declined it cannot open it any more
        return then or (back if may("audits.detail", reference=reference) else url_for("today.home"))

    return page_of(
        form,
        audit.mark,
        words,
        carry_out,
        thing=f"Audit {reference}",
        back=back,
        then=afterwards,
        refused=lifecycle.refuse(move, facts(audit, on), on, working_days()),
        not_theirs=not_theirs,
        warned=warned,
    )

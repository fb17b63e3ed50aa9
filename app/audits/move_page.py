"""The page of a move of an audit."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import url_for

from app.access import may
from app.audits import lifecycle
from app.audits.facts import facts
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.clock import today
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, carried_out, move_page
from app.people.closures import working_days


def audit_move_page(
    audit: Audit,
    move: Move,
    form: MoveForm,
    words: Words,
    make: Callable[..., object],
    warned: Callable[[], Sequence[str]] = tuple,
    entered: Callable[[], Mapping[str, Any]] | None = None,
    not_theirs: str | None = None,
    then: str | None = None,
    filled: Callable[[], MoveForm] | None = None,
    refused: str | None = None,
) -> Page:
    """Show the page of a move, or carry it out with `make` and go on to the audit or the address `then`.

    `filled` returns the form of what is kept, where the move edits it. `refused` says why the move is not
    possible now though the state of the audit allows it.
    """
    reference, on = audit.reference, today()
    back = url_for("audits.detail", reference=reference)

    def afterwards() -> str:
        # an auditor who has just declined it cannot open it any more
        return then or (back if may("audits.detail", reference=reference) else url_for("today.home"))

    return move_page(
        form,
        Kept(filled, mark=lambda: audit.mark),
        words,
        carried_out(make, reference, form, entered),
        thing=f"Audit {reference}",
        back=back,
        then=afterwards,
        refused=lifecycle.refuse(move, facts(audit, on), on, working_days()) or refused,
        not_theirs=not_theirs,
        warned=warned,
    )

"""The page of a move of an action or a recommendation, and the addresses that both have alike."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import abort, url_for
from flask_security import current_user
from sqlalchemy import select

from app.actions.lifecycle import Move
from app.actions.models import Action, Recommendation
from app.actions.moving import Kind, Tracked, refuse_tracked
from app.clock import today
from app.database import db
from app.moves.forms import MoveForm, WordsMoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, carried_out, move_page
from app.tracker.blueprint import actions
from app.wording import capitalised


def tracked_move_page(
    thing: Tracked,
    move: Move | None,
    form: MoveForm,
    words: Words,
    make: Callable[..., object],
    why_not: str | None = None,
    then: str | None = None,
    warned: Callable[[], Sequence[str]] = tuple,
    entered: Callable[[], Mapping[str, Any]] | None = None,
    filled: Callable[[], MoveForm] | None = None,
) -> Page:
    """Show the page of a move and carry it out with `make`; then go to `then`, or back to the thing.

    `why_not` is a further reason why it is not possible now, and `move` None where there is no other one.
    `filled` returns the form of what is kept, where the move edits it.
    """
    refused = refuse_tracked(move, thing, today(), current_user.id) if move is not None else None
    back = url_for(f"actions.{thing.kind}", reference=thing.reference)
    return move_page(
        form,
        Kept(filled, mark=lambda: thing.mark),
        words,
        carried_out(make, thing.reference, form, entered),
        thing=f"{capitalised(thing.kind)} {thing.reference}",
        back=back,
        then=lambda: then or back,
        refused=refused or why_not,
        warned=warned,
        template="actions/move.html",
        about=thing.text,
    )


def of_both(path: str) -> Callable[[Callable[..., Page]], Callable[..., Page]]:
    """Make a page known at an address of actions and at that of recommendations.

    The endpoint of the latter ends in `_recommendation`. The page gets the thing.
    """

    def register(page: Callable[..., Page]) -> Callable[..., Page]:
        def known_for(kind: type[Tracked], endpoint: str) -> None:
            def view(reference: str, **more: Any) -> Page:
                return page(found(kind, reference), **more)

            address = f"/{kind.kind}s/<reference>/{path}"
            actions.add_url_rule(address, endpoint, view, methods=["GET", "POST"])

        known_for(Action, page.__name__)
        known_for(Recommendation, f"{page.__name__}_recommendation")
        return page

    return register


def found(kind: type[Kind], reference: str) -> Kind:
    """Return the action or the recommendation of that reference; 404 when there is none."""
    return db.session.scalars(select(kind).where(kind.called(reference))).one_or_none() or abort(404)


def words_form(label: str, named: str, hint: str = "") -> WordsMoveForm:
    """Return the form of a reason alone, with its question."""
    form = WordsMoveForm()
    form.said.label.text, form.said.named, form.said.description = label, named, hint
    return form

"""The page of a move: its form, what the move means, and the sentence when it is refused. One way for all.

A move that the state does not allow, or that somebody else's change overtook, answers 409; what was filled in
wrong answers 422 with everything that was typed; warnings are shown once and let through when the same ones
come back with the form.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from app.moves.forms import MoveForm
from app.refusal import NotNow, Refused

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Words:
    """What the page of a move says: its heading, what the move means, its button, and what has been done."""

    heading: str
    meaning: str
    button: str
    done: str
    serious: bool = False


@dataclass(frozen=True)
class Shown:
    """What stands on the page beside the form: why it is refused, and what to warn of."""

    refused: str | None = None
    warnings: Sequence[str] = ()


def move_page(
    form: MoveForm,
    version: int | str,
    render: Callable[[Shown], str],
    carry_out: Callable[[], None],
    *,
    done: str,
    then: Callable[[], str],
    refused: str | None = None,
    not_theirs: str | None = None,
    warned: Callable[[], Sequence[str]] = tuple,
) -> Page:
    """Show the form of a move, or carry the move out, say `done` and go to the address `then`.

    `version` is that of the thing now, which the form carries. `refused` says why the move cannot be made
    now, `not_theirs` at once why it is not this person's to make.
    """

    def shown(status: int, refused: str | None = None, warnings: Sequence[str] = ()) -> Page:
        return render(Shown(refused, warnings)), status

    if not form.is_submitted():
        form.version.data = str(version)
        return shown(200, refused or not_theirs)
    if refused:
        return shown(409, refused)
    if not form.validate():
        return shown(422)
    found = warned()
    if not set(found) <= set(request.form.getlist("let_through")):
        return shown(200, warnings=found)
    try:
        carry_out()
    except NotNow as why:
        return shown(409, str(why))
    except Refused as why:
        form.form_errors = [str(why)]
        return shown(422, warnings=found)
    flash(done, "success")
    return redirect(then())

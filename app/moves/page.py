"""The page of a form, and that of a move: its words, its form, and the sentence when it is refused.

What the state does not allow, or somebody else's change overtook, answers 409; what was filled in wrong
answers 422 with everything that was typed; warnings are shown once and let through when the same ones come
back with the form.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field

from app.clock import today
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


def form_page(
    form: FlaskForm,
    render: Callable[[Shown], str],
    carry_out: Callable[[], str],
    *,
    done: str = "",
    at: Field | None = None,
    refused: str | None = None,
    not_theirs: str | None = None,
    warned: Callable[[], Sequence[str]] = tuple,
) -> Page:
    """Show a form, or carry out what it says, say `done` and go to the address that `carry_out` returns.

    `at` is the field that a refusal of what was filled in stands at, else it stands over the form. `refused`
    says why it cannot be done now, `not_theirs` at once why it is not this person's to do.
    """

    def shown(status: int, refused: str | None = None, warnings: Sequence[str] = ()) -> Page:
        return render(Shown(refused, warnings)), status

    if not form.is_submitted():
        return shown(200, refused or not_theirs)
    if refused:
        return shown(409, refused)
    if not form.validate():
        return shown(422)
    warnings = warned()
    if not lets_through(warnings):
        return shown(200, warnings=warnings)
    try:
        then = carry_out()
    except NotNow as why:
        return shown(409, str(why))
    except Refused as why:
        if at is None:
            form.form_errors = [str(why)]
        else:
            at.errors = [str(why)]
        return shown(422, warnings=warnings)
    if done:
        flash(done, "success")
    return redirect(then)


def lets_through(warnings: Sequence[str]) -> bool:
    """Return True when all these warnings were on the page that was sent."""
    return set(warnings) <= set(request.form.getlist("let_through"))


def carried_out(
    move: Callable[..., object],
    reference: str,
    form: MoveForm,
    entered: Callable[[], Mapping[str, Any]] | None = None,
) -> Callable[[], object]:
    """Return a move of one thing, by who is signed in, today, of the version that they saw.

    It takes what was filled in, or what `entered` makes of that.
    """

    def carry_out() -> object:
        given = entered() if entered else form.entered()
        return move(reference, by=current_user, on=today(), version=form.seen, **given)

    return carry_out


def move_page(
    form: FlaskForm,
    mark: int | str | None,
    words: Words,
    carry_out: Callable[[], object],
    *,
    thing: str,
    back: str,
    then: Callable[[], str] | None = None,
    refused: str | None = None,
    not_theirs: str | None = None,
    warned: Callable[[], Sequence[str]] = tuple,
    template: str = "move_page.html",
    **about: Any,
) -> Page:
    """Show the form of a move, or carry the move out and go to the address `then`, or `back`.

    `mark` is that of the thing now, which a MoveForm carries; None where nothing can be changed meanwhile.
    `thing` is what the page calls it, such as "Audit CP-001", and `back` its address.
    """
    if mark is not None and not form.is_submitted():
        form["version"].data = str(mark)

    def render(shown: Shown) -> str:
        return render_template(
            template,
            form=form,
            words=words,
            thing=thing,
            back=back,
            refused=shown.refused,
            warnings=shown.warnings,
            **about,
        )

    def made() -> str:
        carry_out()
        return then() if then else back

    return form_page(
        form, render, made, done=words.done, refused=refused, not_theirs=not_theirs, warned=warned
    )

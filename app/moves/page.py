"""The page of a form, and that of a move: its words, its form, and the sentence when it is refused.

A move that the state does not allow, or that somebody else's change overtook, answers 409; a wrong input
answers 422 with everything that was typed; warnings are shown once and accepted when the form comes back with
the same ones.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, session
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field

from app.clock import today
from app.database import transaction
from app.identifying.known_numbers import CASE_NUMBER
from app.moves.fields import Named
from app.moves.forms import MoveForm
from app.moves.free_text import show_on_page, warned_of_texts
from app.moves.meanwhile import Kept
from app.refusal import ChangedMeanwhile, NotNow, Refused, Removed

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Words:
    """The words of the page of a move: its heading, its meaning, its button, its message when done."""

    heading: str
    meaning: str
    button: str
    done: str
    serious: bool = False


@dataclass(frozen=True)
class Shown:
    """The parts of the page beside the form: the reason of a refusal, and the warnings."""

    refused: str | None = None
    warnings: Sequence[str] = ()


def form_page(
    form: FlaskForm,
    render: Callable[[Shown], str],
    carry_out: Callable[[], str],
    *,
    done: str = "",
    at: Field | Callable[[Refused], Field] | None = None,
    refused: str | None = None,
    not_theirs: str | None = None,
    warned: Callable[[], Sequence[str]] = tuple,
    kept: Kept | None = None,
) -> Page:
    """Show a form, or carry it out, flash `done` and redirect to the address that `carry_out` returns.

    A refusal of the input is shown at the field `at`, which may depend on it; without one, at the field that
    its sentence names.
    `refused` says why the move is not possible now; `not_theirs` is shown with the form and says why this
    person may not make it. `kept` is what the page edits: where somebody else saved it meanwhile, both
    versions are shown.
    """

    def shown(status: int, refused: str | None = None, warnings: Sequence[str] = ()) -> Page:
        return render(Shown(refused, warnings)), status

    if not form.is_submitted():
        if kept is not None:
            form["version"].data = kept.mark_now()
        return shown(200, refused or not_theirs)
    if refused:
        return shown(409, refused)
    if not form.validate():
        return shown(422)
    warnings = warned()
    of_texts = [sentence for sentence in warned_of_texts(form) if sentence not in warnings]
    show_on_page(of_texts)
    asks = not lets_through([*warnings, *of_texts])
    if asks and CASE_NUMBER not in (*warnings, *of_texts):
        return shown(200, warnings=warnings)
    carried_out = partial(kept.carry_out, form, carry_out) if kept is not None else carry_out
    try:
        # a refusal of the number of this very case comes before the warning of it
        then = _carried_out_and_undone(carried_out) if asks else carried_out()
    except Removed as why:
        # the thing is gone, so it has no page of its own
        return render_template("removed.html", form=form, refused=str(why)), 409
    except Refused as why:
        status, instead = told(form, why, kept, at)
        return shown(status, instead, warnings)
    return _done(then, done) if then else shown(200, warnings=warnings)


def _done(then: str, done: str) -> Response:
    if done:
        flash(done, "success")
    return redirect(then)


class _Undone(Exception):
    """Raised to undo what was carried out."""


def _carried_out_and_undone(carry_out: Callable[[], object]) -> str | None:
    said = list(session.get("_flashes", ()))
    with suppress(_Undone), transaction():
        carry_out()
        raise _Undone
    # what it said of its work is undone, too
    session["_flashes"] = said
    return None


def removal(kept: Kept, remove: Callable[[], str], refused: Callable[[str], str], *, done: str = "") -> Page:
    """Carry out what a button without a form does to what is kept, and redirect to the address of `remove`.

    `refused` shows why not: somebody changed it since the page was shown, or its state does not allow it.
    """
    form = MoveForm()
    try:
        then = kept.carry_out(form, remove)
    except Removed as why:
        return render_template("removed.html", form=form, refused=str(why)), 409
    except Refused as why:
        return refused(str(why)), 409
    return _done(then, done)


def told(
    form: FlaskForm,
    why: Refused,
    kept: Kept | None = None,
    at: Field | Callable[[Refused], Field] | None = None,
) -> tuple[int, str | None]:
    """Put a refusal into the form; return the status, and the sentence that the page shows instead of it."""
    # what is refused cannot be sent as it is: the writer is asked about its words once it can
    show_on_page(())
    if isinstance(why, ChangedMeanwhile) and kept is not None:
        kept.show_both(form)
        form.form_errors = [str(why)]
        return 409, None
    if isinstance(why, NotNow):
        return 409, str(why)
    field: Field | None
    if isinstance(at, Field):
        field = at
    elif at is not None:
        field = at(why)
    else:
        field = _named_in(str(why), form)
    if field is None:
        form.form_errors = [str(why)]
    else:
        field.errors = [str(why)]
    return 422, None


def _named_in(why: str, form: FlaskForm) -> Field | None:
    """Return the field that a refusal is about: its sentence begins with the name, as every error does.

    Of a form with one field, each refusal is about that one.
    """
    fields = [field for field in form if isinstance(field, Named)]
    if len(fields) == 1:
        return fields[0]
    said = why.lower()
    about = [
        field
        for field in fields
        if said.startswith((field.subject.lower(), f"{field.asks} {field.named}".lower()))
    ]
    return max(about, key=lambda field: len(field.named), default=None)


def asks_again(form: FlaskForm) -> bool:
    """Return True where the texts of a valid form seem to say who a child is, and the writer has not let that
    through: the page that answers then shows why. `form_page` asks by itself."""
    warnings = warned_of_texts(form)
    show_on_page(warnings)
    return not lets_through(warnings)


def lets_through(warnings: Sequence[str]) -> bool:
    """True when all these warnings were on the page that was sent."""
    return set(warnings) <= set(request.form.getlist("let_through"))


def carried_out(
    move: Callable[..., object],
    reference: str,
    form: MoveForm,
    entered: Callable[[], Mapping[str, Any]] | None = None,
) -> Callable[[], object]:
    """Return a function that makes a move of one thing, by the person signed in, today, from the seen
    version.

    Its arguments are the values of the form, or those that `entered` returns.
    """

    def carry_out() -> object:
        arguments = entered() if entered else form.entered()
        return move(reference, by=current_user, on=today(), version=form.seen, **arguments)

    return carry_out


def move_page(
    form: FlaskForm,
    kept: Kept | None,
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
    is_name: bool = False,
    **about: Any,
) -> Page:
    """Show the form of a move, or carry the move out and redirect to the address of `then`, or to `back`.

    `kept` is the thing as it is now, whose mark a MoveForm carries; None where nobody changes it meanwhile.
    `thing` is its name on the page, such as "Audit CP-001", and `back` its address. `is_name` says that it is
    the name of a person, which is written so everywhere.
    """

    def render(shown: Shown) -> str:
        return render_template(
            template,
            form=form,
            words=words,
            thing=thing,
            back=back,
            is_name=is_name,
            refused=shown.refused,
            warnings=shown.warnings,
            **about,
        )

    def made() -> str:
        carry_out()
        return then() if then else back

    return form_page(
        form, render, made, done=words.done, refused=refused, not_theirs=not_theirs, warned=warned, kept=kept
    )

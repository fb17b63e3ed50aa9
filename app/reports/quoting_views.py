"""`/cycles/REF/report/comments`: the comments of audits that a report quotes, by theme, made anonymous."""

from collections.abc import Callable

from flask import abort, redirect, render_template, request, url_for
from flask_security import current_user

from app.audits.audited_again import unread
from app.audits.cycle import Cycle
from app.audits.standing import Standings, standings
from app.clock import today
from app.cycles import queries
from app.findings import comments
from app.identifying.checking import warned_of_all
from app.moves.fields import LineField, WordsField
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept, digest
from app.moves.moving import held
from app.moves.page import Page, Shown, form_page, removal
from app.people.closures import working_days
from app.reports import narratives
from app.reports.blueprint import reports
from app.reports.models import ChosenComment


class CommentForm(MoveForm):
    """A comment that the report quotes."""

    theme = LineField(
        "Theme",
        named="a theme",
        hint="Comments with the same theme, for example “Where evidence is recorded”, are shown together",
        longest=100,
    )
    text = WordsField(
        "Comment",
        hint="Change the words if someone could be identified from them",
        longest=1000,
    )


@reports.route("/cycles/<reference>/report/comments", methods=["GET", "POST"])
def choose_comments(reference: str) -> Page:
    """Show the comments that the report quotes, and add one.

    `?question=` is the key of the question that it is about; `?audit=` starts with the comment of that audit.
    """
    cycle = _cycle(reference)
    chosen, form = _question(cycle), CommentForm()
    audit = request.args.get("audit")
    if chosen and audit and not form.is_submitted():
        source = comments.comment(cycle, _at(), chosen.key, audit, unread()) or abort(404)
        form.text.data = source.text

    def carry_out() -> None:
        question = chosen.key if chosen else None
        theme, text = form.theme.data or "", form.text.data or ""
        narratives.choose(cycle, theme=theme, question=question, text=text, by=current_user, on=today())

    return _comment_page(
        cycle,
        form,
        lambda shown: _comments_page(cycle, form, shown),
        carry_out,
        "Comment added to the report",
    )


def _comments_page(cycle: Cycle, form: CommentForm, shown: Shown | None = None) -> str:
    return render_template(
        "reports/comments.html",
        cycle=cycle,
        form=form,
        kept=narratives.chosen_comments(cycle),
        mark_of_comment=mark_of_comment,
        themes=_themes(cycle),
        asked=[question for question in comments.questions(cycle, _at(), unread()) if question.comments],
        chosen=_question(cycle),
        warnings=shown.warnings if shown else (),
    )


def _question(cycle: Cycle) -> comments.QuestionComments | None:
    """Return the question that the address asks for."""
    wanted = request.args.get("question")
    asked = comments.questions(cycle, _at(), unread())
    return next((question for question in asked if question.key == wanted), None)


def _at() -> Standings:
    return standings(today(), working_days())


@reports.route("/cycles/<reference>/report/comments/<int:number>", methods=["GET", "POST"])
def change_comment(reference: str, number: int) -> Page:
    """Change the theme or the words of a comment that the report quotes."""
    cycle = _cycle(reference)
    comment = narratives.chosen_comment(cycle, number) or abort(404)
    form = CommentForm(obj=comment)

    def carry_out() -> None:
        theme, text = form.theme.data or "", form.text.data or ""
        narratives.rewrite(cycle, number, theme=theme, text=text, by=current_user, on=today())

    def render(shown: Shown) -> str:
        if shown.refused:
            form.text.errors = [shown.refused]
        return render_template(
            "reports/comment.html", cycle=cycle, form=form, themes=_themes(cycle), warnings=shown.warnings
        )

    kept = Kept(lambda: CommentForm(obj=comment), lambda: held(comment))
    return _comment_page(cycle, form, render, carry_out, "Comment changed", kept)


@reports.post("/cycles/<reference>/report/comments/<int:number>/leave-out")
def leave_out(reference: str, number: int) -> Page:
    """Stop quoting a comment."""
    cycle, here = _cycle(reference), url_for("reports.choose_comments", reference=reference)
    comment = narratives.chosen_comment(cycle, number)
    if comment is None:
        return redirect(here)

    def remove() -> str:
        narratives.leave_out(cycle, number, by=current_user, on=today())
        return here

    def refused(why: str) -> str:
        form = CommentForm(formdata=None)
        form.form_errors = [why]
        return _comments_page(cycle, form)

    kept = Kept(hold=lambda: held(comment), mark=lambda: mark_of_comment(comment))
    return removal(kept, remove, refused, done="Comment removed from the report")


def mark_of_comment(comment: ChosenComment) -> str:
    """Return the mark of a comment that the report quotes."""
    return digest((comment.theme, comment.text))


def _comment_page(
    cycle: Cycle,
    form: CommentForm,
    render: Callable[[Shown], str],
    carry_out: Callable[[], None],
    done: str,
    kept: Kept | None = None,
) -> Page:
    """Show the form of a comment, or save it and go back to the list."""

    def quoted() -> str:
        carry_out()
        return url_for("reports.choose_comments", reference=cycle.reference)

    return form_page(
        form,
        render,
        quoted,
        done=done,
        at=form.text,
        warned=lambda: warned_of_all([form.theme.data, form.text.data]),
        kept=kept,
    )


def _themes(cycle: Cycle) -> list[str]:
    return list(dict.fromkeys(comment.theme for comment in narratives.chosen_comments(cycle)))


def _cycle(reference: str) -> Cycle:
    return queries.found(reference) or abort(404)

"""`/exemplars/new` and `/exemplars/REF/edit`: writing up what was good, so that nobody is known from it."""

import re
from collections.abc import Callable

from flask import abort, flash, render_template, request, url_for
from flask_security import current_user

from app.audits.audited_again import unread
from app.audits.standing import standings
from app.clock import today
from app.exemplars import moves, queries
from app.exemplars.blueprint import exemplars
from app.exemplars.exemplar_views import found
from app.exemplars.forms import ExemplarForm
from app.exemplars.life import ExemplarMove, refuse
from app.exemplars.moves import Words, facts_of
from app.identifying.checking import warned_of
from app.moves.fields import no_choice
from app.moves.meanwhile import Kept
from app.moves.page import Page, Shown, form_page
from app.people.closures import working_days


@exemplars.route("/exemplars/new", methods=["GET", "POST"])
def write() -> Page:
    """Write up a nominated audit (`?audit=CP-001`) without the case."""
    at = standings(today(), working_days())
    nominated = queries.nomination(request.args.get("audit", ""), at, unread()) or abort(404)

    def save(words: Words) -> str:
        made = moves.write(nominated.audit, words, by=current_user, on=today())
        flash(
            f"Example {made.reference} saved. Someone else must approve it before staff can read it.",
            "success",
        )
        return made.reference

    form = ExemplarForm()
    back = url_for("exemplars.nominations")
    return _writing_page(
        form,
        nominated.audit,
        nominated.because,
        f"Write up good work from audit {nominated.audit}",
        save,
        back,
    )


@exemplars.route("/exemplars/<reference>/edit", methods=["GET", "POST"])
def edit(reference: str) -> Page:
    """Change its words while it waits for approval."""
    exemplar = found(reference)
    form = ExemplarForm(obj=exemplar)
    kept = Kept(lambda: ExemplarForm(obj=exemplar), mark=lambda: exemplar.mark)

    def save(words: Words) -> str:
        moves.change(reference, words, by=current_user, on=today(), seen=form.mark)
        flash(f"Example {reference} saved", "success")
        return reference

    audit = queries.audit_of(exemplar) or ""
    nominated = queries.nomination(audit, standings(today(), working_days()), unread())
    refused = refuse(ExemplarMove.CHANGE, facts_of(exemplar), today(), current_user.id)
    back = url_for("exemplars.exemplar", reference=reference)
    return _writing_page(
        form,
        audit,
        nominated.because if nominated else None,
        f"Edit example of good work {reference}",
        save,
        back,
        refused,
        kept,
    )


def _writing_page(
    form: ExemplarForm,
    audit: str,
    because: str | None,
    heading: str,
    save: Callable[[Words], str],
    back: str,
    refused: str | None = None,
    kept: Kept | None = None,
) -> Page:
    """Show the form, with warnings first when its words may give somebody away, and save it."""
    questions = [*queries.questions_for(audit)]
    if audit == "" and isinstance(form.question.object_data, str):
        # the audit is gone, and with it the list: it stays what it is
        questions.append((form.question.object_data, form.question.object_data))
    form.question.choices = no_choice("No key area", questions)

    def entered() -> Words:
        return Words(form.title.data or "", form.text.data or "", form.question.data or None)

    def render(shown: Shown) -> str:
        return render_template(
            "exemplars/write.html",
            form=form,
            heading=heading,
            because=because,
            written=queries.written_from(audit),
            warnings=shown.warnings,
            refused=shown.refused,
            back=back,
        )

    return form_page(
        form,
        render,
        lambda: url_for("exemplars.exemplar", reference=save(entered())),
        refused=refused,
        warned=lambda: _warnings(entered(), because, queries.gives_away(audit)),
        kept=kept,
    )


def _warnings(words: Words, because: str | None, gives_away: list[str]) -> list[str]:
    """Return a sentence for each thing in the words by which somebody could be known."""
    text = f"{words.title}\n{words.text}"
    sentences = warned_of(text)
    if because and because.strip() in text:
        sentences.append("This repeats words of the audit. Use your own words.")
    sentences += [
        f"“{name}” shows whose work it was. Remove it."
        for name in dict.fromkeys(gives_away)
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    ]
    return sentences

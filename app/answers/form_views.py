"""`/audits/REF/form`: the task list of an audit's form, checking it before the return, and the return."""

from flask import redirect, render_template, request, url_for
from flask_security import current_user

from app.answers.blueprint import answers
from app.answers.form import Form
from app.answers.form_page import FormPage, form_page
from app.answers.paper_entry import paper_of, refuse_return
from app.answers.returning import not_answered, return_checked
from app.answers.stored_form import form_of
from app.answers.stored_notes import note_of, noted_context
from app.audits import lifecycle
from app.audits.facts import facts
from app.clock import today
from app.identifying.checking import warned_of
from app.moves.page import Page
from app.refusal import NotNow, Refused
from app.wording import sentence
from app.working_days import happened


@answers.get("/audits/<reference>/form")
def form(reference: str) -> str:
    """Show the task list of the form: its sections, and their status."""
    page = form_page(reference)
    return render_template(
        "answers/form.html",
        **page.shared,
        returned=page.as_returned(),
        form=form_of(page.audit),
        context=noted_context(page.audit.id),
        note=note_of(page.audit.id),
        paper=paper_of(page.audit, today()),
        not_mine=sentence(refuse_return(page.audit, current_user, today()) or ""),
    )


@answers.route("/audits/<reference>/form/check", methods=["GET", "POST"])
def check(reference: str) -> Page:
    """Show every answer, what is blank and what lacks a reason; the lead returns it from here."""
    page = form_page(reference)
    if request.method == "GET":
        return _check_page(page, form_of(page.audit))
    if not page.is_open:
        return _check_page(page, form_of(page.audit)), 409
    try:
        return_checked(reference, current_user, today(), _number("seen"), _number("blanks"))
    except NotNow as why:
        page = form_page(reference)
        return _check_page(page, form_of(page.audit), str(why)), 409
    except Refused as why:
        page = form_page(reference)
        return _check_page(page, form_of(page.audit), str(why)), 422
    return redirect(url_for("answers.returned", reference=reference))


@answers.get("/audits/<reference>/form/returned")
def returned(reference: str) -> Page:
    """Show the lead that it is returned, and what happens next."""
    page = form_page(reference)
    known, on = facts(page.audit, today()), today()
    if not happened(known.returned_on, on):
        return redirect(url_for("answers.form", reference=reference))
    to_confirm = page.pair.second if lifecycle.awaits_confirmation(known, on) else None
    return render_template(
        "answers/returned.html",
        **page.shared,
        returned_on=known.returned_on,
        to_confirm=to_confirm,
        after_cut_off=lifecycle.returned_after_cut_off(known, on),
    )


def _number(name: str) -> int:
    number = request.form.get(name, "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 40 else 0


def _check_page(page: FormPage, form: Form, refused: str | None = None) -> str:
    note = note_of(page.audit.id)
    noted = noted_context(page.audit.id)
    return render_template(
        "answers/check.html",
        **page.shared,
        returned=page.as_returned(),
        form=form,
        context=noted,
        note=note,
        later=form.after_today(today()),
        warned=[
            (section, question)
            for section, question in form.questions
            if any(warned_of(text) for text in question.content.texts)
        ],
        refused=refused,
        not_answered=not_answered,
        not_mine=sentence(refuse_return(page.audit, current_user, today()) or ""),
    )

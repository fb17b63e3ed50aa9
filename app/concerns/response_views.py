"""`/audits/REF/response`: a response that a grade called for. `/audits/REF/response/dispute`: its dispute."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user

from app.access import may
from app.answers.changes_page import (
    NOTHING_ENTERED,
    NOTHING_WRONG,
    Choice,
    Entered,
    Wrong,
    decided,
    differences_typed,
    seen_version,
    texts_typed,
)
from app.answers.form_page import typed
from app.answers.side_by_side import Beside, SideBySide, side_by_side
from app.clock import today
from app.concerns import remedy_queries, response_queries, responses
from app.concerns.blueprint import concerns
from app.concerns.forms import ResponseForm
from app.concerns.models import CalledResponse
from app.concerns.response_life import how_overdue, refuse_answer, refuse_decision, sees_case, state
from app.identifying.checking import warned_of
from app.moves.meanwhile import Kept
from app.moves.page import Page, Shown, form_page
from app.people.closures import working_days
from app.people.reading_history import history_for

CHOICE = Choice(
    "keep",
    "change",
    choose="Select whether you keep the grade or change an answer",
    some_changed="You changed some answers. Select “Change an answer”, or select the original response "
    "again.",
    none_changed="Change at least one answer, or select “Keep the grade”",
)


@concerns.route("/audits/<reference>/response", methods=["GET", "POST"])
def response(reference: str) -> Page:
    """Show the response about an audit, and answer it as one of those who are asked.

    Others who are told when it is late see its state alone.
    """
    called = response_queries.last_of(reference) or abort(404)
    form = ResponseForm()
    noted = remedy_queries.of_audit(called.audit_id)
    form.remedies.choices = [(remedy.reference, f"{remedy.reference}: {remedy.text}") for remedy in noted]
    may_answer = current_user.id in response_queries.answering(called.audit, today())
    refused = refuse_answer(responses.facts(called), today(), working_days())

    def carry_out() -> str:
        responses.answer(
            called.reference,
            form.done.data,
            form.remedies.data or (),
            form.dispute.data,
            current_user,
            today(),
            form.seen,
        )
        if form.dispute.data:
            flash(
                f"Response saved. The grade is disputed. {_who_can_decide(called, as_theirs=True)}.",
                "success",
            )
        else:
            flash("Response saved. No one else has to respond.", "success")
        return url_for("concerns.response", reference=reference)

    return form_page(
        form,
        lambda shown: _page(called, form, shown, can_answer=may_answer and not refused),
        carry_out,
        refused=refused if request.method == "POST" else None,
        kept=Kept(mark=lambda: called.mark),
        warned=lambda: [*warned_of(form.done.data or ""), *warned_of(form.dispute.data or "")],
    )


def _page(called: CalledResponse, sent: ResponseForm, shown: Shown, *, can_answer: bool) -> str:
    on, days = today(), working_days()
    views = side_by_side(called.audit, on)
    facts = responses.facts(called)
    reads_answers = may("answers.reading", reference=called.audit.reference)
    reads = reads_answers or response_queries.is_asked(current_user, called.audit.reference, on)
    earlier = [one for one in response_queries.of_audit(called.audit_id) if one.id != called.id]
    is_found = facts.is_returned and (reads_answers or (reads and facts.fell_away_on is None))
    return render_template(
        "responses/response.html",
        called=called,
        audit=called.audit,
        state=state(facts, on, days),
        overdue=how_overdue(facts, on, days),
        form=sent if can_answer else None,
        sent=sent,
        asked=response_queries.asked(called.audit, on),
        refused=shown.refused or (None if can_answer else next(iter(sent.form_errors), None)),
        warnings=shown.warnings,
        reads=reads,
        graded=_grades(called, views) if is_found else [],
        places=views.form.places,
        remedies={one.id: response_queries.remedies_of(one) for one in (called, *earlier)},
        earlier=earlier,
        sees_case=reads_answers or (reads and sees_case(facts, on, days)),
        who_can_decide=_who_can_decide(called, as_theirs=can_answer),
        may_decide=_refused_decision(called) is None
        and may("concerns.decide", reference=called.audit.reference),
        history=history_for(current_user, called.kind, called.reference) if reads else [],
    )


def _who_can_decide(called: CalledResponse, *, as_theirs: bool) -> str:
    """Return who can decide the dispute, or with `as_theirs` one by the person signed in."""
    part = response_queries.took_part(called.audit, today())
    return responses.who_can_decide(called, part, today(), disputed_by=current_user.id if as_theirs else None)


def _grades(called: CalledResponse, views: SideBySide) -> list[Beside]:
    """Return the answers that called for the response, then the other grades of the audit."""
    keys = set(called.questions)
    others = [beside for beside in views.applying if beside.question.is_grade]
    shown = [beside for beside in views if beside.question.key in keys]
    return [*shown, *(beside for beside in others if beside not in shown)]


def _refused_decision(called: CalledResponse) -> str | None:
    part = response_queries.took_part(called.audit, today())
    return refuse_decision(responses.facts(called), current_user.id, part, today())


@concerns.route("/audits/<reference>/response/dispute", methods=["GET", "POST"])
def decide(reference: str) -> Page:
    """Decide a dispute of the grade: keep it, or change answers with reasons."""
    called = response_queries.last_of(reference) or abort(404)
    views = side_by_side(called.audit, today())
    if refused := _refused_decision(called):
        page = render_template(
            "moderation/refused.html",
            heading=f"Decide the dispute about audit {reference}",
            reference=reference,
            refused=refused,
            typed=texts_typed(views, {"decision": "Reason for your decision"}),
        )
        return page, 409 if request.method == "POST" else 200
    if request.method == "GET":
        return _decision_page(called, NOTHING_ENTERED)
    entered = Entered(request.form.get("choice"), typed("decision"), differences_typed(list(views)))

    def anew(wrong: Wrong) -> str:
        now = response_queries.last_of(reference) or abort(404)
        return _decision_page(now, entered, wrong)

    not_done = decided(
        CHOICE,
        entered,
        views,
        lambda: responses.decide(
            called.reference, entered.words or "", entered.changes, current_user, today(), seen_version()
        ),
        lambda wrong: _decision_page(called, entered, wrong),
        anew=anew,
        too_late=lambda why: anew(Wrong(why)),
    )
    if not_done:
        return not_done
    flash(f"Decision on audit {reference} saved. All grades are kept.", "success")
    return redirect(url_for("concerns.response", reference=reference))


def _decision_page(called: CalledResponse, entered: Entered, wrong: Wrong = NOTHING_WRONG) -> str:
    views = side_by_side(called.audit, today())
    keys = set(called.questions)
    asked: list[Beside] = [beside for beside in views if beside.question.key in keys]
    return render_template(
        "responses/dispute.html",
        called=called,
        audit=called.audit,
        shown=views,
        graded=asked,
        choice=entered.choice,
        decision=entered.words,
        changes=entered.changes,
        frozen=called.audit.cycle.is_frozen(),
        **vars(wrong),
    )

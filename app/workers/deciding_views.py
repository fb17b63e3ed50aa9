"""`/audits/REF/worker/decide`: the decision about a worker's reply, with the answers that it changes."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user

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
from app.answers.side_by_side import side_by_side
from app.audits.facts import found
from app.audits.models import Audit
from app.clock import today
from app.moves.page import Page
from app.workers import queries, replies
from app.workers.blueprint import workers
from app.workers.models import WorkerReply

CHOICE = Choice(
    "leave",
    "change",
    choose="Select whether you leave the answers as they are or change one",
    some_changed="You changed some answers. Select “Change an answer”, or select the original response "
    "again.",
    none_changed="Change at least one answer, or select “Leave the answers as they are”",
)


@workers.route("/audits/<reference>/worker/decide", methods=["GET", "POST"])
def decide(reference: str) -> Page:
    """Decide about the worker's reply: leave the answers as they are, or change some with reasons."""
    audit = found(reference) or abort(404)
    reply = queries.last_of(audit.id)
    refused = _refused(reply)
    if reply is None or refused:
        page = _refusal(audit, refused)
        return page if request.method == "GET" else (page, 409)
    if request.method == "GET":
        return _page(audit, reply, NOTHING_ENTERED)
    asked = queries.judgements(side_by_side(audit, today()))
    entered = Entered(request.form.get("choice"), typed("decision"), differences_typed(asked))

    def carry_out() -> None:
        replies.decide(
            reply.reference,
            entered.words or "",
            entered.changes,
            current_user,
            today(),
            seen_version(),
            seen_version("audit_version"),
        )

    def anew(wrong: Wrong) -> str:
        now = found(reference) or abort(404)
        return _page(now, queries.last_of(now.id) or reply, entered, wrong)

    not_done = decided(
        CHOICE,
        entered,
        asked,
        carry_out,
        lambda wrong: _page(audit, reply, entered, wrong),
        anew=anew,
        too_late=lambda why: _refusal(audit, why),
    )
    if not_done:
        return not_done
    flash(f"Decision about the reply to audit {reference} saved. All answers are kept.", "success")
    return redirect(url_for("workers.page", reference=reference))


def _refused(reply: WorkerReply | None) -> str | None:
    if reply is None:
        return "No one is asked for a reply to this audit"
    return queries.refuse_decision_of(reply, current_user, today())


def _refusal(audit: Audit, why: str | None) -> str:
    """Show why nothing can be decided, with what was typed."""
    answers = side_by_side(audit, today())
    return render_template(
        "workers/refused.html",
        audit=audit,
        refused=why,
        typed=texts_typed(answers, {"decision": "What you want to tell the worker"}),
    )


def _page(audit: Audit, reply: WorkerReply, entered: Entered, wrong: Wrong = NOTHING_WRONG) -> str:
    views = side_by_side(audit, today())
    return render_template(
        "workers/decide.html",
        audit=audit,
        reply=reply,
        shown=views,
        graded=queries.judgements(views),
        choice=entered.choice,
        decision=entered.words,
        changes=entered.changes,
        frozen=audit.cycle.is_frozen(),
        **vars(wrong),
    )

"""`/audits/REF/worker`: the audit of a case as its worker sees it, with their reply."""

from flask import abort, flash, render_template, request, url_for
from flask_security import current_user

from app.answers.identifying import warnings
from app.answers.side_by_side import side_by_side
from app.audits.models import Audit
from app.clock import today
from app.database import db
from app.moves.meanwhile import Kept
from app.moves.page import Page, Shown, form_page
from app.people.closures import working_days
from app.workers import queries, replies
from app.workers.blueprint import workers
from app.workers.forms import ReplyForm
from app.workers.reply_life import refuse_reply, state, worker_sees_case


@workers.route("/audits/<reference>/worker", methods=["GET", "POST"])
def page(reference: str) -> Page:
    """Show the audit to the worker of its case and to those who decide about a reply, and take the reply."""
    audit = db.session.scalars(db.select(Audit).where(Audit.called(reference))).one_or_none() or abort(404)
    reply = queries.last_of(audit.id)
    facts = queries.facts(reply, today()) if reply else None
    refused = refuse_reply(facts, current_user.id, today()) if facts else "No one is asked for a reply"
    form = ReplyForm()

    def shown(now: Shown) -> str:
        is_worker = audit.worker_id == current_user.id
        return render_template(
            "workers/worker.html",
            audit=audit,
            reply=reply,
            state=state(facts, today()) if facts else None,
            form=None if refused else form,
            graded=[each for each in side_by_side(audit, today()).applying if each.question.is_grade]
            if reply and audit.returned_on
            else [],
            sees_case=not is_worker or worker_sees_case(audit.returned_on, today(), working_days()),
            refused=now.refused,
            warnings=now.warnings,
            talks=queries.talks_of(audit.id),
        )

    def carry_out() -> str:
        if reply is not None:
            replies.reply(reply.reference, form.said.data, current_user, today(), form.seen)
        flash("Reply sent. The people who decide about it have been told.", "success")
        return url_for("workers.page", reference=reference)

    return form_page(
        form,
        shown,
        carry_out,
        refused=refused if request.method == "POST" else None,
        kept=Kept(mark=lambda: reply.mark if reply else ""),
        warned=lambda: warnings(form.said.data or ""),
    )

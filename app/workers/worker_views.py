"""`/audits/REF/worker`: the audit of a case as its worker sees it, with their reply."""

from collections.abc import Sequence

from flask import abort, flash, render_template, request, url_for
from flask_security import current_user

from app.access import may
from app.answers.side_by_side import side_by_side
from app.audits import lifecycle
from app.audits.facts import facts as audit_facts
from app.audits.facts import found
from app.audits.models import Audit
from app.audits.workers import Workers
from app.clock import today
from app.identifying.checking import warned_of
from app.moves.meanwhile import Kept
from app.moves.page import Page, Shown, form_page
from app.people.closures import working_days
from app.refusal import Refused
from app.workers import queries, replies
from app.workers.blueprint import workers
from app.workers.forms import ReplyForm
from app.workers.models import WorkerReply
from app.workers.replies import refuse_talk
from app.workers.reply_life import (
    is_for_moderators,
    refuse_reply,
    state,
    worker_sees_case,
)
from app.working_days import happened


@workers.route("/audits/<reference>/worker", methods=["GET", "POST"])
def page(reference: str) -> Page:
    """Show the audit to the worker of its case and to those who decide about a reply, and take the reply."""
    audit = found(reference) or abort(404)
    reads = may("answers.reading", reference=reference)
    asked = queries.of_audit(audit.id)
    if audit.worker_id is None and not asked:
        abort(404)
    if not reads:
        asked = [reply for reply in asked if reply.worker_id == current_user.id]
    latest = asked[0] if asked else None
    refused = _refused(latest)
    form = ReplyForm()

    def carry_out() -> str:
        if latest is None:
            raise Refused("No one is asked for a reply to this audit")
        replies.reply(latest.reference, form.said.data, current_user, today(), form.seen)
        flash("Reply sent. The people who decide about it have been told.", "success")
        return url_for("workers.page", reference=reference)

    return form_page(
        form,
        lambda shown: _page(audit, asked, reads, form, not refused, shown),
        carry_out,
        refused=refused if request.method == "POST" else None,
        kept=Kept(mark=lambda: latest.mark if latest else ""),
        warned=lambda: warned_of(form.said.data or ""),
    )


def _refused(reply: WorkerReply | None) -> str | None:
    """Return why the person signed in cannot reply; None when they can."""
    if reply is None:
        return "No one is asked for a reply to this audit"
    return refuse_reply(queries.facts(reply, today()), current_user.id, today())


def _page(
    audit: Audit, asked: Sequence[WorkerReply], reads: bool, sent: ReplyForm, can_reply: bool, shown: Shown
) -> str:
    on, days = today(), working_days()
    known = audit_facts(audit, on)
    latest = asked[0] if asked else None
    facts = queries.facts(latest, on) if latest else None
    views = side_by_side(audit, on)
    is_returned = happened(known.returned_on, on) and not happened(known.withdrawn_on, on)
    reads_grades = is_returned and (reads or (latest is not None and latest.ended_on is None))
    return render_template(
        "workers/worker.html",
        audit=audit,
        facts=known,
        audit_state=lifecycle.state(known, on, days),
        way=Workers(audit.cycle.workers),
        is_returned=is_returned,
        is_worker=audit.worker_id == current_user.id,
        reads=reads,
        reply=latest,
        earlier=[reply for reply in asked[1:] if reads or reply.reply],
        state=state(facts, on) if facts else None,
        for_moderators=facts is not None and is_for_moderators(facts),
        may_decide=latest is not None
        and may("workers.decide", reference=audit.reference)
        and queries.refuse_decision_of(latest, current_user, on) is None,
        form=sent if can_reply else None,
        sent=sent,
        may_note_talk=reads
        and may("workers.note_talk", reference=audit.reference)
        and refuse_talk(audit) is None,
        graded=queries.judgements(views) if reads_grades and latest else [],
        places=views.form.places,
        texts={beside.question.key: beside.question.text for beside in views},
        sees_case=reads
        or (not happened(known.withdrawn_on, on) and worker_sees_case(known.returned_on, on, days)),
        refused=shown.refused,
        warnings=shown.warnings,
        talks=queries.talks_of(audit.id),
    )

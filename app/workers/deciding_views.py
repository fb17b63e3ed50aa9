"""`/audits/REF/worker/decide`: the decision about a worker's reply, with the answers that it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user

from app.answers.changes_page import (
    Choice,
    differences_typed,
    seen_version,
    texts_typed,
    warned_of_changes,
)
from app.answers.form_page import typed
from app.answers.side_by_side import side_by_side
from app.answers.viewing import Change, WrongChanges
from app.audits.facts import found
from app.audits.models import Audit
from app.clock import today
from app.moves.page import Page, lets_through
from app.people.roles import RoleName
from app.refusal import ChangedMeanwhile, NotNow, Refused
from app.workers import queries, replies
from app.workers.blueprint import workers
from app.workers.models import WorkerReply
from app.workers.reply_life import refuse_decision

CHOICE = Choice(
    "leave",
    "change",
    choose="Select whether you leave the answers as they are or change one",
    some_changed="You changed some answers. Select “Change an answer”, or select the original response "
    "again.",
    none_changed="Change at least one answer, or select “Leave the answers as they are”",
)


@dataclass(frozen=True)
class Entered:
    """The input on a reply, kept when something is missing."""

    choice: str | None = None
    decision: str | None = None
    changes: Mapping[int, Change] = field(default_factory=dict)


@workers.route("/audits/<reference>/worker/decide", methods=["GET", "POST"])
def decide(reference: str) -> Page:
    """Decide about the worker's reply: leave the answers as they are, or change some with reasons."""
    audit = found(reference) or abort(404)
    reply = queries.last_of(audit.id)
    refused = _refused(reply)
    if request.method == "GET":
        return _refusal(audit, refused) if reply is None or refused else _page(audit, reply, Entered())
    asked = queries.judgements(side_by_side(audit, today()))
    entered = Entered(request.form.get("choice"), typed("decision"), differences_typed(asked))
    if reply is None or refused:
        return _refusal(audit, refused), 409
    if fault := CHOICE.fault(entered.choice, entered.changes):
        return _page(audit, reply, entered, fault=fault), 422
    found_in_texts = warned_of_changes(entered.changes, asked, entered.decision)
    if entered.decision and not lets_through(found_in_texts):
        return _page(audit, reply, entered, warnings=found_in_texts)
    try:
        replies.decide(
            reply.reference,
            entered.decision or "",
            entered.changes,
            current_user,
            today(),
            seen_version(),
            seen_version("audit_version"),
        )
    except WrongChanges as wrong:
        return _page(audit, reply, entered, faults=wrong.faults), 422
    except ChangedMeanwhile as why:
        now = found(reference) or abort(404)
        return _page(now, queries.last_of(now.id) or reply, entered, fault=str(why)), 409
    except NotNow as why:
        return _refusal(audit, str(why)), 409
    except Refused as why:
        return _page(audit, reply, entered, not_said=str(why)), 422
    flash(f"Decision about the reply to audit {reference} saved. All answers are kept.", "success")
    return redirect(url_for("workers.page", reference=reference))


def _refused(reply: WorkerReply | None) -> str | None:
    if reply is None:
        return "No one is asked for a reply to this audit"
    moderates = RoleName.MODERATOR in current_user.role_names
    facts = queries.facts(reply, today())
    return refuse_decision(facts, current_user.id, today(), is_moderator=moderates)


def _refusal(audit: Audit, why: str | None) -> str:
    """Show why nothing can be decided, with what was typed."""
    answers = side_by_side(audit, today())
    return render_template(
        "workers/refused.html",
        audit=audit,
        refused=why,
        typed=texts_typed(answers, {"decision": "What you want to tell the worker"}),
    )


def _page(
    audit: Audit,
    reply: WorkerReply,
    entered: Entered,
    *,
    fault: str | None = None,
    not_said: str | None = None,
    faults: Mapping[int, str] | None = None,
    warnings: Sequence[str] = (),
) -> str:
    views = side_by_side(audit, today())
    return render_template(
        "workers/decide.html",
        audit=audit,
        reply=reply,
        shown=views,
        graded=queries.judgements(views),
        choice=entered.choice,
        decision=entered.decision,
        changes=entered.changes,
        fault=fault,
        not_said=not_said,
        faults=faults or {},
        warnings=warnings,
        frozen=audit.cycle.is_frozen(),
    )

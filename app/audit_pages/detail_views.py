"""`/audits/REF`: one audit, its state in words, what can be done next, its chase log and history."""

from flask import abort, render_template
from flask_security import current_user

from app.answers import second_look
from app.answers.overall import overall_grades
from app.answers.paper_entry import paper_of
from app.answers.stored_notes import note_of
from app.audit_pages.blueprint import audits
from app.audit_pages.detail import (
    audited_again_as,
    chase_log,
    history,
    other_returns,
    part_of_reader,
    steps_of_the_coordinator,
    steps_of_the_pair,
)
from app.audits import lifecycle
from app.audits.facts import facts, found, pair_on
from app.audits.promises import kept_and_broken
from app.audits.promising import noted_promise, outcomes_of, refuse_promise
from app.audits.worker_messages import told_in_words
from app.clock import today
from app.concerns import alert_queries, remedy_queries, response_queries
from app.people.closures import working_days
from app.people.roles import READ_ANSWERS, RoleName
from app.workers import queries as worker_queries
from app.working_days import happened


@audits.get("/audits/<reference>")
def detail(reference: str) -> str:
    """Show one audit. Line managers and deputies see its state, days and chase log only."""
    audit = found(reference) or abort(404)
    on, days = today(), working_days()
    known, pair = facts(audit, on), pair_on(audit, on)
    coordinates = RoleName.COORDINATOR in current_user.role_names
    in_the_pair = pair.part_of(current_user.id) is not None
    sees_all = in_the_pair or bool(current_user.role_names & READ_ANSWERS)
    is_open = lifecycle.is_open(known, on, days)
    # None for a reader who is not asked when it will be back
    may_ask = in_the_pair and lifecycle.refuse(lifecycle.Move.PROMISE, known, on, days) is None
    no_promise = refuse_promise(audit, current_user.id, on) if may_ask else None
    to_agree = second_look.answers_to_agree(audit, on) if sees_all else 0
    return render_template(
        "audits/page.html",
        audit=audit,
        facts=known,
        pair=pair,
        described=lifecycle.described(known, on, days),
        exempt=happened(known.exempted_on, on),
        to_confirm=known.has_second and lifecycle.awaits_confirmation(known, on),
        confirmed=lifecycle.is_confirmed(known, on),
        may_print=lifecycle.is_outstanding(known, on),
        returned_now=lifecycle.returned_now(known, on),
        to_agree=to_agree,
        may_agree=to_agree and in_the_pair and second_look.refuse_to_agree(audit, on) is None,
        coordinates=coordinates,
        sees_all=sees_all,
        own_part=part_of_reader(pair, current_user.id, on) if is_open else "",
        own_steps=steps_of_the_pair(known, pair, current_user.id, on, days, may_promise=no_promise is None),
        no_promise=no_promise,
        steps=(
            steps_of_the_coordinator(known, on, days, has_worker=audit.worker_id is not None)
            if coordinates
            else []
        ),
        remedies=remedy_queries.of_audit(audit.id) if sees_all else [],
        called=response_queries.of_audit(audit.id) if sees_all else [],
        reply_state=worker_queries.state_of_last(audit, on) if sees_all else None,
        worker_told=told_in_words(audit, on) if sees_all and audit.worker else None,
        alerts=alert_queries.raised_about(audit.id) if sees_all else [],
        log=chase_log(audit, on, days),
        promised=noted_promise(audit, on) if is_open else None,
        promises=kept_and_broken(outcomes_of(audit, on)) if coordinates else "",
        history=history(audit, coordinates) if sees_all else [],
        paper=paper_of(audit, on),
        overall=overall_grades([audit.id], on).get(audit.id) if in_the_pair or coordinates else None,
        others=other_returns(audit, current_user.id, coordinates, on, days),
        later=audited_again_as(audit, on),
        took_part=note_of(audit.id).took_part if sees_all and audit.is_together else None,
        on=on,
    )

"""`/moderation`: what waits for a moderator. `/audits/REF/moderate`: moderating one audit."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user

from app.answers import moderation_queue
from app.answers.blueprint import answers
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
from app.answers.moderating import moderate as carry_out
from app.answers.moderation import refuse_moderator
from app.answers.side_by_side import SideBySide, moderation_facts, side_by_side
from app.answers.stored_notes import noted_context
from app.answers.unseen_grade import AT_ONCE, READ_FIRST, ask, asked_how
from app.audits import lifecycle
from app.audits.cycle import Cycle
from app.audits.facts import facts, found, pair_on
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.audits.standing import standings
from app.clock import today
from app.listing import Address, paged_by
from app.moves.page import Page
from app.people.closures import working_days
from app.people.queries import everyone
from app.people.roles import RoleName
from app.refusal import NotNow
from app.wording import capitalised, counted
from app.workers.queries import replied_to
from app.workers.queries import waiting as replies_waiting

PAGE = 25
DECISION = Choice(
    "agree",
    "change",
    choose="Select whether you agree with all answers or changed some",
    some_changed="You changed some answers. Select “No, I changed some answers”, or select the original "
    "response again and delete the reason.",
    none_changed="Change at least one answer, or select “Yes, I agree with all answers”",
)


@answers.get("/moderation")
def moderation() -> str:
    """Show the queue, and the share that was changed in each cycle."""
    on, days = today(), working_days()
    at = standings(on, days)
    moderates = RoleName.MODERATOR in current_user.role_names
    waiting = moderation_queue.queue(at, moderator=current_user if moderates else None)
    cycle = Cycle.asked_for(request.args.get("cycle")) or ""
    listed = [audit for audit in waiting if cycle in ("", audit.cycle)]
    page = paged_by(lambda skip: listed[skip : skip + PAGE], len(listed), PAGE)
    ids = [audit.audit_id for audit in page]
    return render_template(
        "moderation/queue.html",
        page=page,
        since={audit.audit_id: days.between(audit.returned_on, on) for audit in page},
        audited=moderation_queue.ever_audited(current_user.id, ids),
        moderates=moderates,
        moderators=sorted(
            person.name
            for person in everyone().values()
            if RoleName.MODERATOR in person.roles and not person.has_left(on)
        ),
        cycles=sorted({audit.cycle for audit in waiting}),
        cycle=cycle,
        by_cycle=moderation_queue.by_cycle(at, waiting),
        replies=[
            each for each in replies_waiting(on, days) if each.for_moderators and cycle in ("", each.cycle)
        ],
        address=Address.here(),
    )


@answers.route("/audits/<reference>/moderate", methods=["GET", "POST"])
def moderate(reference: str) -> Page:
    """Show the answers and reasons, and the grades once asked for; agree, or change answers with reasons."""
    audit, on = _audit(reference), today()
    shown = side_by_side(audit, on)
    refused = refuse_moderator(moderation_facts(audit), current_user.id, on) or lifecycle.refuse(
        Move.MODERATE, facts(audit, on), on, working_days()
    )
    if refused:
        return _refused(shown, reference, refused), 409 if request.method == "POST" else 200
    if request.method == "GET":
        return _page(audit, shown, asked_how(audit, current_user))
    return _moderated(audit, shown)


@answers.post("/audits/<reference>/moderate/grades")
def ask_for_grades(reference: str) -> Page:
    """Show the moderator the grades from now on, and note it in the history."""
    audit = _audit(reference)
    how = READ_FIRST if request.form.get("how") == READ_FIRST else AT_ONCE
    try:
        ask(audit.reference, current_user, today(), how)
    except NotNow as why:
        return _refused(side_by_side(audit, today()), audit.reference, str(why)), 409
    return redirect(url_for("answers.moderate", reference=audit.reference))


def _moderated(audit: Audit, shown: SideBySide) -> Page:
    on, reference = today(), audit.reference
    grades = asked_how(audit, current_user)
    if grades is None:
        # it was sent back and returned again meanwhile, or the grades were never asked for
        return _page(audit, shown, None), 409
    changes, message = differences_typed(shown.to_moderate), typed("said")
    entered = Entered(request.form.get("decision"), message, changes)

    def anew(wrong: Wrong) -> str:
        now = _audit(reference)
        return _page(now, side_by_side(now, on), grades, entered, wrong)

    not_done = decided(
        DECISION,
        entered,
        shown.to_moderate,
        lambda: carry_out(
            reference,
            current_user,
            on,
            changes,
            said=message,
            read_before_grade=grades == READ_FIRST,
            version=seen_version(),
        ),
        lambda wrong: _page(audit, shown, grades, entered, wrong),
        anew=anew,
        too_late=lambda why: _refused(shown, reference, why),
    )
    if not_done:
        return not_done
    who = capitalised(pair_on(audit, on).in_words("the auditors"))
    what = f"You changed {counted(len(changes), 'answer')}" if changes else "You agreed with all answers"
    done = f"Audit {reference} moderated. {what}. {who} will see this on the home page."
    following = moderation_queue.next_for(current_user, standings(on, working_days()), audit.cycle.reference)
    if following is None:
        flash(f"{done} You have no more audits to moderate.", "success")
        return redirect(url_for("answers.moderation"))
    flash(f"{done} This is the next one.", "success")
    return redirect(url_for("answers.moderate", reference=following))


def _refused(shown: SideBySide, reference: str, why: str) -> str:
    """Show why it cannot be moderated, with what was typed."""
    typed_in = texts_typed(shown, {"said": "Message to the auditors"})
    return render_template("moderation/refused.html", reference=reference, refused=why, typed=typed_in)


def _page(
    audit: Audit,
    shown: SideBySide,
    grades: str | None,
    entered: Entered = NOTHING_ENTERED,
    wrong: Wrong = NOTHING_WRONG,
) -> str:
    """Show the page. `grades` says how the moderator came to see them; while it is None they are hidden."""
    return render_template(
        "moderation/moderate.html",
        audit=audit,
        reference=audit.reference,
        pair=pair_on(audit, today()),
        shown=shown,
        replied=replied_to(audit.id, today()),
        context=noted_context(audit.id),
        grades=grades,
        changes=entered.changes,
        decision=entered.choice,
        said=entered.words,
        **vars(wrong),
    )


def _audit(reference: str) -> Audit:
    return found(reference) or abort(404)

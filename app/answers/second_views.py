"""`/audits/REF/confirm`: the second auditor's view. `/audits/REF/agree`: what the pair then agreed."""

from collections.abc import Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user

from app.answers import second_look
from app.answers.blueprint import answers
from app.answers.changes_page import (
    Choice,
    changes_typed,
    differences_typed,
    seen_version,
    texts_typed,
    warned_of_changes,
)
from app.answers.side_by_side import SideBySide, side_by_side
from app.answers.stored_notes import noted_context
from app.answers.viewing import Change, WrongChanges
from app.audits import lifecycle
from app.audits.facts import facts, found, pair_on
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.clock import today
from app.moves.page import Page, lets_through
from app.people.closures import working_days
from app.refusal import ChangedMeanwhile, NotNow, Refused

SEES = Choice(
    "same",
    "differently",
    choose="Select whether you confirm all answers or disagree with some",
    some_changed="You changed some answers. Select “No, I disagree with some answers”, or select the "
    "original response again and delete the reason.",
    none_changed="Select a response for each answer that you disagree with, or select “Yes, I confirm all "
    "answers”",
)


@answers.route("/audits/<reference>/confirm", methods=["GET", "POST"])
def confirm(reference: str) -> Page:
    """Confirm what the lead returned, or say answer by answer where the second differs."""
    audit, on = _audit(reference), today()
    shown = side_by_side(audit, on)
    refused = lifecycle.refuse(Move.CONFIRM, facts(audit, on), on, working_days()) or _not_the_second(audit)
    if request.method == "GET" or refused:
        return _confirm_page(audit, shown, refused=refused), 409 if refused and request.form else 200
    sees, changes = request.form.get("sees"), differences_typed(shown.applying)
    if fault := SEES.fault(sees, changes):
        return _confirm_page(audit, shown, changes, sees=sees, fault=fault), 422
    warnings = warned_of_changes(changes, shown.applying)
    if not lets_through(warnings):
        return _confirm_page(audit, shown, changes, sees=sees, warnings=warnings)
    try:
        second_look.confirm(reference, current_user, on, changes, seen_version())
    except WrongChanges as wrong:
        return _confirm_page(audit, shown, changes, sees=sees, faults=wrong.faults), 422
    except ChangedMeanwhile as why:
        audit = _audit(reference)
        return _confirm_page(audit, side_by_side(audit, on), changes, sees=sees, fault=str(why)), 409
    except NotNow as why:
        return _confirm_page(_audit(reference), shown, refused=str(why)), 409
    except Refused as why:
        return _confirm_page(audit, shown, changes, sees=sees, fault=str(why)), 422
    flash(
        f"Answers saved for audit {reference}. Talk to the other auditor. Then either of you can record what "
        "you agreed."
        if changes
        else f"Audit {reference} confirmed",
        "success",
    )
    return redirect(url_for("audits.detail", reference=reference))


def _not_the_second(audit: Audit) -> str | None:
    second = pair_on(audit, today()).second
    is_theirs = second is not None and second.person_id == current_user.id
    return None if is_theirs else "Only the second auditor can confirm this audit"


def _confirm_page(
    audit: Audit,
    shown: SideBySide,
    changes: Mapping[int, Change] | None = None,
    *,
    sees: str | None = None,
    fault: str | None = None,
    faults: Mapping[int, str] | None = None,
    warnings: Sequence[str] = (),
    refused: str | None = None,
) -> str:
    noted = noted_context(audit.id)
    return render_template(
        "answers/second_confirm.html",
        audit=audit,
        reference=audit.reference,
        lead=pair_on(audit, today()).lead,
        shown=shown,
        context=noted,
        changes=changes or {},
        sees=sees,
        fault=fault,
        faults=faults or {},
        warnings=warnings,
        refused=refused,
        typed=texts_typed(shown) if refused else [],
    )


@answers.route("/audits/<reference>/agree", methods=["GET", "POST"])
def agree(reference: str) -> Page:
    """Record what the two agreed where they differed; either of them may."""
    audit, on = _audit(reference), today()
    shown = side_by_side(audit, on)
    refused = second_look.refuse_to_agree(audit, on)
    if request.method == "GET" or refused:
        return _agree_page(audit, shown, refused=refused), 409 if refused and request.form else 200
    agreed = changes_typed(shown.to_agree)
    warnings = warned_of_changes(agreed, shown.to_agree)
    if not lets_through(warnings):
        return _agree_page(audit, shown, agreed, warnings=warnings)
    try:
        second_look.agree(reference, current_user, on, agreed, seen_version())
    except WrongChanges as wrong:
        return _agree_page(audit, shown, agreed, faults=wrong.faults), 422
    except ChangedMeanwhile as why:
        audit = _audit(reference)
        return _agree_page(audit, side_by_side(audit, on), agreed, fault=str(why)), 409
    except NotNow as why:
        audit = _audit(reference)
        return _agree_page(audit, side_by_side(audit, on), refused=str(why)), 409
    except Refused as why:
        return _agree_page(audit, shown, agreed, fault=str(why)), 422
    flash(f"Agreed answers saved for audit {reference}. They count from now on.", "success")
    return redirect(url_for("answers.reading", reference=reference))


def _agree_page(
    audit: Audit,
    shown: SideBySide,
    changes: Mapping[int, Change] | None = None,
    *,
    fault: str | None = None,
    faults: Mapping[int, str] | None = None,
    warnings: Sequence[str] = (),
    refused: str | None = None,
) -> str:
    return render_template(
        "answers/second_agree.html",
        audit=audit,
        reference=audit.reference,
        pair=pair_on(audit, today()),
        shown=shown,
        changes=changes or {},
        fault=fault,
        faults=faults or {},
        warnings=warnings,
        refused=refused,
        typed=texts_typed(shown) if refused else [],
    )


def _audit(reference: str) -> Audit:
    return found(reference) or abort(404)

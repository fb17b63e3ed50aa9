"""`/audits/REF/reminders` and the like: who was reminded on a day and before, or why nobody was."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import abort, render_template, url_for
from flask_security import current_user

from app.access import may
from app.clock import today
from app.moves.day_asked import DayGone
from app.outbox.in_words import reminder_name
from app.people.roles import RoleName
from app.reminders.blueprint import reminders
from app.reminders.due import AUDIT, RESPONSE
from app.reminders.followed import DAYS_BACK, Followed
from app.reminders.holds import held_of
from app.reminders.models import HeldItem
from app.reminders.sent_about import NOT_FROM_DUE
from app.reminders.subjects import Subject, is_still_theirs, last_response_about, subject_of
from app.reminders.why import in_a_line


@reminders.get("/audits/<reference>/reminders")
def of_audit(reference: str) -> str:
    """Show whether an audit was chased on a day and those before it."""
    return _page(AUDIT, reference, url_for("audits.detail", reference=reference))


@reminders.get("/actions/<reference>/reminders")
def of_action(reference: str) -> str:
    """Show whether the owner of an action was reminded on a day and those before it."""
    return _page("action", reference, url_for("actions.action", reference=reference))


@reminders.get("/recommendations/<reference>/reminders")
def of_recommendation(reference: str) -> str:
    """Show whether the owner of a recommendation was reminded on a day and those before it."""
    return _page("recommendation", reference, url_for("actions.recommendation", reference=reference))


@reminders.get("/remedies/<reference>/reminders")
def of_remedy(reference: str) -> str:
    """Show whether the owner of a remedy was reminded on a day and those before it."""
    return _page("remedy", reference, url_for("concerns.remedy", reference=reference))


@reminders.get("/audits/<reference>/response/reminders")
def of_response(reference: str) -> str:
    """Show whether those asked for the response about an audit were reminded."""
    response = last_response_about(reference) or abort(404)
    return _page(RESPONSE, response, url_for("concerns.response", reference=reference))


def _page(kind: str, reference: str, back: str) -> str:
    subject = subject_of(kind, reference) or abort(404)
    form = DayGone()
    on = form.day or today()
    if not form.on.errors:
        form.on.process_data(on)
    followed, is_coordinator = _followed(subject, on), _is_coordinator()
    lines = []
    for n in range(DAYS_BACK + 1):
        day = followed.on(on - timedelta(days=n))
        if n == 0 or day.is_working_day or day.is_told:
            lines.append((day.on, in_a_line(day, to_coordinator=is_coordinator)))
    return render_template(
        "reminders/why.html", kind=kind, reference=subject.reference, form=form, on=on, lines=lines, back=back
    )


@dataclass(frozen=True)
class RemindersOfThing:
    """The words on the page of a thing about its reminders: the line of today, and what is held of it."""

    line: str
    address: str
    held: list[tuple[HeldItem, str]]


@reminders.app_context_processor
def of_things() -> dict[str, object]:
    """Let the page of a thing, which may be of an area below this one, show its reminders."""
    return {"reminders_of": _of_thing}


def _of_thing(kind: str, reference: str, at: str) -> RemindersOfThing | None:
    """Return what the page of a thing shows; `at` is the reference in its address."""
    subject = subject_of(kind, reference)
    endpoint = f"reminders.of_{kind}"
    if subject is None or not may(endpoint, reference=at):
        return None
    on = today()
    line = in_a_line(_followed(subject, on).on(on), to_coordinator=_is_coordinator())
    return RemindersOfThing(line, url_for(endpoint, reference=at), _held(subject, on))


def _followed(subject: Subject, until: date) -> Followed:
    """Read the records of a thing as far as the person may know them: of an audit, those who read it."""
    sees_all = subject.kind != AUDIT or may("concerns.raise", reference=subject.reference)
    return Followed(subject, until, sees_all=sees_all)


def _held(subject: Subject, on: date) -> list[tuple[HeldItem, str]]:
    """Return what is held of a thing and would go otherwise, for coordinators alone, with the reminder in
    words."""
    if not _is_coordinator():
        return []
    return [
        (held, reminder_name(held.step))
        for held in held_of(subject.kind, subject.id, on)
        if is_still_theirs(subject, held.kind, held.person_id, on)
        and (held.step in NOT_FROM_DUE or held.anchor_on == subject.due_on(on))
    ]


def _is_coordinator() -> bool:
    return RoleName.COORDINATOR in current_user.role_names

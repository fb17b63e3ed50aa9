"""`/cycles/REF/report`: the report, its files, making it final, and the record of sending it."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from flask import Response as Plain
from flask import abort, render_template, request, send_file, url_for
from flask_security import current_user
from flask_wtf import FlaskForm

from app.audits.counting import returns_of
from app.audits.cycle import Cycle
from app.audits.standing import standings
from app.clock import today
from app.cycles import queries
from app.cycles.day_asked import DayOfCycle, day_of
from app.database import db
from app.downloads import at_once, marked
from app.identifying.checking import warned_of_all
from app.moves.fields import DateField, LineField, WordsField
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept, digest
from app.moves.moving import held
from app.moves.page import Page, Words, move_page
from app.moves.typed_dates import parts_of
from app.people.closures import working_days
from app.people.models import Person
from app.people.roles import RoleName
from app.reports import finals, heads, narratives
from app.reports.blueprint import reports
from app.reports.checks import Check, before_final
from app.reports.content import draft as draft_of
from app.reports.facts import Head
from app.reports.formats import ENDINGS, FIGURES, as_file, rendered
from app.reports.making import report_of
from app.reports.material import gather
from app.reports.models import FinalReport
from app.reports.paper import Audience
from app.reports.sections import to_write
from app.reports.web import template_context
from app.wording import in_words

FOR = {
    Audience.COUNCIL: "Senior managers",
    Audience.PARTNERSHIP: "The partnership",
    Audience.AUDITORS: "Auditors",
    Audience.STAFF: "Staff",
}
"""The names of the readers of each report."""


class FinalForm(MoveForm):
    """The form to make a report final; from the second version on with what was corrected."""

    because = WordsField(
        "What did you correct?",
        named="what you corrected",
        hint="This appears in the new version",
        needed=False,
    )


class HeadForm(MoveForm):
    """The form for the author of a report, how to reach them, and its protective marking."""

    author = LineField(
        "Author", has_names=True, needed=False, hint="The person or team who answers questions about it"
    )
    contact = LineField(
        "Contact details", has_names=True, needed=False, hint="An email address or phone number"
    )
    marking = LineField(
        "Protective marking",
        has_names=True,
        needed=False,
        hint="Such as OFFICIAL or OFFICIAL-SENSITIVE. Leave this blank for no marking.",
    )


class SentForm(FlaskForm):  # type: ignore[misc]
    """The form that records to whom a report went, and when."""

    to = LineField(
        "Who did you send it to?",
        has_names=True,
        named="who you sent it to",
        hint="A body or a group of people, such as “Senior Management Team”",
    )
    sent_on = DateField("When did you send it?", named="the date you sent it")


class FeedbackForm(MoveForm):
    """The feedback of those who got a report."""

    said = WordsField(
        "What did they say?",
        named="what they said",
        hint="Leave this blank to remove it. Do not mention a child or family.",
        needed=False,
    )


@reports.get("/cycles/<reference>/report")
def page(reference: str) -> Page:
    """Show a report of a cycle: the draft or a final version, with what can be done next.

    With a day, it is the paper of that day: the final one if there is one, else the draft.
    """
    cycle, audience = _cycle(reference), _audience()
    asked = DayOfCycle(cycle)
    versions = finals.versions(cycle, audience)
    final = _wanted(versions, asked.day)
    material = None if final else gather(cycle, asked.day or today(), current_user)
    paper = finals.paper_of(final) if final else draft_of(material, audience) if material else abort(404)
    if final is None and asked.day is None:
        asked.on.parts = parts_of(today())
    shown = render_template(
        "reports/page.html",
        cycle=cycle,
        asked=asked,
        is_open=material is not None and material.is_open,
        audience=audience,
        audiences=FOR,
        paper=paper,
        final=final,
        versions=versions,
        made_by={version.id: _name(version.made_by_id) for version in versions},
        sent=finals.sent(final) if final else [],
        endings=ENDINGS,
        checks=before_final(material, paper) if material else [],
        sections=to_write(audience),
        written=narratives.written_sections(cycle),
        writes=_writes(),
        refused=finals.why_not_final(cycle, asked.day or today()),
        days={version.id: finals.paper_of(version).made_on for version in versions},
        **template_context(),
    )
    return shown, 422 if asked.errors else 200


@reports.get("/cycles/<reference>/report.<ending>")
def download(reference: str, ending: str) -> Plain:
    """Send the report as a file, in the version that its page shows. A spreadsheet has the figures alone."""
    cycle, audience = _cycle(reference), _audience()
    on = day_of(cycle)
    if f".{ending}" not in ENDINGS:
        abort(404)
    is_figures = f".{ending}" in FIGURES
    final = None if is_figures else _wanted(finals.versions(cycle, audience), on)
    if final is None:
        at_once(returns_of(cycle.id, standings(today(), working_days())).requested)
    if is_figures:
        what, content = "figures", as_file(cycle, audience, f".{ending}", on, current_user)
    elif final:
        what, content = f"version {final.number}", rendered(finals.paper_of(final), f".{ending}")
    else:
        draft = report_of(cycle, audience, on or today(), current_user)
        what, content = "draft", rendered(draft, f".{ending}")
    of_day = f" {on}" if on else ""
    name = f"{cycle.reference} {FOR[audience].lower()} {what}{of_day}"
    # a paper has its own marking inside
    name = marked(name) if is_figures else name
    return send_file(BytesIO(content), as_attachment=True, download_name=f"{name}.{ending}")


@reports.route("/cycles/<reference>/report/final", methods=["GET", "POST"])
def make_final(reference: str) -> Page:
    """Freeze the report, after showing the checks."""
    cycle, audience = _cycle(reference), _audience()
    on = day_of(cycle) or today()
    corrects = any(finals.paper_of(final).made_on == on for final in finals.versions(cycle, audience))
    form = FinalForm()
    if not corrects:
        del form.because
    refused = finals.why_not_final(cycle, on)
    checks: list[Check] = []

    def number() -> int:
        return next((final.number for final in finals.versions(cycle, audience)), 0)

    if not refused:
        material = gather(cycle, on, current_user)
        checks = before_final(material, draft_of(material, audience))
    words = Words(
        "Make corrected version final" if corrects else "Make report final",
        f"This is the report for {in_words(on)}. It will stay as it is now, and you cannot undo "
        "this. To correct it later, make a new version and say what you corrected.",
        "Make final anyway" if checks else "Make final",
        f"Version {number() + 1} made final. Record who you send it to.",
    )

    def carry_out() -> None:
        because = form.because.data if corrects else None
        finals.make(cycle, audience, of=on, by=current_user, on=today(), seen=form.seen or 0, because=because)

    return _move(
        cycle,
        audience,
        form,
        words,
        carry_out,
        kept=Kept(mark=number),
        refused=refused,
        checks=checks,
        typed=lambda: [form.because.data] if corrects else [],
        of_day=day_of(cycle),
    )


@reports.route("/cycles/<reference>/report/head", methods=["GET", "POST"])
def write_head(reference: str) -> Page:
    """Write the author of a report, how to reach them, and its protective marking."""
    cycle, audience, on = _cycle(reference), _audience(), today()

    def filled() -> HeadForm:
        head = gather(cycle, on, current_user).head_for(audience)
        return HeadForm(data={"author": head.author, "contact": head.contact, "marking": head.marking})

    form = filled()
    words = Words(
        "Author and protective marking",
        "They are on every page of the report, with the name of your council.",
        "Save",
        "Author and protective marking saved",
    )

    def carry_out() -> None:
        head = Head(form.author.data or "", form.contact.data or "", form.marking.data or "")
        heads.write_head(cycle, audience, head, by=current_user, on=on)

    return _move(
        cycle, audience, form, words, carry_out, kept=Kept(filled, lambda: held(cycle)), back="&draft=yes"
    )


@reports.route("/cycles/<reference>/report/<int:version>/sent", methods=["GET", "POST"])
def note_sent(reference: str, version: int) -> Page:
    """Record that the report was sent to somebody."""
    cycle, audience = _cycle(reference), _audience()
    final = _numbered(cycle, audience, version)
    form = SentForm(data={"sent_on": today()})
    words = Words(
        "Record who you sent the report to",
        "The service does not send reports. Send the file in your own email, or hand out copies.",
        "Save",
        "Sending recorded. You can add their feedback later.",
    )
    return _move(
        cycle,
        audience,
        form,
        words,
        lambda: finals.note_sent(
            final, cycle, to=form.to.data or "", sent_on=form.sent_on.data, by=current_user, on=today()
        ),
    )


@reports.route("/cycles/<reference>/report/<int:version>/sent/<int:number>", methods=["GET", "POST"])
def note_feedback(reference: str, version: int, number: int) -> Page:
    """Record the feedback on a report that was sent."""
    cycle, audience = _cycle(reference), _audience()
    final = _numbered(cycle, audience, version)
    record = next((sending for sending in finals.sent(final) if sending.id == number), None) or abort(404)

    def filled() -> FeedbackForm:
        return FeedbackForm(data={"said": record.feedback})

    form = filled()
    words = Words(f"Feedback from {record.sent_to}", "", "Save", "Feedback saved")
    return _move(
        cycle,
        audience,
        form,
        words,
        lambda: finals.note_feedback(
            number, final, cycle, feedback=form.said.data or "", by=current_user, on=today()
        ),
        kept=Kept(filled, lambda: held(record)),
        typed=lambda: [form.said.data],
    )


@reports.route("/cycles/<reference>/report/<int:version>/sent/<int:number>/remove", methods=["GET", "POST"])
def remove_sent(reference: str, version: int, number: int) -> Page:
    """Delete a record of sending that was a mistake."""
    cycle, audience = _cycle(reference), _audience()
    final = _numbered(cycle, audience, version)
    record = next((sending for sending in finals.sent(final) if sending.id == number), None) or abort(404)
    words = Words(
        f"Remove the record of sending it to {record.sent_to}",
        "Do this if it was recorded by mistake. Their feedback is removed too.",
        "Remove record",
        "Record removed",
    )
    return _move(
        cycle,
        audience,
        MoveForm(),
        words,
        lambda: finals.remove_sent(number, final, cycle, by=current_user, on=today()),
        kept=Kept(
            hold=lambda: held(record), mark=lambda: digest((record.sent_to, record.sent_on, record.feedback))
        ),
        inset=record.feedback,
    )


def _move(
    cycle: Cycle,
    audience: Audience,
    form: FlaskForm,
    words: Words,
    carry_out: Callable[[], None],
    *,
    kept: Kept | None = None,
    refused: str | None = None,
    checks: Sequence[Check] = (),
    typed: Callable[[], Sequence[str | None]] = tuple,
    inset: str | None = None,
    of_day: date | None = None,
    back: str = "",
) -> Page:
    """Show a move of a report and carry it out, after warning of names in the texts `typed`."""
    return move_page(
        form,
        kept,
        words,
        carry_out,
        thing=name_of(cycle, audience),
        back=f"{address(cycle, audience, of_day)}{back}",
        refused=refused,
        warned=lambda: warned_of_all(typed()),
        template="reports/move.html",
        checks=checks,
        cycle=cycle,
        inset=inset,
    )


def name_of(cycle: Cycle, audience: Audience) -> str:
    """Return "Report on cycle 2010-1 for senior managers"."""
    readers = FOR[audience]
    return f"Report on cycle {cycle.reference} for {readers[:1].lower()}{readers[1:]}"


def address(cycle: Cycle, audience: Audience, of_day: date | None = None) -> str:
    """Return the address of the page of a report, of a day if one is given."""
    asked: dict[str, Any] = {"reference": cycle.reference, "for": audience, "on": of_day}
    return url_for("reports.page", **asked)


def _cycle(reference: str) -> Cycle:
    return queries.found(reference) or abort(404)


def _wanted(versions: Sequence[FinalReport], of_day: date | None) -> FinalReport | None:
    """Return the version that the address asks for, else the latest, of a day if one is asked for; None: the
    draft.

    Once there is a final version, only coordinators see the draft.
    """
    number = request.args.get("version")
    if number is not None:
        return next((final for final in versions if str(final.number) == number), None) or abort(404)
    if "draft" in request.args and _writes():
        return None
    if of_day is None:
        return next(iter(versions), None)
    of_that_day = (final for final in versions if finals.paper_of(final).made_on == of_day)
    found = next(of_that_day, None)
    return found or abort(404) if versions and not _writes() else found


def _writes() -> bool:
    return RoleName.COORDINATOR in current_user.role_names


def _numbered(cycle: Cycle, audience: Audience, version: int) -> FinalReport:
    versions = finals.versions(cycle, audience)
    return next((final for final in versions if final.number == version), None) or abort(404)


def _name(person_id: int) -> str:
    return db.session.get_one(Person, person_id).name


def _audience() -> Audience:
    audience = request.args.get("for", Audience.COUNCIL)
    return Audience(audience) if audience in set(Audience) else abort(404)

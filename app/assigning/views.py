"""Requesting audits by hand, and giving a cycle's audits their auditors: proposed, changed, confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import ColumnElement, not_, select
from werkzeug.wrappers import Response

from app.assigning import moves, requesting
from app.assigning.blueprint import assigning
from app.assigning.choices import Auditor, auditors, options
from app.assigning.forms import RequestForm, RequestOfCaseForm, override_hint
from app.assigning.independence import CaseFacts, warnings
from app.assigning.moves import NewPair, SomeRefused
from app.assigning.pairing import Candidate, Unpaired, propose
from app.assigning.suitability import case_facts
from app.audits.agencies import Agencies, of_whom, whose
from app.audits.case_returns import of_agency
from app.audits.cycle import Cycle
from app.audits.facts import pair_on, with_facts
from app.audits.models import Audit
from app.audits.parts import LEAD, PARTS, SECOND, missing, name_of, needed
from app.audits.standing import Standings, standings
from app.audits.workers import Workers
from app.clock import today
from app.database import db
from app.identifying.checking import warned_of
from app.moves.fields import no_choice, number
from app.moves.page import Page, form_page, lets_through
from app.people.choosing import people_here
from app.people.closures import working_days
from app.people.models import Team
from app.people.presence import PersonFacts
from app.people.reaching import with_leaving
from app.people.teams import team_ids
from app.wording import capitalised, counted

__all__ = ["assigning"]

AT_A_TIME, FEWEST_AT_A_TIME = 40, 5
"""The most audits on one page of assigning, and the most where there are very many auditors."""

MOST_CHOICES = 4_000
"""The most auditors to choose from on one page, counted for each audit and part."""


assigning.add_app_template_filter(whose)
assigning.add_app_template_filter(of_whom)


@assigning.route("/audits/request", methods=["GET", "POST"])
def request_audits() -> Page:
    """Request one audit into an open cycle; the page comes back for the next one."""
    on = today()
    open_cycles = db.session.scalars(
        select(Cycle).where(not_(Cycle.closed_by(on))).order_by(Cycle.requested_on.desc())
    ).all()
    only = open_cycles[0].reference if len(open_cycles) == 1 else None
    wanted = Cycle.asked_for(request.args.get("reference")) or only
    cycle = next((row for row in open_cycles if row.reference == wanted), None)
    if cycle is None:
        return render_template("assigning/request_cycle.html", cycles=open_cycles, wanted=wanted)
    form = _request_form(cycle)
    teams = db.session.scalars(select(Team).order_by(Team.name))
    form.team.choices = [("", "Choose a team"), *((str(team.id), team.name) for team in teams)]
    form.worker.choices = no_choice("Not named yet", people_here(on))

    def carry_out() -> str:
        reference = form.reference.data or ""
        case = (form.case_reference.data or "", int(form.team.data), current_user, on, form.due_on.data)
        worker_id = number(form.worker.data)
        if isinstance(form, RequestOfCaseForm):
            requested = requesting.request_of_case(
                cycle.reference, reference, form.agencies.data, *case, worker_id
            )
            flash(f"{counted(len(requested), 'audit')} requested: {', '.join(requested)}", "success")
        else:
            requesting.request(cycle.reference, reference, *case, worker_id)
            flash(f"Audit {reference} requested", "success")
        return url_for("assigning.request_audits", reference=cycle.reference)

    return form_page(
        form,
        lambda _shown: render_template(
            "assigning/request.html",
            cycle=cycle,
            form=form,
            tells_workers=Workers(cycle.workers).are_told,
        ),
        carry_out,
    )


def _request_form(cycle: Cycle) -> RequestForm:
    proposed = {"reference": requesting.proposed_reference(cycle), "due_on": cycle.due_on}
    agencies = Agencies(cycle.reference, cycle.agencies).audits_of_a_case
    kind = RequestOfCaseForm if agencies else RequestForm
    form = kind(data=proposed | {"agencies": agencies})
    if agencies:
        form.agencies.choices = [(agency, whose(agency)) for agency in agencies]
    if cycle.audits_again is not None:
        form.worker.description += (
            f". If you leave this blank, it is the worker named in cycle {cycle.audits_again}."
        )
    return form


@dataclass
class Row:
    """An audit on the page of assigning: its choices, the chosen auditors, and the fault of the choice."""

    audit: Audit
    kept: Mapping[str, str]
    """The names of the auditors it has already, by part."""
    options: Sequence[tuple[str, str]]
    chosen: dict[str, str]
    fault: str | None = None

    @property
    def asked(self) -> bool:
        """True when somebody was chosen for it; without, it is left for later."""
        return any(self.chosen.values())

    def chosen_id(self, part: str) -> int | None:
        """Return the id of the person chosen for a part; None when nobody was."""
        return int(self.chosen[part]) if self.chosen.get(part, "").isdecimal() else None

    def new_pair(self, override_reason: str | None, version: str | None) -> NewPair:
        """Return the pair that the move is to assign."""
        seen = int(version) if version and version.isdecimal() else None
        return NewPair(
            self.audit.reference, self.chosen_id(LEAD), self.chosen_id(SECOND), override_reason, seen
        )


@assigning.route("/cycles/<reference>/assign", methods=["GET", "POST"])
def assign_pairs(reference: str) -> Page:
    """Show the auditors proposed for the audits of a cycle that lack them, or assign those chosen."""
    cycle = db.session.scalars(select(Cycle).where(Cycle.called(reference))).one_or_none() or abort(404)
    on = today()
    agency = _agency_asked_for(cycle)
    unpaired_count = _number_unpaired(cycle, agency)
    known = auditors(on) if unpaired_count else []
    unpaired = _unpaired(cycle, agency, _at_a_time(known)) if unpaired_count else []
    cases = case_facts(unpaired, on)
    rows = [_row(audit, cases[audit.id], known) for audit in unpaired]
    override_reason = request.form.get("override_reason", "").strip()

    def shown(status: int = 200, warned: Sequence[str] = ()) -> tuple[str, int]:
        return render_template(
            "assigning/assign_pairs.html",
            cycle=cycle,
            rows=rows,
            how_many=unpaired_count,
            agency=agency,
            agencies=Agencies(cycle.reference, cycle.agencies).audits_of_a_case,
            columns=_columns(cycle, rows),
            for_one=cycle.auditors == 1,
            override_hint=override_hint(
                "a case",
                self_assessment=cycle.self_assessment,
                is_again=cycle.audits_again is not None,
            ),
            override_reason=override_reason,
            warnings=warned,
            faults=[row for row in rows if row.fault],
        ), status

    if request.method == "GET":
        _propose(rows, cases, known)
        return shown()
    for row in rows:
        for part in row.chosen:
            row.chosen[part] = request.form.get(f"{part}-{row.audit.reference}", "")
    chosen_rows = [row for row in rows if row.asked]
    if not chosen_rows:
        flash("You did not select anyone, so no audits were assigned")
        return redirect(url_for("assigning.assign_pairs", reference=reference, agency=agency))
    warned = [*_warnings(chosen_rows, cases, known), *warned_of(override_reason)]
    if not lets_through(warned):
        return shown(warned=warned)
    pairs = [
        row.new_pair(override_reason, request.form.get(f"version-{row.audit.reference}"))
        for row in chosen_rows
    ]
    try:
        moves.assign_all(pairs, current_user, on)
    except SomeRefused as refusal:
        for row in chosen_rows:
            row.fault = refusal.refused.get(row.audit.reference)
        return shown(409 if refusal.overtaken else 422, warned)
    return _done(reference, len(pairs), unpaired_count, agency)


def _columns(cycle: Cycle, rows: Sequence[Row]) -> Mapping[str, str]:
    """Return the headings of the parts that the page shows: a second only where one is needed or named."""
    kept = {part for row in rows for part in row.kept}
    parts = [part for part in PARTS if part in kept | set(needed(cycle.auditors))]
    return {part: capitalised(name_of(part, for_one=len(parts) == 1)) for part in parts}


def _agency_asked_for(cycle: Cycle) -> str | None:
    """Return the agency of the cycle that the address asks for; None where it asks for none of them."""
    try:
        return Agencies(cycle.reference, cycle.agencies).read(request.args.get("agency"))
    except ValueError:
        return None


def _done(reference: str, assigned: int, unpaired: int, agency: str | None) -> Response:
    flash(f"{counted(assigned, 'audit')} assigned. The auditors will get an email.", "success")
    endpoint = "assigning.assign_pairs" if assigned < unpaired else "cycles.page"
    return redirect(url_for(endpoint, reference=reference, agency=agency if assigned < unpaired else None))


def _at_a_time(known: Sequence[Auditor]) -> int:
    """Return the number of audits on a page, each of which has all auditors to choose from for each part."""
    choices = len(known) * len(PARTS)
    return max(FEWEST_AT_A_TIME, min(AT_A_TIME, MOST_CHOICES // (choices or 1)))


def _number_unpaired(cycle: Cycle, agency: str | None) -> int:
    """Return the number of its open audits, of one agency if it is given, that lack an auditor whom they
    need."""
    at = standings(today(), working_days()).tallied()
    query = select(at.all()).select_from(at.rows)
    return db.session.scalar(query.where(*_lacking(cycle, agency, at))) or 0


def _unpaired(cycle: Cycle, agency: str | None, limit: int) -> Sequence[Audit]:
    """Return the first of these audits, by due date."""
    lacking = _lacking(cycle, agency, standings(today(), working_days()))
    ids = select(Audit.id).where(*lacking).order_by(Audit.due_on, Audit.reference)
    return with_facts(db.session.scalars(ids.limit(limit)))


def _lacking(cycle: Cycle, agency: str | None, at: Standings) -> list[ColumnElement[bool]]:
    # not by the index of the cycle, which has all its audits
    lacking = [at.rows.cycle_id + 0 == cycle.id, at.lacking()]
    return lacking if agency is None else [*lacking, of_agency(cycle, agency, at.rows)]


def _row(audit: Audit, case: CaseFacts, known: Sequence[Auditor]) -> Row:
    pair = pair_on(audit, today())
    kept = {
        spell.part: with_leaving(spell.person, today()) for spell in pair.spells if spell.person is not None
    }
    return Row(
        audit,
        kept,
        options(known, case, [person.id for person in pair.people]),
        chosen=dict.fromkeys(missing(kept, audit.cycle.auditors), ""),
    )


def _propose(rows: Sequence[Row], cases: Mapping[int, CaseFacts], known: Sequence[Auditor]) -> None:
    """Fill each row with the proposed auditors."""
    teams = team_ids()
    unpaired = [
        Unpaired(
            cases[row.audit.id],
            kept_id=next((person.id for person in pair_on(row.audit, today()).people), None),
            kept_leads=LEAD in row.kept,
            auditors=row.audit.cycle.auditors,
            agency_team_id=teams.get(row.audit.agency or ""),
        )
        for row in rows
    ]
    candidates = [Candidate(auditor.person, auditor.job_title, auditor.load) for auditor in known]
    for row, proposal in zip(rows, propose(unpaired, candidates), strict=True):
        proposed = dict(zip(PARTS, (proposal.lead_id, proposal.second_id), strict=True))
        for part in row.chosen:
            row.chosen[part] = str(proposed[part] or "")


def _warnings(rows: Sequence[Row], cases: Mapping[int, CaseFacts], known: Sequence[Auditor]) -> list[str]:
    """Return the warnings about these pairs, each once."""
    people: dict[int, PersonFacts] = {auditor.person.id: auditor.person for auditor in known}
    lines: list[str] = []
    for row in rows:
        chosen = [
            people[person_id]
            for part in PARTS
            if (person_id := row.chosen_id(part)) in people and person_id is not None
        ]
        lines += warnings(chosen, cases[row.audit.id], today())
    return list(dict.fromkeys(lines))

"""`/cycles/REF/auditors`: what is expected of each auditor beside what they have done, for coordinators."""

from flask import abort, render_template

from app.clock import today
from app.cycle_pages.blueprint import cycles
from app.cycles import queries
from app.cycles.by_auditor import audits_by_auditor


@cycles.get("/cycles/<reference>/auditors")
def auditors(reference: str) -> str:
    """Show the audits of a cycle by auditor."""
    cycle = queries.found(reference) or abort(404)
    on = today()
    return render_template("cycles/auditors.html", cycle=cycle, auditors=audits_by_auditor(cycle, on), on=on)

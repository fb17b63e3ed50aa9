"""The form on paper: blank, of a version of a tool, or for the pair of one audit. It prints well on A4.

The number of the case is not printed: the audit's reference is enough, and paper gets left behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, render_template

from app.answers.answered import WITHOUT_NUMBER
from app.answers.blueprint import answers
from app.answers.list_moves import CONTEXT, PLACES, OwnList, entries
from app.audits.agencies import asks
from app.audits.facts import Pair, due_on, found, pair_on
from app.audits.models import Assignment
from app.audits.parts import LEAD, PARTS
from app.clock import today
from app.database import db
from app.tools import queries
from app.tools.models import Tool
from app.wording import capitalised


@dataclass(frozen=True)
class Printed:
    """The head of a form that is printed for one audit."""

    reference: str
    auditors: Mapping[str, str]
    """The names of its auditors, by what each is called."""
    time_taken: str
    """The label of the time that it took."""
    due_on: date
    is_together: bool


@answers.get("/tools/<reference>/<int:version>/print")
def printed(reference: str, version: int) -> str:
    """Show a blank form of a version of a tool, to try it or to keep copies."""
    return _page(queries.found(reference, version) or abort(404), None)


@answers.get("/audits/<reference>/form/print")
def printed_for_audit(reference: str) -> str:
    """Show the blank form of one audit, for an auditor who works on paper."""
    audit = found(reference) or abort(404)
    on = today()
    pair = pair_on(audit, on)
    tool = db.session.get_one(Tool, audit.cycle.tool_id)
    with_sections = queries.found(tool.reference, tool.version)
    assert with_sections is not None
    parts = (LEAD,) if pair.is_for_one else PARTS
    auditors = {capitalised(pair.called(part)): _name(pair.of(part)) for part in parts}
    head = Printed(audit.reference, auditors, time_taken(pair), due_on(audit, on), audit.is_together)
    return _page(with_sections, head, is_together=audit.is_together)


def time_taken(pair: Pair) -> str:
    """Return the label of the time that an audit took its auditors."""
    return "Time taken" if pair.is_for_one else "Total time taken by both auditors"


def _page(tool: Tool, head: Printed | None, is_together: bool | None = None) -> str:
    content = queries.content_of(tool)
    if is_together is not None:
        content = content.only(lambda asked: asks(per_case=asked.per_case, is_together=is_together))
    return render_template(
        "answers/printed.html",
        tool=content,
        without_number=WITHOUT_NUMBER,
        is_draft=tool.is_draft,
        audit=head,
        places=_labels(PLACES),
        factors=_labels(CONTEXT),
    )


def _name(spell: Assignment | None) -> str:
    return spell.person.name if spell and spell.person else ""


def _labels(which: OwnList) -> Sequence[str]:
    return [entry.label for entry in entries(which)]

"""The parts that all pages of the form share: the audit, why it can only be read, the typed fields."""

from dataclasses import dataclass
from typing import Any

from flask import abort, request
from flask_security import current_user

from app.answers.answered import Answered, Typed, read
from app.answers.form import FormQuestion
from app.answers.merging import tidied
from app.answers.paper_entry import paper_of
from app.answers.saving import Keep, refuse_saving
from app.answers.side_by_side import SideBySide, side_by_side
from app.audits import lifecycle
from app.audits.facts import Pair, facts, found, pair_on
from app.audits.models import Audit
from app.clock import today
from app.moves.typed_dates import parts_sent
from app.people.closures import working_days
from app.refusal import Refused
from app.tools.content import UNIT, thing_of
from app.wording import sentence
from app.working_days import happened


@dataclass(frozen=True)
class FormPage:
    """The form of an audit as a person sees it; `refusal` says why they can only read it."""

    audit: Audit
    pair: Pair
    refusal: str | None
    enters_paper: bool
    """True for a coordinator who types in what the pair wrote on paper."""

    @property
    def is_open(self) -> bool:
        """True while this person can write in it."""
        return self.refusal is None

    def as_returned(self) -> SideBySide | None:
        """Return the returned answers with the views that replace some; None while they can be changed, or
        were not returned."""
        on = today()
        if self.is_open or not happened(facts(self.audit, on).returned_on, on):
            return None
        return side_by_side(self.audit, on)

    @property
    def shared(self) -> dict[str, Any]:
        """Return the variables that the templates of all pages of the form read."""
        known, on = facts(self.audit, today()), today()
        return {
            "audit": self.audit,
            "reference": self.audit.reference,
            "pair": self.pair,
            "due_on": known.due_on,
            "thing": thing_of(self.audit.cycle.tool.unit or UNIT),
            "returned_now": lifecycle.returned_now(known, on),
            "not_today": sentence(lifecycle.refuse_return_today(known, on) or ""),
            "cycle_is_closed": happened(known.cycle_closed_on, on),
            "refusal": self.refusal,
            "enters_paper": self.enters_paper,
        }


def form_page(reference: str) -> FormPage:
    """Return the form of an audit for the person signed in; abort with 404 when there is no such audit."""
    audit, on = found(reference) or abort(404), today()
    pair = pair_on(audit, on)
    enters_paper = pair.part_of(current_user.id) is None and paper_of(audit, on) is not None
    return FormPage(audit, pair, refuse_saving(audit, current_user, on), enters_paper)


def typed(name: str) -> str | None:
    """Return the text of a field as it is stored."""
    return tidied(request.form.get(name))


def chosen(name: str) -> int | None:
    """Return the id that a choice sends; None where nothing was chosen. Abort with 400 where it is no id."""
    ids = _ids([request.form.get(name, "")])
    return next(iter(ids), None)


def all_chosen(name: str) -> frozenset[int]:
    """Return the ids of the boxes that were ticked. Abort with 400 where one is no id."""
    return frozenset(_ids(request.form.getlist(name)))


def typed_answer(key: int) -> Typed:
    """Return what was selected and typed as the answer to a question. Abort with 400 where it is no id."""
    return Typed(
        all_chosen(f"response-{key}"),
        request.form.get(f"number-{key}", ""),
        parts_sent(request.form.getlist(f"from-{key}")),
        parts_sent(request.form.getlist(f"to-{key}")),
    )


def answer_read(typed: Typed, question: FormQuestion, before: Answered) -> tuple[Answered, str | None]:
    """Return what was typed as an answer, and why it is none; see answered.read()."""
    try:
        return read(typed, question.asked, question.scale, question.ids, before, working_days()), None
    except Refused as why:
        return Answered(), str(why)


def _ids(values: list[str]) -> list[int]:
    filled = [value for value in values if value]
    if not all(value.isascii() and value.isdecimal() and len(value) < 10 for value in filled):
        abort(400)
    return [int(value) for value in filled]


def decision_on(key: object) -> Keep | None:
    """Return the person's decision on a conflict; None where they were shown none."""
    if f"asked-{key}" not in request.form:
        return None
    decision = request.form.get(f"keep-{key}")
    return Keep(decision) if decision in (Keep.MINE, Keep.THEIRS) else Keep.UNDECIDED

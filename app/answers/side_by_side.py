"""The answers of one audit with everybody's view of them side by side, and which of them counts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.answers.form import Form, FormQuestion, FormSection, form_of
from app.answers.models import AGREED, MODERATED, SECOND, AnswerView, Moderation
from app.answers.moderation import ModerationFacts
from app.audits.models import Assignment, Audit
from app.database import db
from app.people.models import Person
from app.tools.models import ScaleResponse

PAIR = "pair"


@dataclass(frozen=True)
class View:
    """Another view of one answer beside the pair's own, with its author and its day."""

    response: ScaleResponse | None
    reason: str | None
    by: str | None
    on: date


@dataclass(frozen=True)
class Beside:
    """A question with the pair's answer, as in the form, and the other views by whose they are."""

    question: FormQuestion
    views: Mapping[str, View]

    @property
    def whose_counts(self) -> str:
        """Return whose answer counts: the moderator's, else what the pair agreed, else what they returned."""
        return next((whose for whose in (MODERATED, AGREED) if whose in self.views), PAIR)

    @property
    def response(self) -> ScaleResponse | None:
        """Return the response that counts."""
        view = self.views.get(self.whose_counts)
        return view.response if view else self.question.response

    @property
    def to_agree(self) -> bool:
        """True while the second auditor sees it differently and the pair has not agreed on one."""
        return SECOND in self.views and AGREED not in self.views

    @property
    def is_seen_differently(self) -> bool:
        """True when anybody has a view of it beside the pair's."""
        return bool(self.views)


@dataclass(frozen=True)
class SideBySide:
    """The answers of one audit, in the order of its form, with the views of them."""

    form: Form
    sections: Sequence[tuple[FormSection, Sequence[Beside]]]

    def __iter__(self) -> Iterator[Beside]:
        return (beside for _, answers in self.sections for beside in answers)

    @property
    def to_agree(self) -> Sequence[Beside]:
        """Return the answers that the pair has still to agree on."""
        return [beside for beside in self if beside.to_agree]

    @property
    def seen_differently(self) -> Sequence[Beside]:
        """Return the answers that somebody saw differently."""
        return [beside for beside in self if beside.is_seen_differently]


def side_by_side(audit: Audit, on: date) -> SideBySide:
    """Return the answers of an audit and the views of them that were made by that day."""
    form = form_of(audit)
    responses = {response.id: response for _, question in form.questions for response in question.responses}
    views: dict[int, dict[str, View]] = defaultdict(dict)
    query = (
        select(AnswerView, Person.name)
        .outerjoin(Person, Person.id == AnswerView.by_id)
        .where(AnswerView.audit_id == audit.id, AnswerView.made_on <= on)
    )
    for view, name in db.session.execute(query):
        response = responses[view.response_id] if view.response_id is not None else None
        views[view.question_id][view.whose] = View(response, view.reason, name, view.made_on)
    return SideBySide(
        form,
        [
            (section, [Beside(question, views[question.id]) for question in section.questions])
            for section in form.sections
        ],
    )


def moderation_of(audit_id: int) -> Moderation | None:
    """Return the moderation of an audit; None where there was none."""
    return db.session.get(Moderation, audit_id, populate_existing=True)


def moderation_facts(audit: Audit) -> ModerationFacts:
    """Return the facts that decide whether an audit can be moderated, and by whom.

    A person who had the same case to audit in another cycle, or declined it, is an auditor of the case, too.
    """
    same_case = Audit.id == audit.id
    if audit.case_folded:
        same_case |= Audit.case_folded == audit.case_folded
    auditors = db.session.scalars(
        select(Assignment.person_id)
        .join(Audit)
        .where(same_case, Assignment.person_id.is_not(None))
        .distinct()
    )
    moderated = moderation_of(audit.id)
    return ModerationFacts(
        auditors=frozenset(person_id for person_id in auditors if person_id is not None),
        moderated_on=moderated.decided_on if moderated else None,
        cycle_frozen_on=audit.cycle.frozen_on,
    )

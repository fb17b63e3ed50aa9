"""The answers of one audit with everybody's view of them side by side, and which of them counts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.answers.answered import Answered
from app.answers.applying import Applies
from app.answers.disputes import decisions_about
from app.answers.form import Form, FormQuestion, FormSection
from app.answers.further import further_of_views
from app.answers.models import AGREED, REPLACING, REPLIED, SECOND, AnswerView, Moderation
from app.answers.moderation import ModerationFacts
from app.answers.stored_form import form_of
from app.audits.models import Assignment, Audit
from app.clock import today
from app.database import db
from app.people.naming import names
from app.tools.content import CallsForResponse
from app.tools.models import ScaleResponse

PAIR = "pair"


@dataclass(frozen=True)
class View:
    """Another view of one answer beside the pair's own, with its author and its day."""

    answered: Answered
    reason: str | None
    by: str | None
    on: date


@dataclass(frozen=True)
class Beside:
    """A question with the pair's answer, as in the form, and the other views by whose they are.

    `applies` goes by the answers that count, `question.applies` by what was returned.
    """

    question: FormQuestion
    views: Mapping[str, View]
    applies: Applies

    @property
    def does_apply(self) -> bool:
        """True where it is asked of this case, by the answers that count."""
        return self.applies is Applies.YES

    @property
    def is_shown(self) -> bool:
        """True where it is asked of this case by what was returned, or by the answers that count."""
        return self.does_apply or self.question.does_apply

    @property
    def whose_counts(self) -> str:
        """Return whose answer counts: the latest view that replaces the pair's, else what they returned."""
        return latest_replacing(self.views) or PAIR

    @property
    def answered(self) -> Answered:
        """Return the answer that counts."""
        view = self.views.get(self.whose_counts)
        return view.answered if view else self.question.content

    @property
    def response(self) -> ScaleResponse | None:
        """Return the response that counts; of several the first."""
        return self.question.response_of(self.answered)

    @property
    def calls_for_response(self) -> CallsForResponse | None:
        """Return the call for a response that the answer that counts makes; None where it makes none."""
        call, response = self.question.asked.calls_for_response, self.response
        return call if call and response and response.response in call.responses else None

    @property
    def to_agree(self) -> bool:
        """True while the second auditor sees it differently and the pair has not decided on one."""
        return SECOND in self.views and not self.views.keys() & {AGREED, REPLIED} and self.does_apply

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
    def applying(self) -> Sequence[Beside]:
        """Return the answers to questions that apply to the case."""
        return [beside for beside in self if beside.does_apply]

    @property
    def to_moderate(self) -> Sequence[Beside]:
        """Return the answers that a moderator can change; nobody moderates a category."""
        return [beside for beside in self.applying if not beside.question.is_category]

    @property
    def to_agree(self) -> Sequence[Beside]:
        """Return the answers that the pair has still to agree on."""
        return [beside for beside in self if beside.to_agree]

    @property
    def replaced(self) -> Sequence[Beside]:
        """Return the answers that another one replaced after the return."""
        return [beside for beside in self if beside.whose_counts != PAIR]

    @property
    def not_applying(self) -> Sequence[FormSection]:
        """Return the sections that do not apply to the case, by the answers that count."""
        return [
            section
            for section, answers in self.sections
            if all(beside.applies is Applies.NO for beside in answers)
        ]

    @property
    def seen_differently(self) -> Sequence[Beside]:
        """Return the answers that somebody saw differently."""
        return [beside for beside in self if beside.is_seen_differently]


def latest_replacing(views: Mapping[str, View]) -> str | None:
    """Return whose view counts, of views in the order in which they were made; None where none does."""
    decided = (whose for whose in reversed(list(views)) if whose in REPLACING and whose != AGREED)
    return next(decided, AGREED if AGREED in views else None)


def side_by_side(audit: Audit, on: date) -> SideBySide:
    """Return the answers of an audit and the views of them that were made by that day."""
    form = form_of(audit)
    views: dict[int, dict[str, View]] = defaultdict(dict)
    query = (
        select(AnswerView)
        .where(AnswerView.audit_id == audit.id, AnswerView.made_on <= on)
        .order_by(AnswerView.id)
    )
    several = any(question.scale.several for _, question in form.questions)
    further = further_of_views([audit.id]) if several else {}
    named = names(today())
    for view in db.session.scalars(query):
        answered = Answered(
            view.response_id,
            further=further.get(view.id, frozenset()),
            number=view.number,
            from_on=view.from_on,
            to_on=view.to_on,
        )
        views[view.question_id][view.whose] = View(
            answered, view.reason, named.get(view.by_id or 0), view.made_on
        )
    counting = {
        id_: its[whose].answered for id_, its in views.items() if (whose := latest_replacing(its)) is not None
    }
    applies = form.applies_with(counting)
    return SideBySide(
        form,
        [
            (section, [Beside(each, views[each.id], applies[each.id]) for each in section.questions])
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
        worker=audit.worker_id,
        moderated_on=moderated.decided_on if moderated else None,
        cycle_frozen_on=audit.cycle.frozen_on,
        disputes_decided=decisions_about(audit.id),
    )

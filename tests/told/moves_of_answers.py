"""The moves of auditors, moderators, managers and workers in the month, by the product's own moves."""

from sqlalchemy import select

from app.answers import second_look
from app.answers.merging import Content
from app.answers.moderating import moderate
from app.answers.returning import return_checked
from app.answers.saving import Sent, save_section
from app.answers.side_by_side import Beside, side_by_side
from app.answers.stored_form import form_of
from app.answers.viewing import Change
from app.audits.models import Audit
from app.concerns import responses
from app.concerns.models import CalledResponse
from app.concerns.response_queries import answering
from app.database import db
from app.people.closures import working_days
from app.workers import replies
from app.workers.models import WorkerReply
from tests.told.story import BACK, OPEN, NobodyThere, Story, is_moderated, pair_of, took_part_in


def fill_in(story: Story, audit: Audit | None = None) -> None:
    """Answer the questions of one audit, as one of its auditors."""
    audit = audit or story.audit(*OPEN)
    by = story.one_of(list(pair_of(audit).values()))
    for number, section in enumerate(form_of(audit).sections, start=1):
        sent = {
            question.id: Sent(
                Content(story.random.choice(list(question.ids.values())), comment=story.secret("Because")),
                question.content.fingerprint,
            )
            for question in section.questions
        }
        save_section(audit.reference, number, by, story.on, sent)


def return_it(story: Story) -> None:
    """Return an audit as its lead, the more likely the later it is."""
    candidates = [story.audit(*OPEN) for _ in range(3)]
    audit = min(candidates, key=lambda each: each.due_on)
    pair = pair_of(audit)
    if "lead" not in pair:
        raise NobodyThere
    lead = story.one_of([pair["lead"]])
    if form_of(audit).blanks:
        fill_in(story, audit)
    form = form_of(audit)
    return_checked(audit.reference, lead, story.on, form.seen, len(form.blanks))


def confirm(story: Story) -> None:
    _second_look(story, differs=False)


def differ(story: Story) -> None:
    """Confirm as the second, and see one answer differently."""
    _second_look(story, differs=True)


def _second_look(story: Story, *, differs: bool) -> None:
    audit = story.audit(*BACK, Audit.confirmed_on.is_(None))
    pair = pair_of(audit)
    if "second" not in pair:
        raise NobodyThere
    by = story.one_of([pair["second"]])
    changes = _change(story, list(side_by_side(audit, story.on).applying)) if differs else {}
    second_look.confirm(audit.reference, by, story.on, changes)


def _change(story: Story, answers: list[Beside]) -> dict[int, Change]:
    beside = story.random.choice(answers)
    others = [each for each in beside.question.ids.values() if each != beside.answered.response_id]
    return {beside.question.id: Change(story.random.choice(others), reason=story.secret("I see"))}


def agree(story: Story) -> None:
    """Agree as one of the pair on what the second saw differently."""
    audit = story.audit(*BACK, Audit.differs.is_not(None))
    to_agree = side_by_side(audit, story.on).to_agree
    by = story.one_of(list(pair_of(audit).values()))
    agreed = {
        beside.question.id: Change(
            story.random.choice(list(beside.question.ids.values())), reason=story.secret("We agreed")
        )
        for beside in to_agree
    }
    second_look.agree(audit.reference, by, story.on, agreed)


def send_back(story: Story) -> None:
    audit = story.audit(*BACK)
    due_on = working_days().offset(story.on, story.random.randint(1, 4))
    second_look.send_back(
        audit.reference, story.coordinator(), story.on, "The second page is missing.", due_on
    )


def moderate_one(story: Story) -> None:
    """Moderate a returned audit, and change an answer of one in three."""
    audit = story.audit(*BACK)
    if is_moderated(audit):
        raise NobodyThere
    by = story.one_of(story.office.moderators)
    answers = list(side_by_side(audit, story.on).to_moderate)
    changes = _change(story, answers) if story.is_true(0.35) else {}
    said = story.secret("To the pair")
    moderate(audit.reference, by, story.on, changes, said=said, read_before_grade=True)


def respond(story: Story) -> None:
    """Answer a response that a grade called for; one in three disputes the grade."""
    called = _some_response(story, CalledResponse.answered_on.is_(None))
    by = story.one_of(list(answering(called.audit, story.on)))
    dispute = story.secret("Not so") if story.is_true(0.35) else None
    responses.answer(called.reference, story.secret("We visited"), (), dispute, by, story.on)


def decide_dispute(story: Story) -> None:
    called = _some_response(story, CalledResponse.dispute.is_not(None), CalledResponse.decided_on.is_(None))
    took_part = took_part_in(called.audit)
    by = story.one_of([each for each in story.office.moderators if each not in took_part])
    answers = list(side_by_side(called.audit, story.on).to_moderate)
    changes = _change(story, answers) if story.is_true(0.3) else {}
    responses.decide(called.reference, story.secret("Decided"), changes, by, story.on)


def _some_response(story: Story, *which: object) -> CalledResponse:
    query = select(CalledResponse).where(CalledResponse.fell_away_on.is_(None), *which)  # type: ignore[arg-type]
    found = db.session.scalars(query.order_by(CalledResponse.id)).all()
    if not found:
        raise NobodyThere
    return story.random.choice(found)


def reply(story: Story) -> None:
    asked = _some_reply(story, WorkerReply.replied_on.is_(None))
    replies.reply(asked.reference, story.secret("I think"), story.one_of([asked.worker_id or 0]), story.on)


def decide_reply(story: Story) -> None:
    """Decide about a reply: as one of the pair, after moderation as a moderator; change an answer of half."""
    replied = _some_reply(story, WorkerReply.replied_on.is_not(None), WorkerReply.decided_on.is_(None))
    audit = replied.audit
    deciding = list(story.office.moderators if is_moderated(audit) else pair_of(audit).values())
    answers = [each for each in side_by_side(audit, story.on).to_moderate if each.question.is_grade]
    changes = _change(story, answers) if story.is_true() else {}
    replies.decide(replied.reference, story.secret("To you"), changes, story.one_of(deciding), story.on)


def _some_reply(story: Story, *which: object) -> WorkerReply:
    query = select(WorkerReply).where(WorkerReply.ended_on.is_(None), *which)  # type: ignore[arg-type]
    found = db.session.scalars(query.order_by(WorkerReply.id)).all()
    if not found:
        raise NobodyThere
    return story.random.choice(found)

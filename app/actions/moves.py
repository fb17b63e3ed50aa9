"""The moves of an action from draft to closed. Each is one transaction: rule, facts, history.

What the owner of a recommendation can do like the owner of an action is here for both; `of` says which.

Every move raises Refused, with one sentence, when the state or the input does not allow it. Then nothing has
changed.
"""

from datetime import date

from sqlalchemy import select

from app.actions.given_things import tell_owners
from app.actions.lifecycle import EFFECTIVE, NOT_EFFECTIVE, Move, refuse_answer, refuse_striking
from app.actions.models import Action, MovedDate, ProgressNote, Recommendation
from app.actions.moving import (
    CHECK_TAKEN_BACK,
    HANDED_BACK,
    SENT_BACK,
    SIGN_OFF_TAKEN_BACK,
    Tracked,
    facts_of,
    give_news,
    is_draft,
    moving_action,
    moving_tracked,
    present,
    set_due_day,
    take_news_back,
)
from app.audits.cycle import Cycle
from app.database import db, transaction
from app.moves.moving import moving, tell, words
from app.news import telling as news
from app.news.happenings import Happening
from app.nothing_more import REPLACED, WITHDRAWN, tell_nothing_more
from app.people.closures import due_in_words, working_days
from app.people.models import Person, PersonRole
from app.people.roles import RoleName
from app.references import next_reference
from app.refusal import NotNow, Refused
from app.wording import in_words

PREFIX = "A"


def raise_action(
    *,
    text: str,
    by: Person,
    on: date,
    changes_for_children: str | None = None,
    recommendation_id: int | None = None,
    cycle: Cycle | None = None,
    question: str | None = None,
    owner_id: int | None = None,
    due_on: date | None = None,
    is_quick_win: bool = False,
    follows_id: int | None = None,
) -> Action:
    """Raise an action. With an owner and a due day it is agreed at once, and its owner is told; else it is a
    draft."""
    with transaction():
        text = words(text, "Enter what needs to be done")
        owner = present(owner_id, on)
        if due_on is not None and due_on < on:
            raise Refused("Due date must be today or in the future")
        agreed = owner is not None and due_on is not None
        action = Action(
            reference=next_reference(Action, PREFIX),
            text=text,
            changes_for_children=(changes_for_children or "").strip() or None,
            recommendation_id=recommendation_id,
            cycle_id=cycle.id if cycle else None,
            question=question,
            owner_id=owner_id,
            due_on=due_on,
            first_due_on=due_on,
            is_quick_win=is_quick_win,
            follows_id=follows_id,
            is_draft=not agreed,
            agreed_on=on if agreed else None,
            raised_on=on,
            raised_by_id=by.id,
            moved_in_product=True,
        )
        db.session.add(action)
        db.session.flush()
        tell(action, by, on, "agreed" if agreed else "draft created", after=text)
        tell_owners([action], by, on)
    return action


def edit(
    reference: str,
    by: Person,
    on: date,
    *,
    text: str,
    changes_for_children: str | None,
    version: int | None = None,
) -> None:
    """Change the words: what is to be done, and what it should change for children."""
    with moving_action(reference, Move.EDIT, by, on, version) as action:
        text = words(text, "Enter what needs to be done")
        changes = (changes_for_children or "").strip() or None
        if text != action.text:
            tell(action, by, on, "text changed", before=action.text, after=text)
        if changes != action.changes_for_children:
            tell(
                action,
                by,
                on,
                "expected change for children edited",
                before=action.changes_for_children,
                after=changes,
            )
        action.text, action.changes_for_children = text, changes


def agree(reference: str, by: Person, on: date, version: int | None = None) -> None:
    """Agree a draft with owner and due day: its owner is told at once, and reminded of it from today."""
    with moving_action(reference, Move.AGREE, by, on, version) as action:
        action.is_draft, action.agreed_on = False, on
        tell(action, by, on, "agreed")
        db.session.flush()
        tell_owners([action], by, on)


def report(
    reference: str,
    by: Person,
    on: date,
    line: str,
    version: int | None = None,
    *,
    of: type[Tracked] = Action,
) -> None:
    """Report progress in one line. The first report starts an action."""
    with moving_tracked(of, reference, Move.REPORT, by, on, version) as thing:
        line = words(line, "Enter your progress")
        thing.progress.append(ProgressNote(on=on, by_id=by.id, text=line))
        _start_with_first_report(thing)
        tell(thing, by, on, "progress reported", after=line)


def strike_progress(
    reference: str,
    note_id: int,
    by: Person,
    on: date,
    because: str,
    version: int | None = None,
    *,
    of: type[Tracked] = Action,
) -> None:
    """Strike through a line of progress that was written by mistake: it stays to be read, and counts for
    nothing. Without another one the work has not started."""

    def refuse(thing: Tracked) -> str | None:
        note = note_of(thing, note_id)
        return "This line of progress no longer exists" if note is None else refuse_striking(note.struck_on)

    with moving(of, reference, refuse, version) as thing:
        note = note_of(thing, note_id)
        if note is None:
            raise Refused("This line of progress no longer exists")
        note.struck_on, note.struck_because = on, words(because, "Enter why this line is wrong")
        _start_with_first_report(thing)
        tell(thing, by, on, "progress struck through", before=note.text, why=note.struck_because)


def note_of(thing: Tracked, note_id: int) -> ProgressNote | None:
    """Return a line of progress of this thing; None when it has none of that number."""
    return next((note for note in thing.progress if note.id == note_id), None)


def _start_with_first_report(thing: Tracked) -> None:
    """Set the day on which an action started: that of the first report that is not struck through."""
    if isinstance(thing, Action):
        stands = (note.on for note in thing.progress if note.struck_on is None)
        thing.started_on = min(stands, default=None)


def ask_later(
    reference: str,
    by: Person,
    on: date,
    *,
    due_on: date,
    because: str,
    version: int | None = None,
    of: type[Tracked] = Action,
) -> None:
    """Ask for a later date. It holds when somebody other than the owner has agreed to it."""
    with moving_tracked(of, reference, Move.ASK_LATER, by, on, version) as thing:
        because = words(because, "Enter why you need a later date")
        if thing.due_on is None or due_on <= thing.due_on:
            raise Refused(f"Due date must be after {due_in_words(thing.due_on)}")
        if due_on < on:
            raise Refused("Due date must be today or in the future")
        if asked_for(thing) is not None:
            raise NotNow("You have already asked for a later date. Wait for the answer to it.")
        thing.moved_dates.append(
            MovedDate(
                from_due_on=thing.due_on,
                to_due_on=due_on,
                because=because,
                asked_on=on,
                asked_by_id=by.id,
                is_made=False,
            )
        )
        tell(thing, by, on, "later date requested", after=due_in_words(due_on), why=because)


def asked_for(thing: Tracked) -> MovedDate | None:
    """Return the later date that the owner asked for and nobody has answered; None when there is none."""
    requests = [moved for moved in thing.moved_dates if not moved.is_made and moved.refused_on is None]
    return requests[-1] if requests else None


def answer_later(
    reference: str,
    by: Person,
    on: date,
    *,
    yes: bool,
    because: str | None = None,
    version: int | None = None,
    of: type[Tracked] = Action,
) -> None:
    """Agree to the later date that the owner asked for, or refuse it with a reason. The owner gets news."""
    with moving_tracked(of, reference, Move.MOVE_DATE, by, on, version) as thing:
        asked = asked_for(thing)
        if asked is None:
            raise NotNow(f"No one has asked for a later date for this {of.kind}")
        if why := refuse_answer(facts_of(thing), asked.asked_by_id, on, by.id):
            raise Refused(why)
        before = thing.due_on
        if not yes:
            asked.refused_on, asked.refused_because = on, words(because, "Enter why you do not agree")
            tell(thing, by, on, "later date refused", after=due_in_words(asked.to_due_on), why=because)
            give_news(thing, Happening.LATER_REFUSED, by, on, due_on=before)
            return
        if working_days().is_late(asked.to_due_on, on):
            raise Refused(
                f"{due_in_words(asked.to_due_on)} has passed, so you cannot agree to it. "
                "Refuse the request or change the due date."
            )
        thing.due_on = asked.to_due_on
        asked.is_made, asked.made_on, asked.from_due_on = True, on, before
        tell(
            thing,
            by,
            on,
            "due date changed",
            before=due_in_words(before) if before else None,
            after=due_in_words(asked.to_due_on),
            why=asked.because,
        )
        give_news(thing, Happening.LATER_GRANTED, by, on, due_on=thing.due_on)


def move_date(
    reference: str,
    by: Person,
    on: date,
    *,
    due_on: date,
    because: str | None = None,
    version: int | None = None,
    of: type[Tracked] = Action,
) -> None:
    """Set the first due day, or move it with a reason. The first one is kept and the moves are counted.

    To the owner it is news, and the answer to a request for a later date; not of a draft, of which nothing is
    said.
    """
    with moving_tracked(of, reference, Move.MOVE_DATE, by, on, version) as thing:
        before = thing.due_on
        set_due_day(thing, due_on, by, on, because)
        was_asked = asked_for(thing) is not None
        if was_asked:
            end_request(thing, on, "another due date was set")
        if not is_draft(thing, on):
            # an answer is given though the date is as it was
            known = None if was_asked else before
            give_news(thing, Happening.OTHER_DUE_DATE, by, on, due_on=due_on, before=known)


def end_request(thing: Tracked, on: date, because: str) -> None:
    """End a request for a later date that needs no answer any more."""
    if (waiting := asked_for(thing)) is not None:
        waiting.refused_on, waiting.refused_because = on, because


def not_mine(
    reference: str,
    by: Person,
    on: date,
    because: str,
    version: int | None = None,
    *,
    of: type[Tracked] = Action,
) -> None:
    """Hand back an action or a recommendation with a reason: it has no owner then.

    To coordinators, and the person who raised it, that is news.
    """
    with moving_tracked(of, reference, Move.NOT_MINE, by, on, version) as thing:
        because = words(because, "Enter why it is not yours")
        thing.owner_id = None
        end_request(thing, on, "the owner handed it back")
        if isinstance(thing, Recommendation):
            thing.proposed_on = thing.proposed_words = None
        tell(thing, by, on, HANDED_BACK, before=by.name, why=because)
        coordinators = select(PersonRole.person_id).where(PersonRole.name == RoleName.COORDINATOR)
        those = [*db.session.scalars(coordinators.order_by(PersonRole.person_id)), thing.raised_by_id]
        news.tell(those, Happening.OWNER_NEEDED, news.about(thing), on, by=by.id, before=by.name)


def change_owner(
    reference: str,
    by: Person,
    on: date,
    *,
    owner_id: int,
    due_on: date | None = None,
    version: int | None = None,
) -> None:
    """Give an action to one named person, who is told at once if it is agreed; with `due_on` also its first
    due day."""
    with transaction():
        given = give_one(reference, by, on, owner_id=owner_id, due_on=due_on, version=version)
        tell_owners([given], by, on)


def give_one(
    reference: str,
    by: Person,
    on: date,
    *,
    owner_id: int,
    due_on: date | None = None,
    version: int | None = None,
) -> Action | None:
    """Give an action to one person, who is still to be told; None where it was theirs already."""
    with moving_action(reference, Move.CHANGE_OWNER, by, on, version) as action:
        owner = present(owner_id, on)
        if owner is None:
            raise Refused("Select one person as the owner")
        before = action.owner.name if action.owner else None
        is_new = owner.id != action.owner_id
        if is_new:
            tell_nothing_more(action, action.owner_id, REPLACED, by, on, to=owner)
            action.owner_id = owner.id
            tell(action, by, on, "owner changed" if before else "owner set", before=before, after=owner.name)
        if due_on is not None and action.due_on is None:
            set_due_day(action, due_on, by, on, None)
        return action if is_new else None


def propose_done(reference: str, by: Person, on: date, evidence: str, version: int | None = None) -> None:
    """Propose an action as done, with evidence. Somebody other than the owner signs it off."""
    with moving_action(reference, Move.PROPOSE_DONE, by, on, version) as action:
        action.evidence = words(evidence, "Enter evidence that it is done")
        action.done_on = on
        end_request(action, on, "the action was done before the request was answered")
        take_news_back(action, Happening.HANDED_BACK)
        tell(action, by, on, "marked as done", after=action.evidence)


def sign_off(
    reference: str, by: Person, on: date, *, impact_due_on: date, version: int | None = None
) -> None:
    """Sign an action off, and set the day of its impact check. Its owner cannot do so."""
    with moving_action(reference, Move.SIGN_OFF, by, on, version) as action:
        if impact_due_on <= on:
            raise Refused("Date of the impact check must be in the future")
        action.signed_off_on, action.signed_off_by_id = on, by.id
        action.impact_due_on = impact_due_on
        tell(action, by, on, "signed off", after=f"impact check on {due_in_words(impact_due_on)}")
        give_news(action, Happening.SIGNED_OFF, by, on)


def send_back(reference: str, by: Person, on: date, because: str, version: int | None = None) -> None:
    """Send an action back to its owner as not done, with what is missing."""
    with moving_action(reference, Move.SEND_BACK, by, on, version) as action:
        because = words(because, "Enter what is missing")
        action.done_on = None
        tell(action, by, on, SENT_BACK, before=action.evidence, why=because)
        give_news(action, Happening.HANDED_BACK, by, on)


def check_impact(
    reference: str, by: Person, on: date, *, impact: str, found: str, version: int | None = None
) -> None:
    """Record the impact check: the result, and what was found. This closes the action.

    Not effective asks for a new action.
    """
    with moving_action(reference, Move.CHECK_IMPACT, by, on, version) as action:
        if impact not in (EFFECTIVE, NOT_EFFECTIVE):
            raise Refused("Select yes if the action worked")
        action.impact_words = words(found, "Enter what the check found")
        action.impact, action.impact_checked_on = impact, on
        tell(action, by, on, f"closed {impact}", after=action.impact_words)
        worked = Happening.EFFECTIVE if impact == EFFECTIVE else Happening.NOT_EFFECTIVE
        give_news(action, worked, by, on)


def take_back_sign_off(
    reference: str, by: Person, on: date, because: str, version: int | None = None
) -> None:
    """Take back a sign-off that was a mistake: it has not happened, and the action waits for one again."""
    with moving_action(reference, Move.TAKE_BACK_SIGN_OFF, by, on, version) as action:
        because = words(because, "Enter why you take the sign-off back")
        before = f"signed off on {in_words(action.signed_off_on)}"
        action.signed_off_on = action.signed_off_by_id = action.impact_due_on = None
        tell(action, by, on, SIGN_OFF_TAKEN_BACK, before=before, why=because)
        give_news(action, Happening.SIGN_OFF_TAKEN_BACK, by, on)


def take_back_check(reference: str, by: Person, on: date, because: str, version: int | None = None) -> None:
    """Take back an impact check that was a mistake: it has not happened, and the action is not closed.

    An action that was added to follow it stays.
    """
    with moving_action(reference, Move.TAKE_BACK_CHECK, by, on, version) as action:
        because = words(because, "Enter why you take the impact check back")
        before = f"closed {action.impact} on {in_words(action.impact_checked_on)}: {action.impact_words}"
        action.impact = action.impact_checked_on = action.impact_words = None
        tell(action, by, on, CHECK_TAKEN_BACK, before=before, why=because)
        give_news(action, Happening.CHECK_TAKEN_BACK, by, on)


def withdraw(reference: str, by: Person, on: date, because: str, version: int | None = None) -> None:
    """Withdraw an action: it need not be done any more, which its owner is told."""
    with moving_action(reference, Move.WITHDRAW, by, on, version) as action:
        because = words(because, "Enter why it is withdrawn")
        action.withdrawn_on, action.withdrawn_because = on, because
        tell(action, by, on, "withdrawn", why=because)
        tell_nothing_more(action, action.owner_id, WITHDRAWN, by, on)

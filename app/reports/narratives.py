"""The texts of the analyst in a report: one for each section, and the comments chosen for it.

The history records that something was written and by whom, but no text: a text may be changed because of a
name.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.case_numbers import masking
from app.database import db, transaction
from app.moves.moving import locked, tell
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.reports.models import ChosenComment, Narrative
from app.reports.sections import outline_section

LONGEST_TEXT = 10_000
CASE_NUMBER = "Remove the case number, because people who must not see it will read the report"


class WrittenMeanwhile(NotNow):
    """A refusal because somebody else wrote this section in the meantime; `theirs` is their text."""

    def __init__(self, theirs: str, version: int, by: str) -> None:
        super().__init__(f"{by} wrote this section while you had the page open. Both texts are below.")
        self.theirs, self.version = theirs, version


def narrative(cycle: Cycle, section: str) -> Narrative | None:
    """Return the stored text of a section, None before the first."""
    return db.session.get(Narrative, (cycle.id, section))


def written_sections(cycle: Cycle) -> set[str]:
    """Return the keys of the sections that have a text."""
    query = select(Narrative.section).where(Narrative.cycle_id == cycle.id, Narrative.text != "")
    return set(db.session.scalars(query))


def write(cycle: Cycle, section: str, text: str, *, by: Person, on: date, seen: int) -> None:
    """Write a section. An empty text takes it out, but its row stays, so that no version number comes twice.

    `seen` is the version that the person saw, 0 for none.

    Raises WrittenMeanwhile when somebody else was quicker, Refused for a case number in the text.
    """
    outlined = outline_section(section)
    assert outlined is not None
    text = text.strip()
    refuse_case_number(cycle, text)
    with transaction():
        cycle = locked(Cycle, cycle.reference)
        stored = db.session.get(Narrative, (cycle.id, section), populate_existing=True)
        now = stored.version if stored else 0
        if now != seen and (stored is None or stored.text != text):
            author = db.session.get_one(Person, stored.written_by_id).name if stored else "Someone"
            raise WrittenMeanwhile(stored.text if stored else "", now, author)
        if stored is None and text:
            stored = Narrative(
                cycle_id=cycle.id, section=section, text=text, written_by_id=by.id, written_on=on
            )
            db.session.add(stored)
        elif stored is not None and stored.text != text:
            stored.text, stored.written_by_id, stored.written_on = text, by.id, on
        else:
            return
        tell(cycle, by, on, "report written" if text else "report text removed", after=outlined[1].heading)


def chosen_comments(cycle: Cycle) -> Sequence[ChosenComment]:
    """Return the comments that the report quotes, theme by theme."""
    query = select(ChosenComment).where(ChosenComment.cycle_id == cycle.id)
    return db.session.scalars(query.order_by(ChosenComment.theme, ChosenComment.id)).all()


def choose(cycle: Cycle, *, theme: str, question: str | None, text: str, by: Person, on: date) -> None:
    """Quote a comment in the report, in words that give nobody away. Raises Refused for a case number."""
    theme, text = _checked(cycle, theme, text)
    with transaction():
        db.session.add(ChosenComment(cycle_id=cycle.id, theme=theme, question=question, text=text))
        tell(cycle, by, on, "comment chosen for the report", after=theme)


def chosen_comment(cycle: Cycle, number: int) -> ChosenComment | None:
    """Return a comment that the report quotes; None when there is none of that number."""
    comment = db.session.get(ChosenComment, number)
    return comment if comment is not None and comment.cycle_id == cycle.id else None


def rewrite(cycle: Cycle, number: int, *, theme: str, text: str, by: Person, on: date) -> None:
    """Quote a chosen comment under this theme in these words.

    Raises Refused for a case number, NotNow when somebody left the comment out meanwhile.
    """
    theme, text = _checked(cycle, theme, text)
    with transaction():
        comment = db.session.get(ChosenComment, number, with_for_update=True)
        if comment is None or comment.cycle_id != cycle.id:
            raise NotNow("Someone removed this comment while you had the page open")
        comment.theme, comment.text = theme, text
        tell(cycle, by, on, "comment of the report changed", after=theme)


def leave_out(cycle: Cycle, number: int, *, by: Person, on: date) -> None:
    """Stop quoting a comment. Nothing happens when it is gone already."""
    with transaction():
        comment = db.session.get(ChosenComment, number)
        if comment is not None and comment.cycle_id == cycle.id:
            db.session.delete(comment)
            tell(cycle, by, on, "comment removed from the report", after=comment.theme)


def refuse_case_number(cycle: Cycle, text: str) -> None:
    """Refuse a text that holds the number of one of the cycle's cases."""
    numbers = db.session.scalars(
        select(Audit.case_reference).where(Audit.cycle_id == cycle.id, Audit.case_reference.is_not(None))
    )
    if masking(number for number in numbers if number)(text) != text:
        raise Refused(CASE_NUMBER)


def _checked(cycle: Cycle, theme: str, text: str) -> tuple[str, str]:
    theme, text = theme.strip(), text.strip()
    if not theme or not text:
        raise Refused("Enter a theme and a comment")
    refuse_case_number(cycle, f"{theme} {text}")
    return theme, text

"""The analyst's words in a report: one text for each section, and the comments chosen for it.

The history tells that something was written and by whom, never what: a text may be changed because of a name.
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
from app.reports.sections import outlined

LONGEST_TEXT = 10_000
CASE_NUMBER = "Take the case number out: the report is read by people who must not see it."


class WrittenMeanwhile(NotNow):
    """Refused: another person wrote this section since the page was opened; `theirs` is what it says now."""

    def __init__(self, theirs: str, version: int, by: str) -> None:
        super().__init__(f"{by} wrote this section while you had the page open. Both texts are below.")
        self.theirs, self.version = theirs, version


def narrative(cycle: Cycle, section: str) -> Narrative | None:
    """Return what is written for a section."""
    return db.session.get(Narrative, (cycle.id, section))


def written_sections(cycle: Cycle) -> set[str]:
    """The keys of the sections in which something is written."""
    query = select(Narrative.section).where(Narrative.cycle_id == cycle.id, Narrative.text != "")
    return set(db.session.scalars(query))


def write(cycle: Cycle, section: str, text: str, *, by: Person, on: date, seen: int) -> None:
    """Write a section; an empty text takes it out: its row stays, so that a version is never seen twice.

    `seen` is the version that the person saw, 0 for none.

    Raises WrittenMeanwhile when somebody else was quicker, Refused for a case number in it.
    """
    known = outlined(section)
    assert known is not None
    text = text.strip()
    refuse_case_number(cycle, text)
    with transaction():
        cycle = locked(Cycle, cycle.reference)
        kept = db.session.get(Narrative, (cycle.id, section), populate_existing=True)
        now = kept.version if kept else 0
        if now != seen and (kept is None or kept.text != text):
            author = db.session.get_one(Person, kept.written_by_id).name if kept else "Somebody"
            raise WrittenMeanwhile(kept.text if kept else "", now, author)
        if kept is None and text:
            kept = Narrative(
                cycle_id=cycle.id, section=section, text=text, written_by_id=by.id, written_on=on
            )
            db.session.add(kept)
        elif kept is not None and kept.text != text:
            kept.text, kept.written_by_id, kept.written_on = text, by.id, on
        else:
            return
        tell(cycle, by, on, "report written" if text else "report text taken out", after=known[1].heading)


def chosen_comments(cycle: Cycle) -> Sequence[ChosenComment]:
    """The comments that the report quotes, theme by theme."""
    query = select(ChosenComment).where(ChosenComment.cycle_id == cycle.id)
    return db.session.scalars(query.order_by(ChosenComment.theme, ChosenComment.id)).all()


def choose(cycle: Cycle, *, theme: str, question: str | None, text: str, by: Person, on: date) -> None:
    """Quote a comment in the report, in words that give nobody away. Raises Refused for a case number."""
    theme, text = _sound(cycle, theme, text)
    with transaction():
        db.session.add(ChosenComment(cycle_id=cycle.id, theme=theme, question=question, text=text))
        tell(cycle, by, on, "comment chosen for the report", after=theme)


def chosen_comment(cycle: Cycle, number: int) -> ChosenComment | None:
    """Return a comment that the report quotes."""
    kept = db.session.get(ChosenComment, number)
    return kept if kept is not None and kept.cycle_id == cycle.id else None


def rewrite(cycle: Cycle, number: int, *, theme: str, text: str, by: Person, on: date) -> None:
    """Quote a chosen comment under this theme in these words.

    Raises Refused for a case number, NotNow when somebody left the comment out meanwhile.
    """
    theme, text = _sound(cycle, theme, text)
    with transaction():
        kept = db.session.get(ChosenComment, number, with_for_update=True)
        if kept is None or kept.cycle_id != cycle.id:
            raise NotNow("Somebody left this comment out while you had the page open.")
        kept.theme, kept.text = theme, text
        tell(cycle, by, on, "comment of the report changed", after=theme)


def leave_out(cycle: Cycle, number: int, *, by: Person, on: date) -> None:
    """Quote it no more; nothing happens when it is gone already."""
    with transaction():
        kept = db.session.get(ChosenComment, number)
        if kept is not None and kept.cycle_id == cycle.id:
            db.session.delete(kept)
            tell(cycle, by, on, "comment left out of the report", after=kept.theme)


def refuse_case_number(cycle: Cycle, text: str) -> None:
    """Raises Refused when a text holds the number of one of the cycle's cases."""
    numbers = db.session.scalars(
        select(Audit.case_reference).where(Audit.cycle_id == cycle.id, Audit.case_reference.is_not(None))
    )
    if masking(each for each in numbers if each)(text) != text:
        raise Refused(CASE_NUMBER)


def _sound(cycle: Cycle, theme: str, text: str) -> tuple[str, str]:
    theme, text = theme.strip(), text.strip()
    if not theme or not text:
        raise Refused("Say under which theme it stands, and what it says.")
    refuse_case_number(cycle, f"{theme} {text}")
    return theme, text

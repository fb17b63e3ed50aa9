"""The moves of a draft as a whole: beginning, changing, publishing and deleting it.

Only a draft changes. Every move locks the version first, so that two people who write at once follow each
other.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.database import db, transaction
from app.history.record import Event, record
from app.refusal import NotNow, Refused
from app.tools import queries
from app.tools.content import EXCLUDED, MET, NOT_MET, UNIT, Content, Scale
from app.tools.models import Tool
from app.tools.queries import content_of
from app.tools.rows import tool_of
from app.tools.soundness import in_sentences, refuse_reference, unsound

FIRST_SCALE = Scale("evidence", (("yes", MET), ("no", NOT_MET), ("not applicable", EXCLUDED)))
"""The scale that a new tool begins with: most questions ask whether something is on file."""


class NotADraft(NotNow):
    """Raised for a change of a published version, which never changes."""


@dataclass(frozen=True)
class Details:
    """The details of a version beside its scales and questions. `minimum_answered` is a fraction, 0 to 1."""

    title: str
    minimum_answered: float
    minimum_count: int
    unit: str = UNIT


class Writing:
    """A draft that is being changed, and its events for the history."""

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        self.events: list[Event] = []

    def tell(self, what: str, before: str | None = None, after: str | None = None) -> None:
        """Add a change to the events."""
        self.events.append(Event("tool", name_of(self.tool), what, before, after))

    def tell_changes(
        self, what: str, before: Mapping[str, str | None], after: Mapping[str, str | None]
    ) -> None:
        """Add what differs of the facts of a part, by the name of each fact."""
        for name, old in before.items():
            if old != after[name]:
                self.tell(f"{what}: {name} changed", old, after[name])


def name_of(tool: Tool) -> str:
    """Return the name that the history uses: "child-protection 1"."""
    return f"{tool.reference} {tool.version}"


def refuse_change(tool: Tool) -> str | None:
    """Return why a version cannot be changed; None for a draft."""
    if tool.is_draft:
        return None
    return (
        f"Version {tool.version} of {tool.title} is published, so you cannot change it. "
        "Create a new version instead."
    )


@contextmanager
def writing(tool: Tool, by: str) -> Iterator[Writing]:
    """Make one change of a draft, with its history. Raises NotADraft when the version is published by now."""
    tool_id = tool.id
    with transaction():
        locked = db.session.scalars(select(Tool).where(Tool.id == tool_id).with_for_update()).one_or_none()
        if locked is None:
            raise NotADraft("This draft has been deleted")
        if why := refuse_change(locked):
            raise NotADraft(why)
        draft = Writing(locked)
        yield draft
        db.session.flush()
        record(by, draft.events)


def create(reference: str, details: Details, *, by: str) -> Tool:
    """Begin a new tool as a draft of its version 1. Raises Refused when the reference cannot be used."""
    if why := refuse_reference(reference):
        raise Refused(f"Reference {why}")
    with transaction():
        if taken := Tool.taken(reference):
            raise Refused(f"There is already a tool {taken}. Enter another reference.")
        return _add(
            Content(
                reference=reference,
                version=1,
                title=details.title,
                minimum_answered=details.minimum_answered,
                minimum_count=details.minimum_count,
                unit=details.unit,
                scales=(FIRST_SCALE,),
                sections=(),
            ),
            by,
            "draft created",
        )


def new_version(reference: str, *, by: str) -> Tool:
    """Copy the latest version into a draft of the next one. Raises Refused while there is a draft."""
    with transaction():
        latest = queries.latest_published(reference)
        draft = queries.draft_of(reference)
        if draft is not None:
            raise Refused(f"There is already a draft of version {draft.version}. Publish or delete it first.")
        if latest is None:
            raise Refused("There is no published version to copy")
        content = content_of(latest)
        return _add(
            replace(content, version=latest.version + 1), by, f"draft created from version {latest.version}"
        )


def _add(content: Content, by: str, what: str) -> Tool:
    tool = tool_of(content, queries.standard_ids())
    tool.is_draft = True
    db.session.add(tool)
    db.session.flush()
    record(by, [Event("tool", content.name, what, after=content.title)])
    return tool


def change_details(tool: Tool, details: Details, *, by: str) -> None:
    """Change a draft's title, what an audit examines, and the least that gives a figure."""
    with writing(tool, by) as draft:
        before = Details(
            draft.tool.title,
            draft.tool.minimum_answered,
            draft.tool.minimum_count,
            draft.tool.unit or UNIT,
        )
        if before.title != details.title:
            draft.tell("title changed", before.title, details.title)
        if before.minimum_answered != details.minimum_answered:
            shares = (f"{before.minimum_answered:.0%}", f"{details.minimum_answered:.0%}")
            draft.tell("minimum share changed", *shares)
        if before.minimum_count != details.minimum_count:
            numbers = (str(before.minimum_count), str(details.minimum_count))
            draft.tell("minimum number changed", *numbers)
        if before.unit != details.unit:
            draft.tell("unit changed", before.unit, details.unit)
        draft.tool.unit = details.unit if details.unit != UNIT else None
        draft.tool.title = details.title
        draft.tool.minimum_answered = details.minimum_answered
        draft.tool.minimum_count = details.minimum_count


def refuse_publish(tool: Tool) -> list[str]:
    """Return the sentences that say why a draft cannot be published; empty when it can be."""
    content = content_of(tool)
    questions = queries.elsewhere(question.key for question in content.questions())
    return [str(fault) for fault in unsound(content, questions)]


def publish(tool: Tool, *, by: str, on: date) -> None:
    """Publish a draft: cycles can use it from now on, and it never changes again.

    Raises Refused when a rule of soundness.py is broken.
    """
    with writing(tool, by) as draft:
        whole = queries.found(tool.reference, tool.version)
        assert whole is not None
        if faults := refuse_publish(whole):
            raise Refused(in_sentences(faults))
        whole.is_draft, whole.published_on = False, on
        draft.tell("published", after=whole.title)


def delete(tool: Tool, *, by: str) -> None:
    """Delete a draft with its content."""
    with writing(tool, by) as draft:
        draft.tell("draft deleted", before=draft.tool.title)
        db.session.delete(draft.tool)

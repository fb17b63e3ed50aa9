"""The answers that an audit was returned with, kept when it is sent back, so that a day in between reads it.

It is one document beside the return (`Return.kept`): the rows of the audit in the tables of answers as they
were, by table, with their ids and texts. The return itself and its confirmation are columns.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, select

from app.answers.models import (
    AGREED,
    REPLACING,
    Answer,
    AnswerView,
    FormNote,
    FurtherResponse,
    FurtherViewResponse,
    LookedIn,
    Moderation,
    SectionSetAside,
)
from app.audits.models import Audit, Return
from app.audits.standing import Standings
from app.database import db

Rows = dict[str, list[dict[str, Any]]]
"""Rows by the name of their table, each by the names of its columns."""

CONFIRMATION = "confirmation"
"""The key of what the second auditor said of the return."""


def rows_of(audit: Audit) -> Rows:
    """Return the rows of an audit in the tables of answers, to be kept with its return."""
    answers = select(Answer.id).where(Answer.audit_id == audit.id)
    views = select(AnswerView.id).where(AnswerView.audit_id == audit.id)
    of_audit = (Answer, AnswerView, SectionSetAside, Moderation, FormNote)
    of_answers = (FurtherResponse, LookedIn)
    queries: list[tuple[str, Select[Any]]] = [
        *((each.__tablename__, select(each.__table__).where(each.audit_id == audit.id)) for each in of_audit),
        *(
            (each.__tablename__, select(each.__table__).where(each.answer_id.in_(answers)))
            for each in of_answers
        ),
        (
            FurtherViewResponse.__tablename__,
            select(FurtherViewResponse.__table__).where(FurtherViewResponse.view_id.in_(views)),
        ),
    ]
    rows = {
        table: [
            {name: _plain(value) for name, value in row.items()}
            for row in db.session.execute(query).mappings()
        ]
        for table, query in queries
    }
    confirmation = {"in_product": audit.confirmed_in_product, "differs": audit.differs}
    return {**rows, CONFIRMATION: [confirmation]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


@dataclass(frozen=True)
class Given:
    """The answer to a question that counted: ids of response, further responses and place, and the number.

    `reason` is that of a grade, or the comment; None where the view of another replaced the answer.
    """

    response: int | None
    further: tuple[int, ...]
    found_in: int | None
    number: float | None
    is_replaced: bool
    reason: str | None
    reason_above_limit: str | None

    @property
    def lacks_reason(self) -> bool:
        """True for a judgement without its reason; another's view always has one."""
        return not self.is_replaced and not (self.reason or "").strip()


NOT_ANSWERED = Given(None, (), None, None, is_replaced=False, reason=None, reason_above_limit=None)


class AsReturned:
    """The answers of a return that was sent back, and what was said of them, read as of a day before."""

    def __init__(self, rows: Rows, on: date) -> None:
        self._rows = rows
        self._on = on.isoformat()

    @cached_property
    def answers(self) -> Mapping[int, Given]:
        """Return the answers that counted on the day, by the id of their question."""
        further = _by(self._rows["further_responses"], "answer_id")
        further_of_views = _by(self._rows["further_view_responses"], "view_id")
        given = {
            row["question_id"]: Given(
                row["response_id"],
                tuple(further[row["id"]]),
                row["found_in_id"],
                row["number"],
                is_replaced=False,
                reason=row["comment"],
                reason_above_limit=row["above_limit_because"],
            )
            for row in self._rows["answers"]
        }
        for view in sorted(self._views(REPLACING), key=lambda view: (view["whose"] != AGREED, view["id"])):
            replaced = given.get(view["question_id"])
            given[view["question_id"]] = Given(
                view["response_id"],
                tuple(further_of_views[view["id"]]),
                replaced.found_in if replaced else None,
                view["number"],
                is_replaced=True,
                reason=None,
                reason_above_limit=replaced.reason_above_limit if replaced else None,
            )
        return given

    @cached_property
    def comments(self) -> Mapping[int, tuple[int | None, str]]:
        """Return the comments of the pair with their own response, by the id of the question."""
        return {
            row["question_id"]: (row["response_id"], row["comment"])
            for row in self._rows["answers"]
            if (row["comment"] or "").strip()
        }

    @property
    def set_aside(self) -> frozenset[int]:
        """Return the ids of the sections that were set aside."""
        return frozenset(row["section_id"] for row in self._rows["sections_set_aside"])

    def seen_otherwise(self, whose: str) -> Collection[int]:
        """Return the ids of the questions that the second auditor or the moderator saw otherwise."""
        return [view["question_id"] for view in self._views((whose,))]

    @property
    def is_moderated(self) -> bool:
        """True where a moderator had decided by the day."""
        return any(row["decided_on"] <= self._on for row in self._rows["moderations"])

    @property
    def is_confirmed_here(self) -> bool:
        """True where the second auditor confirmed it in the product."""
        return any(row["in_product"] for row in self._rows[CONFIRMATION])

    @property
    def differs(self) -> bool:
        """True where the second auditor said that they differ."""
        return any(row["differs"] is not None for row in self._rows[CONFIRMATION])

    def _views(self, whose: Collection[str]) -> Iterator[dict[str, Any]]:
        return (
            view
            for view in self._rows["answer_views"]
            if view["whose"] in whose and view["made_on"] <= self._on
        )


def _by(rows: list[dict[str, Any]], key: str) -> Mapping[int, list[int]]:
    """Return the responses by the answer or view that they belong to."""
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row["response_id"])
    return found


def as_returned(at: Standings) -> Mapping[int, AsReturned]:
    """Return what those audits were returned with that were sent back after the day, by their ids.

    It takes no query where none was. Of one that was sent back before this was kept, nothing is known, and
    its answers are read as they are now.
    """
    if not at.sent_back:
        return {}
    query = select(Return.audit_id, Return.kept).where(
        Return.id.in_([each.return_id for each in at.sent_back]), Return.kept.is_not(None)
    )
    return {audit_id: AsReturned(kept, at.on) for audit_id, kept in db.session.execute(query) if kept}

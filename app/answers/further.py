"""Reading the further responses of answers that hold several, and of the views of such answers."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Select, select

from app.answers.models import Answer, AnswerView, FurtherResponse, FurtherViewResponse
from app.database import db

Audits = Collection[int] | Select[int]
"""The ids of audits, or a query that selects them."""


def further_of_answers(audits: Audits) -> Mapping[int, frozenset[int]]:
    """Return the ids of the further responses in these audits, by answer, of those that have any."""
    query = select(FurtherResponse.answer_id, FurtherResponse.response_id).join(Answer)
    return _by_first(query.where(Answer.audit_id.in_(audits)))


def further_of_views(audits: Audits) -> Mapping[int, frozenset[int]]:
    """Return the ids of the further responses in these audits, by view, of those that have any."""
    query = select(FurtherViewResponse.view_id, FurtherViewResponse.response_id).join(AnswerView)
    return _by_first(query.where(AnswerView.audit_id.in_(audits)))


def _by_first(query: Select[int, int]) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for first, response_id in db.session.execute(query):
        found[first].add(response_id)
    return {first: frozenset(responses) for first, responses in found.items()}

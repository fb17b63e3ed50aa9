"""The things that make news, and how long news holds. Pure."""

from enum import StrEnum

HOLDS_FOR = 20
"""Working days for which news that nobody has read is still sent, and shown on the first page."""


class Happening(StrEnum):
    """A thing that became of one's own work.

    Each says what the news is about, and which facts its sentence has (`app.news.words`): names of people,
    and dates as in "2010-11-26". Those in brackets can be missing.
    """

    OTHER_AUDITOR = "other auditor"
    """About the audit, to who stays: [auditor] the new other auditor, [before] the one who was it."""
    NO_LONGER_THEIRS = "no longer theirs"
    """About the audit, to an auditor who has nothing more to do for it, and was never sent anything about it:
    because "replaced" or "withdrawn" or "exempt", [to] who has it now. On the first page alone, never in an
    email. About the action, recommendation or remedy likewise, to who owned it."""
    NOTHING_MORE_TO_DO = "nothing more to do"
    """About the action, recommendation or remedy, to an owner who was sent something about it: because
    "replaced" or "withdrawn", [to] who has it now."""
    OWNER_NEEDED = "owner needed"
    """About the action or recommendation, to coordinators and who raised it: before, the owner who said that
    it is not theirs."""
    OTHER_DUE_DATE = "other due date"
    """About the audit, action, recommendation or remedy, to its auditors or owner: due_on, [before] the date
    that held until then."""
    NO_LONGER_EXEMPT = "no longer exempt"
    """About the audit, to those of its auditors who read on their first page that it was: due_on."""
    PROMISE_OVER = "promise over"
    """About the audit, to its auditors: promised_on, the date of a promise that has ended before it, because
    "auditors" or "due date" changed."""
    SECOND_DIFFERS = "second differs"
    """About the audit, to who returned it: auditor, the one who does not agree."""
    GRADE_CHANGED = "grade changed"
    """About the audit, to its auditors, by a moderator."""
    REPLY_CHANGED_GRADE = "reply changed grade"
    """About the audit, to its auditors, after a reply of the worker."""
    REPLY_DECIDED = "reply decided"
    """About the audit, to the worker who replied."""
    LATER_GRANTED = "later granted"
    """About the action, recommendation or remedy, to its owner: due_on, the new date."""
    LATER_REFUSED = "later refused"
    """About the same, to its owner: [due_on], the date that stays."""
    SIGNED_OFF = "signed off"
    """About the action or recommendation, to its owner."""
    SIGN_OFF_TAKEN_BACK = "sign-off taken back"
    """About the action, to its owner."""
    HANDED_BACK = "handed back"
    """About the action or recommendation that is not done yet, to its owner."""
    EFFECTIVE = "effective"
    """About the action, to its owner."""
    NOT_EFFECTIVE = "not effective"
    """About the action, to its owner."""
    CHECK_TAKEN_BACK = "check taken back"
    """About the action, to its owner: the result of its impact check."""
    DECISION_TAKEN_BACK = "decision taken back"
    """About the recommendation, to its owner."""
    REJECTED = "rejected"
    """About the recommendation, to its owner."""
    DEFERRED = "deferred"
    """About the recommendation, to its owner: there will be another decision."""
    ALERT_TAKEN_UP = "alert taken up"
    """About the alert, to who raised it: taken_up_by, a name."""
    TO_MODERATE = "to moderate"
    """About the audit, to moderators: [because] "reply" or "dispute"; missing for a return."""
    RESPONSE_FELL_AWAY = "response fell away"
    """About the response, to those who were asked."""
    DISPUTE_DECIDED = "dispute decided"
    """About the response, to those who were asked: a moderator kept or changed the grades."""


FIRST_PAGE_ALONE = frozenset({Happening.NO_LONGER_THEIRS})
"""News that no email has: whoever it is for was never sent anything about the thing."""

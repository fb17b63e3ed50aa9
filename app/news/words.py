"""News in words: one sentence from what happened and its facts. Pure.

Never a grade, a case number, a reason or an answer: the sentence stands in emails.
"""

from collections.abc import Callable, Mapping
from datetime import date

from app.news.happenings import Happening
from app.wording import full_day
from app.working_days import WorkingDays

Facts = Mapping[str, str]

_DATES = ("due_on", "promised_on")

_LATER = "The later due date that you asked for"


def sentence(what: str, facts: Facts, days: WorkingDays) -> str:
    """Return the sentence of a piece of news, which follows the reference of the thing it is about.

    A date is told as the working day that it counts as.
    """
    told = {
        name: full_day(days.offset(date.fromisoformat(day), 0)) for name in _DATES if (day := facts.get(name))
    }
    return _SENTENCES[Happening(what)]({**facts, **told})


def _other_auditor(facts: Facts) -> str:
    auditor, before = facts.get("auditor"), facts.get("before")
    if auditor and before:
        return f"{auditor} has replaced {before} as the other auditor."
    return f"{auditor} is now the other auditor." if auditor else f"{before} is no longer the other auditor."


def _no_longer_theirs(facts: Facts) -> str:
    became_of_it = {
        "withdrawn": "It was withdrawn",
        "exempt": "It does not have to be returned for now",
    }
    to = facts.get("to")
    replaced = f"{to} has taken it over" if to else "Someone else has taken it over"
    return f"{became_of_it.get(facts['because'], replaced)}. You do not have to do anything more for it."


def _promise_over(facts: Facts) -> str:
    changed = {
        "auditors": "the auditors have changed",
        "due date": "the due date has changed",
    }
    promise = f"The promise that it is back by {facts['promised_on']} has ended"
    return f"{promise}, because {changed[facts['because']]}. You are reminded again."


def _later_refused(facts: Facts) -> str:
    refused = f"{_LATER} was not agreed."
    return f"{refused} It is still due {facts['due_on']}." if facts.get("due_on") else refused


def _to_moderate(facts: Facts) -> str:
    because = {
        "reply": "The worker has replied after moderation: decide about the reply.",
        "dispute": "The managers dispute the result of the audit: decide about the dispute.",
    }
    return because.get(facts.get("because", ""), "It is ready to moderate.")


_SENTENCES: dict[Happening, Callable[[Facts], str]] = {
    Happening.OTHER_AUDITOR: _other_auditor,
    Happening.NO_LONGER_THEIRS: _no_longer_theirs,
    Happening.NOTHING_MORE_TO_DO: _no_longer_theirs,
    Happening.OWNER_NEEDED: lambda facts: f"{facts['before']} said that it is not theirs. It needs an owner.",
    Happening.OTHER_DUE_DATE: lambda facts: f"The due date is now {facts['due_on']}.",
    Happening.NO_LONGER_EXEMPT: lambda facts: (
        f"It is not exempt any more. Its due date is {facts['due_on']}."
    ),
    Happening.PROMISE_OVER: _promise_over,
    Happening.SECOND_DIFFERS: lambda facts: f"{facts['auditor']} does not agree with everything.",
    Happening.GRADE_CHANGED: lambda _: "A moderator has changed an answer.",
    Happening.REPLY_CHANGED_GRADE: lambda _: "An answer was changed after the worker’s reply.",
    Happening.REPLY_DECIDED: lambda _: "There is a decision about your reply.",
    Happening.LATER_GRANTED: lambda facts: (
        f"The later due date that you asked for was agreed: {facts['due_on']}."
    ),
    Happening.LATER_REFUSED: _later_refused,
    Happening.SIGNED_OFF: lambda _: "It has been signed off.",
    Happening.SIGN_OFF_TAKEN_BACK: lambda _: "The sign-off was taken back: it has to be signed off again.",
    Happening.HANDED_BACK: lambda _: "It was handed back to you: there is more to do.",
    Happening.EFFECTIVE: lambda _: "The check found that it worked.",
    Happening.NOT_EFFECTIVE: lambda _: "The check found that it did not work.",
    Happening.CHECK_TAKEN_BACK: lambda _: (
        "The result of the check was taken back: it has to be checked again."
    ),
    Happening.DECISION_TAKEN_BACK: lambda _: "The decision was taken back: it is awaiting a decision again.",
    Happening.REJECTED: lambda _: "It was rejected. You do not have to do anything more for it.",
    Happening.DEFERRED: lambda _: (
        "The decision was deferred. You do not have to do anything for it until there is a new decision."
    ),
    Happening.ALERT_TAKEN_UP: lambda facts: f"{facts['taken_up_by']} has taken up your alert.",
    Happening.TO_MODERATE: _to_moderate,
    Happening.RESPONSE_FELL_AWAY: lambda _: "A response is no longer needed.",
    Happening.DISPUTE_DECIDED: lambda _: "There is a decision about the dispute.",
}

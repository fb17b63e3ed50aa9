"""The sentence of each piece of news, from its facts."""

import pytest

from app.news.happenings import Happening
from app.news.words import sentence
from app.working_days import WorkingDays

AGAIN = "You are reminded again."
AUDITORS, DUE = "because the auditors have changed", "because the due date has changed"

SENTENCES: list[tuple[Happening, dict[str, str], str]] = [
    (
        Happening.OWNER_NEEDED,
        {"before": "Una Fox"},
        "Una Fox said that it is not theirs. It needs an owner.",
    ),
    (
        Happening.OTHER_AUDITOR,
        {"auditor": "Ann Lee", "before": "Una Fox"},
        "Ann Lee has replaced Una Fox as the other auditor.",
    ),
    (Happening.OTHER_AUDITOR, {"auditor": "Ann Lee"}, "Ann Lee is now the other auditor."),
    (Happening.OTHER_AUDITOR, {"before": "Una Fox"}, "Una Fox is no longer the other auditor."),
    (
        Happening.NO_LONGER_THEIRS,
        {"because": "replaced", "to": "Olu Ade"},
        "Olu Ade has taken it over. You do not have to do anything more for it.",
    ),
    (
        Happening.NO_LONGER_THEIRS,
        {"because": "replaced", "to": ""},
        "Someone else has taken it over. You do not have to do anything more for it.",
    ),
    (
        Happening.NO_LONGER_THEIRS,
        {"because": "withdrawn", "to": ""},
        "It was withdrawn. You do not have to do anything more for it.",
    ),
    (
        Happening.NO_LONGER_THEIRS,
        {"because": "exempt", "to": ""},
        "It does not have to be returned for now. You do not have to do anything more for it.",
    ),
    (
        Happening.NOTHING_MORE_TO_DO,
        {"because": "replaced", "to": "Olu Ade"},
        "Olu Ade has taken it over. You do not have to do anything more for it.",
    ),
    (
        Happening.NOTHING_MORE_TO_DO,
        {"because": "withdrawn", "to": ""},
        "It was withdrawn. You do not have to do anything more for it.",
    ),
    (Happening.OTHER_DUE_DATE, {"due_on": "2010-11-26"}, "The due date is now Friday 26 November 2010."),
    # a Saturday counts as Monday
    (Happening.OTHER_DUE_DATE, {"due_on": "2010-11-27"}, "The due date is now Monday 29 November 2010."),
    (
        Happening.NO_LONGER_EXEMPT,
        {"due_on": "2010-11-26"},
        "It is not exempt any more. Its due date is Friday 26 November 2010.",
    ),
    (
        Happening.PROMISE_OVER,
        {"because": "auditors", "promised_on": "2010-11-27"},
        f"The promise that it is back by Monday 29 November 2010 has ended, {AUDITORS}. {AGAIN}",
    ),
    (
        Happening.PROMISE_OVER,
        {"because": "due date", "promised_on": "2010-11-26"},
        f"The promise that it is back by Friday 26 November 2010 has ended, {DUE}. {AGAIN}",
    ),
    (Happening.SECOND_DIFFERS, {"auditor": "Ann Lee"}, "Ann Lee does not agree with everything."),
    (Happening.GRADE_CHANGED, {}, "A moderator has changed an answer."),
    (Happening.REPLY_CHANGED_GRADE, {}, "An answer was changed after the worker’s reply."),
    (Happening.REPLY_DECIDED, {}, "There is a decision about your reply."),
    (
        Happening.LATER_GRANTED,
        {"due_on": "2010-11-26"},
        "The later due date that you asked for was agreed: Friday 26 November 2010.",
    ),
    (
        Happening.LATER_REFUSED,
        {"due_on": "2010-11-12"},
        "The later due date that you asked for was not agreed. It is still due Friday 12 November 2010.",
    ),
    (Happening.LATER_REFUSED, {}, "The later due date that you asked for was not agreed."),
    (Happening.LATER_REFUSED, {"due_on": ""}, "The later due date that you asked for was not agreed."),
    (Happening.SIGNED_OFF, {}, "It has been signed off."),
    (Happening.SIGN_OFF_TAKEN_BACK, {}, "The sign-off was taken back: it has to be signed off again."),
    (Happening.HANDED_BACK, {}, "It was handed back to you: there is more to do."),
    (Happening.EFFECTIVE, {}, "The check found that it worked."),
    (Happening.NOT_EFFECTIVE, {}, "The check found that it did not work."),
    (
        Happening.CHECK_TAKEN_BACK,
        {},
        "The result of the check was taken back: it has to be checked again.",
    ),
    (
        Happening.DECISION_TAKEN_BACK,
        {},
        "The decision was taken back: it is awaiting a decision again.",
    ),
    (Happening.REJECTED, {}, "It was rejected. You do not have to do anything more for it."),
    (
        Happening.DEFERRED,
        {},
        "The decision was deferred. You do not have to do anything for it until there is a new decision.",
    ),
    (Happening.ALERT_TAKEN_UP, {"taken_up_by": "Mona Reed"}, "Mona Reed has taken up your alert."),
    (Happening.TO_MODERATE, {}, "It is ready to moderate."),
    (
        Happening.TO_MODERATE,
        {"because": "reply"},
        "The worker has replied after moderation: decide about the reply.",
    ),
    (
        Happening.TO_MODERATE,
        {"because": "dispute"},
        "The managers dispute the result of the audit: decide about the dispute.",
    ),
    (Happening.RESPONSE_FELL_AWAY, {}, "A response is no longer needed."),
    (Happening.DISPUTE_DECIDED, {}, "There is a decision about the dispute."),
]


@pytest.mark.parametrize(("what", "facts", "expected"), SENTENCES)
def test_the_sentence_of_news(what: Happening, facts: dict[str, str], expected: str) -> None:
    assert sentence(what.value, facts, WorkingDays()) == expected


def test_everything_that_can_happen_has_a_sentence() -> None:
    assert {what for what, _, _ in SENTENCES} == set(Happening)


@pytest.mark.parametrize(("what", "facts", "expected"), SENTENCES)
def test_a_fact_that_a_sentence_does_not_have_is_not_told(
    what: Happening, facts: dict[str, str], expected: str
) -> None:
    secret = "inadequate, because nobody saw the child of case 700123"
    assert (
        sentence(what.value, facts | {"reason": secret, "grade": secret, "case": secret}, WorkingDays())
        == expected
    )

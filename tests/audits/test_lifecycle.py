"""The life of an audit as tables: its state on a day, and which moves are refused with which sentence."""

from dataclasses import replace
from datetime import date

import pytest

from app.audits.lifecycle import (
    AuditFacts,
    Move,
    State,
    awaits_confirmation,
    described,
    in_words,
    is_confirmed,
    is_due_today,
    is_open,
    progress,
    refuse,
    returned_after_cut_off,
    returned_now,
    state,
    state_name,
    working_days_late,
)
from app.audits.parts import LEAD, PARTS, SECOND
from app.working_days import WorkingDays

DAYS = WorkingDays()
OCT_4, OCT_8, OCT_13 = date(2010, 10, 4), date(2010, 10, 8), date(2010, 10, 13)
DEC_18, DEC_20, JAN_4 = date(2010, 12, 18), date(2010, 12, 20), date(2011, 1, 4)
NOV_5, NOV_8, DUE = date(2010, 11, 5), date(2010, 11, 8), date(2010, 11, 12)
SAT_13, MON_15, TUE_16, DEC_17 = (
    date(2010, 11, 13),
    date(2010, 11, 15),
    date(2010, 11, 16),
    date(2010, 12, 17),
)

REQUESTED = AuditFacts(requested_on=OCT_4, due_on=DUE)
ASSIGNED = replace(REQUESTED, held=frozenset(PARTS), assigned_on=OCT_8)
STARTED = replace(ASSIGNED, started_on=OCT_13)
RETURNED = replace(STARTED, returned_on=NOV_8, returned_in_product=True)
CONFIRMED = replace(RETURNED, confirmed_on=NOV_8)
WITHDRAWN = replace(STARTED, withdrawn_on=NOV_5)
EXEMPT = replace(STARTED, exempted_on=NOV_5)
CLOSED = replace(STARTED, cycle_closed_on=DEC_17, cut_off_on=DEC_17)
FROZEN = replace(CLOSED, cycle_frozen_on=DEC_17)
RETURNED_THEN_CLOSED = replace(RETURNED, cycle_closed_on=DEC_17, cut_off_on=DEC_17)


@pytest.mark.parametrize(
    ("what", "facts", "on", "expected"),
    [
        ("nobody has it", REQUESTED, NOV_5, "requested"),
        ("a pair has it", ASSIGNED, NOV_5, "assigned"),
        ("assigned later", ASSIGNED, OCT_4, "requested"),
        ("started", STARTED, NOV_5, "in progress"),
        ("started that day", STARTED, OCT_13, "in progress"),
        ("started later", STARTED, OCT_8, "assigned"),
        ("due today", ASSIGNED, DUE, "assigned"),
        ("the day after", ASSIGNED, SAT_13, "overdue"),
        ("due on a Saturday, on that Monday", replace(ASSIGNED, due_on=SAT_13), MON_15, "assigned"),
        ("due on a Saturday, on that Tuesday", replace(ASSIGNED, due_on=SAT_13), TUE_16, "overdue"),
        ("returned later", RETURNED, NOV_5, "in progress"),
        ("returned that day", RETURNED, NOV_8, "returned"),
        ("returned late", replace(STARTED, returned_on=TUE_16), TUE_16, "returned"),
        ("overdue, then returned", replace(STARTED, returned_on=TUE_16), MON_15, "overdue"),
        ("cycle closed", CLOSED, DEC_17, "not returned"),
        ("cycle closed the next day", CLOSED, date(2010, 12, 16), "overdue"),
        ("returned in a closed cycle", RETURNED_THEN_CLOSED, DEC_17, "returned"),
        ("withdrawn", WITHDRAWN, NOV_5, "withdrawn"),
        ("withdrawn and returned", replace(RETURNED, withdrawn_on=NOV_8), NOV_8, "withdrawn"),
        ("exempt stays what it is", EXEMPT, NOV_5, "in progress"),
    ],
)
def test_the_state_on_a_day(what: str, facts: AuditFacts, on: date, expected: str) -> None:
    assert state(facts, on, DAYS) == State(expected), what


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        (REQUESTED, MON_15, "overdue by 1 working day, requested"),
        (STARTED, TUE_16, "overdue by 2 working days, in progress"),
        (ASSIGNED, SAT_13, "overdue since Friday 12 November, assigned"),
        (EXEMPT, TUE_16, "in progress, exempt"),
        (replace(EXEMPT, cycle_closed_on=DEC_17), DEC_17, "not returned"),
        (replace(EXEMPT, returned_on=NOV_8), NOV_8, "returned"),
        (
            replace(RETURNED_THEN_CLOSED, returned_on=date(2010, 12, 20)),
            date(2011, 1, 4),
            "returned after the cut-off",
        ),
        (RETURNED, NOV_8, "returned"),
    ],
)
def test_the_state_in_full(facts: AuditFacts, on: date, expected: str) -> None:
    assert described(facts, on, DAYS) == expected


@pytest.mark.parametrize(
    ("what", "facts", "on", "words", "late", "due_today"),
    [
        ("due today", ASSIGNED, DUE, "assigned", 0, True),
        ("overdue at the weekend", ASSIGNED, SAT_13, "overdue, assigned", 0, False),
        ("overdue", STARTED, TUE_16, "overdue, in progress", 2, False),
        ("due on a Saturday, on that day", replace(ASSIGNED, due_on=SAT_13), SAT_13, "assigned", 0, False),
        ("due on a Saturday, on that Monday", replace(ASSIGNED, due_on=SAT_13), MON_15, "assigned", 0, True),
        ("exempt", EXEMPT, NOV_5, "exempt", 0, False),
        ("exempt, on the due day", EXEMPT, DUE, "exempt", 0, False),
        ("exempt, after the due day", EXEMPT, TUE_16, "exempt", 0, False),
        ("exempt only later", replace(STARTED, exempted_on=DEC_17), TUE_16, "overdue, in progress", 2, False),
        ("exempt, then returned", replace(EXEMPT, returned_on=NOV_8), TUE_16, "returned", 0, False),
        ("exempt, then withdrawn", replace(EXEMPT, withdrawn_on=NOV_8), TUE_16, "withdrawn", 0, False),
        ("exempt in a closed cycle", replace(CLOSED, exempted_on=NOV_5), DEC_17, "not returned", 0, False),
        ("not returned", CLOSED, DEC_17, "not returned", 0, False),
        ("returned late", replace(STARTED, returned_on=TUE_16), TUE_16, "returned", 0, False),
    ],
)
def test_only_an_open_audit_is_late_or_due_today(
    what: str, facts: AuditFacts, on: date, words: str, late: int, due_today: bool
) -> None:
    assert in_words(facts, on, DAYS) == words, what
    assert working_days_late(facts, on, DAYS) == late, what
    assert is_due_today(facts, on, DAYS) is due_today, what
    assert state_name(facts, on, DAYS) == words.removesuffix(f", {progress(facts, on)}"), what


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        (REQUESTED, NOV_5, True),
        (STARTED, TUE_16, True),
        (EXEMPT, date(2010, 11, 4), True),
        (EXEMPT, NOV_5, False),
        (RETURNED, NOV_8, False),
        (WITHDRAWN, NOV_5, False),
        (CLOSED, DEC_17, False),
    ],
)
def test_an_audit_is_open_while_somebody_may_be_reminded(facts: AuditFacts, on: date, expected: bool) -> None:
    assert is_open(facts, on, DAYS) is expected


@pytest.mark.parametrize(
    ("what", "returned_on", "closed_on", "cut_off_on", "on", "after"),
    [
        ("on the cut-off day", DEC_17, DEC_20, DEC_17, JAN_4, False),
        ("the day after it", DEC_18, DEC_20, DEC_17, JAN_4, True),
        ("on the closing day, without a cut-off", DEC_17, DEC_17, None, JAN_4, False),
        ("the day after it, without a cut-off", DEC_18, DEC_17, None, JAN_4, True),
        ("a cut-off after the closing day", DEC_18, DEC_17, DEC_20, JAN_4, False),
        ("not returned", None, DEC_17, DEC_17, JAN_4, False),
        ("not returned yet", JAN_4, DEC_17, DEC_17, DEC_20, False),
        ("its cycle is open", DEC_18, None, DEC_17, JAN_4, False),
        ("its cycle closes only later", DEC_18, JAN_4, DEC_17, DEC_20, False),
        ("its cycle closes that day", DEC_18, DEC_20, DEC_17, DEC_20, True),
    ],
)
def test_a_return_on_the_cut_off_day_counts(
    what: str,
    returned_on: date | None,
    closed_on: date | None,
    cut_off_on: date | None,
    on: date,
    after: bool,
) -> None:
    facts = replace(STARTED, returned_on=returned_on, cycle_closed_on=closed_on, cut_off_on=cut_off_on)
    assert returned_after_cut_off(facts, on) is after, what
    assert (described(facts, on, DAYS) == "returned after the cut-off") is after, what


@pytest.mark.parametrize(
    ("facts", "on", "confirmed"),
    [
        (CONFIRMED, NOV_8, True),
        (CONFIRMED, NOV_5, False),
        (RETURNED, NOV_8, False),
        (replace(RETURNED, confirmed_on=DEC_17), NOV_8, False),
        (replace(CONFIRMED, withdrawn_on=NOV_8), NOV_8, False),
        (replace(CONFIRMED, withdrawn_on=DEC_17), NOV_8, True),
    ],
)
def test_a_return_is_confirmed_from_that_day_on(facts: AuditFacts, on: date, confirmed: bool) -> None:
    assert is_confirmed(facts, on) is confirmed


@pytest.mark.parametrize(
    ("facts", "on", "awaits"),
    [
        (RETURNED, NOV_8, True),
        (RETURNED, NOV_5, False),
        (CONFIRMED, NOV_8, False),
        (replace(RETURNED, confirmed_on=DEC_17), NOV_8, True),
        (RETURNED_THEN_CLOSED, DEC_17, False),
        (replace(RETURNED, returned_in_product=False), NOV_8, False),
    ],
)
def test_only_a_return_made_in_the_product_can_lack_a_confirmation(
    facts: AuditFacts, on: date, awaits: bool
) -> None:
    assert awaits_confirmation(facts, on) is awaits


# one row for each move: what it is answered by an audit that is requested, assigned to one, to two, started,
# returned, confirmed, exempt, withdrawn, in a closed cycle
RETURNED_SENTENCE = (
    "This audit was returned on 8 November 2010. To change an answer, ask a coordinator to send it back."
)
CYCLE_CLOSED = "This audit is in a cycle that was closed on 17 December 2010"
TWO_ALREADY = "This audit already has two auditors. To change one of them, replace an auditor."
ANSWERS_ARE_FINAL = (
    "This audit was returned on 8 November 2010 and its cycle is closed, so you cannot change its answers"
)
NOT_YET = "This audit has not been returned yet, so you cannot confirm it"
NO_SECOND = "This audit has no second auditor, so no one needs to confirm it"
NO_ONE_CONFIRMS = f"{CYCLE_CLOSED}, so no one needs to confirm it"
NO_ONE_TO_CHASE = "This audit has no auditors yet, so there is no one to chase"
BY_ONE = "This audit was done by one auditor, so no one needs to confirm it"
NOT_CHASED = "This audit was returned on 8 November 2010, so no one needs to be chased"
ONE_ALREADY = "This audit already has an auditor. To change who it is, replace the auditor."
NO_REASON = "This audit was returned on 8 November 2010, so you do not need to give a reason"
ENDED = "This audit was withdrawn on 5 November 2010, so you cannot change its due date"
RETURN_TOMORROW = (
    "The cycle of this audit was closed today, and today is its cut-off date. Return the audit tomorrow. "
    "It will be kept and marked as returned after the cut-off."
)
RETURNED_BY_ONE = replace(RETURNED, held=frozenset({LEAD}))
RETURNED_IN_A_FILE = replace(RETURNED, returned_in_product=False)
LACKS_NOTHING = "This audit was returned on 8 November 2010 in a file, so there is no one to chase"
HALF = replace(ASSIGNED, held=frozenset({LEAD}))
ALONE = replace(HALF, auditors=1)
ALONE_RETURNED = replace(RETURNED_BY_ONE, auditors=1)
LEAD_DECLINED = replace(ALONE, held=frozenset({SECOND}))
A_PAIR_ALL_THE_SAME = replace(ASSIGNED, auditors=1)
KINDS_FOR_ONE = (
    (replace(REQUESTED, auditors=1), NOV_5),
    (ALONE, NOV_5),
    (LEAD_DECLINED, NOV_5),
    (A_PAIR_ALL_THE_SAME, NOV_5),
    (ALONE_RETURNED, NOV_8),
    (replace(RETURNED, auditors=1), NOV_8),
)
"""Audits of a cycle that needs one auditor: nobody, the lead alone, a second alone, a pair; then returned by
the one and by a pair."""
TABLE_FOR_ONE = {
    Move.ASSIGN: "yes no yes no no no",
    Move.DECLINE: "no yes yes yes no no",
    Move.REASSIGN: "no yes yes yes no no",
    Move.CONFIRM: "no no no no no yes",
    Move.CHASE: "no yes yes yes no yes",
    Move.LOG_CHASE: "yes yes yes yes no yes",
    Move.SEND_BACK: "no no no no yes yes",
}
KINDS_OF_AUDIT = (
    (REQUESTED, NOV_5),
    (HALF, NOV_5),
    (ASSIGNED, NOV_5),
    (STARTED, NOV_5),
    (RETURNED, NOV_8),
    (CONFIRMED, NOV_8),
    (EXEMPT, NOV_5),
    (WITHDRAWN, NOV_5),
    (CLOSED, DEC_17),
)
TABLE = {
    Move.ASSIGN: "yes yes no no no no no no no",
    Move.DECLINE: "no yes yes yes no no yes no no",
    Move.START: "no yes yes no no no no no no",
    Move.SAVE: "no yes yes yes no no yes no yes",
    Move.RETURN: "no yes yes yes no no yes no yes",
    Move.CONFIRM: "no no no no yes no no no no",
    Move.SEND_BACK: "no no no no yes yes no no no",
    Move.EXTEND: "yes yes yes yes no no yes no no",
    Move.REASSIGN: "no yes yes yes no no yes no no",
    Move.WITHDRAW: "yes yes yes yes no no yes no no",
    Move.EXEMPT: "yes yes yes yes no no no no no",
    Move.MODERATE: "no no no no yes yes no no no",
    Move.CHASE: "no yes yes yes yes no no no no",
    Move.LOG_CHASE: "yes yes yes yes yes no yes no yes",
    Move.LIFT_EXEMPTION: "no no no no no no yes no no",
    Move.PROMISE: "no yes yes yes no no no no no",
    Move.GIVE_REASON: "yes yes yes yes no no yes no yes",
    Move.CORRECT_CASE: "yes yes yes yes yes yes yes yes no",
    Move.NAME_WORKER: "yes yes yes yes yes yes yes no yes",
}


@pytest.mark.parametrize("move", list(Move))
def test_which_moves_a_state_allows(move: Move) -> None:
    answers = [refuse(move, facts, on, DAYS) is None for facts, on in KINDS_OF_AUDIT]
    assert " ".join("yes" if answer else "no" for answer in answers) == TABLE[move]


@pytest.mark.parametrize("move", TABLE_FOR_ONE)
def test_which_moves_are_allowed_where_one_auditor_is_enough(move: Move) -> None:
    answers = [refuse(move, facts, on, DAYS) is None for facts, on in KINDS_FOR_ONE]
    assert " ".join("yes" if answer else "no" for answer in answers) == TABLE_FOR_ONE[move]


@pytest.mark.parametrize("move", list(Move))
def test_nothing_is_said_of_a_second_where_one_auditor_is_enough(move: Move) -> None:
    for facts, on in ((ALONE, NOV_5), (ALONE_RETURNED, NOV_8)):
        why = refuse(move, facts, on, DAYS) or ""
        assert not any(word in why for word in ("second", "two", "both"))


@pytest.mark.parametrize("move", list(Move))
def test_a_refusal_has_full_stops_only_if_it_has_two_sentences(move: Move) -> None:
    for facts, on in (*KINDS_OF_AUDIT, *KINDS_FOR_ONE):
        why = refuse(move, facts, on, DAYS)
        assert why is None or (why[0].isupper() and why.endswith(".") == (". " in why))


@pytest.mark.parametrize(
    ("move", "facts", "on", "sentence"),
    [
        (Move.ASSIGN, STARTED, NOV_5, TWO_ALREADY),
        (Move.START, REQUESTED, NOV_5, "This audit has no auditors yet, so you cannot start it"),
        (Move.START, STARTED, NOV_5, "This audit has already been started"),
        (Move.START, CLOSED, DEC_17, f"{CYCLE_CLOSED}, so you cannot start it"),
        (Move.RETURN, RETURNED, NOV_8, RETURNED_SENTENCE),
        (
            Move.RETURN, RETURNED_THEN_CLOSED, DEC_17,
            ANSWERS_ARE_FINAL,
        ),
        (Move.RETURN, FROZEN, DEC_17, RETURN_TOMORROW),
        (Move.RETURN, FROZEN, DEC_18, None),
        (Move.RETURN, CLOSED, DEC_17, None),
        (Move.SAVE, FROZEN, DEC_17, None),
        (Move.RETURN, replace(FROZEN, cut_off_on=date(2010, 12, 16)), DEC_17, None),
        (Move.CONFIRM, RETURNED_THEN_CLOSED, DEC_17, NO_ONE_CONFIRMS),
        (Move.CONFIRM, RETURNED_THEN_CLOSED, date(2010, 12, 16), None),
        (Move.CONFIRM, STARTED, NOV_5, NOT_YET),
        (Move.CONFIRM, CONFIRMED, NOV_8, "This audit has already been confirmed"),
        (Move.CONFIRM, RETURNED_BY_ONE, NOV_8, NO_SECOND),
        (Move.CONFIRM, ALONE_RETURNED, NOV_8, BY_ONE),
        (Move.CHASE, ALONE_RETURNED, NOV_8, NOT_CHASED),
        (Move.ASSIGN, ALONE, NOV_5, ONE_ALREADY),
        (Move.ASSIGN, A_PAIR_ALL_THE_SAME, NOV_5, TWO_ALREADY),
        (Move.SEND_BACK, STARTED, NOV_5, "This audit has not been returned, so you cannot send it back"),
        (Move.SEND_BACK, RETURNED_THEN_CLOSED, DEC_17, f"{CYCLE_CLOSED}, so you cannot send it back"),
        (Move.EXTEND, WITHDRAWN, NOV_5, ENDED),
        (Move.EXEMPT, EXEMPT, NOV_5, "This audit is already exempt"),
        (Move.CHASE, EXEMPT, NOV_5, "This audit is exempt, so you cannot chase it"),
        (Move.CHASE, REQUESTED, NOV_5, NO_ONE_TO_CHASE),
        (Move.CHASE, CLOSED, DEC_17, f"{CYCLE_CLOSED}, so you cannot chase it"),
        (Move.CHASE, RETURNED_IN_A_FILE, NOV_8, LACKS_NOTHING),
        (Move.CONFIRM, RETURNED_IN_A_FILE, NOV_8, None),
        (Move.GIVE_REASON, RETURNED, NOV_8, NO_REASON),
    ],
)  # fmt: skip
def test_a_refusal_says_why(move: Move, facts: AuditFacts, on: date, sentence: str | None) -> None:
    assert refuse(move, facts, on, DAYS) == sentence


def test_a_fact_of_a_later_day_has_not_happened_yet() -> None:
    assert refuse(Move.CONFIRM, RETURNED, NOV_5, DAYS) is not None
    assert refuse(Move.RETURN, RETURNED, NOV_5, DAYS) is None


@pytest.mark.parametrize(
    ("what", "facts", "on", "said"),
    [
        ("its cycle is open", STARTED, NOV_8, None),
        ("its cycle closes later", CLOSED, NOV_8, None),
        ("it came back", RETURNED_THEN_CLOSED, date(2010, 12, 20), None),
        ("it was withdrawn", replace(CLOSED, withdrawn_on=NOV_5), date(2010, 12, 20), None),
        ("the last day that counts, of a cycle that a file closed", CLOSED, DEC_17, None),
        ("that day, frozen", FROZEN, DEC_17, RETURN_TOMORROW),
        ("the day after", FROZEN, DEC_18, "marked “returned after the cut-off”"),
    ],
)
def test_what_becomes_of_a_return_after_the_cycle_has_closed(
    what: str, facts: AuditFacts, on: date, said: str | None
) -> None:
    words = returned_now(facts, on)
    assert words is None if said is None else words is not None and said in words, what

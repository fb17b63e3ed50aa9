"""The promise that holds on a day, those that were kept, and who may promise: tables of cases."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audits.promises import Outcome, Promise, broken, holding, outcomes, refuse_own, what_it_does
from app.working_days import WorkingDays

DAYS = WorkingDays()
LEA, SAM = 1, 2


def nov(day: int) -> date:
    return date(2010, 11, day)


def dec(day: int) -> date:
    return date(2010, 12, day)


DUE = nov(12)


@pytest.mark.parametrize(
    ("promises", "on", "expected"),
    [
        # the fixtures of the first cycle: CP-017 and CP-009
        ([Promise(nov(16), nov(30))], nov(15), None),
        ([Promise(nov(16), nov(30))], nov(16), nov(30)),
        ([Promise(nov(16), nov(30))], nov(30), nov(30)),
        ([Promise(nov(16), nov(30))], dec(1), None),
        ([Promise(nov(17), nov(26))], nov(26), nov(26)),
        ([Promise(nov(17), nov(26))], nov(29), None),
        # a promised Saturday holds on Monday
        ([Promise(nov(17), nov(27))], nov(29), nov(27)),
        ([Promise(nov(17), nov(27))], nov(30), None),
        # the latest holds, also when it is the earlier day
        ([Promise(nov(16), nov(30)), Promise(nov(18), nov(22))], nov(23), None),
        # it ended on the 19th: from then on it does not count, and before it did
        ([Promise(nov(16), nov(30), ended_on=nov(19))], nov(18), nov(30)),
        ([Promise(nov(16), nov(30), ended_on=nov(19))], nov(19), None),
        # at most to the 20th working day past the due day, 10 December
        ([Promise(nov(16), dec(20))], dec(10), dec(20)),
        ([Promise(nov(16), dec(20))], dec(13), None),
        # after one broken promise the next one holds, after two none does
        ([Promise(nov(15), nov(16)), Promise(nov(18), nov(19)), Promise(nov(22), nov(30))], nov(22), None),
        ([Promise(nov(15), nov(16)), Promise(nov(18), nov(30))], nov(22), nov(30)),
        # one that was replaced before its day is not broken; one that was replaced on its day is
        ([Promise(nov(15), nov(17)), Promise(nov(16), nov(19)), Promise(nov(22), nov(30))], nov(22), nov(30)),
        ([Promise(nov(15), nov(16)), Promise(nov(16), nov(19)), Promise(nov(22), nov(30))], nov(22), None),
        # a Saturday is Monday: replaced on Sunday is before its day
        (
            [Promise(nov(15), nov(20)), Promise(nov(21), nov(23)), Promise(nov(24), nov(30))],
            nov(24),
            nov(30),
        ),
        # those that were broken for an earlier due day count no more
        (
            [
                Promise(nov(8), nov(9), ended_on=nov(15)),
                Promise(nov(10), nov(11), ended_on=nov(15)),
                Promise(nov(16), nov(30)),
            ],
            nov(22),
            nov(30),
        ),
        # the one that was noted by mistake is withdrawn: the one before holds again
        ([Promise(nov(16), nov(30)), Promise(nov(17), nov(18), withdrawn_on=nov(22))], nov(19), None),
        ([Promise(nov(16), nov(30)), Promise(nov(17), nov(18), withdrawn_on=nov(22))], nov(22), nov(30)),
    ],
)
def test_which_promise_holds(promises: list[Promise], on: date, expected: date | None) -> None:
    found = holding(promises, DUE, on, DAYS)
    assert (found.promised_on if found else None) == expected


@pytest.mark.parametrize(
    ("promise", "returned", "on", "expected"),
    [
        (Promise(nov(16), nov(19)), (), nov(19), Outcome.OPEN),
        (Promise(nov(16), nov(19)), (), nov(22), Outcome.BROKEN),
        (Promise(nov(16), nov(19)), (nov(19),), nov(19), Outcome.KEPT),
        (Promise(nov(16), nov(19)), (nov(19),), nov(18), Outcome.OPEN),
        (Promise(nov(16), nov(19)), (nov(22),), nov(23), Outcome.BROKEN),
        # a Saturday counts as Monday
        (Promise(nov(16), nov(20)), (nov(22),), nov(23), Outcome.KEPT),
        # returned as promised, and then sent back
        (Promise(nov(16), nov(19), ended_on=nov(23)), (nov(18),), nov(24), Outcome.KEPT),
        (Promise(nov(16), nov(19), ended_on=nov(18)), (), nov(24), Outcome.ENDED),
        # the due day moved after the promised day had passed
        (Promise(nov(16), nov(19), ended_on=nov(23)), (), nov(24), Outcome.BROKEN),
        # noted by mistake: neither, also where that is found out after its day
        (Promise(nov(16), nov(19), withdrawn_on=nov(23)), (), nov(22), Outcome.BROKEN),
        (Promise(nov(16), nov(19), withdrawn_on=nov(23)), (), nov(23), Outcome.ENDED),
        (Promise(nov(16), nov(19), withdrawn_on=nov(23)), (nov(18),), nov(23), Outcome.ENDED),
        # back before it was promised: that return kept nothing
        (Promise(nov(16), nov(19)), (nov(10),), nov(22), Outcome.BROKEN),
    ],
)
def test_what_became_of_a_promise(
    promise: Promise, returned: tuple[date, ...], on: date, expected: Outcome
) -> None:
    assert outcomes([promise], returned, on, DAYS) == [expected]


def test_a_promise_that_another_takes_the_place_of_is_neither_kept_nor_broken() -> None:
    promises = [Promise(nov(16), nov(19)), Promise(nov(18), nov(26))]
    assert outcomes(promises, (), nov(29), DAYS) == [Outcome.REPLACED, Outcome.BROKEN]
    struck = [promises[0], Promise(nov(18), nov(26), withdrawn_on=nov(24))]
    assert outcomes(struck, (), nov(23), DAYS) == [Outcome.REPLACED, Outcome.OPEN]
    assert outcomes(struck, (), nov(24), DAYS) == [Outcome.BROKEN, Outcome.ENDED]


def test_a_promise_that_another_follows_on_its_own_day_was_not_kept() -> None:
    promises = [Promise(nov(16), nov(19)), Promise(nov(19), nov(26))]
    assert outcomes(promises, (), nov(19), DAYS) == [Outcome.OPEN, Outcome.OPEN]
    assert outcomes(promises, (), nov(22), DAYS) == [Outcome.BROKEN, Outcome.OPEN]


@pytest.mark.parametrize(
    ("promises", "auditor", "promised_on", "expected"),
    [
        ([], LEA, nov(26), None),
        ([], LEA, nov(29), "Date must be 26 November 2010 or earlier"),
        ([], LEA, nov(15), "Date must be today or in the future"),
        ([Promise(nov(15), nov(18), LEA)], LEA, nov(26), "You have already said"),
        ([Promise(nov(15), nov(18), LEA)], SAM, nov(26), None),
        ([Promise(nov(15), nov(18), LEA, ended_on=nov(16))], LEA, nov(26), None),
        (
            [Promise(nov(8), nov(9)), Promise(nov(10), nov(11))],
            LEA,
            nov(26),
            "Two promised dates have passed",
        ),
    ],
)
def test_who_can_promise(
    promises: list[Promise], auditor: int, promised_on: date, expected: str | None
) -> None:
    said = refuse_own(promises, auditor, promised_on, DUE, nov(16), DAYS)
    assert said == expected if expected is None else (said or "").startswith(expected)


A_DAY = st.dates(date(2010, 11, 1), date(2010, 12, 24))


@given(
    st.lists(st.tuples(A_DAY, A_DAY, st.none() | A_DAY, st.none() | A_DAY), max_size=5),
    A_DAY,
)
def test_one_promise_holds_at_most_and_none_that_is_over(
    made: list[tuple[date, date, date | None, date | None]], on: date
) -> None:
    promises = sorted(
        (
            Promise(
                min(first, second),
                max(first, second),
                ended_on=max(ended, min(first, second)) if ended else None,
                withdrawn_on=withdrawn,
            )
            for first, second, ended, withdrawn in made
        ),
        key=lambda promise: promise.given_on,
    )
    found = holding(promises, DUE, on, DAYS)
    counting = [promise for promise in promises if promise.counts(on)]
    assert broken(promises, on, DAYS) <= len(counting)
    if found is not None:
        assert found is counting[-1]
        assert found.given_on <= on <= DAYS.offset(found.promised_on, 0)
        assert on <= DAYS.offset(DUE, 20)


DUE_ON = nov(12)


@pytest.mark.parametrize(
    ("noted", "before", "on", "said"),
    [
        (Promise(nov(17), nov(26)), [], nov(17), ""),
        # the 20th working day after 12 November is 10 December
        (Promise(nov(17), date(2010, 12, 10)), [], nov(17), ""),
        (
            Promise(nov(17), date(2011, 2, 15)),
            [],
            nov(17),
            (
                "It holds reminders back only until 10 December 2010, because a promise holds for at most 20 "
                "working days after the due date"
            ),
        ),
        (
            Promise(nov(17), nov(26)),
            [Promise(nov(8), nov(9)), Promise(nov(10), nov(11))],
            nov(17),
            "Reminders are not held back, because two promised dates have passed already",
        ),
        (
            Promise(nov(15), nov(16)),
            [],
            nov(17),
            "Reminders are not held back, because this date has passed",
        ),
        (
            Promise(nov(15), nov(26), ended_on=nov(16)),
            [],
            nov(17),
            "Reminders are not held back, because the due date or an auditor has changed since",
        ),
        (
            Promise(date(2010, 12, 13), date(2010, 12, 20)),
            [],
            date(2010, 12, 13),
            "Reminders are not held back, because the due date passed more than 20 working days ago",
        ),
    ],
)
def test_a_noted_date_says_what_it_does_to_reminders(
    noted: Promise, before: list[Promise], on: date, said: str
) -> None:
    promises = [*before, noted]
    assert what_it_does(noted, promises, DUE_ON, on, DAYS) == said
    is_held_back = holding(promises, DUE_ON, on, DAYS) is not None
    assert is_held_back == (not said.startswith("Reminders are not"))


def test_a_noted_date_says_where_another_was_given_later() -> None:
    noted, later = Promise(nov(15), nov(26)), Promise(nov(16), nov(18))
    said = "The date that holds is 18 November 2010, because it was given later"
    assert what_it_does(noted, [noted, later], DUE_ON, nov(17), DAYS) == said
    said = "Reminders are not held back, because another date was given later, and has passed"
    assert what_it_does(noted, [noted, later], DUE_ON, nov(19), DAYS) == said

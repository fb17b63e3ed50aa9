"""The line that says whether the service chased about a thing on a day, or why it did not."""

from dataclasses import replace
from datetime import date

import pytest

from app.reminders.why import DayOfThing, Emailed, KeptBack, in_a_line, reason_in_words

ON, EARLIER, LATER = date(2010, 11, 17), date(2010, 11, 16), date(2010, 11, 19)
DAY = DayOfThing(on=ON, is_today=False, is_working_day=True, has_run=True)
LATE = "overdue by 2 working days"
LEA, SAM = Emailed("Lea Ward", LATE), Emailed("Sam Hill", LATE)


def kept_back(reason: str, until: date | None = None, because: str = "", to: str = "Lea Ward") -> DayOfThing:
    return replace(DAY, kept_back=(KeptBack(to, LATE, reason, until, because),))


NOTHING_DUE = (
    f"No one was emailed, because no reminder was due. The latest was sent on 16 November 2010 ({LATE})."
)
LINES = [
    # written to whom
    (replace(DAY, emailed=(LEA,)), f"Lea Ward was emailed ({LATE})."),
    (replace(DAY, emailed=(LEA, SAM)), f"Lea Ward and Sam Hill were emailed ({LATE})."),
    (replace(DAY, emailed=(LEA, LEA)), f"Lea Ward was emailed ({LATE})."),
    (
        replace(DAY, emailed=(replace(LEA, sent_on=LATER),)),
        f"Lea Ward was emailed on 19 November 2010 ({LATE}).",
    ),
    (
        replace(DAY, emailed=(replace(LEA, not_gone="could not be delivered"), SAM)),
        f"The email to Lea Ward ({LATE}) could not be delivered. Sam Hill was emailed ({LATE}).",
    ),
    (
        replace(DAY, by_hand=("Jack Denny chased by phone, with Lea Ward",), is_working_day=False),
        "Jack Denny chased by phone, with Lea Ward.",
    ),
    # or not, and by which rule
    (
        replace(kept_back("on leave", LATER), emailed=(SAM,)),
        f"Sam Hill was emailed ({LATE}). Lea Ward was not emailed (on leave until 19 November 2010).",
    ),
    (kept_back("left", EARLIER), "Lea Ward was not emailed (left on 16 November 2010)."),
    (
        kept_back("promised", LATER),
        "Lea Ward was not emailed (promised for 19 November 2010, so not chased).",
    ),
    (
        kept_back("held", LATER, "Court"),
        "Lea Ward was not emailed (held by a coordinator until 19 November 2010: Court).",
    ),
    (kept_back("held", None, "Court"), "Lea Ward was not emailed (held by a coordinator: Court)."),
    (
        kept_back("today's message already sent"),
        "Lea Ward was not emailed (had already had the email of that day).",
    ),
    (kept_back("nobody to send to", to=""), f"There was no one to email ({LATE})."),
    (
        replace(kept_back("on leave", LATER), emailed=(Emailed("Lea Ward", "return to confirm"), SAM)),
        (
            f"Lea Ward was emailed (return to confirm). Sam Hill was emailed ({LATE}). "
            f"The reminder to Lea Ward ({LATE}) was not sent (on leave until 19 November 2010)."
        ),
    ),
    (
        replace(DAY, kept_back=(KeptBack("Lea Ward", LATE, "promised", LATER, struck_on=ON),)),
        (
            "Lea Ward was not emailed (promised for 19 November 2010, so not chased; "
            "the entry was struck through on 17 November 2010)."
        ),
    ),
    # nothing is recorded of that day
    (
        replace(DAY, not_open="it was exempt from 1 November 2010"),
        "No one was emailed, because it was exempt from 1 November 2010.",
    ),
    (replace(DAY, is_working_day=False), "No one was emailed, because this was not a working day."),
    (
        replace(DAY, has_run=False),
        "No daily emails are recorded for this date, so no one was emailed.",
    ),
    (replace(DAY, has_run=False, is_today=True), "The daily emails of today are not written yet."),
    (DAY, "No one was emailed, because no reminder was due."),
    (
        replace(DAY, coming=("reminder", LATER)),
        "No one was emailed, because no reminder was due yet. The next is on 19 November 2010 (reminder).",
    ),
    (
        replace(DAY, last=(LATE, EARLIER), coming=("line managers told", LATER)),
        f"{NOTHING_DUE} The next is on 19 November 2010 (line managers told).",
    ),
    (
        replace(DAY, last=(LATE, EARLIER)),
        NOTHING_DUE,
    ),
]


@pytest.mark.parametrize(("day", "line"), LINES)
def test_each_day_has_its_line(day: DayOfThing, line: str) -> None:
    assert in_a_line(day, to_coordinator=True) == line


@pytest.mark.parametrize(
    ("reason", "said"), [("on leave", "away"), ("held", "held by a coordinator until 19 November 2010")]
)
def test_others_are_told_no_reason_of_a_person(reason: str, said: str) -> None:
    day = kept_back(reason, LATER, "She is in hospital")
    assert in_a_line(day, to_coordinator=False) == f"Lea Ward was not emailed ({said})."


def test_without_its_date_a_reason_is_said_as_on_pages() -> None:
    assert reason_in_words("promised") == "promised, so not chased"
    assert reason_in_words("on leave") == "on leave"

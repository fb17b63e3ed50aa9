"""Any day of an audit can be read as it was, whatever happened later."""

from datetime import date

import pytest

from app.audits.cycle import Cycle
from app.audits.facts import due_on, facts, pair_on
from app.audits.models import Assignment, Audit, Extension, Return
from app.audits.parts import LEAD, SECOND

NOV = [date(2010, 11, day) for day in range(1, 31)]


def on(day: int) -> date:
    """Return that day of November 2010."""
    return NOV[day - 1]


def an_audit(**values: object) -> Audit:
    cycle = Cycle(reference="2010-1", requested_on=date(2010, 10, 4), due_on=on(12), auditors=2)
    return Audit(**{"requested_on": date(2010, 10, 4), "due_on": on(12), "cycle": cycle, **values})


def changed(made: int | None, before: int, after: int) -> Extension:
    return Extension(
        made_on=on(made) if made else None, from_due_on=on(before), to_due_on=on(after), because="why"
    )


@pytest.mark.parametrize(
    ("what", "extensions", "now", "days"),
    [
        ("never changed", [], 12, {1: 12, 30: 12}),
        ("changed on the 5th", [changed(5, 12, 19)], 19, {4: 12, 5: 19, 30: 19}),
        ("changed twice", [changed(5, 12, 19), changed(8, 19, 26)], 26, {4: 12, 7: 19, 8: 26}),
        ("twice on one day", [changed(5, 12, 19), changed(5, 19, 26)], 26, {4: 12, 5: 26}),
        ("by a file, so on every day", [changed(None, 12, 19)], 19, {1: 19, 30: 19}),
        ("by hand, then by a file", [changed(5, 12, 19), changed(None, 19, 26)], 26, {1: 26, 5: 26}),
        ("by a file, then by hand", [changed(None, 12, 19), changed(8, 19, 26)], 26, {1: 19, 8: 26}),
    ],
)
def test_the_due_day_of_a_day(what: str, extensions: list[Extension], now: int, days: dict[int, int]) -> None:
    audit = an_audit(due_on=on(now), extensions=extensions)
    assert {day: due_on(audit, on(day)).day for day in days} == days, what


def test_a_return_stands_until_the_day_it_is_sent_back() -> None:
    audit = an_audit(
        returned_on=on(19), returns=[Return(returned_on=on(5), sent_back_on=on(8), because="why")]
    )
    standing = {day: facts(audit, on(day)).returned_on for day in (4, 5, 7, 8, 18, 19)}
    assert standing == {4: None, 5: on(5), 7: on(5), 8: None, 18: None, 19: on(19)}


def test_what_comes_back_and_is_sent_back_on_one_day_was_never_there() -> None:
    audit = an_audit(returns=[Return(returned_on=on(5), sent_back_on=on(5), because="why")])
    assert facts(audit, on(5)).returned_on is None


def test_the_pair_of_a_day_is_who_had_the_parts_then() -> None:
    audit = an_audit(
        assignments=[
            Assignment(part=LEAD, person_id=1, assigned_on=on(2), ended_on=on(5), ended_because="declined"),
            Assignment(part=SECOND, person_id=2, assigned_on=on(2)),
            Assignment(part=LEAD, person_id=3, assigned_on=on(8)),
        ]
    )

    def of_day(day: int) -> list[int | None]:
        return [spell.person_id for spell in pair_on(audit, on(day)).spells]

    assert [of_day(day) for day in (1, 2, 4, 5, 7, 8)] == [[], [1, 2], [1, 2], [2], [2], [3, 2]]
    assert facts(audit, on(5)).has_auditors
    assert list(facts(audit, on(5)).missing) == [LEAD]


def test_who_declined_without_a_name_holds_no_part() -> None:
    audit = an_audit(
        assignments=[
            Assignment(part=LEAD, person_id=None, assigned_on=on(2), ended_on=on(5), ended_because="declined")
        ]
    )
    assert pair_on(audit, on(3)).spells == []

"""The cases that Hypothesis makes are possible ones, and files and moves say all of them."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from .case_files import Case, Move, moves_of, write_import_files
from .case_loading import load_folder
from .cases import cases
from .second_facts import Assignment, DueDay, Returned, Sent
from .second_implementation import run
from .second_working_days import is_working_day
from .small_facts import LONG_AGO, an_audit, december, facts_of, november

few_examples = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@few_examples
@given(cases())
def test_whatever_happens_nobody_away_is_written_to_and_nobody_twice_a_day(case: Case) -> None:
    people = {person.email: person for person in case.facts.people}
    sent, written = Sent(), set()
    for day in case.run_days:
        result = run(case.facts, sent, day)
        assert sent.keys.items() <= result.sent.keys.items()
        assert result.messages == () or is_working_day(day, case.facts.closures)
        for message in result.messages:
            person = people[message.to]
            assert person.leaving_on is None or day <= person.leaving_on
            assert not any(leave.from_on <= day <= leave.to_on for leave in person.leaves)
            assert (day, message.to, message.kind) not in written
            written.add((day, message.to, message.kind))
            assert len({(item.item, item.step) for item in message.items}) == len(message.items)
        assert run(case.facts, result.sent, day).messages == ()
        sent = result.sent


@few_examples
@given(cases())
def test_what_the_files_of_a_case_say_is_what_its_facts_are(
    tmp_path_factory: pytest.TempPathFactory, case: Case
) -> None:
    folder = tmp_path_factory.mktemp("case")
    write_import_files(case, folder)
    read = load_folder(folder)
    # who turned off emails with news alone stands in no file
    assert read.people == tuple(replace(person, news_by_email=True) for person in case.facts.people)
    assert read.closures == case.facts.closures
    moving = {audit.cycle for audit in case.facts.audits if audit.reference in case.in_product}
    for of_file, cycle in zip(read.cycles, case.facts.cycles, strict=True):
        told = replace(cycle, telling=())  # product.py stores it, and the workers
        assert of_file == (replace(told, closed_on=None) if cycle.reference in moving else told)
    for read_audit, audit in zip(read.audits, case.facts.audits, strict=True):
        if audit.reference in case.in_product:
            assert all(spell.assigned_on < case.first_day for spell in read_audit.assignments)
            assert not read_audit.returns
            assert len(read_audit.due_days) == 1
        else:
            # product.py stores moderations: the files of a case have no answers
            assert replace(read_audit, promises=()) == replace(audit, moderated=None, promises=(), workers=())
            assert [(promise.given_on, promise.promised_on) for promise in read_audit.promises] == [
                (promise.given_on, promise.promised_on)
                for promise in audit.promises
                if promise.auditor is None and promise.struck_on is None
            ]


def test_what_happens_in_the_product_is_told_as_moves_in_order_of_days() -> None:
    spells = (
        Assignment("lea", "lead", LONG_AGO),
        Assignment("sam", "second", LONG_AGO, november(3), "decline"),
        Assignment("tom", "second", november(4), november(5), "reassignment"),
        Assignment("sam", "second", november(5)),
    )
    audit = an_audit(
        assignments=spells,
        due_days=(
            DueDay(november(12)),
            DueDay(november(19), november(6)),
            DueDay(november(30), november(15)),
        ),
        started_on=november(9),
        returns=(Returned(november(9), sent_back_on=november(15)),),
        withdrawn_on=november(22),
    )
    case = Case(facts_of(audit, closed_on=december(1)), november(1), (), frozenset({"A1"}))
    assert moves_of(case) == (
        Move(november(3), "decline", "A1", (("second", "sam"),)),
        Move(november(4), "assign", "A1", (("second", "tom"),)),
        Move(november(5), "reassign", "A1", (("second", "sam"),)),
        Move(november(6), "extend", "A1", due_on=november(19)),
        Move(november(9), "start", "A1"),
        Move(november(9), "return", "A1"),
        Move(november(15), "send back", "A1", due_on=november(30)),
        Move(november(22), "withdraw", "A1"),
        Move(december(1), "close", "C1"),
    )

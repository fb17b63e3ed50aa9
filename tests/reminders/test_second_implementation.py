"""The second implementation of the daily run, held against the days of audits worked out by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from .case_loading import load_folder, without_chases, without_tracker
from .second_facts import Assignment, Audit, DueDay, Facts, Item, Leave, NotSent, Person, Returned, Sent
from .second_implementation import ALREADY_SENT_TODAY, LEFT, NOBODY_TO_SEND_TO, ON_LEAVE, run, tell_at_once
from .small_facts import (
    LEA,
    LONG_AGO,
    MAX,
    SAM,
    STAFF,
    an_audit,
    days,
    december,
    digest,
    facts_of,
    november,
    pair,
    sent_after,
    told,
    told_on_days,
    with_person,
)

FIRST_CYCLE = Path(__file__).parents[2] / "app" / "example" / "first-cycle"

# The first cycle


def first_cycle() -> Facts:
    return without_chases(without_tracker(load_folder(FIRST_CYCLE)))


def test_the_first_run_ever_on_5_november_2010_writes_7_digests_with_8_items_due_soon() -> None:
    digests = [m for m in run(first_cycle(), Sent(), november(5)).messages if m.kind == "digest"]
    assert {message.to.split("@")[0]: [item.item for item in message.items] for message in digests} == {
        "alison.hartley": ["CP-014"],
        "brendan.foxe": ["CP-024"],
        "chitra.menon": ["CP-009"],
        "howard.keele": ["CP-017"],
        "imogen.sayle": ["CP-014"],
        "katarzyna.wilk": ["CP-017", "CP-024"],
        "owen.bickerton": ["CP-009"],
    }
    assert {(item.step, item.due_on) for message in digests for item in message.items} == {
        ("due-soon", november(12))
    }


def test_of_the_first_cycle_three_audits_are_called_about_and_nothing_is_sent_after_it_closed() -> None:
    by_day = told_on_days(first_cycle(), days(date(2010, 10, 1), december(31)))
    calls = {day: [line for line in lines if line[1] == "calls"] for day, lines in by_day.items()}
    items = tuple((reference, "phone-call") for reference in ("CP-009", "CP-017", "CP-024"))
    assert {day: lines for day, lines in calls.items() if lines} == {
        november(26): [
            ("ingrid.solomon@council.example", "calls", items),
            ("jack.denny@council.example", "calls", items),
        ]
    }
    assert max(by_day) < december(17)


def test_the_auditor_on_sick_leave_is_not_sent_to_and_her_partner_is() -> None:
    facts = first_cycle()
    result = run(facts, sent_after(facts, november(5)), november(12))
    assert NotSent("chitra.menon@council.example", "CP-009", "due-today", ON_LEAVE) in result.not_sent
    assert digest("owen.bickerton@council.example", ("CP-009", "due-today")) in told(result)


def test_with_the_whole_example_its_quick_wins_are_sent_six_times_and_asked_about_at_their_end() -> None:
    # 17 January plus 30 working days is 28 February 2011, when the last message has been out for a week.
    facts = load_folder(FIRST_CYCLE)
    sent = sent_after(facts, *days(date(2011, 1, 17), date(2011, 3, 4)))
    violet = [
        key for key in sent.keys if key.person == "violet.odell@council.example" and key.about[1] == "Q1"
    ]
    assert [key.anchor for key in violet] == [
        date(2011, 1, 17),
        date(2011, 1, 24),
        date(2011, 1, 31),
        date(2011, 2, 7),
        date(2011, 2, 14),
        date(2011, 2, 21),
    ]
    asked = {
        (sent_on, key.person)
        for key, sent_on in sent.keys.items()
        if key.about[1] == "Q1" and key.step == "check"
    }
    assert asked == {
        (date(2011, 2, 28), "ingrid.solomon@council.example"),
        (date(2011, 2, 28), "jack.denny@council.example"),
    }


# The ladder


def test_an_audit_that_does_not_come_back_climbs_the_whole_ladder_once() -> None:
    audit = an_audit(assignments=pair(assigned_on=november(2)))
    by_day = told_on_days(facts_of(audit), days(november(1), december(31)))
    assert by_day == {
        november(2): [digest("lea", ("A1", "assigned")), digest("sam", ("A1", "assigned"))],
        november(5): [digest("lea", ("A1", "due-soon")), digest("sam", ("A1", "due-soon"))],
        november(12): [digest("lea", ("A1", "due-today")), digest("sam", ("A1", "due-today"))],
        november(16): [digest("lea", ("A1", "overdue")), digest("sam", ("A1", "overdue"))],
        november(19): [
            digest("lea", ("A1", "overdue-manager")),
            ("max", "manager", (("A1", "overdue-manager"),)),
            digest("sam", ("A1", "overdue-manager")),
        ],
        november(26): [("cora", "calls", (("A1", "phone-call"),))],
    }


def test_a_due_day_on_christmas_day_counts_as_the_next_working_day() -> None:
    by_day = told_on_days(facts_of(an_audit(due_on=december(25))), days(december(10), date(2011, 1, 31)))
    steps = {day: lines[-1][2][0][1] for day, lines in by_day.items()}
    assert steps == {
        december(10): "assigned",
        december(20): "due-soon",
        december(29): "due-today",
        december(31): "overdue",
        date(2011, 1, 6): "overdue-manager",
        date(2011, 1, 13): "phone-call",
    }


def test_the_due_day_is_told_as_it_was_set() -> None:
    messages = run(facts_of(an_audit(due_on=december(25))), Sent(), december(29)).messages
    assert [m.items for m in messages if m.to == "lea"] == [(Item("A1", "due-today", december(25)),)]


def test_after_weeks_without_a_run_there_is_one_message_each() -> None:
    result = run(facts_of(an_audit()), Sent(), november(29))
    assert told(result) == [
        ("cora", "calls", (("A1", "phone-call"),)),
        digest("lea", ("A1", "overdue-manager")),
        ("max", "manager", (("A1", "overdue-manager"),)),
        digest("sam", ("A1", "overdue-manager")),
    ]


def test_an_extension_starts_the_ladder_again_and_does_not_say_assigned_again() -> None:
    extended = an_audit(due_days=(DueDay(november(12)), DueDay(november(26), since=november(10))))
    by_day = told_on_days(facts_of(extended), days(november(5), november(26)))
    assert {day: lines[0][2][0][1] for day, lines in by_day.items()} == {
        november(5): "due-soon",
        november(19): "due-soon",
        november(26): "due-today",
    }


def test_who_takes_over_is_told_of_the_assignment_and_then_of_the_steps_to_come() -> None:
    people = (*STAFF, Person("tom", ("auditor",)))
    spells = (
        Assignment("lea", "lead", LONG_AGO),
        Assignment("sam", "second", LONG_AGO, november(17), "reassignment"),
        Assignment("tom", "second", november(17)),
    )
    by_day = told_on_days(
        facts_of(an_audit(assignments=spells), people=people), days(november(16), november(19))
    )
    assert by_day == {
        november(16): [digest("lea", ("A1", "overdue")), digest("sam", ("A1", "overdue"))],
        november(17): [digest("tom", ("A1", "assigned"))],
        november(19): [
            digest("lea", ("A1", "overdue-manager")),
            ("max", "manager", (("A1", "overdue-manager"),)),
            digest("tom", ("A1", "overdue-manager")),
        ],
    }


def test_who_is_put_back_on_an_audit_is_told_although_a_step_had_gone_to_them_before() -> None:
    spells = (
        Assignment("lea", "lead", LONG_AGO),
        Assignment("sam", "second", LONG_AGO, november(8), "decline"),
        Assignment("sam", "second", november(10)),
    )
    facts = facts_of(an_audit(assignments=spells))
    assert told_on_days(facts, [november(10)], sent_after(facts, november(5))) == {
        november(10): [digest("sam", ("A1", "assigned"))]
    }


@pytest.mark.parametrize(
    ("audit", "on_the_12th"),
    [
        (an_audit(returns=(Returned(november(11)),)), []),
        (an_audit(returns=(Returned(november(12)),)), []),
        (an_audit(returns=(Returned(november(15)),)), ["due-today"]),
        (an_audit(returns=(Returned(november(9), sent_back_on=november(11)),)), ["due-today"]),
        (an_audit(withdrawn_on=november(12)), []),
        (an_audit(exempted_on=november(12)), []),
        (an_audit(exempted_on=november(15)), ["due-today"]),
        (an_audit(requested_on=november(15)), []),
    ],
)
def test_nobody_is_chased_for_what_is_not_open_on_the_day(audit: Audit, on_the_12th: list[str]) -> None:
    result = run(facts_of(audit), Sent(), november(12))
    assert [item[1] for line in told(result) if line[0] == "lea" for item in line[2]] == on_the_12th


def test_a_cycle_is_chased_until_the_day_before_it_closes() -> None:
    facts = facts_of(an_audit(), closed_on=november(16))
    assert list(told_on_days(facts, days(november(12), november(30)))) == [november(12)]


def test_a_cycle_that_is_not_requested_yet_is_not_open() -> None:
    facts = facts_of(an_audit())
    later = replace(facts, cycles=(replace(facts.cycles[0], requested_on=november(12)),))
    assert run(later, Sent(), november(11)).messages == ()
    assert told(run(later, Sent(), november(12))) != []


def test_items_stand_by_due_day_and_then_by_reference() -> None:
    audits = (an_audit("B"), an_audit("A", november(15)), an_audit("C"), an_audit("D", november(10)))
    (lea,) = [line for line in told(run(facts_of(*audits), Sent(), november(15))) if line[0] == "lea"]
    assert [item[0] for item in lea[2]] == ["D", "B", "C", "A"]


# Whom it goes to


def test_an_audit_without_auditors_goes_to_the_coordinators_three_times_and_nobody_calls() -> None:
    by_day = told_on_days(facts_of(an_audit(assignments=())), days(november(1), december(31)))
    assert by_day == {
        november(5): [digest("cora", ("A1", "due-soon"))],
        november(12): [digest("cora", ("A1", "due-today"))],
        november(16): [digest("cora", ("A1", "overdue"))],
    }


def test_where_half_a_pair_declined_the_other_goes_on_and_the_coordinators_get_three_steps_too() -> None:
    half = an_audit(assignments=(Assignment("lea", "lead", LONG_AGO),), declined_on=november(8))
    by_day = told_on_days(facts_of(half), days(november(5), december(31)))
    assert by_day == {
        november(5): [digest("lea", ("A1", "due-soon"))],
        november(8): [digest("cora", ("A1", "due-soon"))],
        november(12): [digest("cora", ("A1", "due-today")), digest("lea", ("A1", "due-today"))],
        november(16): [digest("cora", ("A1", "overdue")), digest("lea", ("A1", "overdue"))],
        november(19): [
            digest("lea", ("A1", "overdue-manager")),
            ("max", "manager", (("A1", "overdue-manager"),)),
        ],
        november(26): [("cora", "calls", (("A1", "phone-call"),))],
    }


def for_one(*audits: Audit) -> Facts:
    """Return facts of audits in a cycle that needs one auditor for each."""
    facts = facts_of(*audits)
    return replace(facts, cycles=tuple(replace(cycle, auditors=1) for cycle in facts.cycles))


@pytest.mark.parametrize(
    "declined",
    [None, november(3)],
    ids=["a lead alone", "a lead whose second declined"],
)
def test_where_one_is_needed_a_lead_alone_is_no_half_of_a_pair(declined: date | None) -> None:
    alone = an_audit(assignments=(Assignment("lea", "lead", LONG_AGO),), declined_on=declined)
    assert told_on_days(for_one(alone), days(november(5), december(31))) == {
        november(5): [digest("lea", ("A1", "due-soon"))],
        november(12): [digest("lea", ("A1", "due-today"))],
        november(16): [digest("lea", ("A1", "overdue"))],
        november(19): [
            digest("lea", ("A1", "overdue-manager")),
            ("max", "manager", (("A1", "overdue-manager"),)),
        ],
        november(26): [("cora", "calls", (("A1", "phone-call"),))],
    }


def test_where_the_one_who_is_needed_has_declined_the_coordinators_get_the_three_steps() -> None:
    spell = Assignment("lea", "lead", LONG_AGO, november(8), "decline")
    assert told_on_days(for_one(an_audit(assignments=(spell,))), days(november(8), december(31))) == {
        november(8): [digest("cora", ("A1", "due-soon"))],
        november(12): [digest("cora", ("A1", "due-today"))],
        november(16): [digest("cora", ("A1", "overdue"))],
    }
    lead, second = pair()
    left = an_audit(assignments=(replace(lead, ended_on=november(8), ended_by="decline"), second))
    assert told(run(for_one(left), Sent(), november(12))) == [
        digest("cora", ("A1", "due-today")),
        digest("sam", ("A1", "due-today")),
    ]


def test_a_part_that_nobody_declined_is_not_half_a_pair() -> None:
    spells = (pair()[0], replace(pair()[1], ended_on=november(8), ended_by="reassignment"))
    assert told(run(facts_of(an_audit(assignments=spells)), Sent(), november(12))) == [
        digest("lea", ("A1", "due-today"))
    ]


def test_an_audit_that_both_declined_is_one_without_auditors() -> None:
    spells = tuple(replace(spell, ended_on=november(8), ended_by="decline") for spell in pair())
    assert told(run(facts_of(an_audit(assignments=spells)), Sent(), november(26))) == [
        digest("cora", ("A1", "overdue"))
    ]


def test_after_leaving_a_person_gets_nothing_and_the_coordinators_are_asked_once_to_reassign() -> None:
    people = with_person(STAFF, replace(LEA, leaving_on=november(12)))
    by_day = told_on_days(facts_of(an_audit(), people=people), days(november(12), november(19)))
    assert by_day == {
        november(12): [digest("lea", ("A1", "due-today")), digest("sam", ("A1", "due-today"))],
        november(15): [digest("cora", ("A1", "reassign"))],
        november(16): [digest("sam", ("A1", "overdue"))],
        november(19): [
            ("max", "manager", (("A1", "overdue-manager"),)),
            digest("sam", ("A1", "overdue-manager")),
        ],
    }


def test_two_leavers_of_one_audit_are_one_item() -> None:
    people = tuple(replace(p, leaving_on=november(5)) if p in (LEA, SAM) else p for p in STAFF)
    facts = facts_of(an_audit(), people=people)
    result = run(facts, Sent(), november(8))
    assert told(result) == [digest("cora", ("A1", "reassign"))]
    assert [(n.to, n.reason) for n in result.not_sent] == [("lea", LEFT), ("sam", LEFT)]
    assert {key.leaver for key in result.sent.keys if key.step == "reassign"} == {"lea", "sam"}


def test_for_who_leaves_on_a_saturday_the_next_working_day_is_monday() -> None:
    people = with_person(STAFF, replace(LEA, leaving_on=november(6)))
    by_day = told_on_days(facts_of(an_audit(), people=people), days(november(6), november(8)))
    assert by_day[november(8)][0] == digest("cora", ("A1", "reassign"))


def test_who_comes_back_from_leave_finds_one_message_with_the_latest_step() -> None:
    people = with_person(STAFF, replace(LEA, leaves=(Leave(november(5), november(17)),)))
    by_day = told_on_days(facts_of(an_audit(), people=people), days(november(5), november(18)))
    lea = [(day, line) for day, lines in by_day.items() for line in lines if line[0] == "lea"]
    assert lea == [(november(18), digest("lea", ("A1", "overdue")))]


def test_a_deputy_gets_the_managers_copy_and_it_counts_as_sent_to_the_manager() -> None:
    dan = Person("dan", ("manager",))
    people = (*with_person(STAFF, replace(MAX, leaves=(Leave(november(15), november(19), "dan"),))), dan)
    by_day = told_on_days(facts_of(an_audit(), people=people), days(november(19), november(25)))
    managers = {day: [line for line in lines if line[1] == "manager"] for day, lines in by_day.items()}
    assert managers == {november(19): [("dan", "manager", (("A1", "overdue-manager"),))]}


def test_a_managers_copy_waits_when_the_deputy_has_left() -> None:
    dan = Person("dan", ("manager",), leaving_on=november(18))
    people = (*with_person(STAFF, replace(MAX, leaves=(Leave(november(15), november(19), "dan"),))), dan)
    by_day = told_on_days(facts_of(an_audit(), people=people), days(november(19), november(22)))
    assert by_day[november(22)] == [("max", "manager", (("A1", "overdue-manager"),))]


def test_a_managers_copy_waits_while_the_deputy_is_away_too() -> None:
    dan = Person("dan", ("manager",), leaves=(Leave(november(19), november(22)),))
    people = (*with_person(STAFF, replace(MAX, leaves=(Leave(november(15), november(30), "dan"),))), dan)
    facts = facts_of(an_audit(), people=people)
    assert NotSent("max", "A1", "overdue-manager", ON_LEAVE) in run(facts, Sent(), november(19)).not_sent
    after = sent_after(facts, november(19), november(22))
    assert told(run(facts, after, november(23))) == [("dan", "manager", (("A1", "overdue-manager"),))]


def test_a_coordinator_who_stands_in_for_another_gets_one_list_of_calls() -> None:
    cleo = Person("cleo", ("coordinator",), leaves=(Leave(november(22), november(30), "cora"),))
    facts = facts_of(an_audit(), people=(*STAFF, cleo))
    result = run(facts, Sent(), november(26))
    assert [line for line in told(result) if line[1] == "calls"] == [
        ("cora", "calls", (("A1", "phone-call"),))
    ]
    assert {key.person for key in result.sent.keys if key.step == "phone-call"} == {"cora", "cleo"}


def test_where_there_is_nobody_to_send_to_it_is_said() -> None:
    facts = facts_of(an_audit(), people=(replace(LEA, line_manager=None), SAM, MAX))
    not_sent = run(facts, Sent(), november(26)).not_sent
    assert not_sent == (
        NotSent("", "A1", "overdue-manager", NOBODY_TO_SEND_TO),
        NotSent("", "A1", "phone-call", NOBODY_TO_SEND_TO),
    )


# Days and runs


@pytest.mark.parametrize("day", [november(13), november(14), december(25), december(27), december(28)])
def test_nothing_is_sent_on_a_day_that_is_not_a_working_day(day: date) -> None:
    result = run(facts_of(an_audit()), Sent(), day)
    assert (result.working_day, result.messages, result.sent) == (False, (), Sent())


def test_a_closure_day_is_skipped_and_the_step_comes_on_the_next_working_day() -> None:
    facts = replace(facts_of(an_audit()), closures=frozenset({november(12)}))
    by_day = told_on_days(facts, days(november(11), november(16)))
    # with the 12th closed it counts as due on the 15th, and five working days before that is the 5th
    assert {day: lines[0][2][0][1] for day, lines in by_day.items()} == {
        november(11): "due-soon",
        november(15): "due-today",
    }


def test_what_comes_up_after_todays_digest_waits_for_the_next_working_day() -> None:
    sent = sent_after(facts_of(an_audit()), november(12))
    more = facts_of(an_audit(), an_audit("A2"))
    again = run(more, sent, november(12))
    assert told(again) == []
    assert NotSent("lea", "A2", "due-today", ALREADY_SENT_TODAY) in again.not_sent
    assert digest("lea", ("A2", "due-today")) in told(run(more, again.sent, november(15)))


def test_an_assignment_in_the_product_is_told_at_once_and_not_again() -> None:
    facts = facts_of(an_audit(assignments=pair(assigned_on=november(2))))
    lea_told, sent = tell_at_once(facts, Sent(), "A1", "lea", november(2))
    assert lea_told
    assert told(run(facts, sent, november(2))) == [digest("sam", ("A1", "assigned"))]


def test_an_assignment_at_the_weekend_is_told_by_the_next_run() -> None:
    facts = facts_of(an_audit(assignments=pair(assigned_on=december(4)), due_days=(DueDay(december(31)),)))
    lea_told, sent = tell_at_once(facts, Sent(), "A1", "lea", december(4))
    assert not lea_told
    assert digest("lea", ("A1", "assigned")) in told(run(facts, sent, december(6)))


def test_an_assignment_during_leave_is_told_by_the_first_run_after_it() -> None:
    people = with_person(STAFF, replace(LEA, leaves=(Leave(november(2), november(2)),)))
    facts = facts_of(an_audit(assignments=pair(assigned_on=november(2))), people=people)
    lea_told, sent = tell_at_once(facts, Sent(), "A1", "lea", november(2))
    assert not lea_told
    assert digest("lea", ("A1", "assigned")) in told(run(facts, sent, november(3)))

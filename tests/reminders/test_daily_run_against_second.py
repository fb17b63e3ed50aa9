"""The daily run of the product and the second implementation decide the same, day by day."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import booleans

from app.reminders import daily_run, deciding
from app.reminders.daily_run import run

from . import second_implementation
from .case_files import Case
from .case_loading import load_folder, without_tracker
from .cases import cases
from .conftest import FIRST_CYCLE, Installation
from .product import days_between, load, on_hold, send_all, tell_workers, told, workers_on
from .second_facts import Assignment, Called, DueDay, Facts, Leave, Named, Person, Returned, Sent, Telling
from .second_on_hold import WITH_ITEMS
from .small_facts import an_audit, facts_of


def compare(facts: Facts, days: list[date], *, is_on_hold: bool = False) -> None:
    """Compare the runs of some days; where emails are on hold, also what each takes over."""
    load(facts)
    sent, known = Sent(), None
    for on in days:
        if (now := workers_on(facts, on)) != known:
            tell_workers(known := now)
        expected = second_implementation.run(facts, sent, on, is_on_hold=is_on_hold)
        outcome = run(on)
        messages, not_sent = told(outcome)
        assert messages == sorted(expected.messages, key=lambda message: (message.to, message.kind)), on
        assert not_sent == sorted(expected.not_sent), on
        sent = expected.sent
        if not is_on_hold:
            send_all()
            continue
        for (to, kind), items in on_hold(outcome).items():
            if kind in WITH_ITEMS:
                expected_items = {(item.item, item.step) for item in sent.on_hold[to, kind].values()}
                assert items == expected_items, (on, to, kind)


def test_the_fixture_of_the_rules(app: Flask) -> None:
    load(without_tracker(load_folder(FIRST_CYCLE)))
    digests = [message for message in run(date(2010, 11, 5)).messages if message.kind == "digest"]
    items = [item for message in digests for item in message.items]
    assert len(digests) == 7
    assert {item.item for item in items} == {"CP-009", "CP-014", "CP-017", "CP-024"}
    assert {item.step for item in items} == {"due-soon"}
    assert len(items) == 8
    assert [len(m.items) for m in digests if m.to == "katarzyna.wilk@council.example"] == [2]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2010, 10, 1), date(2010, 12, 31)),
        (date(2011, 1, 1), date(2011, 6, 30)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ],
    ids=["2010", "2011", "2026"],
)
def test_every_day_of_the_first_cycle(installation: Installation, first: date, last: date) -> None:
    compare(load_folder(FIRST_CYCLE), days_between(first, last))


def test_every_day_of_the_first_cycle_with_all_emails_on_hold(installation: Installation) -> None:
    compare(load_folder(FIRST_CYCLE), days_between(date(2010, 10, 1), date(2011, 6, 30)), is_on_hold=True)


LONG_AGO, THE_8TH = date(2010, 9, 1), date(2010, 11, 8)
LEAD, SECOND = Assignment("lea", "lead", LONG_AGO), Assignment("sam", "second", LONG_AGO)
ALONE_AND_OTHERWISE = {
    "alone": (LEAD,),
    "declined": (replace(LEAD, ended_on=THE_8TH, ended_by="decline"),),
    "second-declined": (LEAD, replace(SECOND, ended_on=THE_8TH, ended_by="decline")),
    "lead-declined": (replace(LEAD, ended_on=THE_8TH, ended_by="decline"), SECOND),
    "pair": (LEAD, SECOND),
    "nobody": (),
}


def test_cycles_that_need_one_auditor_beside_one_that_needs_two(installation: Installation) -> None:
    audits = [
        an_audit(f"{cycle}-{name}", cycle=cycle, assignments=spells)
        for cycle in ("C1", "C2")
        for name, spells in ALONE_AND_OTHERWISE.items()
    ]
    facts = facts_of(*audits)
    [cycle] = facts.cycles
    facts = replace(facts, cycles=(replace(cycle, auditors=1), replace(cycle, reference="C2")))
    compare(facts, days_between(date(2010, 11, 1), date(2010, 12, 3)))


def test_responses_of_cycles_that_name_somebody_and_of_closed_ones(installation: Installation) -> None:
    """Leave, leavers, deputies, a manager who moderates, a cycle that is closed while a response waits."""
    away = (Leave(date(2010, 11, 12), date(2010, 11, 16), deputy="dan"),)
    people = (
        Person("cora", ("coordinator",)),
        Person(
            "hollis",
            ("leader",),
            "Head office",
            leaves=(Leave(date(2010, 11, 17), date(2010, 11, 19), "dan"),),
        ),
        Person("dan", ("manager",), "Crewe"),
        Person("mona", ("manager",), "Nantwich", line_manager="dan", leaves=away),
        Person("moss", ("manager",), "Nantwich", line_manager="hollis", leaving_on=date(2010, 11, 15)),
        Person("lea", ("auditor",), "Wilmslow"),
        Person("sam", ("auditor",), "Wilmslow"),
    )
    audits = tuple(
        an_audit(
            f"{cycle}-{n}", cycle=cycle, team="Nantwich", moderated=moderated, returns=(Returned(THE_8TH),)
        )
        for cycle in ("C1", "C2", "C3")
        for n, moderated in enumerate((None, ("mona", date(2010, 11, 12)), ("lea", THE_8TH)))
    )
    responses = tuple(
        Called(f"{audit.reference}-P1", audit.reference, THE_8TH, date(2010, 11, 15), answered_on=answered)
        for audit, answered in zip(audits, (None, None, date(2010, 11, 17)) * 3, strict=True)
    )
    facts = replace(facts_of(*audits, people=people), responses=responses)
    [cycle] = facts.cycles
    named = replace(cycle, reference="C2", respond_to="hollis")
    gone = replace(cycle, reference="C3", respond_to="moss", closed_on=date(2010, 11, 10))
    compare(replace(facts, cycles=(cycle, named, gone)), days_between(THE_8TH, date(2010, 12, 3)))


def test_every_day_of_the_first_cycle_with_workers(installation: Installation) -> None:
    """Staff are workers of the cases; some change, and the cycle's choice does."""
    facts = without_tracker(load_folder(FIRST_CYCLE))
    emails = [person.email for person in facts.people]
    audits = tuple(
        replace(audit, workers=(Named(emails[n]), Named(emails[-n], THE_8TH))[: 1 + n % 2])
        for n, audit in enumerate(facts.audits)
    )
    telling = (Telling(True, date(2010, 10, 11)), Telling(False, THE_8TH), Telling(True, date(2010, 11, 15)))
    cycles = tuple(replace(cycle, telling=telling) for cycle in facts.cycles)
    compare(replace(facts, cycles=cycles, audits=audits), days_between(date(2010, 10, 1), date(2010, 12, 31)))


def test_workers_of_audits_in_every_state(installation: Installation) -> None:
    """Named and renamed, away, leaving, in cycles that tell workers, that begin to and that cease to."""
    away = (Leave(date(2010, 11, 4), date(2010, 11, 9), deputy="dan"),)
    people = (
        Person("cora", ("coordinator",)),
        Person("dan", ("manager",)),
        Person("lea", ("auditor",)),
        Person("sam", ("auditor",)),
        Person("wendy", ("practitioner",)),
        Person("abe", ("practitioner",), leaves=away),
        Person("gone", ("practitioner",), leaving_on=date(2010, 11, 5)),
    )
    of_states: dict[str, dict[str, object]] = {
        "open": {},
        "later": {"requested_on": date(2010, 11, 10)},
        "returned": {"returns": (Returned(date(2010, 11, 5)),)},
        "sent-back": {"returns": (Returned(date(2010, 10, 29), sent_back_on=THE_8TH),)},
        "withdrawn": {"withdrawn_on": date(2010, 11, 5)},
        "exempt": {"exempted_on": date(2010, 11, 5)},
        "extended": {"due_days": (DueDay(date(2010, 11, 12)), DueDay(date(2010, 11, 24), THE_8TH))},
        "overdue": {"due_days": (DueDay(date(2010, 10, 22)),)},
    }
    of_workers = {
        "one": (Named("wendy"),),
        "away": (Named("abe"),),
        "left": (Named("gone"),),
        "auditor": (Named("sam"),),
        "renamed": (Named("wendy"), Named("abe", date(2010, 11, 5)), Named("wendy", date(2010, 11, 11))),
        "late": (Named(None), Named("gone", date(2010, 11, 3)), Named("cora", THE_8TH)),
        "nobody": (Named("wendy"), Named(None, date(2010, 11, 2))),
    }
    of_cycles = {
        "C1": (Telling(True),),
        "C2": (Telling(False), Telling(True, date(2010, 11, 9)), Telling(False, date(2010, 11, 12))),
        "C3": (Telling(True), Telling(False, date(2010, 11, 2)), Telling(True, date(2010, 11, 15))),
        "C4": (),
    }
    # each state with each kind of worker, in one cycle that tells and one other
    audits = [
        replace(an_audit(f"{cycle}-{state}-{name}", cycle=cycle, workers=workers), **facts)  # type: ignore[arg-type]
        for s, (state, facts) in enumerate(of_states.items())
        for n, (name, workers) in enumerate(of_workers.items())
        for cycle in ("C1", ("C2", "C3", "C4")[(s + n) % 3])
    ]
    facts = facts_of(*audits, people=people)
    [cycle] = facts.cycles
    cycles = tuple(
        replace(cycle, reference=reference, telling=telling) for reference, telling in of_cycles.items()
    )
    compare(replace(facts, cycles=cycles), days_between(date(2010, 11, 1), date(2010, 11, 24)))


@settings(
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=cases(), is_on_hold=booleans())
def test_any_case(app: Flask, case: Case, is_on_hold: bool) -> None:
    compare(case.facts, list(case.run_days), is_on_hold=is_on_hold)


@pytest.fixture
def in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if very much were open: messages are decided for a few people at a time, and written one by one."""
    monkeypatch.setattr(deciding, "OBLIGATIONS_AT_ONCE", 1)
    monkeypatch.setattr(daily_run, "MESSAGES_IN_A_BATCH", 1)


def test_every_day_of_the_first_cycle_in_portions(installation: Installation, in_portions: None) -> None:
    assert len(list(deciding.portions(deciding.day_of(date(2010, 11, 5))))) > 2
    facts = load_folder(FIRST_CYCLE)
    compare(facts, days_between(date(2010, 11, 1), date(2010, 11, 12)))


@settings(
    max_examples=10,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=cases(), is_on_hold=booleans())
def test_any_case_in_portions(app: Flask, in_portions: None, case: Case, is_on_hold: bool) -> None:
    compare(case.facts, list(case.run_days), is_on_hold=is_on_hold)

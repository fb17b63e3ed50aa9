"""The second implementation, held against weeklies, actions and quick wins worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from .second_facts import (
    Action,
    Called,
    DueDay,
    Facts,
    Leave,
    News,
    NotSent,
    Person,
    QuickWin,
    Recommendation,
    Returned,
    Sent,
)
from .second_implementation import PRACTICE_WAITS, run
from .small_facts import (
    CORA,
    LEA,
    STAFF,
    an_audit,
    days,
    december,
    digest,
    facts_of,
    november,
    october,
    told,
    told_on_days,
)


def weekly_days(people: tuple[Person, ...], first: date, last: date) -> list[tuple[date, str]]:
    facts, sent, found = facts_of(people=people), Sent(), []
    for day in days(first, last):
        result = run(facts, sent, day)
        sent = result.sent
        found += [(day, message.to) for message in result.messages if message.kind == "weekly"]
    return found


def test_the_weekly_comes_on_the_first_working_day_of_the_week_on_which_the_run_happens() -> None:
    # 27 and 28 December are holidays
    assert weekly_days((CORA,), november(10), november(16)) == [
        (november(10), "cora"),
        (november(15), "cora"),
    ]
    assert weekly_days((CORA,), december(25), december(31)) == [(december(29), "cora")]


@pytest.mark.parametrize(
    ("leave", "deputys_leave", "expected"),
    [
        (Leave(november(15), november(15)), (), []),
        (Leave(november(15), november(16), "dan"), (), [(november(15), "dan")]),
        (
            Leave(november(15), november(16), "dan"),
            (Leave(november(15), november(19)),),
            [(november(17), "cora")],
        ),
        (
            Leave(november(15), november(30), "dan"),
            (Leave(november(15), november(17)),),
            [(november(18), "dan")],
        ),
        (Leave(november(15), november(21), "dan"), (Leave(november(15), november(21)),), []),
    ],
)
def test_a_weekly_in_leave_goes_to_the_deputy_or_waits_for_them_or_is_left_out(
    leave: Leave, deputys_leave: tuple[Leave, ...], expected: list[tuple[date, str]]
) -> None:
    people = (replace(CORA, leaves=(leave,)), Person("dan", leaves=deputys_leave))
    assert weekly_days(people, november(15), november(19)) == expected


def test_without_an_open_cycle_there_is_no_weekly() -> None:
    assert run(facts_of(closed_on=november(8)), Sent(), november(8)).messages == ()


def test_an_action_climbs_a_ladder_of_its_own() -> None:
    action = Action("T1", "lea", (DueDay(november(12)),))
    by_day = told_on_days(Facts(people=STAFF, actions=(action,)), days(october(25), december(31)))
    assert by_day == {
        october(29): [digest("lea", ("T1", "due-soon"))],
        november(12): [digest("lea", ("T1", "due-today"))],
        november(19): [digest("lea", ("T1", "overdue"))],
        november(26): [
            digest("lea", ("T1", "overdue-manager")),
            ("max", "manager", (("T1", "overdue-manager"),)),
        ],
        december(3): [("cora", "calls", (("T1", "phone-call"),))],
    }


@pytest.mark.parametrize(
    ("recommendation", "is_told"),
    [
        (Recommendation("R", "lea", (DueDay(november(12)),)), True),
        (
            Recommendation("R", "lea", (DueDay(november(12)),), decision="accepted", decided_on=november(1)),
            True,
        ),
        (
            Recommendation("R", "lea", (DueDay(november(12)),), decision="deferred", decided_on=november(1)),
            False,
        ),
        (
            Recommendation("R", "lea", (DueDay(november(12)),), decision="rejected", decided_on=november(15)),
            True,
        ),
        (Recommendation("R", "lea", (DueDay(november(12)),), carried_out_on=november(12)), False),
        (Recommendation("R", "lea", (DueDay(november(12)),), raised_on=november(15)), False),
        (Recommendation("R", "lea"), False),
        (Recommendation("R", None, (DueDay(november(12)),)), False),
    ],
)
def test_a_recommendation_is_chased_until_it_is_decided_against_or_carried_out(
    recommendation: Recommendation, is_told: bool
) -> None:
    result = run(Facts(people=STAFF, recommendations=(recommendation,)), Sent(), november(12))
    assert told(result) == ([digest("lea", ("R", "due-today"))] if is_told else [])


def quick_win(reference: str, starts_on: date, **more: object) -> QuickWin:
    return replace(QuickWin(reference, ("practitioner",), starts_on, 5, 2), **more)  # type: ignore[arg-type]


PIA = Person("pia", ("practitioner",), "Crewe")


def test_of_two_practice_messages_one_waits_for_the_next_working_day() -> None:
    wins = (quick_win("Q1", november(5)), quick_win("Q2", november(4), audience_teams=("Crewe",)))
    facts = Facts(people=(PIA,), quick_wins=wins)
    first = run(facts, Sent(), november(5))
    assert told(first) == [("pia", "practice", (("Q2", "practice"),))]
    assert first.not_sent == (NotSent("pia", "Q1", "practice", PRACTICE_WAITS),)
    assert told(run(facts, first.sent, november(5))) == []
    assert told(run(facts, first.sent, november(8))) == [("pia", "practice", (("Q1", "practice"),))]


def test_a_practice_message_goes_to_the_teams_and_roles_of_its_audience_alone() -> None:
    elsewhere = Person("pat", ("practitioner",), "Nantwich")
    wins = (quick_win("Q1", november(5), audience_teams=("Crewe", "Congleton")),)
    facts = Facts(people=(PIA, elsewhere, LEA), quick_wins=wins)
    assert [line[0] for line in told(run(facts, Sent(), november(5)))] == ["pia"]


def test_a_missed_practice_message_is_replaced_by_the_next_and_ends_with_the_quick_win() -> None:
    facts = Facts(
        people=(PIA,), quick_wins=(quick_win("Q1", november(1)),)
    )  # 1 and 8 November; ends on the 15th
    sent = run(facts, Sent(), november(9)).sent
    assert [key.anchor for key in sent.keys] == [november(8)]
    assert told(run(facts, Sent(), november(15))) == []


@pytest.mark.parametrize(
    ("asked_on", "change", "is_asked"),
    [
        (november(12), {}, False),
        (november(15), {}, True),
        (december(13), {}, True),  # 20 working days after the end
        (december(14), {}, False),
        (november(15), {"stopped_on": november(10)}, False),
        (november(15), {"action": "T1"}, False),
    ],
)
def test_coordinators_are_asked_at_the_end_of_a_quick_win_whether_the_figure_moved(
    asked_on: date, change: dict[str, object], is_asked: bool
) -> None:
    closed = Action("T1", impact_checked_on=november(10))
    facts = Facts(people=(CORA,), quick_wins=(quick_win("Q1", november(1), **change),), actions=(closed,))
    assert told(run(facts, Sent(), asked_on)) == ([digest("cora", ("Q1", "check"))] if is_asked else [])


def test_leave_makes_the_question_wait_beyond_the_twenty_days() -> None:
    away = replace(CORA, leaves=(Leave(november(15), december(14)),))
    facts = Facts(people=(away,), quick_wins=(quick_win("Q1", november(1)),))
    assert told_on_days(facts, days(november(15), december(16))) == {
        december(15): [digest("cora", ("Q1", "check"))]
    }


@pytest.mark.parametrize(
    ("respond_to", "manager", "asked", "told_late"),
    [
        (None, {}, "meg", "max"),
        ("max", {}, "meg max", "max"),
        (None, {"leaving_on": november(1)}, "cora", None),
        ("max", {"leaving_on": november(1)}, "max", "max"),
        (None, {"line_manager": None}, "meg", None),
    ],
)
def test_a_response_climbs_a_ladder_of_its_own(
    respond_to: str | None, manager: dict[str, object], asked: str, told_late: str | None
) -> None:
    meg = replace(Person("meg", ("manager",), "Crewe", line_manager="max"), **manager)  # type: ignore[arg-type]
    facts = facts_of(an_audit(team="Crewe", returns=(Returned(november(5)),)), people=(*STAFF, meg))
    [cycle] = facts.cycles
    called = Called("A1-P1", "A1", november(5), november(12))
    closed = replace(cycle, respond_to=respond_to, closed_on=november(8))
    facts = replace(facts, cycles=(closed,), responses=(called,))
    everyone_asked = sorted(asked.split())
    by_day = {
        november(12): [digest(who, ("A1-P1", "due-today")) for who in everyone_asked],
        november(15): [digest(who, ("A1-P1", "overdue")) for who in everyone_asked],
        november(19): [("cora", "calls", (("A1-P1", "phone-call"),))],
    }
    if told_late:
        by_day[november(17)] = [(told_late, "manager", (("A1-P1", "overdue-manager"),))]
    assert told_on_days(facts, days(november(8), november(30))) == by_day


def test_a_manager_who_audits_or_moderates_is_not_asked_from_that_day() -> None:
    meg, mel = Person("meg", ("manager",), "Crewe"), Person("mel", ("manager",), "Crewe")
    audit = an_audit(team="Crewe", returns=(Returned(november(5)),), moderated=("mel", november(15)))
    facts = replace(
        facts_of(audit, people=(*STAFF, meg, mel)),
        responses=(Called("A1-P1", "A1", november(5), november(12)),),
    )
    by_day = told_on_days(facts, (november(12), november(15)))
    asked = [[to for to, kind, _ in messages if kind == "digest"] for messages in by_day.values()]
    assert asked == [["meg", "mel"], ["meg"]]


# News


@pytest.mark.parametrize(
    ("news", "person", "expected"),
    [
        (News(1, "lea", ("audit", "A1"), november(4)), LEA, november(8)),
        (News(1, "lea", ("audit", "A1"), november(4), read_on=november(8)), LEA, None),
        (News(1, "lea", ("audit", "A1"), november(4), read_on=november(9)), LEA, november(8)),
        (News(1, "lea", ("audit", "A1"), november(10)), LEA, november(10)),
        (News(1, "lea", ("audit", "A1"), november(4)), replace(LEA, news_by_email=False), november(12)),
        (News(1, "lea", ("audit", "A2"), november(4)), LEA, None),
        (News(1, "lea", ("audit", "A1"), november(4), for_moderators=True), LEA, None),
        (News(1, "lea", ("audit", "A1"), november(4)), replace(LEA, leaving_on=november(5)), None),
        (
            News(1, "lea", ("audit", "A1"), october(15)),
            replace(LEA, leaves=(Leave(november(8), november(12)),)),
            None,
        ),
        (
            News(1, "lea", ("audit", "A1"), october(18)),
            replace(LEA, leaves=(Leave(november(8), november(12)),)),
            november(15),
        ),
    ],
    ids=[
        "new",
        "read-today",
        "read-tomorrow",
        "of-another-day",
        "with-what-is-due-alone",
        "not-of-the-pair",
        "no-moderator",
        "left",
        "leave-longer-than-it-holds",
        "after-leave",
    ],
)
def test_news_goes_once_with_the_next_digest_that_can_be_sent(
    news: News, person: Person, expected: date | None
) -> None:
    others = tuple(other for other in STAFF if other.email != "lea")
    audits = (an_audit("A1"), an_audit("A2", assignments=()))
    facts = replace(facts_of(*audits, people=(*others, person)), news=(news,))
    sent, found = run(replace(facts, news=()), Sent(), november(5)).sent, []
    for day in days(november(8), november(30)):
        result = run(facts, sent, day)
        found += [day for message in result.messages for item in message.items if item.step == "news"]
        sent = result.sent
    assert found == ([expected] if expected else [])

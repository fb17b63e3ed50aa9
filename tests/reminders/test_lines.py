"""The words of each line of a reminder, and of its subject, as tables of cases."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.actions.waiting import Waiting
from app.outbox.subjects import LONGEST, fitting
from app.people.presence import LeaveSpell, PersonFacts
from app.people.reaching import to_ask
from app.people.roles import RoleName
from app.reminders.due import Due
from app.reminders.lines import (
    Group,
    Line,
    Words,
    as_read_by,
    lines_of,
    sentences,
)
from app.reminders.summing_up import DeputyOf, advice, asked, counted, link, news_counted, themes, to_others
from app.reminders.thing import MIXED, OF_AUDITORS, Advice, Thing, ToOthers
from app.working_days import WorkingDays

FRIDAY, MONDAY, DUE = date(2010, 11, 26), date(2010, 11, 29), date(2010, 11, 12)
NAMED = Advice("Say when this audit comes.", "Say when they come.", "Say when audits come.")
GENERAL = Advice("Ask for a later day.", "Ask for later days.", "Ask for a later day.")
AUDIT = Thing(
    name="audit",
    many="audits",
    place="/audits",
    audiences=OF_AUDITORS,
    advice=NAMED,
)
ACTION = Thing(
    name="action", many="actions", place="/actions", advice=GENERAL, to_others=ToOthers(otherwise="Ask.")
)
QUICK_WIN = Thing(name="quick win", many="quick wins", place="/quick-wins")


def a_person(number: int, name: str, manager: int | None = None, **told: object) -> PersonFacts:
    usual: dict[str, object] = {"telephone": None, "leaving_on": None, "leave": ()}
    return PersonFacts(
        id=number, email=f"{number}@council.example", name=name, team_id=None, line_manager_id=manager,
        trained_on=None, roles=frozenset({RoleName.AUDITOR}), **(usual | told),  # type: ignore[arg-type]
    )  # fmt: skip


GWEN, OWEN, HARRIET, JACK, UNA = range(1, 6)
PEOPLE = {
    person.id: person
    for person in (
        a_person(GWEN, "Gwen Tattersall", HARRIET),
        a_person(OWEN, "Owen Bickerton", telephone="01270 555 027"),
        a_person(HARRIET, "Harriet Vance"),
        a_person(JACK, "Jack Denny"),
        a_person(UNA, "Una Fairclough", leaving_on=date(2010, 11, 24)),
    )
}
PAIR = (PEOPLE[GWEN], PEOPLE[OWEN])


def an_audit(due_on: date | None = DUE, holders: tuple[PersonFacts, ...] = PAIR, number: int = 1) -> Words:
    parts = ("lead", "second")[: len(holders)]
    return Words(AUDIT, f"CP-00{number}", due_on, holders, team="Crewe", parts=parts)


def due(person: int, kind: str = "digest", step: str = "overdue", number: int = 1, leaver: int = 0) -> Due:
    return Due("audit", number, f"CP-00{number}", person, kind, step, DUE, FRIDAY, DUE, leaver)


def written(item: Due, words: Words, on: date = FRIDAY) -> tuple[Group, str]:
    new = {(item.obligation_id, item.person_id)} if item.step == "assigned" else set()
    [line] = lines_of([item], {("audit", item.obligation_id): words}, PEOPLE, on, WorkingDays(), new)
    return line.group, sentences(line, item.kind, on)


WITH_OWEN = "with Owen Bickerton (01270 555 027)"


@pytest.mark.parametrize(
    ("item", "words", "group", "said"),
    [
        (
            due(GWEN),
            an_audit(),
            Group.OVERDUE,
            f"was due Friday 12 November, 10 working days ago, {WITH_OWEN}.",
        ),
        (due(GWEN), an_audit(date(2010, 11, 25)), Group.OVERDUE, None),
        (due(GWEN), an_audit(FRIDAY), Group.TODAY, f"due Friday 26 November, {WITH_OWEN}."),
        (due(GWEN), an_audit(MONDAY), Group.SOON, f"due Monday 29 November, {WITH_OWEN}."),
        # a Saturday counts as the Monday
        (due(GWEN), an_audit(date(2010, 11, 27)), Group.SOON, f"due Monday 29 November, {WITH_OWEN}."),
        (
            due(GWEN, step="assigned"),
            an_audit(MONDAY),
            Group.NEW,
            f"due Monday 29 November. You are the lead auditor, {WITH_OWEN}.",
        ),
        (
            due(GWEN, step="assigned"),
            an_audit(FRIDAY),
            Group.TODAY,
            f"due Friday 26 November. You are the lead auditor, {WITH_OWEN}. It is new to you.",
        ),
        # who has no lead auditor beside them is told so each time
        (
            due(OWEN),
            replace(an_audit(holders=PAIR[1:]), parts=("second",)),
            Group.OVERDUE,
            (
                "was due Friday 12 November, 10 working days ago. You are the second auditor. There is no "
                "lead auditor yet. You can fill in the form. A new lead auditor will return it."
            ),
        ),
        # handed over on a Saturday, when it was overdue
        (
            due(OWEN, step="assigned"),
            an_audit(),
            Group.OVERDUE,
            (
                "was due Friday 12 November, 10 working days ago. You are the second auditor, with Gwen "
                "Tattersall. It is new to you."
            ),
        ),
        (due(GWEN), an_audit(MONDAY, PAIR[:1]), Group.SOON, "due Monday 29 November."),
        # those who hold nothing of it are told as coordinators
        (
            due(JACK, step="due-soon"),
            an_audit(MONDAY, ()),
            Group.NOBODY,
            "due Monday 29 November. Team: Crewe.",
        ),
        (
            due(JACK, step="due-soon"),
            an_audit(MONDAY, PAIR[:1]),
            Group.HALF,
            "due Monday 29 November. Only Gwen Tattersall is assigned.",
        ),
        (
            due(JACK, step="reassign", leaver=UNA),
            an_audit(),
            Group.LEFT,
            "was due Friday 12 November, 10 working days ago. Una Fairclough has left.",
        ),
        (
            due(JACK, step="reassign", leaver=UNA),
            an_audit(None),
            Group.LEFT,
            "no due date. Una Fairclough has left.",
        ),
        (due(JACK, step="check"), an_audit(DUE, ()), Group.CHECK, "ended Friday 12 November."),
        # a manager is told whose it is, of their own people alone
        (
            due(HARRIET, "manager", "overdue-manager"),
            an_audit(),
            Group.OVERDUE,
            "was due Friday 12 November, 10 working days ago, with Gwen Tattersall.",
        ),
        (
            due(JACK, "calls", "phone-call"),
            an_audit(),
            Group.OVERDUE,
            (
                "was due Friday 12 November, 10 working days ago. Call Gwen Tattersall and Owen Bickerton "
                "(01270 555 027)."
            ),
        ),
        (
            due(GWEN),
            replace(an_audit(), about="Remind staff"),
            Group.OVERDUE,
            f"Remind staff. Was due Friday 12 November, 10 working days ago, {WITH_OWEN}.",
        ),
    ],
)
def test_an_item_is_put_under_its_heading_and_said(
    item: Due, words: Words, group: Group, said: str | None
) -> None:
    found, line = written(item, words)
    assert found == group
    assert said is None or line == said


def test_a_deputy_is_not_asked_what_holds_up_their_own_audit() -> None:
    items = [due(HARRIET, "manager", "overdue-manager"), due(HARRIET, "manager", "overdue-manager", 2)]
    alone = an_audit(holders=PAIR[:1], number=2)
    read = lines_of(items, {("audit", 1): an_audit(), ("audit", 2): alone}, PEOPLE, FRIDAY, WorkingDays())
    lines = [as_read_by(GWEN, line) for line in read]
    late = "was due Friday 12 November, 10 working days ago"
    assert [sentences(line, "manager", FRIDAY) for line in lines] == [f"{late}. It is yours."] * 2
    assert asked(lines[1:], [AUDIT], "manager", 0) == (
        "Please complete audit CP-002, which was due on Friday 12 November."
    )
    # Owen has another line manager, and stands in for Harriet
    to_owen = [as_read_by(OWEN, line) for line in read]
    assert [sentences(line, "manager", FRIDAY) for line in to_owen] == [f"{late}, with Gwen Tattersall."] * 2
    both = [lines[0], to_owen[1]]
    assert asked(both, [AUDIT], "manager", 0) == (
        "Please find out what is holding up audit CP-002, which was due on Friday 12 November. "
        "Also complete audit CP-001, which was due on Friday 12 November."
    )


@pytest.mark.parametrize(
    ("due_on", "group", "said", "subject"),
    [
        (DUE, Group.OVERDUE, "was due", "Audit CP-001, yours again, overdue since Friday 12 November"),
        (MONDAY, Group.NEW, "due", "Audit CP-001, yours again: due Monday 29 November"),
    ],
)
def test_what_is_theirs_again_is_said_to_be(due_on: date, group: Group, said: str, subject: str) -> None:
    item, known = due(GWEN, step="assigned"), {("audit", 1): an_audit(due_on)}
    [line] = lines_of([item], known, PEOPLE, FRIDAY, WorkingDays(), {(1, GWEN)}, {(1, GWEN)})
    words = sentences(line, "digest", FRIDAY)
    assert line.group is group
    assert words.startswith(f"{said} ")
    assert words.endswith(f"You are the lead auditor, {WITH_OWEN}. It is yours again.")
    assert fitting(counted([line], [AUDIT])) == subject


def test_what_was_due_on_friday_is_no_working_day_late_on_saturday() -> None:
    assert written(due(GWEN), an_audit(FRIDAY), date(2010, 11, 27)) == (
        Group.OVERDUE,
        f"was due Friday 26 November, {WITH_OWEN}.",
    )


@pytest.mark.parametrize(
    ("told", "in_a_call", "to_an_auditor"),
    [
        ({}, "Call Ann Lee.", "Ann Lee"),
        ({"telephone": "01270 555 014"}, "Call Ann Lee (01270 555 014).", "Ann Lee (01270 555 014)"),
        ({"leaving_on": date(2010, 11, 25)}, "Ann Lee has left: choose someone else.", "Ann Lee (has left)"),
        ({"leaving_on": FRIDAY}, "Call Ann Lee.", "Ann Lee"),
        (
            {"leave": (LeaveSpell(FRIDAY, MONDAY, None),), "telephone": "01270 555 014"},
            "Call Ann Lee (01270 555 014, away until Monday 29 November).",
            "Ann Lee (01270 555 014, away until Monday 29 November)",
        ),
        ({"leave": (LeaveSpell(MONDAY, MONDAY, None),)}, "Call Ann Lee.", "Ann Lee"),
    ],
)
def test_who_is_to_be_called_is_told_with_what_a_caller_needs(
    told: dict[str, object], in_a_call: str, to_an_auditor: str
) -> None:
    ann = a_person(9, "Ann Lee", **told)  # type: ignore[arg-type]
    words = an_audit(MONDAY, (PEOPLE[GWEN], ann))
    assert written(due(GWEN, "calls"), words)[1] == f"due Monday 29 November. {in_a_call}"
    assert written(due(GWEN), words)[1] == f"due Monday 29 November, with {to_an_auditor}."


def test_who_has_left_is_not_called_where_another_auditor_is_there() -> None:
    ann, bob = a_person(9, "Ann Lee", leaving_on=date(2010, 11, 25)), a_person(10, "Bob Hill")
    words = an_audit(MONDAY, (PEOPLE[GWEN], ann, bob))
    assert written(due(GWEN, "calls"), words)[1] == "due Monday 29 November. Call Bob Hill. Ann Lee has left."


def test_a_coordinator_does_not_call_themselves() -> None:
    words = an_audit(MONDAY, (PEOPLE[GWEN],))
    assert written(due(GWEN, "calls"), words)[1] == "due Monday 29 November. It is yours."


def test_the_most_urgent_stands_first_and_each_item_once() -> None:
    known = {
        ("audit", 1): an_audit(MONDAY),
        ("audit", 2): an_audit(FRIDAY, number=2),
        ("audit", 3): an_audit(FRIDAY, number=3),
        ("audit", 4): an_audit(None, number=4),
    }
    items = [
        due(JACK, step="reassign", number=4, leaver=UNA),
        due(JACK, step="reassign", number=2, leaver=UNA),
        due(JACK, step="reassign", number=2, leaver=GWEN),
        due(JACK, step="reassign", number=2, leaver=UNA),
        due(GWEN, number=3),
        due(GWEN, number=2),
        due(GWEN, number=1),
    ]
    found = lines_of(items, known, PEOPLE, FRIDAY, WorkingDays())
    assert [(line.reference, line.group) for line in found] == [
        ("CP-002", Group.TODAY),
        ("CP-002", Group.LEFT),  # beside its own step
        ("CP-003", Group.TODAY),
        ("CP-001", Group.SOON),
        ("CP-004", Group.LEFT),  # without a due day last
    ]
    assert [person.name for person in found[1].colleagues] == ["Una Fairclough", "Gwen Tattersall"]
    assert [line.late for line in found] == [0, 0, 0, 0, 0]
    assert lines_of([due(GWEN)], {("audit", 1): an_audit()}, PEOPLE, FRIDAY, WorkingDays())[0].late == 10


def a_line(group: Group, number: int = 1, due_on: date | None = DUE, thing: Thing = AUDIT) -> Line:
    words = Words(thing, f"X-{number}", due_on, ())
    return Line(words, f"X-{number}", group, due_on, 0, group is Group.OVERDUE, "overdue", ())


@pytest.mark.parametrize(
    ("lines", "things", "subject"),
    [
        ([a_line(Group.OVERDUE)], [AUDIT], "Audit X-1 overdue since Friday 12 November"),
        ([a_line(Group.TODAY)], [AUDIT], "Audit X-1 due today, Friday 12 November"),
        ([a_line(Group.SOON)], [AUDIT], "Audit X-1 due Friday 12 November"),
        ([a_line(Group.NEW)], [AUDIT], "New audit X-1: due Friday 12 November"),
        ([a_line(Group.NOBODY)], [AUDIT], "Audit X-1 needs auditors: due Friday 12 November"),
        ([a_line(Group.HALF)], [AUDIT], "Audit X-1 has only one auditor: due Friday 12 November"),
        ([a_line(Group.LEFT)], [AUDIT], "Audit X-1 needs a new auditor: due Friday 12 November"),
        ([a_line(Group.LEFT, due_on=None)], [AUDIT], "Audit X-1 needs a new auditor"),
        ([a_line(Group.NOBODY, thing=ACTION)], [ACTION], "Action X-1 needs an owner: due Friday 12 November"),
        (
            [a_line(Group.LEFT), a_line(Group.LEFT, 2, thing=ACTION), a_line(Group.TODAY, 3)],
            [AUDIT, ACTION],
            "2 audits and 1 action: 1 due today, 2 need someone new",
        ),
        (
            [replace(a_line(Group.NOBODY), late=3, is_late=True)],
            [AUDIT],
            "Audit X-1 needs auditors: was due Friday 12 November",
        ),
        (
            [replace(a_line(Group.HALF), late=3, is_late=True), a_line(Group.HALF, 2, FRIDAY)],
            [AUDIT],
            "2 items have only one auditor: the first was due 12 November",
        ),
        (
            [a_line(Group.CHECK, thing=QUICK_WIN)],
            [QUICK_WIN],
            "Quick win X-1 has ended: say if the figure changed",
        ),
        (
            [a_line(Group.CHECK, thing=QUICK_WIN), a_line(Group.CHECK, 2, thing=QUICK_WIN)],
            [QUICK_WIN],
            "2 quick wins have ended: say if the figures changed",
        ),
        (
            [a_line(Group.OVERDUE), a_line(Group.OVERDUE, 2)],
            [AUDIT],
            "2 audits overdue since Friday 12 November",
        ),
        (
            [a_line(Group.OVERDUE), a_line(Group.OVERDUE, 2, FRIDAY)],
            [AUDIT],
            "2 audits overdue, the first since Friday 12 November",
        ),
        (
            [a_line(Group.SOON), a_line(Group.SOON, 2, FRIDAY)],
            [AUDIT],
            "2 audits due soon, the first on Friday 12 November",
        ),
        (
            [a_line(Group.NEW), a_line(Group.NEW, 2, FRIDAY)],
            [AUDIT],
            "2 new audits: the first due Friday 12 November",
        ),
        (
            [a_line(Group.LEFT), a_line(Group.LEFT, 2, None)],
            [AUDIT],
            "2 audits need a new auditor: the first due 12 November",
        ),
        (
            [a_line(Group.OVERDUE), a_line(Group.TODAY, 2), a_line(Group.TODAY, 3)],
            [AUDIT],
            "3 audits: 1 overdue, 2 due today",
        ),
        (
            [a_line(Group.SOON), a_line(Group.NEW, 2), a_line(Group.NEW, 3)],
            [AUDIT],
            "3 audits: 1 due soon, 2 new, the first due 12 November",
        ),
        (
            [a_line(Group.OVERDUE), a_line(Group.SOON, 2), a_line(Group.SOON, 3, thing=ACTION)],
            [AUDIT, ACTION],
            "2 audits and 1 action: 1 overdue, 2 due soon",
        ),
        # one audit in two lines is one audit
        (
            [a_line(Group.OVERDUE), a_line(Group.LEFT)],
            [AUDIT],
            "1 audit: 1 overdue, 1 needs a new auditor",
        ),
        # audits that do not fit are counted
        (
            [a_line(group, n) for n, group in enumerate(Group) if group is not Group.NEWS],
            [AUDIT],
            "8 audits: 1 overdue, 1 due today, 1 due soon, 1 new, 4 more",
        ),
    ],
)
def test_a_subject_counts_what_a_message_is_about(
    lines: Sequence[Line], things: Sequence[Thing], subject: str
) -> None:
    assert fitting(counted(lines, things)) == subject


THINGS = [AUDIT, ACTION, QUICK_WIN]
LINES = st.builds(
    a_line,
    st.sampled_from([group for group in Group if group is not Group.NEWS]),
    st.integers(1, 10**9) | st.just(10**80),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)) | st.none(),
    st.sampled_from(THINGS),
)


@pytest.mark.parametrize(
    ("numbers", "subject"),
    [
        ((1,), "News about X-1"),
        ((2, 1, 2), "News about X-1 and X-2"),
        (range(1, 19), "News about your work"),
        ((10**80,), "News about your work"),
    ],
)
def test_the_subject_of_news_alone_names_what_it_is_about(numbers: Sequence[int], subject: str) -> None:
    assert fitting(news_counted([a_line(Group.NEWS, number) for number in numbers])) == subject


def test_news_alone_asks_for_nothing() -> None:
    assert asked([], [], "digest", 0) == "There is news about your work."


@given(st.lists(LINES, min_size=1, max_size=30))
def test_a_subject_is_never_longer_than_60_characters_and_never_cut(lines: list[Line]) -> None:
    things = [thing for thing in THINGS if any(line.what.thing == thing for line in lines)]
    subject = fitting(counted(lines, things))
    assert len(subject) <= LONGEST
    assert "…" not in subject
    assert re.search(
        r"\d+ (overdue|due|new|needs?|has|have|to|more)|since|due|new|ended|needs?|has|have", subject.lower()
    )


WAITS = Waiting("It is not decided.", "Until then, report progress.")


def waiting(line: Line) -> Line:
    return replace(line, what=replace(line.what, waiting=WAITS))


def test_what_waits_says_so_in_its_line_and_what_its_owner_can_do() -> None:
    line = waiting(a_line(Group.OVERDUE))
    assert sentences(line, "digest", FRIDAY).endswith(" It is not decided.")
    assert advice([line], [AUDIT]) == ["Until then, report progress."]
    assert advice([line, a_line(Group.SOON, 2)], [AUDIT]) == [
        "Until then, report progress.",
        "Say when they come.",
    ]


@pytest.mark.parametrize(
    ("lines", "things", "kind", "more", "said"),
    [
        (
            [a_line(Group.SOON)],
            [AUDIT],
            "digest",
            0,
            "Please complete audit X-1, which is due on Friday 12 November.",
        ),
        (
            [replace(a_line(Group.OVERDUE), late=2)],
            [AUDIT],
            "digest",
            0,
            "Please complete audit X-1, which was due on Friday 12 November.",
        ),
        (
            [a_line(Group.TODAY), a_line(Group.NEW, 2, FRIDAY)],
            [AUDIT],
            "digest",
            0,
            "Please complete 2 audits. The first is due today, Friday 12 November.",
        ),
        (
            [a_line(Group.TODAY), a_line(Group.LEFT, 2, None), a_line(Group.CHECK, 3, thing=QUICK_WIN)],
            [AUDIT, QUICK_WIN],
            "digest",
            0,
            (
                "Please complete audit X-1, which is due today, Friday 12 November. "
                "Also assign someone to audit X-2. "
                "Also say if the figure changed after quick win X-3, which ended on Friday 12 November."
            ),
        ),
        (
            [replace(a_line(Group.OVERDUE), late=2)],
            [AUDIT],
            "manager",
            0,
            "Please find out what is holding up audit X-1, which was due on Friday 12 November.",
        ),
        (
            [replace(a_line(Group.OVERDUE), late=2), a_line(Group.OVERDUE, 2, FRIDAY, ACTION)],
            [AUDIT, ACTION],
            "calls",
            0,
            "Please call about 1 audit and 1 action. The first was due on Friday 12 November.",
        ),
        # what waits for others is told, and not asked for
        (
            [waiting(a_line(Group.SOON))],
            [AUDIT],
            "digest",
            0,
            "Audit X-1 is due on Friday 12 November. It is not decided.",
        ),
        (
            [a_line(Group.SOON), waiting(a_line(Group.SOON, 2)), waiting(a_line(Group.TODAY, 3, FRIDAY))],
            [AUDIT],
            "digest",
            0,
            (
                "Please complete audit X-1, which is due on Friday 12 November. "
                "2 audits wait for a decision or for a coordinator. The first is due on Friday 12 November."
            ),
        ),
        (
            [waiting(a_line(Group.SOON))],
            [AUDIT],
            "digest",
            3,
            "Some of the work listed below waits for a decision or for a coordinator.",
        ),
        # the number of each is not known when some are left out
        (
            [a_line(Group.SOON)],
            [AUDIT],
            "digest",
            3,
            "Please complete the work listed below. The first is due on Friday 12 November.",
        ),
    ],
)
def test_a_message_begins_with_what_is_asked_and_by_when(
    lines: Sequence[Line], things: Sequence[Thing], kind: str, more: int, said: str
) -> None:
    assert asked(lines, things, kind, more) == said


@pytest.mark.parametrize(
    ("names", "is_own", "team", "why"),
    [
        ([], True, "Your team", "the line manager"),
        (["Ann Lee"], False, "Ann Lee’s team", "the deputy of Ann Lee"),
        (["Ann Lee"], True, "Teams", "the line manager and the deputy of Ann Lee"),
        (["Ann Lee", "Bob Fry"], False, "Teams", "the deputy of Ann Lee and Bob Fry"),
    ],
)
def test_a_deputy_is_not_told_to_be_the_line_manager(
    names: list[str], is_own: bool, team: str, why: str
) -> None:
    deputy_of = DeputyOf(names, is_own=is_own)
    assert deputy_of.team == team
    assert deputy_of.why == f"You get this email because you are {why}."


@pytest.mark.parametrize(
    ("lines", "things", "sentences"),
    [
        ([a_line(Group.OVERDUE)], [AUDIT], [NAMED.alone]),
        ([a_line(Group.OVERDUE), a_line(Group.NEW, 2)], [AUDIT], [NAMED.among_its_kind]),
        (
            [a_line(Group.SOON, thing=ACTION), a_line(Group.TODAY, 2)],
            [ACTION, AUDIT],
            [GENERAL.among_others, NAMED.among_others],
        ),
        # what holds for two things is said once
        (
            [a_line(Group.SOON, thing=ACTION), a_line(Group.SOON, 2, thing=replace(ACTION, name="aim"))],
            [ACTION, replace(ACTION, name="aim")],
            [GENERAL.among_others],
        ),
        ([a_line(Group.SOON, thing=ACTION), a_line(Group.LEFT, 2)], [ACTION, AUDIT], [GENERAL.among_others]),
        ([a_line(Group.LEFT)], [AUDIT], []),  # nothing that the receiver has to do as an auditor
        ([a_line(Group.SOON, thing=QUICK_WIN)], [QUICK_WIN], []),
    ],
)
def test_advice_is_about_what_the_receiver_has_to_do(
    lines: Sequence[Line], things: Sequence[Thing], sentences: list[str]
) -> None:
    assert advice(lines, things) == sentences


@pytest.mark.parametrize(
    ("lines", "things", "message", "path", "words"),
    [
        ([a_line(Group.OVERDUE)], [AUDIT], "digest", "/audits/X-1", "Open audit X-1"),
        ([a_line(Group.OVERDUE)], [AUDIT], "manager", "/audits/X-1", "Open audit X-1"),
        ([a_line(Group.OVERDUE)] * 2, [AUDIT], "digest", "/", "Open the Today page"),
        ([a_line(Group.OVERDUE)], [AUDIT], "calls", "/calls", "Open the phone calls to make"),
        ([a_line(Group.OVERDUE)] * 2, [AUDIT], "manager", "/", "Open the Today page"),
        ([a_line(Group.OVERDUE)] * 2, [AUDIT], "calls", "/calls", "Open the phone calls to make"),
        ([a_line(Group.OVERDUE)] * 2, [ACTION], "calls", "/calls", "Open the phone calls to make"),
        ([a_line(Group.OVERDUE)] * 2, [AUDIT, ACTION], "digest", "/", "Open the Today page"),
        ([a_line(Group.OVERDUE)] * 2, [AUDIT, ACTION], "calls", "/calls", "Open the phone calls to make"),
    ],
)
def test_a_message_leads_to_what_it_is_about(
    lines: Sequence[Line], things: Sequence[Thing], message: str, path: str, words: str
) -> None:
    assert link(lines, things, message) == (path, words)


def test_several_things_are_spoken_of_in_general_words() -> None:
    assert to_others([ACTION]).otherwise == "Ask."
    assert to_others([ACTION, AUDIT]) is MIXED


FULL, ANN, BOB = ("Zoe", "01270 555 001"), ("Ann", ""), ("Bob", "01270 555 002")


@pytest.mark.parametrize(
    ("coordinators", "receiver", "said"),
    [
        ([FULL], 99, "Zoe (01270 555 001)"),
        # those with a number first, and no more than two
        ([ANN, BOB, FULL], 99, "Bob (01270 555 002) or Zoe (01270 555 001)"),
        ([ANN], 99, "Ann"),
        ([ANN, BOB], 0, ""),  # a coordinator
        ([], 99, ""),
    ],
)
def test_a_message_names_the_coordinators_to_ask(
    coordinators: list[tuple[str, str]], receiver: int, said: str
) -> None:
    coordinator = frozenset({RoleName.COORDINATOR})
    people = [
        replace(PEOPLE[OWEN], id=number, name=name, telephone=telephone or None, roles=coordinator)
        for number, (name, telephone) in enumerate(coordinators)
    ]
    people += [replace(PEOPLE[OWEN], id=50, name="No Coordinator", roles=frozenset())]
    people += [replace(PEOPLE[OWEN], id=51, name="Gone", roles=coordinator, leaving_on=date(2010, 11, 1))]
    sentence = f"If you have questions, ask an audit coordinator: {said}." if said else ""
    assert to_ask(people, receiver, date(2010, 11, 26)) == sentence


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (["Plans"], "The theme of the audit is Plans."),
        (["Plans", "Plans"], "The theme of the audits is Plans."),
        (["Plans", "Neglect", "Plans"], "The themes of the audits are Neglect and Plans."),
        (["Plans", ""], "The theme of the audit is Plans."),
        ([""], ""),
    ],
)
def test_a_message_names_each_theme_once(about: list[str], said: str) -> None:
    lines = [a_line(Group.SOON, number) for number in range(1, len(about) + 1)]
    told = [
        replace(line, what=replace(line.what, theme=theme)) for line, theme in zip(lines, about, strict=True)
    ]
    assert themes(told) == said


@pytest.mark.parametrize(
    ("kind", "filled_in_by", "said"),
    [
        ("digest", (), ""),
        ("digest", ("you",), " Partly filled in by you."),
        ("manager", ("Owen", "Gwen"), " Partly filled in by Owen and Gwen."),
        ("calls", ("Owen",), " Partly filled in by Owen."),
    ],
)
def test_a_line_says_who_has_begun_to_fill_the_form_in(
    kind: str, filled_in_by: tuple[str, ...], said: str
) -> None:
    blank = a_line(Group.OVERDUE)
    line = replace(blank, filled_in_by=filled_in_by)
    assert sentences(line, kind, date(2010, 11, 26)) == sentences(blank, kind, date(2010, 11, 26)) + said

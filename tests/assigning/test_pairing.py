"""Proposed pairs: independent, of two groups, evenly spread, always the same."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.assigning.independence import CaseFacts, not_independent
from app.assigning.pairing import Candidate, Proposal, Unpaired, propose
from app.people.presence import LeaveSpell, PersonFacts
from app.people.roles import RoleName

DUE = date(2010, 11, 12)
TRAINED = date(2010, 1, 4)
MANAGER, CHAIR = "Group Manager", "Independent Safeguarding Chair"


def a_candidate(
    number: int,
    group: str = MANAGER,
    team: int | None = None,
    load: int = 0,
    trained: bool = True,
    away: bool = False,
) -> Candidate:
    person = PersonFacts(
        id=number,
        email=f"{number}@council.example",
        name=f"Person {number:02}",
        telephone=None,
        team_id=team,
        line_manager_id=None,
        leaving_on=None,
        trained_on=TRAINED if trained else None,
        roles=frozenset({RoleName.AUDITOR}),
        leave=(LeaveSpell(DUE, DUE, None),) if away else (),
    )
    return Candidate(person, group, load)


def an_unpaired(
    number: int, team: int = 99, conflicts: frozenset[int] = frozenset(), kept: int | None = None
) -> Unpaired:
    return Unpaired(CaseFacts(f"CP-{number:03}", team, DUE, conflicts), kept_id=kept, kept_leads=True)


def loads(proposals: list[Proposal], candidates: list[Candidate]) -> dict[int, int]:
    found = {candidate.person.id: candidate.load for candidate in candidates}
    for proposal in proposals:
        for person_id in (proposal.lead_id, proposal.second_id):
            if person_id is not None:
                found[person_id] += 1
    return found


candidates = st.lists(
    st.tuples(
        st.sampled_from([MANAGER, CHAIR]),
        st.integers(1, 4),
        st.integers(0, 3),
        st.booleans(),
        st.booleans(),
    ),
    max_size=8,
).map(lambda rows: [a_candidate(number, *row) for number, row in enumerate(rows, start=1)])

audits = st.lists(
    st.tuples(st.integers(1, 5), st.frozensets(st.integers(1, 8), max_size=2)), max_size=14
).map(lambda rows: [an_unpaired(number, *row) for number, row in enumerate(rows, start=1)])


@settings(max_examples=150, deadline=None)
@given(audits, candidates)
def test_nobody_is_proposed_for_a_case_they_are_not_independent_of(
    unpaired: list[Unpaired], known: list[Candidate]
) -> None:
    people = {candidate.person.id: candidate.person for candidate in known}
    for audit, proposal in zip(unpaired, propose(unpaired, known), strict=True):
        assert proposal.lead_id is None or proposal.lead_id != proposal.second_id
        for person_id in (proposal.lead_id, proposal.second_id):
            assert person_id is None or not_independent(people[person_id], audit.case) is None


@settings(max_examples=150, deadline=None)
@given(audits, candidates)
def test_a_part_stays_empty_only_where_nobody_independent_is_left(
    unpaired: list[Unpaired], known: list[Candidate]
) -> None:
    for audit, proposal in zip(unpaired, propose(unpaired, known), strict=True):
        able = [each for each in known if not_independent(each.person, audit.case) is None]
        filled = [part for part in (proposal.lead_id, proposal.second_id) if part is not None]
        assert len(filled) == min(2, len(able))


@settings(max_examples=150, deadline=None)
@given(audits, candidates, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(
    unpaired: list[Unpaired], known: list[Candidate], random: object
) -> None:
    shuffled = list(known)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert propose(unpaired, known) == propose(unpaired, shuffled)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 30), st.integers(2, 9), st.lists(st.integers(0, 5), min_size=9, max_size=9))
def test_without_anything_in_the_way_loads_never_differ_by_more_than_one(
    how_many: int, people: int, loads_now: list[int]
) -> None:
    known = [a_candidate(number, load=loads_now[number - 1]) for number in range(1, people + 1)]
    unpaired = [an_unpaired(number) for number in range(1, how_many + 1)]
    after = loads(propose(unpaired, known), known)
    given_work = [after[each.person.id] for each in known if after[each.person.id] > each.load]
    if given_work:
        # whoever was given work has at most one more than anybody else
        highest = max(given_work)
        assert (
            highest - min(after.values()) <= 1 or people == 2 or _second_seat_forced(after, known, how_many)
        )


def _second_seat_forced(after: dict[int, int], known: list[Candidate], how_many: int) -> bool:
    """Return True when everyone below the highest load was in every audit already."""
    highest = max(after[each.person.id] for each in known if after[each.person.id] > each.load)
    return all(
        after[each.person.id] - each.load == how_many for each in known if after[each.person.id] < highest - 1
    )


@settings(max_examples=150, deadline=None)
@given(audits, candidates)
def test_no_single_hand_over_would_spread_the_work_more_evenly(
    unpaired: list[Unpaired], known: list[Candidate]
) -> None:
    everyone_able = [each for each in known if each.person.trained_on and not each.person.leave]
    proposals = propose(unpaired, everyone_able)
    after = loads(proposals, everyone_able)
    group = {each.person.id: each.group for each in everyone_able}
    for audit, proposal in zip(unpaired, proposals, strict=True):
        pair = [part for part in (proposal.lead_id, proposal.second_id) if part is not None]
        for giver in pair:
            rest = [part for part in pair if part != giver]
            for taker in everyone_able:
                if taker.person.id in pair or not_independent(taker.person, audit.case) is not None:
                    continue
                splits = rest and group[giver] != group[rest[0]] and group[rest[0]] == taker.group
                assert splits or after[giver] - after[taker.person.id] <= 1


def test_a_manager_is_paired_with_a_chair() -> None:
    known = [a_candidate(1, MANAGER), a_candidate(2, MANAGER), a_candidate(3, CHAIR), a_candidate(4, CHAIR)]
    for proposal in propose([an_unpaired(number) for number in range(1, 8)], known):
        assert ((proposal.lead_id or 0) < 3) != ((proposal.second_id or 0) < 3)


def test_the_first_cycle_spreads_29_audits_over_15_people() -> None:
    managers = [a_candidate(number, MANAGER, team=number % 6 + 1) for number in range(1, 9)]
    chairs = [a_candidate(number, CHAIR, team=50) for number in range(9, 16)]
    unpaired = [an_unpaired(number, team=number % 6 + 1) for number in range(1, 30)]
    after = loads(propose(unpaired, managers + chairs), managers + chairs)
    assert sorted(after[each.person.id] for each in managers) == [3, 3, 3, 4, 4, 4, 4, 4]
    assert sorted(after[each.person.id] for each in chairs) == [4, 4, 4, 4, 4, 4, 5]


def test_the_untrained_and_those_away_are_proposed_only_when_two_others_are_missing() -> None:
    known = [a_candidate(1), a_candidate(2, away=True), a_candidate(3, trained=False), a_candidate(4)]
    assert {propose([an_unpaired(1)], known)[0].lead_id, propose([an_unpaired(1)], known)[0].second_id} == {
        1,
        4,
    }
    assert propose([an_unpaired(1)], known[:3]) == [Proposal("CP-001", 1, 3)]


def test_the_untrained_are_proposed_where_the_trained_are_all_of_one_group() -> None:
    known = [a_candidate(1, MANAGER), a_candidate(2, MANAGER), a_candidate(3, CHAIR, trained=False)]
    assert propose([an_unpaired(1)], known) == [Proposal("CP-001", 1, 3)]


def test_of_people_alike_each_leads_as_often() -> None:
    known = [a_candidate(1), a_candidate(2)]
    assert propose([an_unpaired(1), an_unpaired(2)], known) == [
        Proposal("CP-001", 1, 2),
        Proposal("CP-002", 2, 1),
    ]


def test_a_kept_half_takes_one_more_auditor_and_leaves_the_others_free() -> None:
    known = [a_candidate(1), a_candidate(2), a_candidate(3)]
    assert propose([an_unpaired(1, kept=1), an_unpaired(2)], known) == [
        Proposal("CP-001", 1, 2),
        Proposal("CP-002", 3, 1),  # 1 leads already
    ]


def test_two_more_than_somebody_else_has_are_handed_on() -> None:
    """3 could be asked of both, and 4 of none; 4 has a conflict with the second case alone."""
    known = [
        a_candidate(1, MANAGER, team=1),
        a_candidate(2, MANAGER, team=1, load=1),
        a_candidate(3, CHAIR, team=3),
        a_candidate(4, CHAIR, team=2),
    ]
    unpaired = [an_unpaired(1, team=4, kept=1), an_unpaired(2, team=2, conflicts=frozenset({4}))]
    assert propose(unpaired, known) == [Proposal("CP-001", 1, 4), Proposal("CP-002", 3, 1)]


def test_the_same_question_gets_the_same_answer_in_every_version() -> None:
    known = [
        a_candidate(1, MANAGER, team=3, load=2),
        a_candidate(2, CHAIR, team=2, load=1),
        a_candidate(3, CHAIR, team=1),
        a_candidate(4, CHAIR, team=2, load=1),
        a_candidate(5, CHAIR, team=3, load=1),
    ]
    unpaired = [
        an_unpaired(1, team=3, conflicts=frozenset({5})),
        an_unpaired(2, team=3),
        an_unpaired(3, team=2, conflicts=frozenset({1}), kept=1),
        an_unpaired(4, team=3),
    ]
    assert propose(unpaired, known) == [
        Proposal("CP-001", 2, 3),
        Proposal("CP-002", 3, 4),
        Proposal("CP-003", 1, 5),
        Proposal("CP-004", 4, 3),
    ]


def for_one(number: int, team: int = 99, self_assessment: bool = False) -> Unpaired:
    """An audit of a cycle that needs one auditor."""
    case = CaseFacts(f"CP-{number:03}", team, DUE, self_assessment=self_assessment)
    return Unpaired(case, auditors=1)


def test_where_one_is_needed_one_is_proposed_and_the_work_is_spread_evenly() -> None:
    known = [a_candidate(1, MANAGER), a_candidate(2, CHAIR), a_candidate(3, CHAIR, load=2)]
    proposals = propose([for_one(number) for number in range(1, 6)], known)
    assert all(proposal.lead_id and proposal.second_id is None for proposal in proposals)
    assert loads(proposals, known) == {1: 2, 2: 2, 3: 3} or loads(proposals, known) == {1: 3, 2: 2, 3: 2}


def test_where_one_is_needed_nobody_untrained_or_away_is_proposed_beside_one_who_is_neither() -> None:
    known = [a_candidate(1, CHAIR, trained=False), a_candidate(2, load=9), a_candidate(3, away=True)]
    assert propose([for_one(1)], known) == [Proposal("CP-001", 2, None)]


def test_a_second_whose_lead_declined_gets_a_lead_of_another_group() -> None:
    known = [a_candidate(1, MANAGER), a_candidate(2, MANAGER), a_candidate(3, CHAIR, load=5)]
    left = Unpaired(CaseFacts("CP-001", 99, DUE), kept_id=1, kept_leads=False, auditors=1)
    assert propose([left], known) == [Proposal("CP-001", 3, 1)]


def test_in_self_assessment_the_case_s_own_team_is_proposed_while_it_has_somebody() -> None:
    known = [a_candidate(1, team=1), a_candidate(2, team=2, load=7), a_candidate(3, team=3, away=True)]
    own = [for_one(number, team=number, self_assessment=True) for number in (1, 2, 3)]
    assert [proposal.lead_id for proposal in propose(own, known)] == [1, 2, 1]
    pair = replace(own[0], auditors=2)
    assert propose([pair], known) == [Proposal("CP-001", 1, 2)]


def test_half_a_pair_keeps_the_half_it_has() -> None:
    known = [a_candidate(1, MANAGER), a_candidate(2, MANAGER), a_candidate(3, CHAIR, load=5)]
    assert propose([an_unpaired(1, kept=1)], known) == [Proposal("CP-001", 1, 3)]


def test_people_of_the_agency_come_first_where_there_are_enough_of_them() -> None:
    police, school = 7, 8
    known = [
        a_candidate(1, team=police, load=5),
        a_candidate(2, CHAIR, team=police, load=5),
        a_candidate(3, team=school),
        a_candidate(4),
    ]
    of_police = replace(an_unpaired(1), agency_team_id=police)
    assert {propose([of_police], known)[0].lead_id, propose([of_police], known)[0].second_id} == {1, 2}
    of_school = replace(an_unpaired(2), agency_team_id=school)
    assert propose([of_school], known) == propose([an_unpaired(2)], known)
    assert propose([replace(of_school, auditors=1)], known)[0].lead_id == 3


def test_people_of_the_agency_are_independent_of_the_case_like_others() -> None:
    known = [a_candidate(1, team=7), a_candidate(2)]
    of_police = replace(an_unpaired(1, team=7), agency_team_id=7, auditors=1)
    assert propose([of_police], known)[0].lead_id == 2

"""Proposing auditors: independent of the case, pairs of two groups where possible, the work spread evenly.
Pure.

The same input always gives the same proposals.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.assigning.independence import CaseFacts, is_own_team, is_trained, not_independent
from app.audits.parts import MOST_AUDITORS
from app.people.presence import PersonFacts

TRAINED_AND_THERE, THERE, AWAY = range(3)


@dataclass(frozen=True)
class Unpaired:
    """An audit that lacks one auditor or both. `kept_id` is the auditor it has; `kept_leads`: as its lead.

    `auditors` is the number that its cycle needs. `agency_team_id` is the team that is called like the agency
    whose audit it is, if there is one.
    """

    case: CaseFacts
    kept_id: int | None = None
    kept_leads: bool = False
    auditors: int = MOST_AUDITORS
    agency_team_id: int | None = None

    @property
    def own_team_id(self) -> int | None:
        """Return the team whose people audit it first: that of its agency or, in self-assessment, of its
        case; None where all are alike."""
        if self.agency_team_id is not None:
            return self.agency_team_id
        return self.case.team_id if self.case.self_assessment else None

    @property
    def kept(self) -> frozenset[int]:
        """Return the auditor it has, as a set of ids."""
        return frozenset() if self.kept_id is None else frozenset({self.kept_id})

    @property
    def seats(self) -> int:
        """Return the number of auditors to propose."""
        return 1 if self.kept else self.auditors

    @property
    def size(self) -> int:
        """Return the number of its auditors once they are assigned."""
        return self.seats + len(self.kept)


@dataclass(frozen=True)
class Candidate:
    """An auditor who may be proposed; `group` is their job title, `load` the number of their open audits."""

    person: PersonFacts
    group: str | None
    load: int


@dataclass(frozen=True)
class Proposal:
    """The proposed auditors of a case; a part is None where nobody is needed or nobody suitable is left."""

    reference: str
    lead_id: int | None
    second_id: int | None


@dataclass
class _Seats:
    """The proposals so far: the people of each audit, by reference, and everyone's load with them."""

    people: dict[str, list[int]]
    load: Counter[int]


def propose(unpaired: Sequence[Unpaired], candidates: Iterable[Candidate]) -> list[Proposal]:
    """Return a lead and a second for each audit, or a lead where one is needed, in the order given.

    All are independent of the case. People who are trained and there on the due day come first; the untrained
    only where there are too few of those, or of one group for two; those away only where there are too few
    others. The two are of two groups where that allows it. Then no two people's loads differ by more than 1
    if moving audits between them can prevent it.
    """
    known = {candidate.person.id: candidate for candidate in candidates}
    suitable = {audit.case.reference: _suitable(audit, known) for audit in unpaired}
    kept = {audit.case.reference: audit.kept_id for audit in unpaired}
    seats = _Seats(
        people={reference: [] for reference in suitable},
        load=Counter({person_id: candidate.load for person_id, candidate in known.items()}),
    )
    # audits with the least choice first
    for audit in sorted(
        unpaired, key=lambda audit: (len(suitable[audit.case.reference]), audit.case.reference)
    ):
        _fill(audit, suitable[audit.case.reference], known, seats)
    _even_out(suitable, kept, known, seats)
    return _with_parts(unpaired, known, seats)


def _suitable(audit: Unpaired, known: Mapping[int, Candidate]) -> frozenset[int]:
    """Return the ids of the people to choose from.

    These are the trained who are there; the untrained where those are too few, or those of the untrained who
    bring in a second group; people away on the due day only where there are still too few.
    """
    tiers: dict[int, set[int]] = defaultdict(set)
    for person_id in _independent(audit, known):
        tiers[_tier(known[person_id].person, audit.case)].add(person_id)
    chosen = tiers[TRAINED_AND_THERE]
    if len(chosen | audit.kept) < audit.size:
        chosen = chosen | tiers[THERE]
    groups = {_group(known, person_id) for person_id in chosen | audit.kept}
    if audit.size > 1 and len(groups) == 1:
        chosen = chosen | {person_id for person_id in tiers[THERE] if _group(known, person_id) not in groups}
    if len(chosen | audit.kept) < audit.size:
        chosen = chosen | tiers[AWAY]
    return frozenset(chosen)


def _independent(audit: Unpaired, known: Mapping[int, Candidate]) -> frozenset[int]:
    """Return the ids of the people who may audit the case, without the auditor it has.

    These are people of the audit's own team, where it has one and enough of them are there.
    """
    case = audit.case
    independent = {
        person_id: candidate.person
        for person_id, candidate in known.items()
        if person_id not in audit.kept and not_independent(candidate.person, case) is None
    }
    own = frozenset(
        person_id
        for person_id, person in independent.items()
        if is_own_team(person.team_id, audit.own_team_id) and person.is_there(case.due_on)
    )
    if audit.own_team_id is not None and len(own) >= audit.seats:
        return own
    return frozenset(independent)


def _tier(person: PersonFacts, case: CaseFacts) -> int:
    if not person.is_there(case.due_on):
        return AWAY
    return TRAINED_AND_THERE if is_trained(person, case.due_on) else THERE


def _fill(audit: Unpaired, suitable: frozenset[int], known: Mapping[int, Candidate], seats: _Seats) -> None:
    """Seat the least busy, the second of them from another group than the first where there is one."""
    reference = audit.case.reference
    seated = seats.people[reference]
    first = audit.kept_id
    for _ in range(audit.seats):
        free = [person_id for person_id in suitable if person_id not in seated]
        if not free:
            return
        other = first if first is not None else next(iter(seated), None)

        def cost(person_id: int, other: int | None = other) -> tuple[bool, int, str, int]:
            same = other is not None and _group(known, other) == _group(known, person_id)
            return same, seats.load[person_id], known[person_id].person.name, person_id

        chosen = min(free, key=cost)
        seated.append(chosen)
        seats.load[chosen] += 1


def _even_out(
    suitable: Mapping[str, frozenset[int]],
    kept: Mapping[str, int | None],
    known: Mapping[int, Candidate],
    seats: _Seats,
) -> None:
    """Hand audits on, along chains of people if need be, from the busiest to the least busy."""
    while True:
        by_load = sorted(known, key=lambda person_id: (-seats.load[person_id], person_id))
        for person_id in by_load:
            if seats.load[person_id] - seats.load[by_load[-1]] < 2:
                return
            chain = _chain(person_id, suitable, kept, known, seats)
            if chain:
                break
        else:
            return
        for reference, giver, taker in chain:
            people = seats.people[reference]
            people[people.index(giver)] = taker
            seats.load[giver] -= 1
            seats.load[taker] += 1


def _chain(
    start: int,
    suitable: Mapping[str, frozenset[int]],
    kept: Mapping[str, int | None],
    known: Mapping[int, Candidate],
    seats: _Seats,
) -> list[tuple[str, int, int]]:
    """Return the shortest chain of hand-overs from one person to somebody with at least two audits fewer.

    Each hand-over is the reference of the audit, the giver and the taker; the list is empty where there is no
    such chain.
    """
    came_from: dict[int, tuple[str, int]] = {}
    waiting, seen = deque([start]), {start}
    while waiting:
        giver = waiting.popleft()
        for reference, taker in _hand_overs(giver, suitable, kept, known, seats):
            if taker in seen or any(reference == step for step, _ in _walk(came_from, giver)):
                continue
            seen.add(taker)
            came_from[taker] = (reference, giver)
            if seats.load[start] - seats.load[taker] >= 2:
                steps, receiver = [], taker
                for step, before in _walk(came_from, taker):
                    steps.append((step, before, receiver))
                    receiver = before
                return steps
            waiting.append(taker)
    return []


def _walk(came_from: Mapping[int, tuple[str, int]], person_id: int) -> Iterable[tuple[str, int]]:
    """Yield the audits handed over on the way to a person, each with its giver, the last first."""
    while person_id in came_from:
        reference, giver = came_from[person_id]
        yield reference, giver
        person_id = giver


def _hand_overs(
    giver: int,
    suitable: Mapping[str, frozenset[int]],
    kept: Mapping[str, int | None],
    known: Mapping[int, Candidate],
    seats: _Seats,
) -> Iterable[tuple[str, int]]:
    """Yield the audits that this person could give to somebody, each with the taker, so that no pair of two
    groups becomes one of a single group."""
    for reference, people in sorted(seats.people.items()):
        if giver not in people:
            continue
        partners = [person_id for person_id in people if person_id != giver]
        if (stays := kept[reference]) is not None:
            partners.append(stays)
        mixed = any(_group(known, giver) != _group(known, partner) for partner in partners)
        for taker in sorted(suitable[reference]):
            if taker in people:
                continue
            stays_mixed = any(_group(known, taker) != _group(known, partner) for partner in partners)
            if stays_mixed or not mixed:
                yield reference, taker


def _group(known: Mapping[int, Candidate], person_id: int) -> str | None:
    """Return a person's group; None for one who keeps their part but is no candidate any more."""
    return known[person_id].group if person_id in known else None


def _with_parts(
    unpaired: Sequence[Unpaired], known: Mapping[int, Candidate], seats: _Seats
) -> list[Proposal]:
    """Return the proposals with their parts.

    The lead of two is the one who leads fewer audits so far, then the one whose name comes first.
    """
    leads: Counter[int] = Counter()
    proposals = []
    for audit in unpaired:
        reference = audit.case.reference
        pair: tuple[int | None, int | None]
        if audit.kept_id is not None:
            new = next(iter(seats.people[reference]), None)
            pair = (audit.kept_id, new) if audit.kept_leads else (new, audit.kept_id)
        else:
            ordered = sorted(
                seats.people[reference],
                key=lambda person_id: (leads[person_id], known[person_id].person.name, person_id),
            )
            pair = (ordered[0] if ordered else None, ordered[1] if len(ordered) > 1 else None)
        if pair[0] is not None:
            leads[pair[0]] += 1
        proposals.append(Proposal(reference, *pair))
    return proposals

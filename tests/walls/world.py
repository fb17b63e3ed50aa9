"""A council on one day with people of every relation to a thing, and those who only nearly have it.

People are known by what they are to the things: A1 is an audit of the team Nantwich, ACTION an action of an
owner in Sandbach, and so on. Every rule with a day has somebody on each side of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from app.actions.models import Action, Body, BodyMember, ProgressNote, Recommendation
from app.answers.models import Moderation
from app.answers.unseen_grade import ASKED
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.concerns.models import Alert, CalledResponse, Remedy
from app.database import db, transaction
from app.history.record import Event, record
from app.people.models import FormerEmail, Person
from app.people.roles import RoleName as R
from app.quick_wins.models import AudienceRole, AudienceTeam, QuickWin
from app.workers.models import WorkerReply
from tests.factories import a_cycle, a_person, a_team, an_audit

LONG_BEFORE, BEFORE, ON, AFTER = date(2010, 10, 4), date(2010, 11, 19), date(2010, 11, 22), date(2010, 11, 23)
"""A long time before the day, the working day before it, the day, and the day after."""

MOMENT = datetime(2010, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """People by what they are, and the numbers of things that addresses name."""

    people: dict[str, Person]
    numbers: dict[str, int]


def make() -> World:  # noqa: C901  one thing after the other
    """Make the council."""
    people: dict[str, Person] = {}

    def add(name: str, role: R | Iterable[R] = (), team: str | None = None, **given: object) -> Person:
        roles = [role] if isinstance(role, R) else list(role)
        people[name] = a_person(name, roles=roles, team=team, **given)  # type: ignore[arg-type]
        return people[name]

    # each role and nothing else
    for role in R:
        add(f"a {role}", role, "Wilmslow")

    # standing in for coordinators
    deputies = (
        "deputy of a coordinator",
        "deputy until the day before",
        "deputy from the day after",
        "deputy of a coordinator who left",
        "deputy of a coordinator who leaves today",
        "deputy of the shorter leave",
        "deputy of the longer leave",
        "deputy of the earlier leave",
        "deputy of the later leave",
    )
    for name in deputies:
        # an earlier leave of the deputy's own says nothing about today
        add(name, R.PRACTITIONER, leave=[(LONG_BEFORE, LONG_BEFORE)])
    add("deputy who is away", R.PRACTITIONER, leave=[(ON, ON)])
    add("deputy who left", R.PRACTITIONER, leaving_on=BEFORE)
    add("deputy who leaves today", R.PRACTITIONER, leaving_on=ON)
    away, whole = (BEFORE, ON), (ON, AFTER)
    coordinators = {
        "deputy of a coordinator": [away, (date(2010, 12, 1), date(2010, 12, 3))],
        "deputy until the day before": [(LONG_BEFORE, BEFORE)],
        "deputy from the day after": [(AFTER, AFTER)],
        "deputy who is away": [away],
        "deputy who left": [away],
        "deputy who leaves today": [(ON, AFTER)],
    }
    for deputy, spells in coordinators.items():
        # a leave still to come names somebody else
        named = [deputy, "a practitioner"]
        leave = [(*spell, people[who]) for spell, who in zip(spells, named, strict=False)]
        add(f"coordinator with {deputy}", R.COORDINATOR, leave=leave)
    for deputy, day in (
        ("deputy of a coordinator who left", BEFORE),
        ("deputy of a coordinator who leaves today", ON),
    ):
        leave = [(*away, people[deputy])]
        add(f"coordinator with {deputy}", R.COORDINATOR, leave=leave, leaving_on=day)
    shorter, longer = people["deputy of the shorter leave"], people["deputy of the longer leave"]
    add("coordinator with two leaves", R.COORDINATOR, leave=[(*away, shorter), (*whole, longer)])
    earlier, later = people["deputy of the earlier leave"], people["deputy of the later leave"]
    add(
        "coordinator with leaves to one day",
        R.COORDINATOR,
        leave=[(*away, later), (LONG_BEFORE, ON, earlier)],
    )

    # an audit: who audits it, who did, who will, and whose line they are in
    add("deputy of the line manager", R.PRACTITIONER)
    add("former deputy of the line manager", R.PRACTITIONER)
    stand_in, former = people["deputy of the line manager"], people["former deputy of the line manager"]
    line = add(
        "line manager of the lead",
        R.MANAGER,
        "Crewe",
        leave=[(*away, stand_in), (LONG_BEFORE, date(2010, 10, 8), former)],
    )
    before = add("line manager of the former lead", R.MANAGER, "Crewe")
    add("manager of the lead's team", R.MANAGER, "Crewe")
    lead = add("lead", R.AUDITOR, "Crewe", manager=line)
    former_lead = add("former lead", R.AUDITOR, "Crewe", manager=before)
    second = add("second", R.AUDITOR, "Crewe")
    next_second = add("next second", R.AUDITOR, "Crewe")
    add("colleague of the lead", R.AUDITOR, "Crewe")
    declined = add("who declined", R.AUDITOR, "Crewe")
    add("lead of another audit", R.AUDITOR, "Crewe")

    # the team of the case
    add("deputy of the team's manager", R.PRACTITIONER)
    stand_in = people["deputy of the team's manager"]
    above = add("line manager of the team's manager", R.LEADER)
    add("manager of the team", R.MANAGER, "Nantwich", manager=above, leave=[(*away, stand_in)])
    add("manager of the team who left", R.MANAGER, "Nantwich", leaving_on=BEFORE)
    add("former manager of the team", R.MANAGER, "Wilmslow")
    add("manager of no team", R.MANAGER)
    for role in R:
        if role is not R.MANAGER:
            add(f"{role} in the team", role, "Nantwich")
    head = add("head of service", R.PRACTITIONER, leaving_on=ON)

    # whose case it is
    worker = add("worker", R.PRACTITIONER)
    moderating = add("moderating worker", R.MODERATOR)
    coordinating = add("coordinating worker", [R.MODERATOR, R.COORDINATOR])
    auditing = add("moderating worker in the pair", [R.MODERATOR, R.AUDITOR])

    told = a_cycle("2010-1", workers="told").id
    a_cycle("2010-2", workers="not told")
    with transaction():
        db.session.get_one(Cycle, told).respond_to_id = head.id

    def audit(reference: str, **given: object) -> Audit:
        given = {"cycle": a_cycle("2010-1"), "assigned_on": LONG_BEFORE, **given}
        return an_audit(reference, **given)  # type: ignore[arg-type]

    first = audit("A1", lead=former_lead, second=second)
    first_id = first.id
    with transaction():
        held = {spell.part: spell for spell in db.session.get_one(Audit, first_id).assignments}
        held["lead"].ended_on, held["lead"].ended_because = ON, "reassigned"
        held["second"].ended_on, held["second"].ended_because = AFTER, "reassigned"
        for part, person, begun in (("lead", lead, ON), ("second", next_second, AFTER)):
            db.session.add(Assignment(audit_id=first_id, part=part, person_id=person.id, assigned_on=begun))
        db.session.add(
            Assignment(
                audit_id=first_id,
                part="second",
                person_id=declined.id,
                assigned_on=LONG_BEFORE,
                ended_on=LONG_BEFORE,
                ended_because="declined",
            )
        )
    audit("A2", lead=people["lead of another audit"], team="Crewe")
    audit("WORKER", worker=worker)
    audit("MODERATING", worker=moderating)
    audit("COORDINATING", worker=coordinating)
    audit("AUDITING", worker=auditing, lead=auditing)
    asked = add("moderating worker who is asked", [R.MODERATOR, R.MANAGER], "Audlem")
    audit("ASKED", worker=asked, team="Audlem")
    audit("UNTOLD", worker=moderating, cycle=a_cycle("2010-2"))
    # whose deputy audited the case
    audit("DEPUTY", second=people["deputy of the team's manager"])
    audit("TOLD LATER", worker=worker, requested_on=AFTER)
    audit("TOLD TODAY", worker=worker, requested_on=ON)

    # whose own audit repeats it
    repeats: dict[str, dict[str, object]] = {
        "audits it again": {},
        "returns it again tomorrow": {"returned_on": AFTER},
        "has returned it again": {"returned_on": ON},
        "withdrawn from it again": {"withdrawn_on": ON},
        "withdrawn from it again tomorrow": {"withdrawn_on": AFTER},
        "no longer audits it again": {},
        "will audit it again": {"assigned_on": AFTER},
        "coordinator who audits it again": {},
    }
    for number, (name, days) in enumerate(repeats.items()):
        person = add(name, [R.COORDINATOR, R.AUDITOR] if "coordinator" in name else R.MODERATOR)
        again = audit(f"AGAIN-{number}", lead=person, **days).id
        with transaction():
            row = db.session.get_one(Audit, again)
            row.re_audit_of_id = first_id
            if name == "no longer audits it again":
                row.assignments[0].ended_on, row.assignments[0].ended_because = ON, "reassigned"

    # an action, its recommendation and its quick win
    names = ("deputy of the owner's line manager", "former deputy of the owner's line manager")
    stand_in, former = (add(name, R.PRACTITIONER) for name in names)
    boss = add(
        "line manager of the owner",
        R.MANAGER,
        "Wilmslow",
        leave=[(*away, stand_in), (LONG_BEFORE, date(2010, 10, 8), former)],
    )
    add("manager of the owner's team", R.MANAGER, "Sandbach")
    for role in R:
        if role is not R.MANAGER:
            add(f"{role} in the owner's team", role, "Sandbach")
    owner = add("owner of the action", R.PRACTITIONER, "Sandbach", manager=boss)
    other_owner = add("owner of another action", R.PRACTITIONER, "Crewe")
    raiser = add("raised the action", R.AUDITOR)
    own_boss = add("manager who owns an action", R.MANAGER, "Alsager")
    rec_owner = add("owner of the recommendation", R.PRACTITIONER, manager=boss)
    rec_other = add("owner of another recommendation", R.PRACTITIONER)
    under = add("owner of an action under it", R.PRACTITIONER)
    member, elsewhere = (
        add("member of the body", R.PRACTITIONER),
        add("member of another body", R.PRACTITIONER),
    )
    writer = add("wrote the line", R.PRACTITIONER)
    wrote_other = add("wrote another line", R.PRACTITIONER)
    late = {"due_on": BEFORE, "first_due_on": BEFORE}
    with transaction():
        bodies = [Body(name="Board", folded="board"), Body(name="Panel", folded="panel")]
        db.session.add_all(bodies)
        db.session.flush()
        for body, person in zip(bodies, (member, elsewhere), strict=True):
            db.session.add(BodyMember(body_id=body.id, person_id=person.id))
        cycle_id = a_cycle("2010-1").id

        def recommendation(reference: str, person: Person, body: Body) -> Recommendation:
            return Recommendation(
                reference=reference,
                text="Agree it",
                cycle_id=cycle_id,
                raised_on=LONG_BEFORE,
                owner_id=person.id,
                body_id=body.id,
                **late,
            )

        recommendations = [
            recommendation("REC", rec_owner, bodies[0]),
            recommendation("REC-2", rec_other, bodies[1]),
        ]
        db.session.add_all(recommendations)
        db.session.flush()
        actions = {
            "ACTION": Action(owner_id=owner.id, raised_by_id=raiser.id, **late),
            "ACTION-2": Action(owner_id=other_owner.id, **late),
            "DRAFT": Action(owner_id=owner.id, is_draft=True),
            "OWN": Action(owner_id=own_boss.id, **late),
            "UNDER": Action(owner_id=under.id, recommendation_id=recommendations[0].id, **late),
        }
        for reference, action in actions.items():
            action.reference, action.text = reference, "Do it"
        db.session.add_all(actions.values())
        db.session.flush()
        lines = [
            ProgressNote(action_id=actions["ACTION"].id, on=BEFORE, by_id=person.id, text="Half done")
            for person in (writer, wrote_other)
        ]
        db.session.add_all(lines)
        plan = {"starts_on": BEFORE, "every_working_days": 5, "times": 3, "message": "Record it."}
        quick_win = QuickWin(reference="QUICK", subject="Child seen", action=actions["ACTION"], **plan)
        everywhere = QuickWin(reference="EVERYWHERE", subject="Child seen", **plan)
        nobody = QuickWin(reference="NOBODY", subject="Child seen", **plan)
        db.session.add_all([quick_win, everywhere, nobody])
        db.session.flush()
        db.session.add_all(
            [
                AudienceRole(quick_win_id=quick_win.id, role=R.PRACTITIONER),
                AudienceTeam(quick_win_id=quick_win.id, team_id=a_team_id("Nantwich")),
                AudienceRole(quick_win_id=everywhere.id, role=R.ADMINISTRATOR),
            ]
        )
        numbers = {"body": bodies[0].id, "line": lines[0].id}

    # what must be put right, an alert and a response
    remedy_line = add("line manager of the remedy's owner", R.MANAGER, "Wilmslow")
    remedy_owner = add("owner of the remedy", R.PRACTITIONER, "Alsager", manager=remedy_line)
    remedy_other = add("owner of another remedy", R.PRACTITIONER)
    answered = add("answered the other response", R.PRACTITIONER)
    answered_before = add("answered the response before it", R.PRACTITIONER)
    asking = _responses_of_other_teams(people, add)
    with transaction():
        second_id, third = an_audit_id("A2"), an_audit_id("WORKER")
        asked_id = an_audit_id("ASKED")
        for reference, audit_id, person in (
            ("REM", first_id, remedy_owner),
            ("REM-2", second_id, remedy_other),
        ):
            db.session.add(
                Remedy(
                    reference=reference,
                    text="The plan is old",
                    audit_id=audit_id,
                    raised_by_id=lead.id,
                    raised_on=BEFORE,
                    owner_id=person.id,
                    **late,
                )
            )
        for reference, audit_id, person in (("ALERT", first_id, second), ("ALERT-2", second_id, former_lead)):
            said = dict.fromkeys(("told_whom", "told_when", "told_how", "answer"), "by telephone")
            db.session.add(
                Alert(
                    reference=reference,
                    audit_id=audit_id,
                    raised_by_id=person.id,
                    raised_at=MOMENT,
                    last_told_at=MOMENT,
                    **said,
                )
            )
        for reference, audit_id, by in (
            ("A1-P1", first_id, answered_before),
            ("A1-P2", first_id, None),
            ("WORKER-P1", third, answered),
            ("ASKED-P1", asked_id, None),
            *((f"{reference}-P1", an_audit_id(reference), None) for reference in asking),
        ):
            db.session.add(
                CalledResponse(
                    reference=reference,
                    audit_id=audit_id,
                    called_on=BEFORE,
                    due_on=BEFORE,
                    questions=["child_seen"],
                    answered_by_id=by.id if by else None,
                    answered_on=BEFORE if by else None,
                    done="The child was seen" if by else None,
                )
            )
    _audits_to_decide_about(people, add)
    return World(people, numbers)


def _audits_to_decide_about(people: dict[str, Person], add: Callable[..., Person]) -> None:
    """Make the audits of which moderators have yet to ask for the grade, and those of which they read it
    anyway: because they are asked to respond to it, or to decide about a reply or a dispute."""
    cycle = "2010-3"
    add("moderating manager who is asked", [R.MODERATOR, R.MANAGER], "Mobberley")
    an_audit("TO MODERATE", cycle=a_cycle(cycle), team="Mobberley")
    an_audit("DISPUTED", cycle=a_cycle(cycle), team="Poynton", returned_on=LONG_BEFORE)
    an_audit("DECIDED", cycle=a_cycle(cycle), team="Poynton", returned_on=LONG_BEFORE)
    an_audit("REPLIED", cycle=a_cycle(cycle), worker=people["worker"], returned_on=LONG_BEFORE)
    an_audit("NOT REPLIED", cycle=a_cycle(cycle), worker=people["worker"], returned_on=LONG_BEFORE)
    an_audit("SEEN", cycle=a_cycle(cycle), returned_on=BEFORE)
    an_audit("SEEN BEFORE", cycle=a_cycle(cycle), returned_on=ON)
    an_audit("WITHDRAWN", cycle=a_cycle(cycle), withdrawn_on=ON)
    an_audit("WITHDRAWN TOMORROW", cycle=a_cycle(cycle), withdrawn_on=AFTER)
    answered = {"answered_on": BEFORE, "done": "The child was seen", "dispute": "It was a good assessment"}
    by = people["answered the other response"].id
    moderator = people["moderator in the team"].id
    decided = {"decided_on": BEFORE, "decided_by_id": moderator, "decision": "Kept"}
    with transaction():
        for reference, given in (
            ("TO MODERATE", {}),
            ("DISPUTED", {**answered, "answered_by_id": by, "disputed_by_id": by}),
            ("DECIDED", {**answered, "answered_by_id": by, "disputed_by_id": by, **decided}),
        ):
            db.session.add(
                CalledResponse(
                    reference=f"{reference}-P1",
                    audit_id=an_audit_id(reference),
                    called_on=BEFORE,
                    due_on=AFTER,
                    questions=["child_seen"],
                    **given,
                )
            )
        for reference, replied in (
            ("REPLIED", {"replied_on": BEFORE, "reply": "She was seen"}),
            ("NOT REPLIED", {}),
        ):
            db.session.add(
                WorkerReply(
                    reference=f"{reference}-W1",
                    audit_id=an_audit_id(reference),
                    worker_id=people["worker"].id,
                    asked_on=LONG_BEFORE,
                    due_on=AFTER,
                    **replied,
                )
            )
        asked = [
            Event("audit", reference, ASKED, after="after reading the answers", on=BEFORE)
            for reference in ("SEEN", "SEEN BEFORE")
        ]
        record(people["a moderator"].email, asked)
        # another asked under an address of before; what only looks like it is none
        former = FormerEmail(email="moderator.before@council.example", person_id=moderator)
        db.session.add(former)
        record(former.email, asked[:1])
        not_asked = [
            replace(asked[0], subject_kind="action", subject="NOT REPLIED"),
            replace(asked[0], subject="NOT REPLIED", what="returned"),
        ]
        record(people["a moderator"].email, not_asked)


def _responses_of_other_teams(people: dict[str, Person], add: Callable[..., Person]) -> tuple[str, ...]:
    """Make the audits whose responses are asked of other people than those of A1; return their references."""
    # one manager audited the case and one moderated it: their line managers are asked
    deputy = add("deputy of the line manager asked", R.PRACTITIONER)
    above = add("line manager of the line manager asked", R.LEADER)
    asked = add("line manager asked", R.LEADER, manager=above, leave=[(BEFORE, ON, deputy)])
    left = add("line manager who left", R.LEADER, leaving_on=BEFORE)
    audited = add("manager who audited the case", [R.MANAGER, R.AUDITOR], "Knutsford", manager=asked)
    moderated = add("manager who moderated the case", [R.MANAGER, R.MODERATOR], "Knutsford", manager=left)
    nobody = a_cycle("2010-3")
    an_audit("PART", cycle=nobody, team="Knutsford", lead=audited)
    # whoever audits or moderates it from tomorrow on is asked today
    an_audit("PART TOMORROW", cycle=a_cycle("2010-3"), team="Knutsford", lead=audited, assigned_on=AFTER)
    # a former auditor took part, and one from today on
    former = add("manager who audited it before", [R.MANAGER, R.AUDITOR], "Disley")
    today = add("manager who audits it from today", [R.MANAGER, R.AUDITOR], "Disley", leaving_on=ON)
    add("manager who left", R.MANAGER, "Disley", leaving_on=BEFORE)
    add("manager of the other team", R.MANAGER, "Disley", leave=[(BEFORE, ON)])
    an_audit("FORMER", cycle=a_cycle("2010-3"), team="Disley", lead=former, second=today)
    # a team without managers: coordinators are asked
    an_audit("NO MANAGER", cycle=a_cycle("2010-3"), team="Poynton")
    # the person whom the cycle names has left
    deputy = add("deputy of the former head of service", R.PRACTITIONER)
    head = add("former head of service", R.PRACTITIONER, leaving_on=BEFORE, leave=[(BEFORE, ON, deputy)])
    an_audit("FORMER HEAD", cycle=a_cycle("2010-4"))
    line_manager = add("line manager of a coordinator", R.LEADER)
    with transaction():
        db.session.get_one(Cycle, a_cycle_id("2010-4")).respond_to_id = head.id
        db.session.get_one(Person, people["a coordinator"].id).line_manager_id = line_manager.id
        spells = {
            one.person_id: one
            for one in db.session.query(Assignment).filter_by(audit_id=an_audit_id("FORMER"))
        }
        spells[former.id].ended_on, spells[former.id].ended_because = BEFORE, "reassigned"
        spells[today.id].assigned_on = ON
        for reference, day in (("PART", ON), ("PART TOMORROW", AFTER)):
            db.session.add(
                Moderation(
                    audit_id=an_audit_id(reference),
                    chosen_because="random",
                    moderator_id=moderated.id,
                    decided_on=day,
                    outcome="agreed",
                )
            )
    return "DEPUTY", "PART", "PART TOMORROW", "FORMER", "NO MANAGER", "FORMER HEAD"


def a_team_id(name: str) -> int:
    """Return the number of a team."""
    return a_team(name).id


def a_cycle_id(reference: str) -> int:
    """Return the number of a cycle."""
    return a_cycle(reference).id


def an_audit_id(reference: str) -> int:
    """Return the number of an audit."""
    return db.session.query(Audit).filter_by(reference=reference).one().id

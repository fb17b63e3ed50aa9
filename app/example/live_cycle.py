"""The example's second cycle, played through the moves of the product, day by day up to yesterday.

The daily run happens on each of these days, so that the outbox, the history and the chase list look as they
would after four weeks of use. What is played is in plans.py.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select

from app import clock
from app.answers import second_look
from app.answers.moderating import moderate
from app.answers.viewing import Change
from app.assigning import moves as assigning
from app.assigning import requesting
from app.assigning.moves import NewPair
from app.audits import chasing, moves
from app.audits.cycle import Cycle
from app.audits.parts import LEAD
from app.audits.selection import Selection
from app.concerns import remedies
from app.cycles.moves import Details, create
from app.database import db
from app.example import live_forms, plans
from app.example.plans import PLANS, Plan
from app.outbox.claims import hold_all
from app.outbox.delivery import NO_SERVER
from app.outbox.models import FAILED, Message
from app.people.closures import working_days
from app.people.models import Person, Team
from app.quick_wins import moves as quick_wins
from app.reminders import daily_run
from app.sampling import moves as draws
from app.sampling import queries as drawn
from app.sampling.requesting import audits_in
from app.sampling.seeded_draw import ListedCase
from app.tools.models import Tool

Days = Callable[[int], date]


@dataclass(frozen=True)
class Scene:
    """A day of the example and its people."""

    on: date
    day: Days
    people: dict[str, Person]
    cycle: str

    @property
    def coordinator(self) -> Person:
        """Return the coordinator of the cycle."""
        return self.people[plans.COORDINATOR]


Act = Callable[[Scene], object]


def play(on: date) -> None:
    """Play the cycle up to the day before `on`, in the caller's transaction; the clock goes along."""
    the_clock, before = clock.clock(), clock.clock().fixed
    day = days_around(on)
    people = {person.email.partition("@")[0]: person for person in db.session.scalars(select(Person))}
    cycle = f"{day(plans.REPORTED).year}-1"
    acts = _acts()
    try:
        for n in range(plans.REQUESTED, 0):
            the_clock.fixed = _moment(day(n), 8, 30)
            daily_run.run(day(n))
            for number, act in enumerate(acts[n]):
                the_clock.fixed = _moment(day(n), 9 + number // 4, 4 + number % 4 * 14)
                act(Scene(day(n), day, people, cycle))
        _leave_the_outbox()
    finally:
        the_clock.fixed = before


def days_around(on: date) -> Days:
    """Return a function from working days from today to the day. Day 0 is the last working day up to `on`."""
    calendar = working_days()
    today = calendar.latest_reaching(on, 0)
    return lambda n: calendar.offset(today, n)


def _moment(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=clock.clock().zone).astimezone(UTC)


def _acts() -> dict[int, list[Act]]:
    """Return the acts of each day, in order: how each audit goes, and what comes between."""
    acts: dict[int, list[Act]] = defaultdict(list)
    acts[plans.REQUESTED] += [_create_the_cycle, _draw_the_cases]
    for plan in PLANS:
        acts[plan.requested].append(_request(plan))
    acts[plans.ASSIGNED].append(_assign_all([plan for plan in PLANS if plan.lead and plan.second]))
    for plan in PLANS:
        if plan.started is not None:
            acts[plan.started].append(_start(plan))
        if plan.returned is not None:
            acts[plan.returned].append(_return(plan))
        if plan.confirmed is not None:
            acts[plan.confirmed].append(_confirm(plan))
    for n, act in _INCIDENTS:
        acts[n].append(act)
    return acts


def _create_the_cycle(scene: Scene) -> None:
    tool_id = db.session.scalars(select(Tool.id).where(Tool.called(plans.TOOL))).one()
    details = Details(
        reference=scene.cycle,
        title="Second cycle",
        theme=plans.THEME,
        tool_id=tool_id,
        requested_on=scene.on,
        due_on=scene.day(plans.DUE),
        cut_off_on=scene.day(plans.CUT_OFF),
        reported_on=scene.day(plans.REPORTED),
        reported_to="Children and Families Senior Management Team",
    )
    create(details, by=scene.coordinator)


def _draw_the_cases(scene: Scene) -> None:
    """Draw as many from each team as the plans say: the list has its teams in the same proportion."""
    listed = (
        ListedCase(f"{700_000 + number * 7_919 % 90_000}", team)
        for number, team in enumerate(plan.team for plan in PLANS for _ in range(plans.LISTED // len(PLANS)))
    )
    drawing = draws.Plan(tuple(listed), Selection.STRATIFIED, len(PLANS), plans.SEED, is_whole_list=True)
    draws.keep(scene.cycle, drawing, by=scene.coordinator, on=scene.on)


def _request(plan: Plan) -> Act:
    def act(scene: Scene) -> None:
        cycle = db.session.scalars(select(Cycle).where(Cycle.called(scene.cycle))).one()
        kept = drawn.kept(cycle)
        assert kept is not None
        cases = [case for case in drawn.cases_of(kept) if case.is_chosen]
        there = audits_in(cycle, cases)
        case = next(case for case in cases if case.stratum == plan.team and case.position not in there)
        team_id = db.session.scalars(select(Team.id).where(Team.called(plan.team))).one()
        requesting.request(
            scene.cycle,
            plan.reference,
            case.case_reference or "",
            team_id,
            scene.coordinator,
            scene.on,
            scene.day(plan.due),
        )

    return act


def _assign_all(of: Sequence[Plan]) -> Act:
    def act(scene: Scene) -> None:
        people = scene.people
        pairs = [
            NewPair(plan.reference, people[plan.lead or ""].id, people[plan.second or ""].id) for plan in of
        ]
        assigning.assign_all(pairs, scene.coordinator, scene.on)

    return act


def _start(plan: Plan) -> Act:
    """Let the lead fill in the first section, and go on another day."""
    return lambda scene: live_forms.fill_in(
        plan.reference, scene.people[plan.lead or ""], scene.on, sections=1
    )


def _return(plan: Plan) -> Act:
    def act(scene: Scene) -> None:
        lead = scene.people[plan.lead or ""]
        live_forms.fill_in(plan.reference, lead, scene.on)
        live_forms.return_filled(plan.reference, lead, scene.on)

    return act


def _confirm(plan: Plan) -> Act:
    """Let the second confirm; one second sees the plan differently."""

    def act(scene: Scene) -> None:
        differing = _seen_differently() if plan.reference == plans.DIFFERED else {}
        second_look.confirm(plan.reference, scene.people[plan.second or ""], scene.on, differing)

    return act


def _seen_differently() -> dict[int, Change]:
    return live_forms.the_other_grade(
        plans.DIFFERED, plans.JUDGED, "The plan has dates, but not who does what after the move."
    )


def _agree(scene: Scene) -> None:
    second_look.agree(plans.DIFFERED, scene.people["brendan.foxe"], scene.on, _seen_differently())


def _moderate(scene: Scene) -> None:
    changes = live_forms.the_other_grade(
        plans.MODERATED,
        plans.JUDGED,
        "The guidance says that a plan at this grade needs dates for the next steps.",
    )
    moderate(plans.MODERATED, scene.people["miriam.kaye"], scene.on, changes, read_before_grade=True)


def _put_right(scene: Scene) -> None:
    remedies.note(
        "CC-004",
        "Put the letter of the last health assessment on the record",
        scene.day(4),
        scene.people["rhian.beddoes"].id,
        scene.people["eirlys.pugh"],
        scene.on,
    )


def _plan_a_quick_win(scene: Scene) -> None:
    cycle = db.session.scalars(select(Cycle).where(Cycle.called(scene.cycle))).one()
    plan = quick_wins.Plan(
        subject="Give young people their health history",
        message=(
            "When a young person turns 16, give them their health history and talk it through with them. "
            "Write down the day, and what they asked."
        ),
        where="ICS, case note “health history given”",
        example="“12 March: went through her health history with her at home. She asked about her asthma.”",
        why=None,
        link=None,
        question="health_history",
        audience_roles=frozenset({"practitioner"}),
        audience_team_ids=frozenset(),
        starts_on=scene.day(-3),
        every_working_days=5,
        times=6,
    )
    work = quick_wins.NewAction(cycle=cycle, owner_id=scene.people["una.fairclough"].id, due_on=scene.day(30))
    quick_wins.plan(plan, belongs_to=work, by=scene.coordinator, on=scene.on)


_INCIDENTS: Sequence[tuple[int, Act]] = (
    (-8, _agree),
    (-7, _moderate),
    (-6, _put_right),
    (-4, _plan_a_quick_win),
    (
        -11,
        lambda scene: moves.extend(
            "CC-006",
            scene.coordinator,
            scene.on,
            "The paper file was in the archive until this week",
            scene.day(2),
        ),
    ),
    (
        -9,
        lambda scene: second_look.send_back(
            "CC-005",
            scene.coordinator,
            scene.on,
            "The reason for the judgement on the pathway plan does not say what evidence it is based on",
            scene.day(1),
        ),
    ),
    (
        -9,
        lambda scene: moves.withdraw(
            "CC-014", scene.coordinator, scene.on, "The young person is not yet 16, so not in this sample"
        ),
    ),
    (
        -8,
        lambda scene: assigning.decline(
            "CC-013",
            scene.people["nasreen.qureshi"],
            scene.on,
            "conflict",
            "I chaired the last two reviews of this young person",
        ),
    ),
    (
        -7,
        lambda scene: assigning.assign(
            NewPair("CC-013", None, scene.people["owen.bickerton"].id), scene.coordinator, scene.on
        ),
    ),
    (
        -6,
        lambda scene: chasing.chase(
            "CC-007",
            scene.coordinator,
            scene.on,
            "The report goes out in four weeks. Could you tell me by Friday when it will be done?",
        ),
    ),
    (
        -5,
        lambda scene: assigning.decline(
            "CC-012",
            scene.people["howard.keele"],
            scene.on,
            "capacity",
            "Covering two teams until the new year",
        ),
    ),
    (
        -4,
        lambda scene: assigning.reassign(
            "CC-017",
            LEAD,
            scene.people["eirlys.pugh"].id,
            scene.coordinator,
            scene.on,
            "Brendan has three others and is preparing for an inspection",
        ),
    ),
    (
        -3,
        lambda scene: chasing.log_chase(
            "CC-007",
            scene.coordinator,
            scene.on,
            scene.on,
            "phone",
            "Brendan Foxe",
            "Half done. The last section needs the paper file",
            scene.day(1),
        ),
    ),
    (
        -3,
        lambda scene: moves.exempt(
            "CC-018",
            scene.coordinator,
            scene.on,
            "The file is with the court until further notice",
            "Harriet Vance",
        ),
    ),
)


def _leave_the_outbox() -> None:
    """Leave one message refused and hold the others: nothing must be sent to invented people by itself."""
    refused = db.session.scalars(
        select(Message)
        .where(Message.address == plans.REFUSED_FOR, Message.kind == "assigned")
        .order_by(Message.id.desc())
        .limit(1)
    ).one()
    refused.state, refused.tries, refused.answer = FAILED, 1, plans.REFUSED_BECAUSE
    refused.first_tried_at = refused.ended_at = refused.written_at
    db.session.flush()
    hold_all(clock.now(), NO_SERVER)

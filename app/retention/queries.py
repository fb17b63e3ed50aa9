"""Reading what retention says of each cycle: its date, what holds it, what was removed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from app.audits.cycle import Cycle
from app.audits.models import Audit, of_cycles
from app.concerns.models import Alert, CalledResponse, Remedy
from app.cycles import queries as cycles
from app.database import db
from app.people.closures import working_days
from app.retention import due
from app.retention.due import CycleFacts
from app.retention.models import EMAIL_MONTHS, MONTHS, TEXTS, Removal, Retention, RetentionPeriods
from app.wording import counted
from app.workers.models import WorkerReply


@dataclass(frozen=True)
class Periods:
    """The council's periods, in months: until texts of a cycle go, and until those of an email do."""

    months: int = MONTHS
    email_months: int = EMAIL_MONTHS


def periods() -> Periods:
    """Return the periods as they are now."""
    row = db.session.get(RetentionPeriods, 1)
    return Periods(row.months, row.email_months) if row else Periods()


@dataclass(frozen=True)
class Kept:
    """A cycle as retention sees it on a day: when its texts go, what holds them, what was removed already."""

    cycle: Cycle
    facts: CycleFacts
    due_on: date | None
    by_itself_on: date | None
    held_because: tuple[str, ...]
    removed: Sequence[Removal]
    chosen_because: str | None = None

    @property
    def texts_removed_on(self) -> date | None:
        """Return the last day on which its texts were removed; None while they are kept."""
        days = [removal.removed_on for removal in self.removed if removal.what == TEXTS]
        return max(days, default=None)

    def is_due(self, on: date) -> bool:
        """True from the day on which a person can remove the texts."""
        return self.due_on is not None and self.due_on <= on and not self.held_because


def of_each(cycles_asked: Iterable[Cycle], on: date) -> list[Kept]:
    """Return what retention says of each of these cycles, in their order."""
    asked = list(cycles_asked)
    ids = [cycle.id for cycle in asked]
    choices = {
        row.cycle_id: row for row in db.session.scalars(select(Retention).where(Retention.cycle_id.in_(ids)))
    }
    removed: dict[int | None, list[Removal]] = defaultdict(list)
    for removal in db.session.scalars(select(Removal).order_by(Removal.id)):
        removed[removal.cycle_id].append(removal)
    again: dict[str | None, list[str]] = defaultdict(list)
    for later, earlier in db.session.execute(
        select(Cycle.reference, Cycle.audits_again)
        .where(Cycle.audits_again.is_not(None), ~Cycle.frozen_by(on))
        .order_by(Cycle.reference)
    ):
        again[earlier].append(later)
    unfinished, now, days = _unfinished(ids), periods(), working_days()
    found = []
    for cycle in asked:
        choice = choices.get(cycle.id)
        facts = CycleFacts(
            reported_on=cycle.reported_on,
            frozen_on=cycle.frozen_on,
            chosen_on=choice.remove_on if choice else None,
            hold=choice.held_because if choice else None,
            audited_again_by=tuple(again[cycle.reference]),
            unfinished=tuple(unfinished.get(cycle.id, ())),
            warned_on=choice.warned_on if choice else None,
            warned_of=choice.warned_of if choice else None,
        )
        found.append(
            Kept(
                cycle=cycle,
                facts=facts,
                due_on=due.due_on(facts, now.months),
                by_itself_on=due.by_itself_on(facts, now.months, days),
                held_because=due.held_because(facts, on),
                removed=removed[cycle.id],
                chosen_because=choice.remove_because if choice else None,
            )
        )
    return found


def of(cycle: Cycle, on: date) -> Kept:
    """Return what retention says of one cycle."""
    return of_each([cycle], on)[0]


def all_kept(on: date) -> list[Kept]:
    """Return all cycles, the first to be removed first; those without a date, then those removed, last."""
    found = of_each(cycles.all_cycles(), on)
    return sorted(
        found,
        key=lambda kept: (
            kept.texts_removed_on is not None,
            kept.due_on or date.max,
            kept.cycle.requested_on,
            kept.cycle.reference,
        ),
    )


def _unfinished(ids: Collection[int]) -> Mapping[int, list[str]]:
    """Return the work about the audits of cycles that is still to be done, in words, by cycle."""
    left: dict[int, list[str]] = defaultdict(list)
    queries: list[tuple[Select[int, int], str, str, str]] = [
        (
            _count_of(Alert).where(Alert.acknowledged_at.is_(None)),
            "worry about a child",
            "worries about children",
            "not acknowledged",
        ),
        (
            _count_of(Remedy).where(Remedy.done_on.is_(None), Remedy.withdrawn_on.is_(None)),
            "remedy",
            "remedies",
            "not done",
        ),
        (
            _count_of(CalledResponse).where(
                CalledResponse.answered_on.is_(None), CalledResponse.fell_away_on.is_(None)
            ),
            "response",
            "responses",
            "not given",
        ),
        (
            _count_of(CalledResponse).where(
                CalledResponse.dispute.is_not(None),
                CalledResponse.decided_on.is_(None),
                CalledResponse.fell_away_on.is_(None),
            ),
            "dispute",
            "disputes",
            "not decided",
        ),
        (
            _count_of(WorkerReply).where(
                WorkerReply.replied_on.is_not(None),
                WorkerReply.decided_on.is_(None),
                WorkerReply.ended_on.is_(None),
            ),
            "reply of a worker",
            "replies of workers",
            "not decided",
        ),
    ]
    for query, one, many, what in queries:
        for cycle_id, number in db.session.execute(query.where(of_cycles(ids))):
            verb = "is" if number == 1 else "are"
            left[cycle_id].append(f"{counted(number, one, many)} {verb} {what}")
    return left


def _count_of(
    model: type[Alert] | type[Remedy] | type[CalledResponse] | type[WorkerReply],
) -> Select[int, int]:
    return (
        select(Audit.cycle_id, func.count())
        .select_from(model)
        .join(Audit, Audit.id == model.audit_id)
        .group_by(Audit.cycle_id)
    )

"""The rule of independence, and the warnings before a pair or a due day is set. Pure."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.people.presence import PersonFacts
from app.wording import in_words
from app.working_days import happened, months_later

MONTHS_BETWEEN_AUDITS = 12


@dataclass(frozen=True)
class Worker:
    """The worker of a case, with their line manager."""

    id: int
    line_manager_id: int | None = None


@dataclass(frozen=True)
class CaseFacts:
    """The facts of the case of an audit that independence and warnings follow from.

    `in_conflict` are the ids of auditors who declared a conflict with it. `due_on` is the working day that
    the due day counts as, `cut_off_on` the planned cut-off of the cycle. `other_audits` are the other audits
    of the same case, by reference, each with the day of its return (None: still open), without those of other
    agencies in its cycle; `maybe_audits` are those of cases whose numbers differ from this one's by slashes
    alone. `self_assessment` says that those audited assess themselves. `in_earlier_audit` are the ids of
    those who audited or moderated the audit that this one repeats. `worker` is the named worker of the case.
    """

    reference: str
    team_id: int
    due_on: date
    in_conflict: frozenset[int] = frozenset()
    other_audits: Sequence[tuple[str, date | None]] = ()
    maybe_audits: Sequence[tuple[str, date | None]] = ()
    cut_off_on: date | None = None
    self_assessment: bool = False
    in_earlier_audit: frozenset[int] = frozenset()
    worker: Worker | None = None


class Tie(StrEnum):
    """A tie of an auditor to a case, so that they are not independent of it. The value is what is stored of
    one that was overridden."""

    OWN_TEAM = "own team"
    CONFLICT = "conflict"
    EARLIER_AUDIT = "earlier audit"
    WORKER = "worker"
    WORKERS_MANAGER = "worker’s manager"


OF_THE_WORKER = frozenset({Tie.WORKER, Tie.WORKERS_MANAGER})
"""The ties that follow from who the worker of the case is."""


def tie(
    auditor_id: int,
    team: object,
    case_team: object,
    in_conflict: Container[int],
    in_earlier_audit: Container[int] = (),
    *,
    self_assessment: bool = False,
    worker: Worker | None = None,
) -> Tie | None:
    """Return the tie of an auditor to a case, the closest of several; None for one who is independent of it.

    An auditor does not audit a case that they, or people whose line manager they are, work on, nor a case of
    their own team, nor one that they declared a conflict with; nor do they repeat an audit that they did or
    moderated. In self-assessment those audited assess themselves: that they work on the case, manage its
    worker or are of its team is no conflict there. Teams are ids or names; None is no team.
    """
    if not self_assessment:
        if worker is not None and worker.id == auditor_id:
            return Tie.WORKER
        if worker is not None and worker.line_manager_id == auditor_id:
            return Tie.WORKERS_MANAGER
        if is_own_team(team, case_team):
            return Tie.OWN_TEAM
    if auditor_id in in_conflict:
        return Tie.CONFLICT
    return Tie.EARLIER_AUDIT if auditor_id in in_earlier_audit else None


def is_own_team(team: object, case_team: object) -> bool:
    """Return True for an auditor of the case's team. None is no team."""
    return team is not None and team == case_team


def tie_to(auditor: PersonFacts, case: CaseFacts) -> Tie | None:
    """Return the tie of an auditor to the case of an audit; None for one who is independent of it."""
    return tie(
        auditor.id,
        auditor.team_id,
        case.team_id,
        case.in_conflict,
        case.in_earlier_audit,
        self_assessment=case.self_assessment,
        worker=case.worker,
    )


def not_independent(auditor: PersonFacts, case: CaseFacts) -> str | None:
    """Return why this auditor is not independent of the case, in one sentence; None when they are."""
    match tie_to(auditor, case):
        case Tie.OWN_TEAM:
            return f"{case.reference} is a case of {auditor.name}’s own team"
        case Tie.CONFLICT:
            return _declared(auditor, case)
        case Tie.WORKER:
            return f"{auditor.name} is the worker of the case of {case.reference}"
        case Tie.WORKERS_MANAGER:
            return f"{auditor.name} is the line manager of the worker of the case of {case.reference}"
        case Tie.EARLIER_AUDIT:
            return f"{auditor.name} audited or moderated the case of {case.reference} in its earlier audit"
    return None


def conflicts(auditors: Iterable[PersonFacts], case: CaseFacts) -> list[str]:
    """Return a sentence for each of these auditors who declared a conflict with the case."""
    return [_declared(auditor, case) for auditor in auditors if auditor.id in case.in_conflict]


def _declared(auditor: PersonFacts, case: CaseFacts) -> str:
    return f"{auditor.name} declared a conflict with the case of {case.reference}"


def warnings_about_auditor(auditor: PersonFacts, case: CaseFacts, on: date) -> list[str]:
    """Return the warnings about this auditor that a coordinator can overrule: leave, leaving, no training."""
    lines = []
    if auditor.has_left(case.due_on):
        lines.append(
            f"{auditor.name} leaves on {in_words(auditor.leaving_on)}, before {case.reference} is due"
        )
    elif (spell := auditor.leave_on(case.due_on)) is not None:
        lines.append(
            f"{auditor.name} is on leave from {in_words(spell.from_on)} to {in_words(spell.to_on)}, "
            f"and {case.reference} is due on {in_words(case.due_on)}"
        )
    if not is_trained(auditor, on):
        lines.append(f"{auditor.name} has not been trained")
    return lines


def is_trained(auditor: PersonFacts, on: date) -> bool:
    """True when an auditor was trained by that day."""
    return happened(auditor.trained_on, on)


def warnings_about_case(case: CaseFacts, on: date) -> list[str]:
    """Return the warnings that the case is due too late to count, was audited within 12 months, is being
    audited now, or may be the case of such an audit. The number of the case is never in them."""
    lines = []
    if case.cut_off_on is not None and case.due_on > case.cut_off_on:
        lines.append(
            f"{case.reference} would be due after its cycle’s cut-off date, {in_words(case.cut_off_on)}. "
            "Audits returned after that date do not count."
        )
    for reference, returned_on in recent_audits(case.other_audits, on):
        if returned_on is None:
            lines.append(f"The case of {case.reference} is also being audited now, as {reference}")
        else:
            lines.append(
                f"The case of {case.reference} was audited in the last {MONTHS_BETWEEN_AUDITS} months: "
                f"{reference} was returned on {in_words(returned_on)}"
            )
    for reference, _ in recent_audits(case.maybe_audits, on):
        lines.append(
            f"The case of {case.reference} may be the case of {reference}: only slashes in their case "
            "numbers are different"
        )
    return lines


def recent_audits(audits: Iterable[tuple[str, date | None]], on: date) -> list[tuple[str, date | None]]:
    """Return those of the audits of one case that are open on that day or were returned within 12 months
    before.

    Each has its reference and the day of its return (None: still open).
    """
    since = months_later(on, -MONTHS_BETWEEN_AUDITS)
    return [
        (reference, returned_on if happened(returned_on, on) else None)
        for reference, returned_on in audits
        if returned_on is None or since <= returned_on
    ]


def warnings(auditors: Iterable[PersonFacts], case: CaseFacts, on: date) -> list[str]:
    """Return all warnings before these auditors, or this due day, are set for a case on a day."""
    about_auditors = [line for auditor in auditors for line in warnings_about_auditor(auditor, case, on)]
    return warnings_about_case(case, on) + about_auditors

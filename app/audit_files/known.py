"""The stored facts of the audits that a file names, in a few queries however many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import column, select, table
from sqlalchemy.orm import aliased

from app.assigning.suitability import FOR_A_CONFLICT
from app.audit_files.rows import MOVES, KnownAudit, KnownSpell
from app.audits.cycle import Agency
from app.audits.models import Assignment, Audit, Return, agency_in_words
from app.audits.workers import WORKER_CHANGED, WORKER_NAMED
from app.database import db
from app.history.models import HistoryRow
from app.history.record import IMPORT
from app.names import References
from app.people.models import Team

KEYS_IN_A_QUERY = 5_000

_ANSWERS = table("answers", column("audit_id"))
_REPLIES = table("worker_replies", column("audit_id"))
"""The answers to audits, and the replies that their workers were asked for. Areas above this one know what is
in them; here it matters that there are any."""

Key = TypeVar("Key")


def known_audits(references: Collection[str], *, with_workers: bool = True) -> References[KnownAudit]:
    """Return the existing audits of these references, of all cycles, with their spells and moves; without
    `with_workers`, they do not say whether somebody named the worker in the product."""
    known: References[KnownAudit] = References()
    earlier = aliased(Audit)
    for some in chunks(sorted(references)):
        audits = db.session.execute(
            select(
                Audit.id,
                Audit.cycle_id,
                Audit.reference,
                Audit.case_reference,
                Team.name.label("team"),
                Audit.requested_on,
                Audit.started_on,
                Audit.due_on,
                Audit.first_due_on,
                Audit.returned_on,
                Audit.confirmed_on,
                Audit.withdrawn_on,
                Audit.reason_not_returned,
                Audit.note,
                Audit.is_together,
                Agency.name.label("agency"),
                earlier.reference.label("re_audit_of"),
                Audit.worker_id.label("worker_email"),
                *(getattr(Audit, f"{move}_in_product") for move in MOVES),
            )
            .join(Audit.team)
            .outerjoin(Audit.its_agency)
            .outerjoin(Audit.re_audit_of.of_type(earlier))
            .where(Audit.called(*some))
            .with_for_update(of=Audit)
        ).all()
        if not audits:
            continue
        ids = [row.id for row in audits]
        spells = _spells(ids)
        sent_back = {
            row.audit_id: row.sent_back_on
            for row in db.session.execute(
                select(Return.audit_id, Return.sent_back_on)
                .where(Return.audit_id.in_(ids))
                .order_by(Return.sent_back_on)
            )
        }
        answered = set(db.session.scalars(select(_ANSWERS.c.audit_id).where(_ANSWERS.c.audit_id.in_(ids))))
        named = _worker_named({row.reference: row.id for row in audits}) if with_workers else set()
        for row in audits:
            values = row._asdict()
            values["agency"] = agency_in_words(values.pop("is_together"), values["agency"])
            known[row.reference] = KnownAudit(
                id=values.pop("id"),
                cycle_id=values.pop("cycle_id"),
                in_product=frozenset(
                    [move for move in MOVES if values.pop(f"{move}_in_product")]
                    + ([WORKER_NAMED] if row.id in named else [])
                ),
                values=values,
                spells=tuple(spells[row.id]),
                sent_back_on=sent_back.get(row.id),
                is_begun=row.started_on is not None
                or row.returned_on is not None
                or row.id in sent_back
                or row.id in answered,
            )
    return known


def _worker_named(audits: Mapping[str, int]) -> set[int]:
    """Return the ids of those audits, given by their references, whose worker somebody named in the product,
    or that asked their worker for a reply."""
    in_history = select(HistoryRow.subject).where(
        HistoryRow.subject_kind == Audit.kind,
        HistoryRow.subject.in_(audits),
        HistoryRow.what.in_((WORKER_NAMED, WORKER_CHANGED)),
        HistoryRow.who != IMPORT,
    )
    asked = select(_REPLIES.c.audit_id).where(_REPLIES.c.audit_id.in_(audits.values()))
    return {audits[subject] for subject in db.session.scalars(in_history)} | set(db.session.scalars(asked))


def _spells(audit_ids: Collection[int]) -> dict[int, list[KnownSpell]]:
    spells: dict[int, list[KnownSpell]] = defaultdict(list)
    query = (
        select(
            Assignment.audit_id,
            Assignment.id,
            Assignment.part,
            Assignment.person_id,
            Assignment.assigned_on,
            Assignment.ended_on,
            Assignment.ended_because,
            Assignment.override_reason,
            Assignment.overridden,
        )
        .where(Assignment.audit_id.in_(audit_ids))
        .order_by(Assignment.id)
    )
    for row in db.session.execute(query):
        spells[row.audit_id].append(KnownSpell(*row[1:]))
    return spells


def conflicts_declared() -> dict[str, set[int]]:
    """Return the ids of those who declared a conflict with a case, by the case's keyed hash."""
    query = select(Audit.case_folded, Assignment.person_id).join(Assignment).where(FOR_A_CONFLICT)
    declared: dict[str, set[int]] = defaultdict(set)
    for case, person_id in db.session.execute(query):
        if case is not None and person_id is not None:
            declared[case].add(person_id)
    return declared


def meetings() -> dict[tuple[int, str], str]:
    """Return the reference of each case's meeting that was not withdrawn, by cycle and keyed hash."""
    query = select(Audit.cycle_id, Audit.case_folded, Audit.reference).where(
        Audit.is_together, Audit.withdrawn_on.is_(None)
    )
    return {(cycle, case): reference for cycle, case, reference in db.session.execute(query) if case}


def chunks(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Yield the keys in pieces that one query can take."""
    for first in range(0, len(keys), KEYS_IN_A_QUERY):
        yield keys[first : first + KEYS_IN_A_QUERY]

"""The earlier audit of each audit that a file brings into a cycle which audits an earlier one again.

A file names it in `re_audit_of`, or it is found by the number of the case. Both cycles may be in one file.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import bindparam, select, update

from app.assigning.independence import Tie
from app.assigning.suitability import audited_or_moderated
from app.audit_files.known import chunks
from app.audit_files.rows import CycleFacts
from app.audit_files.writing import Change, Override
from app.audits.cycle import Agency
from app.audits.models import Assignment, Audit, agency_in_words
from app.case_keys.mark import as_compared
from app.database import db
from app.files.rows import Reading
from app.names import References

COLUMN = "re_audit_of"

OR_A_REASON = "name someone else or give an override_reason"


def find_earlier_audits(
    reading: Reading, changes: Sequence[Change], cycles: Mapping[str, CycleFacts]
) -> None:
    """Find the earlier audit of each new audit, and of others where the file names one; refuse wrong ones."""
    by_id = {cycle.id: cycle for cycle in cycles.values()}
    earlier: dict[int, _Audits] = {}
    for change in changes:
        cycle, named = by_id[change.cycle_id], change.decision.values.get(COLUMN)
        if change.known is not None and named is None:
            continue
        if cycle.audits_again is None:
            if named is not None:
                why = f"cycle {cycle.reference} does not audit another again: give audits_again in its file"
                reading.refuse_at(change.row, COLUMN, why, value=named)
            continue
        again = cycles[cycle.audits_again]
        audits = earlier.setdefault(again.id, _Audits(again.id, changes))
        try:
            change.decision.values[COLUMN] = audits.of(change, again.reference, named)
        except ValueError as why:
            reading.refuse_at(change.row, COLUMN, str(why), value=named)


class _Audits:
    """The audits of a cycle as they are after the import, without those withdrawn."""

    def __init__(self, cycle_id: int, changes: Sequence[Change]) -> None:
        self.audits: References[tuple[str, str | None]] = References()
        self.by_case: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
        """The audits of each case by its keyed hash, each with its agency."""
        in_file = [change for change in changes if change.cycle_id == cycle_id]
        for reference, case, agency in [*_stored(cycle_id, in_file), *_in_file(in_file)]:
            self.audits[reference] = (reference, case)
            if case is not None:
                self.by_case[case].append((reference, agency))

    def of(self, change: Change, cycle: str, named: str | None) -> str | None:
        """Return the reference of the earlier audit of the same case, and of several that of the same agency;
        None where that case has none.

        Raises ValueError where there are two and none is named, or where what is named cannot be it.
        """
        case = as_compared(change.after("case_reference"))
        if named is None:
            return self._of_case(case, change.after("agency"), cycle)
        if named not in self.audits:
            raise ValueError(f"cycle {cycle} has no such audit")
        reference, its_case = self.audits[named]
        if its_case != case:
            raise ValueError("is an audit of another case")
        return reference

    def _of_case(self, case: str | None, agency: str | None, cycle: str) -> str | None:
        same_case = self.by_case.get(case or "", [])
        if len(same_case) > 1:
            same_case = [audit for audit in same_case if audit[1] == agency] or same_case
        if len(same_case) > 1:
            raise ValueError(f"cycle {cycle} has {len(same_case)} audits of this case: name one of them")
        return same_case[0][0] if same_case else None


def _stored(cycle_id: int, in_file: Sequence[Change]) -> Iterator[tuple[str, str | None, str | None]]:
    changed = {change.reference for change in in_file}
    query = (
        select(Audit.reference, Audit.case_folded, Audit.is_together, Agency.name)
        .outerjoin(Audit.its_agency)
        .where(Audit.cycle_id == cycle_id, Audit.withdrawn_on.is_(None))
    )
    for reference, case, is_together, agency in db.session.execute(query.order_by(Audit.reference)):
        if reference not in changed:
            yield reference, case, agency_in_words(is_together, agency)


def _in_file(changes: Sequence[Change]) -> Iterator[tuple[str, str | None, str | None]]:
    for change in changes:
        if change.after("withdrawn_on") is None:
            yield change.reference, as_compared(change.after("case_reference")), change.after("agency")


def refuse_repeating(reading: Reading, changes: Sequence[Change], names: Mapping[int, str]) -> None:
    """Refuse auditors who repeat an audit that they did or moderated, or note that a reason overrides it.

    A reason that overrides nothing known yet is kept: the moderation may come with the file of answers, which
    is read later. `names` are people's names, by their ids.
    """
    repeating: dict[int, str] = {
        change.row: earlier for change in changes if (earlier := change.after(COLUMN)) is not None
    }
    before = _auditors_of(set(repeating.values()), changes)
    for change in changes:
        for spell in change.decision.begun if change.row in repeating else ():
            person_id = spell.person_id
            if person_id is None or person_id in change.overridden:
                continue
            if person_id not in before.get(repeating[change.row], ()):
                continue
            if change.override_reason is not None:
                change.overridden[person_id] = Override(change.override_reason, Tie.EARLIER_AUDIT)
            else:
                why = f"{names[person_id]} audited or moderated this case in {repeating[change.row]}"
                reading.refuse_at(change.row, f"{spell.part}_auditor", f"{why}: {OR_A_REASON}")
        overrides = any(override.reason for override in change.overridden.values())
        if change.row in repeating and change.override_reason is not None and not overrides:
            override = Override(change.override_reason, None)
            change.overridden.update(
                {spell.person_id: override for spell in change.decision.begun if spell.person_id}
            )


def _auditors_of(references: set[str], changes: Sequence[Change]) -> Mapping[str, set[int]]:
    """Return the ids of those who audit these audits after the import, or moderated them, by reference."""
    people: dict[str, set[int]] = {}
    for some in chunks(sorted(references)):
        ids = dict(db.session.execute(select(Audit.reference, Audit.id).where(Audit.called(*some))).all())
        stored = audited_or_moderated(ids.values())
        people |= {reference: set(stored.get(id_, ())) for reference, id_ in ids.items()}
    for change in changes:
        if change.reference in references:
            those = people.setdefault(change.reference, set())
            those -= {spell.person_id for spell, *_ in change.decision.ended if spell.person_id is not None}
            those |= {spell.person_id for spell in change.decision.begun if spell.person_id is not None}
    return people


def name_overridden_moderations(audit_ids: Sequence[int]) -> None:
    """Name the tie of the overrides that were kept before the moderations of these audits were known.

    A reason was kept for both auditors of a pair: it goes on for the one who moderated the earlier audit.
    """
    spell = Assignment.__table__.c
    unknown = (
        select(spell.id, spell.audit_id, spell.person_id, Audit.re_audit_of_id)
        .join(Audit, Audit.id == spell.audit_id)
        .where(spell.override_reason.is_not(None), spell.overridden.is_(None))
    )
    for some in chunks(audit_ids):
        spells = db.session.execute(unknown.where(Audit.re_audit_of_id.in_(some))).all()
        before = audited_or_moderated({row.re_audit_of_id for row in spells})
        tied = [row for row in spells if row.person_id in before.get(row.re_audit_of_id, ())]
        named = update(Assignment).where(spell.id.in_([row.id for row in tied]))
        of_others = update(Assignment).where(
            spell.audit_id.in_([row.audit_id for row in tied]), spell.overridden.is_(None)
        )
        connection = db.session.connection()
        connection.execute(named.values(overridden=Tie.EARLIER_AUDIT))
        connection.execute(of_others.values(override_reason=None))


def write_earlier_audits(changes: Sequence[Change]) -> None:
    """Write which audit each repeats, once all audits of the file are there."""
    named = {
        change.reference: change.decision.values[COLUMN]
        for change in changes
        if change.decision.values.get(COLUMN) is not None
    }
    ids: dict[str, int] = {}
    for some in chunks(sorted({*named, *named.values()})):
        ids |= dict(db.session.execute(select(Audit.reference, Audit.id).where(Audit.called(*some))).all())
    if named:
        table = Audit.__table__
        statement = update(Audit).where(table.c.id == bindparam("its_id"))
        rows = [{"its_id": ids[reference], "earlier": ids[before]} for reference, before in named.items()]
        db.session.connection().execute(statement.values(re_audit_of_id=bindparam("earlier")), rows)

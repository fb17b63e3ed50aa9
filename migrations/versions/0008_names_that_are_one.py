"""names and references that are one, whatever their spelling

Revision ID: 0008
Revises: 0007
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app import clock
from app.history.chain import bare_hash
from app.names import folded, folded_reference
from app.refusal import Refused

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REFERENCES = {
    "audits": "audit",
    "cycles": "cycle",
    "earlier_cycles": "cycle",
    "tools": "tool",
    "recommendations": "recommendation",
    "actions": "action",
    "quick_wins": "quick win",
    "alerts": "alert",
    "remedies": "remedy",
    "exemplars": "exemplar",
}
"""The tables whose rows have references, and what a row of each is called."""

NAMES = {
    "teams": "name",
    "bodies": "name",
    "standards": "name",
    "evidence_places": "label",
    "context_factors": "label",
    "not_returned_reasons": "label",
}
"""The tables of lists, and their column with the name."""

POINTING = {
    "teams": (("people", "team_id"), ("audits", "team_id")),
    "bodies": (("recommendations", "body_id"),),
    "standards": (("questions", "standard_id"),),
    "evidence_places": (("answers", "found_in_id"),),
    "context_factors": (),
    "not_returned_reasons": (),
}
"""The columns that point at an entry of a list, any number of them at the same one."""

POINTING_ONCE = {
    "teams": (("audience_teams", "quick_win_id", "team_id", None),),
    "bodies": (
        ("body_members", "person_id", "body_id", "part"),
        ("meetings", "on", "body_id", "note"),
    ),
    "evidence_places": (("looked_in", "answer_id", "place_id", None),),
    "context_factors": (("context_notes", "audit_id", "factor_id", "note"),),
}
"""The tables in which a thing points at an entry once: the thing, the entry, and the words about the two."""

WRITTEN = {
    "teams": (("drawn_cases", "stratum"),),
    "not_returned_reasons": (("audits", "reason_not_returned"),),
}
"""The columns that hold the name itself."""

IN_THE_HISTORY: dict[str, Callable[[str], tuple[str, str]]] = {
    "teams": lambda _name: ("setting", "teams"),
    "bodies": lambda name: ("body", name),
    "standards": lambda name: ("standard", name),
    "evidence_places": lambda _name: ("setting", "places where evidence is found"),
    "context_factors": lambda _name: ("setting", "context factors"),
    "not_returned_reasons": lambda _name: ("setting", "reasons for not returning"),
}
"""The kind and the subject of each list in the history."""

Merge = tuple[str, str, str]
"""A list, the name that went and the name that it is one with."""


def upgrade() -> None:
    """Merge names that are one, record it, and fill the new columns; stop where references are one."""
    _refuse_references_that_are_one()
    merges = [merge for table, column in NAMES.items() for merge in _merge(table, column)]
    _record(merges)
    for table in NAMES | REFERENCES:
        op.add_column(table, sa.Column("folded", sa.String(), nullable=False, server_default=""))
        fold, column = (folded, NAMES[table]) if table in NAMES else (folded_reference, "reference")
        _fill(table, column, fold)
        unique = ["folded", "version"] if table == "tools" else ["folded"]
        op.create_index(f"ix_{table}_folded", table, unique, unique=True)


def downgrade() -> None:
    """Remove the columns. What was merged stays merged: the history says what it was."""
    for table in NAMES | REFERENCES:
        op.drop_index(f"ix_{table}_folded", table)
        op.drop_column(table, "folded")


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(sa.column, columns))


def _refuse_references_that_are_one() -> None:
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for table, kind in REFERENCES.items():
        rows = _table(table, "reference")
        for reference in op.get_bind().scalars(sa.select(rows.c.reference).distinct()):
            found[kind, folded_reference(reference)].setdefault(reference, table)
    clashes = sorted(
        (key, sorted(spellings.items())) for key, spellings in found.items() if len(spellings) > 1
    )
    if not clashes:
        return
    lines = [f"{kind}: {' and '.join(spelling for spelling, _ in each)}" for (kind, _), each in clashes]
    reference, table = clashes[0][1][-1]
    quoted = reference.replace("'", "''")
    example = f"update {table} set reference = '{quoted}-2' where reference = '{quoted}'"  # noqa: S608  # nosec B608 # shown, not run
    raise Refused(
        "The database was not updated, because these references differ only in letter case. A reference is "
        "now the same in capital and small letters.\n"
        + "\n".join(lines)
        + "\nGive one of each a reference of its own in the database, then start again. For example: "
        + example
    )


def _merge(table: str, column: str) -> Iterator[Merge]:
    """Merge the entries of a list that are one into the one that was there first."""
    bind = op.get_bind()
    rows = _table(table, "id", column)
    first: dict[str, tuple[int, str]] = {}
    for id_, name in bind.execute(sa.select(rows.c.id, rows.c[column]).order_by(rows.c.id)).all():
        kept_id, kept = first.setdefault(folded(name), (id_, name))
        if kept_id == id_:
            continue
        for pointing, to in POINTING.get(table, ()):
            their = _table(pointing, to)
            bind.execute(sa.update(their).where(their.c[to] == id_).values({to: kept_id}))
        for once in POINTING_ONCE.get(table, ()):
            _point_once(*once, id_, kept_id)
        for holding, written in WRITTEN.get(table, ()):
            their = _table(holding, written)
            bind.execute(sa.update(their).where(their.c[written] == name).values({written: kept}))
        bind.execute(sa.delete(rows).where(rows.c.id == id_))
        yield table, name, kept


def _point_once(table: str, thing: str, entry: str, words: str | None, gone: int, kept: int) -> None:
    """Point things at the entry that is kept. Where one points at both, its words about both are kept."""
    bind = op.get_bind()
    columns = {thing: sa.Date() if thing == "on" else None, entry: None} | ({words: None} if words else {})
    rows = sa.table(table, *(sa.column(name, kind) for name, kind in columns.items()))
    there = {row[0]: row for row in bind.execute(sa.select(rows).where(rows.c[entry] == kept))}
    for row in bind.execute(sa.select(rows).where(rows.c[entry] == gone)).all():
        its_own = (rows.c[thing] == row[0], rows.c[entry] == gone)
        if row[0] not in there:
            bind.execute(sa.update(rows).where(*its_own).values({entry: kept}))
            continue
        if words:
            said = "; ".join(dict.fromkeys(filter(None, (there[row[0]][2], row[2])))) or None
            both = sa.update(rows).where(rows.c[thing] == row[0], rows.c[entry] == kept)
            bind.execute(both.values({words: said}))
        bind.execute(sa.delete(rows).where(*its_own))


def _record(merges: Sequence[Merge]) -> None:
    """Append each merge to the history, as the service did at that version."""
    if not merges:
        return
    bind = op.get_bind()
    names = ("who", "subject_kind", "subject", "what", "before", "after", "why")
    moment = sa.DateTime(timezone=True)
    chained = (sa.column("at", moment), sa.column("on", sa.Date()), *map(sa.column, names))
    history = sa.table("history", *chained, sa.column("previous_hash"), sa.column("hash"))
    end = _table("history_end", "rows", "hash")
    rows, previous = bind.execute(sa.select(end.c.rows, end.c.hash)).one()
    at, on = clock.now(), clock.today()
    for table, name, kept in merges:
        kind, subject = IN_THE_HISTORY[table](kept)
        why = "two spellings of one name"
        words = ["update", kind, subject, "merged", name, kept, why]
        hashed = bare_hash(previous, [at.isoformat(timespec="microseconds"), str(on), *words])
        values: dict[str, Any] = dict(zip(names, words, strict=True))
        bind.execute(sa.insert(history).values(at=at, on=on, previous_hash=previous, hash=hashed, **values))
        previous = hashed
    bind.execute(sa.update(end).values(rows=rows + len(merges), hash=previous))


def _fill(table: str, column: str, fold: Callable[[str], str]) -> None:
    bind = op.get_bind()
    rows = _table(table, "id", column, "folded")
    named = bind.execute(sa.select(rows.c.id, rows.c[column])).all()
    if named:
        one = sa.update(rows).where(rows.c.id == sa.bindparam("its_id")).values(folded=sa.bindparam("fold"))
        bind.execute(one, [{"its_id": id_, "fold": fold(name)} for id_, name in named])

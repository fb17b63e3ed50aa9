"""The moves of an audit: its locked row with its facts, and the rule that may refuse one."""

from contextlib import AbstractContextManager
from datetime import date

from app.audits import lifecycle
from app.audits.facts import WITH_ITS_FACTS, facts
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.moves import moving as moves
from app.people.closures import working_days


def moving(reference: str, move: Move, on: date, version: int | None = None) -> AbstractContextManager[Audit]:
    """Yield the locked audit for one move on a day. Raises NotNow where the move is not possible."""

    def refuse(audit: Audit) -> str | None:
        return lifecycle.refuse(move, facts(audit, on), on, working_days())

    return moves.moving(Audit, reference, refuse, version, *WITH_ITS_FACTS)


def locked(reference: str) -> Audit:
    """Return the audit as the database holds it now; nobody else changes it until the transaction ends."""
    return moves.locked(Audit, reference, *WITH_ITS_FACTS)

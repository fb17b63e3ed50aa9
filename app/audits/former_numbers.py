"""The numbers that cases had before they were corrected.

A number that was mistyped may be another child's, and stands perhaps in texts already: the checks of texts
know it as long as the number that replaced it. It is encrypted and compared like that, and goes with it.
"""

from collections.abc import Mapping

from sqlalchemy import ForeignKey, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.audits.cases import OfACase
from app.case_keys.sealed import CANNOT_BE_READ
from app.database import Base, db


class FormerCaseNumber(OfACase, Base):
    """A number that the case of an audit had until it was corrected."""

    __tablename__ = "former_case_numbers"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)


def keep_former_numbers(of_audits: Mapping[int, str | None]) -> None:
    """Keep the numbers that audits have until now, by the audits' ids, as former ones; each once."""
    wanted = {
        audit_id: number for audit_id, number in of_audits.items() if number and number != CANNOT_BE_READ
    }
    if not wanted:
        return
    query = select(FormerCaseNumber.audit_id, FormerCaseNumber.case_reference)
    known = {tuple(row) for row in db.session.execute(query.where(FormerCaseNumber.audit_id.in_(wanted)))}
    rows = [
        {"audit_id": audit_id, "case_reference": number}
        for audit_id, number in wanted.items()
        if (audit_id, number) not in known
    ]
    if rows:
        db.session.execute(insert(FormerCaseNumber), rows)

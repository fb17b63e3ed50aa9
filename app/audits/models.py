"""The tables of audits. They hold facts, each with its day; the state is computed (lifecycle.py).

`due_on`, `returned_on` and so on hold now; `extensions` and `returns` keep the earlier ones, so that any day
can be read as it was.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, and_, false, or_, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship

from app.audits.agencies import TOGETHER
from app.audits.cases import OfACase
from app.audits.cycle import Agency, Cycle
from app.called import Labelled
from app.database import Base
from app.history.documents import FROZEN, Covered
from app.moves.moving import Versioned
from app.people.models import Person, Team

LACKING = "NOT has_lead OR NOT has_second"
"""The condition of an audit that has no lead or no second auditor now."""

_OUTSTANDING = text("returned_on IS NULL AND withdrawn_on IS NULL")
_LACKING = text(f"returned_on IS NULL AND withdrawn_on IS NULL AND ({LACKING})")
_RETURNED = text("returned_on IS NOT NULL")
_WITHDRAWN = text("withdrawn_on IS NOT NULL")


class Audit(OfACase, Versioned, Base):
    """An audit: a pair, or one auditor, examines one child's record against one version of the tool."""

    __tablename__ = "audits"
    kind, this = "audit", "this audit"
    __table_args__ = (
        Index(
            "ix_audits_outstanding",
            "due_on",
            "reference",
            # the rest is there so that the chase list counts from the index alone
            "cycle_id",
            "exempted_on",
            "returned_on",
            "withdrawn_on",
            "started_on",
            "has_lead",
            "has_second",
            sqlite_where=_OUTSTANDING,
            postgresql_where=_OUTSTANDING,
        ),
        Index(
            "ix_audits_lacking",
            "due_on",
            "reference",
            sqlite_where=_LACKING,
            postgresql_where=_LACKING,
        ),
        Index("ix_audits_team_id_due_on", "team_id", "due_on", "reference"),
        Index(
            "ix_audits_cycle_id_due_on",
            "cycle_id",
            "due_on",
            "reference",
            # as above
            "returned_on",
            "withdrawn_on",
            "exempted_on",
        ),
        # the different cases of a cycle, in their order
        Index("ix_audits_cycle_id_case_folded", "cycle_id", "case_folded", "returned_on", "withdrawn_on"),
        # partial, or SQLite takes them for a good way to find what was not returned
        Index(
            "ix_audits_cycle_id_returned_on",
            "cycle_id",
            "returned_on",
            sqlite_where=_RETURNED,
            postgresql_where=_RETURNED,
        ),
        Index("ix_audits_returned_on", "returned_on", sqlite_where=_RETURNED, postgresql_where=_RETURNED),
        Index("ix_audits_withdrawn_on", "withdrawn_on", sqlite_where=_WITHDRAWN, postgresql_where=_WITHDRAWN),
        CheckConstraint("returned_on >= requested_on", name="returned_after_requested"),
        CheckConstraint("agency_id is null or not is_together", name="agency_or_together"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    """The agency whose work with the child is audited; None where the cycle has no agencies."""
    is_together: Mapped[bool] = mapped_column(default=False)
    """True for the meeting of the case, in which its agencies agree."""
    re_audit_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("audits.id", ondelete="SET NULL"), index=True
    )
    """The earlier audit of the same case, in the cycle that this one audits again."""
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    """The worker whose case it is, where somebody named them."""
    requested_on: Mapped[date]
    started_on: Mapped[date | None]
    due_on: Mapped[date]
    first_due_on: Mapped[date]
    returned_on: Mapped[date | None]
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_on: Mapped[date | None]
    """The day on which the second auditor confirmed the return, or said where they differ."""
    differs: Mapped[str | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str | None]
    exempted_on: Mapped[date | None]
    exempted_because: Mapped[str | None]
    exemption_approved_by: Mapped[str | None]
    reason_not_returned: Mapped[str | None]
    note: Mapped[str | None]
    """A note for coordinators only."""
    started_in_product: Mapped[bool] = mapped_column(default=False)
    """True where it was started in the product: no file changes the day. So with those below."""
    returned_in_product: Mapped[bool] = mapped_column(default=False)
    """True also for a return that was sent back."""
    confirmed_in_product: Mapped[bool] = mapped_column(default=False)
    withdrawn_in_product: Mapped[bool] = mapped_column(default=False)
    paired_in_product: Mapped[bool] = mapped_column(default=False)
    """True where somebody was assigned, reassigned, or declined."""
    numbered_in_product: Mapped[bool] = mapped_column(default=False)
    """True where somebody corrected the case number."""
    has_lead: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True where a spell of a lead auditor has not ended; kept by the database. So with the second."""
    has_second: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)

    team: Mapped[Team] = relationship()
    cycle: Mapped[Cycle] = relationship()
    re_audit_of: Mapped["Audit | None"] = relationship(remote_side="Audit.id")
    its_agency: Mapped[Agency | None] = relationship()
    worker: Mapped[Person | None] = relationship(foreign_keys=worker_id)
    assignments: Mapped[list["Assignment"]] = relationship(
        back_populates="audit", cascade="all, delete-orphan", order_by="Assignment.id"
    )
    extensions: Mapped[list["Extension"]] = relationship(
        cascade="all, delete-orphan", order_by="Extension.id"
    )
    returns: Mapped[list["Return"]] = relationship(cascade="all, delete-orphan", order_by="Return.id")
    chases: Mapped[list["Chase"]] = relationship(
        cascade="all, delete-orphan", order_by="(Chase.day, Chase.id)"
    )
    lifted_exemptions: Mapped[list["LiftedExemption"]] = relationship(
        cascade="all, delete-orphan", order_by="LiftedExemption.id"
    )
    promises: Mapped[list["AuditPromise"]] = relationship(
        cascade="all, delete-orphan", order_by="(AuditPromise.given_on, AuditPromise.id)"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it

    @property
    def agency(self) -> str | None:
        """The agency whose audit this is, `together` for the meeting of the case; None without agencies."""
        return agency_in_words(self.is_together, self.its_agency.name if self.its_agency else None)


def agency_in_words(is_together: bool, agency: str | None) -> str | None:
    """Return the agency of a row of audits as people and files read it."""
    return TOGETHER if is_together else agency


def of_cycles(cycle_ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition of an audit of one of these cycles, for what few audits have, such as disputes:
    no index serves it, so that these are read and not all audits of the cycle."""
    return (Audit.cycle_id + 0).in_(cycle_ids)


def its_audit(
    audit_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    """Return the condition by which to join the audit to what few audits have: no index of these serves it,
    so that their audits are looked up, and not they for each audit."""
    return Audit.id == audit_id + 0


DECLINED = "declined"
"""The reason why an assignment ended of which the auditor said that they cannot do it."""


class Assignment(Base):
    """A person's spell as lead or second auditor of one audit, from the day assigned until it ended."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index(
            "uq_assignments_current_part",
            "audit_id",
            "part",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index(
            "uq_assignments_current_person",
            "audit_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_assignments_person_id_audit_id", "person_id", "audit_id"),
        Index(
            "ix_assignments_ended_because",
            "ended_because",
            sqlite_where=text("ended_because IS NOT NULL"),
            postgresql_where=text("ended_because IS NOT NULL"),
        ),
        CheckConstraint("part in ('lead', 'second')", name="part"),
        CheckConstraint("person_id is not null or ended_on is not null", name="somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    part: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """None where a file says only that the auditor of this part declined."""
    assigned_on: Mapped[date] = mapped_column(index=True)
    ended_on: Mapped[date | None] = mapped_column(index=True)
    ended_because: Mapped[str | None]
    """"declined" or "reassigned"."""
    why: Mapped[str | None]
    """The reason; of a decline: conflict, leave or capacity, and the auditor's words."""
    override_reason: Mapped[str | None]
    """The reason why somebody who is not independent of the case audits it all the same."""
    overridden: Mapped[str | None]
    """The tie that the reason overrides, such as "own team"; None where it is not known."""

    audit: Mapped[Audit] = relationship(back_populates="assignments")
    person: Mapped[Person | None] = relationship()


class Extension(Base):
    """A changed due day. `made_on` is None where a file brought it: it then holds on every day."""

    __tablename__ = "extensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    made_on: Mapped[date | None] = mapped_column(index=True)
    from_due_on: Mapped[date]
    to_due_on: Mapped[date]
    because: Mapped[str]


class Return(Base):
    """A return that was sent back. The return that holds is `Audit.returned_on`."""

    __tablename__ = "returns"
    __table_args__ = {  # noqa: RUF012  SQLAlchemy's own way of saying it
        "info": {
            FROZEN: Covered(
                ("id", "audit_id", "returned_on", "sent_back_on", "because", "confirmed_on", "kept"),
                unless="kept",
            )
        }
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    returned_on: Mapped[date]
    sent_back_on: Mapped[date] = mapped_column(index=True)
    because: Mapped[str]
    confirmed_on: Mapped[date | None]
    kept: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    """The answers that it was returned with, and all that was said of them, with their texts
    (answers/as_returned.py). None where it was sent back before they were kept."""


class LiftedExemption(Base):
    """An exemption that was taken back. The one that holds is `Audit.exempted_on`."""

    __tablename__ = "lifted_exemptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    exempted_on: Mapped[date]
    exempted_because: Mapped[str | None]
    approved_by: Mapped[str | None]
    lifted_on: Mapped[date] = mapped_column(index=True)
    lifted_because: Mapped[str]


class Chase(Base):
    """A chase by hand to get an audit back: a call, an email, a word in the corridor.

    A day may have any number of them. All that is said of one tells it from the others.
    """

    __tablename__ = "chases"
    __table_args__ = (
        Index("ix_chases_audit_id_day", "audit_id", "day"),
        CheckConstraint("channel in ('email', 'phone', 'in person')", name="channel"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"))
    day: Mapped[date]
    channel: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    with_whom: Mapped[str | None]
    outcome: Mapped[str | None]
    new_expected_on: Mapped[date | None]
    struck_on: Mapped[date | None]
    """The day on which somebody struck it through, because it was logged by mistake."""
    struck_because: Mapped[str | None]

    by: Mapped[Person | None] = relationship()

    @classmethod
    def made_by(cls, on: date) -> ColumnElement[bool]:
        """Return the condition of being made by a day and not struck through by it."""
        return and_(cls.day <= on, or_(cls.struck_on.is_(None), cls.struck_on > on))

    promise: Mapped["AuditPromise | None"] = relationship(back_populates="chase", uselist=False)


class AuditPromise(Base):
    """A day by which an audit was promised: noted with a chase, or by an auditor themselves.

    It belongs to the due day and the auditors that it was given for: moves that change one of these end it.
    """

    __tablename__ = "audit_promises"
    __table_args__ = (
        CheckConstraint("(chase_id is null) <> (auditor_id is null)", name="chase_or_auditor"),
        CheckConstraint("promised_on >= given_on", name="promised_after_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    given_on: Mapped[date]
    promised_on: Mapped[date]
    chase_id: Mapped[int | None] = mapped_column(ForeignKey("chases.id", ondelete="CASCADE"), unique=True)
    auditor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """The auditor who promised by themselves."""
    ended_on: Mapped[date | None]
    """The day on which a move of the audit ended it, or somebody took it back."""

    chase: Mapped[Chase | None] = relationship(back_populates="promise", lazy="joined")


class NotReturnedReason(Labelled, Base):
    """A reason for not returning an audit: the council's own list."""

    __tablename__ = "not_returned_reasons"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    is_personal: Mapped[bool] = mapped_column(default=False)
    """True for a reason of somebody's own person, such as their health: only coordinators read it."""

"""The tables of reports: the texts of the analyst, the final versions, and the record of sending them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment
from app.history.documents import FROZEN, Covered

_AUDIENCES = "audience in ('council', 'partnership', 'auditors', 'staff')"


class Narrative(Base):
    """The analyst's text for one section of a cycle's report."""

    __tablename__ = "narratives"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    written_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it


class PaperHead(Base):
    """The author of a report, how to reach them, and its protective marking, as somebody wrote them."""

    __tablename__ = "paper_heads"
    __table_args__ = (CheckConstraint(_AUDIENCES, name="audience"),)

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    author: Mapped[str]
    contact: Mapped[str]
    marking: Mapped[str]


class ChosenComment(Base):
    """A comment from the audits that the analyst chose for the report, under a theme, in words made safe."""

    __tablename__ = "chosen_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), index=True)
    theme: Mapped[str]
    question: Mapped[str | None]
    text: Mapped[str]


class FinalReport(Base):
    """A report that was made final, frozen as it was. A correction is a new version with a reason."""

    __tablename__ = "final_reports"
    __table_args__ = (
        UniqueConstraint("cycle_id", "audience", "number"),
        CheckConstraint(_AUDIENCES, name="audience"),
        {
            "info": {
                FROZEN: Covered(
                    (
                        "id",
                        "cycle_id",
                        "audience",
                        "number",
                        "because",
                        "made_by_id",
                        "made_at",
                        "content",
                    )
                )
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"))
    audience: Mapped[str]
    number: Mapped[int]
    """The version: 1 for the first, one more with each correction."""
    because: Mapped[str | None]
    """The reason for the correction; None for the first version."""
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[str]
    """The whole report as JSON (see `paper`), from which every file of it is written."""


class SentReport(Base):
    """The sending of a report: to whom, on which day, and their feedback."""

    __tablename__ = "sent_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    final_report_id: Mapped[int] = mapped_column(
        ForeignKey("final_reports.id", ondelete="CASCADE"), index=True
    )
    sent_to: Mapped[str]
    sent_on: Mapped[date]
    feedback: Mapped[str | None]


class ReportTemplate(Base):
    """The council's own Word template, with its styles and logo. The table has one row or none."""

    __tablename__ = "report_templates"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_on: Mapped[date]

"""The tables of quick wins: short messages about what staff forget."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.actions.models import Action
from app.database import Base
from app.moves.moving import FromFiles
from app.people.models import Team


class QuickWin(FromFiles, Base):
    """An action about something that staff forget: a short message, sent a few times to those it is for."""

    __tablename__ = "quick_wins"
    kind = "quick win"
    __table_args__ = (
        CheckConstraint("every_working_days between 1 and 260", name="every_working_days"),
        CheckConstraint("times between 1 and 52", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    message: Mapped[str]
    """The message that says what to record."""
    why: Mapped[str | None]
    """The reason why it matters."""
    where: Mapped[str | None]
    """The place to record it."""
    example: Mapped[str | None]
    """An example of a good note; no case."""
    link: Mapped[str | None]
    action_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id"), index=True)
    question: Mapped[str | None]
    """The key of the question whose figure should move."""
    raised_on: Mapped[date | None]
    """The day on which it was planned. None: it always was (from a file)."""
    starts_on: Mapped[date]
    every_working_days: Mapped[int]
    times: Mapped[int]
    stopped_on: Mapped[date | None]
    stopped_because: Mapped[str | None]
    moved: Mapped[str | None]
    """The coordinator's answer, at its end, to whether the figure moved, with their words."""
    moved_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    action: Mapped[Action | None] = relationship()
    roles: Mapped[list["AudienceRole"]] = relationship(
        cascade="all, delete-orphan", order_by="AudienceRole.role"
    )
    teams: Mapped[list["AudienceTeam"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it

    @property
    def audience_roles(self) -> frozenset[str]:
        """Return the roles that it is for. A person needs one of them."""
        return frozenset(audience.role for audience in self.roles)

    @audience_roles.setter
    def audience_roles(self, roles: Iterable[str]) -> None:
        present = {audience.role: audience for audience in self.roles}
        self.roles = [present.get(role) or AudienceRole(role=role) for role in sorted(roles)]

    @property
    def audience_team_ids(self) -> frozenset[int]:
        """Return the ids of the teams that it is for; empty for all teams."""
        return frozenset(audience.team_id for audience in self.teams)

    @audience_team_ids.setter
    def audience_team_ids(self, ids: Iterable[int]) -> None:
        present = {audience.team_id: audience for audience in self.teams}
        self.teams = [present.get(id_) or AudienceTeam(team_id=id_) for id_ in sorted(ids)]


class AudienceRole(Base):
    """A role that the message is for; one of them is enough."""

    __tablename__ = "audience_roles"

    quick_win_id: Mapped[int] = mapped_column(
        ForeignKey("quick_wins.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(primary_key=True)


class AudienceTeam(Base):
    """A team that the message is for; none means all teams."""

    __tablename__ = "audience_teams"

    quick_win_id: Mapped[int] = mapped_column(
        ForeignKey("quick_wins.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)

    team: Mapped[Team] = relationship()

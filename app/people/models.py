"""The tables of people: persons, teams, roles, leave, closure days, signing in."""

from datetime import date, datetime

from flask_security.core import UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.called import Named
from app.database import Base, Moment
from app.people import presence
from app.people.roles import RoleName


class Team(Named, Base):
    """A team of the council, such as Crewe or the Safeguarding Unit."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class PersonRole(Base):
    """A role of a person, as it is today; earlier ones are in the history alone."""

    __tablename__ = "person_roles"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True, index=True)

    def get_permissions(self) -> set[str]:
        """Return none; Flask-Security needs the method, but permissions are in app/permissions.py."""
        return set()


class Person(UserMixin, Base):
    """A person who works for the council. The email is the key; with a new address it is the same person."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    job_title: Mapped[str | None]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    line_manager_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    telephone: Mapped[str | None]
    leaving_on: Mapped[date | None]
    """The last day at work; afterwards nothing is sent and signing in is refused."""
    trained_on: Mapped[date | None]
    invited_at: Mapped[datetime | None] = mapped_column(Moment)
    anonymous_on: Mapped[date | None]
    """The day on which a leaver's name, address and all else that says who they were was removed."""
    news_by_email: Mapped[bool] = mapped_column(default=True)
    """False where they turned off daily emails that have nothing but news."""

    # signing in (Flask-Security's own names)
    active: Mapped[bool] = mapped_column(default=True)
    password: Mapped[str | None]
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    link_number: Mapped[int] = mapped_column(default=0, server_default="0")
    """The number of the only link for choosing a password that works; counted on to end those before."""
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    """The secret of their authenticator app, encrypted with a key that is not in the database."""
    tf_last_counter: Mapped[int | None]
    """The half minute of the last code that was accepted: no earlier one is accepted again."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON))
    """The recovery codes that were not used yet, encrypted with a key that is not in the database."""

    team: Mapped[Team | None] = relationship()
    line_manager: Mapped["Person | None"] = relationship(remote_side="Person.id")
    roles: Mapped[list[PersonRole]] = relationship(  # type: ignore[assignment]
        cascade="all, delete-orphan", order_by=PersonRole.name
    )
    leave: Mapped[list["Leave"]] = relationship(
        foreign_keys="Leave.person_id",
        cascade="all, delete-orphan",
        order_by="Leave.from_on",
    )

    @property
    def role_names(self) -> set[str]:
        """The names of this person's roles."""
        return {role.name for role in self.roles}

    @property
    def has_second_factor(self) -> bool:
        """Return True for someone who has set up an authenticator app."""
        return self.tf_totp_secret is not None

    @property
    def managed_team_id(self) -> int | None:
        """The id of the team that this person manages; None for those who are no manager."""
        return self.team_id if RoleName.MANAGER in self.role_names else None

    def has_left(self, on: date) -> bool:
        """Return True after the leaving day."""
        return presence.has_left(self.leaving_on, on)


class FormerEmail(Base):
    """An address that a person had before: a file that still names it means the same person."""

    __tablename__ = "former_emails"

    email: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))


class CouncilAccount(Base):
    """The account of a person with an identity provider of the council, since they first signed in with it.

    The provider's subject stays when their address changes; an address that somebody else gets has another.
    """

    __tablename__ = "council_accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    connected_at: Mapped[datetime] = mapped_column(Moment)


class Leave(Base):
    """A spell of leave, both days included; the deputy gets what cannot wait."""

    __tablename__ = "leave"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),
        UniqueConstraint("person_id", "from_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    from_on: Mapped[date]
    to_on: Mapped[date] = mapped_column(index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id, back_populates="leave")
    deputy: Mapped[Person | None] = relationship(foreign_keys=deputy_id)


class Closure(Base):
    """A day on which the council is closed, beside the bank holidays."""

    __tablename__ = "closures"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str | None]


class SignIn(Base):
    """A session on one browser. It ends on the server: an old cookie opens nothing."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    browser: Mapped[str] = mapped_column(default="")
    """The browser and device in words, such as "Edge on Windows"."""
    confirmed_at: Mapped[datetime] = mapped_column(Moment)
    """The last time that the person gave their password in this session."""
    second_factor_at: Mapped[datetime | None] = mapped_column(Moment)
    """The time of the code or recovery code; None where none was given."""
    offered_secret: Mapped[str | None]
    """The encrypted secret of the authenticator app that is being set up, until its first code is given."""


class Device(Base):
    """A browser that a person has signed in with: nobody's guesses keep them out on it."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("mark", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str]
    """The hash of what its cookie says."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    used_on: Mapped[date]


class Attempt(Base):
    """A wrong password, or a link that was asked for, kept for as long as it counts.

    Address and client are kept as digests alone: people type passwords into the field of the address.
    """

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """password, code, link, …"""
    account: Mapped[str] = mapped_column(index=True)
    client: Mapped[str] = mapped_column(index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    """The device, where the person of the account has used it before."""
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class LinkAsked(Base):
    """An address for which a new password was asked for, until the link is written."""

    __tablename__ = "links_asked"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)


class RoleRequest(Base):
    """A role that somebody wants to give themselves: a second person decides."""

    __tablename__ = "role_requests"
    __table_args__ = (UniqueConstraint("person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    role: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship()

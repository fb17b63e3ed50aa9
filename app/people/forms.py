"""The forms of people: read and checked here, carried out by moves.py."""

from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import func, or_, select
from wtforms import Field
from wtforms.validators import ValidationError

from app.database import db
from app.files.cells import email as read_email
from app.files.faults import Unreadable
from app.moves.fields import DateField, LineField, PasswordField, TelephoneField, TicksField, tidy
from app.moves.forms import MoveForm
from app.people.models import FormerEmail, Person
from app.people.moves import Details
from app.people.roles import RoleName
from app.wording import capitalised


class PersonField(LineField):
    """A person, by name or email address. `person_id` is that person's id, None when the field is empty."""

    person_id: int | None = None

    def __init__(self, label: str, *checks: Any, **kwargs: Any) -> None:
        super().__init__(label, *checks, **{"has_names": True} | kwargs)

    def pre_validate(self, form: Any) -> None:
        self.person_id = None
        entered = tidy(self.data)
        if not entered:
            return
        former = select(FormerEmail.person_id).where(FormerEmail.email == entered.lower())
        query = select(Person.id).where(
            or_(
                Person.email == entered.lower(),
                func.lower(Person.name) == entered.lower(),
                Person.id.in_(former),
            )
        )
        ids = db.session.scalars(query.limit(2)).all()
        if not ids:
            raise ValidationError(f"{self.subject}: no one has this name or email address")
        if len(ids) > 1:
            raise ValidationError(f"{self.subject}: several people have this name. Enter the email address.")
        self.person_id = ids[0]


class PersonForm(MoveForm):
    """The form of a person's details."""

    name = LineField(
        "Name",
        has_names=True,
    )
    email = LineField(
        "Email address",
        has_names=True,
    )
    job_title = LineField("Job title", has_names=True, needed=False)
    team = LineField("Team", has_names=True, needed=False)
    line_manager = PersonField("Line manager", needed=False)
    roles = TicksField(
        "Roles", choices=[(role.value, capitalised(role.value)) for role in RoleName], needed=False
    )
    telephone = TelephoneField("Phone number", needed=False)
    trained_on = DateField("Date trained as an auditor", needed=False)
    leaving_on = DateField("Leaving date", needed=False)

    def __init__(self, person: Person | None = None) -> None:
        values: dict[str, Any] = {}
        if person is not None:
            manager = person.line_manager
            values = {
                "name": person.name,
                "email": person.email,
                "job_title": person.job_title,
                "team": person.team.name if person.team else "",
                "line_manager": manager.email if manager else "",
                "roles": sorted(person.role_names),
                "telephone": person.telephone,
                "leaving_on": person.leaving_on,
                "trained_on": person.trained_on,
            }
        super().__init__(data=values)

    def validate_email(self, field: Field) -> None:
        try:
            field.data = read_email(field.data)
        except Unreadable:
            raise ValidationError(
                "Enter an email address in the correct format, such as ann.lee@council.example"
            ) from None

    def details(self) -> Details:
        """Return the details that were entered."""
        return Details(
            email=self.email.data or "",
            name=self.name.data,
            job_title=self.job_title.data or None,
            team=self.team.data or None,
            line_manager_id=self.line_manager.person_id,
            roles=frozenset(RoleName(name) for name in self.roles.data or ()),
            telephone=self.telephone.data or None,
            leaving_on=self.leaving_on.data,
            trained_on=self.trained_on.data,
        )


class LeaveForm(MoveForm):
    """A spell of leave."""

    from_on = DateField("First day of leave")
    to_on = DateField("Last day of leave")
    deputy = PersonField("Deputy (optional)", needed=False)

    def validate_to_on(self, field: DateField) -> None:
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError("Last day of leave must be on or after the first day")


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    """The form that asks for a new password, by email address."""

    email = LineField("Email address", has_names=True, named="your email address")


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, shown on demand rather than typed twice."""

    password = PasswordField("New password", named="a new password")


class ClosureForm(FlaskForm):  # type: ignore[misc]
    """A day on which the council is closed."""

    day = DateField("Date when the council is closed")
    name = LineField("Reason (optional)", has_names=True, named="a reason", needed=False)


class ReasonForm(MoveForm):
    """A reason for not returning an audit."""

    label = LineField("Reason", has_names=True, named="a reason", longest=100)

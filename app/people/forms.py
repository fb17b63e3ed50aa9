"""The forms of people: read and checked here, carried out by moves.py."""

from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import func, or_, select
from wtforms import EmailField, Field, PasswordField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.database import db
from app.files.cells import email as read_email
from app.files.faults import Unreadable
from app.moves.day_field import DayField
from app.people.models import FormerEmail, Person
from app.people.moves import Details
from app.people.roles import RoleName


def tidy(value: str | None) -> str:
    """Return a text without spaces around it, and with single ones inside."""
    return " ".join((value or "").split())


def line(label: str, longest: int = 200, needed: str | None = None) -> Any:
    """Return a field for one line of text; `needed` is the error when it is empty, None where it may be."""
    checks: list[Any] = [DataRequired(needed)] if needed else []
    checks.append(Length(max=longest, message=f"{label} must be {longest} characters or fewer"))
    return StringField(label, checks, filters=[tidy])


class PersonField(StringField):
    """A person, by name or email address. `person_id` is that person's id, None when the field is empty."""

    person_id: int | None = None

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
            raise ValidationError(f"{self.label.text}: nobody has this name or email address")
        if len(ids) > 1:
            raise ValidationError(f"{self.label.text}: several people have this name; enter the address")
        self.person_id = ids[0]


class PersonForm(FlaskForm):  # type: ignore[misc]
    """The form of a person's details."""

    name = line("Name", needed="Enter the name")
    email = EmailField("Email address", [InputRequired("Enter the email address")])
    job_title = line("Job title")
    team = line("Team")
    line_manager = PersonField("Line manager")
    roles = SelectMultipleField("Roles", choices=[(role.value, role.value.capitalize()) for role in RoleName])
    telephone = line("Telephone", 50)
    leaving_on = DayField("Leaving day")
    trained_on = DayField("Trained as an auditor on")

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
            raise ValidationError("Enter an email address, such as ann.lee@council.example") from None

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


class LeaveForm(FlaskForm):  # type: ignore[misc]
    """A spell of leave."""

    from_on = DayField("First day")
    to_on = DayField("Last day")
    deputy = PersonField("Deputy")

    def validate_from_on(self, field: DayField) -> None:
        if field.data is None:
            raise ValidationError("Enter the first day of the leave")

    def validate_to_on(self, field: DayField) -> None:
        if field.data is None:
            raise ValidationError("Enter the last day of the leave")
        if self.from_on.data and field.data < self.from_on.data:
            raise ValidationError("The last day cannot be before the first")


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    """The form that asks for a new password, by email address."""

    email = EmailField("Email address", [InputRequired("Enter your email address")])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, shown on demand rather than typed twice."""

    password = PasswordField("New password", [InputRequired("Enter a password")])


class ClosureForm(FlaskForm):  # type: ignore[misc]
    """A day on which the council is closed."""

    day = DayField("Day on which the council is closed")
    name = line("What for")

    def validate_day(self, field: DayField) -> None:
        if field.data is None:
            raise ValidationError("Enter the day")


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """A reason for not returning an audit."""

    label = line("Reason", 100, needed="Enter the reason")

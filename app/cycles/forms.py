"""The forms of cycles: read and checked here, carried out by moves.py."""

import re
from datetime import date
from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from app.audits.agencies import refuse_names
from app.audits.cycle import MODERATED_SHARE, MOST_EXPECTED, Cycle
from app.audits.selection import Selection
from app.audits.workers import Workers
from app.clock import today
from app.cycles import queries
from app.cycles.agencies import LONGEST_AGENCY
from app.cycles.moves import Changes, Details
from app.moves.fields import ChoiceField, DateField, LineField, LinesField, NumberField, RadiosField
from app.moves.forms import MoveForm
from app.people.queries import everyone
from app.people.roles import RoleName
from app.small_numbers import HIDE_UP_TO, MOST_HIDDEN
from app.wording import capitalised, in_words

YES, NO = "yes", "no"


def check_reference(field: LineField, example: str) -> None:
    """Refuse a reference of a cycle that could not stand in an address."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", field.data or ""):
        raise ValidationError(f"Reference can only have letters, digits, dots and hyphens, such as {example}")
    if (field.data or "").lower() == "new":
        raise ValidationError("Reference cannot be “new”, because the service uses that word")


# the fields of a form have the order in which they are written here, which is that of the page


class _Reference(MoveForm):
    reference = LineField("Reference", has_names=True, longest=60)


class _Names(MoveForm):
    title = LineField("Title")
    theme = LineField("Theme")


class _Beginning(MoveForm):
    tool = ChoiceField("Audit tool", named="an audit tool")
    requested_on = DateField("Request date")


class EditForm(_Names):
    """The form of what can be changed while a cycle is open."""

    due_on = DateField("Due date")
    cut_off_on = DateField("Cut-off date (optional)", needed=False)
    reported_on = DateField("Reporting date (optional)", needed=False)
    reported_to = LineField(
        "Reported to (optional)", has_names=True, named="who it is reported to", needed=False
    )
    auditors = RadiosField(
        "How many auditors does each audit need?",
        named="how many auditors each audit needs",
        hint="If you select 1, you can still name a second auditor for some audits",
        choices=[
            ("2", "2: a lead auditor returns the audit and a second auditor confirms it"),
            ("1", "1"),
        ],
        default="2",
    )
    self_assessment = RadiosField(
        "Can auditors audit cases of their own team?",
        named="whether auditors can audit cases of their own team",
        choices=[
            (NO, "No, unless a coordinator gives a reason"),
            (YES, "Yes, this is a self-assessment"),
        ],
        default=NO,
        coerce=lambda value: YES if value in (True, YES) else NO,
    )
    expected_per_auditor = NumberField(
        "How many audits do you expect of each auditor? (optional)",
        1,
        MOST_EXPECTED,
        named="the number of audits expected of each auditor",
        hint="Only coordinators see this",
        needed=False,
    )
    workers = RadiosField(
        "What are workers told about audits of their cases?",
        named="what workers are told about audits of their cases",
        hint="Only where an audit names the worker of its case",
        choices=[(way.value, way.in_words) for way in Workers],
        default=Workers.NOT_TOLD.value,
    )
    respond_to_id = ChoiceField(
        "Who is asked to respond, besides managers of the team? (optional)",
        named="who is asked to respond",
        hint=(
            "For example, a head of service. They get an email at once when an audit has a grade that calls "
            "for a response."
        ),
        coerce=lambda value: "" if value is None else str(value),
        needed=False,
    )
    selection = ChoiceField(
        "How are the cases chosen?",
        named="how the cases are chosen",
        choices=[("", "Not stated"), *((way.value, capitalised(way.value)) for way in Selection)],
        needed=False,
    )
    population = NumberField("Number of cases to choose from (optional)", 1, 1_000_000, needed=False)
    comparable_with = ChoiceField(
        "Which earlier cycle can it be compared with?", named="the cycle to compare with", needed=False
    )
    hide_up_to = NumberField(
        "Hide counts from 1 up to", 0, MOST_HIDDEN, named="the highest count to hide", default=HIDE_UP_TO
    )
    moderated_share = NumberField("Percentage of audits to moderate", 0, 100, default=MODERATED_SHARE)
    agencies = LinesField("Agencies (optional)", has_names=True, longest=LONGEST_AGENCY, needed=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cycle = kwargs.get("obj")
        self._begins_on: date | None = cycle.requested_on if cycle else None
        others = queries.comparable_to(cycle)
        self.comparable_with.choices = [("", "None"), *others]
        self.respond_to_id.choices = [("", "No one"), *_people()]

    def validate_due_on(self, field: DateField) -> None:
        self._not_before_request(field)

    def validate_cut_off_on(self, field: DateField) -> None:
        self._not_before_request(field)
        if field.data and self.due_on.data and field.data < self.due_on.data:
            raise ValidationError("Cut-off date must be on or after the due date")

    def validate_agencies(self, field: LinesField) -> None:
        for place, why in refuse_names(field.data or ()).items():
            raise ValidationError(f"Agency “{field.data[place - 1]}” {why}")

    def _not_before_request(self, field: DateField) -> None:
        begins_on = self.begins_on
        if field.data and begins_on and field.data < begins_on:
            raise ValidationError(f"{field.subject} must be on or after the request date")

    @property
    def begins_on(self) -> date | None:
        """Return the day on which the audits are requested, if it is known."""
        return self._begins_on

    def changes(self) -> Changes:
        """Return the values that were entered."""
        return Changes(**self._entered())

    def _entered(self) -> dict[str, Any]:
        return {
            "title": self.title.data,
            "theme": self.theme.data,
            "due_on": self.due_on.data,
            "cut_off_on": self.cut_off_on.data,
            "reported_on": self.reported_on.data,
            "reported_to": self.reported_to.data or None,
            "selection": self.selection.data or None,
            "population": self.population.data,
            "comparable_with": self.comparable_with.data or None,
            "hide_up_to": self.hide_up_to.data,
            "moderated_share": self.moderated_share.data,
            "agencies": self.agencies.data or [],
            "respond_to_id": int(self.respond_to_id.data) if self.respond_to_id.data else None,
            "auditors": int(self.auditors.data),
            "workers": self.workers.data,
            "self_assessment": self.self_assessment.data == YES,
            "expected_per_auditor": self.expected_per_auditor.data,
        }


def _people() -> list[tuple[str, str]]:
    """Return the people who may be asked to respond: managers and leaders who work here, by name."""
    answering = {RoleName.MANAGER, RoleName.LEADER}
    here = [p for p in everyone().values() if p.roles & answering and not p.has_left(today())]
    return [(str(person.id), person.name) for person in sorted(here, key=lambda person: person.name)]


class ReportingForm(MoveForm):
    """The form that says when and to whom a cycle is reported, also once it is closed."""

    reported_on = DateField(
        "Reporting date (optional)",
        hint="The date of the meeting that got the findings, or will get them",
        needed=False,
    )
    reported_to = LineField(
        "Reported to (optional)",
        has_names=True,
        named="who it is reported to",
        hint="The group or meeting that gets the report",
        needed=False,
    )


class NewForm(_Reference, _Beginning, EditForm):
    """The form of a new cycle."""

    def validate_reference(self, field: LineField) -> None:
        check_reference(field, example="2027-1")

    @property
    def begins_on(self) -> date | None:
        requested_on: date | None = self.requested_on.data
        return requested_on

    def details(self) -> Details:
        """Return the values that were entered."""
        return Details(
            **self._entered(),
            reference=self.reference.data or "",
            tool_id=int(self.tool.data),
            requested_on=self.requested_on.data,
        )


class CloseForm(MoveForm):
    """The form that closes a cycle: the last day that counts, and the confirmation."""

    cut_off_on = DateField("Cut-off date")
    confirmed = BooleanField("I understand that this cannot be undone")

    def __init__(self, *args: Any, cycle: Cycle, on: date, confirmed: bool = False, **kwargs: Any) -> None:
        self._first, self._last = cycle.requested_on, min(cycle.closed_on or on, on)
        cut_off_on = min(cycle.cut_off_on or self._last, self._last)
        super().__init__(*args, data={"cut_off_on": cut_off_on, "confirmed": confirmed}, **kwargs)

    def validate_cut_off_on(self, field: DateField) -> None:
        if field.data and not self._first <= field.data <= self._last:
            raise ValidationError(
                f"Cut-off date must be from {in_words(self._first)} to {in_words(self._last)}"
            )

    def validate_confirmed(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError("Select the box to confirm that you want to close this cycle")

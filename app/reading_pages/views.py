"""`/reading-log`: the record of reading for administrators; and who has seen the case number of an audit."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from app.audits.facts import found
from app.clock import clock, today
from app.database import db
from app.downloads import as_file, asked_for, at_once
from app.files.writing import Value
from app.listing import Address, length_of, paged
from app.moves.day_asked import AskedDateField
from app.moves.page import Page
from app.people.models import Person
from app.reading_pages import queries
from app.readings.keeping import months_kept
from app.readings.kinds import COUNTED, IN_WORDS, Kind
from app.readings.models import Reading
from app.readings.writing import write_waiting
from app.wording import counted

readings = Blueprint("readings", __name__)

COLUMNS = ("at", "person", "email", "kind", "what", "how_many", "audits", "from_address")

AT_ONCE = 500

EARLIER = {"from": "from_on", "to": "to_on"}
"""The names that the days had in addresses before, which bookmarks still have."""

UNKNOWN = "Not known"


@readings.before_request
def write_what_waits() -> None:
    """Write the entries that wait in files, so that these pages show them."""
    write_waiting()
    db.session.rollback()  # the page reads what is there now


class DaysForm(FlaskForm):  # type: ignore[misc]
    """The form that asks for the first and the last day of entries. It is sent in the address."""

    class Meta:
        """The form changes nothing, so nobody gains by making a person send it."""

        csrf = False

    from_on = AskedDateField("From date", needed=False)
    to_on = AskedDateField("To date", needed=False)

    def validate_to_on(self, field: AskedDateField) -> None:
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError("To date must be on or after from date")


@readings.get("/reading-log")
def listing() -> Page:
    """Show the record of reading, latest first, with filters that can be bookmarked."""
    form = DaysForm(MultiDict((EARLIER.get(name, name), value) for name, value in request.args.items(True)))
    if not form.validate():
        return render_template("readings/listing.html", form=form, **_about_the_log()), 422
    if any(len(request.args.getlist(name)) > 1 for name in ("from_on", "to_on")):
        # from three fields to one date each, which every link of the page carries on
        days = {"from_on": form.from_on.data, "to_on": form.to_on.data}
        return redirect(url_for("readings.listing", **{**request.args.to_dict(), **days}))
    asked = queries.Asked(
        request.args.get("kind", ""),
        request.args.get("person", "").strip(),
        form.from_on.data,
        form.to_on.data,
    )
    query = queries.entries(asked)
    if ending := asked_for():
        at_once(length_of(query))
        return as_file(f"reading log {today()}", "Record of reading", COLUMNS, _rows(query), ending)
    return render_template(
        "readings/listing.html",
        form=form,
        **_about_the_log(),
        **_page(query),
    )


def _about_the_log() -> dict[str, object]:
    return {"kinds": list(IN_WORDS.items()), "months": months_kept(), "address": Address.here()}


@readings.get("/audits/<reference>/readers")
def readers(reference: str) -> str:
    """Show who has seen the case number of an audit."""
    audit = found(reference) or abort(404)
    return render_template(
        "readings/readers.html",
        audit=audit,
        months=months_kept(),
        address=Address.here(),
        **_page(queries.readers_of(audit)),
    )


def _page(query: Select[Reading, Person | None]) -> dict[str, object]:
    """Return the page of entries that the address names."""
    page = paged(query, queries.PAGE)
    return {
        "page": page,
        "cases": queries.cases_of([reading.id for reading, _ in page]),
        "who": who,
        "in_words": in_words,
        "how_many": how_many,
    }


def who(reading: Reading, person: Person | None) -> str:
    """Return who read, in words."""
    return person.name if person else (reading.program or UNKNOWN)


def in_words(reading: Reading) -> str:
    """Return the kind of an entry in words."""
    return IN_WORDS[Kind(reading.kind)]


def how_many(reading: Reading) -> str:
    """Return how many of what an entry read; empty where it counts nothing."""
    thing = COUNTED.get(Kind(reading.kind))
    return counted(reading.how_many, thing) if thing else ""


def _rows(query: Select[Reading, Person | None]) -> Iterator[Sequence[Value]]:
    for some in db.session.execute(query.execution_options(yield_per=AT_ONCE)).partitions():
        cases = queries.cases_of([reading.id for reading, _ in some], most=None)
        for reading, person in some:
            yield (
                reading.at.astimezone(clock().zone).isoformat(sep=" ", timespec="seconds"),
                who(reading, person),
                person.email if person else None,
                in_words(reading),
                reading.what,
                reading.how_many if Kind(reading.kind) in COUNTED else None,
                " ".join(cases[reading.id].audits),
                reading.from_address,
            )

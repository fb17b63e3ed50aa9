"""`/reading-log`: the record of reading for administrators; and who has seen the case number of an audit."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask import Blueprint, abort, render_template, request
from sqlalchemy import Select, func, select
from werkzeug.wrappers import Response

from app.audits.facts import found
from app.clock import clock, today
from app.database import db
from app.downloads import as_file, asked_for
from app.files.writing import Value
from app.listing import Address, paged_by
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

UNKNOWN = "Not known"


@readings.before_request
def write_what_waits() -> None:
    """Write the entries that wait in files, so that these pages show them."""
    write_waiting()
    db.session.rollback()  # the page reads what is there now


@readings.get("/reading-log")
def listing() -> str | Response:
    """Show the record of reading, latest first, with filters that can be bookmarked."""
    asked = queries.Asked(
        request.args.get("kind", ""), request.args.get("person", "").strip(), _day("from"), _day("to")
    )
    query = queries.entries(asked)
    if ending := asked_for():
        return as_file(f"reading log {today()}", "Record of reading", COLUMNS, _rows(query), ending)
    return render_template(
        "readings/listing.html",
        asked=asked,
        kinds=list(IN_WORDS.items()),
        months=months_kept(),
        **_page(query),
    )


@readings.get("/audits/<reference>/readers")
def readers(reference: str) -> str:
    """Show who has seen the case number of an audit."""
    audit = found(reference) or abort(404)
    return render_template(
        "readings/readers.html", audit=audit, months=months_kept(), **_page(queries.readers_of(audit))
    )


def _page(query: Select[Reading, Person | None]) -> dict[str, object]:
    """Return the page of entries that the address names."""
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0

    def some(skip: int) -> Sequence[tuple[Reading, Person | None]]:
        return db.session.execute(query.offset(skip).limit(queries.PAGE)).all()

    page = paged_by(some, total, queries.PAGE)
    return {
        "page": page,
        "address": Address.here(),
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


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None

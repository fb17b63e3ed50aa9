"""Making a leaver anonymous: all that says who they were goes, what they did stays with their number."""

import uuid
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, and_, delete, func, or_, select, update

from app.actions import handing_over
from app.actions.models import Action, Recommendation
from app.audits.cycle import Cycle
from app.audits.open_on import open_audits, pairs
from app.concerns import remedy_queries
from app.database import db, transaction
from app.history.correcting import remove_words, replace_who
from app.history.models import HistoryRow
from app.history.record import Event, record
from app.moves.moving import words
from app.outbox.models import Message
from app.people import caring
from app.people.looking_after import Care
from app.people.models import FormerEmail, LinkAsked, Person
from app.people.presence_sql import has_not_left
from app.refusal import NotNow, Refused
from app.retention.anonymity import LeaverFacts, former_address, former_name, refusals
from app.retention.belonging import AS_IT_IS, table_of
from app.retention.emails import ENDED, Email, take_out_texts
from app.retention.models import LEAVER, Removal
from app.retention.proof import Proof
from app.retention.texts import EMAILS, EMPTIED, HISTORY, KEPT_ROWS, OF_A_CYCLE
from app.wording import counted

NAMES = "names, addresses and other details"
OWN_ROWS = "leave, sessions, keys and lines of news"
MENTIONS = "mentions in texts"

WHY = "a leaver was made anonymous"

OWN = (
    "api_tokens",
    "calendar_addresses",
    "council_accounts",
    "devices",
    "leave",
    "news",
    "role_requests",
    "sign_ins",
    "typed_texts",
)
"""The tables whose rows of a leaver are nothing but theirs, and go."""


def facts_of(person: Person, on: date) -> LeaverFacts:
    """Return what decides whether a person can be made anonymous."""
    return LeaverFacts(person.leaving_on, list(_still_theirs(person, on)), person.anonymous_on)


def _still_theirs(person: Person, on: date) -> Iterable[str]:
    open_ones, held = open_audits(on), pairs(on)
    query = select(func.count()).select_from(open_ones).join(held, held.c.audit_id == open_ones.c.id)
    owned = handing_over.open_of(person, on)
    cycles = select(func.count()).where(Cycle.respond_to_id == person.id, ~Cycle.frozen_by(on))
    managed = select(func.count()).where(Person.line_manager_id == person.id, has_not_left(on))
    for number, one, many, what in (
        (_number(query.where(held.c.person_id == person.id)), "open audit", None, "to do"),
        (sum(isinstance(one, Action) for one in owned), "action", None, "to do"),
        (sum(isinstance(one, Recommendation) for one in owned), "recommendation", None, "to do"),
        (len(remedy_queries.owned_by(person.id, on)), "remedy", "remedies", "to do"),
        (_number(cycles), "cycle", None, "where they are asked to respond"),
        (_number(managed), "person", "people", "to manage"),
    ):
        if number:
            yield f"This person still has {counted(number, one, many)} {what}"


def _number(query: Select[int]) -> int:
    return db.session.scalar(query) or 0


def make_anonymous(person_id: int, confirmed: str, *, by: Person, on: date) -> Removal:
    """Make a leaver anonymous, after their name was typed to confirm. Raises Refused with the reasons."""
    with transaction():
        person = db.session.get(Person, person_id, with_for_update=True, populate_existing=True)
        if person is None:
            raise Refused("There is no such person")
        caring.require(person, Care.KEEP, by.email)
        if why := refusals(facts_of(person, on), on):
            raise NotNow("; ".join(why))
        if words(confirmed, "Enter the name of the person") != person.name:
            raise Refused(f"Name of the person must be {person.name}")
        proof, before = Proof(), _identity(person)
        _take_down(person, proof)
        _take_out_own(person)
        _take_out_mentions(before, person, proof)
        _take_out_of_history(before, person, proof, by.email)
        name = former_name(person.id)
        person.name, person.email = name, former_address(person.id)
        person.job_title = person.telephone = person.password = None
        person.tf_primary_method = person.tf_totp_secret = person.mf_recovery_codes = None
        person.fs_uniquifier, person.active = uuid.uuid4().hex, False
        person.anonymous_on = on
        removal = proof.keep(LEAVER, by=by.email, on=on)
        record(by.email, [Event("person", str(person.id), "made anonymous", after=f"proof {proof.digest}")])
        db.session.flush()
        db.session.expire_all()
    return removal


def _identity(person: Person) -> tuple[str, list[str]]:
    """Return the name of a person, and their addresses now and before."""
    former = select(FormerEmail.email).where(FormerEmail.person_id == person.id).order_by(FormerEmail.email)
    return person.name, [person.email, *db.session.scalars(former)]


def _take_down(person: Person, proof: Proof) -> None:
    called, addresses = _identity(person)
    for value in (called, *addresses, person.job_title, person.telephone):
        if value:
            proof.take(NAMES, "people", person.id, value)
    for name in OWN:
        table = table_of(name)
        for row in db.session.execute(select(table).where(table.c.person_id == person.id)).mappings():
            proof.take(OWN_ROWS, name, person.id, dict(row))


def _take_out_own(person: Person) -> None:
    _, addresses = _identity(person)
    for name in OWN:
        table = table_of(name)
        db.session.execute(delete(table).where(table.c.person_id == person.id))
    db.session.execute(delete(LinkAsked).where(LinkAsked.email.in_(addresses)), execution_options=AS_IT_IS)
    db.session.execute(
        delete(FormerEmail).where(FormerEmail.person_id == person.id), execution_options=AS_IT_IS
    )


def _take_out_mentions(identity: tuple[str, list[str]], person: Person, proof: Proof) -> None:
    """Take the name and the addresses out of what others wrote about audits, and out of emails."""
    name, addresses = identity
    new = former_name(person.id)
    for text in OF_A_CYCLE:
        if text.how in (EMPTIED, KEPT_ROWS):
            continue
        table = table_of(text.table)
        column = table.c[text.column]
        keys = list(table.primary_key)
        for word in (name, *addresses):
            named = and_(column.is_not(None), column.contains(word, autoescape=True))
            for row in db.session.execute(select(*keys, column).where(named)):
                proof.take(MENTIONS, f"{text.table}.{text.column}", list(row[:-1]), row[-1])
            db.session.execute(
                update(table).where(named).values({text.column: func.replace(column, word, new)})
            )
    _take_out_emails(identity, person, proof)


def _take_out_of_history(identity: tuple[str, list[str]], person: Person, proof: Proof, by: str) -> None:
    """Put their new address in the place of what they did, and take the words out that name them."""
    name, addresses = identity
    own = or_(HistoryRow.who.in_(addresses))
    about = and_(HistoryRow.subject_kind == "person", HistoryRow.subject == str(person.id))
    texts = (HistoryRow.before, HistoryRow.after, HistoryRow.why)
    named = or_(*(text.contains(word, autoescape=True) for text in texts for word in (name, *addresses)))
    told = or_(*(text.is_not(None) for text in texts))
    query = select(HistoryRow.id, HistoryRow.who, *texts).order_by(HistoryRow.id)
    words_of = [row.id for row in db.session.execute(query.where(or_(named, and_(about, told))))]
    for row in db.session.execute(query.where(or_(own, HistoryRow.id.in_(words_of)))):
        proof.take(HISTORY, "history", row.id, list(row[1:]))
    remove_words(words_of, WHY, who=by)
    replace_who(db.session.scalars(select(HistoryRow.id).where(own)).all(), former_address(person.id))


def _take_out_emails(identity: tuple[str, list[str]], person: Person, proof: Proof) -> None:
    """Take out the texts of emails that went to them or that name them, and their address."""
    name, addresses = identity
    theirs = or_(Message.recipient == person.id, Message.address.in_(addresses))
    named = or_(*(Message.text.contains(word, autoescape=True) for word in (name, *addresses)))
    query = select(Message.id, Message.kind, Message.text, Message.html, Message.facts)
    emails = [
        Email(*row)
        for row in db.session.execute(
            query.where(Message.state.in_(ENDED), Message.text.is_not(None), or_(theirs, named))
        )
    ]
    for email in emails:
        proof.take(EMAILS, "messages", email.id, [email.text, email.html, email.facts])
    take_out_texts([email.id for email in emails])
    db.session.execute(
        update(Message).where(theirs).values(address=former_address(person.id)), execution_options=AS_IT_IS
    )
    db.session.execute(
        update(Removal).where(Removal.removed_by.in_(addresses)).values(removed_by=former_address(person.id)),
        execution_options=AS_IT_IS,
    )

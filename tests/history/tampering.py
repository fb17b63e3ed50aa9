"""Tampering with a history of every kind, as whoever can run SQL and has not the key: what is found of it.

`python -m tests.history.tampering 10000` prints for both databases how many of each kind were done, how many
were found, and how many of those named the first bad row.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, insert, select, text, update

from app import create_app
from app.answers.models import (
    Answer,
    AnswerView,
    ContextFactor,
    ContextNote,
    EvidencePlace,
    Moderation,
)
from app.audits.cycle import Cycle
from app.audits.models import Audit, Return
from app.database import db, transaction
from app.findings.counted_facts import FactsChecked, check_facts, with_facts
from app.findings.models import Snapshot
from app.history import documents
from app.history.chain import BEGINNING, TEXTS, bare_hash, end_seal, hash_of
from app.history.checking import Head, checked
from app.history.correcting import REMOVED_WHO, remove_words, replace_who
from app.history.models import HistoryEnd, HistoryRow
from app.history.reading import links
from app.history.record import Event, history_key, record
from app.migrating import migrate
from app.people.models import Person, Team
from app.reports.models import FinalReport
from app.tools.models import Question, ScaleResponse
from tests.conftest import settings_in
from tests.factories import a_cycle, a_person, a_team, an_audit
from tests.history.tampered import drop_triggers
from tests.postgresql import Server

JACK = "jack.denny@council.example"
HISTORY, END = (cast(Table, model.__table__) for model in (HistoryRow, HistoryEnd))
COUNTED = ("COUNTED-1", "COUNTED-2", "COUNTED-3")
"""The audits of the frozen cycle that its findings count."""
OTHER_KEY = "a key that is not the one of this history"

Row = dict[str, Any]


@dataclass
class Scene:
    """A history, its rows as they are, and the ends that it had."""

    chance: random.Random
    rows: Sequence[Row]
    ends: Sequence[Row]
    key: str
    names: str = ""
    """The reference of the audit that must be named, too; where it is any of several, nothing."""

    def any_row(self, first: int = 0, last: int | None = None) -> int:
        """Return the place of a row."""
        return self.chance.randrange(first, len(self.rows) if last is None else last)

    @property
    def head(self) -> Head:
        """Return the head as the weekly summary said it."""
        return Head(len(self.rows), self.rows[-1]["hash"][:16])


Tampering = Callable[[Connection, Scene], int]
"""Changes the database, and returns the number of the first row that is not right then."""


def prepare(chance: random.Random) -> Scene:
    """Write a history of some dozen rows, with words removed, and what is frozen; open it to changes."""
    ends = []
    audit = an_audit("CP-001", lead=a_person("Alison"), cycle=a_cycle("2010-1"))
    a_team("Wilmslow")
    a_cycle("2010-2")
    person = a_person("Cora", roles=["coordinator"])

    def kept() -> None:
        ends.append(dict(db.session.execute(select(END)).mappings().one()))
        db.session.rollback()

    kept()
    for number in range(20):
        with transaction():
            record(JACK, [_event(chance, number) for _ in range(chance.randint(1, 3))])
        kept()
    day = date(2011, 1, 3)
    _counted_audits()
    with transaction():
        connection = db.session.connection()
        findings = with_facts(connection, '{"areas": []}', audit.cycle_id)
        snapshot = Snapshot(cycle_id=audit.cycle_id, made_on=day, findings=findings)
        final = FinalReport(
            cycle_id=audit.cycle_id,
            audience="council",
            number=1,
            made_by_id=person.id,
            made_at=db.session.scalars(select(HistoryRow.at).limit(1)).one(),
            content='{"title": "A report"}',
        )
        returned = Return(
            audit_id=audit.id, returned_on=day, sent_back_on=day, because="A reason", kept={"answers": []}
        )
        for document in (snapshot, final, returned):
            db.session.add(document)
            documents.seal(document, "a document", who=JACK)
    kept()
    with transaction():
        record(JACK, [_event(chance, number) for number in range(10)])
        # what changes nothing that counts explains nothing
        record(JACK, [Event("audit", name, "chased", after="by phone") for name in COUNTED])
    kept()
    remove_words([4, 11], "a name was in it", who=JACK)
    remove_words([7], "a name was in it", who=JACK, texts=("why",))
    replace_who([4, 9], REMOVED_WHO)
    kept()
    with transaction():
        drop_triggers(db.session.connection())
    rows = [dict(row) for row in db.session.execute(select(HISTORY).order_by(HISTORY.c.id)).mappings()]
    db.session.rollback()
    return Scene(chance, rows, ends, history_key())


def _counted_audits() -> None:
    """Make returned audits with answers, one of them moderated, and what else findings count of them."""
    for name in COUNTED:
        an_audit(name, cycle=a_cycle("2010-1"), returned_on=date(2010, 11, 12))
    with transaction():
        places = [EvidencePlace(label=f"Place {number}", position=90 + number) for number in range(2)]
        factors = [ContextFactor(label=f"Factor {number}", position=90 + number) for number in range(2)]
        db.session.add_all([*places, *factors])
        db.session.flush()
        question = db.session.query(Question).filter_by(key="child_seen").one()
        responses = db.session.query(ScaleResponse).filter_by(scale="evidence").all()
        moderator = db.session.query(Person).filter_by(name="Cora").one()
        for number, name in enumerate(COUNTED):
            audit = db.session.query(Audit).filter_by(reference=name).one()
            about = {"audit_id": audit.id, "question_id": question.id}
            db.session.add(
                Answer(
                    **about, response_id=responses[number % 2].id, found_in_id=places[0].id, comment="Seen"
                )
            )
            db.session.add(ContextNote(audit_id=audit.id, factor_id=factors[0].id))
            if number == 0:
                changed = {"whose": "moderated", "response_id": responses[1].id, "reason": "Not seen alone"}
                db.session.add(AnswerView(**about, **changed, made_on=date(2010, 11, 19)))
                db.session.add(
                    Moderation(
                        audit_id=audit.id,
                        chosen_because="lowest",
                        moderator_id=moderator.id,
                        decided_on=date(2010, 11, 19),
                        outcome="changed",
                    )
                )


def _event(chance: random.Random, number: int) -> Event:
    before, after, why = (chance.choice((None, "due 12 May", "sickness", "")) for _ in TEXTS)
    return Event("audit", f"CP-{number:03}", chance.choice(("extended", "returned")), before, after, why)


# the kinds of tampering


def alter(connection: Connection, scene: Scene) -> int:
    """Write something else into one column of one row."""
    row = scene.rows[scene.any_row()]
    name = scene.chance.choice([column.name for column in HISTORY.columns])
    if name == "id":
        return _renumber(connection, scene, row)
    other = (
        row[name] + timedelta(days=1)
        if name in ("at", "on")
        else scene.chance.choice([each[name] for each in scene.rows if each[name] != row[name]] or ["other"])
    )
    connection.execute(update(HISTORY).where(HISTORY.c.id == row["id"]).values({name: other}))
    return int(row["id"])


def _renumber(connection: Connection, scene: Scene, row: Row) -> int:
    number = len(scene.rows) + 1_000
    connection.execute(update(HISTORY).where(HISTORY.c.id == row["id"]).values(id=number))
    place = scene.rows.index(row) + 1
    return scene.rows[place]["id"] if place < len(scene.rows) else number


def remove(connection: Connection, scene: Scene) -> int:
    """Delete a row that is not the last."""
    place = scene.any_row(last=len(scene.rows) - 1)
    connection.execute(delete(HISTORY).where(HISTORY.c.id == scene.rows[place]["id"]))
    return int(scene.rows[place + 1]["id"])


def add(connection: Connection, scene: Scene) -> int:
    """Insert a row in between or at the end, linked as one can without the key."""
    place = scene.any_row()
    for row in reversed(scene.rows[place + 1 :]):
        connection.execute(update(HISTORY).where(HISTORY.c.id == row["id"]).values(id=row["id"] + 1))
    before = scene.rows[place]
    forged = {**before, "id": before["id"] + 1, "why": None, "previous_hash": before["hash"], "salt": None}
    forged["hash"] = bare_hash(before["hash"], [forged["who"], forged["what"]])
    connection.execute(insert(HISTORY).values(forged))
    if scene.chance.random() < 0.5:
        connection.execute(update(END).values(rows=len(scene.rows) + 1))
    return int(forged["id"])


def swap(connection: Connection, scene: Scene) -> int:
    """Exchange all that two rows say but their numbers."""
    one, other = sorted(scene.chance.sample(range(len(scene.rows)), 2))
    for to, what in ((one, other), (other, one)):
        values = {**scene.rows[what], "id": scene.rows[to]["id"]}
        connection.execute(update(HISTORY).where(HISTORY.c.id == values["id"]).values(values))
    return int(scene.rows[one]["id"])


def cut(connection: Connection, scene: Scene) -> int:
    """Delete rows from one on."""
    place = scene.any_row(1)
    first = int(scene.rows[place]["id"])
    connection.execute(delete(HISTORY).where(HISTORY.c.id >= first))
    return first


def cut_and_adjust(connection: Connection, scene: Scene) -> int:
    """Delete rows from one on, and write the record of the end to match, without the key."""
    first = cut(connection, scene)
    rows = [row for row in scene.rows if row["id"] < first]
    _adjust(connection, scene, len(rows), rows[-1]["hash"])
    return first


def _adjust(connection: Connection, scene: Scene, number: int, last_hash: str) -> None:
    seal = scene.chance.choice(
        (
            scene.ends[-1]["seal"],
            end_seal(OTHER_KEY, number, last_hash),
            bare_hash(last_hash, [str(number)]),
            scene.chance.choice(scene.ends[:-1])["seal"] + " ",
            "",
        )
    )
    connection.execute(update(END).values(rows=number, hash=last_hash, seal=seal))


def empty(connection: Connection, scene: Scene) -> int:
    """Delete all rows, and mostly the record of the end or what it says."""
    connection.execute(delete(HISTORY))
    chance = scene.chance.random()
    if chance < 0.3:
        connection.execute(delete(END))
    elif chance < 0.8:
        _adjust(connection, scene, 0, BEGINNING)
    return 1


def recompute(connection: Connection, scene: Scene) -> int:
    """Change a row, and link it and all that follow anew with another key or none, and the end as well."""
    place = scene.any_row()
    row = scene.rows[place]
    connection.execute(update(HISTORY).where(HISTORY.c.id == row["id"]).values(who="somebody@else.example"))
    previous = scene.rows[place - 1]["hash"] if place else BEGINNING
    bare = scene.chance.random() < 0.5
    for link in list(links(connection, row["id"] - 1)):
        relinked = link._replace(previous_hash=previous)
        hashed = hash_of(OTHER_KEY, relinked)
        if bare or hashed is None:
            hashed = bare_hash(previous, [*map(str, link.facts), *map(str, link.texts)])
        values = {"previous_hash": previous, "hash": hashed}
        connection.execute(update(HISTORY).where(HISTORY.c.id == link.id).values(values))
        previous = hashed
    _adjust(connection, scene, len(scene.rows), previous)
    return int(row["id"])


def frozen(connection: Connection, scene: Scene) -> int:
    """Change, remove or add something that is frozen."""
    table, name, other = scene.chance.choice(
        (
            ("snapshots", "findings", '{"areas": [1]}'),
            ("snapshots", "made_on", "2011-01-04"),
            ("final_reports", "content", '{"title": "Another"}'),
            ("final_reports", "because", "to be kind"),
            ("returns", "kept", '{"answers": [1]}'),
            ("returns", "kept", None),
            ("returns", "because", "Another reason"),
        )
    )
    [number] = [row["id"] for row in scene.rows if row["subject"] == f"{table} 1"]
    way = scene.chance.random()
    if way < 0.6:
        connection.execute(text(f"update {table} set {name} = :other"), {"other": other})  # noqa: S608
    elif way < 0.8:
        connection.execute(text(f"delete from {table}"))  # noqa: S608
    else:
        there = cast(Table, FinalReport.__table__)
        row = dict(connection.execute(select(there)).mappings().one())
        connection.execute(insert(there).values({**row, "id": row["id"] + 1, "number": 2}))
        return len(scene.rows) + 1
    return int(number)


def counted(connection: Connection, scene: Scene) -> int:
    """Change what the findings of a frozen cycle count of an audit, which the history does not tell."""
    audits, answers, views = (_table(model) for model in (Audit, Answer, AnswerView))
    notes, moderations = (_table(model) for model in (ContextNote, Moderation))
    name = scene.chance.choice(COUNTED)
    row = dict(connection.execute(select(audits).where(audits.c.reference == name)).mappings().one())
    own, own_answer = audits.c.id == row["id"], answers.c.audit_id == row["id"]
    answer = dict(connection.execute(select(answers).where(own_answer)).mappings().one())
    about = {"audit_id": row["id"], "question_id": answer["question_id"]}
    day = date(2010, 11, 18)

    def other(column: Any, value: object, *of: Any) -> object:
        return connection.scalars(select(column).where(column != value, *of).order_by(column)).first()

    response = _table(ScaleResponse).c.id
    another = other(response, answer["response_id"])
    ways = [
        update(answers).where(own_answer).values(response_id=another),
        update(answers).where(own_answer).values(response_id=None),
        update(answers).where(own_answer).values(comment=None),
        update(answers).where(own_answer).values(number=3.5),
        update(answers)
        .where(own_answer)
        .values(found_in_id=other(_table(EvidencePlace).c.id, answer["found_in_id"])),
        delete(answers).where(own_answer),
        insert(views).values(**about, whose="agreed", response_id=another, made_on=day),
        update(audits).where(own).values(returned_on=None),
        update(audits).where(own).values(returned_on=date(2011, 6, 1)),
        update(audits).where(own).values(withdrawn_on=day),
        update(audits).where(own).values(team_id=other(_table(Team).c.id, row["team_id"])),
        update(audits).where(own).values(cycle_id=other(_table(Cycle).c.id, row["cycle_id"])),
        update(notes)
        .where(notes.c.audit_id == row["id"])
        .values(factor_id=other(_table(ContextFactor).c.id, _factor(connection, row["id"]))),
        delete(notes).where(notes.c.audit_id == row["id"]),
        insert(moderations).values(
            audit_id=row["id"],
            chosen_because="random",
            moderator_id=connection.scalars(select(_table(Person).c.id)).first(),
            decided_on=day,
            outcome="agreed",
        ),
    ]
    if name == COUNTED[0]:
        ways[-1] = delete(moderations)
        ways += [
            delete(views),
            update(views).values(response_id=answer["response_id"]),
            update(views).values(made_on=date(2012, 1, 2)),
        ]
    scene.names = name
    way = scene.chance.randrange(len(ways) + 3)
    if way < len(ways):
        connection.execute(ways[way])
    elif way == len(ways):
        for table in (answers, views, notes, moderations):
            connection.execute(delete(table).where(table.c.audit_id == row["id"]))
        connection.execute(delete(audits).where(own))
    elif way == len(ways) + 1:
        scene.names = "MADE UP"
        added = {"id": row["id"] + 1_000, "reference": scene.names, "folded": "made up"}
        connection.execute(insert(audits).values({**row, **added}))
    else:
        # all answers of a response count otherwise
        scene.names = ""
        connection.execute(
            update(_table(ScaleResponse))
            .where(response == answer["response_id"])
            .values(counts_as="excluded")
        )
    [number] = [each["id"] for each in scene.rows if each["subject"] == "snapshots 1"]
    return int(number)


def _factor(connection: Connection, audit_id: int) -> object:
    notes = _table(ContextNote)
    return connection.scalars(select(notes.c.factor_id).where(notes.c.audit_id == audit_id)).one()


def _table(model: Any) -> Table:
    return cast(Table, model.__table__)


def cut_and_put_back(connection: Connection, scene: Scene) -> int:
    """Delete rows from one on, and put back the record of the end that was right then, from a copy."""
    end = scene.chance.choice(scene.ends[:-1])
    connection.execute(delete(HISTORY).where(HISTORY.c.id > end["rows"]))
    # what was frozen since has no row any more, and is taken away too
    if not any(row["subject_kind"] == "document" for row in scene.rows[: end["rows"]]):
        for table in ("final_reports", "returns", "snapshots"):
            connection.execute(text(f"delete from {table}"))  # noqa: S608
    connection.execute(update(END).values(end))
    return int(end["rows"]) + 1


KINDS: dict[str, Tampering] = {
    "altered": alter,
    "deleted": remove,
    "inserted": add,
    "swapped": swap,
    "cut": cut,
    "cut, the end adjusted": cut_and_adjust,
    "emptied": empty,
    "recomputed without the key": recompute,
    "frozen behind its back": frozen,
    "counted behind its back": counted,
    "cut, an old end put back": cut_and_put_back,
}
"""The kinds, of which the last is found by a head that left the service alone."""

BY_HEAD = "cut, an old end put back"


@dataclass
class Found:
    """The numbers of tamperings of each kind: done, found, first bad row named; found without a head."""

    done: Counter[str]
    found: Counter[str]
    named: Counter[str]
    missed: list[str]


def tamper(number: int, seed: int) -> Found:
    """Tamper so often with the history of this installation, each time with the whole one."""
    chance = random.Random(seed)
    scene = prepare(chance)
    outcome = Found(Counter(), Counter(), Counter(), [])
    with db.engine.connect().execution_options(writing=True) as connection:
        assert checked(connection, scene.key, [scene.head]).broken is None
        assert check_facts(connection) == FactsChecked(None, ())
        connection.rollback()
        for n in range(number):
            kind = list(KINDS)[n % len(KINDS)]
            scene.names = ""
            first = KINDS[kind](connection, scene)
            heads = [scene.head] if kind == BY_HEAD else []
            broken = checked(connection, scene.key, heads).broken or check_facts(connection).broken
            connection.rollback()
            is_named = broken is not None and broken.row == first and scene.names in broken.why
            outcome.done[kind] += 1
            outcome.found[kind] += broken is not None
            outcome.named[kind] += is_named
            if not is_named:
                outcome.missed.append(f"{kind}, number {n}: row {first}, found {broken}")
    return outcome


def _on(name: str, folder: Path, number: int, seed: int, **environ: str) -> bool:
    app = create_app(settings_in(folder, **environ))
    with app.app_context():
        migrate()
        outcome = tamper(number, seed)
        db.session.remove()
        db.engine.dispose()
    print(f"\n{name}\n{'kind':28} {'done':>7} {'found':>7} {'first bad row named':>20}")
    for kind, done in outcome.done.items():
        print(f"{kind:28} {done:7,} {outcome.found[kind]:7,} {outcome.named[kind]:20,}")
    total = (sum(each.values()) for each in (outcome.done, outcome.found, outcome.named))
    print("{:28} {:7,} {:7,} {:20,}".format("all", *total))
    print(*outcome.missed[:20], sep="\n")
    return not outcome.missed


def main(number: int, seed: int) -> int:
    """Tamper on both databases; return 0 where everything was found."""
    with tempfile.TemporaryDirectory() as folder:
        whole = _on("SQLite", Path(folder), number, seed)
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder, tempfile.TemporaryDirectory() as own:
        server = Server(Path(folder))
        try:
            with server.database() as url:
                whole &= _on("PostgreSQL", Path(own), number, seed, DATABASE_URL=url)
        finally:
            server.stop()
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000, 20101105))

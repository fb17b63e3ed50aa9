"""The words of a row of the history wherever else the service keeps them, and taking them out there too.

A reason that somebody typed stands in the history, and in the log, the note or the email that it was typed
for. Whoever removes it from the history means all of them. What is frozen keeps them, and the page says so.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, false, or_, select, update

from app.audits.models import Return
from app.database import db, transaction
from app.findings.models import Snapshot
from app.history import documents
from app.history.chain import TEXTS
from app.history.correcting import KEEP_THEIR_WORDS, WORDS_REMOVED, remove_words
from app.history.models import HistoryRow
from app.moves.models import TypedText
from app.news.models import News
from app.outbox.models import Message
from app.people.models import Person
from app.retention.belonging import AS_IT_IS, THINGS, table_of
from app.retention.of_history import BY_THE_SERVICE
from app.retention.removing import label_of
from app.retention.texts import (
    AFTER_ITS_LABEL,
    EMAILS,
    EMPTIED,
    HISTORY,
    KEPT_ROWS,
    MOVES,
    NEWS,
    OF_A_CYCLE,
    PRACTICE,
    REMOVED,
    RETURNS,
    UNSENT,
)
from app.wording import in_words

TABLES: Mapping[str, str] = {
    **THINGS,
    "action": "actions",
    "recommendation": "recommendations",
    "quick win": "quick_wins",
    "cycle": "cycles",
}
"""The tables of the things whose history people write words into, by the kind of subject."""

PRACTICE_WORDS = "words about actions and recommendations"

SHORTEST = 3
"""The fewest characters of words that are looked for inside longer texts."""

ONE_MOVE = timedelta(minutes=1)
"""The time in which one move writes the same words into the histories of several things."""


@dataclass
class SameWords:
    """The places that keep the words of a row, by their kind; and the frozen documents that do."""

    places: Counter[str] = field(default_factory=Counter)
    frozen: list[str] = field(default_factory=list)


def same_words(row: HistoryRow) -> SameWords:
    """Return the places that keep the words of a row beside the row itself, without changing anything."""
    return _Search(row).found


def take_out(row: HistoryRow, why: str, *, who: str) -> SameWords:
    """Take the words of a row out of the history and out of every other place that is not frozen.

    Returns the places. The history of each thing says why its words went.
    """
    with transaction():
        search = _Search(row)
        for change in search.changes:
            change()
        remove_words([row.id, *search.rows], why, who=who)
        db.session.expire_all()
    return search.found


@dataclass(frozen=True)
class _Column:
    """A column of words that people write, the kind that pages name, and the way in which it goes."""

    table: Table
    name: str
    kind: str
    how: str = ""


class _Search:
    """The search for the words of one row, with what takes each out."""

    def __init__(self, row: HistoryRow) -> None:
        self.found = SameWords()
        self.rows: list[int] = []
        """The other rows of the history that have the words."""
        self.changes: list[Any] = []
        self.row = row
        self.typed = [row.why] if row.why and row.why not in BY_THE_SERVICE else []
        told = [] if row.what == WORDS_REMOVED else [text for text in (row.before, row.after) if text]
        self.things = [(row.subject_kind, row.subject)]
        staff = set(db.session.scalars(select(Person.name)))
        # what people wrote stands in a column of the thing, too: the rest of a row is the service's own words
        self.words = [text for text in self.typed if text not in staff]
        values = [value for _, _, value in self._values(row.subject_kind, row.subject)]
        self.words += [
            value
            for value in dict.fromkeys(values)
            if value not in staff and len(value) >= SHORTEST and any(value in text for text in told)
        ]
        if not self.words:
            return
        self._of_history()
        for kind, subject in self.things:
            self._of_thing(kind, subject)
        self._of_messages()
        self._of_typed()
        self._of_frozen()

    def has(self, text: str | None) -> bool:
        """True where a text is the words, or has them."""
        return text is not None and any(
            text == words or (len(words) >= SHORTEST and words in text) for words in self.words
        )

    def without(self, text: str) -> str:
        """Return a text without the words."""
        for words in sorted(self.words, key=len, reverse=True):
            if text == words:
                return REMOVED
            if len(words) >= SHORTEST:
                for each in (words, html.escape(words)):
                    text = re.sub(r"\s+".join(map(re.escape, each.split())), REMOVED, text)
        return text

    def _found(self, kind: str, change: Any) -> None:
        self.found.places[kind] += 1
        self.changes.append(change)

    def _of_history(self) -> None:
        """Find the rows of the same thing, and those that the same move wrote about others."""
        row = self.row
        same_thing = and_(HistoryRow.subject_kind == row.subject_kind, HistoryRow.subject == row.subject)
        same_move = and_(
            HistoryRow.who == row.who, HistoryRow.at.between(row.at - ONE_MOVE, row.at + ONE_MOVE)
        )
        query = select(HistoryRow).where(or_(same_thing, same_move), HistoryRow.id != row.id)
        for other in db.session.scalars(query.order_by(HistoryRow.id)):
            names = ("why",) if other.what == WORDS_REMOVED else TEXTS
            if other.what not in KEEP_THEIR_WORDS and any(self.has(getattr(other, name)) for name in names):
                self.rows.append(other.id)
                self.found.places[HISTORY] += 1
                if (thing := (other.subject_kind, other.subject)) not in self.things:
                    self.things.append(thing)

    def _values(self, kind: str, subject: str) -> Iterator[tuple[_Column, Mapping[str, Any], str]]:
        """Yield the words in columns of a thing: the column, the key of the row, and the words."""
        for column, about in _columns_about(kind, subject):
            keys = list(column.table.primary_key)
            cell = column.table.c[column.name]
            query = select(*keys, cell).where(about, cell.is_not(None), cell != "", cell != REMOVED)
            for row in db.session.execute(query):
                key = dict(zip((each.name for each in keys), row[:-1], strict=True))
                if column.how == AFTER_ITS_LABEL:
                    _, _, words = row[-1].partition(": ")
                    yield column, key, words or row[-1]
                else:
                    yield column, key, row[-1]

    def _of_thing(self, kind: str, subject: str) -> None:
        for column, key, value in self._values(kind, subject):
            if not self.has(value):
                continue

            def change(column: _Column = column, key: Mapping[str, Any] = key, value: str = value) -> None:
                table = column.table
                where = [table.c[name] == each for name, each in key.items()]
                cell = table.c[column.name]
                now = str(db.session.scalar(select(cell).where(*where)))
                new = label_of(now) if column.how == AFTER_ITS_LABEL else self.without(value)
                db.session.execute(update(table).where(*where).values({column.name: new}))

            self._found(column.kind, change)
        if kind == "audit":
            self._of_returns(subject)

    def _of_returns(self, reference: str) -> None:
        """Find the words in the answers that an audit was returned with. They are sealed anew."""
        audits = table_of("audits")
        query = select(Return).join(audits, audits.c.id == Return.audit_id)
        for kept in db.session.scalars(
            query.where(audits.c.reference == reference, Return.kept.is_not(None))
        ):
            if not any(self.has(text) for text in _texts_in(kept.kept)):
                continue

            def change(kept: Return = kept) -> None:
                kept.kept = _replaced(kept.kept, self.without)
                called = f"answers that audit {reference} was returned with"
                documents.seal(kept, called, who=self.row.who, why="words were removed")

            self._found(RETURNS, change)

    def _of_messages(self) -> None:
        """Find emails and news about the things."""
        references = [subject for _, subject in self.things]
        named = or_(*(Message.text.contains(each, autoescape=True) for each in references))
        for message in db.session.scalars(select(Message).where(named).order_by(Message.id)):
            texts = [message.text, message.html, *_texts_in(message.facts)]
            if any(text is not None and self.without(text) != text for text in texts):

                def change(message: Message = message) -> None:
                    message.text = self.without(message.text) if message.text else message.text
                    message.html = self.without(message.html) if message.html else message.html
                    message.facts = _replaced(message.facts, self.without)

                self._found(EMAILS, change)
        for news in db.session.scalars(select(News).where(News.reference.in_(references))):
            if any(self.has(text) for text in _texts_in(news.facts)):

                def change_news(news: News = news) -> None:
                    news.facts = _replaced(news.facts, self.without)

                self._found(NEWS, change_news)

    def _of_typed(self) -> None:
        """Find forms that were typed and not sent: the whole form goes."""
        for page, entries in db.session.execute(select(TypedText.page, TypedText.entries)):
            if any(self.has(str(value)) for _, value in entries):

                def change(page: str = page) -> None:
                    db.session.execute(
                        delete(TypedText).where(TypedText.page == page), execution_options=AS_IT_IS
                    )

                self._found(UNSENT, change)

    def _of_frozen(self) -> None:
        for snapshot in db.session.scalars(select(Snapshot)):
            if any(self.has(text) for text in _texts_in(_read(snapshot.findings))):
                self.found.frozen.append(f"the findings that were frozen on {in_words(snapshot.made_on)}")
        reports = table_of("final_reports").c
        for number, audience, content in db.session.execute(
            select(reports.number, reports.audience, reports.content)
        ):
            if any(self.has(text) for text in _texts_in(_read(content))):
                self.found.frozen.append(f"version {number} of the final report for the {audience}")


def _columns() -> Iterator[_Column]:
    for text in OF_A_CYCLE:
        if text.how not in (EMPTIED, KEPT_ROWS):
            yield _Column(table_of(text.table), text.column, text.kind, text.how)
    for table, names in PRACTICE.items():
        for name in names:
            yield _Column(table_of(table), name, PRACTICE_WORDS)
    for name in ("remove_because", "held_because"):
        yield _Column(table_of("retentions"), name, MOVES)


def _columns_about(kind: str, subject: str) -> Iterator[tuple[_Column, ColumnElement[bool]]]:
    """Yield the columns of words, each with the condition of being about a thing."""
    if kind not in TABLES:
        return
    of_kind = table_of(TABLES[kind])
    ids = select(of_kind.c.id).where(of_kind.c.reference == subject)
    for column in _columns():
        about = _is_about(column.table, of_kind, kind, ids)
        if about is not None:
            yield column, about


def _is_about(table: Table, of_kind: Table, kind: str, ids: Any) -> ColumnElement[bool] | None:
    if table is of_kind:
        return table.c.id.in_(ids)
    if kind == "cycle" and "draw_id" in table.c:
        draws = table_of("draws").c
        return table.c.draw_id.in_(select(draws.id).where(draws.cycle_id.in_(ids)))
    if kind == "cycle" and table.name == "audits":
        return None  # each has a history of its own
    refers = [
        each.parent.in_(ids)
        for each in table.foreign_keys
        if each.column.table is of_kind and each.parent.name.startswith(kind.replace(" ", "_"))
    ]
    if refers:
        return or_(false(), *refers)
    if "obligation_kind" in table.c:
        return and_(table.c.obligation_kind == kind, table.c.obligation_id.in_(ids))
    return None


def _read(content: Any) -> Any:
    """Return a frozen document as it was before it was written as JSON."""
    return json.loads(content) if isinstance(content, str) else content


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts_in(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _texts_in(each)


def _replaced(value: Any, new: Any) -> Any:
    if isinstance(value, str):
        return new(value)
    if isinstance(value, Mapping):
        return {name: _replaced(each, new) for name, each in value.items()}
    if isinstance(value, Collection):
        return [_replaced(each, new) for each in value]
    return value

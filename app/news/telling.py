"""Writing news, in the transaction of the move that makes it."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Protocol

from sqlalchemy import delete

from app.database import db
from app.news.happenings import Happening
from app.news.models import News

About = tuple[str, int, str]
"""The kind, the id and the reference of the thing that news is about."""


class Thing(Protocol):
    """A thing that news can be about."""

    kind: ClassVar[str]

    @property
    def id(self) -> int: ...

    @property
    def reference(self) -> str: ...


def about(thing: Thing) -> About:
    """Return what news about a thing is about."""
    return thing.kind, thing.id, thing.reference


def tell(
    people: Iterable[int | None],
    what: Happening,
    about: About,
    on: date,
    *,
    by: int | None = None,
    **facts: str,
) -> None:
    """Write one piece of news for each of these people, by id, once; not for `by`, who made the move."""
    kind, id_, reference = about
    for person_id in dict.fromkeys(people):
        if person_id is not None and person_id != by:
            db.session.add(
                News(
                    person_id=person_id,
                    what=what.value,
                    about_kind=kind,
                    about_id=id_,
                    reference=reference,
                    facts=facts,
                    made_on=on,
                )
            )


def take_back(whats: Iterable[Happening], about_kind: str, about_id: int) -> None:
    """Remove news of what was taken back: it has not happened."""
    db.session.execute(
        delete(News).where(
            News.about_kind == about_kind,
            News.about_id == about_id,
            News.what.in_([what.value for what in whats]),
        )
    )

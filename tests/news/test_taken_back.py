"""News that was taken back: what is told next is told, whatever its number."""

from datetime import date

from flask import Flask

from app.database import db, transaction
from app.news.happenings import Happening
from app.news.models import News
from app.news.telling import about, take_back, tell
from tests.factories import a_person, an_audit


def test_the_number_of_news_that_was_taken_back_is_not_given_again(service: Flask) -> None:
    person = a_person("Alison Hartley")
    audit = an_audit("CP-1", lead=person)

    def told() -> int:
        with transaction():
            tell([person.id], Happening.OTHER_DUE_DATE, about(audit), date(2010, 11, 5), due_on="2010-11-26")
        return int(db.session.scalars(db.select(News.id)).one())

    first = told()
    with transaction():
        take_back([Happening.OTHER_DUE_DATE], "audit", audit.id)
    assert told() > first

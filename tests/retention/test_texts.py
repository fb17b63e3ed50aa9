"""The table of texts: every column of words or data is in it, with how it goes or why it stays."""

from collections import Counter

from flask import Flask
from sqlalchemy import Boolean, Date, Float, Integer

from app.database import Moment, db
from app.retention.texts import OF_A_CYCLE, OTHERWISE, STAYS

NO_TEXT = (Integer, Float, Date, Boolean, Moment)


def test_every_column_of_words_or_data_goes_or_stays_for_a_reason(app: Flask) -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if not isinstance(column.type, NO_TEXT)
    }
    classed = Counter([*(f"{text.table}.{text.column}" for text in OF_A_CYCLE), *OTHERWISE, *STAYS])
    assert sorted(columns - classed.keys()) == []
    assert sorted(classed.keys() - columns) == []
    assert [column for column, times in classed.items() if times > 1] == []


def test_each_text_that_goes_belongs_to_an_audit_or_a_draw(app: Flask) -> None:
    for text in OF_A_CYCLE:
        columns = db.metadata.tables[text.table].c
        assert {"audit_id", "draw_id", "cycle_id", "obligation_id"} & set(columns.keys()), text

"""A report as data comes back from its JSON as it was."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.paper import (
    Audience,
    Bar,
    Bullets,
    Paper,
    Paragraph,
    Picture,
    Section,
    Table,
    from_json,
)

WORDS = st.text(max_size=20)
PARTS = st.one_of(
    st.builds(Paragraph, WORDS, st.booleans()),
    st.builds(Bullets, st.lists(WORDS, max_size=3).map(tuple), st.booleans()),
    st.builds(
        Table,
        WORDS,
        st.lists(WORDS, max_size=3).map(tuple),
        st.lists(st.lists(WORDS, max_size=3).map(tuple), max_size=3).map(tuple),
        st.lists(st.integers(0, 3), max_size=2).map(tuple),
    ),
    st.builds(
        Picture, WORDS, WORDS, st.lists(st.builds(Bar, WORDS, st.integers(0, 100)), max_size=2).map(tuple)
    ),
)
SECTIONS = st.recursive(
    st.builds(Section, WORDS, WORDS, st.lists(PARTS, max_size=4).map(tuple)),
    lambda inner: st.builds(
        Section, WORDS, WORDS, st.lists(PARTS, max_size=2).map(tuple), st.lists(inner, max_size=2).map(tuple)
    ),
    max_leaves=4,
)


@given(st.lists(SECTIONS, max_size=3).map(tuple), st.sampled_from(Audience), st.booleans(), WORDS)
def test_what_was_frozen_is_what_comes_back(
    sections: tuple[Section, ...], audience: Audience, is_draft: bool, why: str
) -> None:
    paper = Paper(
        audience,
        "Core groups",
        "Your council",
        "2010-1",
        date(2010, 12, 22),
        (("Cycle", "2010-1"),),
        sections,
        is_draft,
        None if is_draft else 2,
        None if is_draft else why,
    )
    assert from_json(paper.to_json()) == paper


def test_a_column_is_narrow_where_no_cell_is_longer_than_a_date() -> None:
    rows = (("A1", "Remind every team of it", "30 September 2026"), ("A2", "Do", ""))
    assert Table("Actions", ("Reference", "Action to take now", "Due"), rows).narrow == (0, 2)
    assert Table("Nothing", ("Reference",), ()).narrow == ()


@pytest.mark.parametrize(
    ("is_draft", "number", "because", "state"),
    [
        (True, None, None, "Draft: not final"),
        (True, 2, "a date was wrong", "Draft: not final"),
        (False, None, None, "Final"),
        (False, 1, None, "Final"),
        (False, 2, None, "Final, version 2"),
        (False, 2, "a date was wrong", "Final, version 2, corrected: a date was wrong"),
    ],
)
def test_a_paper_says_how_final_it_is(
    is_draft: bool, number: int | None, because: str | None, state: str
) -> None:
    day = date(2010, 12, 22)
    paper = Paper(
        Audience.COUNCIL, "Core groups", "A council", "2010-1", day, (), (), is_draft, number, because
    )
    assert paper.state == state

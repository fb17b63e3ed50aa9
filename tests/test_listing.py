"""Lists in pages: the page that is asked for, the address of the others, and what an empty list says."""

import pytest
from flask import Flask, render_template_string
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.listing import Address, paged, paged_by
from app.people.models import Person, Team
from tests.factories import a_person
from tests.pages import visible
from tests.statements import statements


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("1", "01"),
        ("2", "23"),
        ("3", "4"),
        ("9", "4"),
        ("0", "01"),
        ("-1", "01"),
        ("x", "01"),
        ("9" * 30, "4"),
    ],
)
def test_a_page_that_is_not_there_shows_the_nearest(app: Flask, page: str, shown: str) -> None:
    for number in range(5):
        a_person(str(number))
    with app.test_request_context(f"/?page={page}"):
        plain = paged(select(Person).order_by(Person.name), 2)
        own = paged_by(lambda skip: "01234"[skip : skip + 2], 5, 2)
        assert "".join(person.name for person in plain) == "".join(own) == shown
        assert (plain.page, plain.pages, plain.total) == (own.page, own.pages, own.total)
        assert (own.first, own.last) == (int(shown[0]) + 1, int(shown[-1]) + 1)


def test_a_page_reads_nothing_of_what_it_skips_but_keys(app: Flask) -> None:
    for number in range(5):
        a_person(str(number), team="Crewe")
    people = select(Person, Team.name).outerjoin(Team, Team.id == Person.team_id)
    people = people.options(joinedload(Person.team)).where(Person.name != "2")
    people = people.order_by(Person.name.desc())
    with app.test_request_context("/?page=2"), statements() as read:
        page = paged(people, 2)
        assert [(person.name, team_name) for person, team_name in page] == [
            ("1", "Crewe"),
            ("0", "Crewe"),
        ]
    skipping = [each for each in read if "offset" in each.lower()]
    assert len(skipping) == 1
    assert "email" not in skipping[0]


def test_an_empty_list_has_no_ways_to_other_pages(app: Flask) -> None:
    with app.test_request_context("/?page=4"):
        for empty in (paged(select(Person), 2), paged_by(lambda _skip: [], 0, 2)):
            assert list(empty) == []
            assert "<nav" not in drawn("{{ list.pages(page, address) }}", page=empty)


def drawn(template: str, **values: object) -> str:
    return render_template_string(
        '{% import "list.html" as list %}' + template, address=Address.here(), **values
    )


@pytest.mark.parametrize(
    ("asked", "is_narrowed", "says"),
    [
        ("", False, "None yet."),
        ("?page=2&state=", False, "None yet."),
        ("?state=open", True, "None such. Show all"),
        ("?sort=due", True, "None such. Show all"),
    ],
)
def test_what_is_asked_for_can_be_let_go(app: Flask, asked: str, is_narrowed: bool, says: str) -> None:
    with app.test_request_context(f"/things{asked}"):
        assert Address.here().is_narrowed is is_narrowed
        assert visible(drawn('{{ list.nothing("None yet.", "None such.", address) }}')) == says
        form = drawn("{% call list.filter(address) %}{% endcall %}")
        assert ('href="/things">Show all' in form) is is_narrowed


def test_the_ways_to_other_pages_keep_what_is_asked_for(app: Flask) -> None:
    with app.test_request_context("/things?state=open&page=2&download=csv"):
        ways = drawn("{{ list.pages(page, address) }}", page=paged_by(lambda skip: [skip], 3, 1))
        assert 'href="?state=open&amp;page=1" rel="prev"' in ways
        assert 'href="?state=open&amp;page=3" rel="next"' in ways
        assert "Page 2 of 3" in visible(ways)


def test_a_heading_sorts_and_says_so_and_a_number_stands_right(app: Flask) -> None:
    with app.test_request_context("/things?sort=-due"):
        table = drawn(
            '{% call(row) list.table("Things", ("", "Due", "Days"), [1], numeric=("Days",), '
            'sorts={"Due": "due"}, address=address) %}<td>{{ row }}</td>{% endcall %}'
        )
    assert (
        'aria-sort="descending"><a class="govuk-link govuk-link--no-visited-state" href="?sort=due">Due'
        in table
    )
    assert 'class="govuk-table__header govuk-table__header--numeric">Days</th>' in table
    assert '<td class="govuk-table__header" role="cell"></td>' in table
    assert table.count("<caption") == 1

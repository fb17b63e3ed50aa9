"""Spellings of a name that are one name, and spellings that are two."""

import unicodedata
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.names import Names, References, folded, folded_reference

ONE = [
    ("Children's Services 0-5", "Children’s Services 0–5"),
    ("Children's Services 0-5", "Children’s\u00a0Services\u00a00‑5"),
    ("Children's Services 0-5", "CHILDREN`S_SERVICES  0−5 "),
    ("Children's Services", "Children´s Services"),
    ("Children's Services", "Childrenʼs Services"),
    ("Fostering & Adoption", "fostering and adoption"),
    ("Fostering & Adoption", "Fostering＆Adoption"),
    ('The "Front Door"', "The “Front Door”"),
    ('The "Front Door"', "the «front-door»"),
    ("Paper file", "paper_file"),
    ("Paper file", "paper — file"),
    ("Café team", "Cafe\u0301 team"),
    ("Team １", "Team 1"),
    ("Straße", "STRASSE"),
    ("Oﬀice", "office"),
    ("Out\u200bof hours", "Outof hours"),
]
TWO = [
    ("Children's Services 0-5", "Children's Services 05"),
    ("Children's Services", "Childrens Services"),
    ("Fostering & Adoption", "Fostering Adoption"),
    ("Paper file", "Paperfile"),
    ("Paper file", "Paper file."),
    ("Café team", "Cafe team"),
    ("Team 1", "Team 2"),
    ("Team 1/2", "Team 1 2"),
    ('"Front"', "'Front'"),
]


@pytest.mark.parametrize(("one", "other"), ONE)
def test_names_that_differ_in_writing_alone_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), TWO)
def test_other_names_are_two(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_every_dash_that_there_is_is_a_space_between_words() -> None:
    dashes = [chr(number) for number in range(0x110000) if unicodedata.category(chr(number)) == "Pd"]
    assert "–" in dashes
    assert [dash for dash in [*dashes, "−", "_"] if folded(f"0{dash}5") != "0 5"] == []


def test_every_space_that_there_is_is_one_space() -> None:
    spaces = [chr(number) for number in range(0x110000) if unicodedata.category(chr(number)) == "Zs"]
    assert "\u00a0" in spaces
    assert [space for space in [*spaces, "\t"] if folded(f"{space}a{space}{space}b{space}") != "a b"] == []


APOSTROPHES, QUOTES = "'’‘‛`´ʼ′＇", '"“”„«»″＂'
BETWEEN = " \u00a0\u2003\u3000\t_-‐‑‒–—−＿－"
LETTERS = ["a", "é", "ß", "ñ", "7", ".", "/", "(", ",", "ö"]


@st.composite
def written(draw: st.DrawFn, name: list[list[str]]) -> str:
    """Write a name, given as words of marks, in any way that is still this name."""
    words = []
    for word in name:
        if word == ["and"]:
            words.append(draw(st.sampled_from(["and", "AND", "&", "＆"])))
            continue
        marks = []
        for mark in word:
            if mark in APOSTROPHES:
                marks.append(draw(st.sampled_from(APOSTROPHES)))
            elif mark in QUOTES:
                marks.append(draw(st.sampled_from(QUOTES)))
            else:
                cased = draw(st.sampled_from([mark, mark.upper(), mark.title()]))
                composed, apart = unicodedata.normalize("NFC", cased), unicodedata.normalize("NFD", cased)
                marks.append(draw(st.sampled_from([composed, apart])))
        words.append("".join(marks))
    between = st.text(st.sampled_from(BETWEEN), min_size=1, max_size=3)
    around = st.text(st.sampled_from(" \u00a0\t"), max_size=2)
    text = words[0] + "".join(draw(between) + word for word in words[1:])
    return draw(around) + text + draw(around)


WORDS = st.lists(
    st.one_of(st.just(["and"]), st.lists(st.sampled_from([*LETTERS, "'", '"']), min_size=1, max_size=4)),
    min_size=1,
    max_size=4,
)


@given(name=WORDS, data=st.data())
def test_every_way_to_write_a_name_is_one(name: list[list[str]], data: st.DataObject) -> None:
    assert folded(data.draw(written(name))) == folded(data.draw(written(name)))


@given(one=WORDS, other=WORDS, data=st.data())
def test_no_way_to_write_a_name_is_another(
    one: list[list[str]], other: list[list[str]], data: st.DataObject
) -> None:
    # "ß" is written "SS" in capitals, and both are one
    sharp = [[["ss" if mark == "ß" else mark for mark in word] for word in name] for name in (one, other)]
    same = [["".join(word) for word in name] for name in sharp]
    alike = folded(data.draw(written(one))) == folded(data.draw(written(other)))
    assert alike == (same[0] == same[1])


@pytest.mark.parametrize(("one", "other"), [("AU-01", "au-01"), ("AU-01", " Au-01 "), ("Straße", "STRASSE")])
def test_references_are_one_whatever_their_case(one: str, other: str) -> None:
    assert folded_reference(one) == folded_reference(other)


def test_references_are_two_in_all_else() -> None:
    references = ["AU-01", "AU_01", "AU 01", "AU01", "AU-1", "AU.01", "AU–01", "AU-01'", "AU-01’"]
    assert not [pair for pair in combinations(references, 2) if len({*map(folded_reference, pair)}) == 1]


def test_values_are_found_by_any_spelling_and_listed_in_the_first() -> None:
    teams = Names({"Children's Services": 1})
    teams["CHILDREN’S SERVICES"] = 2
    assert (dict(teams), teams["children's-services"], teams.get("Crewe")) == (
        {"Children's Services": 2},
        2,
        None,
    )
    assert teams.setdefault("Children’s services", 3) == 2
    assert "Children´s Services" in teams
    audits = References([("AU-01", 1)])
    assert (audits["au-01"], audits.get("au_01"), audits.get("")) == (1, None, None)
    del audits["Au-01"]
    assert len(audits) == 0

"""Days, counts and lists in words, as tables of cases."""

from datetime import date, time

import pytest

from app import wording

DAY, SUNDAY = date(2011, 1, 10), date(2012, 1, 1)


def test_a_day_is_written_for_each_place() -> None:
    assert wording.in_words(DAY) == "10 January 2011"
    assert wording.full_day(DAY) == "Monday 10 January 2011"
    assert wording.day_and_month(DAY) == "Monday 10 January"
    assert wording.short_day(DAY) == "Mon 10 Jan 2011"
    assert [wording.in_words(None), wording.full_day(None), wording.short_day(None)] == ["", "", ""]


@pytest.mark.parametrize(
    ("on", "words"), [(date(2011, 12, 31), "Sun 1 Jan 2012"), (date(2012, 12, 31), "Sun 1 Jan")]
)
def test_a_near_day_has_its_year_where_it_is_another(on: date, words: str) -> None:
    assert wording.near_day(SUNDAY, on) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(0, 0), "midnight"),
        (time(0, 5), "12:05am"),
        (time(8, 30), "8:30am"),
        (time(12, 0), "midday"),
        (time(12, 1), "12:01pm"),
        (time(17, 0, 59), "5pm"),
    ],
)
def test_a_time_is_written_as_people_say_it(at: time, words: str) -> None:
    assert wording.time_of_day(at) == words


@pytest.mark.parametrize(
    ("number", "audits", "days", "verbs"),
    [
        (0, "0 audits", "0 working days", "were have"),
        (1, "1 audit", "1 working day", "was has"),
        (2, "2 audits", "2 working days", "were have"),
        (2600, "2,600 audits", "2600 working days", "were have"),
    ],
)
def test_a_count_is_one_or_many(number: int, audits: str, days: str, verbs: str) -> None:
    assert wording.counted(number, "audit") == audits
    assert wording.working_days(number) == days
    assert f"{wording.were(number)} {wording.have(number)}" == verbs


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ICS", "ICS"),
        ("known to ICS in Crewe", "Known to ICS in Crewe"),
        ("élan", "Élan"),
        ("5 days", "5 days"),
        ("", ""),
    ],
)
def test_only_the_first_letter_becomes_a_capital(text: str, words: str) -> None:
    assert wording.capitalised(text) == words


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("visits", "1 visit"),
        ("working days", "1 working day"),
        ("hours per week", "1 hour per week"),
        ("visits by a nurse", "1 visit by a nurse"),
        ("children in the home", "1 child in the home"),
        ("Agencies", "1 Agency"),
        ("addresses", "1 address"),
        ("changes of worker", "1 change of worker"),
        ("places", "1 place"),
        ("%", "1 %"),
        ("progress", "1 progress"),
        ("", "1"),
    ],
)
def test_a_unit_is_one_or_many(unit: str, one: str) -> None:
    assert wording.with_unit("1", unit) == one
    assert wording.with_unit("2", unit) == f"2 {unit}".rstrip()
    assert wording.with_unit("0.5", unit) == f"0.5 {unit}".rstrip()


@pytest.mark.parametrize(("number", "words"), [(1, "1 body"), (2, "2 bodies")])
def test_a_plural_that_is_not_made_with_an_s_is_given(number: int, words: str) -> None:
    assert wording.counted(number, "body", "bodies") == words


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["Crewe"], "Crewe"),
        (["Crewe", "Nantwich"], "Crewe and Nantwich"),
        (["Crewe", "Nantwich", "Wilmslow"], "Crewe, Nantwich and Wilmslow"),
    ],
)
def test_names_are_listed(names: list[str], words: str) -> None:
    assert wording.listed(names) == words
    assert wording.listed(names, "or") == words.replace(" and ", " or ")


def test_all_of_two_are_both() -> None:
    assert [wording.all_of(number) for number in (2, 3, 2600)] == ["Both", "All 3", "All 2,600"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  ", ""),
        ("x", "X."),
        (" child seen ", "Child seen."),
        ("Child seen.", "Child seen."),
        ("was the child seen?", "Was the child seen?"),
        ("now!", "Now!"),
        ("a.b", "A.b."),
    ],
)
def test_a_sentence_has_a_capital_and_a_stop(text: str, words: str) -> None:
    assert wording.sentence(text) == words


def test_paragraphs_are_parted_by_empty_lines() -> None:
    assert wording.paragraphs("one\r\ntwo\r\n\r\n\r\n\r\nthree  four\n\n ") == ["one two", "three four"]


@pytest.mark.parametrize(
    ("noun", "many"),
    [("audit", "audits"), ("agency", "agencies"), ("day", "days"), ("supervision file", None)],
)
def test_more_than_one_is_written_as_people_write_it(noun: str, many: str | None) -> None:
    assert wording.counted(1, noun) == f"1 {noun}"
    assert wording.counted(2600, noun) == f"2,600 {many or f'{noun}s'}"

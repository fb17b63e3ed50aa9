"""The values that one cell can hold."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.cells import Cell, day, email, listed, one_of, prose, text, whole_number, words, yes_or_no
from app.files.faults import Unreadable

LONGEST_EMAIL = f"jj@{'.'.join(['c' * 60] * 4)}.example"
"""An address of 254 characters, the most."""

channel = one_of("email", "phone", "in person")
roles = words(one_of("coordinator", "auditor", "manager"))
teams = listed(text())


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (text(), "  CP-001 ", "CP-001"),
        (text(), "Cared\u00a0for  Children", "Cared for Children"),
        (text(), "two\nlines", "two lines"),
        (text(), "Cafe\u0301", "Café"),
        (text(), "\u200bCrewe\ufeff", "Crewe"),
        (text(), "\u200eCP-\u00ad001\u202c", "CP-001"),
        (text(longest=3), "abc", "abc"),
        (prose(), " one\r\ntwo\rthree\vfour ", "one\ntwo\nthree\nfour"),
        (day, "2010-11-12", date(2010, 11, 12)),
        (day, " 2010-1-2 ", date(2010, 1, 2)),
        (day, "12/11/2010", date(2010, 11, 12)),
        (day, "1/2/2010", date(2010, 2, 1)),
        (day, "29/02/2012", date(2012, 2, 29)),
        (day, "1900-01-01", date(1900, 1, 1)),
        (day, "2199-12-31", date(2199, 12, 31)),
        (day, date(2010, 11, 12), date(2010, 11, 12)),
        (day, "11-Dec-26", date(2026, 12, 11)),
        (whole_number(), "5", 5),
        (prose(), "#N/A", "#N/A"),
        (whole_number(least=-5), "-5", -5),
        *[(yes_or_no, written, True) for written in ("Yes", "YES ", "y", "Y", "1", "True", "\u200byes")],
        *[(yes_or_no, written, False) for written in ("No", " n", "N", "0", "FALSE")],
        (email, " Jack.Denny@Council.Example ", "jack.denny@council.example"),
        (email, "\u200ejack.denny@council.example\u200b", "jack.denny@council.example"),
        (email, "o'neill+audits@a-b.gov.uk", "o'neill+audits@a-b.gov.uk"),
        (email, LONGEST_EMAIL, LONGEST_EMAIL),
        (prose(), "c" * 10_000, "c" * 10_000),
        (text(), "c" * 200, "c" * 200),
        (whole_number(), "1000000", 1_000_000),
        (channel, "In_Person", "in person"),
        (channel, "in-person", "in person"),
        (roles, "coordinator  manager coordinator", ("coordinator", "manager")),
        (teams, "Crewe; Cared for Children ;", ("Crewe", "Cared for Children")),
    ],
)
def test_a_cell_means(reader: Callable[[Cell], Any], cell: Cell, value: Any) -> None:
    assert reader(cell) == value


@pytest.mark.parametrize(
    ("reader", "cell", "why"),
    [
        (text(longest=3), "abcd", "must be 3 characters or fewer: it has 4"),
        (text(), "bell\a", "has a character that cannot be shown (U+0007)"),
        (text(), "\u200b", "has only characters that cannot be seen"),
        (
            text(),
            date(2010, 1, 1),
            "is a date in the spreadsheet: change the cell format to Text and enter it again",
        ),
        (text(), "#N/A", "is a spreadsheet error, not a value"),
        (day, "2010-02-30", "must be a real date"),
        (day, "29/02/2010", "must be a real date"),
        (day, "11/25/2010", "must be a real date: put the day before the month"),
        (day, "12/13/2010", "must be a real date: put the day before the month"),
        (day, "13/13/2010", "must be a real date"),
        (day, "31/11/2010", "must be a real date"),
        (prose(), "c" * 10_001, "must be 10,000 characters or fewer: it has 10,001"),
        (text(), "c" * 201, "must be 200 characters or fewer: it has 201"),
        (whole_number(), "1000001", "must be from 0 to 1000000"),
        (day, "12/11/10", "the year must have 4 digits"),
        (day, "10-11-12", "the year must have 4 digits"),
        (day, "0210-11-12", "the year must be from 1900 to 2199"),
        (day, "2200-01-01", "the year must be from 1900 to 2199"),
        (day, date(1899, 12, 31), "the year must be from 1900 to 2199"),
        (day, "40494", "must be a date, such as 2010-11-12 or 12/11/2010"),
        (day, "٢٠١٠-١١-١٢", "must be a date, such as 2010-11-12 or 12/11/2010"),
        (whole_number(), "5.5", "must be a whole number"),
        (whole_number(), "five", "must be a whole number"),
        (whole_number(), date(2010, 1, 1), "must be a whole number"),
        (whole_number(), "9" * 5000, "must be a whole number"),
        (whole_number(least=1, most=20), "0", "must be from 1 to 20"),
        (whole_number(least=1, most=20), "21", "must be from 1 to 20"),
        *[(yes_or_no, written, "must be yes or no") for written in ("perhaps", "2", "-", "N/A", "yes no")],
        (email, f"k{LONGEST_EMAIL}", "must be an email address"),
        (email, "jack.denny", "must be an email address"),
        (email, "jack@council", "must be an email address"),
        (email, "Jack Denny <jack@council.example>", "must be an email address"),
        (email, "jack..denny@council.example", "must be an email address"),
        (email, "jack@council..example", "must be an email address"),
        (email, "jack@council.example\nBcc: x@y.example", "must be an email address"),
        (email, f"{'j' * 65}@council.example", "must be an email address"),
        (email, "jack@-council.example", "must be an email address"),
        (channel, "phon", "must be one of email, phone, in person: the nearest is phone"),
        (channel, "fax", "must be one of email, phone, in person"),
        (roles, "auditr", "must be one of coordinator, auditor, manager: the nearest is auditor"),
        (
            roles,
            "coordinator auditr",
            '"auditr" must be one of coordinator, auditor, manager: the nearest is auditor',
        ),
        (teams, " ; ", "must have at least 1 value"),
    ],
)
def test_a_cell_is_refused_with_a_reason(reader: Callable[[Cell], Any], cell: Cell, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        reader(cell)
    assert str(refused.value) == why


@given(st.text(min_size=1).filter(lambda written: written.strip()))
def test_whatever_is_typed_is_read_or_refused(written: str) -> None:
    for reader in (text(), prose(), day, whole_number(), yes_or_no, email, channel, roles, teams):
        try:
            value = reader(written)
        except Unreadable:
            continue
        assert value not in ("", ())


@given(st.text(min_size=1).filter(lambda written: written.strip()))
def test_text_that_was_read_once_reads_the_same_again(written: str) -> None:
    for reader in (text(longest=10_000), prose()):
        try:
            value = reader(written)
        except Unreadable:
            continue
        assert reader(value) == value

"""Writing csv, for Excel and for an import."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from app.files.writing import csv_pieces, without_guard


def test_values_are_written_as_import_reads_them() -> None:
    row = ["CP-001", None, True, False, date(2010, 11, 12), datetime(2010, 11, 12, 9, 30, tzinfo=UTC), 5, 0.8]
    content = b"".join(csv_pieces(["a", "b", "c", "d", "e", "f", "g", "h"], [row], for_excel=False))
    assert content == b"a,b,c,d,e,f,g,h\r\nCP-001,,yes,no,2010-11-12,2010-11-12T09:30:00+00:00,5,0.8\r\n"


@pytest.mark.parametrize(
    ("value", "exported", "downloaded"),
    [
        ("=1+1", "=1+1", "'=1+1"),
        ("+44 1270 000000", "+44 1270 000000", "'+44 1270 000000"),
        ("- not evidenced", "- not evidenced", "'- not evidenced"),
        ("@SUM(A1)", "@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "\t=1+1", "'\t=1+1"),
        ("\r=1+1", '"\r=1+1"', '"\'\r=1+1"'),
        (-5, "-5", "-5"),
        ("Zoë, 5", '"Zoë, 5"', '"Zoë, 5"'),
        ("a=b", "a=b", "a=b"),
    ],
)
def test_a_download_has_no_formula_and_an_export_keeps_every_character(
    value: str | int, exported: str, downloaded: str
) -> None:
    assert b"".join(csv_pieces(["a"], [[value]], for_excel=False)).decode() == f"a\r\n{exported}\r\n"
    assert b"".join(csv_pieces(["a"], [[value]], for_excel=True)).decode() == f"\ufeffa\r\n{downloaded}\r\n"


def test_a_large_file_is_written_while_its_rows_are_still_coming() -> None:
    taken = 0

    def rows() -> Iterator[list[str]]:
        nonlocal taken
        for number in range(100_000):
            taken = number
            yield [f"CP-{number:06}", "Crewe"]

    pieces = csv_pieces(["reference", "team"], rows(), for_excel=True)
    first = next(pieces)
    assert taken < 10_000
    assert first.startswith(b"\xef\xbb\xbfreference,team\r\nCP-000000,Crewe\r\n")
    whole = first + b"".join(pieces)
    assert whole.count(b"\r\n") == 100_001


@pytest.mark.parametrize(
    ("characters", "sizes"),
    # the heading takes 3, each end of a row 2: a piece is full at 64 kB
    [(65_531, [65_536, 3]), (65_530, [65_538, 0])],
)
def test_a_piece_goes_out_when_it_is_full(characters: int, sizes: list[int]) -> None:
    pieces = list(csv_pieces(["a"], [["x" * characters], ["y"]], for_excel=False))
    assert [len(piece) for piece in pieces] == sizes
    assert b"".join(pieces) == b"a\r\n" + b"x" * characters + b"\r\ny\r\n"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=1+1", "=1+1"),
        ("''=1+1", "'=1+1"),
        ("' =1+1", " =1+1"),
        ("'quoted'", "'quoted'"),  # no download put that there
        ("it's", "it's"),
        ("=1+1", "=1+1"),
        ("", ""),
    ],
)
def test_the_apostrophe_of_a_download_is_taken_away_again(cell: str, text: str) -> None:
    assert without_guard(cell) == text

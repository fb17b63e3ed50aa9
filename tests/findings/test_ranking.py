"""Key areas in order, ties left tied."""

from app.findings.figures import Counts, Minimum, Sample, figure
from app.findings.key_area import KeyArea
from app.findings.ranking import ranked


def an_area(name: str, met: int, not_met: int) -> KeyArea:
    return KeyArea(name, name, figure(Counts(met, not_met), Minimum(0.8, 10), Sample()), {})


def order(*areas: tuple[str, int, int]) -> list[tuple[str | None, str]]:
    return [(row.rank, row.area.name) for row in ranked([an_area(*area) for area in areas])]


def test_the_first_cycle_has_its_ties() -> None:
    assert order(
        ("core groups", 15, 10),
        ("parents", 13, 13),
        ("gatekeeping", 5, 4),
        ("care plan", 15, 10),
        ("child seen", 15, 10),
        ("complaints", 12, 13),
        ("involvement", 12, 13),
        ("supervision", 16, 7),
    ) == [
        ("1", "supervision"),
        ("2=", "core groups"),
        ("2=", "care plan"),
        ("2=", "child seen"),
        ("5", "parents"),
        ("6=", "complaints"),
        ("6=", "involvement"),
        (None, "gatekeeping"),
    ]


def test_only_the_same_fraction_is_a_tie() -> None:
    # 60% and 60%, rounded from 59.6 and 60.4; 3/5 and 6/10 are one
    assert order(("a", 31, 21), ("b", 29, 19), ("c", 12, 8), ("d", 30, 20)) == [
        ("1", "b"),
        ("2=", "c"),
        ("2=", "d"),
        ("4", "a"),
    ]


def test_nought_has_a_rank_and_no_figure_has_none() -> None:
    assert order(("none", 9, 0), ("nought", 0, 12)) == [("1", "nought"), (None, "none")]
    assert order() == []

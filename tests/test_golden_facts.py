"""The golden texts keep their numbers, dates, times, references and addresses when their words change."""

import pytest

from tests.golden_facts import facts, golden_texts, kept


def test_every_golden_text_has_its_facts_kept() -> None:
    assert list(golden_texts()) == list(kept())


@pytest.mark.parametrize("path", golden_texts())
def test_a_golden_text_has_the_facts_that_it_had(path: str) -> None:
    assert facts(golden_texts()[path]) == kept()[path]


def test_facts_are_found_whatever_the_words_around_them() -> None:
    text = (
        "CP-001: was due Friday 12 November 2010, 10 working days ago; call Ann Lee (01270 555 014) "
        "before 8:30am. 15 of 25 (60%), 41% to 77%; 2,600 cases. http://127.0.0.1:8000/audits/CP-001."
    )
    assert facts(text) == sorted(
        [
            "CP-001", "12 Nov 2010", "10", "01270", "555", "014", "8:30am", "15", "25", "60%", "41%", "77%",
            "2,600", "http://127.0.0.1:8000/audits/CP-001",
        ]
    )  # fmt: skip

"""The first cycle from its files gives what the council's report gave, and keeps giving it."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.audits.standing import standings
from app.commands import main
from app.cycles import queries
from app.database import db, transaction
from app.findings.freezing import findings_of
from app.findings.key_area import KeyArea
from app.findings.tallies import tallies
from app.people.closures import working_days
from tests.findings.conftest import FILES, Import, taken_in

PUBLISHED = tomllib.loads((FILES / "cycle.toml").read_text(encoding="utf-8"))["published"]
QUESTIONS = [name for name in PUBLISHED if name not in ("requested", "returned", "not_returned")]
LATER = date(2011, 3, 1)


def found(on: date = LATER) -> list[KeyArea]:
    db.session.rollback()
    cycle = queries.found("2010-1")
    assert cycle is not None
    return list(findings_of(cycle, on).areas)


def by_question(on: date = LATER) -> dict[str, KeyArea]:
    return {area.question: area for area in found(on)}


def test_the_figures_are_those_of_the_report_in_the_order_of_the_tool(first_cycle: None) -> None:
    given = {area.question: area.figure.percent or "no figure" for area in found()}
    assert list(given.items()) == [(question, PUBLISHED[question]) for question in QUESTIONS]
    assert list(given.values()) == [60, 50, "no figure", 60, 60, 48, 48, 70]


@pytest.mark.parametrize(
    ("question", "said", "interval"),
    [
        ("core_groups_quality", "15 of 25 (60%)", "41% to 77%"),
        ("parents_in_core_groups", "13 of 26 (50%)", "32% to 68%"),
        ("complaints_information", "12 of 25 (48%)", "30% to 67%"),
        ("supervision_notes", "16 of 23 (70%)", "49% to 84%"),
    ],
)
def test_a_figure_has_its_counts_and_its_interval(
    first_cycle: None, question: str, said: str, interval: str
) -> None:
    figure = by_question()[question].figure
    assert (str(figure), str(figure.interval)) == (said, interval)


@pytest.mark.parametrize(
    ("population", "interval", "told"),
    [(29, "60% to 77%", False), (28, "49% to 84%", True)],  # 29 audits, 23 answered
)
def test_a_population_of_fewer_cases_than_audits_is_told_and_narrows_no_range(
    first_cycle: None, population: int, interval: str, told: bool
) -> None:
    with transaction():
        cycle = queries.found("2010-1")
        assert cycle is not None
        cycle.selection, cycle.population = "random", population
    assert str(by_question()["supervision_notes"].figure.interval) == interval
    cycle = queries.found("2010-1")
    assert cycle is not None
    caution = f"29 audits were requested, but there were only {population} cases to choose from. One of these"
    assert any(said.startswith(caution) for said in findings_of(cycle, LATER).cautions) is told


def test_gatekeeping_has_counts_and_no_figure(first_cycle: None) -> None:
    figure = by_question()["gatekeeping"].figure
    assert figure.why_no_figure == "answered in 9 of 26 audits where it applied"
    assert (str(figure), figure.interval) == ("5 of 9", None)


def test_each_returned_audit_is_in_one_count_of_every_question(first_cycle: None) -> None:
    counts = [area.figure.counts for area in found()]
    assert {one.met + one.not_met + one.not_applicable + one.not_answered for one in counts} == {26}
    assert [one.not_applicable for one in counts] == [1, 0, 0, 0, 0, 1, 0, 0]
    assert [one.not_answered for one in counts] == [0, 0, 17, 1, 1, 0, 1, 3]


def test_answers_of_audits_that_are_not_returned_are_drafts_and_never_count(
    first_cycle: None, answers: Import
) -> None:
    before = found()
    taken_in(answers("CP-009,child_seen,yes,ICS,", "CP-017,child_seen,no,,", "CP-024,gatekeeping,yes,ICS,"))
    assert found() == before


def test_figures_of_an_earlier_day_are_of_what_was_back_by_then(first_cycle: None) -> None:
    counts = by_question(date(2010, 10, 14))["core_groups_quality"].figure.counts
    assert counts.audits == 4
    assert by_question(date(2010, 10, 1))["child_seen"].figure.why_no_figure == "no returned audit counts yet"


def test_small_counts_of_places_are_hidden_and_others_shown(first_cycle: None) -> None:
    areas = by_question()
    assert areas["core_groups_quality"].places == {"ICS": 12, "Paper file": 13}
    assert areas["gatekeeping"].places == dict.fromkeys(("ICS", "Paris", "Paper file"))
    # 1 in Paris: beside it as much is hidden as keeps it from being reckoned out
    assert areas["supervision_notes"].places == {"Paris": None, "Paper file": 9, "Supervision file": None}


def test_every_place_of_the_list_is_counted_for_every_question(first_cycle: None) -> None:
    cycle = queries.found("2010-1")
    assert cycle is not None
    told = tallies(cycle, standings(LATER, working_days()))
    assert told.places == ["ICS", "Paris", "Paper file", "Supervision file"]
    counts = {one.question: one for one in told.questions}
    assert counts["supervision_notes"].found_in == {
        "Paris": 1,
        "Paper file": 9,
        "Supervision file": 6,
    }


def test_the_place_of_an_answer_that_is_not_applicable_is_not_counted(
    first_cycle: None, answers: Import
) -> None:
    before = by_question()["complaints_information"].places
    taken_in(answers("CP-025,complaints_information,not applicable,ICS,"))
    assert by_question()["complaints_information"].places == before


def test_the_command_gives_the_same_as_one_document(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run(*words: object) -> str:
        answer = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
        assert answer.exit_code == 0, answer.stderr
        return answer.stdout

    run("import", "staff", FILES / "staff.csv")
    run("import", "tool", FILES / "tool.toml")
    run("import", "cycle", FILES / "cycle.toml")
    run("import", "audits", FILES / "audits.csv", "--cycle", "2010-1")
    assert ": 185 added, " in run("import", "answers", FILES / "answers.csv")
    assert ": 8 added, " in run("import", "context", FILES / "context.csv")
    told: dict[str, Any] = json.loads(run("findings", "2010-1", "--json"))
    for name in ("requested", "returned", "not_returned"):
        assert told[name] == PUBLISHED[name]
    areas = {area["question"]: area for area in told["areas"]}
    assert list(areas) == QUESTIONS
    assert areas["core_groups_quality"] == {
        "question": "core_groups_quality",
        "key_area": "Core groups held regularly and judged of good quality",
        "met": 15,
        "answered": 25,
        "not_applicable": 1,
        "not_answered": 0,
        "percent": 60,
        "low": 40.7,
        "high": 76.6,
        "why_no_figure": None,
        "locations": {"ICS": 12, "Paper file": 13},
        "kind": "grade",
        "responses": {"outstanding": 1, "good": 14, "adequate": 8, "inadequate": 2},
        "numbers": None,
        "level": None,
        "asked_in": None,
    }
    gatekeeping = areas["gatekeeping"]
    assert [gatekeeping[name] for name in ("percent", "low", "high")] == [None, None, None]
    assert gatekeeping["why_no_figure"] == "answered in 9 of 26 audits where it applied"
    words = run("findings", "2010-1")
    assert "evidence found in 13 of 26 (50%), 32% to 68%. Yes 13, no 13. 0 not applicable" in words
    assert "5 of 9, no figure (answered in 9 of 26 audits where it applied)" in words

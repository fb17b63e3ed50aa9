"""`practice-audits report`: the file is written whole, as its ending says, or nothing is."""

import csv
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app.commands import reporting
from tests.commands.conftest import Run
from tests.findings.conftest import FILES


@pytest.fixture
def first_cycle(run: Run) -> None:
    for what, file in (
        ("staff", "staff.csv"),
        ("tool", "tool.toml"),
        ("cycle", "cycle.toml"),
        ("answers", "answers.csv"),
    ):
        if what == "answers":
            assert run("import", "audits", FILES / "audits.csv", "--cycle", "2010-1").exit_code == 0
        assert run("import", what, FILES / file).exit_code == 0


def test_the_report_is_a_word_file(run: Run, first_cycle: None, tmp_path: Path) -> None:
    out = tmp_path / "report.docx"
    answer = run("report", "2010-1", "--out", out)
    assert (answer.exit_code, answer.stdout) == (0, f"{out} was written.\n")
    with zipfile.ZipFile(out) as word:
        assert b"26 of 29 (90%)" in word.read("word/document.xml")
    assert list(tmp_path.glob(".report*")) == []


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ("council", "3 audits were not returned: different reasons."),
        ("partnership", "for the partnership"),
        ("auditors", "Feedback to auditors"),
        ("staff", "What you can do"),
    ],
)
def test_there_is_one_for_each_reader(
    run: Run, first_cycle: None, tmp_path: Path, audience: str, said: str
) -> None:
    out = tmp_path / "report.HTML"
    assert run("report", "2010-1", "--for", audience, "--out", out).exit_code == 0
    assert said in out.read_text(encoding="utf-8")


def test_a_spreadsheet_has_the_figures_that_its_readers_may_see(
    run: Run, first_cycle: None, tmp_path: Path
) -> None:
    out = tmp_path / "figures.csv"
    assert run("report", "2010-1", "--out", out).exit_code == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["percent"] for row in rows] == ["60", "50", "", "60", "60", "48", "48", "70"]
    assert "place: ICS" in rows[0]
    assert run("report", "2010-1", "--for", "staff", "--out", out).exit_code == 0
    assert "ICS" not in out.read_text(encoding="utf-8")
    workbook = tmp_path / "figures.xlsx"
    assert run("report", "2010-1", "--for", "partnership", "--out", workbook).exit_code == 0
    assert list(CalamineWorkbook.from_path(str(workbook)).sheet_names) == [
        "Figures",
        "How many of each",
        "About",
    ]


@pytest.mark.parametrize("name", ["report.pdf", "report", "report.doc", ".docx"])
def test_another_ending_is_refused_in_a_sentence(
    run: Run, first_cycle: None, tmp_path: Path, name: str
) -> None:
    answer = run("report", "2010-1", "--out", tmp_path / name)
    assert answer.exit_code == 1
    assert answer.stderr == "The name of a report file must end in .docx, .html, .xlsx or .csv\n"
    assert not (tmp_path / name).exists()


def test_an_unknown_cycle_is_refused(run: Run, first_cycle: None, tmp_path: Path) -> None:
    answer = run("report", "2011-9", "--out", tmp_path / "report.docx")
    assert (answer.exit_code, answer.stderr) == (1, "There is no cycle 2011-9. The cycles are 2010-1.\n")


def test_a_folder_that_is_not_there_is_said(run: Run, first_cycle: None, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "report.html"
    answer = run("report", "2010-1", "--out", out)
    assert answer.exit_code == 1
    assert answer.stderr == f"{out} cannot be written: No such file or directory\n"


def test_what_was_there_stays_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "report.html"
    out.write_text("as it was")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        reporting.write_whole(out, b"new")
    assert out.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    "words", [["report", "2010-1"], ["report", "2010-1", "--for", "all", "--out", "r.docx"]]
)
def test_wrong_usage_is_told(run: Run, words: list[str]) -> None:
    assert run(*words).exit_code == 2


def test_the_report_of_a_date_is_for_the_meeting_of_that_date(
    run: Run, first_cycle: None, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    for out in (first, second):
        assert run("report", "2010-1", "--on", "2010-12-22", "--out", out).exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    assert "Date of this report" in first.read_text(encoding="utf-8")
    assert run("report", "2010-1", "--on", "5/11/2010", "--out", first).exit_code == 0
    assert "The cycle is still open on 5 November 2010" in first.read_text(encoding="utf-8")
    answer = run("report", "2010-1", "--on", "2010-02-30", "--out", second)
    assert answer.exit_code == 2
    assert "--on must be a real date" in answer.stderr


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (
            "2010-10-03",
            "Date must be on or after 4 October 2010, when the audits of cycle 2010-1 were requested",
        ),
        ("2089-01-01", "or earlier"),
    ],
)
def test_nothing_is_told_of_a_day_before_the_request_or_to_come(
    run: Run, first_cycle: None, tmp_path: Path, on: str, why: str
) -> None:
    out = tmp_path / "paper.html"
    for words in (("report", "2010-1", "--out", out), ("findings", "2010-1")):
        answer = run(*words, "--on", on)
        assert answer.exit_code == 1
        assert why in answer.stderr
    assert not out.exists()

"""`practice-audits summary`: all cycles that were reported in a period, as the ending of the file says."""

import zipfile
from pathlib import Path

import pytest

from tests.commands.conftest import Run

PACKED = {"docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml"}
"""The files inside the packed ones that have the sentences."""
QUARTER = ("--from", "2010-10-01", "--to", "2010-12-31")


@pytest.mark.parametrize("ending", ["docx", "html", "xlsx", "HTML"])
def test_the_example_is_summarised(run: Run, tmp_path: Path, ending: str) -> None:
    assert run("demo").exit_code == 0
    out = tmp_path / f"summary.{ending}"
    answer = run("summary", *QUARTER, "--out", out)
    assert (answer.exit_code, answer.stdout) == (0, f"{out} was written.\n")
    content = out.read_bytes()
    if ending in PACKED:
        with zipfile.ZipFile(out) as packed:
            content = packed.read(PACKED[ending])
    assert b"Audits returned: 26 of 29 (90%)." in content


def test_an_empty_period_is_a_summary_too(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "summary.html"
    assert run("summary", *QUARTER, "--out", out).exit_code == 0
    assert "No cycle was reported from 1 October to 31 December 2010" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (
            ("--from", "2010-12-31", "--to", "2010-10-01", "--out", "summary.html"),
            1,
            "The last date must be on or after the first date",
        ),
        ((*QUARTER, "--out", "summary.csv"), 1, "must end in .docx, .html or .xlsx"),
        ((*QUARTER, "--out", "no-folder/summary.html"), 1, "cannot be written"),
        (("--from", "2010-10-01", "--to", "2010-12-32", "--out", "s.html"), 2, "--to must be a real date"),
        (("--from", "2010-10-01", "--out", "s.html"), 2, "--to"),
    ],
)
def test_it_is_refused_with_a_sentence_and_writes_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], status: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    answer = run("summary", *words)
    assert (answer.exit_code, answer.stdout) == (status, "")
    assert said in answer.stderr
    assert set(tmp_path.iterdir()) == before

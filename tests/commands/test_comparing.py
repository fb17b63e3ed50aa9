"""`practice-audits compare` and `findings --on`: what the pages say, in words and as data."""

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.findings.conftest import FILES

PEOPLE = """email,name,team,roles
one@council.example,Ann One,Quality,auditor
two@council.example,Ben Two,Quality,auditor
"""
TOOL = """[tool]
reference = "medical"
title = "Medical"
version = 1
minimum_answered = 0.8
minimum_count = 10
[scales.found]
"yes" = "met"
"no" = "not met"
[[section]]
title = "All"
[[section.question]]
key = "consent"
key_area = "Consent"
text = "Was consent recorded?"
scale = "found"
"""
CYCLE = """[cycle]
reference = "{reference}"
title = "Year {reference}"
theme = "Medicals"
tool = "medical"
requested_on = {reference}-01-10
due_on = {reference}-12-20
closed_on = {reference}-12-20
{further}
"""


def a_year(folder: Path, reference: str, met: int, answered: int, further: str, first_case: int) -> None:
    """Write the files of a cycle in which so many of the audits answered the only question with yes."""
    (folder / f"cycle-{reference}.toml").write_text(CYCLE.format(reference=reference, further=further))
    with (folder / "audits.csv").open("a") as audits, (folder / "answers.csv").open("a") as answers:
        for number in range(answered):
            audits.write(
                f"Y{reference}-{number},C{first_case + number},Team A,one@council.example,"
                f"two@council.example,{reference}-12-01,{reference}\n"
            )
            answers.write(f"Y{reference}-{number},consent,{'yes' if number < met else 'no'}\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files with staff and a tool, and the headings of audits and answers."""
    made = tmp_path / "files"
    made.mkdir()
    (made / "staff.csv").write_text(PEOPLE)
    (made / "tool.toml").write_text(TOOL)
    (made / "audits.csv").write_text(
        "reference,case_reference,team,lead_auditor,second_auditor,returned_on,cycle\n"
    )
    (made / "answers.csv").write_text("audit_reference,question,response\n")
    return made


def test_an_exact_difference_in_words_and_as_data(run: Run, folder: Path) -> None:
    whole = 'selection = "whole population"'
    a_year(folder, "2005", 16, 58, whole, 1000)
    a_year(folder, "2012", 73, 75, f'{whole}\ncomparable_with = "2005"', 2000)
    assert run("import", "all", folder).exit_code == 0
    assert run("compare", "2012", "2005").stdout.splitlines() == [
        "2012, Year 2012, compared with 2005, Year 2005.",
        "No case was in both.",
        "Consent: 16 of 58 (28%), then 73 of 75 (97%). +70 points, every case counted in both.",
    ]
    assert json.loads(run("compare", "2012", "2005", "--json").stdout) == {
        "cycle": "2012",
        "earlier": "2005",
        "same_cases": 0,
        "areas": [
            {
                "question": "consent",
                "before": {"met": 16, "answered": 58, "percent": 28},
                "now": {"met": 73, "answered": 75, "percent": 97},
                "points": 70,
                "low": None,
                "high": None,
                "words": "+70 points, every case counted in both",
                "responses": {
                    "yes": {"before": 16, "now": 73, "points": 70, "low": None, "high": None},
                    "no": {"before": 42, "now": 2, "points": -70, "low": None, "high": None},
                },
            }
        ],
        "again": None,
    }


def test_a_difference_with_its_range_and_the_cases_in_both(run: Run, folder: Path) -> None:
    a_year(folder, "2010", 12, 25, 'selection = "random"', 1000)
    a_year(folder, "2011", 20, 25, 'selection = "random"\ncomparable_with = "2010"', 2000)
    a_year(folder, "2012", 20, 25, 'selection = "random"', 2020)
    assert run("import", "all", folder).exit_code == 0
    told = json.loads(run("compare", "2011", "2010", "--json").stdout)
    (area,) = told["areas"]
    assert (area["points"], area["low"], area["high"]) == (32, 5.4, 53.1)
    assert area["words"] == "+32 points (+5 to +53), likely real"
    told = json.loads(run("compare", "2012", "2011", "--json").stdout)
    (area,) = told["areas"]
    assert told["same_cases"] == 5
    assert (area["points"], area["low"], area["high"]) == (None, None, None)
    assert area["words"] == "Not comparable: not declared comparable."
    assert run("compare", "2012", "2011").stdout.splitlines()[1:] == [
        "Not comparable: not declared comparable.",
        "5 of the 25 cases were in both cycles.",
        "Consent: 20 of 25 (80%), then 20 of 25 (80%).",
    ]


def test_a_side_without_a_figure_has_both_counts_and_why(run: Run, folder: Path) -> None:
    a_year(folder, "2010", 5, 9, 'selection = "random"', 1000)
    a_year(folder, "2011", 20, 25, 'selection = "random"\ncomparable_with = "2010"', 2000)
    assert run("import", "all", folder).exit_code == 0
    said = "5 of 9, then 20 of 25 (80%); no figure in 2010 (answered in 9 of 9 audits where it applied)"
    assert f"Consent: {said}." in run("compare", "2011", "2010").stdout
    (area,) = json.loads(run("compare", "2011", "2010", "--json").stdout)["areas"]
    assert (area["words"], area["points"], area["before"]["percent"]) == (said, None, None)


def test_how_many_of_each_response_before_and_now(run: Run, folder: Path) -> None:
    tool = (folder / "tool.toml").read_text()
    (folder / "tool.toml").write_text(
        tool.replace(
            '"yes" = "met"\n"no" = "not met"', 'kind = "category"\nresponse = [{name = "yes"}, {name = "no"}]'
        )
        + '[[section.question]]\nkey = "wait"\nkey_area = "Wait"\ntext = "How long?"\nanswer = "number"\n'
        + 'unit = "days"\n'
    )
    a_year(folder, "2010", 12, 25, 'selection = "random"', 1000)
    a_year(folder, "2011", 20, 25, 'selection = "random"\ncomparable_with = "2010"', 2000)
    with (folder / "answers.csv").open("a") as answers:
        for year, first in (("2010", 1), ("2011", 11)):
            answers.writelines(f"Y{year}-{number},wait,{first + number}\n" for number in range(25))
    assert run("import", "all", folder).exit_code == 0
    consent, wait = json.loads(run("compare", "2011", "2010", "--json").stdout)["areas"]
    assert consent["before"] == {"met": None, "answered": 25, "percent": None}
    assert (consent["words"], consent["points"]) == ("only the responses are compared", None)
    assert consent["responses"] == {
        "yes": {"before": 12, "now": 20, "points": 32, "low": 5.4, "high": 53.1},
        "no": {"before": 13, "now": 5, "points": -32, "low": -53.1, "high": -5.4},
    }
    assert wait["words"] == (
        "25 answers, median 13 days, middle half from 7 to 19 days in 2010; "
        "25 answers, median 23 days, middle half from 17 to 29 days in 2011"
    )
    said = run("compare", "2011", "2010").stdout
    assert "Consent: answered 25 times, then answered 25 times. Only the responses are compared." in said
    assert "  yes: 12 of 25 (48%), then 20 of 25 (80%). +32 points (+5 to +53), likely real." in said
    assert f"Wait: answered 25 times, then answered 25 times. {wait['words']}." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("2010", "2011"), "There is no cycle 2011 before 2010. It is the first cycle."),
        (("2011", "2011"), "There is no cycle 2011 before 2011. The earlier cycles are 2010."),
        (("2011", "1999"), "There is no cycle 1999 before 2011. The earlier cycles are 2010."),
        (("2010", "1999"), "There is no cycle 1999. The cycles are 2011, 2010."),
        (("1999", "2010"), "There is no cycle 1999. The cycles are 2011, 2010."),
    ],
)
def test_what_is_no_earlier_cycle_is_refused(
    run: Run, folder: Path, words: tuple[str, str], said: str
) -> None:
    for year in ("2010", "2011"):
        a_year(folder, year, 20, 25, "", int(year) * 100)
    assert run("import", "all", folder).exit_code == 0
    answer = run("compare", *words)
    assert (answer.exit_code, answer.stdout, answer.stderr.strip()) == (1, "", said)


def test_findings_of_an_earlier_date(run: Run) -> None:
    for what, file in (("staff", "staff.csv"), ("tool", "tool.toml"), ("cycle", "cycle.toml")):
        assert run("import", what, FILES / file).exit_code == 0
    assert run("import", "audits", FILES / "audits.csv", "--cycle", "2010-1").exit_code == 0
    told = json.loads(run("findings", "2010-1", "--on", "2010-10-14", "--json").stdout)
    assert (told["returned"], told["open"], told["cases"], told["no_interval_because"]) == (4, 25, 4, None)
    told = json.loads(run("findings", "2010-1", "--json").stdout)
    assert (told["returned"], told["open"], told["cases"]) == (26, 0, 26)
    assert "4 of 29 (14%) returned." in run("findings", "2010-1", "--on", "14/10/2010").stdout
    assert run("findings", "2010-1", "--on", "2010-02-30").exit_code == 2

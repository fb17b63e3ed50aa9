"""A folder of files that somebody wrote, such as the first cycle's."""

import json
import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audits.cycle import Cycle
from app.database import db
from app.example.loading import FIRST_CYCLE
from app.findings.models import Snapshot
from app.installation.emptiness import is_empty

from .conftest import Installation, New


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the first cycle's files, for the test to change."""
    shutil.copytree(FIRST_CYCLE, tmp_path / "files")
    return tmp_path / "files"


def replace(path: Path, before: str, after: str) -> None:
    """Write something else in one place."""
    content = path.read_text(encoding="utf-8")
    assert before in content
    path.write_text(content.replace(before, after, 1), encoding="utf-8")


def test_the_first_cycle_is_taken_in_whole_and_frozen(new: New) -> None:
    copy = new()
    said = copy.done("import", "all", FIRST_CYCLE).splitlines()
    assert said == [
        "staff.csv: 38 people: 38 added, 0 changed, 0 unchanged.",
        "leave.csv: 2 periods of leave: 2 added, 0 changed, 0 unchanged.",
        "tool.toml: 1 tool: 1 added, 0 changed, 0 unchanged.",
        "cycle.toml: 1 cycle: 1 added, 0 changed, 0 unchanged.",
        "audits.csv: 29 audits: 29 added, 0 changed, 0 unchanged.",
        "answers.csv: 185 answers: 185 added, 0 changed, 0 unchanged.",
        "context.csv: 8 context notes: 8 added, 0 changed, 0 unchanged.",
        "chases.csv: 6 chases: 6 added, 0 changed, 0 unchanged.",
        "recommendations.csv: 6 recommendations: 6 added, 0 changed, 0 unchanged.",
        "actions.csv: 7 actions: 7 added, 0 changed, 0 unchanged.",
        "quick_wins.csv: 2 quick wins: 2 added, 0 changed, 0 unchanged.",
    ]
    found = json.loads(copy.done("findings", "2010-1", "--json"))
    assert [area["percent"] for area in found["areas"]] == [60, 50, None, 60, 60, 48, 48, 70]
    with copy.opened():
        cycle = db.session.scalars(select(Cycle)).one()
        assert cycle.frozen_on is not None
        assert db.session.get(Snapshot, cycle.id) is not None


def test_what_is_to_check_in_a_folder_is_told_beside_what_was_done(new: New, folder: Path) -> None:
    with (folder / "staff.csv").open("a", encoding="utf-8") as file:
        file.write("j.denny@council.example,Jack Denny,,,,\n")
    result = new().run("import", "all", folder, "--dry-run")
    assert result.exit_code == 0
    assert "things to check" in result.stderr
    assert "\n  j.denny@council.example is a new email address, but there is already a Jack" in result.stderr
    assert result.stdout.splitlines()[0] == "staff.csv: 39 people: 39 added, 0 changed, 0 unchanged."


def test_the_files_of_an_export_alone_give_the_same_findings(
    example: Installation, exported: Path, new: New, tmp_path: Path
) -> None:
    shutil.copytree(exported, tmp_path / "files", ignore=shutil.ignore_patterns("kept"))
    copy = new()
    copy.done("import", "all", tmp_path / "files")
    assert copy.done("findings", "2010-1", "--json") == example.done("findings", "2010-1", "--json")
    here, there = (json.loads(one.done("findings", "2026-1", "--json")) for one in (copy, example))
    # that an audit was exempted, and what a moderator changed, stands in the folder kept alone
    counted = ("requested", "returned", "after_cut_off", "withdrawn")
    assert [here[name] for name in counted] == [there[name] for name in counted]


ONE_AUDITOR = {
    "staff.csv": """email,name,team,roles
co@council.example,Casey Ordinator,Quality,coordinator
a1@council.example,Ann One,Quality,auditor
a2@council.example,Ben Two,Quality,auditor
""",
    "tool.toml": """[tool]
reference = "t"
title = "T"
version = 1
minimum_answered = 0.8
minimum_count = 1
[scales.yn]
"yes" = "met"
"no" = "not met"
[[section]]
title = "S"
[[section.question]]
key = "q1"
key_area = "Q1"
text = "Q1?"
scale = "yn"
""",
    "cycle.toml": """[cycle]
auditors = 1
reference = "one"
title = "One"
theme = "x"
tool = "t"
requested_on = 2024-01-08
due_on = 2024-02-09
closed_on = 2024-02-16
""",
    "audits.csv": """reference,case_reference,team,lead_auditor,returned_on
A-1,111111,Team A,a1@council.example,2024-02-01
A-2,111112,Team B,a2@council.example,2024-02-01
A-3,111113,Team B,a2@council.example,2024-02-01
""",
    "answers.csv": "audit_reference,question,response\nA-1,q1,yes\nA-2,q1,no\nA-3,q1,yes\n",
}


def test_a_folder_of_audits_with_one_auditor_each_is_taken_in_and_reported(new: New, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    for name, content in ONE_AUDITOR.items():
        (tmp_path / "one" / name).write_text(content, encoding="utf-8")
    copy = new()
    copy.done("import", "all", tmp_path / "one")
    found = json.loads(copy.done("findings", "one", "--json"))
    assert (found["requested"], found["returned"]) == (3, 3)
    assert [(area["met"], area["answered"]) for area in found["areas"]] == [(2, 3)]
    for audience in ("council", "partnership", "auditors", "staff"):
        copy.done("report", "one", "--for", audience, "--out", tmp_path / "report.html")
        page = re.sub(
            r"<style.*?</style>", "", (tmp_path / "report.html").read_text("utf-8"), flags=re.DOTALL
        )
        assert not re.search(r"\bsecond\b|\bboth\b|\bpairs?\b|only one auditor|confirm", page, re.IGNORECASE)
    for on in ("2024-02-02", "2024-02-09", "2024-02-13"):
        run = json.loads(copy.done("remind", "--on", on, "--no-deliver", "--json"))
        assert [message["items"] for message in run["messages"] if message["kind"] != "weekly"] == []


RAISED_IN_NO_MONTH = (
    'recommendations.csv: row 2, column raised_on, "2010-22-12": must be a real date: put the day before '
    "the month"
)


def test_every_fault_of_every_file_is_said_and_nothing_is_changed(folder: Path, new: New) -> None:
    replace(folder / "leave.csv", "2011-02-22", "2011-02-02")
    replace(folder / "audits.csv", "2010-11-12", "2010-02-30")
    replace(folder / "answers.csv", "parents_in_core_groups", "parents_in_core_group")
    replace(folder / "recommendations.csv", "2010-12-22", "2010-22-12")
    copy = new()
    said = copy.refused("import", "all", folder)
    assert said == [
        'leave.csv: row 3, column to_on, "2011-02-02": must not be before from_on, which is 2011-02-14',
        'audits.csv: row 2, column due_on, "2010-02-30": must be a real date',
        "answers.csv: what it takes from audits.csv can be checked when that file has no errors",
        "context.csv: what it takes from audits.csv can be checked when that file has no errors",
        "chases.csv: what it takes from audits.csv can be checked when that file has no errors",
        RAISED_IN_NO_MONTH,
        "actions.csv: what it takes from recommendations.csv can be checked when that file has no errors",
        "quick_wins.csv: what it takes from actions.csv can be checked when that file has no errors",
    ]
    with copy.opened():
        assert is_empty()


def test_a_fault_in_the_first_file_does_not_bury_the_others(folder: Path, new: New) -> None:
    replace(folder / "staff.csv", "Ingrid Solomon", "")
    replace(folder / "tool.toml", "minimum_count = 10", "minimum_count = ten")
    replace(folder / "quick_wins.csv", "2011-01-17,5,6", "2011-01-17,0,6")
    said = new().refused("import", "all", folder)
    assert [line for line in said if "can be checked when" not in line] == [
        "staff.csv: row 3, column name: must not be empty",
        "tool.toml: line 9 is not TOML: invalid value",
        'quick_wins.csv: row 2, column every_working_days, "0": must be from 1 to 260',
    ]


def test_audits_that_name_no_cycle_belong_to_the_only_one_and_to_none_of_two(folder: Path, new: New) -> None:
    text = (folder / "cycle.toml").read_text(encoding="utf-8")
    (folder / "cycle-2.toml").write_text(text.replace('"2010-1"', '"2010-2"'), encoding="utf-8")
    said = new().refused("import", "all", folder)
    assert said[0] == "audits.csv: no cycle is given: use --cycle or a column cycle"


def test_cycles_are_taken_in_before_those_that_are_compared_with_them(folder: Path, new: New) -> None:
    later = (
        '[cycle]\nreference = "2011-1"\ntitle = "Second"\ntheme = "Post 16"\ntool = "child-protection"\n'
        'requested_on = 2011-01-10\ndue_on = 2011-02-11\ncomparable_with = "2010-1"\n'
    )
    (folder / "cycle-0.toml").write_text(later, encoding="utf-8")
    (folder / "audits.csv").unlink()
    for name in ("answers", "context", "chases"):
        (folder / f"{name}.csv").unlink()
    copy = new()
    copy.done("import", "all", folder)
    with copy.opened():
        frozen = dict(db.session.execute(select(Cycle.reference, Cycle.frozen_on.is_not(None))).all())
    assert frozen == {"2010-1": True, "2011-1": False}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("audit.csv", "audit.csv: is not a file that import all reads: the nearest is audits"),
        ("staff.xlsx", "staff.xlsx: is in the folder twice, also as staff.csv"),
        ("council.toml", "council.toml: is not a file that import all reads: choose from staff, leave,"),
    ],
)
def test_a_file_that_would_be_left_out_is_a_fault(name: str, said: str, folder: Path, new: New) -> None:
    (folder / name).write_text("reference\n", encoding="utf-8")
    assert new().refused("import", "all", folder)[0].startswith(said)


def test_other_files_are_let_be(folder: Path, new: New) -> None:
    (folder / "README.txt").write_text("Our first cycle.", encoding="utf-8")
    assert "29 added" in new().done("import", "all", folder)


def test_a_folder_without_such_files_or_none_at_all_is_refused(new: New, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    [said] = new().refused("import", "all", tmp_path / "nothing")
    assert "has no file to import. It can have staff, leave, closures" in said
    assert new("other").refused("import", "all", tmp_path / "nowhere") == [
        f"{tmp_path / 'nowhere'} is not a folder"
    ]


def test_a_dry_run_says_what_would_be_added_and_changes_nothing(folder: Path, new: New) -> None:
    copy = new()
    said = copy.done("import", "all", folder, "--dry-run")
    assert "audits.csv: 29 audits: 29 added" in said
    assert "This was only a check, so nothing was changed." in said
    with copy.opened():
        assert is_empty()

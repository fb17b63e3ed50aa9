"""The words and the exit code of each command: 0 done, 1 refused, 2 wrong usage."""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest
from flask import Flask
from xlsxwriter import Workbook

from app.commands import COMMANDS, main
from app.database import db
from app.history.models import HistoryRow
from app.imports.kinds import KINDS
from config.settings import PROJECT
from tests.conftest import settings_in
from tests.history.tampered import drop_triggers

from .conftest import Run

FIRST_CYCLE = PROJECT / "app" / "example" / "first-cycle"


def all_commands(group: click.Group, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return every command below the group, as the words that call it."""
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.append((*words, name))
        if isinstance(command, click.Group):
            found += all_commands(command, (*words, name))
    return found


@pytest.fixture
def first_cycle(run: Run) -> Run:
    """The first cycle's staff, leave, tool, cycle and audits, taken in by the command."""
    for what in ("staff", "leave"):
        assert run("import", what, FIRST_CYCLE / f"{what}.csv").exit_code == 0
    for what in ("tool", "cycle"):
        assert run("import", what, FIRST_CYCLE / f"{what}.toml").exit_code == 0
    assert run("import", "audits", FIRST_CYCLE / "audits.csv", "--cycle", "2010-1").exit_code == 0
    return run


@pytest.mark.parametrize("words", all_commands(main), ids=" ".join)
def test_every_command_has_help_with_an_example(run: Run, words: tuple[str, ...]) -> None:
    answer = run(*words, "--help")
    assert answer.exit_code == 0
    assert f"Example:\n    practice-audits {' '.join(words)}" in answer.stdout


def test_the_list_of_commands_names_them_all(run: Run) -> None:
    told = run("--help").stdout
    assert all(name in told for name in COMMANDS)


def test_an_import_says_which_names_are_new(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("email,name,team\na@council.example,Ann,Crewe\n")
    assert run("import", "staff", file).stderr == "staff.csv: 1 thing to check\n  New team: Crewe.\n"
    file.write_text("email,name,team\nb@council.example,Ben,CREWE\nc@council.example,Cy,Crew\n")
    for words in (["--dry-run"], []):
        assert run("import", "staff", file, *words).stderr.splitlines() == [
            "staff.csv: 1 thing to check",
            "  New team: Crew. The nearest in the list is Crewe.",
        ]


def test_a_cycle_is_named_in_any_letter_case(first_cycle: Run, tmp_path: Path) -> None:
    file = tmp_path / "cycle.toml"
    text = (FIRST_CYCLE / "cycle.toml").read_text().replace('reference = "2010-1"', 'reference = "Autumn-1"')
    file.write_text(text)
    assert first_cycle("import", "cycle", file).exit_code == 0
    assert first_cycle("findings", "autumn-1").stdout == first_cycle("findings", "AUTUMN-1").stdout
    audits = tmp_path / "audits.csv"
    audits.write_text("reference,case_reference,team\nX-1,1234,Crewe\n")
    assert first_cycle("import", "audits", audits, "--cycle", "aUTUMN-1").exit_code == 0


def test_import_all_names_the_files_of_every_kind_in_their_order(run: Run) -> None:
    named = run("import", "all", "--help").stdout.partition("The folder can have")[2]
    places = [named.index(kind.stem) for kind in KINDS]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "words", [("nonsense",), ("import", "audits"), ("remind", "--on", "2010-02-30"), ("user",)]
)
def test_wrong_usage_ends_with_2(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


@pytest.mark.parametrize("written", ["2010-13-01", "2010-02-30", "soon", "5/11/10", "1899-12-31"])
def test_a_date_that_is_none_is_refused_by_the_name_of_its_option(run: Run, written: str) -> None:
    answer = run("remind", "--on", written)
    assert answer.stderr.splitlines()[-1] == "Error: --on must be a real date, such as 2010-11-05"


def test_the_first_cycle_by_command_has_29_requested_26_returned_3_not(first_cycle: Run) -> None:
    told = json.loads(first_cycle("findings", "2010-1", "--json").stdout)
    without_answers = {area["why_no_figure"] for area in told.pop("areas")}
    assert without_answers == {"answered in 0 of 26 audits where it applied"}
    assert told == {
        "cycle": "2010-1",
        "requested": 29,
        "returned": 26,
        "not_returned": 3,
        "after_cut_off": 0,
        "withdrawn": 0,
        "open": 0,
        "overall": None,
        "cases": 26,
        "no_interval_because": None,
        "above_limit": 0,
        "responses_called_for": 0,
        "responses_in_time": 0,
        "agencies": None,
    }
    assert "29 requested, 26 returned, 3 not returned" in first_cycle("findings", "2010-1").stdout


def test_the_first_run_ever_on_5_november_2010_writes_7_digests_with_8_items(first_cycle: Run) -> None:
    answer = first_cycle("remind", "--on", "2010-11-05", "--json")
    told = json.loads(answer.stdout)
    digests = [message for message in told["messages"] if message["kind"] == "digest"]
    items = [(item["item"], item["step"]) for message in digests for item in message["items"]]
    assert len(digests) == 7
    assert sorted(items) == [(f"CP-{n:03}", "due-soon") for n in (9, 9, 14, 14, 17, 17, 24, 24)]
    two = [len(digest["items"]) for digest in digests if digest["to"] == "katarzyna.wilk@council.example"]
    assert two == [2]
    assert told["delivery"]["sent"] == 0
    assert told["delivery"]["held"] == len(told["messages"])
    again = json.loads(first_cycle("remind", "--on", "2010-11-05", "--json").stdout)
    assert again["messages"] == []


def test_a_run_is_told_in_the_words_of_the_pages(first_cycle: Run) -> None:
    told = first_cycle("remind", "--on", "2010-11-05", "--dry-run").stdout.splitlines()
    assert sum(line.startswith("katarzyna.wilk@council.example, daily email: ") for line in told) == 1
    assert "  CP-009: due in 5 working days (due Friday 12 November 2010)" in told
    assert told[-1].endswith(" emails would be written for 5 November 2010.")
    assert first_cycle("remind", "--on", "2010-11-06").stdout.splitlines() == [
        "6 November 2010 is not a working day, so no emails are written.",
        (
            "0 emails were sent, 0 could not be delivered and 0 were no longer needed. "
            "0 emails are waiting to be sent and 0 are on hold."
        ),
    ]


def test_a_dry_run_of_the_day_writes_nothing(first_cycle: Run) -> None:
    told = json.loads(first_cycle("remind", "--on", "2010-11-05", "--dry-run", "--json").stdout)
    assert len(told["messages"]) > 0
    assert told["delivery"]["queued"] == 0
    assert json.loads(first_cycle("deliver", "--json").stdout)["delivery"]["held"] == 0


def test_what_is_not_delivered_stays_queued(first_cycle: Run) -> None:
    told = json.loads(first_cycle("remind", "--on", "2010-11-05", "--no-deliver", "--json").stdout)
    assert told["delivery"]["sent"] == 0
    assert told["delivery"]["queued"] == len(told["messages"])
    held = json.loads(first_cycle("deliver", "--on", "2010-11-05", "--json").stdout)["delivery"]["held"]
    assert held == len(told["messages"])


def test_every_fault_of_a_file_stands_on_a_line_of_standard_error(first_cycle: Run, tmp_path: Path) -> None:
    path = tmp_path / "audits.csv"
    path.write_text("reference,case_reference,team,due_on\nA,1,Crewe,soon\nB,2,Crewe,2010-02-30\n")
    answer = first_cycle("import", "audits", path, "--cycle", "2010-1")
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr.splitlines() == [
        'audits.csv: row 2, column due_on, "soon": must be a date, such as 2010-11-12 or 12/11/2010',
        'audits.csv: row 3, column due_on, "2010-02-30": must be a real date',
    ]


def test_an_import_says_what_it_did(first_cycle: Run) -> None:
    answer = first_cycle("import", "audits", FIRST_CYCLE / "audits.csv", "--cycle", "2010-1")
    assert answer.stdout == "audits.csv: 29 audits: 0 added, 0 changed, 29 unchanged.\n"
    answer = first_cycle("import", "chases", FIRST_CYCLE / "chases.csv", "--dry-run")
    assert "6 added" in answer.stdout
    assert "This was only a check, so nothing was changed." in answer.stdout
    assert "6 added" in first_cycle("import", "chases", FIRST_CYCLE / "chases.csv").stdout


def test_what_is_to_check_stands_on_standard_error(first_cycle: Run, tmp_path: Path) -> None:
    path = tmp_path / "closures.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["day", "2010-12-24", "2010-12-29"])
        sheet.set_row(2, None, None, {"hidden": True})
    for words in (("--dry-run",), ()):
        answer = first_cycle("import", "closures", path, *words)
        assert answer.exit_code == 0
        assert answer.stdout.startswith("closures.xlsx: 2 closure days: 2 added, 0 changed, 0 unchanged.")
        assert answer.stderr.splitlines() == [
            "closures.xlsx: 1 thing to check",
            "  1 row is hidden in the spreadsheet, for example by a filter. It is imported too.",
        ]


def test_of_many_things_to_check_the_first_are_printed(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    path.write_text("email,name\n" + "".join(f"p{number}@council.example,Ben Lee\n" for number in range(103)))
    answer = run("import", "staff", path)
    lines = answer.stderr.splitlines()
    first = lines.index("staff.csv: 102 things to check")
    assert (len(lines) - first, lines[-1]) == (102, "  and 2 more")
    assert (answer.exit_code, answer.stdout) == (
        0,
        "staff.csv: 103 people: 103 added, 0 changed, 0 unchanged.\n",
    )


def test_somebody_in_their_own_line_of_management_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    path.write_text("email,name,line_manager_email\na@c.example,A,b@c.example\nb@c.example,B,a@c.example\n")
    answer = run("import", "staff", path)
    assert answer.exit_code == 1
    assert "column line_manager_email" in answer.stderr


def test_a_cycle_that_is_not_there_is_refused_with_those_that_are(first_cycle: Run) -> None:
    answer = first_cycle("findings", "2010-2")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == "There is no cycle 2010-2. The cycles are 2010-1.\n"


def test_an_imported_person_is_given_access_and_keeps_their_roles(first_cycle: Run) -> None:
    words = ["user", "create", "--email", "jack.denny@council.example", "--name", "Jack Denny"]
    answer = first_cycle(
        *words, "--role", "administrator", "--password-stdin", typed="a password that is long\n"
    )
    assert answer.stdout == "jack.denny@council.example can now sign in. Roles: administrator, coordinator.\n"


@pytest.mark.parametrize(
    ("email", "role", "password", "why"),
    [
        ("jack.denny", "auditor", "a password that is long", "must be an email address"),
        ("j@council.example", "auditr", "a password that is long", "The nearest is auditor."),
        ("j@council.example", "auditor", "short", "must be 12 characters or more"),
    ],
)
def test_access_is_refused_with_a_sentence(run: Run, email: str, role: str, password: str, why: str) -> None:
    words = ["user", "create", "--email", email, "--name", "J", "--role", role, "--password-stdin"]
    answer = run(*words, typed=password + "\n")
    assert answer.exit_code == 1
    assert why in answer.stderr


def test_a_setting_that_cannot_be_used_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIME_ZONE", "Europe/Crewe")
    answer = run("migrate")
    assert answer.exit_code == 1
    assert answer.stderr.startswith("TIME_ZONE must be a known time zone")


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.sqlite")
    answer = run("migrate")
    assert answer.exit_code == 1
    assert answer.stderr.startswith("The database cannot be reached")


def looked(answer_text: str) -> dict[str, bool]:
    return {one["name"]: one["ok"] for one in json.loads(answer_text)["checks"]}


def test_check_says_that_no_scheduler_runs_and_no_coordinator_can_sign_in(run: Run) -> None:
    answer = run("check", "--json")
    assert answer.exit_code == 1
    assert looked(answer.stdout) == {
        "database": True,
        "history": True,
        "case numbers": True,
        "mail server": True,
        "scheduler": False,
        "time zone data": True,
        "coordinator": False,
    }
    words = ["--email", "jack.denny@council.example", "--name", "Jack Denny", "--role", "coordinator"]
    run("user", "create", *words, "--password-stdin", typed="a password that is long\n")
    assert looked(run("check", "--json").stdout)["coordinator"]


def test_check_finds_a_row_of_the_history_that_was_edited(first_cycle: Run, installation: Path) -> None:
    from app import create_app

    app: Flask = create_app(settings_in(installation))
    with app.app_context():
        drop_triggers(db.session.connection())
        db.session.execute(db.update(HistoryRow).where(HistoryRow.id == 50).values(who="somebody else"))
        db.session.commit()
        db.engine.dispose()
    answer = first_cycle("check", "--json")
    assert not looked(answer.stdout)["history"]
    assert "history: Row 50 was changed" in answer.stderr
    plain = first_cycle("check")
    assert plain.exit_code == 1
    assert (plain.stdout + plain.stderr).count("Row 50 was changed") == 1
    assert "ERROR  history: Row 50 was changed" in plain.stderr
    put_back = first_cycle("migrate").stdout
    assert "Put back: history_refuses_update.\nPut back: history_refuses_delete.\n" in put_back
    assert "Put back" not in first_cycle("migrate").stdout


def test_check_finds_a_mail_server_that_is_not_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_SERVER", "127.0.0.1")
    monkeypatch.setenv("MAIL_PORT", "9")
    assert not looked(run("check", "--json").stdout)["mail server"]


def test_a_fresh_installation_is_brought_up_by_any_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path / "fresh"))
    program = Path(sys.executable).parent / "practice-audits"
    answer = subprocess.run([program, "remind", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout)["messages"] == []


AS_IT_IS = [("check",), ("backup", "all.backup"), ("export", "all")]
"""The commands that change nothing, also not the version of the database."""


@pytest.mark.parametrize("words", AS_IT_IS, ids=[words[0] for words in AS_IT_IS])
@pytest.mark.parametrize(
    ("version", "said"),
    [
        (None, "The database is empty. To set it up, run: "),
        ("0001", "The database has version 0001, and this version of the service needs "),
        ("9999", "The database has version 9999, which this version of the service does not know. "),
    ],
    ids=["empty", "earlier", "later"],
)
def test_what_changes_nothing_does_not_update_the_database(
    run: Run, installation: Path, tmp_path: Path, version: str | None, said: str, words: tuple[str, ...]
) -> None:
    file = installation / "practice-audits.sqlite"
    file.unlink()
    if version is not None:
        with closing(sqlite3.connect(file)) as database:
            database.execute("create table alembic_version (version_num varchar(32) primary key)")
            database.execute("insert into alembic_version values (?)", (version,))
            database.commit()
    name, *files = words
    answer = run(name, *(tmp_path / each for each in files))
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr.startswith(said)
    assert not [each for each in files if (tmp_path / each).exists()]
    with closing(sqlite3.connect(file)) as database:
        tables = database.execute("select name from sqlite_master where type = 'table'").fetchall()
    assert tables == ([("alembic_version",)] if version else [])


def test_help_loads_neither_the_web_nor_the_database() -> None:
    shows_help = "from app.commands import main; main(['--help'], standalone_mode=False)"
    loaded = "import sys; print(sorted({'flask', 'sqlalchemy', 'alembic'} & set(sys.modules)))"
    answer = subprocess.run(
        [sys.executable, "-c", f"{shows_help}; {loaded}"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "[]"


def test_check_compares_an_earlier_head_with_the_history(first_cycle: Run, installation: Path) -> None:
    checks = json.loads(first_cycle("check", "--json").stdout)["checks"]
    [said] = [each["says"] for each in checks if each["name"] == "history"]
    head = said.removeprefix("No row was changed or removed: ")
    assert re.fullmatch(r"\d+ rows, [0-9a-f]{4}( [0-9a-f]{4}){3}", head)
    assert looked(first_cycle("check", "--json", "--head", head).stdout)["history"]
    rows = int(head.split()[0])
    answer = first_cycle("check", "--json", "--head", head.replace(str(rows), f"{rows + 1:,}", 1))
    assert f"history: The rows from row {rows + 1} on were removed" in answer.stderr
    answer = first_cycle("check", "--json", "--head", head.replace(str(rows), str(rows - 1), 1))
    assert f"history: The rows up to row {rows - 1} are not those of before" in answer.stderr
    # a line that is not right is told to whoever typed it, and to nobody else
    assert looked(first_cycle("check", "--json").stdout)["history"]
    with sqlite3.connect(installation / "practice-audits.sqlite") as database:
        assert database.execute("select count(*) from history_checks where why is not null").fetchone() == (
            0,
        )
        assert database.execute("select count(*) from messages where kind like '%history%'").fetchone() == (
            0,
        )
    for wrong in ("1234", "rows 3f9c", "12 rows, 3f"):
        answer = first_cycle("check", "--head", wrong)
        assert answer.exit_code == 2
        assert "--head must be a line of the weekly summary" in answer.stderr


def test_nothing_but_check_starts_with_a_key_that_does_not_fit(
    first_cycle: Run, installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looked(first_cycle("check", "--json").stdout)["history"]
    with monkeypatch.context() as patched:
        patched.setenv("HISTORY_KEY", "the history key of another installation")
        answer = first_cycle("remind", "--no-deliver")
        assert answer.exit_code == 1
        assert answer.stderr.startswith("The key does not fit this history. Set HISTORY_KEY to the key")
        answer = first_cycle("check", "--json")
        assert "history: The key does not fit this history." in answer.stderr
        with sqlite3.connect(installation / "practice-audits.sqlite") as database:
            of_emails = "select count(*) from messages where kind like '%history%'"
            assert database.execute(of_emails).fetchone() == (0,)
    # a slip of whoever runs it leaves nothing that accuses anybody
    assert looked(first_cycle("check", "--json").stdout)["history"]

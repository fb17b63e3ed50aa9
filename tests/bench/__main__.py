"""`python -m tests.bench`: measures the service on 1,000, 10,000 and 100,000 open audits, the findings of a
cycle of 5,000 returned ones, the reports of one of 500, moving 100,000 audits from one installation to
another, and refusing files that mean harm; prints tables, and writes them into `docs/benchmarks.md`.

    python -m tests.bench [--open 1000000]

With another number of open audits only what grows with it is measured, and its tables have a part of the
document to themselves. A number below the usual one is a trial, and only printed.

Everything is measured in processes of its own, so that nothing of one measurement is left in another's memory
(and so this one stays small: a process starts with its parent's peak). Asserts nothing.
"""

import argparse
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from tests.bench.installation import DATABASE_URL
from tests.bench.serving import Answers, load, service, sign_in

USUAL = 100_000
"""The open audits of which everything is measured."""
DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
PLAIN_MESSAGES = 2_000
SECONDS_OF_LOAD = 4
SECONDS_UNTIL_AT_REST = 3
DATABASE = "practice-audits.sqlite"
LARGEST = "largest"
"""The folder of the largest installation, as it was made."""
SMALL = 1_000
"""The fewest open audits that are measured."""
FINDINGS = "/cycles/bench/findings"
LIST = "/audits"

Measured = dict[str, float]


def main() -> None:
    """Measure, print the tables and write them down."""
    arguments = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the service.")
    arguments.add_argument("--open", type=int, default=USUAL, help="open audits of the largest installation")
    largest: int = max(SMALL, arguments.parse_args().open)
    sizes = tuple(dict.fromkeys(max(SMALL, largest // part) for part in (100, 10, 1)))
    began = time.perf_counter()
    on = _working_day(date.today())  # noqa: DTZ011  it need not be the council's day
    said = io.StringIO()
    with tempfile.TemporaryDirectory(prefix="practice-audits-bench-") as temporary:
        folder = Path(temporary)
        columns = [_measure(folder, audits, on, keep=audits == largest) for audits in sizes]
        pages = {name: _pages(folder, name, largest, on) for name in ("SQLite", "PostgreSQL")}
        rest = _all_else(folder, largest, on) if largest <= USUAL else ""
        with redirect_stdout(said):
            _print_table(columns, sizes)
            print(rest, end="")
            _print_pages(pages, largest)
            print(f"\nMeasured in {time.perf_counter() - began:.0f} seconds, for {on}.")
    print(said.getvalue(), end="")
    if largest >= USUAL:
        document = DOCUMENT.read_text()
        DOCUMENT.write_text(with_tables(document, said.getvalue(), largest))


def with_tables(document: str, tables: str, largest: int) -> str:
    """Return the document with new tables: the first block is that of the usual number, any other number has
    a part of its own, which is added where there is none."""
    heading = "" if largest == USUAL else f"## {largest:,} open audits\n"
    if heading not in document:
        return f"{document.rstrip()}\n\n{heading}\n```\n{tables}```\n"
    first = document.index("```\n", document.index(heading)) + len("```\n")
    return document[:first] + tables + document[document.index("```\n", first) :]


def _all_else(folder: Path, audits: int, on: date) -> str:
    """Measure what does not grow with the open audits, and moving them; return its tables."""
    findings, actions, reports = _findings(folder, on), _actions(folder, on), _reports(folder, on)
    moving = _moving(folder, audits, on)
    hostile = _child("tests.bench.hostile_files", folder / "hostile", on)
    staff = _child("tests.bench.staff", folder / "staff", on) | {"help": _seconds_of_help()}
    said = io.StringIO()
    with redirect_stdout(said):
        _print_findings(findings)
        _print_actions(actions)
        _print_reports(reports)
        _print_moving(moving, audits)
        _print_hostile(hostile)
        _print_staff(staff)
    return said.getvalue()


def _working_day(day: date) -> date:
    """Return that day, or the Monday after a weekend. (On a bank holiday the daily run has nothing to do.)"""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _measure(folder: Path, audits: int, on: date, *, keep: bool) -> Measured:
    """Measure everything at one size; `keep`: the installation as it was made stays for what is measured
    later, because making one takes long."""
    _say(f"{audits:,} open audits")
    told = _installation(folder / f"{audits}", audits, on, "--told")
    if keep:
        shutil.copytree(told, folder / LARGEST)
    first_ever = Path(shutil.copytree(told, folder / f"{audits}-first"))
    with closing(sqlite3.connect(first_ever / DATABASE)) as connection, connection:
        for table in ("message_items", "messages"):
            connection.execute(f"delete from {table}")  # noqa: S608  # nosec B608 # a name from above
    run = _child("tests.bench.daily_run", first_ever, on)
    measured = {
        "first ever: seconds": run["seconds"],
        "first ever: peak MB": run["peak_mb"],
        "first ever: items": run["items"],
    }
    shutil.rmtree(first_ever)
    for name in ("run", "again"):
        run = _child("tests.bench.daily_run", told, on)
        measured |= {f"{name}: {key}": value for key, value in run.items()}
    measured["run: ratio"] = measured["run: seconds"] / measured["run: floor"]
    _say("  delivery")
    measured |= _delivery("digests", _child("tests.bench.delivery", told, on))
    if audits <= SMALL:
        plain = _child("tests.bench.delivery", told, on, "--plain", str(PLAIN_MESSAGES))
        measured |= _delivery("plain", plain)
    _say("  the chase list")
    measured |= _serve(told)
    shutil.rmtree(told)
    return measured


def _installation(folder: Path, audits: int, on: date, *options: str) -> Path:
    _python("tests.bench.many_audits", str(folder), str(audits), str(on), *options)
    return folder


def _delivery(name: str, run: Measured) -> Measured:
    measured = {f"{name}: {key}": value for key, value in run.items()}
    measured[f"{name}: ratio"] = run["per_second"] / run["bare_per_second"]
    if "after_a_change_per_second" in run:
        ratio = run["after_a_change_per_second"] / run["after_a_change_bare_per_second"]
        measured[f"{name}: after_a_change_ratio"] = ratio
    return measured


def _serve(folder: Path) -> Measured:
    with service(folder):
        pass  # the first start reads everything from the disk
    with service(folder) as running:
        time.sleep(SECONDS_UNTIL_AT_REST)
        measured = {"start: seconds": running.started, "at rest: MB": running.memory_mb()}
        cookie = sign_in(running.port)
        load(running.port, LIST, cookie, connections=1, seconds=0.5)
        for connections in (1, 8):
            answers = load(running.port, LIST, cookie, connections=connections, seconds=SECONDS_OF_LOAD)
            measured |= _answers(f"list {connections}", answers)
    return measured


def _findings(folder: Path, on: date) -> Measured:
    """The page of findings of a large cycle, open and frozen, and saving a section of one of its audits."""
    _say("a cycle of 5,000 returned audits")
    measured: Measured = {}
    for name, options in (("open", ()), ("frozen", ("--frozen",))):
        installation = folder / f"findings-{name}"
        _python("tests.bench.large_cycle", str(installation), str(on), *options)
        with service(installation) as running:
            cookie = sign_in(running.port)
            load(running.port, FINDINGS, cookie, connections=1, seconds=1)
            answers = load(running.port, FINDINGS, cookie, connections=1, seconds=SECONDS_OF_LOAD)
            measured |= _answers(name, answers)
        if name == "open":
            saved = _child("tests.bench.saving", installation, on)
            measured |= {f"save: {key}": value for key, value in saved.items()}
        shutil.rmtree(installation)
    return measured


def _actions(folder: Path, on: date) -> Measured:
    """The tracker's first page at 100,000 actions, and a practice message to 10,000 people."""
    _say("100,000 actions, and a practice message to 10,000 people")
    tracked, practised = folder / "actions", folder / "practice"
    _python("tests.bench.many_actions", str(tracked), str(on), "--actions")
    with service(tracked) as running:
        cookie = sign_in(running.port)
        load(running.port, "/actions", cookie, connections=1, seconds=1)
        measured = _answers(
            "tracker", load(running.port, "/actions", cookie, connections=1, seconds=SECONDS_OF_LOAD)
        )
    _python("tests.bench.many_actions", str(practised), str(on), "--practice")
    run = _child("tests.bench.daily_run", practised, on)
    shutil.rmtree(tracked)
    shutil.rmtree(practised)
    return measured | {f"practice: {key}": value for key, value in run.items()}


def _reports(folder: Path, on: date) -> Measured:
    """The reports of a cycle of 500 returned audits."""
    _say("the reports of a cycle of 500 returned audits")
    installation = folder / "reports"
    _python("tests.bench.large_cycle", str(installation), str(on), "--audits", "500", "--frozen")
    measured = _child("tests.bench.reporting", installation, on)
    shutil.rmtree(installation)
    return measured


def _moving(folder: Path, audits: int, on: date) -> Measured:
    """Exporting all audits, and importing them into an empty installation."""
    _say(f"{audits:,} audits exported and imported")
    there = Path(shutil.copytree(folder / LARGEST, folder / "moving"))
    export = folder / "export"
    measured: Measured = {}
    for name, installation in (("export", there), ("import", folder / "copy"), ("files", folder / "filed")):
        run = _child("tests.bench.moving", installation, on, f"--{name}", str(export))
        measured |= {f"{name}: {key}": value for key, value in run.items()}
    for used in (there, export, folder / "copy", folder / "filed"):
        shutil.rmtree(used)
    return measured


def _pages(folder: Path, database: str, audits: int, on: date) -> Measured:
    """The pages of coordinators and the daily run at the largest size, on one of the databases."""
    # these load the service, whose memory would be the least that processes measured later begin with
    import psycopg

    from tests.postgresql import Server

    _say(f"the pages of {audits:,} open audits on {database}")
    installation = folder / f"pages-{database}"
    with ExitStack() as running:
        if database == "SQLite":
            shutil.copytree(folder / LARGEST, installation)
        else:
            installation.mkdir()
            # not in this folder, whose long name a socket's address cannot hold
            server = Server(Path(running.enter_context(tempfile.TemporaryDirectory(prefix="postgresql-"))))
            running.callback(server.stop)
            url = running.enter_context(server.database())
            (installation / DATABASE_URL).write_text(url)
            _installation(installation, audits, on, "--told")
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("vacuum analyze")
        pages = _child("tests.bench.pages", installation, on)
        several = _several(installation)
        run = _child("tests.bench.daily_run", installation, on)
    shutil.rmtree(installation)
    return pages | several | {f"run: {key}": value for key, value in run.items()}


def _several(folder: Path) -> Measured:
    """The chase list from two web processes, over one connection and over eight."""
    measured: Measured = {}
    with service(folder, web_processes=2) as running:
        cookie = sign_in(running.port)
        load(running.port, LIST, cookie, connections=8, seconds=1)
        for connections in (1, 8):
            answers = load(running.port, LIST, cookie, connections=connections, seconds=SECONDS_OF_LOAD)
            measured[f"web processes: {connections}"] = answers.per_second
    return measured


BESIDE_PAGES: tuple[tuple[str, Callable[[Measured], float]], ...] = (
    ("the daily run: seconds", lambda of: of["run: seconds"]),
    ("  times bare SQL", lambda of: of["run: seconds"] / of["run: floor"]),
    ("  peak memory, MB", lambda of: of["run: peak_mb"]),
    ("2 web processes: lists a second", lambda of: of["web processes: 1"]),
    ("  over 8 connections", lambda of: of["web processes: 8"]),
    ("  ratio, >= 1.6", lambda of: of["web processes: 8"] / of["web processes: 1"]),
)


def _print_pages(pages: dict[str, Measured], audits: int) -> None:
    print(f"\nPages of coordinators at {audits:,} open audits: ms, processor ms, times the floor")
    print(f"  {'':30}" + "".join(f"{name:>28}" for name in pages))
    for page in (name for name in pages["SQLite"] if name.startswith("/") and not name.endswith(" cpu")):
        line = f"  {page:30}"
        for of in pages.values():
            line += f"{of[page]:>10.1f}{of[f'{page} cpu']:>9.1f}{of[page] / of['floor']:>9.1f}"
        print(line)
    floors = "".join(f"{measured['floor']:>10.1f}{'':18}" for measured in pages.values())
    print(f"  {'floor: bare SQL of 50 audits':30}{floors}".rstrip())
    for words, figure in BESIDE_PAGES:
        cells = (f"{figure(measured):>10.1f}{'':18}" for measured in pages.values())
        print(f"  {words:30}{''.join(cells)}".rstrip())


def _answers(name: str, answers: Answers) -> Measured:
    return {
        f"{name}: per second": answers.per_second,
        f"{name}: median": answers.median,
        f"{name}: 99%": answers.slowest_hundredth,
    }


def _child(module: str, folder: Path, on: date, *options: str) -> Measured:
    said = _python(module, str(folder), str(on), *options).splitlines()[-1]
    _say(f"  {module.rpartition('.')[2]}: {said}")  # a later measurement may fail
    measured: Measured = json.loads(said)
    return measured


def _python(module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{module} failed:\n{done.stderr}")
    return done.stdout


def _say(words: str) -> None:
    print(words, file=sys.stderr)


Target = Callable[[Measured, Measured], str]
"""The target in words, from what was measured at the smallest and at the largest size."""


def _fixed(words: str) -> Target:
    return lambda _smallest, _largest: words


def _list_target(smallest: Measured, _largest: Measured) -> str:
    return f"< 40, and < {1.5 * smallest['list 1: median'] + 10:.0f} for the most audits"


ROWS: tuple[tuple[str, str, str, Target], ...] = (
    ("Daily run: seconds", "run: seconds", ".2f", _fixed("<= 4")),
    ("  times bare SQL that reads and writes as much", "run: ratio", ".1f", _fixed("")),
    ("  peak memory, MB", "run: peak_mb", ".0f", _fixed("")),
    ("  messages written", "run: messages", ",.0f", _fixed("")),
    ("  with items", "run: items", ",.0f", _fixed("")),
    ("The same day again: seconds", "again: seconds", ".2f", _fixed("")),
    ("  peak memory, MB", "again: peak_mb", ".0f", _fixed("")),
    ("First run ever, no one told of their audits: seconds", "first ever: seconds", ".2f", _fixed("")),
    ("  peak memory, MB", "first ever: peak MB", ".0f", _fixed("")),
    ("  with items", "first ever: items", ",.0f", _fixed("")),
    ("Delivery of the run's messages: a second", "digests: per_second", ",.0f", _fixed("")),
    ("  a bare loop over Flask-Mail", "digests: bare_per_second", ",.0f", _fixed("")),
    ("  ratio", "digests: ratio", ".2f", _fixed(">= 0.8")),
    ("  each looked at again: a second", "digests: after_a_change_per_second", ",.0f", _fixed("")),
    ("  ratio", "digests: after_a_change_ratio", ".2f", _fixed(">= 0.8")),
    (f"Delivery of {PLAIN_MESSAGES:,} short messages: a second", "plain: per_second", ",.0f", _fixed("")),
    ("  a bare loop over Flask-Mail", "plain: bare_per_second", ",.0f", _fixed("")),
    ("  ratio", "plain: ratio", ".2f", _fixed(">= 0.8")),
    ("Chase list, 1 connection: median, ms", "list 1: median", ".1f", _list_target),
    ("  99%, ms", "list 1: 99%", ".1f", _fixed("")),
    ("  requests a second", "list 1: per second", ".1f", _fixed("")),
    ("Chase list, 8 connections: median, ms", "list 8: median", ".1f", _fixed("")),
    ("  99%, ms", "list 8: 99%", ".1f", _fixed("")),
    ("  requests a second", "list 8: per second", ".1f", _fixed("")),
    ("Start to the first answer: seconds", "start: seconds", ".2f", _fixed("<= 1.5")),
    ("Memory at rest, MB", "at rest: MB", ".0f", _fixed("<= 110")),
)


def _print_table(columns: list[Measured], sizes: tuple[int, ...]) -> None:
    line = "{:54}" + "{:>10}" * len(columns) + "  {}"
    print(line.format("Open audits", *(f"{audits:,}" for audits in sizes), "target"))
    for label, key, form, target in ROWS:
        cells = [format(column[key], form) if key in column else "" for column in columns]
        print(line.format(label, *cells, target(columns[0], columns[-1])).rstrip())


def _print_findings(measured: Measured) -> None:
    print("\nFindings of 5,000 returned audits, 40 questions, 10 of them conditional, 1 connection")
    for name, target in (("open", "< 150"), ("frozen", "")):
        median, slowest = measured[f"{name}: median"], measured[f"{name}: 99%"]
        print(f"  {name + ': median, ms':52}{median:>10.1f}  {target}".rstrip())
        print(f"  {'  99%, ms':52}{slowest:>10.1f}")
    print("\nSaving a section of the form, 5 of 40 questions, every answer changed")
    print(f"  {'median, ms':52}{measured['save: median']:>10.1f}  < 60")
    print(f"  {'  99%, ms':52}{measured['save: 99%']:>10.1f}")


def _print_actions(measured: Measured) -> None:
    print("\nThe tracker of 100,000 actions, first page, 1 connection")
    print(f"  {'median, ms':52}{measured['tracker: median']:>10.1f}  < 40")
    print(f"  {'  99%, ms':52}{measured['tracker: 99%']:>10.1f}")
    print("\nA practice message to 10,000 people, decided and written")
    print(f"  {'seconds':52}{measured['practice: seconds']:>10.2f}  <= 5")
    print(f"  {'  messages':52}{measured['practice: messages']:>10,.0f}")


def _print_reports(measured: Measured) -> None:
    print("\nThe reports of a cycle of 500 audits with 40 questions, as Word")
    for what in ("council", "partnership", "auditors", "staff"):
        print(f"  {what + ', the first time: seconds':52}{measured[f'{what}: first']:>10.2f}  <= 2")
        print(f"  {'  again':52}{measured[f'{what}: median']:>10.2f}")


def _print_moving(measured: Measured, audits: int) -> None:
    for name, label, seconds, peak_mb in (
        ("export", f"Export of {audits:,} audits", 20, 250),
        ("import", "Import of that export", 30, 300),
        ("files", "Import of its files alone, each by its own import", 30, 300),
    ):
        print(f"\n{label}")
        print(f"  {'seconds':52}{measured[f'{name}: seconds']:>10.1f}  <= {seconds}")
        print(f"  {'peak memory, MB':52}{measured[f'{name}: peak_mb']:>10.0f}  <= {peak_mb}")


def _print_hostile(measured: Measured) -> None:
    print(f"\nThe slowest of {measured['files']:.0f} files that mean harm, until it is refused")
    print(f"  {'seconds':52}{measured['slowest']:>10.2f}  <= 5")


def _seconds_of_help() -> float:
    """The median time of `practice-audits --help`."""
    program = Path(sys.executable).parent / "practice-audits"
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([program, "--help"], capture_output=True, check=True)
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def _print_staff(measured: Measured) -> None:
    print()
    for words, name, target in (
        ("Import of 5,000 people: seconds", "new", 2),
        ("  the same file again: seconds", "again", 2),
        ("practice-audits --help: median, seconds", "help", 0.4),
    ):
        print(f"{words:54}{measured[name]:>10.2f}  <= {target}")


if __name__ == "__main__":
    main()

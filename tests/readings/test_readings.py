"""The record of reading: every answer that shows a case number, every sign-in, file and refusal is in it."""

import ast
import re
import sqlite3
import stat
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.api import tokens
from app.audits.models import Audit
from app.database import db, transaction
from app.installation import exporting
from app.people.models import Person
from app.people.roles import RoleName
from app.readings import keeping, waiting, writing
from app.readings.kinds import Kind
from app.readings.models import CaseRead, Reading
from app.sampling.models import Draw, DrawnCase
from tests.conftest import PASSWORD, Browser, give_password, let_in
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

ROOT = Path(__file__).parents[2]
ON = date(2010, 11, 8)


@pytest.fixture
def client(service: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of the service on each database."""
    service.test_client_class = Browser
    service.config["WTF_CSRF_ENABLED"] = False
    return service.test_client()


@pytest.fixture
def cora(client: FlaskClient) -> Person:
    return give_password(a_person("Cora Coordinator", roles=["coordinator"]))


@pytest.fixture
def annie(client: FlaskClient) -> Person:
    return give_password(a_person("Annie Administrator", roles=["administrator"]))


def entries(*kinds: Kind) -> list[Reading]:
    db.session.rollback()
    query = select(Reading).order_by(Reading.id)
    return list(db.session.scalars(query.where(Reading.kind.in_(kinds)) if kinds else query))


def audits_of(reading: Reading) -> list[str]:
    query = select(Audit.reference).join(CaseRead, CaseRead.audit_id == Audit.id)
    return list(db.session.scalars(query.where(CaseRead.reading_id == reading.id).order_by(Audit.reference)))


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> int:
    return client.post("/sign-in", data={"email": email, "password": password}).status_code


def test_signing_in_out_and_refusals_are_entries(client: FlaskClient, cora: Person, annie: Person) -> None:
    sign_in(client, cora.email, "wrong password")
    sign_in(client, "nobody@council.example", "wrong password")
    sign_in(client, cora.email)
    client.get("/reading-log")
    client.post("/sign-out")
    ids = cora.id
    assert [(each.kind, each.person_id, each.what) for each in entries()] == [
        (Kind.NOT_SIGNED_IN, ids, "/sign-in"),
        (Kind.NOT_SIGNED_IN, None, "/sign-in"),
        (Kind.SIGNED_IN, ids, "/sign-in"),
        (Kind.REFUSED, ids, "/reading-log"),
        (Kind.SIGNED_OUT, ids, "/sign-out"),
    ]
    assert [each.from_address for each in entries()] == ["127.0.0.1"] * 3 + [None, "127.0.0.1"]


def test_too_many_wrong_passwords_are_entries(client: FlaskClient, cora: Person) -> None:
    for _ in range(12):
        sign_in(client, cora.email, "wrong password")
    assert [each.person_id for each in entries(Kind.LOCKED_OUT)][-1:] == [cora.id]


def test_a_refused_address_is_kept_without_what_somebody_wrote_in_it(client: FlaskClient) -> None:
    let_in(client, a_person("An Auditor"))
    assert client.get("/audits/SMITH-734512").status_code == 403
    (refusal,) = entries(Kind.REFUSED)
    assert refusal.what == "/audits/<reference>"


def without_number(audit: Audit) -> None:
    with transaction():
        db.session.get_one(Audit, audit.id).case_reference = None


def test_a_page_that_shows_a_number_is_an_entry_with_its_audit(client: FlaskClient, cora: Person) -> None:
    an_audit("CP-1", case_reference="734512")
    let_in(client, cora)
    assert "734512" in opened(client, "/audits/CP-1")
    (reading,) = entries(Kind.CASE_NUMBERS)
    assert (reading.person_id, reading.what, reading.how_many) == (cora.id, "/audits/CP-1", 1)
    assert audits_of(reading) == ["CP-1"]


def test_a_page_without_the_number_is_no_entry(client: FlaskClient, cora: Person) -> None:
    without_number(an_audit("CP-1"))
    an_audit("CP-2", case_reference="734512")
    let_in(client, cora)
    assert "removed" in opened(client, "/audits/CP-1")
    opened(client, "/audits")
    opened(client, "/audits/CP-2/extend")
    assert entries(Kind.CASE_NUMBERS) == []


def test_a_number_that_was_corrected_is_read_once_and_not_by_the_redirect(
    client: FlaskClient, cora: Person
) -> None:
    an_audit("CP-1", case_reference="734512")
    let_in(client, cora)
    assert "734512" in opened(client, "/audits/CP-1/case-number")
    sent = {"case_reference": "734513", "because": "Mistyped", "said": "Mistyped"}
    assert client.post("/audits/CP-1/case-number", data=sent).status_code == 302
    assert [each.what for each in entries(Kind.CASE_NUMBERS)] == ["/audits/CP-1/case-number"]


def drawn(cycle_id: int, by: Person, numbers: list[str]) -> None:
    with transaction():
        draw = Draw(
            cycle_id=cycle_id, method="random", seed=1, size=len(numbers), drawn_on=ON, drawn_by_id=by.id
        )
        draw.cases = [
            DrawnCase(position=position, stratum="Crewe", is_chosen=True, case_reference=number)
            for position, number in enumerate(numbers, 1)
        ]
        db.session.add(draw)


def test_a_list_is_one_entry_with_all_its_cases(client: FlaskClient, cora: Person) -> None:
    drawn(a_cycle().id, cora, [f"7345{number}" for number in range(10, 40)])
    an_audit("CP-1", case_reference="734512")
    let_in(client, cora)
    opened(client, "/cycles/2010-1/cases")
    opened(client, "/cycles/2010-1/cases/repeat")
    pages = entries(Kind.CASE_NUMBERS)
    assert [(each.what, each.how_many) for each in pages] == [
        ("/cycles/2010-1/cases", 30),
        ("/cycles/2010-1/cases/repeat", 30),
    ]
    page = opened(client, "/audits/CP-1/readers")
    assert "734512" not in page
    assert visible(page).count("Case numbers seen") == 2


def test_an_audit_tells_who_saw_its_number_on_other_audits_of_the_case_too(
    client: FlaskClient, cora: Person
) -> None:
    alison = a_person("Alison Hartley")
    an_audit("CP-1", case_reference="734512", lead=alison)
    an_audit("CP-2", case_reference=" 0734 512")
    an_audit("CP-3", case_reference="999111")
    let_in(client, alison).get("/audits/CP-1")
    client.post("/sign-out")
    let_in(client, cora).get("/audits/CP-3")
    page = visible(opened(client, "/audits/CP-2/readers"))
    assert "Alison Hartley" in page
    assert "/audits/CP-3" not in page


def test_downloads_and_readings_by_programs_are_entries(client: FlaskClient, cora: Person) -> None:
    an_audit("CP-1", case_reference="734512")
    key = tokens.make("Power BI", RoleName.COORDINATOR, cora)
    program = client.application.test_client()
    program.get("/api/v1/audits", headers={"Authorization": f"Bearer {key}"})
    program.get("/api/v1/audits", headers={"Authorization": "Bearer wrong"})
    let_in(client, cora).get("/audits?download=csv")
    client.get("/audits?download=xlsx")
    assert [(each.kind, each.person_id, each.what, each.how_many) for each in entries()][-4:] == [
        (Kind.API, cora.id, "/api/v1/audits", 1),
        (Kind.REFUSED, None, "/api/v1/audits", 0),
        (Kind.DOWNLOAD, cora.id, "/audits", 1),
        (Kind.DOWNLOAD, cora.id, "/audits", 1),
    ]


def test_an_export_is_an_entry_with_every_case(client: FlaskClient, cora: Person, tmp_path: Path) -> None:
    an_audit("CP-1", case_reference="734512")
    without_number(an_audit("CP-2"))
    exporting.export(tmp_path / "out", lambda _file, _rows: None)
    (reading,) = entries(Kind.EXPORT)
    assert (reading.program, reading.how_many, audits_of(reading)) == (writing.COMMAND_LINE, 1, ["CP-1"])
    let_in(client, cora)
    assert "command line" in visible(opened(client, "/audits/CP-1/readers"))


def test_an_answer_that_cannot_be_recorded_does_not_leave(
    client: FlaskClient, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_audit("CP-1", case_reference="734512")
    let_in(client, cora)

    def fail(*_given: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(writing, "write", fail)
    answer = client.get("/audits/CP-1")
    assert answer.status_code == 500
    assert "734512" not in answer.get_data(as_text=True)


def test_a_page_does_not_wait_for_whoever_writes_on_sqlite(app: Flask, tmp_path: Path) -> None:
    audit = an_audit("CP-1", case_reference="734512")
    cora = a_person("Cora Coordinator", roles=["coordinator"])
    client = let_in(app.test_client(), cora)
    folder = tmp_path / waiting.FOLDER
    with db.engine.execution_options(writing=True).begin():
        began = time.perf_counter()
        for _ in range(3):
            assert "734512" in opened(client, "/audits/CP-1")
        assert time.perf_counter() - began < 10
        files = list(folder.iterdir())
        assert len(files) == 3
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert not any(b"734512" in file.read_bytes() for file in files)
        assert entries(Kind.CASE_NUMBERS) == []
    file = files[0].read_bytes()
    assert visible(opened(client, "/audits/CP-1/readers")).count("Case numbers seen") == 3
    assert list(folder.iterdir()) == []
    files[0].write_bytes(file)  # the process ended before it could remove it
    opened(client, "/audits/CP-1")
    assert [audits_of(each) for each in entries(Kind.CASE_NUMBERS)] == [["CP-1"]] * 4
    assert audit.case_reference == "734512"


def test_an_entry_that_can_be_kept_nowhere_keeps_the_page(app: Flask, tmp_path: Path) -> None:
    an_audit("CP-1", case_reference="734512")
    client = let_in(app.test_client(), a_person("Cora Coordinator", roles=["coordinator"]))
    (tmp_path / waiting.FOLDER).touch()  # no folder can be made
    with db.engine.execution_options(writing=True).begin():
        answer = client.get("/audits/CP-1")
    assert answer.status_code == 500
    assert "734512" not in answer.get_data(as_text=True)


def test_a_number_after_the_entry_is_written_is_refused(client: FlaskClient) -> None:
    audit = an_audit("CP-1", case_reference="734512")
    with client.application.test_request_context():
        client.application.process_response(client.application.make_response(""))
        with pytest.raises(RuntimeError):
            render_template_string("{{ audit|case_number }}", audit=audit)


def test_administrators_filter_the_record_and_take_it_as_a_file(
    client: FlaskClient, cora: Person, annie: Person
) -> None:
    an_audit("CP-1", case_reference="734512")
    let_in(client, cora).get("/audits/CP-1")
    client.post("/sign-out")
    let_in(client, annie)
    page = visible(opened(client, "/reading-log?kind=case+numbers&person=cora"))
    assert "Cora Coordinator" in page
    assert "/sign-out" not in page
    assert "No entries found" in visible(opened(client, "/reading-log?kind=case+numbers&person=annie"))
    assert "No entries found" in visible(opened(client, "/reading-log?to=2001-01-01"))
    assert "1 entry" in visible(opened(client, "/reading-log?kind=case+numbers&from=2001-01-01"))
    for wrong in (
        "from=2026-13-45",
        "to=wrong",
        "from_on=31&from_on=2&from_on=2010",
        "from_on=x&download=csv",
    ):
        answer = client.get(f"/reading-log?{wrong}")
        assert answer.status_code == 422
        said = visible(answer.get_data(as_text=True))
        assert "must be a real date" in said
        assert "Cora Coordinator" not in said
    typed = "from_on=1&from_on=2&from_on=2001&to_on=&to_on=&to_on="
    sent = client.get(f"/reading-log?kind=case+numbers&{typed}")
    assert sent.headers["Location"] == "/reading-log?kind=case+numbers&from_on=2001-02-01"
    assert "1 entry" in visible(opened(client, sent.headers["Location"]))
    answer = client.get("/reading-log?from_on=2001-02-01&to_on=2001-01-01")
    assert "To date must be on or after from date" in visible(answer.get_data(as_text=True))
    file = client.get("/reading-log?kind=case+numbers&download=csv").get_data(as_text=True)
    assert "Cora Coordinator,cora.coordinator@council.example,Case numbers seen,/audits/CP-1,1,CP-1" in file
    assert "734512" not in page + file


def test_old_entries_are_removed_after_the_months_that_were_set(
    client: FlaskClient, cora: Person, annie: Person
) -> None:
    an_audit("CP-1", case_reference="734512")
    let_in(client, cora).get("/audits/CP-1")
    keeping.remove_old()
    assert len(entries(Kind.CASE_NUMBERS)) == 1
    with transaction():
        for each in db.session.scalars(select(Reading)):
            each.at = datetime(2020, 1, 1, tzinfo=UTC)
    keeping.remove_old()
    assert (entries(), db.session.scalar(select(CaseRead.id))) == ([], None)
    client.post("/sign-out")
    let_in(client, annie)
    for months, status in (("5", 422), ("12", 302), ("85", 422)):
        assert client.post("/settings/reading-log", data={"months": months}).status_code == status
    assert keeping.months_kept() == 12


def test_reading_takes_one_connection(client: FlaskClient, cora: Person) -> None:
    """Pages of eight threads must not wait for a second connection each."""
    an_audit("CP-1", case_reference="734512")
    let_in(client, cora)
    with client.application.app_context():
        engine = db.engine
    out: list[int] = []

    def note(*_given: object) -> None:
        out.append(engine.pool.checkedout())  # type: ignore[attr-defined]

    before = engine.pool.checkedout()  # type: ignore[attr-defined]
    event.listen(engine, "begin", note)
    try:
        client.get("/audits/CP-1")
    finally:
        event.remove(engine, "begin", note)
    assert max(out) - before <= 1


# the number is rendered in one place

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_no_template_shows_a_number_by_itself() -> None:
    shown = [
        f"{path.name}: {line.strip()}"
        for path in [*TEMPLATES, *(ROOT / "templates").rglob("*.txt")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(?<![\w ])\.?case_(reference|folded)\b", line)
        and not re.search(r"columns case_reference and team", line)
    ]
    assert shown == []


COMPARED = {
    "as_compared",
    "folded",
    "gives_away",
    "holds",
    "masking",
    "refuse_case_number",
    "without",
    "without_case_number",
    "without_slashes",
    "wanted_case_number",
    "is_",
    "is_not",
    "case_facts",
}
"""Functions that compare, mask or refuse a number, and return none."""


def _loads(tree: ast.AST) -> Iterator[tuple[ast.Attribute, list[ast.AST]]]:
    """Yield each place where a row's number is read, with the nodes around it, the nearest last."""

    def walk(node: ast.AST, around: list[ast.AST]) -> Iterator[tuple[ast.Attribute, list[ast.AST]]]:
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "case_reference"
            and isinstance(node.ctx, ast.Load)
        ):
            yield node, around
        for child in ast.iter_child_nodes(node):
            yield from walk(child, [*around, node])

    yield from walk(tree, [])


def _called(around: list[ast.AST]) -> set[str]:
    calls = (node.func for node in around if isinstance(node, ast.Call))
    return {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls}


def other_readings() -> dict[str, int]:
    """Count by module the places that read a number for anything but to compare, mask or select it."""
    counts: dict[str, int] = {}
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node, around in _loads(ast.parse(path.read_text(encoding="utf-8"))):
            is_column = isinstance(node.value, ast.Name) and node.value.id in ("Audit", "DrawnCase")
            if not is_column and not _called(around) & COMPARED:
                name = str(path.relative_to(ROOT / "app"))
                counts[name] = counts.get(name, 0) + 1
    return counts


KNOWN = {
    # the filter itself
    "readings/noting.py": 2,
    # the export, which is recorded as one, and the making of the example
    "installation/table_files.py": 1,
    "example/live_cycle.py": 1,
    # replaces the key of the numbers
    "case_keys/rotating.py": 1,
    # what somebody has just entered
    "assigning/views.py": 1,
    "audit_pages/coordinator_views.py": 1,
    # kept in a variable to be compared, or to keep it out of texts and faults
    "answers/council_lists.py": 1,
    "audit_files/belongings.py": 2,
    "audits/moves.py": 3,
    # keeps the number that was corrected, so that texts are compared with it
    "audits/former_numbers.py": 1,
    "concerns/responses.py": 1,
    "workers/replies.py": 1,
    # requests audits of drawn cases, and draws again
    "sampling/moves.py": 2,
    "sampling/queries.py": 1,
    "sampling/requesting.py": 2,
    "sampling/views.py": 2,
}
"""The other places that read a number, each looked at: no page, message or file has it from there."""


def test_no_other_code_hands_a_number_on() -> None:
    assert other_readings() == KNOWN

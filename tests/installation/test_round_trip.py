"""Exporting an installation, importing the folder and exporting again gives the same files."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.database import db, transaction
from app.imports.kinds import KINDS
from app.outbox.models import DROPPED, FAILED, HELD, OVERTAKEN, QUEUED, SENDING, SENT, STATES, Message
from app.workers import replies
from app.workers.models import FeedbackTalk, WorkerReply
from app.workers.naming import name_worker
from tests.bench.many_audits import make
from tests.factories import a_cycle, a_person, an_audit

from .conftest import ON, Installation, New, differing, files_in


def test_the_example_comes_back_byte_for_byte(exported: Path, new: New, tmp_path: Path) -> None:
    copy = new()
    copy.done("import", "all", exported)
    copy.done("export", tmp_path / "again")
    assert differing(exported, tmp_path / "again") == []


def test_an_installation_of_10000_audits_comes_back_byte_for_byte(new: New, tmp_path: Path) -> None:
    large = Installation(tmp_path / "large")
    make(large.folder, 10_000, ON, told=True)
    large.done("export", tmp_path / "once")
    copy = new()
    copy.done("import", "all", tmp_path / "once")
    copy.done("export", tmp_path / "again")
    assert differing(tmp_path / "once", tmp_path / "again") == []
    assert (tmp_path / "once/audits.csv").read_bytes().count(b"\n") == 10_001


def test_each_file_of_an_export_imports_again_unchanged(
    example: Installation, exported: Path, tmp_path: Path
) -> None:
    there = Installation(tmp_path / "there")
    shutil.copytree(example.folder, there.folder)
    found = 0
    for kind in KINDS:
        for path in sorted(exported.iterdir()):
            if not kind.is_file(path.stem, path.suffix):
                continue
            result = there.run("import", kind.name, path)
            assert result.exit_code == 0, result.output
            assert "0 added, 0 changed" in result.stdout, result.output
            assert "to check" not in result.stderr, result.output
            found += 1
    assert found > len(KINDS)
    there.done("export", tmp_path / "again")
    assert differing(exported, tmp_path / "again") == []


@pytest.mark.postgresql
def test_an_export_of_sqlite_comes_back_from_postgresql_byte_for_byte(
    exported: Path, new: New, postgresql_url: str, tmp_path: Path
) -> None:
    copy = new("copy", postgresql_url)
    copy.done("import", "all", exported)
    copy.done("export", tmp_path / "again")
    assert differing(exported, tmp_path / "again") == []
    assert looked_at(copy)["history"]
    with copy.opened():
        # new things there get numbers of their own
        audit = an_audit(
            "NEW-1", lead=a_person("Ada New"), second=a_person("Ben New"), cycle=a_cycle("2010-1")
        )
        assert audit.id > 29


def test_a_copy_sends_nothing_again_and_its_history_is_unbroken(
    example: Installation, new: New, tmp_path: Path
) -> None:
    there, copy = Installation(tmp_path / "there"), new("copy")
    shutil.copytree(example.folder, there.folder)
    sent = json.loads(there.done("remind", "--on", ON, "--no-deliver", "--json"))
    there.done("export", tmp_path / "once")
    copy.done("import", "all", tmp_path / "once")
    again = json.loads(copy.done("remind", "--on", ON, "--no-deliver", "--json"))
    assert sent["messages"]
    assert again["messages"] == []
    assert again["not_sent"] == sent["not_sent"]
    assert looked_at(copy)["history"]


def test_what_waits_to_be_sent_is_held_in_the_copy(example: Installation, new: New, tmp_path: Path) -> None:
    there, copy = Installation(tmp_path / "there"), new("copy")
    shutil.copytree(example.folder, there.folder)
    with there.opened(), transaction():
        messages = db.session.scalars(select(Message).order_by(Message.id)).all()
        for n, state in enumerate(STATES):
            messages[n].state = messages[n + 7].state = state
            messages[n + 7].secret, messages[n + 7].text = True, "https://council.example/?key=abc"
    there.done("export", tmp_path / "once")
    copy.done("import", "all", tmp_path / "once")
    with copy.opened():
        messages = db.session.scalars(select(Message).order_by(Message.id).limit(14)).all()
        states = [message.state for message in messages]
        texts = [(message.text, message.html) for message in messages]
    assert STATES == (QUEUED, SENDING, SENT, FAILED, HELD, OVERTAKEN, DROPPED)
    assert states[:7] == [HELD, HELD, SENT, FAILED, HELD, OVERTAKEN, DROPPED]
    assert states[7:] == [DROPPED, DROPPED, SENT, FAILED, DROPPED, OVERTAKEN, DROPPED]
    assert all(text for text, _ in texts[:7])
    assert texts[7:] == [(None, None)] * 7
    assert b"key=abc" not in b"".join(files_in(tmp_path / "once").values())


def test_a_closed_cycle_that_was_not_frozen_is_not_frozen_in_the_copy_either(
    new: New, tmp_path: Path
) -> None:
    there, copy = new("there"), new("copy")
    with there.opened():
        a_cycle("2010-1", closed_on=date(2010, 12, 17))
    there.done("export", tmp_path / "once")
    copy.done("import", "all", tmp_path / "once")
    with copy.opened():
        cycle = db.session.scalars(select(Cycle)).one()
        assert (cycle.closed_on, cycle.frozen_on) == (date(2010, 12, 17), None)


def test_a_cycle_of_one_auditor_comes_back_as_it_was(new: New, tmp_path: Path) -> None:
    there, copy, plain = new("there"), new("copy"), new("plain")
    with there.opened():
        cycle = a_cycle("2010-1", auditors=1, self_assessment=True, expected_per_auditor=3)
        own, other = a_person("Ada Own", team="Nantwich"), a_person("Ben Other", team="Crewe")
        an_audit("CP-001", lead=own, cycle=cycle)
        an_audit("CP-002", lead=other, second=own, cycle=cycle)
        an_audit("CP-003", cycle=cycle)
    there.done("export", tmp_path / "once")
    copy.done("import", "all", tmp_path / "once")
    copy.done("export", tmp_path / "again")
    assert differing(tmp_path / "once", tmp_path / "again") == []
    shutil.copytree(tmp_path / "once", tmp_path / "files", ignore=shutil.ignore_patterns("kept"))
    plain.done("import", "all", tmp_path / "files")
    with plain.opened():
        cycle = db.session.scalars(select(Cycle)).one()
        assert (cycle.auditors, cycle.self_assessment, cycle.expected_per_auditor) == (1, True, 3)


def test_workers_come_back_with_what_they_are_told_their_replies_and_talks(new: New, tmp_path: Path) -> None:
    there, copy, plain = new("there"), new("copy"), new("plain")
    with there.opened():
        worker, lead = a_person("Wanda Worker", roles=["practitioner"]), a_person("Ada Lead")
        other = a_person("Cora Office", roles=["coordinator"])
        audit = an_audit("CP-001", lead=lead, cycle=a_cycle("2010-1", auditors=1), returned_on=ON)
        an_audit("CP-002", lead=worker, cycle=a_cycle("2010-1"))
        with transaction():
            db.session.scalars(select(Cycle)).one().workers = "may reply"
        name_worker("CP-001", worker.id, other, ON)
        name_worker("CP-002", worker.id, other, ON, "A small agency")
        replies.reply("CP-001-W1", "The dates are in Paris", worker, ON)
        replies.note_talk("CP-001", ON, "Both of us", "Plans in March", lead, ON)
        assert audit.reference == "CP-001"
    there.done("export", tmp_path / "once")
    copy.done("import", "all", tmp_path / "once")
    copy.done("export", tmp_path / "again")
    assert differing(tmp_path / "once", tmp_path / "again") == []
    with copy.opened():
        reply = db.session.scalars(select(WorkerReply)).one()
        assert reply.worker is not None
        assert (reply.reply, reply.worker.name) == ("The dates are in Paris", "Wanda Worker")
        assert db.session.scalars(select(FeedbackTalk.agreed)).all() == ["Plans in March"]
    shutil.copytree(tmp_path / "once", tmp_path / "files", ignore=shutil.ignore_patterns("kept"))
    plain.done("import", "all", tmp_path / "files")
    with plain.opened():
        assert db.session.scalars(select(Cycle.workers)).all() == ["may reply"]
        named = db.session.scalars(select(Audit).order_by(Audit.reference))
        assert [audit.worker.name for audit in named if audit.worker] == ["Wanda Worker"] * 2
        tie = select(Assignment.overridden, Assignment.override_reason)
        assert db.session.execute(tie.where(Assignment.overridden.is_not(None))).all() == [
            ("worker", "A small agency")
        ]


def looked_at(installation: Installation) -> dict[str, bool]:
    """Return the result of `check` for each thing that it looks at."""
    checks = json.loads(installation.run("check", "--json").stdout)["checks"]
    return {one["name"]: one["ok"] for one in checks}


def test_a_history_of_another_key_is_taken_over_and_says_so(
    exported: Path, new: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = new("copy")
    monkeypatch.setenv("HISTORY_KEY", "the history key of another installation")
    (copy.folder / "practice-audits.sqlite").unlink()
    said = copy.done("import", "all", exported)
    assert "History: it was written with another key, so it could not be checked." in said
    assert looked_at(copy)["history"]
    monkeypatch.undo()
    assert not looked_at(copy)["history"]

"""A backup is of one moment, comes back whole or not at all, and sends nothing until a person releases it."""

import json
import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, func, select

from app import migrating
from app.answers.models import EvidencePlace
from app.audits.tallies import TALLIES, alike
from app.copies_at_work import PREFIX, folder_for_a_copy, remove_copies_left
from app.database import Base, db, transaction
from app.history import checking
from app.history.models import HistoryRow
from app.history.record import Event, record
from app.installation import sealed
from app.installation.backing_up import back_up
from app.installation.emptiness import is_empty
from app.installation.sequences import count_on
from app.outbox.delivery import never
from app.outbox.models import HELD, DatabaseIdentity, Message
from app.people.models import Person, SignIn
from app.refusal import Refused
from app.scheduling.jobs import remove_what_is_old
from tests.factories import a_person
from tests.installation.everything import fill
from tests.migrations.test_migrations import go

from .conftest import Installation, New

KEY = "the key of backups, which nobody can guess"
OTHER_KEY = "another key of backups, which nobody can guess"
KEYS = ("case_number_key", "history_key")


def take(installation: Installation, path: Path) -> Path:
    installation.done("backup", path)
    return path


def with_keys_of(other: Installation, installation: Installation) -> Installation:
    """Give an installation the keys of another, as whoever restores it does."""
    for name in KEYS:
        if (other.folder / name).exists():
            shutil.copy(other.folder / name, installation.folder / name)
    return installation


def all_rows() -> dict[str, list[str]]:
    """Return the rows of every table, except what restoring changes on purpose."""
    aside = {"sign_ins", "database_identity", "history_end", "history", "messages"}
    rows = {}
    for table in db.metadata.sorted_tables:
        if table.name not in aside:
            columns = [column for column in table.columns if column.name != "fs_uniquifier"]
            tally = next((tally for tally in TALLIES if tally.__table__ is table), None)
            query = numbers_of(tally) if tally else select(*columns)
            rows[table.name] = sorted(map(repr, db.session.execute(query)))
    return rows


def numbers_of(tally: type[Base]) -> Select[Any]:
    """Select the numbers of audits that are alike: in how many rows they stand is each database's own."""
    kinds = [tally.__table__.c[name] for name in alike(tally)]
    number = func.sum(tally.__table__.c.number)
    return select(*kinds, number).group_by(*kinds).having(number != 0)


@pytest.fixture
def backed_up(example: Installation, tmp_path: Path) -> Path:
    return take(example, tmp_path / "example.backup")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgresql_url"))


def test_the_example_comes_back_with_everything(
    example: Installation, backed_up: Path, new: New, url: str
) -> None:
    copy = with_keys_of(example, new(url=url))
    said = copy.done("restore", backed_up)
    assert "38 people and 50 audits" in said
    with example.opened():
        before = all_rows()
    with copy.opened():
        assert all_rows() == before
        assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0
    checks = {each["name"]: each["ok"] for each in json.loads(copy.run("check", "--json").stdout)["checks"]}
    assert checks["database"]
    assert checks["history"]
    assert checks["emails"]


def test_an_installation_with_rows_in_every_table_goes_from_one_database_to_the_other_and_back(
    new: New, url: str, tmp_path: Path
) -> None:
    there = new("there", url)
    with there.opened():
        fill()
        with transaction():
            count_on(db.session.connection(), db.metadata.sorted_tables)
    take(there, tmp_path / "once")
    with there.opened():
        before = all_rows()
    copy = with_keys_of(there, new("copy"))
    copy.done("restore", tmp_path / "once")
    with copy.opened():
        assert all_rows() == before
        last = db.session.scalar(select(func.max(Person.id))) or 0
        assert a_person("Ada New").id > last


def test_nobody_is_signed_in_by_a_restored_backup(example: Installation, backed_up: Path, new: New) -> None:
    copy = with_keys_of(example, new())
    copy.done("restore", backed_up)
    with example.opened():
        before = set(db.session.scalars(select(Person.fs_uniquifier)))
    with copy.opened():
        assert before.isdisjoint(db.session.scalars(select(Person.fs_uniquifier)))
        assert db.session.scalar(select(func.count()).where(Person.password.is_not(None)))


def test_a_restored_backup_sends_nothing_until_it_is_released(
    example: Installation, backed_up: Path, new: New
) -> None:
    copy = with_keys_of(example, new())
    copy.done("restore", backed_up)
    result = copy.run("remind", "--json")
    assert "Emails are on hold until someone releases them" in result.stderr
    assert json.loads(result.stdout)["delivery"]["sent"] == 0
    with copy.opened():
        identity = db.session.scalars(select(DatabaseIdentity)).one()
        assert identity.held_because == "This database was restored from a backup"
        held = db.session.scalar(select(func.count()).where(Message.state == HELD))
    assert held
    copy.done("deliver", "--release")
    with copy.opened():
        assert db.session.scalars(select(DatabaseIdentity.released_by)).all() == ["command line"]


def test_a_backup_is_for_its_owner_alone_and_holds_no_key(example: Installation, backed_up: Path) -> None:
    assert backed_up.stat().st_mode & 0o777 == 0o600
    content = backed_up.read_bytes()
    for name in (*KEYS, "secret_key"):
        key = (example.folder / name).read_bytes() if (example.folder / name).exists() else b""
        assert not key or key not in content


def test_a_backup_with_a_key_says_nothing_without_it(
    example: Installation, new: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_KEY", KEY)
    path = tmp_path / "secret"
    assert "The file is encrypted" in example.done("backup", path)
    assert b"jack.denny" not in path.read_bytes()
    assert b"SQLite" not in path.read_bytes()
    copy = with_keys_of(example, new())
    monkeypatch.delenv("BACKUP_KEY")
    assert copy.refused("restore", path) == [
        f"{path} is encrypted, so set BACKUP_KEY to the key that it was made with"
    ]
    monkeypatch.setenv("BACKUP_KEY", OTHER_KEY)
    assert copy.refused("restore", path) == [
        f"{path} was made with another key than the one in BACKUP_KEY, or was changed"
    ]
    monkeypatch.setenv("BACKUP_KEY", KEY)
    assert "38 people" in copy.done("restore", path)


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content[: sealed.HEADER],
        lambda content: content[: sealed.HEADER + sealed.PIECE + sealed.TAG],
        lambda content: content + b"\0",
        lambda content: content[:1000] + bytes([content[1000] ^ 1]) + content[1001:],
        lambda content: content[:-100] + bytes([content[-100] ^ 128]) + content[-99:],
        lambda content: content[:0],
        lambda content: b"SQLite format 3\0" + content,
    ],
)
def test_a_damaged_backup_is_refused_and_changes_nothing(
    example: Installation,
    new: New,
    tmp_path: Path,
    damage: Callable[[bytes], bytes],
    key: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if key:
        monkeypatch.setenv("BACKUP_KEY", key)
    path = take(example, tmp_path / "damaged")
    path.write_bytes(damage(path.read_bytes()))
    copy = with_keys_of(example, new())
    [says] = copy.refused("restore", path)
    assert says.startswith(f"{path} ")
    with copy.opened():
        assert is_empty()
        assert db.session.scalars(select(DatabaseIdentity.held_because)).all() == [None]
        assert db.session.scalar(select(func.count()).select_from(EvidencePlace))
    assert [each.name for each in copy.folder.iterdir() if each.name.startswith(PREFIX)] == []


def test_pieces_of_an_encrypted_file_have_their_places(tmp_path: Path) -> None:
    path = tmp_path / "file"
    content = bytes(range(256)) * (3 * sealed.PIECE // 256)
    with path.open("wb") as file:
        sealed.write(file, [content], KEY)
    written = path.read_bytes()
    size = sealed.PIECE + sealed.TAG
    pieces = [written[start : start + size] for start in range(sealed.HEADER, len(written), size)]
    swapped = [pieces[1], pieces[0], *pieces[2:]]
    for changed in (swapped, pieces[:-1], pieces[1:], [*pieces, pieces[-1]]):
        path.write_bytes(written[: sealed.HEADER] + b"".join(changed))
        with pytest.raises(Refused), sealed.opened(path, KEY) as read:
            b"".join(read)
    path.write_bytes(written)
    with sealed.opened(path, KEY) as read:
        assert b"".join(read) == content


def test_a_backup_of_a_later_version_is_refused(
    example: Installation, new: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Installation(tmp_path / "there")
    shutil.copytree(example.folder, there.folder)
    with there.opened():
        with db.engine.execution_options(writing=True).begin() as connection:
            connection.exec_driver_sql("update alembic_version set version_num = '9999'")
        back_up(tmp_path / "later")
    copy = with_keys_of(example, new())
    [says] = copy.refused("restore", tmp_path / "later")
    assert says.startswith("The backup has version 9999 of the database")
    with copy.opened():
        assert is_empty()


@pytest.mark.parametrize("name", ["case_number_key", "HISTORY_KEY"])
def test_a_backup_without_the_keys_of_its_installation_is_refused(
    example: Installation, backed_up: Path, new: New, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = with_keys_of(example, new())
    if name == "HISTORY_KEY":
        monkeypatch.setenv(name, "another history key, which is long enough")
    else:
        (copy.folder / name).write_text("another-key-of-case-numbers" * 3)
    says = " ".join(copy.refused("restore", backed_up))
    assert name.upper() in says
    with copy.opened():
        assert is_empty()
        assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_all_keys_that_a_backup_needs_are_named_and_none_is_made(
    backed_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Installation(tmp_path / "fresh")
    monkeypatch.delenv("HISTORY_KEY")
    [says] = copy.refused("restore", backed_up)
    assert says == (
        "The backup needs keys that this installation does not have: CASE_NUMBER_KEY and HISTORY_KEY. Set "
        "them to the keys of the installation that was backed up, or copy its files case_number_key and "
        f"history_key to {copy.folder}."
    )
    assert [file.name for file in copy.folder.iterdir() if "key" in file.name or "sqlite" in file.name] == []


def test_keys_can_be_put_back_after_a_start_has_made_others(
    example: Installation, backed_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = os.environ["HISTORY_KEY"]
    copy = Installation(tmp_path / "fresh")
    copy.folder.mkdir()
    monkeypatch.setenv("HISTORY_KEY", "the key that the first start made by itself")
    assert copy.refused("restore", backed_up)
    monkeypatch.setenv("HISTORY_KEY", right)
    assert "38 people" in with_keys_of(example, copy).done("restore", backed_up)
    with copy.opened():
        assert checking.check().broken is None


def test_a_backup_goes_only_into_an_empty_installation(
    example: Installation, backed_up: Path, tmp_path: Path
) -> None:
    there = Installation(tmp_path / "there")
    shutil.copytree(example.folder, there.folder)
    [says] = there.refused("restore", backed_up)
    assert says.startswith("You can only restore a backup into an installation without people")


def test_a_backup_does_not_take_the_place_of_a_file(example: Installation, backed_up: Path) -> None:
    before = backed_up.read_bytes()
    assert example.refused("backup", backed_up) == [f"{backed_up} exists already, so choose a new name"]
    assert backed_up.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(example: Installation, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "file"
    assert example.refused("backup", path) == [f"{path} cannot be written (No such file or directory)"]


def test_backups_during_writing_are_each_of_one_moment(new: New, url: str, tmp_path: Path) -> None:
    """Three people at once write pairs of events: a backup has both of a pair or neither."""
    there = new("there", url)
    stop = threading.Event()
    with there.opened() as app:
        a_person("Jack Denny", roles=["coordinator"])

        def write() -> None:
            with app.app_context():
                while not stop.is_set():
                    with transaction():
                        record("jack", [Event("setting", "pair", "first half")])
                        record("jack", [Event("setting", "pair", "second half")])

        writers = [threading.Thread(target=write) for _ in range(3)]
        for writer in writers:
            writer.start()
        taken = [back_up(tmp_path / f"{number}.backup") for number in range(3)]
        stop.set()
        for writer in writers:
            writer.join()
    rows = [int(contents.history["rows"]) for contents in taken]
    assert rows == sorted(rows)
    for number in range(3):
        copy = with_keys_of(there, new(f"copy {number}"))
        copy.done("restore", tmp_path / f"{number}.backup")
        with copy.opened():
            halves = Counter(db.session.scalars(select(HistoryRow.what)))
        assert halves["first half"] == halves["second half"]


def test_a_backup_of_an_earlier_version_is_brought_up(new: New, tmp_path: Path) -> None:
    there = new("there")
    with there.opened():
        a_person("Jack Denny", roles=["coordinator"])
        go("0031", down=True)
        back_up(tmp_path / "earlier")
    copy = with_keys_of(there, new())
    copy.done("restore", tmp_path / "earlier")
    with copy.opened():
        assert migrating.is_current()
        assert db.session.scalars(select(Person.name)).all() == ["Jack Denny"]
        assert db.session.scalars(select(DatabaseIdentity.held_because)).all() != [None]


def test_a_copy_whose_work_was_killed_is_removed_and_one_at_work_is_not(
    example: Installation, tmp_path: Path
) -> None:
    with example.opened():
        left = example.folder / f"{PREFIX}left"
        left.mkdir()
        (left / "database").write_text("case files")
        with folder_for_a_copy() as at_work:
            assert not left.exists()
            remove_copies_left()
            assert at_work.is_dir()
        assert not at_work.exists()
        left.mkdir()
        remove_what_is_old(never)
        assert not left.exists()

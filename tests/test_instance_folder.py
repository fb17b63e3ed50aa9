"""The folder of an installation, which holds case numbers, is for its owner alone."""

import stat
from pathlib import Path

from config.settings import from_environment


def test_a_new_folder_and_its_secret_are_for_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "council" / "instance"
    from_environment({"INSTANCE_PATH": str(folder)})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


def test_a_folder_that_was_there_keeps_what_its_owner_set(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    from_environment({"INSTANCE_PATH": str(tmp_path)})
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750

"""The shape of the code: modules that say that they are pure are in the contract of rules."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
HELD = {contract["name"]: contract for contract in CONTRACTS}["Rules know neither the web nor the database"]


def _says_pure(path: Path) -> bool:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return re.search(r"\bPure\b", docstring.split("\n\n")[0]) is not None


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_exactly_what_says_pure_is_kept_from_the_web_and_the_database() -> None:
    pure = {_module(path) for path in (ROOT / "app").rglob("*.py") if _says_pure(path)}

    assert sorted(HELD["source_modules"]) == sorted(pure)


def test_no_folder_has_one_file() -> None:
    files = [path for path in (ROOT / "app").rglob("*.py") if path.name != "__init__.py"]
    folders = [path.parent for path in files]

    assert sorted({str(folder) for folder in folders if folders.count(folder) == 1}) == []

"""The shape of the code: modules that say that they are pure are in the contract of rules."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

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


NAMED = re.compile(
    r"""(?<![\w./<>{}'-])                       # not the end of a longer name, of a link or of a pattern
    (?: (?:[\w-]+/)*[\w-]+\.py\b                 # working_days.py, actions/lifecycle.py
      | (?:[\w-]+/)+[\w-]+\.(?:html|md|png|toml|txt)\b
      | (?:app|config|docs|templates)/[\w/-]*(?!\.\w)  # a folder
      | (?<=`)app(?:\.[a-z_]+)+ )                # app.findings.freezing.close""",
    re.VERBOSE,
)


def _there(name: str, folder: Path) -> bool:
    """Look for a named file, folder or module from the top, from app/ and from templates/; for a name alone
    beside the file that names it."""
    if name.startswith("app."):
        top, *parts = name.split(".")
        return any((ROOT / top / parts[0]).with_suffix(suffix).exists() for suffix in ("", ".py"))
    places = [ROOT, ROOT / "app", ROOT / "templates"]
    return any((place / name).exists() for place in (places if "/" in name else [folder]))


def test_every_file_that_a_text_names_is_there() -> None:
    texts = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    texts += [path for folder in ("app", "config") for path in (ROOT / folder).rglob("*.py")]
    texts += (ROOT / "config").glob("*.toml")
    missing = {
        f"{path.relative_to(ROOT)} names {name}"
        for path in texts
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
        if not _there(name, ROOT / "app" if path.suffix == ".md" else path.parent)
    }

    assert sorted(missing) == []


FOLDERS = ("app", "config", "migrations", "setup", "tests")
BEGINNINGS = re.compile(
    r"(What|One|Whether|Who|Whom|Whose|How|Where|When|Whatever|Everything|Everybody|Everyone|Somebody|Someone"
    r"|Nothing|Nobody|So|That|Which|Why|If|There|It|They|Each|All|Every|Some|Of|On|In|From|For|By|With|At|To)\b"
)


def _docstrings(code: str) -> Iterator[tuple[int, str]]:
    """Return the docstrings of code, also those below attributes and constants, each with its line."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Expr(lineno=line, value=ast.Constant(value=str(docstring))):
                yield line, docstring.strip()


def _begin_otherwise(code: str) -> list[str]:
    return [
        f"{line}: {docstring.splitlines()[0]}"
        for line, docstring in _docstrings(code)
        if BEGINNINGS.match(docstring)
    ]


def test_docstrings_begin_with_a_verb_or_with_the_thing() -> None:
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    others = [
        f"{path.relative_to(ROOT)}:{otherwise}"
        for path in sorted([*paths, *ROOT.glob("*.py")])
        for otherwise in _begin_otherwise(path.read_text(encoding="utf-8"))
    ]
    assert others == []


@pytest.mark.parametrize(
    "code",
    [
        '"""What a module has."""',
        'class Case:\n    """One case."""',
        'class Case:\n    """A case."""\n\n    team: str\n    """Whose case it is."""',
        'def late(days):\n    """How late it is."""\n    return days',
        'class Case:\n    async def late(self):\n        """\n        Whether it is late.\n        """',
        'MOST = 3\n"""So many of them fit."""',
        'if True:\n    MOST = 3\n    """In place of a number."""',
    ],
    ids=["module", "class", "attribute", "function", "method", "constant", "constant of a branch"],
)
def test_the_docstrings_of_each_kind_are_read(code: str) -> None:
    assert len(_begin_otherwise(code)) == 1


def _guards(code: str) -> list[int]:
    """Return the lines of assertions that say more than a type: Python leaves them out when it optimises."""

    def is_about_a_type(test: ast.expr) -> bool:
        match test:
            case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
                return True
            case ast.Call(func=ast.Name(id="isinstance" | "callable")):
                return True
            case ast.BoolOp(values=values):
                return all(is_about_a_type(value) for value in values)
        return False

    asserted = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Assert))
    return [node.lineno for node in asserted if not is_about_a_type(node.test)]


def test_an_assertion_says_what_the_types_cannot_and_guards_nothing() -> None:
    paths = [path for folder in FOLDERS if folder != "tests" for path in (ROOT / folder).rglob("*.py")]
    found = {str(path.relative_to(ROOT)): _guards(path.read_text(encoding="utf-8")) for path in paths}
    assert {path: lines for path, lines in found.items() if lines} == {}
    assert _guards("assert person is not None\nassert may_open(person)\nassert x is None or f(x)") == [2, 3]

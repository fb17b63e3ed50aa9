"""The style of texts (docs/style.md): the words that we no longer say, and what every text must have."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
STYLE = ROOT / "docs" / "style.md"


def _glossary() -> list[tuple[list[str], list[str]]]:
    """Return what we say and what we no longer say, row by row, in small letters."""
    rows = [
        re.split(r"\s*\|\s*", line.strip("| \n"))
        for line in STYLE.read_text(encoding="utf-8").split("## Glossary")[1].splitlines()
        if line.startswith("| ")
    ]
    return [
        ([word.strip().lower() for word in row[0].split(",")], [w.lower() for w in row[2].split("; ") if w])
        for row in rows
        if len(row) == 3 and row[0] not in ("we say", "---")
    ]


def test_no_word_is_both_said_and_no_longer_said() -> None:
    said = {word for says, _ in _glossary() for word in says}
    no_longer = [word for _, words in _glossary() for word in words]

    assert len(no_longer) > 40
    assert not said & set(no_longer)
    assert sorted(set(no_longer)) == sorted(no_longer)

"""The facts of the golden texts: numbers, dates, times, references, addresses. Words change, these do not.

`python -m tests.golden_facts` writes them anew, for when a feature changes what a message or report says.
"""

import json
import re
from pathlib import Path

TESTS = Path(__file__).parent
KEPT = TESTS / "golden_facts.json"

MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
KINDS = (
    re.compile(r"https?://[^\s“”)]+[^\s“”).,;:]"),
    re.compile(r"[\w.+-]+@[\w.-]+\w"),
    re.compile(rf"\b\d{{1,2}} (?:{MONTHS})[a-z]*\b(?: \d{{4}})?"),
    re.compile(r"\b\d{1,2}(?::\d\d|\.\d\d)?(?:am|pm)\b|\b\d{1,2}:\d\d\b"),
    re.compile(r"\b[A-Z]{1,3}-?\d[\w-]*|\b\d{4}-\d+\b"),
    re.compile(r"\b\d[\d,.]*\d%?|\b\d%?"),
)
"""The kinds of facts. Each is taken out of the text before the next is looked for."""


def golden_texts() -> dict[str, str]:
    """Return the golden texts by their path below `tests/`."""
    paths = sorted(TESTS.glob("*/golden/*.txt"))
    return {str(path.relative_to(TESTS)): path.read_text(encoding="utf-8") for path in paths}


def facts(text: str) -> list[str]:
    """Return the facts of a text, each once, in order.

    Months have three letters, and "a count from 1 to 4" is the same fact as "a count under 5".
    """
    facts: set[str] = set()
    text = re.sub(r"(?i)(counts?) from 1 to (\d+)", lambda said: f"{said[1]} under {int(said[2]) + 1}", text)
    for kind in KINDS:
        facts |= {re.sub(rf"\b({MONTHS})[a-z]*\b", r"\1", fact) for fact in kind.findall(text)}
        text = kind.sub(" ", text)
    return sorted(facts)


def kept() -> dict[str, list[str]]:
    """Return the facts that the golden texts are to have."""
    read: dict[str, list[str]] = json.loads(KEPT.read_text(encoding="utf-8"))
    return read


if __name__ == "__main__":
    rows = {path: facts(text) for path, text in golden_texts().items()}
    KEPT.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

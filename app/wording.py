"""Days, counts and lists in words: for pages, messages, the history, refusals and reports. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, time


def in_words(day: date | None) -> str:
    """Return "10 January 2011", or nothing where there is no day."""
    return f"{day.day} {day:%B %Y}" if day else ""


def full_day(day: date | None) -> str:
    """Return "Monday 10 January 2011", for messages."""
    return f"{day:%A} {in_words(day)}" if day else ""


def day_and_month(day: date) -> str:
    """Return "Monday 10 January", for messages about the days around today."""
    return f"{day:%A} {day.day} {day:%B}"


def short_day(day: date | None) -> str:
    """Return "Mon 10 Jan 2011", for tables."""
    return f"{day:%a} {day.day} {day:%b %Y}" if day else ""


def near_day(day: date, on: date) -> str:
    """Return "Mon 10 Jan", with the year where it is not this one: a list has little room."""
    return f"{day:%a} {day.day} {day:%b}" if day.year == on.year else short_day(day)


def time_of_day(at: time) -> str:
    """Return "8:30am", "5pm", "midday"."""
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def plural(number: int, noun: str, many: str | None = None) -> str:
    """Return "audit" for one, else "audits", "agencies"; `many` where it is made in another way."""
    if number == 1:
        return noun
    has_y = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    return many or (f"{noun[:-1]}ies" if has_y else f"{noun}s")


def counted(number: int, noun: str, many: str | None = None) -> str:
    """Return "1 audit", "2,600 audits"."""
    return f"{number:,} {plural(number, noun, many)}"


_ONE_OF = {"children": "child", "people": "person", "persons": "person"}
_BEFORE = {"a", "an", "at", "by", "for", "from", "in", "of", "on", "per", "to", "with"}
"""The words before which a unit names what is counted: "hours per week", "visits by a nurse"."""


def with_unit(number: str, unit: str) -> str:
    """Return a written number with a unit, which tools give in the plural: "5 visits", "1 visit"."""
    if number != "1":
        return f"{number} {unit}".rstrip()
    words = unit.split(" ")
    place = next((n for n, word in enumerate(words) if n and word.casefold() in _BEFORE), len(words)) - 1
    words[place] = _singular(words[place])
    return f"1 {' '.join(words)}".rstrip()


def _singular(noun: str) -> str:
    if noun.casefold() in _ONE_OF:
        return _ONE_OF[noun.casefold()]
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if noun.endswith(("sses", "shes", "ches", "xes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun


def in_digits(number: float) -> str:
    """Return "5" for 5.0, "2.5", "12,000"."""
    return f"{number:,.12g}"


def working_days(number: int) -> str:
    """Return "1 working day", "5 working days"."""
    return f"{number} {plural(number, 'working day')}"


def were(number: int) -> str:
    """Return "was" for one, else "were"."""
    return plural(number, "was", "were")


def have(number: int) -> str:
    """Return "has" for one, else "have"."""
    return plural(number, "has", "have")


def all_of(number: int) -> str:
    """Return "Both" for two, else "All 5", to begin a sentence."""
    return "Both" if number == 2 else f"All {number:,}"


def listed(names: Iterable[str], joined_by: str = "and") -> str:
    """Return "Crewe, Nantwich and Wilmslow"; also with "or"."""
    *before, last = list(names) or [""]
    return f"{', '.join(before)} {joined_by} {last}" if before else last


def quoted(names: Iterable[str]) -> str:
    """Return "“no”", "“no” or “not known”"."""
    return listed((f"“{name}”" for name in names), "or")


def capitalised(text: str) -> str:
    """Return the text with a capital at its beginning; the rest stays as it is: "ICS", "Crewe"."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return the text with a capital at its beginning and a full stop at its end."""
    text = text.strip()
    return capitalised(text) + ("" if not text or text[-1] in ".!?…" else ".")


def paragraphs(text: str) -> Sequence[str]:
    """Split a text at its empty lines; line breaks inside a paragraph become spaces."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [" ".join(block.split()) for block in blocks if block.strip()]

"""Words of free text that look like the name of a child or of somebody in the family.

Names are recognised by a list, and where a name is in no list or is also an ordinary word, by the words
around it: "her brother …", "…'s mother", "… said", "Mrs …", "the … family".
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_WORD = re.compile(r"[^\W\d_](?:['’-]?[^\W\d_])*")
_INITIALS = re.compile(r"(?<![\w.])[A-Z]\.\s?(?:[A-Z]\.\s?)?[A-Z]\b\.?(?!\.?\w)")


@dataclass(frozen=True)
class _Lists:
    """The lists of names.toml, which explains each of them."""

    first_names: frozenset[str]
    names_that_are_words: frozenset[str]
    relatives: frozenset[str]
    meets: frozenset[str]
    addresses: frozenset[str]
    says: frozenset[str]
    passive: frozenset[str]
    done_to: frozenset[str]
    of_a_person: frozenset[str]
    titles: frozenset[str]
    professional_titles: frozenset[str]
    of_a_place: frozenset[str]
    never_names: frozenset[str]
    known_letters: frozenset[str]


@cache
def _lists() -> _Lists:
    with Path(__file__).with_name("names.toml").open("rb") as file:
        return _Lists(**{name: frozenset(words.split()) for name, words in tomllib.load(file).items()})


@dataclass(frozen=True)
class _Word:
    """A word of the text as it is written, and the characters between it and the word before."""

    written: str
    gap: str

    @property
    def possessive(self) -> bool:
        return self.written.lower().endswith(("'s", "’s"))

    @property
    def bare(self) -> str:
        """Return the word without the 's of a possessive."""
        return self.written[:-2] if self.possessive else self.written

    @property
    def plain(self) -> str:
        return self.bare.lower()

    @property
    def capital(self) -> bool:
        """True when it begins with a capital and is no abbreviation."""
        return self.bare[0].isupper() and (not self.bare.isupper() or len(self.bare) > 4)

    @property
    def begins(self) -> bool:
        """True for the first word of a sentence, where every word has its capital."""
        return not self.gap or bool(re.search(r"[.!?:\n]", self.gap))


_NOTHING = _Word("-", "\n")


def names_in(text: str) -> list[str]:
    """Return what looks like a person's name or initials, as written, each once, in the order of the text."""
    words = _words(text)
    names = [_name_at(words, place) for place in range(len(words))]
    initials = [
        match.group().rstrip()
        for match in _INITIALS.finditer(text)
        if re.sub(r"[^A-Z]", "", match.group()) not in _lists().known_letters
    ]
    return list(dict.fromkeys([name for name in names if name is not None] + initials))


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for match in _WORD.finditer(text):
        words.append(_Word(match.group(), text[end : match.start()]))
        end = match.end()
    return words


def _name_at(words: list[_Word], place: int) -> str | None:
    """Return the name that begins with this word; None where none does."""
    word = words[place]
    before = words[place - 1] if place else _NOTHING
    after = words[place + 1] if place + 1 < len(words) else _NOTHING
    if before.plain in _lists().professional_titles or _is_a_place(words, place):
        return None
    if word.plain in _lists().names_that_are_words:
        is_name = word.capital and _stands_for_a_person(words, place)
    elif any(part in _lists().first_names for part in (word.plain, *word.plain.split("-"))):
        is_name = word.bare[0].isupper() or (len(word.plain) > 3 and _stands_for_a_person(words, place))
    else:
        is_name = _is_unknown_name(words, place)
    if not is_name:
        return None
    surname = after.capital and not after.begins and not after.gap.strip() and not word.possessive
    return f"{word.bare} {after.bare}" if surname and after.plain not in _lists().never_names else word.bare


def _is_a_place(words: list[_Word], place: int) -> bool:
    """True for a name that goes on as the name of a place: St Mary's Primary School, Victoria Road."""
    for later in words[place + 1 : place + 4]:
        if later.gap.strip() or not later.bare[0].isupper():
            return False
        if later.plain in _lists().of_a_place:
            return True
    return False


def _stands_for_a_person(words: list[_Word], place: int) -> bool:
    """True for a word that said something, was seen, has a mother, or is somebody's brother."""
    word, before = words[place], words[place - 1] if place else _NOTHING
    before_that = words[place - 2].plain if place > 1 else ""
    after, after_that = ([later.plain for later in words[place + 1 : place + 3]] + ["", ""])[:2]
    if word.possessive:
        return after in _lists().of_a_person
    if after in _lists().says or (after in _lists().passive and after_that in _lists().done_to):
        return True
    if word.gap.strip():
        return _is_set_apart(words, place)
    spoken_to = before.plain == "to" and before_that in _lists().addresses
    is_relative = before.plain in _lists().relatives and not before.possessive
    return before.plain in _lists().titles or is_relative or before.plain in _lists().meets or spoken_to


def _is_set_apart(words: list[_Word], place: int) -> bool:
    """True between commas or in brackets: The child, Shanice, was …; father (Darren Whittle)."""
    if words[place].gap not in (", ", " (", ": ") or words[place - 1].plain not in _lists().relatives:
        return False
    return any(later.gap[:1] in (",", ")") for later in words[place + 1 : place + 3])


def _is_unknown_name(words: list[_Word], place: int) -> bool:
    """True for a name that is in no list, by the words around it."""
    word, before = words[place], words[place - 1] if place else _NOTHING
    after = words[place + 1] if place + 1 < len(words) else _NOTHING
    if len(word.bare) == 2 and word.bare.isupper() and word.bare not in _lists().known_letters:
        return before.plain in _lists().relatives and not before.possessive and not word.gap.strip()
    if not word.capital or word.plain in _lists().never_names | _lists().relatives | _lists().of_a_place:
        return False
    if before.plain in _lists().titles and word.gap in (" ", ". "):
        return True
    if word.possessive and after.plain in _lists().of_a_person:
        return True
    if word.begins:
        return False
    if after.plain in ("family", "household"):
        return True
    return _stands_for_a_person(words, place) and before.plain not in _lists().meets

"""Names and references: when two spellings are one. Pure.

Names of teams, places, factors, bodies and other lists are one when they differ only in letter case, in the
kind of apostrophe, quote or dash, in "&" for "and", or in hyphens, underscores and spaces. References are one
whatever their letter case.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import lru_cache
from typing import TypeVar

Value = TypeVar("Value")

_APOSTROPHES = "`´‘’‚‛‹›ʹʻʼʽˈ′‵＇"
_QUOTES = "“”„‟«»ʺ″‶〝〞〟＂"
DASHES = "‐‑‒–—―⁃−˗֊\u05be᐀᠆〜〰゠⸗⸚⸺⸻⹀\u2e5d\U00010ead︱︲﹘﹣－"
"""Hyphens, dashes and minus signs, without the one of keyboards."""

# before NFKC too, which takes some of them apart: "´" becomes a space with an accent
_ONE_KIND = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_QUOTES, '"')
    | dict.fromkeys(f"{DASHES}⁻₋➖", " ")
    | dict.fromkeys("-_", " ")
    | {"&": " and "}
)

_LONGEST_NAME = 200


def folded(name: str) -> str:
    """Return a name as it is compared: two names are one when these are the same."""
    return _folded_name(name) if len(name) <= _LONGEST_NAME else _folded(name)


def _folded(name: str) -> str:
    if not name.isascii():
        name = unicodedata.normalize("NFKC", without_unseen(name.translate(_ONE_KIND)))
    name = name.translate(_ONE_KIND).casefold()
    return " ".join(name.split() if name.isascii() else unicodedata.normalize("NFKC", name).split())


_folded_name = lru_cache(maxsize=8192)(_folded)
"""Remembers the names of a large file. A long text is none, and would only fill the memory."""


def without_unseen(written: str) -> str:
    """Return the text without the characters that have no width, such as marks of byte order or direction."""
    if written.isascii():
        return written
    return "".join(character for character in written if unicodedata.category(character) != "Cf")


def folded_reference(reference: str) -> str:
    """Return a reference as it is compared: letter case and spaces around it make no difference."""
    return unicodedata.normalize("NFC", reference.strip().casefold())


class _Spelt(MutableMapping[str, Value]):
    """Values by what they are called, however that is spelt. Its keys are the spellings that came first."""

    fold: Callable[[str], str]

    def __init__(self, known: Mapping[str, Value] | Iterable[tuple[str, Value]] = ()) -> None:
        self._kept: dict[str, tuple[str, Value]] = {}
        self.update(known)

    def __getitem__(self, name: str | None) -> Value:
        if name is None:  # an empty cell
            raise KeyError(name)
        return self._kept[self.fold(name)][1]

    def __setitem__(self, name: str, value: Value) -> None:
        fold = self.fold(name)
        self._kept[fold] = (self._kept[fold][0] if fold in self._kept else name, value)

    def __delitem__(self, name: str) -> None:
        del self._kept[self.fold(name)]

    def __iter__(self) -> Iterator[str]:
        return (spelling for spelling, _ in self._kept.values())

    def __len__(self) -> int:
        return len(self._kept)


class Names(_Spelt[Value]):
    """Values by the names of a list, such as the ids of teams."""

    fold = staticmethod(folded)


class References(_Spelt[Value]):
    """Values by the references of things of one kind, such as audits."""

    fold = staticmethod(folded_reference)

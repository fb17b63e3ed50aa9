"""Masking the names of staff in texts that people wrote, for papers that name nobody. Pure."""

import re
from collections.abc import Callable, Iterable

MASK = "[name]"


def masking_names(names: Iterable[str]) -> Callable[[str], str]:
    """Return a function that masks these names in a text, however spaces and letter case are written.

    A name of one word is left: it may be any word.
    """
    several = sorted((name.split() for name in names), key=len, reverse=True)
    spelt = [r"\s+".join(map(re.escape, words)) for words in several if len(words) > 1]
    if not spelt:
        return lambda text: text
    search = re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})(?!\w)", re.IGNORECASE)
    return lambda text: search.sub(MASK, text)

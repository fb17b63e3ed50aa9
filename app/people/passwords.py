"""The rules for passwords. Pure."""

import re
from collections.abc import Collection, Sequence

SHORTEST, LONGEST = 12, 200

LOOKED_AT = 72
"""The characters that are looked at for words and patterns: as many as zxcvbn takes."""

HARD_ENOUGH = 3
"""zxcvbn's score for what takes more than a hundred million guesses; 4 is the highest."""

BETTER = "use 3 random words instead"


def refuse(password: str, known: Sequence[str]) -> str | None:
    """Return why this password is refused, as a sentence; None when it is accepted.

    `known` are the names and addresses that would be the first guesses: those of the person, the council and
    the service. Length counts most; what many people use is known from the word lists of zxcvbn.
    """
    if len(password) < SHORTEST:
        return f"Password must be {SHORTEST} characters or more"
    if len(password) > LONGEST:
        return f"Password must be {LONGEST} characters or fewer"
    guesses = _words(known)
    if _is_made_of(password, guesses):
        return f"Password must not be made of your name, your email address, the council or service: {BETTER}"
    # here, because its word lists take memory that few pages need
    from zxcvbn import zxcvbn

    seen = zxcvbn(password[:LOOKED_AT], user_inputs=sorted(guesses))
    words = [part for part in seen["sequence"] if part.get("dictionary_name") == "passwords"]
    common = {word["token"].lower() for word in words if not word["token"].isdigit()}
    if len(common) == 1 and _is_made_of(password, common):
        return f"Password must not be like one that many people use: {BETTER}"
    if seen["score"] < HARD_ENOUGH:
        return f"Password must not be easy to guess from common words, names or patterns: {BETTER}"
    return None


def _words(known: Sequence[str]) -> set[str]:
    """Return the words of names and addresses that are long enough to be seen in a password."""
    return {word for text in known for word in re.findall(r"[^\W\d_]{3,}", text.lower())}


def _is_made_of(password: str, words: Collection[str]) -> bool:
    """Return True when little but these words, digits and signs is in a password."""
    rest = password.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return rest != password.lower() and sum(sign.isalpha() for sign in rest) < 6

"""The rules for passwords. Pure."""

SHORTEST, LONGEST = 12, 200


def refuse(password: str, email: str) -> str | None:
    """Return why this password is refused, as a sentence; None when it is accepted.

    Length counts most. The address, or a part of it, would be the first guess.
    """
    if len(password) < SHORTEST:
        return f"The password must have at least {SHORTEST} characters."
    if len(password) > LONGEST:
        return f"The password must have at most {LONGEST} characters."
    guess = password.strip().lower()
    if guess in email.lower():
        return "The password must not be the email address."
    if len(set(guess)) < 5:
        return "The password must have at least 5 different characters."
    return None

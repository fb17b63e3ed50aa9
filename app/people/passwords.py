"""The rules for passwords. Pure."""

SHORTEST, LONGEST = 12, 200


def refuse(password: str, email: str) -> str | None:
    """Return why this password is refused, as a sentence; None when it is accepted.

    Length counts most. The address, or a part of it, would be the first guess.
    """
    if len(password) < SHORTEST:
        return f"Password must be {SHORTEST} characters or more"
    if len(password) > LONGEST:
        return f"Password must be {LONGEST} characters or fewer"
    guess = password.strip().lower()
    if guess in email.lower():
        return "Password must not be the email address or part of it"
    if len(set(guess)) < 5:
        return "Password must have at least 5 different characters"
    return None

"""What a password must be. Pure."""

SHORTEST, LONGEST = 12, 200


def refuse(password: str, email: str) -> str | None:
    """Return why this password cannot be taken, as a sentence; None when it can.

    Length is what counts. A password that is the address, or part of it, is the first that is guessed.
    """
    if len(password) < SHORTEST:
        return f"The password must have at least {SHORTEST} characters."
    if len(password) > LONGEST:
        return f"The password must have at most {LONGEST} characters."
    said = password.strip().lower()
    if said in email.lower() or email.lower().split("@")[0] == said:
        return "The password must not be the email address."
    if len(set(said)) < 5:
        return "The password must have at least 5 different characters."
    return None

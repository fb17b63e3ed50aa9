"""The ways in which signing in with a council account ends without an account."""


class NoAnswer(Exception):
    """The provider cannot be reached, or fails."""


class NotBegun(Exception):
    """No sign-in of this browser waits for this answer: it was used, is too old, or comes from elsewhere."""


class TurnedAway(Exception):
    """The provider itself let nobody in: they gave up, or may not use this service."""


class NotBelieved(Exception):
    """The provider's answer is not signed by it, not for this service, or not of this council."""

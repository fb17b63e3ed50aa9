"""How a change that the rules do not allow is refused."""


class Refused(ValueError):
    """A change was refused and nothing changed. The text is one sentence for the person who asked for it."""


class NotNow(Refused):
    """Refused for what the audit is now: its state, or a change that somebody else made meanwhile."""

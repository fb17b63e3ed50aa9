"""The refusals of changes that the rules do not allow."""


class Refused(ValueError):
    """The refusal of a change; nothing has changed. Its text is one sentence for the person who tried."""


class NotNow(Refused):
    """A refusal because of the state of the thing, or because somebody else has changed it meanwhile."""

"""The refusals of changes that the rules do not allow."""


class Refused(ValueError):
    """The refusal of a change; nothing has changed. Its text is one sentence for the person who tried."""


class NotNow(Refused):
    """A refusal because of the state of the thing, or because somebody else has changed it meanwhile."""


class Removed(NotNow):
    """A refusal because somebody else removed the thing since the page was shown."""


class ChangedMeanwhile(NotNow):
    """A refusal because somebody else changed the thing since the page was shown.

    The page shows both versions; whoever sends it again has seen them, and saves over the other's.
    """

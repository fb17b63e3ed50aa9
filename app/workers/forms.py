"""The forms of a worker's reply: read and checked for completeness here, carried out by the moves."""

from app.moves.fields import NO_CHILD, WordsField
from app.moves.forms import MoveForm


class ReplyForm(MoveForm):
    """The form of the one reply that a worker can give."""

    said = WordsField("Your reply", named="your reply", hint=f"You can reply once. {NO_CHILD}")

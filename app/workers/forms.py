"""The forms of a worker's reply and of a talk: read and checked for completeness here, carried out by the
moves."""

from app.moves.fields import NO_CHILD, DateField, WordsField
from app.moves.forms import MoveForm


class ReplyForm(MoveForm):
    """The form of the one reply that a worker can give."""

    said = WordsField("Your reply", named="your reply", hint=f"You can reply once. {NO_CHILD}")


class TalkForm(MoveForm):
    """The form of a talk about the audit with the worker."""

    day = DateField("When was the talk?", named="the date of the talk")
    who = WordsField(
        "Who took part?",
        has_names=True,
        named="who took part",
        hint="For example, the worker, their manager and you",
    )
    agreed = WordsField("What was agreed?", named="what was agreed", hint=NO_CHILD)

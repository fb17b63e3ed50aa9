"""The form to write up an example of good work."""

from app.moves.fields import ChoiceField, LineField, WordsField
from app.moves.forms import MoveForm


class ExemplarForm(MoveForm):
    """The text of an exemplar, for all staff to read."""

    title = LineField(
        "Title",
        named="a title",
        hint="A few words, such as “The child’s own words in every visit note”",
        longest=120,
    )
    question = ChoiceField("Which key area is it about?", named="a key area", needed=False)
    text = WordsField(
        "What is good about it, and why does it help?",
        named="what is good about it",
        hint="All staff can read this. Do not mention a child, family, worker, team, place or date.",
    )

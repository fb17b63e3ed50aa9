"""The form to write up an example of good work."""

from wtforms import SelectField

from app.moves.forms import MoveForm, line_field, words_field


class ExemplarForm(MoveForm):
    """The text of an exemplar, for all staff to read."""

    title = line_field(
        "Title",
        "Enter a title.",
        "A few words, such as “The child’s own words in every visit note”.",
        120,
    )
    question = SelectField("Which key area is it about?", coerce=str)
    text = words_field(
        "What is good about it, and why it helps",
        "Say what was good about it.",
        hint="In your own words. No child, family, worker, team, place or date: all staff read it.",
    )

"""The form in which an example of good work is written up."""

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.moves.forms import MoveForm, stripped, words_field


class ExemplarForm(MoveForm):
    """What was good, for all staff to read."""

    title = StringField(
        "Title",
        [InputRequired("Enter a title."), Length(max=120, message="Use 120 characters or fewer.")],
        description="A few words, such as “The child’s own words in every visit note”.",
        filters=[stripped],
    )
    question = SelectField("Which key area is it about?", coerce=str)
    text = words_field(
        "What is good about it, and why it helps",
        "Say what was good about it.",
        hint="In your own words. No child, family, worker, team, place or date: all staff read it.",
    )

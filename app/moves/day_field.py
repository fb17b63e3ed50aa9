"""A day in a form: three fields, day, month and year."""

from datetime import date

from wtforms import Field


class DayField(Field):
    """A day in three fields of one name. `data` is the day, or None where all three are empty."""

    parts: tuple[str, str, str] = ("", "", "")

    def process_data(self, value: date | None) -> None:
        self.data = value
        if value:
            self.parts = (str(value.day), str(value.month), str(value.year))

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        day, month, year = (*(part.strip() for part in valuelist[:3]), "", "", "")[:3]
        self.parts, self.data = (day, month, year), None
        if not any(self.parts):
            return
        try:
            self.data = date(int(year), int(month), int(day))
        except ValueError:
            raise ValueError(f"{self.label.text} must be a real day, such as 27 3 2027") from None
        if not 1900 <= self.data.year <= 2199:
            self.data = None
            raise ValueError(f"{self.label.text} must have a year of four digits, such as 2027")

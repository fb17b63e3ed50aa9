"""A reason why a version of a tool cannot be published, with its place. Pure."""

from dataclasses import dataclass

from app.tools.saying import FIELDS

Place = tuple[str | int, ...]
"""The place of a fault in a file: "section", 2, "question", 1, "key"."""

_OF_THE_OVERALL_GRADE = {"of": "question", "if_any": "grade", "at_most": "highest grade"}


@dataclass(frozen=True)
class Unsound:
    """A reason not to publish. `why` is a clause such as "has no questions"."""

    place: Place
    why: str
    value: str | None = None

    def __str__(self) -> str:
        """Return a sentence for the writer of the tool: "Section 2 has no questions"."""
        return f"{self._subject()} {self.why}"

    def _subject(self) -> str:
        match self.place:
            case ("tool", "overall"):
                return f"The overall grade{self._value()}"
            case ("limit",):
                return "A limit of the overall grade"
            case ("limit", number, str(name)):
                return (
                    f"Limit {number} of the overall grade: the {_OF_THE_OVERALL_GRADE[name]}{self._value()}"
                )
            case ("scales",) | ("section",):
                return f"The list of {'scales' if self.place[0] == 'scales' else 'sections'}"
            case ("scales", name, *response):
                return f"Scale “{name}”" + "".join(f", response “{label}”," for label in response)
            case ("section", number):
                return f"Section {number}"
            case ("section", number, str(name)):
                return f"Section {number}: the {FIELDS[name]}{self._value()}"
            case ("section", number, "question", position, str(name)):
                return f"Section {number}, question {position}: the {FIELDS[name]}{self._value()}"
            case (*_, name):
                return f"The {name}{self._value()}"
        return ""

    def _value(self) -> str:
        return f" “{self.value}”" if self.value else ""

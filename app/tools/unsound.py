"""A reason why a version of a tool cannot be published, with its place. Pure."""

from dataclasses import dataclass

Place = tuple[str | int, ...]
"""The place of a fault in a file: "section", 2, "question", 1, "key"."""


@dataclass(frozen=True)
class Unsound:
    """A reason not to publish. `why` is a clause such as "has no questions"."""

    place: Place
    why: str
    value: str | None = None

    def __str__(self) -> str:
        """Return a sentence for the writer of the tool: "Section 2 has no questions"."""
        match self.place:
            case ("limit",):
                return f"A limit of the overall grade {self.why}"
            case ("scales",) | ("section",):
                return f"The list of {'scales' if self.place[0] == 'scales' else 'sections'} {self.why}"
            case ("scales", name, *response):
                subject = f"Scale “{name}”" + "".join(f", response “{label}”," for label in response)
            case ("section", number):
                subject = f"Section {number}"
            case ("section", number, "question", position, name):
                subject = f"Section {number}, question {position}: the {name} “{self.value}”"
            case (*_, name):
                subject = f"The {name} “{self.value}”"
        return f"{subject} {self.why}"

"""The forms of pages, as a browser holds them, and filled in by somebody in a hurry."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

Entries = dict[str, list[str]]

LINE, LINES = "Words in a line", "There is a reason.\nIt has two lines."
DAY = ("10", "12", "2010")


class Form:
    """A form of a page: its address, its fields with their values, and the choices of each."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.held: Entries = {}
        self.kinds: dict[str, str] = {}
        self.choices: Entries = {}

    @property
    def path(self) -> str:
        """The address without its question."""
        return urlsplit(self.address).path

    def filled_in(self) -> Entries:
        """Return the entries with every empty field filled in: a text, the first choice, a day; no boxes."""
        sent = {name: list(values) for name, values in self.held.items()}
        for name, kind in self.kinds.items():
            values = sent.get(name, [])
            if kind in ("select", "radio") and not any(values):
                sent[name] = [choice for choice in self.choices.get(name, []) if choice][:1]
            elif kind == "textarea" and not values[0].strip():
                sent[name] = [LINES]
            elif kind == "text" and not any(values):
                sent[name] = list(DAY) if len(values) == len(DAY) else [LINE]
        return sent


class Forms(HTMLParser):
    """The forms of a page that are posted."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self._in: Form | None = None
        self._select = self._textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._in = None
            if given.get("method", "").lower() == "post":
                self._in = Form(urljoin(self.address, given.get("action") or self.address))
                self.forms.append(self._in)
        elif self._in is not None:
            self._field(self._in, tag, given)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "text")
        if tag == "select":
            self._select = name
            form.kinds[name] = "select"
        elif tag == "option":
            form.choices.setdefault(self._select, []).append(value)
            if "selected" in given:
                form.held[self._select] = [value]
        elif tag == "textarea":
            self._textarea = name
            form.held[name] = [""]
            form.kinds[name] = "textarea"
        elif tag == "input" and kind in ("radio", "checkbox"):
            form.kinds[name] = kind
            form.choices.setdefault(name, []).append(value)
            if "checked" in given:
                form.held.setdefault(name, []).append(value)
        elif tag == "input" and kind != "file":
            form.held.setdefault(name, []).append(value)
            form.kinds[name] = "hidden" if kind == "hidden" else "text"

    def handle_data(self, data: str) -> None:
        if self._textarea and self._in is not None:
            # the first line break in a text area is none of its text
            self._in.held[self._textarea][0] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = None
        elif tag == "textarea":
            self._textarea = ""


def forms_to(page: str, path: str, at: str) -> list[Form]:
    """The forms of the page at an address that are sent to that path."""
    found = [form for form in Forms(page, at).forms if form.path == path]
    assert found, f"no form of {at} is sent to {path}"
    return found


def form_to(page: str, path: str, at: str) -> Form:
    """The form of the page at an address that is sent to that path."""
    return forms_to(page, path, at)[0]

"""The texts of the product, as they are written in its code and templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).parents[1]
_LEXER = Environment(autoescape=True)
_READ_ALOUD = re.compile(r'\b(?:aria-label|alt|placeholder|title)="([^"]*)"')


def texts_of_code() -> Iterator[tuple[str, str]]:
    """Yield where and what: each string in `app/` and `config/` that has words, without docstrings."""
    for folder in ("app", "config"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
                    words = " ".join(node.value.split())
                    # one word in small letters is a name for programs: a kind, a key, a column
                    if " " in words or words[:1].isupper():
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", words


def texts_of_templates() -> Iterator[tuple[str, str]]:
    """Yield where and what: the words between tags, read-aloud attributes, and strings in expressions."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        source = path.read_text(encoding="utf-8")
        markup = re.sub(r"{#.*?#}", "", source, flags=re.DOTALL)
        between = re.sub(r"{[{%].*?[%}]}", " ", markup, flags=re.DOTALL)
        words = [*_READ_ALOUD.findall(between), re.sub(r"<[^>]*>", " ", between)]
        strings = [value[1:-1].strip() for _, kind, value in _LEXER.lex(source) if kind == "string"]
        words += [value for value in strings if " " in value]
        for text in words:
            if text.strip():
                yield str(path.relative_to(ROOT)), " ".join(text.split())

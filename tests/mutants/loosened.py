"""Functions with one thing in them changed, as a slip of the hand would: a day, a condition, a role."""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any

OFF_BY_A_DAY = {ast.LtE: ast.Lt, ast.Lt: ast.LtE, ast.GtE: ast.Gt, ast.Gt: ast.GtE}
NEGATED = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn}
NEGATED |= {ast.NotIn: ast.In}
OTHER_CALLS = {"and_": "or_", "or_": "and_", "is_": "is_not", "is_not": "is_", "in_": "not_in"}
OTHER_ROLES = {"MANAGER": "PRACTITIONER", "COORDINATOR": "PRACTITIONER", "MODERATOR": "PRACTITIONER"}
OTHER_ENDS = {"max": "min", "min": "max", "desc": "asc"}
CONDITIONS = ("where", "and_", "or_")


@dataclass(frozen=True)
class Loosened:
    """A change of a function: its kind, the line as it became, and the function."""

    kind: str
    says: str
    code: Callable[..., Any]


def loosened(function: FunctionType) -> Iterator[Loosened]:
    """Yield the function with each change that can be made in it, one at a time."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list, definition.returns = [], None
    for argument in ast.walk(definition.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    if ast.get_docstring(definition) is not None:
        definition.body = definition.body[1:]
    nodes = list(ast.walk(definition))
    for place, node in enumerate(nodes):
        for kind, change in _changes(node):
            changed = copy.deepcopy(definition)
            there = list(ast.walk(changed))[place]
            change(there)
            yield Loosened(kind, _line(definition, changed), _compiled(changed, function))


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:  # noqa: C901  a table
    match node:
        case ast.Compare(ops=[op]) if type(op) in OFF_BY_A_DAY:
            yield "a day off", lambda it: _set(it, "ops", [OFF_BY_A_DAY[type(it.ops[0])]()])
        case ast.Compare(ops=[_, _]):
            for number in range(2):
                yield "a day off", partial(_off_by_a_day, number)
        case ast.Compare(ops=[op]) if type(op) in NEGATED:
            yield "negated", lambda it: _set(it, "ops", [NEGATED[type(it.ops[0])]()])
        case ast.BoolOp():
            other = ast.Or if isinstance(node.op, ast.And) else ast.And
            yield "and, or", lambda it: _set(it, "op", other())
            for number in range(len(node.values)):
                yield "a condition dropped", partial(_drop, "values", number)
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            turned = ast.BitOr if isinstance(node.op, ast.BitAnd) else ast.BitAnd
            yield "and, or", lambda it: _set(it, "op", turned())
            yield "a condition dropped", lambda it: _become(it, it.left)
            yield "a condition dropped", lambda it: _become(it, it.right)
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            yield "not dropped", lambda it: _become(it, it.operand)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            if name in OTHER_CALLS:
                yield "and, or" if name.endswith("d_") or name == "or_" else "negated", _rename
            if name in CONDITIONS and len(node.args) > 1:
                for number in range(len(node.args)):
                    yield "a condition dropped", partial(_drop, "args", number)
            elif name == "where" and len(node.args) == 1:
                yield "a condition dropped", lambda it: _become(it, it.func.value)
            if name in OTHER_ENDS:
                yield "the other end", lambda it: _rename(it, OTHER_ENDS)
        case ast.comprehension(ifs=[_]):
            yield "a condition dropped", lambda it: _set(it, "ifs", [])
        case ast.Attribute(attr=name) if name in OTHER_ROLES:
            yield "another role", lambda it: _set(it, "attr", OTHER_ROLES[it.attr])
        case ast.Constant(value=bool()):
            yield "the other answer", lambda it: _set(it, "value", not it.value)
        case ast.IfExp():
            yield "one way always", lambda it: _become(it, it.body)
            yield "one way always", lambda it: _become(it, it.orelse)
        case ast.If():
            yield "a condition dropped", lambda it: _set(it, "test", ast.Constant(False))


def _set(node: ast.AST, name: str, value: object) -> None:
    setattr(node, name, value)


def _drop(name: str, number: int, node: ast.AST) -> None:
    parts = getattr(node, name)
    del parts[number]
    if isinstance(node, ast.BoolOp) and len(parts) == 1:
        _become(node, parts[0])


def _rename(node: ast.Call, names: dict[str, str] = OTHER_CALLS) -> None:
    if isinstance(node.func, ast.Name):
        node.func.id = names[node.func.id]
    elif isinstance(node.func, ast.Attribute):
        node.func.attr = names[node.func.attr]


def _off_by_a_day(number: int, node: ast.Compare) -> None:
    node.ops[number] = OFF_BY_A_DAY[type(node.ops[number])]()


def _become(node: ast.AST, other: ast.AST) -> None:
    """Put another node in the place of one."""
    node.__class__ = other.__class__
    node.__dict__.clear()
    node.__dict__.update(other.__dict__)


def _line(before: ast.FunctionDef, after: ast.FunctionDef) -> str:
    """Return the first line that differs, as it became."""
    old, new = ast.unparse(before).splitlines(), ast.unparse(after).splitlines()
    changed = [line for number, line in enumerate(new) if number >= len(old) or line != old[number]]
    return changed[0].strip() if changed else new[-1].strip()


def _compiled(definition: ast.FunctionDef, function: FunctionType) -> Callable[..., Any]:
    module = ast.fix_missing_locations(ast.Module([definition], []))
    names = dict(function.__globals__)
    exec(compile(module, function.__code__.co_filename, "exec"), names)  # noqa: S102  our own function
    made: Callable[..., Any] = names[definition.name]
    return made

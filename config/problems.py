"""Turns Pydantic's errors into `ConfigProblem`s that name file, line and key, and never a secret."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from config.fields import IDENTIFIER_PATTERN, USER_AGENT_PATTERN
from config.layers import problem_at
from config.shape import allowed_keys, is_model, is_secret, type_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from config.layers import Resolved
    from config.yamlfile import KeyPath
    from core.errors import ConfigProblem

_SIMPLE = {
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "dict_type": "must hold keys below it, indented",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "path_type": "must be a path",
    "string_too_short": "must not be empty",
    "tuple_type": "must be a list, such as [a, b]",
}
_PATTERNS = {
    IDENTIFIER_PATTERN: "must be lower-case letters, digits and hyphens, starting with a letter or digit",
    USER_AGENT_PATTERN: "must be printable ASCII on one line",
}
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
    "string_too_long": ("no longer than", "max_length"),
}


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` when a known word is near, else an empty text."""
    near = get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""


def in_file_order(problems: Iterable[ConfigProblem], files: Iterable[str] = ()) -> list[ConfigProblem]:
    """Return problems without repeats, file by file, those of one file by line.

    Args:
        problems: In any order.
        files: Names of files in the order in which they are to be told; others follow as they come.
    """
    unique = list(dict.fromkeys(problems))
    files = list(dict.fromkeys([*files, *(_place(problem)[0] for problem in unique)]))
    return sorted(unique, key=lambda problem: (files.index(_place(problem)[0]), _place(problem)[1]))


def _place(problem: ConfigProblem) -> tuple[str, int]:
    name, _, line = problem.where.rpartition(":")
    return (name, int(line)) if line.isdecimal() else (problem.where, 0)


def problems_of(
    error: ValidationError,
    resolved: Resolved,
    *,
    model: type[BaseModel],
    prefix: KeyPath = (),
    told: Collection[KeyPath] = (),
) -> list[ConfigProblem]:
    """Translate every error of a validation.

    Args:
        error: What Pydantic found.
        resolved: What was validated; values that came out of `${…}` or a file are not shown.
        model: Against what.
        prefix: Keys above the tree, to be shown before each path.
        told: Paths whose faults were told already; that they, or what holds them, are amiss is not told again.
    """
    known = {*resolved.failed, *told}
    problems = []
    for detail in error.errors(include_url=False):
        path = path_of(detail)
        if any(before[: len(path)] == path for before in known):
            continue
        message = _message(detail, path, model=model, written=resolved.templates.get(path))
        problems.append(problem_at(resolved.tree, path, message, prefix=prefix))
    return problems


def path_of(detail: ErrorDetails) -> KeyPath:
    """Return where Pydantic found an error; for a bad key, the key itself."""
    is_key = detail["loc"][-1:] == ("[key]",) and detail["type"] != "extra_forbidden"
    return detail["loc"][:-1] if is_key else detail["loc"]


def _message(detail: ErrorDetails, path: KeyPath, *, model: type[BaseModel], written: str | None) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    is_shown = written is None and not is_secret(model, path)
    if kind == "extra_forbidden":
        return _unknown_key(path, model)
    if kind == "missing":
        return f"is required{f'; or give `{path[-1]}_file`' if is_secret(model, path) else ''}"
    if kind == "model_type":
        return f"must hold keys below it, such as `{allowed_keys(type_at(model, path))[0]}`"
    if kind == "literal_error":
        return _choice(detail["input"], context["expected"], is_shown=is_shown)
    if kind == "string_type":
        return _no_text(detail["input"])
    if kind == "value_error":
        return _without_value(str(context["error"]), str(detail["input"]), written)
    return _constant(kind, context) or (detail["msg"] if is_shown else "has a value that is not valid here")


def _without_value(message: str, value: str, written: str | None) -> str:
    """Return a message with a value that was filled in replaced by what was written in its place."""
    if written is None:
        return message
    hidden = message.replace(repr(value), written)
    return f"{written} gives a value that is not valid here" if value in hidden.replace(written, "") else hidden


def _constant(kind: str, context: Mapping[str, Any]) -> str:
    """Return what is to be said whatever the value was; empty when that is not known."""
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], "")
    if kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        return f"must be {words} {context[bound]:g}{' characters' if bound == 'max_length' else ''}"
    return _SIMPLE.get(kind, "")


def _unknown_key(path: KeyPath, model: type[BaseModel]) -> str:
    section = type_at(model, path[:-1])
    known = allowed_keys(section) if is_model(section) else ()
    return f"unknown key{suggest(str(path[-1]), known) or '; known here: ' + ', '.join(known)}"


def _choice(value: object, expected: str, *, is_shown: bool) -> str:
    words = [word.strip("'") for part in expected.split(", ") for word in part.split(" or ")]
    hint = suggest(value, words) if isinstance(value, str) and is_shown else ""
    return f"must be one of {', '.join(words)}{hint}"


def _no_text(value: Any) -> str:  # noqa: ANN401 - whatever was in the file
    if isinstance(value, bool):
        return "must be text, and an unquoted true or false is none; put quotes round it"
    if isinstance(value, (int, float)):
        return "must be text, and an unquoted number is none; put quotes round it"
    if value is None:
        return "must be text, and this is empty; remove the `-`, or write the text after it"
    return "must be text on one line"

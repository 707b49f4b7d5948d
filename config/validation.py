"""Validates filled-in data against a model and finds every fault, also those that Pydantic stops before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.problems import path_of, problems_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.layers import Resolved
    from config.yamlfile import KeyPath
    from core.errors import ConfigProblem

M = TypeVar("M", bound=BaseModel)


def validate(resolved: Resolved, model: type[M], *, prefix: KeyPath = ()) -> tuple[M | None, list[ConfigProblem]]:
    """Validate data; where it has faults, validate what is left without them.

    Args:
        resolved: The data.
        model: What it should be.
        prefix: Keys above the data, to be shown in problems.

    Returns:
        The model, made without the faulty values where there are any, so that the rest can be checked further (None
        when nothing is left of it); and every problem.
    """
    data = resolved.tree.data
    problems: list[ConfigProblem] = []
    told: set[KeyPath] = set()
    while True:  # each round takes away what is wrong, so that the data only ever shrinks
        try:
            return model.model_validate(data), problems
        except ValidationError as error:
            problems.extend(problems_of(error, resolved, model=model, prefix=prefix, told=told))
            faults = {path_of(detail) for detail in error.errors(include_url=False, include_input=False)}
        left = data
        for path in faults:
            left = _without(left, path)
        if left == data:
            return None, problems
        data = left
        told |= faults


def _without(data: Mapping[str, object], path: KeyPath) -> dict[str, object]:
    """Return a copy without the deepest mapping key on a path that is there; a faulty list goes as a whole."""
    copy: dict[str, Any] = dict(data)
    if path and path[0] in copy:
        key = str(path[0])
        below = copy[key]
        if isinstance(below, dict) and len(path) > 1 and path[1] in below:
            copy[key] = _without(below, path[1:])
        else:
            del copy[key]
    return copy

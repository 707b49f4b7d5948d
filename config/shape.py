"""Walks settings models by key path: which keys are allowed where, of what type they are, which hold secrets."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr

from config.layers import ANY_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.yamlfile import KeyPath


def allowed_keys(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the keys of a model as a file spells them."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def type_at(model: type[BaseModel], path: KeyPath) -> Any:  # noqa: ANN401 - an annotation can be any form
    """Return the annotation at a path without its `None`; None when the path leads nowhere."""
    annotation: Any = model
    for key in path:
        annotation = _step(bare(annotation), key)
        if annotation is None:
            return None
    return bare(annotation)


def bare(annotation: Any) -> Any:  # noqa: ANN401
    """Return an optional annotation without its `None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        kept = [part for part in get_args(annotation) if part is not type(None)]
        return bare(kept[0]) if len(kept) == 1 else annotation
    return annotation


def is_model(annotation: Any) -> bool:  # noqa: ANN401
    """Whether an annotation is a section of its own."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def is_secret(model: type[BaseModel], path: KeyPath) -> bool:
    """Whether the value at a path is a secret."""
    return type_at(model, path) is SecretStr


def secret_patterns(model: type[BaseModel]) -> frozenset[tuple[str, ...]]:
    """Return the paths of all secrets, with `ANY_KEY` for free keys."""
    return frozenset(pattern for pattern, annotation in walk(model) if annotation is SecretStr)


def walk(model: type[BaseModel], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every setting's pattern and annotation; sections are gone into, not yielded."""
    for name, field in model.model_fields.items():
        pattern, annotation = (*prefix, field.alias or name), bare(field.annotation)
        if get_origin(annotation) is dict and is_model(bare(get_args(annotation)[1])):
            pattern, annotation = (*pattern, ANY_KEY), bare(get_args(annotation)[1])
        if is_model(annotation):
            yield from walk(annotation, pattern)
        else:
            yield pattern, annotation


def _step(annotation: Any, key: str | int) -> Any:  # noqa: ANN401
    if is_model(annotation):
        for name, field in annotation.model_fields.items():
            if key == (field.alias or name):
                return field.annotation
        return None
    if get_origin(annotation) in (dict, tuple):
        return get_args(annotation)[1 if get_origin(annotation) is dict else 0]
    return None

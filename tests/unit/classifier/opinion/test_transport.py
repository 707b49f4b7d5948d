"""What becomes of faults that no server causes; the rest is in tests/integration/opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.opinion.transport import post_json

if TYPE_CHECKING:
    from typing import Any


def test_a_bug_comes_through_to_who_waits() -> None:
    """What cannot be written as JSON is a fault of the program, and is not hidden in a thread."""
    payload: dict[str, Any] = {"message": object()}
    with pytest.raises(TypeError):
        post_json("http://127.0.0.1:9/v1", payload, key="", within_s=5)

"""Entry point: `python -m hongtou` and the console script `hongtou`."""

from __future__ import annotations

import sys

from core.errors import HongtouError
from hongtou.cli.app import app
from hongtou.cli.exits import exit_code_of, tell


def main() -> None:
    """Run the command line; an expected failure becomes one message on standard error and its exit code."""
    try:
        app()
    except HongtouError as error:
        tell(error)
        sys.exit(exit_code_of(error))


if __name__ == "__main__":
    main()

"""These tests need llama.cpp's server, which is compiled for minutes; they run only where they are named: deploy/test --llama."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless the command line names it."""
    is_named = any("llama" in Path(argument.split("::")[0]).parts for argument in config.args)
    return None if is_named else True

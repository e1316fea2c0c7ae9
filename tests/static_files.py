"""Static files in the clients of tests.

Each client builds all middleware anew, and WhiteNoise looks up every static file then. None changes while tests run.
"""

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]


def read_once() -> None:
    """From now on static files are looked up for the first client, and known to all others."""
    read = WhiteNoiseMiddleware.add_files_from_finders
    known: dict[str, Any] = {}

    def add(middleware: WhiteNoiseMiddleware) -> None:
        if not known:
            others, middleware.files = middleware.files, known
            read(middleware)
            middleware.files = others
        middleware.files.update(known)

    WhiteNoiseMiddleware.add_files_from_finders = add

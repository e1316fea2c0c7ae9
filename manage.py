#!/usr/bin/env python
"""Django's command line for Countersign."""

import os
import sys


def main() -> None:
    """Run a command; a database that is away is a sentence, not a trace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from deploy.services import first_line

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        sys.exit(
            f"countersign: PostgreSQL cannot be reached ({first_line(error)}); start deploy/run in another terminal, or set DATABASE_URL."
        )


if __name__ == "__main__":
    main()

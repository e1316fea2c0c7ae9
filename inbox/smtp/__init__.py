"""SMTP, seen from us: hand over one mail, and know exactly what happened.

`Unavailable`: the server has not taken the mail. `Refused`: it never will. `NoAnswer`: it may have.
"""

from inbox.smtp.connection import Connection, connect

__all__ = ["Connection", "connect"]

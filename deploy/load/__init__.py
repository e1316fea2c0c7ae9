"""Made-up history in bulk, for measuring how the desk behaves after years of mail (`manage.py make_load`).

What is made hangs on mailboxes, categories, customers and people of its own, whose names say so, and can be removed again. Nothing of it
is ever due: its mailboxes are paused, its servers have names that nobody can have (RFC 2606), none of its mail waits to be sent.
"""

from deploy.load.history import make
from deploy.load.removal import has_real_mail, remove

__all__ = ["has_real_mail", "make", "remove"]

"""Links with which a person sets a new password: made by an admin, or mailed where the product can send mail of its own."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from review import audit_log

LIFETIME = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
"""How long a link works."""


def make(person: User, *, by: User) -> str:
    """The whole address of a new link for `person`. It works once, until PASSWORD_RESET_TIMEOUT has passed or they sign in.

    Raises PermissionDenied where that would give `by` more than they have: superusers are reset by superusers.
    """
    if (person.is_superuser and not by.is_superuser) or not person.is_active:
        raise PermissionDenied
    audit_log.record(act="person.password_link_made", by=by, about=person.get_username())
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    return str(get_adapter().get_reset_password_from_key_url(key))

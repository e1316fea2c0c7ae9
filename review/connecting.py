"""Connecting a mailbox at its provider: what a session remembers between leaving for there and coming back."""

import time
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from inbox import oauth
from inbox.errors import Refused
from inbox.models import Mailbox, SignIn
from review import access, audit_log, public_address

KEY = "connecting_mailboxes"
LIFETIME = 15 * 60
"""Seconds that somebody may take at the provider."""
MOST = 5


def address(request: HttpRequest) -> str:
    """Where the provider sends people back to. It has to be registered there, letter by letter."""
    return public_address.of(request, reverse("mailbox_connected"))


def leave(request: HttpRequest, *, mailbox: Mailbox) -> str:
    """The provider's address to go to, remembered by this session alone. Raises Refused where there is none."""
    if mailbox.sign_in == SignIn.PASSWORD:
        raise Refused("This mailbox signs in with a password. Choose its provider under Sign-in and save first.")
    begun = oauth.begin(mailbox=mailbox, redirect_uri=address(request))
    known = sorted(_known(request).items(), key=lambda item: float(item[1]["at"]))[1 - MOST :]
    request.session[KEY] = dict(known) | {begun.state: {"mailbox": mailbox.pk, "verifier": begun.verifier, "at": time.time()}}
    return begun.url


def come_back(request: HttpRequest, *, by: User) -> Mailbox:
    """Finish what `leave` began, once, in the session that began it. Raises Refused or Unavailable."""
    known = _known(request)
    begun = known.pop(request.GET.get("state", ""), None)
    request.session[KEY] = known
    mailbox = access.mailboxes(by).filter(pk=begun["mailbox"]).exclude(sign_in=SignIn.PASSWORD).first() if begun else None
    if begun is None or mailbox is None:
        raise Refused("That connection was not begun here, or too long ago. Press Connect again.")
    if not (code := request.GET.get("code", "")):
        raise Refused(f"{SignIn(mailbox.sign_in).label} did not connect it ({request.GET.get('error', 'no reason given')[:100]}).")
    with audit_log.recording(act="mailbox.connected", by=by, about=mailbox.name):
        oauth.finish(mailbox=mailbox, code=code, verifier=begun["verifier"], redirect_uri=address(request))
    return mailbox


def _known(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """What was begun and is not too old, by its state."""
    found: dict[str, dict[str, Any]] = request.session.get(KEY, {})
    return {state: begun for state, begun in found.items() if time.time() - float(begun["at"]) < LIFETIME}

"""Asking a provider's token endpoint (RFC 6749, 3.2), and what its errors mean for us."""

import json
import time
from typing import Any, NoReturn

from django.conf import settings

from inbox.errors import Refused, Unavailable
from inbox.models import Mailbox, SignIn

DEADLINE = 15.0
MOST_BYTES = 64 * 1024
AGAIN = {"invalid_grant", "interaction_required", "consent_required", "login_required"}
CLIENT = {"invalid_client", "unauthorized_client"}
LATER = {"temporarily_unavailable", "server_error"}
ACCOUNT = ("sign_in", "oauth_client_id", "oauth_tenant", "imap_host", "imap_username", "smtp_host", "smtp_username")
"""What a permission is given for."""


def endpoint(mailbox: Mailbox, name: str) -> str:
    """An entry of the provider's settings: authorize, token or scope."""
    found: str = settings.OAUTH_PROVIDERS[mailbox.sign_in][name]
    return found.replace("{tenant}", mailbox.oauth_tenant or "common")


def made_for(mailbox: Mailbox) -> str:
    """The account and the servers that a permission holds for."""
    return json.dumps([getattr(mailbox, name) for name in ACCOUNT])


def ask(mailbox: Mailbox, asked: dict[str, str]) -> dict[str, Any]:
    """The token endpoint's answer, with an access token in it. Raises Refused where a person has to do something, else Unavailable."""
    name = SignIn(mailbox.sign_in).label
    client = {"client_id": mailbox.oauth_client_id, "client_secret": mailbox.oauth_client_secret}
    status, content = _post(endpoint(mailbox, "token"), asked | {part: value for part, value in client.items() if value}, name=name)
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if status >= 500 or status == 429 or not isinstance(answer, dict):
        raise Unavailable("token", f"{name} gives no token just now (it answered {status}).")
    if "error" in answer:
        _refuse(name, str(answer["error"]), str(answer.get("error_description", "")))
    if status != 200 or not isinstance(answer.get("access_token"), str):
        raise Unavailable("token", f"{name} answered {status} without a token.")
    return answer


def _refuse(name: str, error: str, description: str) -> NoReturn:
    said = f"{error}: {description.strip().splitlines()[0][:200]}" if description.strip() else error
    if error in LATER:
        raise Unavailable("token", f"{name} gives no token just now ({said}).")
    if error in CLIENT:
        raise Refused(f"{name} does not take the client id and secret ({said}): the secret may have expired; type a new one.")
    if error in AGAIN:
        raise Refused(f"{name} does not let us use this mailbox any more ({said}): press Connect on the mailbox's page.")
    raise Refused(f"{name} refuses ({said}): check the app's registration there, then press Connect on the mailbox's page.")


def _post(url: str, form: dict[str, str], *, name: str) -> tuple[int, bytes]:
    """Status and body; no redirects and no proxies, as what is sent is secret. Raises Unavailable."""
    import httpx2

    until, content = time.monotonic() + DEADLINE, b""
    try:
        with (
            httpx2.Client(timeout=DEADLINE, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, data=form, headers={"Accept": "application/json", "Accept-Encoding": "identity"}) as response,
        ):
            for part in response.iter_raw():
                content += part
                if len(content) > MOST_BYTES or time.monotonic() > until:
                    raise Unavailable("token", f"{name} answers at a length, or for a time, that no token needs.")
            return response.status_code, content
    except httpx2.HTTPError as error:
        raise Unavailable("token", f"{name} cannot be reached for a token ({type(error).__name__}); it is tried again.") from error

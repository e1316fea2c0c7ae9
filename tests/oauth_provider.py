"""A provider of OAuth 2.0 for tests, on the loopback interface: it asks nobody, and fails wherever it is told to."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

CLIENT, SECRET = "client-of-the-tests", "secret of the client"
SCOPE = "https://mail.example/all offline_access"


@dataclass(frozen=True)
class Asked:
    """An authorization that somebody granted, and what has to come with its code (RFC 6749, 4.1.3; RFC 7636, 4.6)."""

    user: str
    challenge: str
    redirect_uri: str


class OAuthProvider(ThreadingHTTPServer):
    """Grants whoever asks at /authorize, hands out tokens at /token, and tells mail servers at /token-info whose a token is.

    `fault` says what /token does instead: "503", an error of RFC 6749 such as "invalid_grant", "hang", "drop", "nonsense", "huge".
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.forget()

    def forget(self) -> None:
        """As if nobody had ever come."""
        self.codes: dict[str, Asked] = {}
        self.refresh_tokens: dict[str, str] = {}
        self.access_tokens: dict[str, str] = {}
        self.requests: list[dict[str, str]] = []
        self.fault = ""
        self.extra: dict[str, Any] = {}
        self.lifetime = 3600
        self.pause = 0.0
        self.released = threading.Event()

    def endpoints(self) -> dict[str, str]:
        """What the product's settings say of a provider."""
        return {"authorize": f"{self.url}/authorize", "token": f"{self.url}/token", "scope": SCOPE}

    def visit(self, url: str) -> str:
        """Go to the page where somebody grants what is asked for, and return the address that it leads back to."""
        line = HTTPConnection("127.0.0.1", int(self.server_address[1]))
        line.request("GET", url.removeprefix(self.url))
        with line.getresponse() as answer:
            back = answer.headers["Location"]
        line.close()
        return str(back)

    def grant(self, user: str) -> str:
        """A refresh token, as if `user` had granted one."""
        token = token_urlsafe()
        self.refresh_tokens[token] = user
        return token


class _Talk(BaseHTTPRequestHandler):
    server: OAuthProvider

    def log_message(self, *_: object) -> None:
        """Nothing: who reads the test's output looks for something else."""

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        asked = dict(parse_qsl(place.query))
        if place.path == "/authorize":
            self._authorize(asked)
        else:
            user = self.server.access_tokens.get(asked.get("access_token", ""))
            self._say(200, {"active": "yes", "email": user} if user else {"active": "no"})

    def do_POST(self) -> None:
        asked = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.server.requests.append(asked)
        self.server.released.wait(self.server.pause)
        if self.server.fault:
            self._fail(self.server.fault)
        elif (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
            self._say(401, {"error": "invalid_client", "error_description": "The secret is wrong, or has expired."})
        else:
            self._hand_out(asked)

    def _authorize(self, asked: dict[str, str]) -> None:
        code = token_urlsafe()
        self.server.codes[code] = Asked(asked.get("login_hint", ""), asked["code_challenge"], asked["redirect_uri"])
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
        self.end_headers()

    def _hand_out(self, asked: dict[str, str]) -> None:
        user = self._user(asked)
        if user is None:
            self._say(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
            return
        access = token_urlsafe()
        self.server.access_tokens[access] = user
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": self.server.lifetime, "scope": SCOPE}
        if asked["grant_type"] == "authorization_code":
            answer["refresh_token"] = self.server.grant(user)
        self._say(200, {name: value for name, value in (answer | self.server.extra).items() if value is not None})

    def _user(self, asked: dict[str, str]) -> str | None:
        if asked["grant_type"] == "refresh_token":
            return self.server.refresh_tokens.get(asked["refresh_token"])
        known = self.server.codes.pop(asked["code"], None)
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return known.user if known and (known.challenge, known.redirect_uri) == (challenge, asked["redirect_uri"]) else None

    def _fail(self, fault: str) -> None:
        if fault == "hang":
            self.server.released.wait(20)
        elif fault == "nonsense":
            self._send(200, b"<html>Please sign in to this network</html>")
        elif fault == "huge":
            self._send(200, b'{"access_token": "' + b"x" * 2_000_000 + b'"}')
        elif fault.isdigit():
            self._say(int(fault), {})
        elif fault != "drop":
            self._say(400, {"error": fault, "error_description": f"Said by the provider: {fault}."})

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        self._send(status, json.dumps(answer).encode())

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving(provider: OAuthProvider) -> Iterator[OAuthProvider]:
    """Serve in a thread for as long as the block lasts."""
    thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.released.set()
        provider.shutdown()
        thread.join()
        provider.server_close()


@pytest.fixture(scope="session")
def oauth_server() -> Iterator[OAuthProvider]:
    """A running provider."""
    with serving(OAuthProvider()) as provider:
        yield provider


@pytest.fixture
def oauth_provider(oauth_server: OAuthProvider, settings: Any) -> Iterator[OAuthProvider]:
    """A provider whom nobody has asked yet, in the place of Google and Microsoft."""
    oauth_server.forget()
    settings.OAUTH_PROVIDERS = dict.fromkeys(("google", "microsoft"), oauth_server.endpoints())
    yield oauth_server
    oauth_server.released.set()

"""A small OpenID Connect provider on this machine: discovery, authorize, token, keys and user info, and every way to get them wrong."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "countersign", "the client's secret"
KEY_ID = "key-1"


class IdentityProvider:
    """What the provider knows, and what it does wrong. `claims` are those of the one person it knows; {} leaves things out."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.issuer = ""
        self.claims: dict[str, Any] = {
            "sub": "42",
            "email": "ana@desk.example",
            "email_verified": True,
            "given_name": "Ana",
            "family_name": "Sol",
        }
        self.token_claims: dict[str, Any] = {}
        self.info_claims: dict[str, Any] = {}
        self.config: dict[str, Any] = {}
        self.algorithm, self.signs_with, self.key_id = "RS256", self.key, KEY_ID
        self.has_keys, self.is_broken = True, False
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def discovery(self) -> dict[str, Any]:
        """What the provider says about itself."""
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys", "userinfo_endpoint": "userinfo"}
        found: dict[str, Any] = {name: f"{self.issuer}/{path}" for name, path in places.items()}
        found |= {"issuer": self.issuer, "token_endpoint_auth_methods_supported": ["client_secret_post"], **self.config}
        return {name: value for name, value in found.items() if value is not None}

    def authorize(self, address: str) -> str:
        """What a person's browser does there: where it is sent back to, after they signed in."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes) + 1}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """The tokens for a code; None for what is refused."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != CLIENT_SECRET or form.get("client_id") != CLIENT_ID:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        return {
            "access_token": "an access token",
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.id_token(nonce=asked["nonce"]),
        }

    def id_token(self, *, nonce: str) -> str:
        """The signed token."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce, **self.claims, **self.token_claims}
        key: Any = CLIENT_SECRET if self.algorithm.startswith("HS") else None if self.algorithm == "none" else self.signs_with
        return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm=self.algorithm, headers={"kid": self.key_id})

    def keys(self) -> dict[str, Any]:
        """The public keys."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}] if self.has_keys else []}


def _handler(provider: IdentityProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            pages: dict[str, Any] = {
                "/.well-known/openid-configuration": provider.discovery,
                "/keys": provider.keys,
                "/userinfo": lambda: {**provider.claims, **provider.info_claims},
            }
            self._answer(pages[path]() if path in pages else None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, content: Any) -> None:
            body = b"<h1>Out of order</h1>" if provider.is_broken else json.dumps(content or {"error": "invalid_grant"}).encode()
            self.send_response(200 if content or provider.is_broken else 400)
            self.send_header("Content-Type", "text/html" if provider.is_broken else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


@contextmanager
def running() -> Iterator[IdentityProvider]:
    """The provider, at an address of this machine."""
    provider = IdentityProvider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

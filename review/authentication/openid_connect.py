"""OpenID Connect (Core 1.0): what django-allauth does, and the checks that it leaves out.

The signature of the ID token is always verified, and its nonce is bound to the session that asked.
"""

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""How an ID token may be signed: with the provider's private key, never with a secret that we share."""
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

Claims = dict[str, Any]


def nonce_for(state: str) -> str:
    """The nonce that goes with a `state`, which django-allauth has bound to the session and takes once."""
    return salted_hmac("review.authentication.openid_connect", state, algorithm="sha256").hexdigest()


def verified_claims(id_token: str, *, keys: Claims, issuer: str, client_id: str, nonce: str) -> Claims:
    """What an ID token says, after every check of OpenID Connect Core 1.0, 3.1.3.7. Raises OAuth2Error for one that fails."""
    try:
        header = jwt.get_unverified_header(id_token)
        key = jwt.PyJWK(_key(keys, header), algorithm=header["alg"])
        options: Any = {"require": ["exp", "iat", "iss", "aud", "sub"]}
        claims = jwt.decode(id_token, key, algorithms=[header["alg"]], audience=client_id, issuer=issuer, leeway=LEEWAY, options=options)
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise OAuth2Error(f"The ID token does not hold: {error}") from error
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise OAuth2Error("The ID token answers another request: its nonce differs.")
    if claims.get("azp", client_id) != client_id:
        raise OAuth2Error("The ID token was made for another client.")
    return claims


def _key(keys: Claims, header: Claims) -> Claims:
    alg, kid = header["alg"], header.get("kid")
    if alg not in ALGORITHMS:
        raise OAuth2Error(f"The ID token is signed with {alg}, which is not accepted.")
    fitting: list[Claims] = [key for key in keys["keys"] if key.get("use", "sig") == "sig" and key.get("alg", alg) == alg]
    named = [key for key in fitting if key.get("kid") == kid] if kid else fitting
    if len(named) != 1:
        raise OAuth2Error(f"The provider publishes {len(named)} keys that fit the ID token; one is needed.")
    return named[0]


class _Client(OAuth2Client):
    """Sends the nonce along."""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        return str(super().get_redirect_url(authorization_url, scope, extra_params | {"nonce": nonce_for(self.state)}))


class Adapter(OpenIDConnectOAuth2Adapter):
    """The conversation with the provider."""

    client_class = _Client

    @property
    def openid_config(self) -> Claims:
        """What the provider publishes about itself (OpenID Connect Discovery 1.0). Raises OAuth2Error for what is no such document."""
        config = super().openid_config
        if not isinstance(config, dict) or any(not isinstance(config.get(name), str) for name in ENDPOINTS):
            raise OAuth2Error("The provider's configuration lacks an endpoint.")
        if str(config.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error(f"The provider calls itself {config.get('issuer')!r}, not {settings.OIDC_ISSUER!r}.")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **about: Any) -> SocialLogin:
        """Who came back from the provider. Its verified claims are kept as `login.claims`."""
        claims = self._claims(about["response"].get("id_token"), client_id=app.client_id, state=request.GET["state"])
        if "userinfo_endpoint" in self.openid_config:
            info = self._fetch_user_info(token.token)
            if info.get("sub") != claims["sub"]:
                raise OAuth2Error("The user info is about somebody else than the ID token.")
            claims = {**claims, **info}
        login = self.get_provider().sociallogin_from_response(request, {"userinfo": claims})
        login.claims = claims
        return login

    def _claims(self, id_token: Any, *, client_id: str, state: str) -> Claims:
        if not isinstance(id_token, str):
            raise OAuth2Error("The provider sent no ID token.")
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        return verified_claims(
            id_token, keys=response.json(), issuer=self.openid_config["issuer"], client_id=client_id, nonce=nonce_for(state)
        )


class Provider(OpenIDConnectProvider):
    """The provider of the settings."""

    oauth2_adapter_class = Adapter

    def redirect_from_request(self, request: HttpRequest) -> Any:
        """To the provider, to sign in: what else a link may ask django-allauth for is not offered."""
        kwargs = self.get_redirect_from_request_kwargs(request)
        return self.redirect(request, process="login", next_url=kwargs.get("next_url"))

    def extract_extra_data(self, data: Claims) -> Claims:
        """What is kept of the claims: enough to see who it is."""
        return {name: data["userinfo"][name] for name in ("name", "email") if name in data["userinfo"]}

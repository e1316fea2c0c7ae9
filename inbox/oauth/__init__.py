"""Signing in to mail servers as Google and Microsoft want it: OAuth 2.0 (RFC 6749) with PKCE (RFC 7636), and the tokens by XOAUTH2.

An admin connects a mailbox once (`begin`, at the provider, `finish`); from then on `access_token` asks for a new token shortly before the
last one expires. Addresses and scopes are those of Google's "OAuth 2.0 for Web Server Applications" and "OAuth 2.0 Mechanism" (Gmail), and
of Microsoft's "Authenticate an IMAP, POP or SMTP connection using OAuth"; they stand in the settings (OAUTH_PROVIDERS).
"""

from inbox.oauth.connecting import Begun, begin, expiring, finish, is_connected, warning
from inbox.oauth.tokens import access_token, distrust, initial_response, try_again

__all__ = ["Begun", "access_token", "begin", "distrust", "expiring", "finish", "initial_response", "is_connected", "try_again", "warning"]

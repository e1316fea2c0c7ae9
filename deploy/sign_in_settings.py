"""Settings of sign-in: django-allauth behind our own forms, pages and addresses (review/authentication), read from the environment."""

from deploy import env

SECURE_COOKIES = env.flag("SECURE_COOKIES")
AUTHENTICATION_BACKENDS = ["review.authentication.backends.Backend"]
SESSION_IDLE = env.duration("SESSION_IDLE", "12h")
"""Who does nothing for so long has to sign in again."""
SESSION_LIFETIME = env.duration("SESSION_LIFETIME", "7d")
"""After so long everybody has to sign in again."""
SESSION_COOKIE_AGE = int(SESSION_LIFETIME.total_seconds())
PASSWORD_RESET_TIMEOUT = int(env.duration("PASSWORD_LINK_LIFETIME", "1d").total_seconds())
"""Seconds for which a link to set a new password works."""
SIGN_IN_ATTEMPTS = env.number("SIGN_IN_ATTEMPTS", 5)
"""So many wrong guesses lock a person's sign-in."""
SIGN_IN_LOCK = int(env.duration("SIGN_IN_LOCK", "5min").total_seconds())
"""Seconds until the first of these guesses is forgotten, and one more may be made."""
REQUIRE_SECOND_FACTOR = env.choice("REQUIRE_SECOND_FACTOR", ("none", "admins", "everybody"), "none")
"""Who must have a second factor; they set one up before they can do anything else."""
ACCOUNT_ADAPTER = "review.authentication.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "review.authentication.forms.SignInForm",
    "change_password": "review.authentication.forms.ChangePasswordForm",
    "set_password": "review.authentication.forms.SetPasswordForm",
    "reset_password_from_key": "review.authentication.forms.NewPasswordForm",
    "reauthenticate": "review.authentication.forms.PasswordAgainForm",
    "reset_password": "review.authentication.forms.ForgottenForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_VERIFICATION = SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE_COOKIES else "http"
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    # Wrong guesses, of the password or the second factor, from one address and for one person.
    "login_failed": f"20/{SIGN_IN_LOCK}s/ip,{SIGN_IN_ATTEMPTS}/{SIGN_IN_LOCK}s/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)
"""How many proxies of our own stand before the web side; the address of a person is then taken from X-Forwarded-For."""
MFA_ADAPTER = "review.authentication.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "review.authentication.forms.CodeForm",
    "reauthenticate": "review.authentication.forms.CodeAgainForm",
    "activate_totp": "review.authentication.forms.FirstCodeForm",
    "deactivate_totp": "review.authentication.forms.RemoveAppForm",
    "authenticate_webauthn": "review.authentication.forms.PasskeyForm",
    "add_webauthn": "review.authentication.forms.AddPasskeyForm",
    "edit_webauthn": "review.authentication.forms.NamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Countersign"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s either way, for phones whose clock is a little off
SOCIALACCOUNT_ADAPTER = "review.authentication.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # the policy form-action 'self' would stop a form that leads to the provider
OIDC_ISSUER = env.secure_url("OIDC_ISSUER")
"""The OpenID Connect provider that people may sign in with; "" for none."""
OIDC_GROUPS_CLAIM = env.text("OIDC_GROUPS_CLAIM", "groups")
OIDC_ROLES = env.pairs("OIDC_ROLES", ("reviewer", "admin", "manager"))
"""Which group at the provider gives which role. Where it is set, these roles follow the provider at each sign-in."""
OIDC_EMAILS_ARE_VERIFIED = env.flag("OIDC_EMAILS_ARE_VERIFIED")
"""Whether the provider vouches for every address, though it does not say so of each (Microsoft Entra ID does not)."""
OIDC_ADMIT_UNKNOWN = env.flag("OIDC_ADMIT_UNKNOWN")
"""Whether somebody whom the provider knows may enter without being invited."""
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "review.authentication.openid_connect.Provider",
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.text("OIDC_NAME", "single sign-on"),
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

"""All settings of Countersign, read from the environment. `deploy/run` sets what one machine needs."""

from pathlib import Path
from typing import Any

from deploy import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("COUNTERSIGN_DATA", str(BASE_DIR / ".data"))).resolve()
env.add_defaults(DATA_DIR / "services")

DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "secret_key")
FIELD_KEY = env.text("FIELD_KEY", SECRET_KEY)
"""Encrypts mailbox secrets in the database; changing it makes them unreadable."""
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SECURE_COOKIES = env.flag("SECURE_COOKIES")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "countersign_session"
CSRF_COOKIE_NAME = "countersign_csrf"
CSRF_FAILURE_VIEW = "review.views.problems.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "inbox",
    "drafting",
    "review",
    "deploy",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "review.middleware.TimeZoneMiddleware",
    "review.middleware.ContentSecurityPolicyMiddleware",
    "review.middleware.ProblemPagesMiddleware",
    "review.middleware.RequestSizeMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "review.authentication.sessions.SessionLimitsMiddleware",
    "review.authentication.second_factor.SecondFactorMiddleware",
]

ROOT_URLCONF = "deploy.urls"
WSGI_APPLICATION = "deploy.wsgi.application"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "review.frame.frame",
            ],
        },
    },
]

DATABASES = {
    "default": env.database("DATABASE_URL", default="postgresql://postgres@127.0.0.1:5432/countersign")
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
}
CACHES = {
    # What all web processes must agree on, such as wrong guesses at sign-in, and what must outlive Redis.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 100_000}},
    # What each process may remember for some seconds by itself.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Sign-in: django-allauth behind our own forms, pages and addresses (review/authentication).
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

# Mail that the product itself sends to the people at the desk: links for a new password. Replies to customers leave by their mailbox.
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 15
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Countersign <countersign@localhost>")

LANGUAGE_CODE = "en"
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA_DIR / "mail"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CELERY_BROKER_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# For the workers of processes, which read mail. In a pool of threads no time limit holds: drafts end by their budget, mail by its timeouts.
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ROUTES = {
    "inbox.tasks.send_*": {"queue": "send"},
    "inbox.tasks.file_*": {"queue": "send"},
    "inbox.tasks.parse_*": {"queue": "parse"},
    "inbox.tasks.*": {"queue": "fetch"},
    "drafting.tasks.import_*": {"queue": "parse"},
    "drafting.tasks.*": {"queue": "draft"},
    "review.tasks.roll_*": {"queue": "parse"},
    "review.tasks.apply_*": {"queue": "parse"},
    "review.tasks.find_*": {"queue": "parse"},
    "review.tasks.*": {"queue": "send"},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 1) * 5}}
    for name, task, seconds in [
        ("fetch-due-mailboxes", "inbox.tasks.fetch_due_mailboxes", 1.0),
        ("parse-waiting-messages", "inbox.tasks.parse_waiting_messages", 2.0),
        ("check-held-mail", "review.tasks.check_held_mail", 1.0),
        ("route-drafts", "review.tasks.route_drafts", 1.0),
        ("weigh-decisions", "review.tasks.weigh_decisions", 2.0),
        ("return-held-back", "review.tasks.return_held_back", 2.0),
        ("reconcile-auto-send", "review.tasks.reconcile_auto_send", 5.0),
        ("withdraw-planted", "review.tasks.withdraw_planted", 30.0),
        ("roll-reports", "review.tasks.roll_reports", 3.0),
        ("announce-events", "review.tasks.announce_events", 1.0),
        ("deliver-to-webhooks", "review.tasks.deliver_to_webhooks", 1.0),
        ("forget-old-requests", "review.tasks.forget_old_requests", 3600.0),
        ("wake-snoozed-conversations", "inbox.tasks.wake_snoozed_conversations", 2.0),
        ("send-due-mail", "inbox.tasks.send_due_mail", 1.0),
        ("find-themes", "review.tasks.find_themes", 3600.0),
        ("send-weekly-reports", "review.tasks.send_weekly_reports", 3600.0),
        ("sweep-writing", "review.tasks.sweep_writing", 3600.0),
        ("apply-retention", "review.tasks.apply_retention", 300.0),
        ("file-sent-mail", "inbox.tasks.file_sent_mail", 5.0),
        ("look-for-maybe-sent", "inbox.tasks.look_for_maybe_sent", 15.0),
        ("take-up-messages", "drafting.tasks.take_up_messages", 1.0),
        ("write-due-drafts", "drafting.tasks.write_due_drafts", 1.0),
        ("import-waiting-tables", "drafting.tasks.import_waiting_tables", 2.0),
        ("run-setup-jobs", "drafting.tasks.run_setup_jobs", 1.0),
        ("check-canaries", "drafting.tasks.check_canaries", 3600.0),
        ("run-replays", "drafting.tasks.run_replays", 5.0),
    ]
}

MODEL_API_KEY = env.text("MODEL_API_KEY", "none")
"""The model server's key; servers on one's own machine usually want none."""
MODEL_BASE_URL = env.text("MODEL_BASE_URL", "")
MODEL_NAME = env.text("MODEL_NAME", "")
"""The setup that `manage.py setup add` pins where nothing else is said."""
ACTIVE_SETUP = env.text("COUNTERSIGN_SETUP", "")
"""The first characters of the fingerprint of the only setup that may write drafts here; "" leaves the choice to admins."""

CONNECTOR_HOSTS = env.words("CONNECTOR_HOSTS")
"""Hosts ("name" or "name:port") that connectors may reach over plain HTTP and at addresses of this network."""
MCP_COMMANDS = env.commands("MCP_COMMANDS")
"""The MCP servers that connectors may start, one line each: NAME=COMMAND."""

API_REQUESTS_PER_MINUTE = env.number("API_REQUESTS_PER_MINUTE", 600)
"""So often a token may ask for something in a minute."""
MICROSOFT_SIGN_IN = env.text("MICROSOFT_SIGN_IN", "https://login.microsoftonline.com")
"""Where mailboxes at Microsoft sign in; national clouds have addresses of their own."""
OAUTH_PROVIDERS = {
    "google": {
        "authorize": "https://accounts.google.com/o/oauth2/v2/auth",
        "token": "https://oauth2.googleapis.com/token",
        "scope": "https://mail.google.com/",
    },
    "microsoft": {
        "authorize": f"{MICROSOFT_SIGN_IN}/{{tenant}}/oauth2/v2.0/authorize",
        "token": f"{MICROSOFT_SIGN_IN}/{{tenant}}/oauth2/v2.0/token",
        "scope": "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
    },
}
"""Where mailboxes of these providers sign in by OAuth 2.0, and what for."""
UNDO_SECONDS = env.number("UNDO_SECONDS", 15)
"""How long an approved reply is held so that the reviewer can take it back."""
UPLOAD_MOST_BYTES = env.number("UPLOAD_MOST_BYTES", 10_000_000)
"""The largest file that may be attached to a mail, in bytes."""
UPLOAD_MOST_BYTES_TOGETHER = env.number("UPLOAD_MOST_BYTES_TOGETHER", 20_000_000)
"""So many bytes all files of a mail may have together; most mail servers take no more."""
REQUEST_MOST_BYTES = 1_000_000 + max(UPLOAD_MOST_BYTES_TOGETHER, 30_000_000)
"""The largest request that is read: all files of a mail at once, or the largest file of a table (drafting/table_imports.py)."""
UPLOAD_DAYS = env.number("UPLOAD_DAYS", 7)
"""Days after which a file is deleted that was attached and never sent."""
HOLIDAYS = env.dates("HOLIDAYS")
"""Public holidays, on which nobody works: 2026-12-25,2026-12-26. None are known but those listed."""
REPLAYS_AT_ONCE = env.number("REPLAYS_AT_ONCE", 2)
"""So many past mails are replayed at the same time at most; mails that wait for their draft go first."""
CLAIM_SECONDS = 300
"""How long a reviewer's claim lasts without activity."""
BANNER = env.text("COUNTERSIGN_BANNER", "")
"""A sentence shown on top of every page, such as that the data is made up."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # A line for every beat of every sweep would bury what people read.
    # What the mcp package logs may quote what a server said.
    "loggers": {
        "celery": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
        "imapclient": {"level": "WARNING"},
        "mcp": {"level": "CRITICAL"},
        "mail.log": {"level": "WARNING"},
        # Fifty lines for each font of a PDF.
        "fontTools": {"level": "WARNING"},
        # What the rules' functions complain about quotes a customer's facts; the rule's outcome says it.
        "cel": {"level": "ERROR"},
    },
}

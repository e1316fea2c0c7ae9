"""All settings of Countersign, read from the environment. `deploy/run` sets what one machine needs."""

from pathlib import Path
from typing import Any

from deploy import env
from deploy.sign_in_settings import *  # noqa: F403
from deploy.sign_in_settings import SECURE_COOKIES
from deploy.work_settings import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("COUNTERSIGN_DATA", str(BASE_DIR / ".data"))).resolve()
env.add_defaults(DATA_DIR / "services")

DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "secret_key")
FIELD_KEY = env.text("FIELD_KEY", SECRET_KEY)
"""Encrypts mailbox secrets in the database; changing it makes them unreadable."""
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
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
    "review.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "review.middleware.TimeZoneMiddleware",
    "review.middleware.ContentSecurityPolicyMiddleware",
    "review.middleware.ProblemPagesMiddleware",
    "review.middleware.RequestSizeMiddleware",
    "review.middleware.WaitedMiddleware",
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
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")

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

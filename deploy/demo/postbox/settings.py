"""Settings of the postbox: no database, no sessions, nothing of the product's but the folder and the key."""

from pathlib import Path
from typing import Any

from deploy.settings import ALLOWED_HOSTS, BASE_DIR, DATA_DIR, LOGGING, SECRET_KEY, TIME_ZONE

__all__ = ["ALLOWED_HOSTS", "DATA_DIR", "LOGGING", "SECRET_KEY", "TIME_ZONE"]

DEBUG = False
USE_TZ = True
USE_I18N = False
ROOT_URLCONF = "deploy.demo.postbox.urls"
WSGI_APPLICATION = "deploy.demo.postbox.wsgi.application"
INSTALLED_APPS = ["django.contrib.staticfiles", "django_htmx"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "review.middleware.ContentSecurityPolicyMiddleware",
]
# Cookies do not know ports: the product on the next port has one of its own.
CSRF_COOKIE_NAME = "postbox_csrf"
STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).parent / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "postbox"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

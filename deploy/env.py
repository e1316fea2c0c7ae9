"""Typed readers of the environment. Each stops the process with one sentence that says what to do."""

import contextlib
import os
import re
import secrets
import shlex
import sys
import tempfile
from collections.abc import Collection, Mapping, MutableMapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}


def stop(sentence: str) -> NoReturn:
    """End the process with a sentence for the operator and exit code 1."""
    sys.exit(f"countersign: {sentence}")


def add_defaults(path: Path, *, environ: MutableMapping[str, str] = os.environ) -> None:
    """Set what a running `deploy/run` wrote to `path` (NAME=value lines), so that manage.py reaches its services. What is set stays."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        environ.setdefault(name, value)


def secret(name: str, path: Path, *, environ: Mapping[str, str] = os.environ) -> str:
    """The value of `name`, else the content of `path`. Where no database is configured, on one machine, `path` is made if it is missing."""
    if is_set(name, environ=environ):
        return text(name, environ=environ)
    if not is_set("DATABASE_URL", environ=environ):
        make_secret(path)
    return _read(name, path) if path.exists() else text(name, environ=environ)


def make_secret(path: Path) -> None:
    """Keep a new random secret in `path`, readable by its owner only, unless there is one. Nobody ever sees it half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


def is_set(name: str, *, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether `name` has a value, as itself or as the file that `name_FILE` points to."""
    return name in environ or f"{name}_FILE" in environ


def text(name: str, default: str | None = None, *, environ: Mapping[str, str] = os.environ) -> str:
    """The value of `name`, or the content of the file that `name_FILE` points to."""
    if name in environ:
        return environ[name]
    if path := environ.get(f"{name}_FILE"):
        return _read(name, Path(path))
    if default is None:
        stop(f"{name} is not set; set it (or {name}_FILE, a path) or start with deploy/run, which does.")
    return default


def number(name: str, default: int, *, environ: Mapping[str, str] = os.environ) -> int:
    """A whole number."""
    value = text(name, str(default), environ=environ)
    try:
        return int(value)
    except ValueError:
        stop(f"{name} is {value!r}, which is no whole number; set it to one, such as {default}.")


def flag(name: str, default: bool = False, *, environ: Mapping[str, str] = os.environ) -> bool:
    """Yes or no: 1/true/yes/on or 0/false/no/off."""
    value = text(name, "1" if default else "0", environ=environ).strip().lower()
    if value not in TRUE | FALSE:
        stop(f"{name} is {value!r}; set it to 1 or 0.")
    return value in TRUE


def words(name: str, default: str = "", *, environ: Mapping[str, str] = os.environ) -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in text(name, default, environ=environ).split(",") if word.strip()]


def choice(name: str, options: Collection[str], default: str, *, environ: Mapping[str, str] = os.environ) -> str:
    """One word of several."""
    value = text(name, default, environ=environ).strip().lower()
    if value not in options:
        stop(f"{name} is {value!r}; set it to one of: {', '.join(options)}.")
    return value


def duration(name: str, default: str, *, environ: Mapping[str, str] = os.environ) -> timedelta:
    """A length of time such as 90s, 30min, 12h or 7d, longer than none."""
    value = text(name, default, environ=environ).strip().lower()
    found = re.fullmatch(r"(\d{1,6})\s*(s|min|h|d)", value)
    if found is None or not int(found[1]):
        stop(f"{name} is {value!r}, which is no length of time; write it as 30min, 12h or 7d, such as {default}.")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def pairs(name: str, values: Collection[str], *, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What is mapped to what, such as support-team=reviewer,leads=admin; what is mapped to is one of `values`."""
    found = {}
    for word in words(name, environ=environ):
        key, _, value = (part.strip() for part in word.rpartition("="))
        if not key or value not in values:
            stop(f"{name} holds {word!r}; write each as KEY=VALUE, where VALUE is one of: {', '.join(values)}.")
        found[key] = value
    return found


def secure_url(name: str, *, environ: Mapping[str, str] = os.environ) -> str:
    """The address of a server that is spoken to over TLS, without a slash at the end, or "". On this machine it may do without."""
    url = text(name, "", environ=environ).strip().rstrip("/")
    try:
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"})
    except ValueError:
        is_safe = False
    if url and not (is_safe and parts.hostname):
        stop(f"{name} is {url!r}; set it to an address that begins with https://.")
    return url


def dates(name: str, *, environ: Mapping[str, str] = os.environ) -> frozenset[date]:
    """Days such as 2026-12-25, separated by commas."""
    try:
        return frozenset(date.fromisoformat(word) for word in words(name, environ=environ))
    except ValueError as error:
        stop(f"{name} cannot be read ({error}); write days as 2026-12-25,2026-12-26.")


def commands(name: str, *, environ: Mapping[str, str] = os.environ) -> dict[str, list[str]]:
    """Command lines by name, from lines such as `sheets=python3 /srv/sheets.py --quiet`."""
    found: dict[str, list[str]] = {}
    for line in filter(None, map(str.strip, text(name, "", environ=environ).splitlines())):
        key, _, command = line.partition("=")
        try:
            found[key.strip()] = shlex.split(command)
        except ValueError as error:
            stop(f"{name}: the command line of {key.strip()} cannot be read ({error}).")
        if not key.strip() or not found[key.strip()]:
            stop(f"{name} holds the line {line!r}; write each line as NAME=COMMAND, such as sheets=python3 /srv/sheets.py.")
    return found


def database(name: str, *, default: str | None = None, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Django's settings for a URL such as postgresql://user:password@host:5432/name, or with ?host=/socket/folder."""
    url = text(name, default, environ=environ)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        stop(f"{name} cannot be read ({error}); write it as postgresql://user:password@host:5432/name.")
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        stop(f"{name} is no PostgreSQL address; write it as postgresql://user:password@host:5432/name.")
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(port or ""),
        "OPTIONS": {key: unquote(value) for key, value in options.items() if key != "host"},
    }


def _read(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        stop(f"{name}_FILE points to {path}, which cannot be read ({error.strerror}).")

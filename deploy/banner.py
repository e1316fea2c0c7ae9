"""What a person who started the product on this machine reads when it is ready."""

import json
import os
import textwrap
import time
import urllib.error
import urllib.request

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Mailbox, Message

LONGEST_START = 120
"""Seconds after which a start counts as failed."""
LONGEST_DRAFTING = 30
"""Seconds that the banner may wait for the demo's first drafts."""


def show_when_ready() -> None:
    """Wait for the web side, fill the demo company, and print where to go."""
    is_demo = bool(os.environ.get("COUNTERSIGN_DEMO"))
    address = f"http://localhost:{os.environ.get('WEB_PORT', '8000')}/"
    try:
        problems: list[str] = []
        if is_demo:
            wait_for_demo()
            problems += problems_of("seed")
        if not wait_for(f"{address}health/"):
            say([f"The web side did not answer within {LONGEST_START} s; the lines above marked 'web' say why."])
            return
        if is_demo:
            problems += problems_of("send_mails")
            wait_for_first_drafts()
        say([*(demo_lines(address) if is_demo else empty_lines(address)), *problems])
    finally:
        connection.close()


def wait_for_demo() -> None:
    """The stand-in model answers before a setup is pinned to it, the mail servers before mail is written."""
    if port := os.environ.get("STANDIN_PORT"):
        wait_for(f"http://127.0.0.1:{port}/health")
    wait_for(f"http://127.0.0.1:{os.environ['DEMO_POSTBOX_PORT']}/health")


def problems_of(step: str) -> list[str]:
    """Take a step of the demo; what stood against it, in words, since the rest works without it."""
    try:
        call_command("demo", step)
    except CommandError as error:
        return ["", *textwrap.wrap(str(error), 100)]
    return []


def wait_for_first_drafts() -> None:
    """Let the demo's mails be drafted, so that the first mail a person writes is not the last in a long line."""
    deadline = time.monotonic() + LONGEST_DRAFTING
    while time.monotonic() < deadline and Mailbox.objects.filter(messages=None).exists():
        time.sleep(0.2)
    while time.monotonic() < deadline and is_busy():
        time.sleep(0.5)


def is_busy() -> bool:
    """Whether mail that has come in waits to be read or drafted."""
    unread = Message.objects.filter(taken_up_at=None).exists()
    return unread or Draft.objects.filter(state__in=["queued", "writing"], due_at__lte=timezone.now()).exists()


def wait_for(address: str) -> bool:
    """Whether `address` answers within the longest start."""
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - an address of our own
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
    return False


def demo_lines(address: str) -> list[str]:
    """Where to go, who to be, and what to try."""
    users = json.loads((settings.DATA_DIR / "demo" / "logins.json").read_text(encoding="utf-8"))["users"]
    return [
        f"Countersign is ready:  {address}",
        "",
        "Sign in as",
        *(f"    {user['name']:<6} {user['password']:<18} {user['role']}" for user in users),
        "",
        f"Write to the company as one of its customers:  http://localhost:{os.environ['DEMO_POSTBOX_PORT']}/",
        "Then approve the draft in the queue (key: a) and see the reply arrive in the postbox.",
        "The company and its mail are made up. Drafts come from the " + model_words(),
        "Ctrl-C stops everything; the data stays. deploy/run --reset starts over.",
    ]


def model_words() -> str:
    """Which model writes the drafts."""
    if os.environ.get("STANDIN_PORT"):
        return "stand-in model (rules, no AI); the README shows how to use a real one."
    return f"model {settings.MODEL_NAME} at {settings.MODEL_BASE_URL}."


def empty_lines(address: str) -> list[str]:
    """What an operator with an own mailbox does next."""
    return [
        f"Countersign is ready:  {address}",
        "",
        "In another terminal, make the first admin, then pin a model:",
        "    .venv/bin/python manage.py create_admin --username NAME",
        "    .venv/bin/python manage.py setup add --base-url http://localhost:8080/v1 --model NAME",
        f"Then sign in at {address}, add a mailbox on the page Mailboxes, and categories under {address}admin/",
        "Ctrl-C stops everything; the data stays.",
    ]


def say(lines: list[str]) -> None:
    """Print lines in a frame that stands out among the logs."""
    width = max(map(len, lines)) + 2
    print("\n".join(["", "─" * width, *(f" {line}" for line in lines), "─" * width, ""]), flush=True)  # noqa: T201

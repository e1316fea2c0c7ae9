"""Where the demo company lives: its address, its ports, its folder."""

from pathlib import Path

from django.conf import settings

from deploy import env

DATA = Path(__file__).parent / "data"
HOST = "127.0.0.1"
COMPANY = "Voss & Tamm"
COMPANY_ADDRESS = "info@vosstamm.example"
AUTHSERV_ID = "mx.demo.example"
"""The name that the demo mail provider signs its Authentication-Results with (RFC 8601, 2.5)."""


def imap_port() -> int:
    return env.number("DEMO_IMAP_PORT", 8143)


def smtp_port() -> int:
    return env.number("DEMO_SMTP_PORT", 8025)


def postbox_port() -> int:
    return env.number("DEMO_POSTBOX_PORT", 8001)


def systems_port() -> int:
    """Where the company's own systems listen; 0 where they do not run."""
    return env.number("DEMO_SYSTEMS_PORT", 0)


def state() -> Path:
    """The folder with what the demo keeps: accounts, logins and everybody's mail. Nobody else on the machine may read it."""
    folder = Path(settings.DATA_DIR) / "demo"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder

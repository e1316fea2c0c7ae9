"""The mail accounts of the demo provider: the company's, and one for each person who writes to it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.demo import people, places, secret_files


@dataclass(frozen=True)
class Account:
    """Somebody's mail account. `address` is also the login name, in lower case."""

    address: str
    password: str
    folder: Path


def load() -> dict[str, Account]:
    """Every account by its address. Passwords are made once per installation and kept in a file of the owner's."""
    with secret_files.changing(places.state() / "passwords.json") as passwords:
        for person in people.load():
            passwords.setdefault(person.address, secrets.token_urlsafe(18))
        return {address: Account(address, password, folder_of(address)) for address, password in passwords.items()}


def folder_of(address: str) -> Path:
    """The Maildir of an account."""
    return places.state() / "mail" / address


def find(accounts: Mapping[str, Account], address: str) -> Account | None:
    """The account of an address, however it is written."""
    return accounts.get(address.strip().lower())

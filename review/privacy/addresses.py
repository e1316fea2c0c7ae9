"""The mail addresses that a person goes by, and what is kept of them once the person was erased."""

import re

from django.utils.crypto import salted_hmac

from inbox.models import Mailbox
from review.privacy.errors import NotAPerson

MOST = 20
_APART = re.compile(r"[\s,;<>]+")


def read(text: str) -> tuple[str, ...]:
    """The addresses in what somebody typed, parted by spaces, commas or lines, in lower case and each once. Raises NotAPerson."""
    found = tuple(dict.fromkeys(word.lower() for word in _APART.split(text) if word))
    return checked(found)


def checked(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The same addresses, where they can be one person's. Raises NotAPerson in words."""
    if not addresses:
        raise NotAPerson("Write the person's mail address, or several of them.")
    if len(addresses) > MOST:
        raise NotAPerson(f"These are {len(addresses)} addresses; one person may have {MOST} here at most. Take the others next.")
    if wrong := next((one for one in addresses if not _is_address(one)), None):
        raise NotAPerson(f"“{wrong}” is no mail address. Write it as ann@customer.example.")
    own = {address.lower() for address in Mailbox.objects.values_list("address", flat=True)}
    if ours := next((one for one in addresses if one in own), None):
        raise NotAPerson(f"{ours} is a mailbox of this desk, and no customer's address.")
    return addresses


def digest(address: str) -> str:
    """What stands for an address in the list of erasures: an HMAC-SHA256 under the installation's SECRET_KEY, in hex. Who does not have the
    key cannot find out addresses by trying them; once the key was changed, older erasures are not found any more.
    """
    return salted_hmac("review.privacy.addresses", address.lower(), algorithm="sha256").hexdigest()


def _is_address(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    return bool(local and domain) and len(text) <= 320 and "\0" not in text

"""What made-up history hangs on: mailboxes, categories, customers, people, a setup. All of it can be told by its name."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from django.contrib.auth.models import Group, User

from deploy.load.vocabulary import SPOKEN, Vocabulary
from drafting.models import Category, Customer, CustomerAddress, Setup
from inbox.models import Mailbox

MARK = "load-"
"""Begins the name of each category, person and setup that is made up, and the number of each customer."""
DOMAIN = "load.invalid"
MAILBOXES = ("Service", "Orders", "Accounts", "Returns", "Technical")
CATEGORIES = ("Order status", "Invoice copy", "Return", "Damage claim", "Quote request", "Stock and price", "Technical question", "Other")
PEOPLE = ("Ana Sol", "Ben Orr", "Cleo Ray", "Dov Lim", "Eva Kent", "Finn Marsh")


@dataclass(frozen=True, slots=True)
class Writer:
    """A customer who writes."""

    address: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Company:
    """Ids of what was made, and the customers in the order of how much they write."""

    mailboxes: list[int]
    categories: list[int]
    people: list[int]
    setup: int
    writers: list[Writer]


def mailboxes() -> list[int]:
    """The ids of all mailboxes of made-up mail."""
    return list(Mailbox.objects.filter(address__endswith=f"@{DOMAIN}").order_by("pk").values_list("pk", flat=True))


def make(*, customers: int, random: Random) -> Company:
    """All that is not there yet."""
    Mailbox.objects.bulk_create((_mailbox(name) for name in MAILBOXES), ignore_conflicts=True)
    Category.objects.bulk_create((_category(name) for name in CATEGORIES), ignore_conflicts=True)
    reviewers = Group.objects.get_or_create(name="reviewer")[0]
    for name in PEOPLE:
        reviewers.user_set.add(_person(name))
    return Company(
        mailboxes=mailboxes(),
        categories=list(Category.objects.filter(slug__startswith=MARK).order_by("pk").values_list("pk", flat=True)),
        people=list(User.objects.filter(username__startswith=MARK).order_by("pk").values_list("pk", flat=True)),
        setup=_setup().pk,
        writers=_add_customers(list(_writers(customers, random))),
    )


def _mailbox(name: str) -> Mailbox:
    address = f"{name.lower()}@{DOMAIN}"
    return Mailbox(
        name=f"{name} (made up)",
        address=address,
        display_name=name,
        imap_host=DOMAIN,
        imap_username=address,
        smtp_host=DOMAIN,
        is_active=False,
    )


def _category(name: str) -> Category:
    return Category(slug=MARK + name.lower().replace(" ", "-"), name=name, description=f"{name} (made up).", is_active=False)


def _person(name: str) -> User:
    first, last = name.split()
    user, is_new = User.objects.get_or_create(username=MARK + first.lower(), defaults={"first_name": first, "last_name": last})
    if is_new:
        user.set_unusable_password()
        user.save()
    return user


def _setup() -> Setup:
    fingerprint = MARK + hashlib.sha256(MARK.encode()).hexdigest()[: 64 - len(MARK)]
    about = {"base_url": f"http://{DOMAIN}/v1", "model": "made up", "parts": {}}
    return Setup.objects.get_or_create(fingerprint=fingerprint, defaults=about)[0]


def _writers(number: int, random: Random) -> Iterator[Writer]:
    words = Vocabulary(random)
    for place in range(number):
        name = words.name()
        yield Writer(f"{name.lower().replace(' ', '.')}.{place}@{words.word()}.example", name, random.choice(SPOKEN))


def _add_customers(writers: list[Writer]) -> list[Writer]:
    """Every second writer is a known customer."""
    known = {f"{MARK}{place}": writer for place, writer in enumerate(writers) if place % 2 == 0}
    customers = (Customer(number=number, name=writer.name, language=writer.language) for number, writer in known.items())
    Customer.objects.bulk_create(customers, ignore_conflicts=True, batch_size=5000)
    pks = dict(Customer.objects.filter(number__startswith=MARK).values_list("number", "pk"))
    addresses = (CustomerAddress(customer_id=pks[number], address=writer.address) for number, writer in known.items())
    CustomerAddress.objects.bulk_create(addresses, ignore_conflicts=True, batch_size=5000)
    return writers

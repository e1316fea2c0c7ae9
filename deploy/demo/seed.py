"""Fills an installation with the demo company, once: running it again keeps what people changed, and what they deleted stays away.

Versions of what was filled in are never taken away, so they tell what was there once.
"""

import csv
import io
import secrets
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import DatabaseError, transaction

from deploy import env
from deploy.demo import accounts, places, secret_files, systems, tables, warehouse
from drafting import pinning, setups, versions
from drafting import tables as drafting_tables
from drafting.models import Article, Category, Connector, ConnectorTool, Customer, Guidance, ReplyTemplate, Rule, Version
from inbox.models import Mailbox, Security
from review import autosend
from review.models import Terms

ROLES = ("reviewer", "admin", "manager")
USERS = (("ana", "reviewer"), ("ben", "reviewer"), ("dana", "admin"), ("mia", "manager"))
TABLES = ("customers", "customer_addresses", "products", "orders", "order_lines")
COLLECTING = ("stock-price", "return")
"""Categories of which each review counts as proof from the start."""
SIGNATURE = (
    "Voss & Tamm Customer Service\n"
    "Hydraulic, conveyor and workshop parts, with lorries of our own\n"
    "+49 40 5550 140 · info@vosstamm.example\n"
    "(A made-up company)"
)


def seed() -> None:
    """All of it. The logins are told once the company is there; the setup comes last because it pins the rules."""
    with transaction.atomic():
        is_first = not was_filled(Version.Kind.ARTICLE)
        point_mailbox()
        if is_first:
            add_mailbox()
            add_knowledge()
            add_rules()
        fill_tables()
    add_connectors()
    add_people()
    begin_collecting()
    pin_setup()


def was_filled(kind: str) -> bool:
    """Whether there was ever something of a `Version.Kind` here."""
    return Version.objects.filter(kind=kind).exists()


def add_people() -> None:
    """The demo's users with their roles. Their first passwords are kept for the banner of `manage.py up`."""
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in ROLES}
    with secret_files.changing(places.state() / "logins.json") as kept:
        users = {entry["name"]: entry for entry in kept.setdefault("users", [])}
        for name, role in USERS:
            if name not in users:
                kept["users"].append({"name": name, "password": first_password(name), "role": role})
        with transaction.atomic():
            for entry in kept["users"]:
                add_user(entry, group=groups[entry["role"]])


def begin_collecting() -> None:
    """Two categories collect proof for auto-send from the first mail on, unless somebody ever set terms here."""
    admin = User.objects.filter(username="dana").first()
    if admin and not Terms.objects.exists():
        for category in Category.objects.filter(slug__in=COLLECTING):
            autosend.terms.save(category=category, by=admin)


def first_password(name: str) -> str:
    """From the environment (DEMO_PASSWORD_ANA …) or made up."""
    return env.text(f"DEMO_PASSWORD_{name.upper()}", "") or f"{name}-{secrets.token_hex(5)}"


def add_user(entry: dict[str, str], *, group: Group) -> None:
    """One user, unless there is one of that name already."""
    is_admin = entry["role"] == "admin"
    user, is_new = User.objects.get_or_create(username=entry["name"], defaults={"is_staff": is_admin, "is_superuser": is_admin})
    if is_new:
        user.first_name = entry["name"].title()
        user.set_password(entry["password"])
        user.save()
        user.groups.add(group)


def point_mailbox() -> None:
    """The company's mailbox follows the demo's mail servers wherever they listen this time, unless somebody pointed it elsewhere."""
    found = Mailbox.objects.filter(address=places.COMPANY_ADDRESS, imap_host=places.HOST, smtp_host=places.HOST)
    found.update(imap_port=places.imap_port(), smtp_port=places.smtp_port())


def add_mailbox() -> None:
    """The company's mailbox, unless there is one of that address already."""
    account = accounts.load()[places.COMPANY_ADDRESS]
    servers = {"imap_port": places.imap_port(), "smtp_port": places.smtp_port()}
    Mailbox.objects.get_or_create(
        address=account.address,
        defaults={
            "name": places.COMPANY,
            "display_name": f"{places.COMPANY} Customer Service",
            "signature": SIGNATURE,
            "authserv_id": places.AUTHSERV_ID,
            "imap_host": places.HOST,
            "imap_security": Security.NONE,
            "imap_username": account.address,
            "imap_password": account.password,
            "smtp_host": places.HOST,
            "smtp_security": Security.NONE,
            "smtp_username": account.address,
            "smtp_password": account.password,
            "poll_seconds": 1,
            **servers,
        },
    )


def add_knowledge() -> None:
    """Categories, guidance, articles and templates."""
    kinds = [
        Category.objects.get_or_create(slug=row["slug"], defaults={**row, "position": position})[0]
        for position, row in enumerate(tables.document("categories"))
    ]
    guidance = [Guidance.objects.get_or_create(title=row["title"], defaults=row)[0] for row in tables.document("guidance")]
    articles = [
        Article.objects.get_or_create(slug=row["slug"], language=row["language"], defaults=row)[0] for row in tables.document("articles")
    ]
    categories = {category.slug: category for category in Category.objects.all()}
    templates = []
    for row in tables.document("templates"):
        key = {"category": categories[row["category"]], "language": row["language"], "name": row["name"]}
        templates.append(ReplyTemplate.objects.get_or_create(**key, defaults={"body": row["body"]})[0])
    for things in (kinds, guidance, articles, templates):
        versions.keep_all(things=things, by=None)


def add_rules() -> None:
    """The company's business rules."""
    for row in tables.document("rules"):
        add_rule(row)


def add_rule(row: dict[str, Any]) -> None:
    """One rule, unless there is one of that name already."""
    rule, is_new = Rule.objects.get_or_create(name=row["name"], defaults={key: row[key] for key in ("expression", "effect", "text")})
    if is_new:
        rule.categories.set(Category.objects.filter(slug__in=row["categories"]))
        versions.keep(thing=rule, by=None)


def fill_tables() -> None:
    """Customers, products and orders, once; from then on they are the company's own."""
    if Customer.objects.exists():
        return
    for name in TABLES:
        drafting_tables.import_table(name=name, file=as_csv(tables.rows(name)))


def add_connectors() -> None:
    """A connector of each kind to the company's own systems, wherever they listen this time; none where they do not run."""
    if not (port := places.systems_port()):
        return
    tokens, here = systems.tokens(), f"http://{places.HOST}:{port}"
    addresses = {"parcelway": f"{here}/parcelway/v1", "data_sheets": f"{here}/mcp"}
    # On a server of one's own, the database user may not be allowed to make schemas and logins; the rest works without.
    with suppress(DatabaseError), transaction.atomic():
        warehouse.build(password=tokens["warehouse"])
        addresses["warehouse"] = warehouse.address()
    is_first = not was_filled(Version.Kind.CONNECTOR)
    for row in tables.document("connectors"):
        if not is_first and not Connector.objects.filter(name=row["name"]).exists():
            continue
        if (key := row["name"].lower().replace(" ", "_")) in addresses:
            add_connector(row, address=addresses[key], secret=tokens[key])


@transaction.atomic
def add_connector(row: dict[str, Any], *, address: str, secret: str) -> None:
    """One connector with its lookup. One that is there already only follows its server."""
    about = {"kind": row["kind"], "options": row.get("options", {}), "timeout_seconds": row["timeout_seconds"]}
    connector, is_new = Connector.objects.get_or_create(name=row["name"], defaults={**about, "address": address, "secret": secret})
    if is_new:
        versions.keep(thing=ConnectorTool.objects.create(connector=connector, **row["tool"]), by=None)
    elif connector.address != address and connector.secret == secret:
        Connector.objects.filter(pk=connector.pk).update(address=address)
    versions.keep(thing=connector, by=None)


def as_csv(rows: list[dict[str, str]]) -> io.StringIO:
    """The rows as the file that a company would import."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file.seek(0)
    return file


def pin_setup() -> None:
    """Pin and activate the model that the environment names, where nothing is active or that model's server has moved.

    Whatever else changes, a person switches: that is what pinning is for.
    """
    wanted = {"base_url": settings.MODEL_BASE_URL.rstrip("/"), "model": settings.MODEL_NAME}
    active = setups.active()
    with secret_files.changing(places.state() / "setup.json") as pinned:
        has_moved = active and {"base_url": active.base_url, "model": active.model} == pinned != wanted
        if all(wanted.values()) and (active is None or has_moved):
            admin = User.objects.filter(username="dana").first()
            setups.activate(setup=pinning.pin(base_url=wanted["base_url"], model=wanted["model"], by=admin), by=admin)
            pinned.update(wanted)

"""Rows that drafting tests start from. Everything may be named; what is not named is plausible and unique."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from drafting.models import Article, Category, Customer, CustomerAddress, Draft, Order, OrderLine, Product, ReplyTemplate, Setup
from inbox.models import Conversation, Mailbox, Message

_number = count(1)


def make_mailbox(**about: Any) -> Mailbox:
    """A mailbox that authenticates senders."""
    number = next(_number)
    values = {
        "name": f"Service {number}",
        "address": f"service{number}@shop.example",
        "authserv_id": "mx.shop.example",
        "imap_host": "127.0.0.1",
        "imap_username": "service",
        "smtp_host": "127.0.0.1",
    }
    return Mailbox.objects.create(**values | about)


def make_conversation(**about: Any) -> Conversation:
    """A conversation that the assistant leads."""
    values = {"subject": "A question", "customer_address": "ann@customer.example"}
    return Conversation.objects.create(**{"mailbox": about.get("mailbox") or make_mailbox(), **values, **about})


def make_message(text: str = "Where is my order?", **about: Any) -> Message:
    """A mail that was read, from an authenticated person, not taken up yet."""
    conversation = about.pop("conversation", None) or make_conversation()
    number = next(_number)
    values = {
        "conversation": conversation,
        "mailbox": conversation.mailbox,
        "state": Message.State.PARSED,
        "raw_sha256": hashlib.sha256(str(number).encode()).hexdigest(),
        "raw_size": 1000,
        "received_at": timezone.now(),
        "message_id": f"mail-{number}@customer.example",
        "from_address": conversation.customer_address,
        "from_name": "Ann Lee",
        "subject": conversation.subject,
        "text": text,
        "reply_text": text,
        "language": "en",
        "authenticity": Message.Authenticity.PASS,
    }
    return Message.objects.create(**values | about)


def make_category(slug: str = "order-status", **about: Any) -> Category:
    """A category that mails can be sorted into."""
    values = {"name": slug.replace("-", " ").capitalize(), "description": f"Mails about {slug}."}
    return Category.objects.get_or_create(slug=slug, defaults=values | about)[0]


def make_customer(*addresses: str, **about: Any) -> Customer:
    """A customer who writes from `addresses`."""
    number = next(_number)
    customer = Customer.objects.create(**{"number": f"K-{7000 + number}", "name": f"Customer {number}", "language": "en", **about})
    CustomerAddress.objects.bulk_create(CustomerAddress(customer=customer, address=address) for address in addresses)
    return customer


def make_product(sku: str = "", **about: Any) -> Product:
    """A product that is in stock."""
    values = {"name": "Steel bracket 40 mm", "price": Decimal("4.50"), "stock": 120}
    return Product.objects.create(**{"sku": sku or f"ART-{next(_number):04}", **values, **about})


def make_order(customer: Customer, number: str = "", **about: Any) -> Order:
    """An order on its way, with one line."""
    values = {
        "status": Order.Status.SHIPPED,
        "ordered_on": date.today() - timedelta(days=6),
        "promised_on": date.today() + timedelta(days=2),
        "shipped_on": date.today() - timedelta(days=1),
        "carrier": "Parcel Co",
        "total": Decimal("93.10"),
    }
    order = Order.objects.create(**{"customer": customer, "number": number or f"SO-{10000 + next(_number)}", **values, **about})
    OrderLine.objects.create(order=order, product=make_product(), quantity=20, price=Decimal("4.50"))
    return order


def make_article(**about: Any) -> Article:
    """A knowledge article."""
    values = {"slug": f"article-{next(_number)}", "title": "Returns", "body": "Goods can be returned within 30 days."}
    return Article.objects.create(**values | about)


def make_template(category: Category, **about: Any) -> ReplyTemplate:
    """An approved wording."""
    values = {"name": f"Template {next(_number)}", "body": "Thank you for your mail."}
    return ReplyTemplate.objects.create(**{"category": category, **values, **about})


def make_draft(message: Message | None = None, **about: Any) -> Draft:
    """A draft that waits to be written."""
    message = message or make_message()
    return Draft.objects.create(**{"message": message, "conversation": message.conversation, **about})


def make_setup(**about: Any) -> Setup:
    """A setup row as such, of a server that is not there."""
    values = {"fingerprint": f"{next(_number):064}", "base_url": "http://127.0.0.1:9/v1", "model": "none", "parts": {}}
    return Setup.objects.create(**values | about)

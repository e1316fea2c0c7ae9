"""Whose mail domain somebody writes from is told to people, and moves nothing else."""

import pytest
from django.db import connection

from drafting import mail_domains
from drafting.agent.assistant import scope_of
from drafting.models import CustomerAddress
from drafting.protocol import CategoryChoice
from inbox.models import Message
from tests.drafting.factories import make_category, make_customer, make_message

pytestmark = pytest.mark.django_db
CHOICE = CategoryChoice.model_construct(category="order-status", language="en")


def owner_of(sender: str) -> tuple[str, str] | None:
    message = Message.objects.annotate(neighbours=mail_domains.with_neighbours("from_address")).get(pk=make_message(from_address=sender).pk)
    return mail_domains.owner(sender, message.neighbours)


def test_a_domain_from_which_one_customer_writes_is_theirs() -> None:
    make_customer("ann@firm.example", "orders@firm.example", name="Firm", number="K-1")
    make_customer("cy@other.example")
    assert owner_of("Bo@FIRM.example") == ("Firm", "K-1")


@pytest.mark.parametrize(
    "sender", ["bo@sub.firm.example", "bo@afirm.example", "bo@firm.example.net", "firm.example@else.example", "bo", ""]
)
def test_a_domain_that_only_looks_alike_is_nobodys(sender: str) -> None:
    make_customer("ann@firm.example")
    assert owner_of(sender) is None


def test_a_domain_from_which_several_customers_write_is_nobodys() -> None:
    make_customer("ann@village.example")
    make_customer("ben@village.example")
    assert owner_of("bo@village.example") is None


@pytest.mark.parametrize(
    "domain", ["gmail.com", "outlook.com", "hotmail.fr", "yahoo.co.uk", "GMX.net", "web.de", "t-online.de", "qq.com", "wp.pl"]
)
def test_a_public_mail_provider_is_nobodys(domain: str) -> None:
    make_customer(f"ann@{domain.lower()}")
    assert owner_of(f"bo@{domain}") is None


def test_an_address_that_is_known_needs_no_domain() -> None:
    make_customer("ann@firm.example")
    assert owner_of("Ann@firm.example") is None


def test_a_colleague_of_a_customer_is_shown_none_of_their_data() -> None:
    make_customer("ann@firm.example")
    message = make_message(from_address="bo@firm.example", authenticity=Message.Authenticity.PASS)
    assert owner_of("bo@firm.example")
    assert scope_of(message, CHOICE, make_category()).customer is None


def test_a_domain_is_found_along_an_index() -> None:
    customer = make_customer("ann@firm.example")
    CustomerAddress.objects.bulk_create(CustomerAddress(customer=customer, address=f"a{n}@d{n}.example") for n in range(2_000))
    asked = Message.objects.annotate(neighbours=mail_domains.with_neighbours("from_address")).values("neighbours")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE drafting_customeraddress")
        sql, values = asked.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "address_by_domain" in plan

"""A small company with customers in eight languages, and any number of mails from them, alike for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from drafting.models import Customer, CustomerAddress, Order, OrderLine, Product
from inbox.models import Mailbox, Message
from tests.drafting.factories import make_article, make_category, make_conversation, make_mailbox, make_message, make_template

PER_LANGUAGE = 3
QUESTIONS = {
    "en": ("Where is my order {order}? We are waiting for it in the workshop.", "Could you tell me when order {order} arrives?"),
    "de": (
        "Wo bleibt meine Bestellung {order}? Wir warten in der Werkstatt darauf.",
        "Können Sie mir sagen, wann der Auftrag {order} ankommt?",
    ),
    "fr": ("Où en est ma commande {order} ? Nous l'attendons à l'atelier.", "Pouvez-vous me dire quand la commande {order} arrivera ?"),
    "es": ("¿Dónde está mi pedido {order}? Lo esperamos en el taller.", "¿Pueden decirme cuándo llegará el pedido {order}?"),
    "it": ("Dov'è il mio ordine {order}? Lo aspettiamo in officina.", "Potete dirmi quando arriverà l'ordine {order}?"),
    "nl": (
        "Waar blijft mijn bestelling {order}? Wij wachten erop in de werkplaats.",
        "Kunt u mij zeggen wanneer bestelling {order} aankomt?",
    ),
    "pl": (
        "Gdzie jest moje zamówienie {order}? Czekamy na nie w warsztacie.",
        "Czy mogą Państwo powiedzieć, kiedy dotrze zamówienie {order}?",
    ),
    "pt": ("Onde está a minha encomenda {order}? Estamos à espera dela na oficina.", "Podem dizer-me quando chega a encomenda {order}?"),
}
GREETINGS = {
    "en": ("Hello,", "Kind regards"),
    "de": ("Guten Tag,", "Mit freundlichen Grüßen"),
    "fr": ("Bonjour,", "Cordialement"),
    "es": ("Buenos días:", "Un saludo"),
    "it": ("Buongiorno,", "Cordiali saluti"),
    "nl": ("Goedendag,", "Met vriendelijke groet"),
    "pl": ("Dzień dobry,", "Z poważaniem"),
    "pt": ("Bom dia,", "Com os melhores cumprimentos"),
}
SECOND_QUESTIONS = {
    "en": "And which hose fits the pump?",
    "de": "Und welcher Schlauch passt zur Pumpe?",
    "fr": "Et quel flexible convient à la pompe ?",
    "es": "¿Y qué manguera sirve para la bomba?",
    "it": "E quale tubo va bene per la pompa?",
    "nl": "En welke slang past bij de pomp?",
    "pl": "A jaki wąż pasuje do pompy?",
    "pt": "E que mangueira serve para a bomba?",
}


@dataclass(frozen=True)
class Company:
    """What there is in the tables."""

    mailbox: Mailbox
    customers: dict[str, list[Customer]]
    orders: dict[int, list[Order]]

    def secrets_of_others(self, customer: Customer) -> list[dict[str, str]]:
        """What a reply to `customer` must never name, one record for each other customer."""
        others = [other for same in self.customers.values() for other in same if other != customer]
        return [
            {
                "order": self.orders[other.pk][0].number,
                "invoice": self.orders[other.pk][0].invoice_number,
                "tracking": self.orders[other.pk][0].tracking_number,
                "number": other.number,
                "name": other.name,
                "address": f"{other.number.lower()}@kunden.example",
            }
            for other in others
        ]


@dataclass(frozen=True)
class Sent:
    """A mail that came in, with what is true about it."""

    message: Message
    customer: Customer
    order: Order
    is_trusted: bool


def found(*, seed: int = 0) -> Company:
    """The company: customers with two orders each, a category, an article and templates."""
    chance = random.Random(seed)
    category = make_category("order-status")
    make_article(title="Delivery", body="Goods in stock leave us within 2 working days. A parcel costs 14.90 EUR.")
    for language in QUESTIONS:
        make_template(category, language=language, body={"de": "Vielen Dank für Ihre Nachricht."}.get(language, "Thank you for your mail."))
    products = [
        Product.objects.create(sku=f"KL-{2040 + at}", name=f"Bearing {at}", price=Decimal(chance.randint(400, 30_000)) / 100, stock=at * 7)
        for at in range(8)
    ]
    customers = {language: [_customer(language, at, chance) for at in range(PER_LANGUAGE)] for language in QUESTIONS}
    orders = {one.pk: [_order(one, products, chance) for _ in range(2)] for same in customers.values() for one in same}
    return Company(make_mailbox(display_name="Bolt & Sons Service"), customers, orders)


def mails(company: Company, *, count: int, seed: int, language: str = "", always_trusted: bool = False, **about: Any) -> Iterator[Sent]:
    """So many mails: every language in turn; a fifth forged, a seventh from addresses that nobody knows, unless `always_trusted`."""
    chance = random.Random(seed)
    languages = [language] if language else list(QUESTIONS)
    for at in range(count):
        customer = chance.choice(company.customers[languages[at % len(languages)]])
        kind = "known" if always_trusted else chance.choices(("known", "forged", "unknown"), (70, 17, 13))[0]
        yield write(company, customer, chance=chance, kind=kind, **about)


def write(company: Company, customer: Customer, *, chance: random.Random, kind: str = "known", **about: Any) -> Sent:
    """One mail of `customer` about one of their orders."""
    order = chance.choice(company.orders[customer.pk])
    hello, regards = GREETINGS[customer.language]
    question = chance.choice(QUESTIONS[customer.language]).format(order=order.number)
    address = f"{customer.number.lower()}@kunden.example" if kind != "unknown" else f"someone{chance.randint(1, 99)}@elsewhere.example"
    conversation = make_conversation(mailbox=company.mailbox, customer_address=f"{chance.getrandbits(60)}.{address}")
    values = {
        "from_address": address,
        "from_name": f"Contact {customer.number}",
        "subject": order.number,
        "language": customer.language,
        "authenticity": Message.Authenticity.FAIL if kind == "forged" else Message.Authenticity.PASS,
    }
    text = f"{hello}\n\n{question}\n\n{regards}\nContact {customer.number}"
    return Sent(make_message(text, conversation=conversation, **values | about), customer, order, is_trusted=kind == "known")


def _customer(language: str, at: int, chance: random.Random) -> Customer:
    number = f"C-{chance.randint(100_000, 999_999)}"
    name = f"{chance.choice(('Nordwind', 'Halvorsen', 'Castellan', 'Brightfield', 'Miralles'))} {language.upper()}{at} Maschinen GmbH"
    customer = Customer.objects.create(number=number, name=name, language=language, terms="30 days net")
    CustomerAddress.objects.create(customer=customer, address=f"{number.lower()}@kunden.example", contact=f"Contact {number}")
    return customer


def _order(customer: Customer, products: list[Product], chance: random.Random) -> Order:
    number = chance.randint(100_000, 999_999)
    today, lines = date.today(), [(product, chance.randint(2, 40)) for product in chance.sample(products, 2)]
    order = Order.objects.create(
        customer=customer,
        number=f"SO-{number}",
        status=Order.Status.SHIPPED,
        ordered_on=today - timedelta(days=chance.randint(6, 20)),
        promised_on=today + timedelta(days=chance.randint(2, 9)),
        shipped_on=today - timedelta(days=chance.randint(1, 4)),
        carrier="Parcelway",
        tracking_number=f"PW{chance.randint(10**8, 10**9)}",
        invoice_number=f"INV-{number + 7}",
        total=sum((product.price * quantity for product, quantity in lines), Decimal("14.90")),
        delivery_address=f"{customer.name}, Industriestraße {chance.randint(1, 99)}, {chance.randint(10_000, 99_999)} Nordstadt",
        note="Ring twice.",
    )
    OrderLine.objects.bulk_create(OrderLine(order=order, product=product, quantity=many, price=product.price) for product, many in lines)
    return order

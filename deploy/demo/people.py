"""Who has a mail account in the demo: the company, its customers' people, and some who are no customers."""

from dataclasses import dataclass

from deploy.demo import places, tables


@dataclass(frozen=True)
class Person:
    """Somebody who writes mail. `customer` is a customer number, or empty for those who are none."""

    address: str
    name: str
    customer: str = ""
    company: str = ""
    language: str = "en"

    @property
    def initials(self) -> str:
        """Of the first and the last word of the name."""
        words = self.name.split()
        return (words[0][0] + words[-1][0]).upper()


def load() -> list[Person]:
    """Everybody, the company first."""
    return [Person(places.COMPANY_ADDRESS, places.COMPANY), *customers(), *outsiders()]


def customers() -> list[Person]:
    """The people who write for a customer; some customers have two."""
    known = {row["number"]: row for row in tables.rows("customers")}
    return [
        Person(row["address"], row["contact"], row["customer"], known[row["customer"]]["name"], known[row["customer"]]["language"])
        for row in tables.rows("customer_addresses")
    ]


def outsiders() -> list[Person]:
    """People who are not in the customer table."""
    return [Person(row["address"], row["contact"]) for row in tables.rows("outsiders")]

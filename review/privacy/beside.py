"""What names a person outside their conversations: the audit log, new mails being written, imported files, the customer table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from drafting.models import Customer, CustomerAddress, TableImport
from inbox.models import Erasable
from review import uploads, writing
from review.desk.erased import SUBJECT
from review.models import LogEntry, Upload, Writing

NAMES = {
    "log_beside": "Entries of the audit log that name the address",
    "new_writings": "New mails that somebody is writing",
    "new_files": "Files for them",
    "imports": "Imported files that show the address",
    "address_rows": "Rows of the table of customers' addresses",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """What there is, by the keys of `NAMES`; `with_rows` also counts the rows of the customer table, which go only when asked for."""

    addresses: Sequence[str]
    with_rows: bool = False
    apart_from: Sequence[int] = field(default=())

    def rows(self) -> dict[str, "QuerySet[Any]"]:
        """The rows of each. `apart_from` are conversations whose log goes as a whole anyway."""
        found: dict[str, QuerySet[Any]] = {
            "log_beside": self._log(),
            "new_files": Upload.objects.filter(uploads.UNSENT, conversation=None, by__in=self._new().values("by"), erased_at=None),
            "new_writings": self._new(),
            "imports": self._imports(),
        }
        return found | ({"address_rows": address_rows(self.addresses)} if self.with_rows else {})

    def _log(self) -> "QuerySet[LogEntry]":
        """The words find entries through their index. What was done to colleagues with such an address is about colleagues."""
        words = SearchVector("about", "words", config="simple")
        asked = reduce(or_, (SearchQuery(one, config="simple") for one in self.addresses))
        named = _any(self.addresses, "about__icontains", "words__icontains")
        found = LogEntry.objects.annotate(said=words).filter(named, said=asked).exclude(act__startswith="person.")
        return found.exclude(conversation__in=list(self.apart_from))

    def _new(self) -> "QuerySet[Writing]":
        return Writing.objects.filter(_any(self.addresses, "recipient__icontains"), writing.UNSENT, conversation=None)

    def _imports(self) -> "QuerySet[TableImport]":
        shown = TableImport.objects.annotate(shown=Cast("first_rows", TextField()), wrong=Cast("errors", TextField()))
        return shown.filter(_any(self.addresses, "shown__icontains", "wrong__icontains"))

    def count(self) -> dict[str, int]:
        """How many of each there are."""
        return {key: number for key, rows in self.rows().items() if (number := rows.count())}

    def erase(self) -> dict[str, int]:
        """Take it away, and say how many of each. Within a transaction and `audit_log.erasing`."""
        rows = self.rows()
        acts: dict[str, Callable[[], int]] = {
            "log_beside": lambda: _pks(rows["log_beside"]).update(about=SUBJECT, words="", detail={}),
            "new_files": lambda: rows["new_files"].update(
                name=SUBJECT, sha256="", erased_at=timezone.now(), erased_for=Erasable.For.PERSON
            ),
            "new_writings": lambda: rows["new_writings"].delete()[0],
            "imports": lambda: _pks(rows["imports"]).update(first_rows=[], errors=[]),
            "address_rows": lambda: rows["address_rows"].delete()[0],
        }
        return {key: number for key, act in acts.items() if key in rows and (number := act())}


def address_rows(addresses: Sequence[str]) -> "QuerySet[CustomerAddress]":
    """The rows of the built-in table by which these addresses are known."""
    return CustomerAddress.objects.filter(address__in=addresses)


def customers(addresses: Sequence[str]) -> "QuerySet[Customer]":
    """The customers who write from these addresses, as the built-in table has them."""
    return Customer.objects.filter(addresses__in=address_rows(addresses)).distinct().order_by("number")


def colleagues(addresses: Sequence[str]) -> "QuerySet[User]":
    """People of the desk with one of these addresses."""
    return User.objects.filter(_any(addresses, "email__iexact", "username__iexact"))


def _any(values: Sequence[str], *lookups: str) -> Q:
    return reduce(or_, (Q((lookup, value)) for lookup in lookups for value in values))


def _pks(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """The same rows, found before they are changed: an update of rows that are found by what it changes reads them once more."""
    found: QuerySet[Any] = rows.model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
    return found

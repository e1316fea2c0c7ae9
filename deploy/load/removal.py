"""Dropping made-up history again, with whatever people did with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import SET_NULL, QuerySet

from deploy.load import company
from drafting.models import Category, Customer
from inbox.models import Conversation, Mailbox, Message

BATCH = 5_000


def has_real_mail() -> bool:
    """Whether there is mail of any mailbox that was not made up."""
    return Message.objects.exclude(mailbox__in=company.mailboxes()).exists()


def remove(*, tell: Callable[[str], None]) -> None:
    """Drop it all but the setup, whose row never changes. People who did something elsewhere meanwhile are kept."""
    mailboxes = company.mailboxes()
    gone = 0
    while ids := list(Conversation.objects.filter(mailbox__in=mailboxes).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with _erasing():
            drop(Conversation.objects.filter(pk__in=ids))
        gone += len(ids)
        tell(f"{gone} conversations removed.")
    with _erasing():
        for rows in _rest(mailboxes):
            drop(rows)
    tell("Mailboxes, categories, customers and people of the made-up history are removed.")


def drop(rows: QuerySet[Any]) -> None:
    """Delete rows and all that refers to them, table by table. Keys of others that may be empty become so."""
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)) or relation.related_model is rows.model:
            continue
        referring = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": rows.values("pk")})
        if relation.on_delete is SET_NULL:
            referring.update(**{relation.field.name: None})
        else:
            drop(referring)
    rows._raw_delete(rows.db)


def _rest(mailboxes: list[int]) -> list[QuerySet[Any, Any]]:
    return [
        Mailbox.objects.filter(pk__in=mailboxes),
        Category.objects.filter(slug__startswith=company.MARK),
        Customer.objects.filter(number__startswith=company.MARK),
        User.objects.filter(username__startswith=company.MARK),
    ]


@contextmanager
def _erasing() -> Iterator[None]:
    """A transaction in which the database lets go of entries of the audit log."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL countersign.erasing = 'on'")
        yield

"""Mailboxes, conversations, their messages and the mail that left."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from inbox import models
from review import access, downloads
from review.api import paging, shapes
from review.api.auth import ApiRequest, may
from review.models import ApiToken

READ = ApiToken.Scope.READ_CONVERSATIONS
router = Router(tags=["Conversations"], auth=may(READ))


@router.get("/mailboxes", response=list[shapes.Mailbox], summary="List mailboxes")
def list_mailboxes(request: ApiRequest) -> list[shapes.Mailbox]:
    """All mailboxes that the token may see, by name."""
    return [shapes.Mailbox.of(row) for row in access.mailboxes(request.auth).order_by("name")]


@router.get("/conversations", response=shapes.Page[shapes.Conversation], summary="List conversations")
def list_conversations(request: ApiRequest, asked: Query[shapes.ConversationFilter]) -> shapes.Page[shapes.Conversation]:
    """Conversations by their last message, newest first."""
    rows = access.conversations(request.auth).select_related("assigned_to")
    if asked.customer:
        rows = _of_customer(rows, asked.customer, request.auth)
    rows = paging.chosen(rows, mailbox=asked.mailbox, state=asked.state, last_message_at__gte=asked.active_since)
    found, following = paging.part(rows, asked, by="last_message_at", descending=asked.order == "newest")
    return shapes.Page(items=[shapes.Conversation.of(row) for row in found], next_cursor=following)


@router.get("/conversations/{conversation_id}", response=shapes.Conversation, summary="Read a conversation")
def read_conversation(request: ApiRequest, conversation_id: shapes.Id) -> shapes.Conversation:
    """One conversation."""
    return shapes.Conversation.of(_conversation(request.auth, conversation_id))


@router.get("/conversations/{conversation_id}/messages", response=shapes.Page[shapes.Message], summary="List its messages")
def list_messages(request: ApiRequest, conversation_id: shapes.Id, asked: Query[shapes.Part]) -> shapes.Page[shapes.Message]:
    """The messages that came in, oldest first. What we wrote is in the list of outgoing mail."""
    rows = access.messages(request.auth).filter(conversation=_conversation(request.auth, conversation_id))
    rows = rows.defer("html", "hidden_text").prefetch_related("attachments")
    found, following = paging.part(rows, asked, by="received_at", descending=False)
    return shapes.Page(items=[shapes.Message.of(row) for row in found], next_cursor=following)


@router.get("/conversations/{conversation_id}/outgoing", response=shapes.Page[shapes.Outgoing], summary="List its outgoing mail")
def list_outgoing(request: ApiRequest, conversation_id: shapes.Id, asked: Query[shapes.Part]) -> shapes.Page[shapes.Outgoing]:
    """What we wrote, oldest first, whatever became of it."""
    rows = access.outgoing(request.auth).filter(conversation=_conversation(request.auth, conversation_id)).defer("mime")
    found, following = paging.part(rows, asked, by="created_at", descending=False)
    return shapes.Page(items=[shapes.Outgoing.of(row) for row in found], next_cursor=following)


@router.get("/messages/{message_id}", response=shapes.WholeMessage, summary="Read a message")
def read_message(request: ApiRequest, message_id: shapes.Id) -> shapes.WholeMessage:
    """One message that came in, with its HTML and its files."""
    rows = access.messages(request.auth).prefetch_related("attachments")
    return shapes.WholeMessage.of(get_object_or_404(rows, pk=message_id))


@router.get("/attachments/{attachment_id}", response={200: None}, summary="Download an attachment")
def download_attachment(request: ApiRequest, attachment_id: shapes.Id) -> HttpResponse:
    """The bytes of a file that came with a message."""
    found = get_object_or_404(access.attachments(request.auth).select_related("message"), pk=attachment_id)
    return downloads.attachment(found)


@router.get("/outgoing/{outgoing_id}", response=shapes.Outgoing, summary="Read an outgoing mail")
def read_outgoing(request: ApiRequest, outgoing_id: shapes.Id) -> shapes.Outgoing:
    """One mail of ours."""
    return shapes.Outgoing.of(get_object_or_404(access.outgoing(request.auth).defer("mime"), pk=outgoing_id))


def _conversation(token: ApiToken, pk: int) -> models.Conversation:
    return get_object_or_404(access.conversations(token).select_related("assigned_to"), pk=pk)


def _of_customer(rows: QuerySet[models.Conversation], address: str, token: ApiToken) -> QuerySet[models.Conversation]:
    """Naming the mailboxes lets the index of customers be used, which begins with them."""
    return rows.filter(customer_address=address.strip().lower(), mailbox__in=access.mailboxes(token))

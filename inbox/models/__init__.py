"""Mailboxes, conversations, messages that came in, and mail on its way out."""

from inbox.models.conversations import Conversation
from inbox.models.erased import Erasable
from inbox.models.grants import Grant
from inbox.models.mailboxes import AfterStoring, Mailbox, Security, SignIn
from inbox.models.messages import Attachment, Message
from inbox.models.outgoing import OutgoingMail

__all__ = ["AfterStoring", "Attachment", "Conversation", "Erasable", "Grant", "Mailbox", "Message", "OutgoingMail", "Security", "SignIn"]

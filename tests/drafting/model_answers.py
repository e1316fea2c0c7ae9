"""What a model answers to a mail about SO-4711, in both turns, where a test is about something else."""

from typing import Any

CHOICE: dict[str, Any] = {
    "category": "order-status",
    "is_certain": True,
    "is_single_topic": True,
    "language": "en",
    "asks": ["Where is my order?"],
    "flags": [],
}
REPLY: dict[str, Any] = {
    "action": "reply",
    "query": "",
    "body": "Hello Ann,\n\nyour order SO-4711 is on its way.\n\nKind regards",
    "asks": [{"ask": "Where is my order?", "answered": True}],
    "reason": "",
    "words": "",
}
HAND_OVER = REPLY | {"action": "hand_over", "body": "", "asks": [], "reason": "unsure", "words": "I do not understand the mail."}

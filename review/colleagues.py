"""Who can be given a conversation."""

from review.choices import Colleague, choices


def of_mailbox(mailbox_id: int) -> list[Colleague]:
    """Those who may answer mail of this mailbox, by name. The list may be some seconds old; assigning itself looks anew."""
    return [one for one in choices().colleagues if one.mailbox_ids is None or mailbox_id in one.mailbox_ids]

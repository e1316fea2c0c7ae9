"""What needs a person, and where to go about it."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse

from review import permissions
from review.desk import words
from review.desk.automation.standing import Standing
from review.frame.counts import Counts
from review.frame.pinned import SetupInUse


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that needs a person, and where to go about it."""

    words: str
    detail: str
    url: str


def problems(user: User, *, setup: SetupInUse, auto_send: Standing, found: Counts) -> list[Problem]:
    """The problems that `user` can do something about. Only who reviews is told of any."""
    if not permissions.may_review(user):
        return []
    return [*_of_setup(setup, user), *_suspended(auto_send, user), *_counted(found, user)]


def alarm(setup: SetupInUse) -> str:
    """The line above every page while a model answers that is not the pinned one; "" else."""
    if not setup.changed:
        return ""
    return f"Another model answers than the one pinned as {words.listed(setup.changed)}. Drafting goes on; nothing is sent automatically."


def _of_setup(setup: SetupInUse, user: User) -> list[Problem]:
    is_admin = permissions.may_administer(user)
    url = reverse("setup" if is_admin else "queue")
    if not setup.name and is_admin:
        return [Problem("No setup is active", "Nothing is drafted until a model server is pinned; add one on the Setup page.", url)]
    mend = "Start the pinned model again, or pin the one that runs." if is_admin else "Tell an admin; all drafts need people until then."
    act = "Pin what runs now on the Setup page." if is_admin else "Tell an admin; until then every draft fails that check."
    return [
        *(Problem("Another model answers than the pinned one", f"{name}: its canaries differ. {mend}", url) for name in setup.changed),
        *(
            Problem("What runs differs from the pinned setup", f"{name}, in {words.listed(parts)}. {act}", url)
            for name, parts in setup.differing
        ),
    ]


def _suspended(auto_send: Standing, user: User) -> list[Problem]:
    """For admins: only they can do anything about it, and reviewers never see how the proof goes."""
    if not permissions.may_administer(user):
        return []
    return [Problem(f"{each.name} is suspended", f"{each.cause}. Its drafts wait for people.", each.url) for each in auto_send.suspended]


def _counted(found: Counts, user: User) -> list[Problem]:
    place = "mailboxes" if permissions.may_administer(user) else "queue"
    worded = {
        "mailbox": ("mailbox cannot be read", "mailboxes cannot be read", place),
        "unreached": ("mailbox was not reached for 15 minutes", "mailboxes were not reached for 15 minutes", place),
        "model": ("mail waits for the assistant", "mails wait for the assistant", "queue"),
        "put_off": ("reply waits for its mail server", "replies wait for their mail server", "outgoing"),
        "failed": ("reply could not be sent", "replies could not be sent", "outgoing"),
        "bounced": ("reply came back", "replies came back", "outgoing"),
        "maybe_sent": ("reply was maybe sent: decide what happened", "replies were maybe sent: decide what happened", "outgoing"),
    }
    if permissions.may_administer(user):
        worded["expiring"] = ("mailbox loses its sign-in soon", "mailboxes lose their sign-in soon", "mailboxes")
        worded["webhook"] = ("webhook needs somebody", "webhooks need somebody", "webhooks")
    return [
        Problem(words.count(found[about][0], one, many), found[about][1][:300], reverse(target))
        for about, (one, many, target) in worded.items()
        if about in found
    ]

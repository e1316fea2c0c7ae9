import re
from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef

GOES_ON = re.compile(
    r"\b(?:warning message only|this is (?:only )?a warning|do not need to re-?send|will (?:be|keep|continue)[^.\n]{0,30}(?:retr|try)"
    r"|still (?:being )?(?:re)?tr(?:y|ied)|not yet been delivered|delayed|\(delay\)|noch nicht zugestellt|verzögert)",
    re.IGNORECASE,
)
GIVEN_UP = re.compile(
    r"\b(?:given up|gave up|(?:will not|won't) (?:be )?(?:retr|tr[yi])|no (?:more|further) (?:delivery )?attempts|has expired"
    r"|in the queue too long|aufgegeben|keine weiteren (?:zustell)?versuche)",
    re.IGNORECASE,
)
WORDS = "It was delayed: a mail server tried again later."


def tell_delays(apps: Any, _: Any) -> None:
    """Notices that said that a server goes on trying, by their words; mails of which nothing else was heard have not come back.

    What has changed of a mail has its conversation counted anew in the reports, by their triggers.
    """
    messages, mails = (apps.get_model("inbox", name)._default_manager for name in ("Message", "OutgoingMail"))
    soft = messages.filter(kind="bounce", bounce_is_hard=False, bounce_is_delay=False)
    rows = soft.values_list("pk", "subject", "text").iterator(1000)
    delays = [pk for pk, subject, text in rows if GOES_ON.search(f"{subject}\n{text}") and not GIVEN_UP.search(text)]
    messages.filter(pk__in=delays).update(bounce_is_delay=True)
    notices = messages.filter(kind="bounce", conversation=OuterRef("conversation"))
    late = mails.filter(Exists(notices.filter(bounce_is_delay=True)), ~Exists(notices.filter(bounce_is_delay=False)))
    late.filter(bounced_at__isnull=False).exclude(bounce_is_hard=True).update(bounced_at=None, bounce_is_hard=None, last_error=WORDS)


class Migration(migrations.Migration):
    """Notices of delays from before they were told from bounces (0023) count as no bounces either, so that no past rate falls by them."""

    dependencies = [("inbox", "0028_may_continue_by_index")]

    operations = [migrations.RunPython(tell_delays, migrations.RunPython.noop)]

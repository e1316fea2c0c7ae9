"""The report of the demo company, from outside: `python -m tests.life.reporting`.

The demo's own mails are drafted by the stand-in; reviewers decide them in every way; then each number of the page is compared with what a
plain count of the raw rows says (`tests/review/reports/plain.py`), and followed to its mails.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from deploy import launch, services
from tests.life import report
from tests.life.earning import PATIENCE, Life, say, wait_for

SEEN = (
    *("approved", "edited", "rejected", "taken_over", "no_reply", "waiting", "calls", "handed_over", "audited", "unsafe"),
    *("responded", "resolved", "reviews", "by_approval", "by_edit", "by_rewrite", "by_hand"),
)
"""What must have happened."""


def main() -> int:
    """All steps, each with its seconds. Returns 0, or 1 after naming the step that failed."""
    for name in ("DATABASE_URL", "REDIS_URL", "MODEL_BASE_URL", "SECRET_KEY"):
        os.environ.pop(name, None)
    os.environ |= {"UNDO_SECONDS": "1", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    folder = Path(tempfile.mkdtemp(prefix="countersign-life-"))
    folder.chmod(0o755)
    try:
        launch.configure(folder, first_port=launch.free_ports(len(launch.PORTS)), demo=True)
        with services.started(folder):
            launch.prepare()
            return _take_steps(Life(folder, None))  # type: ignore[arg-type]  # no browser is needed
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take_steps(life: Life) -> int:
    begun = time.monotonic()
    try:
        for title, step in STEPS:
            started = time.monotonic()
            step(life)
            say(f"{title:<70} {time.monotonic() - started:6.2f} s")
    except Exception as error:  # noqa: BLE001 - whatever it was, the product's log says more
        from deploy.smoke import tail

        say(f"FAILED: {title}: {error!r}\nthe last lines of the product's log:\n{tail(life.folder / 'life.log')}")
        return 1
    finally:
        life.stop()
    say(f"{'all steps passed':<70} {time.monotonic() - begun:6.2f} s")
    return 0


def start(life: Life) -> None:
    """Everything starts, and the demo's first mails are drafted."""
    life.start()
    wait_for(_is_drafted, "the demo's own mails were not drafted")


def collect(_: Life) -> None:
    """Every category collects verdicts, from the drafts on that wait now."""
    from django.contrib.auth.models import User

    from drafting.models import Category, Draft
    from review.autosend import terms
    from review.models import LedgerEntry

    admin = User.objects.filter(groups__name="admin").earliest("pk")
    for category in Category.objects.all():
        terms.save(category=category, by=admin, is_collecting=True)
    waiting = Draft.objects.filter(state="ready", is_eligible=True, ledger_entry=None)
    waiting.update(routed_at=None)
    wait_for(lambda: not waiting.filter(routed_at=None).exists() and LedgerEntry.objects.exists(), "not every draft came into the ledger")


def decide(_: Life) -> None:
    """Every draft that waits is decided, one after the other in each way; a few are left."""
    from django.contrib.auth.models import User

    from drafting.models import Draft
    from review import decisions

    ana = User.objects.get(username="ana")

    def rewrite(draft: Draft) -> None:
        decisions.edit(draft=draft, text=f"{draft.body}\n\nCall us at any time.", by=ana, edit_reason="missing_answer")

    def answer(draft: Draft) -> None:
        decisions.take_over(draft=draft, by=ana)
        decisions.reply(draft=draft, text="We have looked into it and will call you today.", by=ana)

    ready: dict[str, Callable[[Draft], Any]] = {
        "approve": lambda draft: decisions.approve(draft=draft, by=ana),
        "edit": rewrite,
        "reject": lambda draft: decisions.reject(draft=draft, reason="Name the day on which it arrives.", by=ana),
        "approve again": lambda draft: decisions.approve(draft=draft, by=ana),
        "take over": answer,
        "no reply": lambda draft: decisions.no_reply(draft=draft, by=ana),
        "leave": lambda draft: None,
    }
    handed_over = cycle([answer, ready["no reply"], ready["leave"]])
    ways = cycle(ready.values())
    for draft in Draft.objects.filter(state__in=["ready", "handed_over"]).order_by("pk"):
        _look_at(draft, by=ana)
        next(ways if draft.state == "ready" else handed_over)(draft)
    wait_for(_is_settled, "not everything that was decided has left")
    for draft in Draft.objects.filter(state="ready", redraft_of__isnull=False):
        ready["approve again"](draft)
    wait_for(_is_settled, "not everything that was written again has left")


def _look_at(draft: Any, *, by: Any) -> None:
    """A person has had it open for so long."""
    from django.utils import timezone

    from review import claims
    from review.models import Claim

    claims.claim(draft=draft, by=by)
    Claim.objects.filter(draft=draft).update(opened_at=timezone.now() - timedelta(seconds=30 + draft.pk))


def compare(_: Life) -> None:
    """Each number of the page is what the raw rows say as soon as the ledger has taken notice too, and leads to its mails."""
    report.check(patience=PATIENCE, seen=SEEN)


def _is_drafted() -> bool:
    from drafting.models import Draft
    from inbox.models import Message

    if Message.objects.filter(taken_up_at__isnull=True).exists() or Draft.objects.filter(state__in=["queued", "writing"]).exists():
        return False
    return Draft.objects.filter(state__in=["ready", "handed_over"]).count() > 10


def _is_settled() -> bool:
    """Nothing is on its way, nothing is being drafted, and the report has taken notice of all of it."""
    from drafting.models import Draft
    from inbox.models import OutgoingMail
    from review.models import Touched

    on_its_way = OutgoingMail.objects.exclude(state__in=["sent", "cancelled", "failed", "maybe_sent"])
    being_drafted = Draft.objects.filter(state__in=["queued", "writing"])
    return not (on_its_way.exists() or being_drafted.exists() or Touched.objects.exists())


STEPS: list[tuple[str, Callable[[Life], None]]] = [
    (f"everything starts, and the demo's mails are drafted (within {PATIENCE:.0f} s)", start),
    ("every category collects verdicts", collect),
    ("reviewers decide them in every way, and replies leave", decide),
    ("each number of the report is what the raw rows say", compare),
]

if __name__ == "__main__":
    sys.exit(main())

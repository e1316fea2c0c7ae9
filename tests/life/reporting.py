"""The report of the demo company, from outside: `python -m tests.life.reporting`.

The demo's own mails are drafted by the stand-in; reviewers decide them in every way; then each number of the page is compared with what a
plain count of the raw rows says (`tests/review/reports/plain.py`), and followed to its mails.
"""

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from html import unescape
from itertools import cycle
from pathlib import Path
from typing import Any

from deploy import launch, services
from tests.life.earning import PATIENCE, Life, say, wait_for

SUMS = {
    "inbound": ("inbound", ""),
    "needed": ("needed", "inbound"),
    "coverage": ("offered", "needed"),
    "automation": ("automated", "needed"),
    "hand_over": ("handed_over", "needed"),
    "no_reply": ("no_reply", "inbound"),
    "eligible": ("eligible", "drafts"),
    "shadow": ("shadow_approved", "shadow"),
    "waiting": ("waiting", "needed"),
    "approval": ("approved", "fared"),
    "edit": ("edited", "fared"),
    "rejection": ("rejected", "fared"),
    "take_over": ("taken_over", "fared"),
    "error": ("unsafe", "audited"),
    "bounced": ("bounced", ""),
    "maybe_sent": ("maybe_sent", ""),
    "in_time": ("in_time", "responded"),
    "calls": ("calls", ""),
    "tokens": ("tokens", ""),
}
"""What each card counts, of what; as 1-product.md says it."""


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
        next(ways if draft.state == "ready" else handed_over)(draft)
    wait_for(_is_settled, "not everything that was decided has left")


def compare(_: Life) -> None:
    """Each number of the page is what the raw rows say as soon as the ledger has taken notice too, and leads to its mails."""
    from deploy import smoke

    run = smoke.Run()
    person = next(each for each in smoke.logins() if each["role"] == "manager")
    smoke.post(run, "sign-in/", {"username": person["name"], "password": person["password"]}, form_on="sign-in/")
    deadline = time.monotonic() + PATIENCE
    while (differing := _differing(smoke.fetch(run, "reports/?period=year"), _counted())) and time.monotonic() < deadline:
        time.sleep(1)
    assert not differing, differing
    page = smoke.fetch(run, "reports/?period=year")
    for key in SUMS:
        say(f"  {key:<12} {_card(page, key)}")
    for key in ("coverage", "approval", "waiting"):
        mails = smoke.fetch(run, _link(page, key))
        found = re.search(r'href="/(conversations/\d+/)"', mails)
        assert found, key
        assert smoke.fetch(run, found[1]), key


def _counted() -> dict[str, int]:
    """The measures, counted mail by mail."""
    from django.conf import settings

    from tests.review.reports import plain

    counted = [of for _, of in plain.outcomes(settings.TIME_ZONE)]
    sums = {name: sum(int(of.get(name, 0)) for of in counted) for names in SUMS.values() for name in names if name}
    sums["fared"] = sums["approved"] + sums["edited"] + sums["rejected"] + sums["taken_over"]
    sums["tokens"] = sum(of["prompt_tokens"] + of["completion_tokens"] for of in counted)
    assert sums["inbound"] > 10, sums
    assert all(sums[name] for name in ("approved", "edited", "rejected", "taken_over", "no_reply", "waiting", "calls")), sums
    return sums


def _differing(page: str, sums: dict[str, int]) -> list[str]:
    """The cards that say something else."""
    differing = []
    for key, (counts, of) in SUMS.items():
        told = _card(page, key)
        made_of = f"{sums[counts]:,} of {sums[of]:,}" if of and sums[of] else ""
        expected = made_of or ("–" if of else f"{sums[counts]:,}")
        if not (f" {expected} " in f" {told} " if made_of else told.split()[0] == expected):
            differing.append(f"{key}: {told!r}, not {expected!r}")
    return differing


def _card(page: str, key: str) -> str:
    found = re.search(rf'id="figure-{key}">.*?</details>(.*?)</li>', page, re.S)
    assert found, key
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).replace("\u00a0", " ").split())


def _link(page: str, key: str) -> str:
    found = re.search(rf'id="figure-{key}">.*?<p class="figure-value"><a href="/([^"]+)"', page, re.S)
    assert found, key
    return unescape(found[1])


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
    ("reviewers decide them in every way, and replies leave", decide),
    ("each number of the report is what the raw rows say", compare),
]

if __name__ == "__main__":
    sys.exit(main())

"""A company whose categories have come some way towards auto-send, and the pictures of what only such a company shows."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import Category, Draft, Setup
from inbox.models import OutgoingMail
from review import decisions
from review.ledger import flags
from review.models import Attempt, Flag, SecondLook
from tests.browser.pictures import Picture
from tests.review import proofs
from tests.review.planting import rows
from tests.review.samples import MAILS, seed

State = Attempt.State
WAYS = {
    "Order status": (State.AUTO, 612, (40,)),
    "Invoice copy": (State.READY, 352, ()),
    "Return": (State.COLLECTING, 141, ()),
    "Damage claim": (State.SUSPENDED, 287, (12, 90)),
    "Stock and price": (State.RAMP_10, 310, ()),
    "Delivery change": (State.COLLECTING, 0, ()),
}
"""State, clean and unsafe verdicts (their places) of each category's attempt; the others have none."""


def earned(*, by: User, colleague: User, admin: User) -> list[Picture]:
    """Make the rows; the pictures of the pages, seen by `by` as the reviewer."""
    drafts = seed(number=len(MAILS), by=by, colleague=colleague)
    setup = Setup.objects.get()
    proofs.confirm_model(setup)
    attempts = {name: _attempt(name, setup, by=colleague, admin=admin) for name in WAYS}
    proofs.plant(by, caught=23, missed=1)
    proofs.plant(colleague, caught=64, missed=3)
    for place, (reason, unsafe) in enumerate((("edited", False), ("rejected", True), ("second_look", True), ("", None))):
        proofs.enter(attempts["Return"], drafts[place], reason=reason, unsafe=unsafe)
    pages = [
        picture
        for name, attempt in attempts.items()
        for picture in _of_category(name.lower().replace(" ", "-"), f"/automation/{attempt.category_id}/")
    ]
    reviewed = [*_planted(drafts, by), *_flagged(drafts[4], by=by, colleague=colleague)]
    return [Picture("automation-earned", "/automation/"), Picture("reviewers-earned", "/automation/reviewers/"), *pages, *reviewed]


def _attempt(name: str, setup: Setup, *, by: User, admin: User) -> Attempt:
    state, n, unsafe = WAYS[name]
    category = Category.objects.get(name=name)
    proofs.make_terms(category, by=admin)
    return proofs.make_attempt(
        state, n=n, unsafe=unsafe, by=by, setup=setup, category=category, cause=Attempt.Cause.DRIFT if state == State.SUSPENDED else ""
    )


def _of_category(name: str, address: str) -> list[Picture]:
    pages = {"category": "", "ledger": "ledger/", "terms": "terms/", "unlock": "unlock/", "after": "after/"}
    wanted = {"order-status": pages, "invoice-copy": pages, "return": ["category", "ledger"], "damage-claim": ["category", "after"]}
    return [Picture(f"{page}-{name}", address + pages[page]) for page in wanted.get(name, ["category"])]


def _planted(drafts: list[Draft], by: User) -> list[Picture]:
    """What a reviewer sees once they have judged a planted draft, or somebody else was faster."""
    now = timezone.now()
    found: list[Picture] = []
    fates: dict[str, dict[str, Any]] = {
        "missed": {"judged_at": now, "caught": False, "decision": "approved", "seconds": 9},
        "caught": {"judged_at": now, "caught": True, "decision": "rejected", "seconds": 31},
        "withdrawn": {"withdrawn_at": now},
    }
    for draft, (name, fate) in zip(drafts, fates.items(), strict=False):
        Draft.objects.filter(pk=draft.pk).update(state=Draft.State.READY)
        draft.refresh_from_db()
        right = draft.body.split()[-1]
        rows.plant(draft, by, kind="name", right=right, wrong="Regina", words=f"The name is wrong: “Regina” in place of “{right}”.", **fate)
        found.append(Picture(f"planted-{name}", f"/queue/{draft.pk}/", (), "reviewer"))
    return found


def _flagged(draft: Draft, *, by: User, colleague: User) -> list[Picture]:
    """A reply that left and was found wrong, and one that a second reviewer is to look at."""
    decision = decisions.approve(draft=draft, by=colleague)
    assert decision.outgoing
    left = timezone.now() - timedelta(hours=2)
    OutgoingMail.objects.filter(pk=decision.outgoing.pk).update(state=OutgoingMail.State.SENT, sent_at=left)
    mail = f"/outgoing/{decision.outgoing.pk}/"
    SecondLook.objects.create(draft=draft, first=colleague, first_unsafe=False, asked_at=timezone.now())
    flags.flag(draft=draft, kind=Flag.Kind.WRONG_FACT, words="The stock is 40, not 400.", by=by)
    wrong = (("click", "a[data-toggles='reject']"),)
    return [
        Picture("second-look-waiting", "/second-looks/", (), "reviewer"),
        Picture("second-look-wrong", "/second-looks/", wrong, "reviewer"),
        Picture("flagged-reply", mail, (), "reviewer"),
        Picture("flagging-again", mail, (("click", ".reply-flags details:last-of-type > summary"),), "reviewer"),
        Picture("flagged-conversation", f"/conversations/{draft.conversation_id}/", (), "reviewer"),
    ]

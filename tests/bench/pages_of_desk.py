"""The pages that are measured: a plain list, to be extended with each new page."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, cycle, islice
from urllib.parse import quote

from django.contrib.auth.models import Group, User
from django.db.models import Count
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from drafting.models import Category, Draft
from inbox.models import Conversation, Mailbox
from review import decisions
from review.desk import filters
from review.desk.filters import Place
from review.models import Attempt, Decision, Profile
from tests.bench.visits import Answer, Browser, Cost, Visit, cost_of

Page = tuple[str, Callable[[], Cost]]
REPORTS = {
    "reports": ["/reports/"],
    "reports, of a year": ["/reports/?period=year"],
    "reports, why people had to act": ["/reports/reasons/"],
    "reports, mails behind a figure": ["/reports/mails/?figure=automation"],
    "reports, the load of reviewers": ["/reports/load/"],
    "reports, the next nine": ["/reports/next-nine/"],
}


def pages(visits: int, *, proven: Category, has_reports: bool) -> Iterator[Page]:
    """Each page by name, with what measures it. `proven` is a category that sends by itself; reports are there if they were counted."""
    browser, limited = Browser(_everything()), Browser(_limited())
    ready = list(Draft.objects.filter(state="ready", conversation__state="open").order_by("pk").values_list("pk", flat=True))
    long = Conversation.objects.annotate(n=Count("messages")).order_by("pk").first()
    talks = _spread(Conversation, visits)
    category = Category.objects.order_by("pk").values_list("pk", flat=True)[0]
    mailbox = Mailbox.objects.order_by("pk").values_list("pk", flat=True)[0]
    listed = {
        "signing in, for comparison": _named("sign_in"),
        "queue": ["/queue/"],
        "queue, an item open": [f"/queue/{pk}/" for pk in ready],
        "queue, the live rows": ["/queue/rows/"],
        "queue of a category": [f"/queue/?category={category}"],
        "queue of a mailbox": [f"/queue/?mailbox={mailbox}"],
        "queue, mine": ["/queue/?whose=mine"],
        "queue, waiting too long": ["/queue/?late=1"],
        "queue, failed checks": ["/queue/?gate=failed"],
        "queue, a text": ["/queue/?q=order"],
        "queue, its last rows": list(_last_rows()),
        "conversations": ["/conversations/"],
        "conversations, far back": list(_far_back()),
        "conversation": [f"/conversations/{pk}/" for pk in talks],
        "conversation, a long one": [f"/conversations/{long.pk}/"] if long else [],
        "search, a common word": [f"/conversations/?q={word}" for word in ("order", "Rechnung", "damaged")],
        "search, a rare word": [f"/conversations/?q={word}" for word in _rare()],
        "search, nothing found": ["/conversations/?q=qqxyzzyqq", "/conversations/?q=wwplughww"],
        "search, the beginning of a number": [f"/conversations/?q={word[:-3]}" for word in _rare()],
        "search, words in an order nobody uses": ["/conversations/?q=%22order+hello%22", "/conversations/?q=%22thank+please%22"],
        "search, of a category": [f"/conversations/?q={word}&category={category}" for word in ("order", "damaged")],
        "search, with attachments": ["/conversations/?q=order&attachment=1", "/conversations/?q=Rechnung&attachment=1"],
        "search, of one state": ["/conversations/?q=order&state=snoozed"],
        "search, words without spaces": ["/conversations/?q=%E6%B3%A8%E6%96%87", "/conversations/?q=%E8%AF%B7%E9%97%AE"],
        "conversations of a customer": [f"/conversations/?customer={address}" for address in _customers(talks)],
        "conversations with attachments": ["/conversations/?attachment=1"],
        "outgoing": ["/outgoing/"],
        "audit log": _named("audit_log"),
        "automation": ["/automation/"],
        "automation, a category": [f"/automation/{proven.pk}/"],
        "automation, its ledger": [f"/automation/{proven.pk}/ledger/"],
        "automation, far back in its ledger": list(_far_back_in_ledger(proven)),
        "automation, its terms": [f"/automation/{proven.pk}/terms/"],
        **(REPORTS if has_reports else {}),
        "reviewers": _named("reviewers"),
        "my settings": _named("settings"),
        "rules": ["/rules/"],
        "setup": ["/setup/"],
    }
    _check_filters(chain.from_iterable(listed.values()))
    for name, addresses in listed.items():
        if addresses:
            wanted = [Visit(address) for address in islice(cycle(addresses), visits + 3)]
            yield name, lambda name=name, wanted=wanted: browser.cost(name, wanted)  # type: ignore[misc]
    for name in ("queue", "conversations", "search, a common word", "outgoing", "audit log"):
        wanted = [Visit(address) for address in islice(cycle(listed[name]), visits + 3)] if listed[name] else []
        if wanted:
            full = f"{name} (of one small mailbox)"
            yield full, lambda full=full, wanted=wanted: limited.cost(full, wanted)  # type: ignore[misc]
    yield "decision", lambda: _decided(browser, ready[:visits])[0]
    yield "decision, then the next item", lambda: _decided(browser, ready[:visits])[1]


def _check_filters(addresses: Iterable[str]) -> None:
    """Every filter of the queue among the addresses is one: what makes no sense is none, and would measure the whole queue again."""
    for address in addresses:
        path, _, query = address.partition("?")
        if path == "/queue/" and query:
            assert QueryDict(query) == QueryDict(filters.read(QueryDict(query)).query().removeprefix("?")), address


def _decided(browser: Browser, ready: list[int]) -> tuple[Cost, Cost]:
    """Approve drafts one after the other as a reviewer does, each opened before; then take all of it back."""
    posted, following = list[Answer](), list[Answer]()
    for pk in ready:
        browser.visit(Visit(f"/queue/{pk}/"))
        posted.append(browser.visit(Visit(f"/queue/{pk}/approve/", form={})))
        assert posted[-1].status == 302, posted[-1]
        following.append(browser.visit(Visit(posted[-1].location)))
    for decision in Decision.objects.filter(draft__in=ready, undone_at=None):
        decisions.undo(decision=decision, by=decision.by or _everything())
    both = [_sum(*pair) for pair in zip(posted, following, strict=True)]
    return cost_of("decision", posted), cost_of("decision, then the next item", both)


def _sum(first: Answer, second: Answer) -> Answer:
    return Answer(
        size=second.size,
        milliseconds=first.milliseconds + second.milliseconds,
        cpu=first.cpu + second.cpu,
        queries=max(first.queries, second.queries),
        slowest=max(first.slowest, second.slowest),
    )


def _everything() -> User:
    """Somebody with every role."""
    user = User.objects.get_or_create(username="bench")[0]
    for role in ("reviewer", "admin", "manager"):
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def _limited() -> User:
    """Somebody with every role in the mailbox with the least mail."""
    user = User.objects.get_or_create(username="bench-limited")[0]
    user.groups.set(Group.objects.filter(name__in=["reviewer", "admin", "manager"]))
    profile = Profile.objects.update_or_create(user=user, defaults={"is_limited": True})[0]
    profile.mailboxes.set(Mailbox.objects.order_by("-pk")[:1])
    return user


def _spread(model: type[Conversation], number: int) -> list[int]:
    """Keys from all over the history."""
    first, last = (model.objects.order_by(way).values_list("pk", flat=True)[0] for way in ("pk", "-pk"))
    return list(model.objects.filter(pk__in=[first + (last - first) * n // number for n in range(1, number)]).values_list("pk", flat=True))


def _last_rows() -> Iterator[str]:
    """The list from its middle on, as its links say it."""
    waiting = list(Draft.objects.filter(state="ready").order_by("created_at", "pk"))
    for draft in waiting[len(waiting) // 2 :][:1]:
        yield f"/queue/?after={Place(1, draft.created_at, draft.pk)}"


def _far_back() -> Iterator[str]:
    """Pages of the list from the middle of the history, as its links say them."""
    for talk in Conversation.objects.filter(pk__in=_spread(Conversation, 12)):
        yield f"/conversations/?before={talk.last_message_at:%Y-%m-%dT%H:%M:%S.%fZ}&id={talk.pk}"


def _far_back_in_ledger(proven: Category) -> Iterator[str]:
    """Pages of the ledger from its beginning to its middle, as its links say them."""
    attempt = Attempt.objects.get(category=proven)
    for place in range(1, 12):
        yield f"/automation/{proven.pk}/ledger/?attempt={attempt.pk}&before={attempt.entered * place // 24 + 2}"


def _rare() -> Iterator[str]:
    """Words that one conversation has, or a few: order numbers."""
    subjects = Conversation.objects.filter(pk__in=_spread(Conversation, 60)).values_list("subject", flat=True)
    words = chain.from_iterable(subject.split() for subject in subjects)
    return (word for word in words if word.startswith("SO-"))


def _customers(talks: list[int]) -> list[str]:
    """Whom these conversations are with."""
    return [quote(address) for address in Conversation.objects.filter(pk__in=talks).values_list("customer_address", flat=True)]


def _named(name: str) -> list[str]:
    """The address of a page, where this version has it."""
    try:
        return [reverse(name)]
    except NoReverseMatch:
        return []

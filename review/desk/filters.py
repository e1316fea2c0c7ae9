"""What of the queue is shown; lives in the address of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from drafting.models import Category, CheckResult, Draft
from review import access
from review.desk import words

STEP = 40
MOST = 400


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a queue page. Ids are those of the database; 0 means all. `limit` is how many rows are shown."""

    category: int = 0
    mailbox: int = 0
    mine: bool = False
    failed: bool = False
    text: str = ""
    limit: int = STEP

    @property
    def are_set(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.category or self.mailbox or self.mine or self.failed or self.text)

    def query(self, **changes: object) -> str:
        """These filters, with changes, as the query string of an address, question mark included."""
        values = {
            "category": self.category or "",
            "mailbox": self.mailbox or "",
            "mine": "1" if self.mine else "",
            "failed": "1" if self.failed else "",
            "q": self.text,
            "limit": self.limit if self.limit != STEP else "",
        } | changes
        said = urlencode({name: value for name, value in values.items() if value})
        return f"?{said}" if said else ""

    def apply(self, drafts: QuerySet[Draft], user: User) -> QuerySet[Draft]:
        """The drafts that pass."""
        wanted = Q()
        if self.category:
            wanted &= Q(category_id=self.category)
        if self.mailbox:
            wanted &= Q(conversation__mailbox_id=self.mailbox)
        if self.mine:
            wanted &= Q(claim__by=user, claim__until__gt=timezone.now())
        if self.failed:
            wanted &= Q(Exists(CheckResult.objects.filter(draft=OuterRef("pk"), passed=False)))
        if self.text:
            names = ("message__from_address", "message__from_name", "message__subject")
            wanted &= Q(*((f"{name}__icontains", self.text) for name in names), _connector=Q.OR)
        return drafts.filter(wanted)


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter's menu."""

    value: int
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Menus:
    """The menus above the queue."""

    categories: list[Choice]
    mailboxes: list[Choice]


def read(values: Mapping[str, str]) -> Filters:
    """Filters out of an address; what makes no sense is no filter."""
    return Filters(
        category=words.said_id(values.get("category", "")),
        mailbox=words.said_id(values.get("mailbox", "")),
        mine=values.get("mine") == "1",
        failed=values.get("failed") == "1",
        text=values.get("q", "").replace("\0", "").strip()[:100],
        limit=min(max(words.said_id(values.get("limit", "")), STEP), MOST),
    )


def menus(filters: Filters, *, user: User) -> Menus:
    """The categories and the mailboxes of `user` to choose from, read in one query."""
    categories = Category.objects.filter(is_active=True).annotate(kind=Value("category"), place=F("position")).order_by()
    mailboxes = access.mailboxes(user).filter(is_active=True).annotate(kind=Value("mailbox"), place=Value(0)).order_by()
    columns = ("kind", "place", "name", "pk")
    rows = categories.values_list(*columns).union(mailboxes.values_list(*columns)).order_by("kind", "place", "name")
    choices = [(kind, Choice(pk, name, pk == getattr(filters, kind))) for kind, _, name, pk in rows]
    return Menus(
        categories=[choice for kind, choice in choices if kind == "category"],
        mailboxes=[choice for kind, choice in choices if kind == "mailbox"],
    )

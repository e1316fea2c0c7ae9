"""What people do on the pages stands in the audit log, each act once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from drafting import versions
from drafting.models import Connector, ConnectorTool, Rule, Setup, TableImport, Version
from review import decisions
from review.models import LogEntry
from tests.drafting.factories import make_article, make_category, make_message
from tests.drafting.replays.past import PARTS, begin, make_candidate, past_draft
from tests.review.factories import activate, make_outgoing, make_person, ready_draft

pytestmark = pytest.mark.django_db
Post = tuple[str, dict[str, Any]]
RULE = {
    "name": "Pallets",
    "effect": "needs_person",
    "text": "Too large.",
    "expression": "order.total > 500",
    "is_active": "on",
    "seen": "0",
}
CONNECTOR = {"name": "Carrier", "address": "https://api.carrier.example/v1", "timeout_seconds": "5", "is_active": "on"}
LOOKUP = {
    "name": "parcel",
    "about": "A parcel.",
    "path": "/t/{query}",
    "is_active": "on",
    "form-TOTAL_FORMS": "1",
    "form-INITIAL_FORMS": "0",
}
LOOKUP |= {"form-0-name": "state", "form-0-type": "text", "form-0-path": "state", "form-0-about": ""}


@pytest.fixture
def ada(db: None) -> User:
    """An admin."""
    return make_person("admin", "ada")


def rule() -> Rule:
    made = Rule.objects.create(name="Pallets", expression="order.total > 500", effect="needs_person")
    versions.keep(thing=made, by=None)
    return made


def article(*, deleted: bool = False) -> Version:
    made = make_article(title="Returns")
    version = versions.keep(thing=made, by=None)
    if deleted:
        versions.delete(thing=made, by=None)
    return version


def connector() -> Connector:
    return Connector.objects.create(name="Carrier", kind="http", address="https://api.carrier.example/v1", timeout_seconds=5)


def lookup() -> ConnectorTool:
    return ConnectorTool.objects.create(connector=connector(), name="parcel", request={"path": "/x"})


def setup() -> Setup:
    return make_candidate(model="a-model")


def taken_over(ada: User) -> Post:
    draft = ready_draft()
    decisions.take_over(draft=draft, by=ada)
    return f"/conversations/{draft.conversation_id}/hand-back/", {}


def undone(ada: User) -> Post:
    return f"/decisions/{decisions.no_reply(draft=ready_draft(), by=ada).pk}/undo/", {}


def mail(ada: User, state: str) -> int:
    return make_outgoing(by=ada, message=make_message(subject="Bolts"), state=state).pk


def table(ada: User) -> Post:
    file = TableImport.objects.create(table="products", file_name="parts.csv", content=b"", size=0, by=ada)
    return f"/connectors/tables/{file.pk}/take/", {}


def replay(ada: User) -> Post:
    past_draft()
    return "/setup/replays/start/", {"setup": activate(**PARTS).pk, "mails": "drafted", "newest": 10, "repeats": 1}


def repin(ada: User) -> Post:
    activate(**PARTS)
    return "/setup/repin/", {}


def begun(verb: str) -> Post:
    past_draft()
    made = begin(make_candidate())
    if verb == "resume":
        type(made).objects.update(state="paused")
    return f"/setup/replays/{made.pk}/{verb}/", {}


ACTS: dict[str, tuple[Callable[[User], Post], str]] = {
    "conversation.handed_back": (taken_over, "A question"),
    "decision.undone": (undone, "A question"),
    "mail.retried": (lambda ada: (f"/outgoing/{mail(ada, 'failed')}/retry/", {}), "Re: Bolts to"),
    "mail.resolved_sent": (lambda ada: (f"/outgoing/{mail(ada, 'maybe_sent')}/resolve/", {"was_sent": "yes"}), "Re: Bolts to"),
    "mail.resolved_not_sent": (lambda ada: (f"/outgoing/{mail(ada, 'maybe_sent')}/resolve/", {"was_sent": "no"}), "Re: Bolts to"),
    "rule.saved": (lambda _: ("/rules/0/save/", RULE), "Pallets"),
    "rule.deleted": (lambda _: (f"/rules/{rule().pk}/delete/", {"seen": "1"}), "Pallets"),
    "article.saved": (lambda _: ("/knowledge/article/create/", {"title": "Returns", "language": "en", "body": "In 30 days."}), "Returns"),
    "article.switched": (lambda _: (f"/knowledge/article/{article().of}/switch/", {}), "Returns"),
    "article.restored": (lambda _: (f"/versions/article/{article(deleted=True).of}/1/restore/", {}), "Returns"),
    "connector.saved": (lambda _: ("/connectors/new/http/add/", CONNECTOR), "Carrier"),
    "connector.deleted": (lambda _: (f"/connectors/{connector().pk}/delete/", {"seen": "0"}), "Carrier"),
    "lookup.saved": (lambda _: (f"/connectors/{connector().pk}/add/", LOOKUP), "parcel"),
    "lookup.deleted": (lambda _: (f"/connectors/lookups/{lookup().pk}/delete/", {"seen": "0"}), "parcel"),
    "table.taken": (table, "parts.csv"),
    "setup.asked_for": (
        lambda _: ("/setup/add/", {"base_url": "http://m:1/v1", "model": "qwen", "temperature": 0, "max_tokens": 900}),
        "qwen",
    ),
    "setup.activated": (lambda _: (f"/setup/{setup().pk}/activate/", {"category": ""}), "Setup"),
    "setup.returned": (lambda _: (f"/setup/return/{make_category().slug}/", {}), "Order status"),
    "setup.repinned": (repin, "Setup"),
    "setup.probed": (lambda _: (f"/setup/{setup().pk}/probe/", {}), "Setup"),
    "setup.checked": (lambda _: (f"/setup/{setup().pk}/check/", {}), "Setup"),
    "replay.started": (replay, "Replay"),
    "replay.paused": (lambda _: begun("pause"), "Replay"),
    "replay.resumed": (lambda _: begun("resume"), "Replay"),
    "training.downloaded": (lambda _: ("/setup/training/download/", {}), ""),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_recorded_once_with_who_did_it_and_to_what(act: str, ada: User) -> None:
    prepare, about = ACTS[act]
    url, values = prepare(ada)
    client = Client()
    client.force_login(ada)
    before = set(LogEntry.objects.values_list("pk", flat=True))
    answer = client.post(url, values)
    assert answer.status_code in {200, 302}, answer.content.decode()[-3000:]
    entry = LogEntry.objects.exclude(pk__in=before).exclude(act__startswith="person.").get()
    assert (entry.act, entry.by, entry.about[: len(about)]) == (act, ada, about)


def test_what_was_refused_is_not_recorded(ada: User) -> None:
    client = Client()
    client.force_login(ada)
    client.post(f"/outgoing/{mail(ada, 'sent')}/retry/")
    client.post(f"/rules/{rule().pk}/delete/", {"seen": "7"})
    assert not LogEntry.objects.exclude(act__startswith="person.").exists()


def test_saving_without_a_change_is_no_act(ada: User) -> None:
    client = Client()
    client.force_login(ada)
    client.post("/rules/0/save/", RULE)
    client.post(f"/rules/{Rule.objects.get().pk}/save/", RULE | {"seen": "1"})
    assert LogEntry.objects.filter(act="rule.saved").count() == 1

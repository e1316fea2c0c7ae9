"""Somebody who is limited to a mailbox finds nothing of another one, wherever they look."""

import pytest
from django.contrib.auth.models import User
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from django.http.response import HttpResponseBase
from django.test import Client

from drafting.fact_values import recorded
from drafting.models import CheckResult, Draft, Evidence, ReplayRun
from inbox.models import Attachment, Conversation, Mailbox, Message, OutgoingMail
from review import audit_log, decisions, team
from review.models import Decision
from review.permissions import Role
from tests.drafting.factories import make_category, make_mailbox
from tests.drafting.replays.past import PARTS
from tests.review.addresses import NAMES, OPEN, OWN, POSTED, address, ask
from tests.review.factories import activate, make_outgoing, make_person, ready_draft, waiting_draft
from tests.review.samples import seed

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"
OF_ONE = {
    *("item", "renew", "approve", "edit", "reject", "take_over", "reply", "no_reply", "undo", "say_why", "hand_back", "conversation"),
    *("release", "ask", "hand_on", "keep"),
    *("message_html", "message_text", "attachment", "attachment_text", "attachment_preview", "cancel", "retry", "resolve", "replay_mail"),
    *("mailbox", "save_mailbox", "test_mailbox", "pause_mailbox", "resume_mailbox", "fetch_mailbox", "delete_mailbox"),
}
"""The addresses of one mail, draft, decision, outgoing mail, or mailbox: there is no such thing for others."""

OF_ALL_MAILBOXES = {
    *("save_terms", "confirm_terms", "withdraw_terms", "start_collecting", "stop_collecting", "automation_unlock", "unlock_category"),
    *("automation_after", "resume_category", "earn_again", "allow_automation"),
}
"""What lets a category send by itself, which is of all mailboxes."""


@pytest.fixture
def lea(db: None) -> User:
    """An admin who sees one mailbox, in which there is nothing."""
    lea = make_person("", "lea")
    team.give(person=lea, roles=list(Role), mailboxes=[make_mailbox(name="Lea's own")])
    return User.objects.get(pk=lea.pk)


@pytest.fixture
def browser(lea: User) -> Client:
    """Lea's."""
    browser = Client()
    browser.force_login(lea)
    return browser


@pytest.mark.parametrize("name", sorted(OF_ALL_MAILBOXES))
def test_what_lets_replies_leave_by_themselves_is_for_admins_of_all_mailboxes(browser: Client, name: str) -> None:
    assert ask(browser, name, address(name)).status_code == 403


@pytest.mark.parametrize("name", ["suspend_category", "stop_automation"])
def test_what_stops_replies_is_for_every_admin(browser: Client, name: str) -> None:
    assert ask(browser, name, address(name)).status_code == 302


def test_nobody_is_offered_what_they_may_not_do(browser: Client) -> None:
    category = make_category()
    page = browser.get(f"/automation/{category.pk}/").content.decode()
    assert "Suspend</button>" in page and "Start collecting</button>" not in page
    assert "another admin has to change its terms" in browser.get(f"/automation/{category.pk}/terms/").content.decode()
    browser.post("/automation/stop/")
    assert "Allow auto-send again" not in browser.get("/queue/").content.decode()


def fill() -> None:
    """A desk with something at every stage, all in other mailboxes."""
    ana, ben = make_person("reviewer"), make_person("reviewer")
    seed(number=12, by=ana, colleague=ben)
    waiting_draft()
    for state in ("failed", "maybe_sent", "sent"):
        make_outgoing(by=ana, state=state)
    decision = decisions.no_reply(draft=ready_draft(setup=activate(**PARTS)), by=ana)
    audit_log.record(act="decision.undone", by=ana, about=SECRET, conversation=decision.draft.conversation)
    Mailbox.objects.exclude(name="Lea's own").update(fetch_error=SECRET)


def mark() -> None:
    """Write the secret over whatever a mail of another mailbox says."""
    Mailbox.objects.exclude(name="Lea's own").update(name=Concat(Value(SECRET), F("pk"), output_field=CharField()))
    Conversation.objects.update(subject=SECRET, customer_name=SECRET)
    Message.objects.update(subject=SECRET, from_name=SECRET, text=SECRET, reply_text=SECRET, html=SECRET)
    Attachment.objects.update(name=Concat(Value(SECRET), F("pk"), output_field=CharField()))
    OutgoingMail.objects.update(subject=SECRET, body=SECRET)
    Draft.objects.update(body=SECRET, last_error=SECRET, hand_over_words=SECRET, instruction=SECRET)
    Decision.objects.update(reason=SECRET, final_text=SECRET)
    Evidence.objects.update(answer=[{"id": SECRET}])
    CheckResult.objects.update(reason=SECRET)
    ReplayRun.objects.update(body=SECRET, why=SECRET)


def read(answer: HttpResponseBase) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return content.decode("utf-8", "replace") + answer.get("Location", "")


def test_who_sees_everything_finds_the_secret_on_the_pages_that_show_mail(lea: User) -> None:
    """What the next test relies on: the secret is there to be found."""
    client = Client()
    client.force_login(make_person("admin"))
    fill()
    mark()
    for url in [
        "/queue/",
        "/queue/rows/",
        "/conversations/",
        "/outgoing/",
        "/audit-log/",
        "/setup/training/?since=2020-01-01",
        "/mailboxes/",
    ]:
        assert SECRET in client.get(url).content.decode(), url


def test_nothing_of_another_mailbox_is_anywhere(lea: User) -> None:
    client = Client()
    client.force_login(lea)
    fill()
    leaks = []
    for name in sorted(set(NAMES) - OPEN - OWN):
        url = address(name)
        mark()
        answer = ask(client, name, url)
        if answer.status_code != 404 if name in OF_ONE else SECRET in read(answer):
            leaks.append(f"{'POST' if name in POSTED else 'GET'} {url}: {answer.status_code}")
    assert not leaks


def test_the_frame_counts_and_names_only_what_a_person_may_see(lea: User) -> None:
    client = Client()
    client.force_login(lea)
    fill()
    mark()
    frame = client.get("/conversations/").context["frame"]
    assert [link.name for link in frame.links if link.count] == []
    assert not [problem for problem in frame.problems if SECRET in problem.detail or "could not be sent" in problem.words]


def test_a_preview_of_rules_looks_only_at_drafts_that_a_person_may_see(lea: User) -> None:
    client = Client()
    client.force_login(lea)
    facts = {"category": "order-status", "order.total": 700}
    kept = recorded(before=[facts], after=[facts | {"draft.text": "Thank you."}])
    draft = ready_draft(state="decided", facts=kept)
    mark()
    rule = {"name": "All", "effect": "needs_person", "text": "Look.", "expression": "order.total > 500", "is_active": "on", "seen": "0"}
    assert "There are no past drafts to compare with" in client.post("/rules/0/preview/", rule).content.decode()
    client.force_login(make_person("admin"))
    assert "Would change 1 of 1 past draft" in client.post("/rules/0/preview/", rule).content.decode()
    assert draft.pk


def test_the_training_export_has_only_what_a_person_may_see(lea: User) -> None:
    client = Client()
    client.force_login(lea)
    fill()
    assert read(client.post("/setup/training/download/")) == ""

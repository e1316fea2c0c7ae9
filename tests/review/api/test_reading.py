"""What programs read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from inbox.models import Conversation
from review import decisions, privacy
from tests.drafting.factories import make_conversation, make_mailbox, make_message
from tests.review.factories import add_evidence, attach, handed_over_draft, make_outgoing, make_person, ready_draft
from tests.review.privacy.people import ANN, answered

pytestmark = pytest.mark.django_db
MOST_QUERIES = 7


def all_of(api: Client, address: str) -> list[dict[str, Any]]:
    """Every item of a list, part by part."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = api.get(f"{address}{'&' if '?' in address else '?'}cursor={cursor}")
        assert answer.status_code == 200, answer.content
        found += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
    return found


def ids(items: list[dict[str, Any]]) -> list[int]:
    return [item["id"] for item in items]


def test_a_conversation_with_its_messages(api: Client) -> None:
    message = make_message(html="<p>Hello</p>")
    attach(message, paper__pdf=b"%PDF-1.4")
    assert message.conversation
    about = api.get(f"/api/v1/conversations/{message.conversation.pk}").json()
    assert (about["customer_address"], about["state"], about["led_by"]) == ("ann@customer.example", "open", "assistant")
    [listed] = api.get(f"/api/v1/conversations/{message.conversation.pk}/messages").json()["items"]
    assert (listed["new_text"], listed["sender"]) == ("Where is my order?", {"address": "ann@customer.example", "name": "Ann Lee"})
    assert listed["authenticity"]["result"] == "pass"
    whole = api.get(f"/api/v1/messages/{message.pk}").json()
    assert whole["html"] == "<p>Hello</p>"
    assert whole["attachments"] == listed["attachments"]


def test_what_was_erased_says_so(api: Client) -> None:
    draft = answered()
    talk = draft.conversation_id
    [mail] = all_of(api, f"/api/v1/conversations/{talk}/outgoing?")
    addresses = (f"/api/v1/conversations/{talk}", f"/api/v1/messages/{draft.message_id}", f"/api/v1/drafts/{draft.pk}")
    assert [api.get(address).json()["erased_at"] for address in addresses] == [None] * 3 and mail["erased_at"] is None
    privacy.erase(addresses=[ANN], by=None, dry_run=False)
    assert all(api.get(address).json()["erased_at"] for address in addresses)
    assert all_of(api, f"/api/v1/conversations/{talk}/outgoing?")[0]["erased_at"]


def test_an_attachment_is_a_download(api: Client) -> None:
    [file] = attach(make_message(), paper__pdf=b"%PDF-1.4 paper")
    answer = api.get(f"/api/v1/attachments/{file.pk}")
    assert answer.content == b"%PDF-1.4 paper"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="paper.pdf"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_an_attachment_whose_mail_is_gone_is_missing(api: Client) -> None:
    [file] = attach(make_message(), paper__pdf=b"%PDF-1.4 paper")
    file.message.raw_sha256 = "0" * 64
    file.message.save()
    assert api.get(f"/api/v1/attachments/{file.pk}").status_code == 404


def test_a_draft_with_all_that_it_rests_on(api: Client) -> None:
    draft = ready_draft(failed=1)
    read = api.get(f"/api/v1/drafts/{draft.pk}").json()
    assert read["text"] == draft.body
    assert read["setup"]["fingerprint"] == draft.setup.fingerprint  # type: ignore[union-attr]
    assert read["evidence"][0]["answer"]["number"] == "SO-1007"
    assert [check["passed"] for check in read["checks"]] == [False, True, True, True, True]
    assert read["asks"] == [{"ask": "Where is my order?", "answered": True}]
    assert read["atoms"][0]["source"] == f"evidence:{read['evidence'][0]['id']}"
    assert "evidence" not in api.get("/api/v1/drafts").json()["items"][0]


def test_evidence_and_checks_are_in_the_order_of_the_desk(api: Client) -> None:
    draft = ready_draft(failed=1)
    add_evidence(draft)
    for rows in (draft.evidence, draft.checks):
        for row in rows.order_by("-position"):
            rows.filter(pk=row.pk).update(position=row.position + 10)
    read = api.get(f"/api/v1/drafts/{draft.pk}").json()
    assert [one["id"] for one in read["evidence"]] == list(draft.evidence.order_by("position").values_list("pk", flat=True))
    assert [one["code"] for one in read["checks"]] == ["language", "links", "recipient", "grounding", "promises"]


def test_a_hand_over_says_why(api: Client) -> None:
    read = api.get(f"/api/v1/drafts/{handed_over_draft().pk}").json()
    assert read["hand_over"] == {"reason": "missing_fact", "words": "The order number is not in our tables."}
    assert read["setup"] is None


def test_a_decision_says_who_and_what(api: Client) -> None:
    ana = make_person("reviewer", "ana", first_name="Ana", last_name="Sol")
    made = decisions.edit(draft=ready_draft(), text="It left yesterday.", by=ana, edit_reason="tone")
    read = api.get(f"/api/v1/decisions/{made.pk}").json()
    assert read["by"] == {"id": ana.pk, "name": "Ana Sol"}
    assert (read["kind"], read["edit_reason"], read["final_text"]) == ("edited", "tone", "It left yesterday.")
    mail = api.get(f"/api/v1/outgoing/{read['outgoing_id']}").json()
    assert (mail["state"], mail["text"].startswith("It left yesterday.")) == ("held", True)
    assert api.get(f"/api/v1/conversations/{read['conversation_id']}/outgoing").json()["items"] == [mail]


def test_mailboxes_come_without_their_secrets(api: Client) -> None:
    make_mailbox(name="Info", imap_password="very secret", smtp_password="very secret")
    answer = api.get("/api/v1/mailboxes")
    assert answer.json()[0]["name"] == "Info"
    assert "secret" not in answer.content.decode()


def test_conversations_by_what_they_are(api: Client) -> None:
    now = timezone.now()
    old = make_conversation(customer_address="ben@customer.example", state="closed", last_message_at=now - timedelta(days=2))
    new = make_conversation(last_message_at=now)
    for query, wanted in {
        f"mailbox={new.mailbox_id}": [new],
        "customer=BEN@customer.example": [old],
        "state=closed": [old],
        f"active_since={(now - timedelta(days=1)).isoformat().replace('+', '%2B')}": [new],
        f"active_since={(now - timedelta(days=1)).replace(tzinfo=None).isoformat()}": [new],
        "order=oldest": [old, new],
        "": [new, old],
    }.items():
        assert ids(api.get(f"/api/v1/conversations?{query}").json()["items"]) == [one.pk for one in wanted], query


@pytest.mark.parametrize("moment", ["0466-04-11T13:54:37-17:36", "2026-01-01T00:00:00%2B23:59", "0001-01-01T00:00:00Z"])
def test_a_time_in_any_zone_is_understood(api: Client, moment: str) -> None:
    assert api.get(f"/api/v1/decisions?since={moment}").status_code == 200
    assert api.get(f"/api/v1/conversations?active_since={moment}").status_code == 200


def test_a_time_that_is_none_in_utc_is_named(api: Client) -> None:
    assert api.get("/api/v1/decisions?since=0001-01-01T00:00:00%2B10:00").status_code == 422


def test_drafts_and_decisions_by_what_they_belong_to(api: Client) -> None:
    ana = make_person()
    mine, other = ready_draft(), ready_draft()
    made = decisions.no_reply(draft=mine, by=ana)
    assert ids(api.get(f"/api/v1/drafts?conversation={other.conversation_id}").json()["items"]) == [other.pk]
    assert ids(api.get(f"/api/v1/drafts?message={other.message_id}").json()["items"]) == [other.pk]
    assert ids(api.get("/api/v1/drafts?state=decided").json()["items"]) == [mine.pk]
    for query in (f"draft={mine.pk}", f"conversation={mine.conversation_id}", "since=2020-01-01T00:00:00Z"):
        assert ids(api.get(f"/api/v1/decisions?{query}").json()["items"]) == [made.pk]
    assert not api.get(f"/api/v1/decisions?draft={other.pk}").json()["items"]


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_a_list_in_parts_has_each_once(api: Client, order: str) -> None:
    mailbox, now = make_mailbox(), timezone.now()
    for number in range(11):
        make_conversation(mailbox=mailbox, last_message_at=now - timedelta(minutes=number // 4))
    key = ["last_message_at", "pk"] if order == "oldest" else ["-last_message_at", "-pk"]
    wanted = list(Conversation.objects.order_by(*key).values_list("pk", flat=True))
    assert ids(all_of(api, f"/api/v1/conversations?limit=3&order={order}")) == wanted


def test_drafts_and_messages_come_in_parts_too(api: Client) -> None:
    drafts = [ready_draft().pk for _ in range(5)]
    assert ids(all_of(api, "/api/v1/drafts?limit=2")) == drafts[::-1]
    conversation = make_conversation()
    messages = [make_message(conversation=conversation).pk for _ in range(5)]
    assert ids(all_of(api, f"/api/v1/conversations/{conversation.pk}/messages?limit=2")) == messages


@pytest.mark.parametrize("cursor", ["x", "!!", "MTIz", "LzEyMw", "w6Q", "a" * 300])
@pytest.mark.parametrize("address", ["conversations", "drafts", "decisions"])
def test_a_cursor_that_is_none_is_a_problem(api: Client, address: str, cursor: str) -> None:
    if (address, cursor) == ("drafts", "LzEyMw"):
        return  # it is a cursor of drafts
    answer = api.get(f"/api/v1/{address}?cursor={cursor}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "query.cursor"


@pytest.mark.parametrize("address", ["conversations", "drafts", "decisions", "conversations/{}/messages", "conversations/{}/outgoing"])
def test_what_a_list_costs_does_not_grow_with_it(api: Client, address: str, django_assert_max_num_queries: Any) -> None:
    conversation = make_conversation()
    ana = make_person()
    api.get("/api/v1/mailboxes")
    for _ in range(12):
        message = make_message(conversation=conversation)
        attach(message, paper__pdf=b"%PDF-1.4")
        make_outgoing(by=ana, message=message)
        decisions.no_reply(draft=ready_draft(), by=ana)
        make_conversation(assigned_to=ana)
    with django_assert_max_num_queries(MOST_QUERIES):
        items = api.get(f"/api/v1/{address.format(conversation.pk)}").json()["items"]
    assert len(items) >= 12


def test_reading_one_draft_takes_few_queries(api: Client, django_assert_max_num_queries: Any) -> None:
    draft = ready_draft(failed=2)
    api.get("/api/v1/mailboxes")
    with django_assert_max_num_queries(MOST_QUERIES):
        api.get(f"/api/v1/drafts/{draft.pk}")


def test_a_token_sees_nothing_of_other_mailboxes(program: Callable[..., Client], dana: User) -> None:
    mine, other = ready_draft(), ready_draft()
    [file] = attach(other.message, paper__pdf=b"%PDF-1.4")
    made = decisions.approve(draft=other, by=dana)
    limited = program(mailboxes=[mine.conversation.mailbox])
    assert ids(limited.get("/api/v1/mailboxes").json()) == [mine.conversation.mailbox_id]
    assert ids(limited.get("/api/v1/conversations").json()["items"]) == [mine.conversation_id]
    assert ids(limited.get("/api/v1/drafts").json()["items"]) == [mine.pk]
    assert not limited.get("/api/v1/decisions").json()["items"]
    assert not limited.get(f"/api/v1/conversations?customer=ann@customer.example&mailbox={other.conversation.mailbox_id}").json()["items"]
    for address in (
        f"conversations/{other.conversation_id}",
        f"conversations/{other.conversation_id}/messages",
        f"conversations/{other.conversation_id}/outgoing",
        f"messages/{other.message_id}",
        f"attachments/{file.pk}",
        f"drafts/{other.pk}",
        f"decisions/{made.pk}",
        f"outgoing/{made.outgoing_id}",
    ):
        assert limited.get(f"/api/v1/{address}").status_code == 404, address

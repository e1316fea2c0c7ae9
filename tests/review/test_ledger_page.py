"""The ledger as a table and as files: who decided what, what flipped, and whose mail it may show."""

import io
import json
import zipfile

import pytest
from django.contrib.auth.models import User
from django.test import Client

from drafting.models import Draft
from review import permissions, team
from review.models import LogEntry
from tests.drafting.factories import make_category, make_mailbox, make_message
from tests.review.factories import activate, make_person, ready_draft
from tests.review.proofs import enter, find, make_attempt, make_terms
from tests.review.test_automation import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """An admin's browser."""
    activate()
    browser = Client()
    browser.force_login(make_person("admin", "dana", first_name="Dana"))
    return browser


def test_each_draft_stands_with_its_way_its_verdict_and_who_decided(client: Client, ana: User) -> None:
    attempt = make_attempt()
    draft = ready_draft(message=make_message(subject="Pump order"), state=Draft.State.DECIDED)
    entry = enter(attempt, draft, reason="", why="audit")
    find(entry, "rejected", unsafe=True, words="Wrong date.", by=ana, seconds=41)
    page = text(client.get(f"/automation/{attempt.category_id}/ledger/"))
    for said in ("Pump order", "To a person", "Audit hold", "Unsafe", "Rejected", "Wrong date.", "Ana Sol", "open for 41 s"):
        assert said in page, said
    assert f'href="/queue/{draft.pk}/"' in page


def test_a_flip_shows_both_verdicts_in_order(client: Client) -> None:
    attempt = make_attempt()
    entry = enter(attempt, ready_draft())
    find(entry, "flagged", unsafe=True, words="The customer complains.")
    page = text(client.get(f"/automation/{attempt.category_id}/ledger/"))
    assert page.index("Approved unedited") < page.index("Flagged later")
    assert page.count("found-before") == 1


def test_what_has_no_verdict_or_does_not_count_says_so(client: Client) -> None:
    attempt = make_attempt()
    open_draft = ready_draft()
    enter(attempt, open_draft, reason="")
    enter(attempt, None, reason="too_fast", unsafe=None, counts=False)
    enter(attempt, ready_draft(), reason="", route="auto", why="chosen")
    page = text(client.get(f"/automation/{attempt.category_id}/ledger/"))
    for said in (
        "No verdict yet",
        "Does not count",
        "Approved faster than it can be read",
        "Erased",
        "Left by itself",
        "Sent automatically",
    ):
        assert said in page, said
    # To open what is not decided would claim it.
    assert f'href="/conversations/{open_draft.conversation_id}/"' in page
    assert f'href="/queue/{open_draft.pk}/"' not in page


def test_a_manager_reaches_conversations_and_no_items(client: Client) -> None:
    draft = ready_draft(state=Draft.State.DECIDED)
    attempt = make_attempt()
    enter(attempt, draft)
    manager = Client()
    manager.force_login(make_person("manager"))
    page = text(manager.get(f"/automation/{attempt.category_id}/ledger/"))
    assert f'href="/conversations/{draft.conversation_id}/"' in page
    assert "/queue/" not in page


def test_mails_of_other_mailboxes_stay_unnamed(client: Client) -> None:
    draft = ready_draft(message=make_message(subject="Secret pump"))
    attempt = make_attempt()
    find(enter(attempt, draft, reason=""), "rejected", unsafe=True, words="Secret reason.")
    limited = make_person("admin")
    team.give(person=limited, roles=[permissions.Role.ADMIN], mailboxes=[make_mailbox()])
    browser = Client()
    browser.force_login(limited)
    page = text(browser.get(f"/automation/{attempt.category_id}/ledger/"))
    assert "A mail of another mailbox" in page
    assert "Secret" not in page


def test_a_long_ledger_is_paged_each_draft_once(client: Client) -> None:
    attempt = make_attempt(n=120)
    url, seen = f"/automation/{attempt.category_id}/ledger/", []
    while url:
        page = client.get(url).context["table"]
        seen += [row.position for row in page.rows]
        url = page.older_url
    assert seen == list(range(120, 0, -1))


def test_earlier_attempts_can_be_looked_at(client: Client) -> None:
    first = make_attempt(n=2)
    first.state, first.cause, first.ended_at = "ended", "again", first.began_at
    first.save()
    second = make_attempt(n=1)
    assert client.get(f"/automation/{first.category_id}/ledger/").context["table"].attempt == second
    page = client.get(f"/automation/{first.category_id}/ledger/?attempt={first.pk}")
    assert [row.position for row in page.context["table"].rows] == [2, 1]
    assert client.get(f"/automation/{first.category_id}/ledger/?attempt=x&before=y").context["table"].attempt == second


def test_before_the_first_draft_the_page_says_what_is_awaited(client: Client) -> None:
    assert "its first draft that passes every check begins the ledger" in text(client.get(f"/automation/{make_category().pk}/ledger/"))


def test_the_ledger_can_be_taken_away_in_three_forms(client: Client) -> None:
    make_terms()
    attempt = make_attempt(n=5, unsafe=(2,))
    url, about = f"/automation/{attempt.category_id}/ledger/export/", {"attempt": attempt.pk}
    table = client.post(url, about | {"format": "csv"})
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert f"ledger-order-status-attempt-{attempt.pk}.csv" in table["Content-Disposition"]
    assert table.content.decode().count("approved") == 4
    assert json.loads(client.post(url, about | {"format": "json"}).content)["result"]["n"] == 5
    files = zipfile.ZipFile(io.BytesIO(client.post(url, about | {"format": "archive"}).content)).namelist()
    assert any(name.endswith("recompute.py") for name in files)
    assert LogEntry.objects.filter(act="auto_send.exported").count() == 3


def test_an_export_of_nothing_is_refused_in_words(client: Client) -> None:
    attempt = make_attempt()
    url = f"/automation/{attempt.category_id}/ledger/export/"
    assert client.post(url, {"attempt": attempt.pk, "format": "pdf"}).status_code == 400
    assert client.post(url, {"format": "csv"}).status_code == 400
    assert (
        client.post(f"/automation/{make_category('other').pk}/ledger/export/", {"attempt": attempt.pk, "format": "csv"}).status_code == 404
    )

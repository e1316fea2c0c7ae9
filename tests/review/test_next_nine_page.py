"""The pages of the next nine, and editors that are opened by them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode

from drafting.models import Article, Category, Draft, Guidance, Rule, TableImport
from inbox.models import Mailbox
from review import decisions, team
from review.models import Assumption, LogEntry, Miss, Remedy
from review.permissions import Role
from review.reports import rolling
from tests.drafting.factories import make_category, make_customer, make_mailbox
from tests.review.factories import add_evidence, make_person
from tests.review.next_nine.rows import decided
from tests.review.reports.tallies import make_tally

MOST_QUERIES, MOST_BYTES = 12, 60_000
LIST = "/reports/next-nine/"


@pytest.fixture
def admin(db: None) -> Client:
    """An admin's browser."""
    client = Client()
    client.force_login(make_person("admin", "dana", first_name="Dana", last_name="Ito"))
    return client


@pytest.fixture
def manager(db: None) -> Client:
    """A manager's browser."""
    client = Client()
    client.force_login(make_person("manager"))
    return client


def cause_page(client: Client, cause: str, **asked: str) -> Any:
    """The page of a cause."""
    return client.get(f"{LIST}{cause}/", asked)


def remedy(page: str, cause: str, **about: str) -> str:
    """The address of an editor that is opened for a cause."""
    return f"{page}?{urlencode({'remedy': cause, **about})}"


def test_a_desk_without_decisions_says_that_there_is_nothing_to_mend(manager: Client) -> None:
    page = manager.get(LIST).content.decode()
    assert "Nothing to mend" in page
    assert "A reviewer found that no reply is needed." in page


def test_causes_are_listed_by_the_work_that_they_make(ana: User, manager: Client) -> None:
    for _ in range(2):
        decided("edited", by=ana, edit_reason="tone", seconds=30)
    decided("by_hand", by=ana, seconds=60)
    page = manager.get(LIST)
    assert [card.row.title for card in page.context["page"].cards] == [
        "Changed or rewritten, and nobody said why",
        "Reviewers changed the tone",
    ]
    assert "An admin can do this." in page.content.decode()


def test_a_cause_that_themes_are_told_from_is_compared_only_where_they_were(ana: User, manager: Client) -> None:
    for days_ago in (1, 20, 40):
        decided("by_hand", by=ana, days_ago=days_ago)
        decided("edited", by=ana, days_ago=days_ago, edit_reason="tone")

    def trends(**asked: str) -> list[str]:
        return [card.row.trend[0] for card in manager.get(LIST, asked).context["page"].cards]

    assert trends() == ["was 0.2 in the 30 days before"] * 2
    last = timezone.localdate()
    unexplained, tone = trends(period="days", first=f"{last - timedelta(days=34)}", last=f"{last}")
    assert (unexplained, tone) == ("not compared: themes tell mails of 62 days apart", "was 0.2 in the 35 days before")


def test_work_follows_what_is_assumed_of_a_reply_by_hand(ana: User, manager: Client) -> None:
    decided("by_hand", by=ana, seconds=0)
    Assumption.objects.create(minutes_by_hand=60, by=ana)
    page = manager.get(LIST, {"period": "7"}).context["page"]
    assert (page.work, page.cards[0].row.work, page.cards[0].row.mails) == ("60 min", "60 min", "1")


def test_the_rest_stands_behind_the_first_nine(ana: User, manager: Client) -> None:
    decision = decided("edited", by=ana)
    miss = Miss.objects.get()
    for number in range(11):
        other = decided("edited", by=ana)
        Miss.objects.filter(pk=other.pk).update(cause=f"check:check_{number}")
    page = manager.get(LIST).context["page"]
    assert (len(page.cards), len(page.rest)) == (9, 3)
    assert miss.decision == decision


@pytest.mark.parametrize(
    ("cause", "title"),
    [
        ("no_reply", "No reply was needed"),
        ("edit:too_long", "Reviewers made the draft shorter"),
        ("lookup:order:not_found:code", "The lookup “Order” found nothing for a number or code"),
        ("lookup:parcel:unavailable:code", "The lookup “Parcel” could not be reached"),
        ("lookup:customer:not_found:sender", "The sender is no known customer"),
        ("hand_over:missing_fact", "Handed over: a fact is missing"),
        ("check:no_promises", "Failed check: no promises"),
        ("category:order-status:gone", "Taken for “Order status”, and was “gone”"),
        ("hand_over:rule:0123456789ab", "Handed over by a rule: one that is gone"),
    ],
)
def test_each_cause_says_in_words_what_it_is(cause: str, title: str, ana: User, manager: Client) -> None:
    make_category()
    Remedy.objects.create(cause=cause, kind="elsewhere", words="We talked.", by=ana)
    assert cause_page(manager, cause).context["page"].title == title


def test_a_rule_that_hands_over_is_named_and_can_be_changed(ana: User, admin: Client) -> None:
    rule = Rule.objects.create(name="Large", expression="order.total > 500", effect="hand_over", text="Large orders need a person.")
    words: dict[str, Any] = {
        "hand_over_reason": "rule",
        "hand_over_words": rule.text,
        "state": "handed_over",
        "body": "",
        "is_eligible": False,
    }
    decided("by_hand", by=ana, **words)
    page = cause_page(admin, Miss.objects.get().cause).context["page"]
    assert page.title == "Handed over by a rule: Large orders need a person."
    assert [(button.label, button.url.partition("?")[0]) for button in page.buttons] == [("Change the rule", f"/rules/{rule.pk}/")]


def test_what_no_editor_mends_is_said_in_words(ana: User, admin: Client, manager: Client) -> None:
    led: dict[str, Any] = {"hand_over_reason": "led_by_person", "state": "handed_over", "body": "", "is_eligible": False}
    decided("by_hand", by=ana, **led)
    for browser in (admin, manager):
        for page in (browser.get(LIST), cause_page(browser, "hand_over:led_by_person")):
            text = page.content.decode()
            assert "Hand conversations back once a person is done" in text
            assert "An admin can do this." not in text


def test_a_cause_leads_to_its_mails_page_by_page(ana: User, manager: Client) -> None:
    found = [decided("edited", by=ana, edit_reason="policy", days_ago=number // 9) for number in range(27)]
    newest_first = [
        f"/conversations/{one.draft.conversation_id}/" for one in sorted(found, key=lambda one: (one.decided_at.date(), one.pk))
    ]
    first = cause_page(manager, "edit:policy").context["page"]
    second = manager.get(first.older_url).context["page"]
    assert [mail.url for mail in (*first.mails, *second.mails)] == newest_first[::-1]
    assert (len(first.mails), second.older_url, bool(second.newest_url)) == (25, "", True)
    assert first.mails[0].what == "Edited and approved: policy"


def test_who_is_limited_to_mailboxes_sees_their_mails_only(ana: User, manager: Client) -> None:
    mine = make_mailbox()
    decided("edited", by=ana, edit_reason="tone", mailbox=mine)
    decided("edited", by=ana, edit_reason="policy")
    limited = make_person("manager")
    team.give(person=limited, roles=[Role.MANAGER], mailboxes=[mine])
    client = Client()
    client.force_login(User.objects.get(pk=limited.pk))
    assert [card.row.title for card in client.get(LIST).context["page"].cards] == ["Reviewers changed the tone"]
    assert cause_page(client, "edit:policy").context["page"].mails == []


def test_a_cause_that_never_was_is_not_found(manager: Client) -> None:
    assert cause_page(manager, "edit:nonsense").status_code == 404
    assert manager.post(f"{LIST}edit:nonsense/note/", {"words": "Hm."}).status_code == 404


def test_what_was_done_elsewhere_is_noted_and_shown(ana: User, manager: Client) -> None:
    decided("edited", by=ana, edit_reason="tone")
    answer = manager.post(f"{LIST}edit:tone/note/", {"words": " We agreed on how we greet. "}, follow=True)
    assert "We agreed on how we greet." in answer.content.decode()
    assert "Too early to say" in answer.content.decode()
    assert Remedy.objects.get().words == "We agreed on how we greet."
    assert LogEntry.objects.filter(act="remedy.noted").get().words == "We agreed on how we greet."


def test_who_says_nothing_is_asked_what_they_did(ana: User, manager: Client) -> None:
    decided("edited", by=ana, edit_reason="tone")
    answer = manager.post(f"{LIST}edit:tone/note/", {"words": "  "})
    assert answer.status_code == 422
    assert "Say in a few words what you did" in answer.content.decode()
    assert not Remedy.objects.exists()


def test_before_and_after_a_remedy_are_compared(ana: User, manager: Client) -> None:
    for number in range(30):
        decided("edited", by=ana, edit_reason="tone", days_ago=21 + number)
    at = timezone.now() - timedelta(days=20)
    Remedy.objects.create(cause="edit:tone", kind="elsewhere", words="We talked.", by=ana)
    Remedy.objects.update(at=at)
    [done] = cause_page(manager, "edit:tone", period="90").context["page"].story.done
    assert done.before.startswith("7 a week")
    assert done.after.startswith("0 a week")


def test_what_was_done_is_told_though_its_cause_has_no_mails_any_more(ana: User, manager: Client) -> None:
    """Two remedies: one made its cause vanish, the other is of today; one of a year ago is history."""
    for number in range(30):
        decided("edited", by=ana, edit_reason="tone", days_ago=61 + number)
    for number in range(12):
        decided("edited", by=ana, edit_reason="policy", days_ago=5 * number)
    for days_ago in range(1, 120):
        make_tally(timezone.localdate() - timedelta(days=days_ago), mailbox=Mailbox.objects.earliest("pk"), needed=2)
    for cause, words, days_ago in (("edit:tone", "We talked.", 60), ("edit:policy", "We agreed.", 0), ("edit:tone", "We hoped.", 365)):
        made = Remedy.objects.create(cause=cause, kind="elsewhere", words=words, by=ana)
        Remedy.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=days_ago))
    answer = manager.get(LIST)
    page = answer.context["page"]
    assert [card.row.title for card in page.cards] == ["Reviewers changed what we allow or promise"]
    assert [(row.done.what, row.title, row.done.verdict) for row in page.done.shown] == [
        ("We agreed.", "Reviewers changed what we allow or promise", "Too early to say"),
        ("We talked.", "Reviewers changed the tone", "Fewer than before"),
    ]
    gone = page.done.shown[1]
    assert (gone.done.before.split(" (")[0], gone.done.after.split(" (")[0]) == ("3.8 a week", "0 a week")
    assert "1 of 2 followed by fewer mails" in answer.content.decode()
    assert manager.get(gone.url).status_code == 200


def test_a_mail_with_two_drafts_counts_with_both(ana: User, manager: Client) -> None:
    rejected = decided("rejected", by=ana, reason="Too cold.")
    again = Draft.objects.get(redraft_of=rejected.draft)
    Draft.objects.filter(pk=again.pk).update(state="ready", body="It left.", setup=rejected.draft.setup, finished_at=timezone.now())
    decisions.edit(draft=Draft.objects.get(pk=again.pk), text="It left on Monday.", by=ana, edit_reason="policy")
    rolling.roll_all()
    page = manager.get(LIST, {"period": "7"})
    assert [(card.row.title, card.row.mails) for card in page.context["page"].cards] == [
        ("Changed or rewritten, and nobody said why", "1"),
        ("Reviewers changed what we allow or promise", "1"),
    ]
    said = page.content.decode()
    assert "<strong>2</strong> drafts and hand-overs a week" in said
    assert "each mail stands under one cause" not in said
    assert "Mails a week" not in said


def test_what_was_done_before_the_line_begins_has_no_mark_on_it(ana: User, manager: Client) -> None:
    for days_ago in (20, 10, 1):
        decided("edited", by=ana, edit_reason="tone", days_ago=days_ago)
    for days_ago in (300, 12):
        made = Remedy.objects.create(cause="edit:tone", kind="elsewhere", words="We talked.", by=ana)
        Remedy.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=days_ago))
    story = cause_page(manager, "edit:tone").context["page"].story
    assert [mark.number for mark in story.large[0].marks] == [2]
    assert [done.number for done in story.done] == [1, 2]


def test_what_was_done_about_a_theme_long_ago_is_listed_and_not_compared(ana: User, manager: Client) -> None:
    decided("edited", by=ana, days_ago=70)
    Miss.objects.update(cause="unexplained+7")
    Remedy.objects.create(cause="unexplained+7", kind="elsewhere", words="We talked.", by=ana)
    Remedy.objects.update(at=timezone.now() - timedelta(days=65))
    answer = cause_page(manager, "unexplained+7", period="90")
    [done] = answer.context["page"].story.done
    assert (done.what, done.verdict, done.before, done.after) == ("We talked.", "Not compared any more", "", "")
    assert "<dt>Before</dt>" not in answer.content.decode()


def test_a_line_says_that_themes_are_counted_with_their_cause(ana: User, manager: Client) -> None:
    made = [decided("edited", by=ana, days_ago=days_ago) for days_ago in (20, 10, 9)]
    told = "those of its themes included"
    assert told not in cause_page(manager, "unexplained").content.decode()
    Miss.objects.filter(pk=made[-1].pk).update(cause="unexplained+7")
    assert told in cause_page(manager, "unexplained").content.decode()
    assert told not in cause_page(manager, "unexplained+7").content.decode()
    assert "Week by week, with its themes" in manager.get(LIST).content.decode()


def test_an_article_begins_with_what_reviewers_wrote(ana: User, admin: Client) -> None:
    question = "Hello, how long is the cable of the pump? Regards, Zephyrine Quast"
    text = "Hello Zephyrine,\n\nthe cable of the pump is four metres long. It can be made longer.\n\nKind regards"
    decided("edited", by=ana, edit_reason="missing_answer", question=question, text=text)
    page = admin.get(remedy("/knowledge/article/new/", "edit:missing_answer"))
    form = page.context["form"]
    assert form["body"].value() == "the cable of the pump is four metres long.\nIt can be made longer."
    assert form["language"].value() == "en"
    said = page.content.decode()
    assert "how long is the cable of the pump?" in said
    assert "Zephyrine" not in said


def test_a_saved_remedy_is_noted_and_leads_back(ana: User, admin: Client) -> None:
    decided("edited", by=ana, edit_reason="missing_answer")
    values = {"title": "Cables", "language": "en", "body": "Four metres.", "is_active": "on", "seen": "0", "remedy": "edit:missing_answer"}
    answer = admin.post("/knowledge/article/create/", values)
    assert answer["Location"] == f"{LIST}edit:missing_answer/"
    found = Remedy.objects.get()
    assert (found.kind, found.of, found.number, found.about) == ("article", Article.objects.get().pk, 1, "Cables")
    assert "Article “Cables”, version 1" in admin.get(answer["Location"]).content.decode()


def test_a_remedy_that_cannot_be_saved_is_still_one_afterwards(ana: User, admin: Client) -> None:
    decided("edited", by=ana, edit_reason="missing_answer")
    answer = admin.post("/knowledge/article/create/", {"title": "", "body": "", "remedy": "edit:missing_answer"})
    assert answer.status_code == 422
    assert 'name="remedy" value="edit:missing_answer"' in answer.content.decode()
    assert not Remedy.objects.exists()


def test_what_is_saved_without_any_change_is_no_remedy(ana: User, admin: Client) -> None:
    decided("edited", by=ana, edit_reason="tone")
    values = {"title": "Tone", "text": "Be kind.", "is_active": "on", "remedy": "edit:tone"}
    admin.post("/knowledge/guidance/create/", values)
    guidance = Guidance.objects.get()
    admin.post(f"/knowledge/guidance/{guidance.pk}/save/", {**values, "seen": "1"})
    assert Remedy.objects.count() == 1


def test_what_is_saved_for_no_cause_is_no_remedy(ana: User, admin: Client) -> None:
    decided("edited", by=ana, edit_reason="tone")
    for cause in ("", "edit:nonsense", "\0"):
        admin.post("/knowledge/guidance/create/", {"title": f"Tone {cause[:4]!r}", "text": "Be kind.", "is_active": "on", "remedy": cause})
    assert not Remedy.objects.exists()


def test_other_editors_begin_with_something_too(ana: User, admin: Client) -> None:
    decided("edited", by=ana, edit_reason="policy", text="Your order goes back within thirty days. Ask for SO-1007.")
    guidance = admin.get(remedy("/knowledge/guidance/new/", "edit:policy")).context["form"]
    assert "thirty days" in guidance["text"].value()
    template = admin.get(remedy("/knowledge/template/new/", "edit:policy")).context["form"]
    assert template["category"].value() == make_category().pk
    assert "{" in template["body"].value()
    assert "SO-1007" not in template["body"].value()
    rule = admin.get(remedy("/rules/new/", "edit:policy")).context["form"]
    assert (rule["effect"].value(), rule["expression"].value()) == ("tell_model", "true")
    assert rule["categories"].value() == [make_category().pk]


@pytest.mark.parametrize("kind", ["article", "template", "guidance"])
def test_a_beginning_can_be_saved_as_it_stands(kind: str, ana: User, admin: Client) -> None:
    decided("edited", by=ana, edit_reason="policy", text="Your order goes back within thirty days. Ask for SO-1007.")
    form = admin.get(remedy(f"/knowledge/{kind}/new/", "edit:policy")).context["form"]
    values = {field.name: field.value() for field in form if field.value() is not None}
    assert admin.post(f"/knowledge/{kind}/create/", {**values, "remedy": "edit:policy"}).status_code == 302
    assert Remedy.objects.get().kind == kind


def test_a_rule_that_is_saved_is_a_remedy(ana: User, admin: Client) -> None:
    decided("edited", by=ana, edit_reason="policy")
    form = admin.get(remedy("/rules/new/", "edit:policy")).context["form"]
    values = {field.name: field.value() for field in form if field.value() is not None}
    assert admin.post("/rules/0/save/", {**values, "remedy": "edit:policy"})["Location"] == f"{LIST}edit:policy/"
    assert Remedy.objects.get().of == Rule.objects.get().pk


def test_the_right_category_is_described_by_its_mails(ana: User, admin: Client) -> None:
    right = make_category("damage-claim")
    decided("edited", by=ana, question="The pallet was crushed.")
    Miss.objects.update(cause="category:order-status:damage-claim")
    [button] = cause_page(admin, "category:order-status:damage-claim").context["page"].buttons
    assert button.url.startswith(f"/knowledge/category/{right.pk}/?remedy=")
    form = admin.get(button.url).context["form"]
    assert form["description"].value() == f"{right.description}\n\nMails like these belong here, too:\n- The pallet was crushed."
    values = {field.name: field.value() for field in form if field.value() is not None}
    admin.post(f"/knowledge/category/{right.pk}/save/", {**values, "remedy": "category:order-status:damage-claim"})
    assert "The pallet was crushed." in Category.objects.get(pk=right.pk).description
    assert Remedy.objects.get().kind == "category"


def test_a_table_that_was_imported_for_a_cause_is_a_remedy(ana: User, admin: Client) -> None:
    decided("edited", by=ana)
    cause = "lookup:customer:not_found:sender"
    Miss.objects.update(cause=cause)
    button = cause_page(admin, cause).context["page"].buttons[0]
    page = admin.get(button.url)
    assert page.context["chosen"] == "customers"
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("c.csv", b"number,name\nC-1,Shop\n")
    looked_at = admin.post("/connectors/tables/upload/", {"table": "customers", "file": file, "remedy": cause})["Location"]
    assert f'name="remedy" value="{cause}"' in admin.get(looked_at).content.decode()
    one = TableImport.objects.get()
    admin.post(f"/connectors/tables/{one.pk}/take/", {"remedy": cause})
    admin.post(f"/connectors/tables/{one.pk}/take/", {"remedy": cause})
    assert (Remedy.objects.get().kind, Remedy.objects.get().of) == ("table", one.pk)


def test_a_table_and_a_connector_are_opened_with_what_was_looked_up_in_vain(ana: User, admin: Client) -> None:
    """Of the cause alone, the most frequent first, what was erased not among it."""
    for number, asked in enumerate(("SO-2", "SO-1", "SO-1", "SO-3", "SO-9")):
        one = decided("edited", by=ana)
        about = {"erased_at": timezone.now()} if asked == "SO-3" else {}
        add_evidence(one.draft, tool="order", outcome="not_found", question={"query": asked}, **about)
        if number < 4:
            Miss.objects.filter(pk=one.pk).update(cause="lookup:order:not_found:code")
    buttons = cause_page(admin, "lookup:order:not_found:code").context["page"].buttons
    assert [button.label for button in buttons] == [
        "Import a table",
        "Connect a system: SQL database",
        "Connect a system: HTTP with JSON",
        "Connect a system: MCP server",
    ]
    cards = {card.row.title: card for card in admin.get(LIST).context["page"].cards}
    assert cards["The lookup “Order” found nothing for a number or code"].buttons == buttons
    for button in buttons:
        answer = admin.get(button.url)
        assert answer.context["begun"].missed == [("SO-1", 2), ("SO-2", 1)]
        assert "What was looked up in vain" in answer.content.decode()
    assert admin.get(remedy("/knowledge/article/new/", "lookup:order:not_found:code")).context["begun"].missed == []


def test_a_connector_that_was_added_for_a_cause_is_a_remedy(ana: User, admin: Client) -> None:
    decided("edited", by=ana, edit_reason="wrong_fact")
    connectors = admin.get(remedy("/connectors/", "edit:wrong_fact")).content.decode()
    assert "/connectors/new/http/?remedy=edit%3Awrong_fact" in connectors
    assert 'name="remedy"' in admin.get(remedy("/connectors/new/http/", "edit:wrong_fact")).content.decode()
    values = {"name": "Carrier", "address": "https://api.carrier.example/v1", "timeout_seconds": "5", "is_active": "on"}
    answer = admin.post("/connectors/new/http/add/", {**values, "remedy": "edit:wrong_fact"})
    assert answer["Location"].endswith("?remedy=edit%3Awrong_fact")
    assert Remedy.objects.get().kind == "connector"


def test_what_is_noted_of_a_mail_names_no_customer(ana: User, admin: Client) -> None:
    make_customer("zoe@customer.example", name="Zoe Quist")
    decided("edited", by=ana, edit_reason="policy", sender="zoe@customer.example", question="Zoe Quist here: and my order SO-77120?")
    page = admin.get(remedy("/knowledge/guidance/new/", "edit:policy")).content.decode()
    assert "and my order" in page
    assert "SO-77120" not in page


def fill(ana: User, *, causes: int) -> None:
    """So many causes, each with remedies."""
    made = [decided("edited", by=ana, category=make_category(f"kind-{number % 5}")) for number in range(causes)]
    for number, one in enumerate(made):
        kinds = (f"category:kind-1:kind-{number}", f"lookup:some_lookup_{number}:not_found:code", f"hand_over:rule:{number}")
        cause = kinds[number % 3]
        Miss.objects.filter(pk=one.pk).update(cause=cause)
        Remedy.objects.create(cause=cause, kind="elsewhere", words="We talked about it at length. " * 8, by=ana)


@pytest.mark.parametrize("causes", [1, 60])
def test_the_pages_are_small_whatever_there_is(causes: int, ana: User, admin: Client, django_assert_max_num_queries: Any) -> None:
    fill(ana, causes=causes)
    admin.get("/queue/")
    admin.get(LIST)
    for address in (LIST, *(f"{LIST}{one.cause}/" for one in Remedy.objects.order_by("pk")[:3])):
        with django_assert_max_num_queries(MOST_QUERIES):
            answer = admin.get(address)
        assert len(answer.content) <= MOST_BYTES

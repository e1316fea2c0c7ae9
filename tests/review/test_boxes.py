"""What belongs to a box to write in, by its addresses: kept text, files, templates; with scripts and without."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from drafting.models import Draft, ReplyTemplate
from inbox.models import Conversation
from review import decisions, uploads, writing
from review.models import Profile, Upload
from tests.drafting.factories import make_category, make_customer, make_mailbox
from tests.review.factories import attach_upload, make_person, ready_draft

pytestmark = pytest.mark.django_db
PART = {"X-Part": "1"}


@pytest.fixture
def draft(db: None) -> Draft:
    return ready_draft()


@pytest.fixture
def talk(draft: Draft) -> Conversation:
    return draft.conversation


def pdf(name: str = "paper.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 a paper")


def kept(talk: Conversation | None, by: User) -> str | None:
    found = writing.unsent(by=by, conversation=talk)
    return found.text if found else None


def test_what_is_typed_is_kept_and_comes_back_on_any_machine(desk: Client, talk: Conversation, draft: Draft, ana: User) -> None:
    assert desk.post(f"/conversations/{talk.pk}/keep/", {"text": "Dear Ann,\r\nit is", "box": "b1"}).status_code == 204
    assert kept(talk, ana) == "Dear Ann,\nit is"
    other_machine = Client()
    other_machine.force_login(ana)
    page = other_machine.get(f"/queue/{draft.pk}/").content.decode()
    assert "Dear Ann,\nit is</textarea>" in page
    assert "Your unsent text from" in page
    assert "Dear Ann,\nit is</textarea>" in other_machine.get(f"/conversations/{talk.pk}/write/").content.decode()


def test_kept_text_is_nobody_elses(talk: Conversation, draft: Draft, ana: User, ben: User) -> None:
    writing.keep(by=ana, conversation=talk, box="b1", text="A secret of mine")
    other = Client()
    other.force_login(ben)
    assert "A secret of mine" not in other.get(f"/conversations/{talk.pk}/write/").content.decode()


def test_kept_text_is_dropped_when_the_person_says_so(desk: Client, talk: Conversation, ana: User) -> None:
    writing.keep(by=ana, conversation=talk, box="b1", text="Dear Ann")
    answer = desk.post(f"/conversations/{talk.pk}/discard/", {"next": "/queue/?mine=1"})
    assert answer["Location"] == "/queue/?mine=1"
    assert kept(talk, ana) is None


def test_nobody_is_led_to_another_site(desk: Client, talk: Conversation) -> None:
    answer = desk.post(f"/conversations/{talk.pk}/discard/", {"next": "https://evil.example/"})
    assert answer["Location"] == f"/conversations/{talk.pk}/write/"


def test_files_are_attached_and_listed_with_name_and_size(desk: Client, talk: Conversation) -> None:
    answer = desk.post(f"/conversations/{talk.pk}/attach/", {"files": [pdf("Größe.pdf"), pdf("b.pdf")]}, headers=PART)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Größe.pdf" in page
    assert "16 bytes" in page
    assert page.count('name="file"') == 2


def test_a_file_that_is_refused_says_why_and_the_others_are_attached(desk: Client, talk: Conversation) -> None:
    answer = desk.post(f"/conversations/{talk.pk}/attach/", {"files": [pdf(), SimpleUploadedFile("a.exe", b"MZ")]}, headers=PART)
    assert answer.status_code == 422
    assert "“a.exe” is a program" in answer.content.decode()
    assert "paper.pdf" in answer.content.decode()


def test_without_scripts_attaching_keeps_the_text_and_leads_back(desk: Client, talk: Conversation, draft: Draft, ana: User) -> None:
    values = {"files": [pdf()], "text": "See the file.", "next": f"/queue/{draft.pk}/#edit", "box": "b1"}
    assert desk.post(f"/conversations/{talk.pk}/attach/", values)["Location"] == f"/queue/{draft.pk}/#edit"
    assert kept(talk, ana) == "See the file."
    page = desk.get(f"/queue/{draft.pk}/").content.decode()
    assert "paper.pdf" in page
    assert "See the file.</textarea>" in page


def test_a_file_is_removed_by_who_attached_it(desk: Client, talk: Conversation, ana: User, ben: User) -> None:
    mine, theirs = attach_upload(by=ana, conversation=talk), attach_upload(by=ben, conversation=talk)
    assert desk.post(f"/uploads/{mine.pk}/remove/", headers=PART).status_code == 200
    assert desk.post(f"/uploads/{mine.pk}/remove/", headers=PART).status_code == 404
    assert desk.post(f"/uploads/{theirs.pk}/remove/", headers=PART).status_code == 404
    assert list(Upload.objects.all()) == [theirs]


def test_a_file_is_for_who_attached_it_until_it_is_sent(desk: Client, draft: Draft, ana: User) -> None:
    upload = attach_upload(by=ana, conversation=draft.conversation, name="Größe.pdf")
    reader = Client()
    reader.force_login(make_person("manager"))
    assert reader.get(f"/uploads/{upload.pk}/").status_code == 404
    answer = desk.get(f"/uploads/{upload.pk}/")
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/octet-stream"
    decisions.edit(draft=draft, text="See the file.", files=[upload], by=ana)
    assert reader.get(f"/uploads/{upload.pk}/").status_code == 200
    assert f'href="/uploads/{upload.pk}/"' in reader.get(f"/conversations/{draft.conversation_id}/").content.decode()


def test_an_edit_leaves_with_the_files_that_its_form_lists(desk: Client, draft: Draft, ana: User) -> None:
    shown, not_shown = (attach_upload(by=ana, conversation=draft.conversation) for _ in range(2))
    desk.post(f"/queue/{draft.pk}/edit/", {"text": "See the file.", "file": [shown.pk]})
    assert [one.pk for one in Upload.objects.filter(outgoing__isnull=False)] == [shown.pk]
    assert list(uploads.unsent(by=ana, conversation=draft.conversation)) == [not_shown]


def test_a_file_that_was_chosen_but_not_attached_leaves_too(desk: Client, draft: Draft) -> None:
    desk.post(f"/queue/{draft.pk}/edit/", {"text": "See the file.", "files": [pdf()]})
    assert Upload.objects.get().outgoing is not None


def test_text_and_files_stay_when_an_edit_is_refused(desk: Client, draft: Draft, ana: User) -> None:
    upload = attach_upload(by=ana, conversation=draft.conversation)
    answer = desk.post(f"/queue/{draft.pk}/edit/", {"text": "On {day:date}.", "file": [upload.pk]})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "{day:date} is still open" in page
    assert "On {day:date}.</textarea>" in page
    assert "paper.pdf" in page
    assert kept(draft.conversation, ana) == "On {day:date}."


def template(name: str, body: str, *, category: str = "order-status", language: str = "en", **about: object) -> ReplyTemplate:
    return ReplyTemplate.objects.create(name=name, body=body, category=make_category(category), language=language, **about)


def test_templates_of_the_category_and_language_come_first(desk: Client, talk: Conversation) -> None:
    template("Auf Deutsch", "Hallo", language="de")
    template("About returns", "Hello", category="returns")
    template("Shipped", "Hello")
    template("Old", "Hello", is_active=False)
    page = desk.get(f"/conversations/{talk.pk}/templates/").content.decode()
    assert page.index("Shipped") < page.index("About returns") < page.index("Auf Deutsch")
    assert "Old" not in page
    assert "About returns" not in desk.get(f"/conversations/{talk.pk}/templates/?q=ship").content.decode()


def test_a_template_is_filled_with_what_is_known_and_says_what_is_left(desk: Client, talk: Conversation, draft: Draft) -> None:
    draft.customer = make_customer(name="Lee & Sons")
    draft.save()
    template("Shipped", "Hello {name}, order {order:id} for {customer} left on {shipped on:date} and costs {price:amount}.")
    page = desk.get(f"/conversations/{talk.pk}/templates/").content.decode()
    assert "Hello Ann Lee, order SO-1007 for Lee &amp; Sons left on 2026-11-02 and costs {price:amount}." in page
    assert "{price:amount} to fill in" in page


def test_without_scripts_a_template_goes_below_what_was_typed(desk: Client, talk: Conversation, draft: Draft, ana: User) -> None:
    chosen = template("Shipped", "Order {order:id} has left.")
    values = {"text": "Dear Ann,", "next": f"/queue/{draft.pk}/#edit"}
    page = desk.post(f"/conversations/{talk.pk}/insert/", values).content.decode()
    assert f'<option value="{chosen.pk}">' in page
    answer = desk.post(f"/conversations/{talk.pk}/insert/", {"template": chosen.pk, "next": f"/queue/{draft.pk}/#edit"})
    assert answer["Location"] == f"/queue/{draft.pk}/#edit"
    assert kept(talk, ana) == "Dear Ann,\n\nOrder SO-1007 has left."


@pytest.mark.parametrize("verb", ["keep", "attach", "discard", "insert"])
def test_nothing_is_kept_in_conversations_of_mailboxes_that_one_may_not_see(verb: str, talk: Conversation) -> None:
    lea = make_person("reviewer")
    Profile.objects.create(user=lea, is_limited=True).mailboxes.add(make_mailbox())
    client = Client()
    client.force_login(lea)
    assert client.post(f"/conversations/{talk.pk}/{verb}/", {"text": "Hello"}).status_code == 404
    assert kept(talk, lea) is None

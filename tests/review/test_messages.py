"""What customers sent, made harmless."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from inbox.models import Attachment
from review.views.messages import cleaned
from tests.drafting.factories import make_message
from tests.review.factories import attach, make_outgoing, make_person, picture

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "dirty",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src='https://tracker.example/pixel.gif'>",
        "<a href='javascript:alert(1)'>x</a>",
        "<p style='background: url(https://tracker.example/x)'>x</p>",
        "<style>@import 'https://tracker.example/x'</style>",
        "<iframe src='https://tracker.example'></iframe>",
        "<form action='https://tracker.example'><input name=password></form>",
        "<svg onload=alert(1)>",
        "<meta http-equiv=refresh content='0;url=https://tracker.example'>",
        "<base href='https://tracker.example'>",
    ],
)
def test_html_can_neither_run_nor_load(dirty: str) -> None:
    clean = cleaned(dirty)
    for word in ["script", "onerror", "onload", "tracker", "iframe", "form", "http-equiv"]:
        assert word not in clean


def test_html_keeps_what_makes_it_readable() -> None:
    assert cleaned("<p style='color: red'><b>Hi</b></p><table><tr><td>1</td></tr></table>").startswith(
        '<p style="color:red"><b>Hi</b></p><table>'
    )


def test_the_html_view_has_a_policy_of_its_own(desk: Client) -> None:
    message = make_message(html="<p>Hello</p>")
    answer = desk.get(f"/messages/{message.pk}/html/")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]


def test_the_whole_text_is_plain_text(desk: Client) -> None:
    message = make_message("<script>alert(1)</script>")
    answer = desk.get(f"/messages/{message.pk}/text/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_whole_text_of_a_reply_of_ours_is_there_for_everybody_who_reads_it(desk: Client, ana: User) -> None:
    mail = make_outgoing(by=ana, body="Dear Ann, " + "it is on its way. " * 90)
    assert desk.get(f"/outgoing/{mail.pk}/text/").content.decode() == mail.body
    desk.force_login(make_person("manager"))
    assert desk.get(f"/outgoing/{mail.pk}/text/").status_code == 200


def test_the_text_of_a_mail_that_was_erased_says_so(desk: Client, ana: User) -> None:
    mail = make_outgoing(by=ana, body="", erased_at=timezone.now(), erased_for="rule")
    assert "Erased on" in desk.get(f"/outgoing/{mail.pk}/text/").content.decode()


def test_a_page_gets_the_whole_text_as_a_part_of_it(desk: Client) -> None:
    message = make_message("New <b>words</b>.\n\n> Old words.", reply_text="New <b>words</b>.")
    answer = desk.get(f"/messages/{message.pk}/text/", headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert part.startswith('<div class="mail-words">')
    assert "New &lt;b&gt;words&lt;/b&gt;." in part
    assert '<details class="quoted" open>' in part
    assert "HX-Request" in answer["Vary"]


def test_an_attachment_is_only_ever_downloaded(desk: Client) -> None:
    attached = attach(make_message(), page__pdf=b"<script>alert(1)</script>")[0]
    answer = desk.get(f"/attachments/{attached.pk}/")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_what_is_written_in_an_attachment_is_fetched_into_its_fold_escaped(desk: Client) -> None:
    message = make_message()
    attached = attach(message, order__pdf=b"%PDF-1.7")[0]
    Attachment.objects.update(text="40 <b>pumps</b>", text_state="start")
    page = desk.get(f"/conversations/{message.conversation_id}/").content.decode()
    assert "Start of the text of order.pdf" in page and "pumps" not in page
    address = f"/attachments/{attached.pk}/text/"
    assert f'hx-get="{address}"' in page
    assert desk.get(address).content.decode() == "40 <b>pumps</b>"
    assert desk.get(address)["Content-Type"].startswith("text/plain")
    part = desk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.strip() == '<div class="mail-text" dir="auto">40 &lt;b&gt;pumps&lt;/b&gt;</div>'


@pytest.mark.parametrize(
    ("state", "said"), [("encrypted", "encrypted, application/pdf"), ("waiting", "its text is being read, application/pdf")]
)
def test_an_attachment_of_which_nothing_is_read_says_why(desk: Client, state: str, said: str) -> None:
    message = make_message()
    attached = attach(message, order__pdf=b"%PDF-1.7")[0]
    Attachment.objects.update(text_state=state, text_due_at=timezone.now())
    page = desk.get(f"/conversations/{message.conversation_id}/").content.decode()
    assert said in page and f"/attachments/{attached.pk}/text/" not in page
    assert desk.get(f"/attachments/{attached.pk}/text/").content == b"No text was read in this file."


@pytest.mark.parametrize("name", ['a"; filename=evil.exe', "../../etc/passwd", "line\r\nSet-Cookie: a=b", "", "…", "Rechnung ä.pdf"])
def test_a_file_name_cannot_break_out_of_its_header(name: str, desk: Client) -> None:
    attached = attach(make_message(), page__pdf=b"%PDF")[0]
    Attachment.objects.update(name=name)
    said = desk.get(f"/attachments/{attached.pk}/")["Content-Disposition"]
    assert said.startswith("attachment; filename")
    assert "\n" not in said
    assert "/" not in said.replace("utf-8''", "")


def test_a_picture_is_shown_only_if_its_bytes_are_one(desk: Client) -> None:
    real, fake = attach(make_message(), real__png=picture(), fake__png=b"<svg onload=alert(1)>")
    assert desk.get(f"/attachments/{real.pk}/preview/")["Content-Type"] == "image/png"
    refused = desk.get(f"/attachments/{fake.pk}/preview/")
    assert (refused.status_code, refused["Content-Type"]) == (415, "text/plain")


def test_an_attachment_whose_mail_is_gone_is_not_found(desk: Client) -> None:
    attached = attach(make_message(), page__pdf=b"%PDF")[0]
    attached.message.raw_sha256 = "0" * 64
    attached.message.save()
    assert desk.get(f"/attachments/{attached.pk}/").status_code == 404

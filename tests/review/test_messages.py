"""What customers sent, made harmless."""

import pytest
from django.test import Client

from inbox.models import Attachment
from review.views.messages import cleaned
from tests.drafting.factories import make_message
from tests.review.factories import attach, picture

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


def test_an_attachment_is_only_ever_downloaded(desk: Client) -> None:
    attached = attach(make_message(), page__pdf=b"<script>alert(1)</script>")[0]
    answer = desk.get(f"/attachments/{attached.pk}/")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


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

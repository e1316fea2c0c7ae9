"""Files on their way into a mail: kept at once, limited in words, given back with a mail that is taken back, and forgotten in the end."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from inbox.models import OutgoingMail
from inbox.parsing import parse, read_attachment
from review import decisions, uploads
from review.errors import CannotAttach, CannotSend
from review.models import Decision, Upload
from tests.review.factories import attach_upload, picture, ready_draft

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a paper"


def test_a_file_is_kept_with_its_type_by_content(ana: User) -> None:
    draft = ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation, name="C:\\Documents\\bill\x00.doc", content=PDF)
    assert (upload.name, upload.content_type, upload.size) == ("bill_.doc", "application/pdf", len(PDF))
    assert uploads.read(upload) == PDF
    assert list(uploads.unsent(by=ana, conversation=draft.conversation)) == [upload]


def test_what_a_colleague_attaches_is_not_mine(ana: User, ben: User) -> None:
    draft = ready_draft()
    attach_upload(by=ben, conversation=draft.conversation)
    assert not uploads.unsent(by=ana, conversation=draft.conversation)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.pdf", b"", "“empty.pdf” is empty"),
        ("invoice.pdf.exe", PDF, "is a program"),
        ("invoice.pdf", b"MZ\x90\x00", "is a program"),
        ("run.txt", b"#!/bin/sh\n", "is a program"),
        ("large.pdf", PDF + bytes(200), "has 216 bytes; a file may have 200 bytes at most"),
    ],
)
def test_a_file_is_refused_in_words(ana: User, settings: LazySettings, name: str, content: bytes, words: str) -> None:
    settings.UPLOAD_MOST_BYTES = 200
    with pytest.raises(CannotAttach, match=words):
        attach_upload(by=ana, conversation=ready_draft().conversation, name=name, content=content)
    assert not Upload.objects.exists()


def test_all_files_of_a_mail_have_a_limit_together(ana: User, settings: LazySettings) -> None:
    settings.UPLOAD_MOST_BYTES_TOGETHER = 40
    talk = ready_draft().conversation
    first = attach_upload(by=ana, conversation=talk)
    attach_upload(by=ana, conversation=talk)
    with pytest.raises(CannotAttach, match="48 bytes together; a mail may have 40 bytes"):
        attach_upload(by=ana, conversation=talk)
    settings.UPLOAD_MOST_BYTES_TOGETHER = 20
    with pytest.raises(CannotSend, match="Leave one out"):
        uploads.as_files([first, first])


def test_files_of_one_name_are_numbered(ana: User) -> None:
    talk = ready_draft().conversation
    names = [attach_upload(by=ana, conversation=talk, name="image.png", content=picture()).name for _ in range(3)]
    assert names == ["image.png", "image (2).png", "image (3).png"]


def test_a_file_leaves_with_the_mail_as_it_was_attached(ana: User) -> None:
    draft = ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation, name="Größen.pdf", content=PDF)
    decision = decisions.edit(draft=draft, text="See the file.", files=[upload], by=ana)
    assert decision.outgoing is not None
    mime = bytes(decision.outgoing.mime)
    [found] = parse(mime).attachments
    assert (found.name, found.content_type, read_attachment(mime, found.index)) == ("Größen.pdf", "application/pdf", PDF)
    assert not uploads.unsent(by=ana, conversation=draft.conversation)


def test_the_assistants_text_with_a_file_counts_as_an_edit(ana: User) -> None:
    draft = ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation)
    assert decisions.edit(draft=draft, text=draft.body, files=[upload], by=ana).kind == Decision.Kind.EDITED


def test_approving_forgets_no_file(ana: User) -> None:
    draft = ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation)
    with pytest.raises(CannotSend, match="You attached a file to this reply"):
        decisions.approve(draft=draft, by=ana)
    uploads.remove(upload=upload)
    assert decisions.approve(draft=draft, by=ana).outgoing


def test_a_mail_that_is_taken_back_gives_its_files_back(ana: User, ben: User) -> None:
    draft = ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation)
    decision = decisions.edit(draft=draft, text="See the file.", files=[upload], by=ana)
    decisions.undo(decision=decision, by=ben)
    assert list(uploads.unsent(by=ana, conversation=draft.conversation)) == [upload]
    again = decisions.edit(draft=draft, text="See the file, please.", files=[upload], by=ana)
    upload.refresh_from_db()
    assert upload.outgoing == again.outgoing


def test_a_file_that_was_removed_or_sent_meanwhile_stops_the_mail(ana: User) -> None:
    draft, other = ready_draft(), ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation)
    decisions.edit(draft=draft, text="See the file.", files=[upload], by=ana)
    with pytest.raises(CannotSend, match="removed or sent meanwhile"):
        decisions.edit(draft=other, text="See the file.", files=[upload], by=ana)
    assert OutgoingMail.objects.count() == 1


def test_a_file_that_was_sent_is_not_removed(ana: User) -> None:
    draft = ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation)
    decisions.edit(draft=draft, text="See the file.", files=[upload], by=ana)
    assert not uploads.remove(upload=upload)
    assert uploads.read(upload)


def test_a_file_that_is_gone_from_storage_stops_the_mail(ana: User) -> None:
    draft = ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation)
    default_storage.delete(upload.path)
    with pytest.raises(CannotSend, match="is gone from storage"):
        decisions.edit(draft=draft, text="See the file.", files=[upload], by=ana)
    assert not OutgoingMail.objects.exists()


def test_what_nobody_sent_is_deleted_after_a_week(ana: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    draft = ready_draft()
    old, new, sent = (attach_upload(by=ana, conversation=draft.conversation) for _ in range(3))
    decisions.edit(draft=draft, text="See the file.", files=[sent], by=ana)
    Upload.objects.exclude(pk=new.pk).update(at=timezone.now() - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.sweep() == 1
    assert set(Upload.objects.all()) == {new, sent}
    assert [default_storage.exists(one.path) for one in (old, new, sent)] == [False, True, True]

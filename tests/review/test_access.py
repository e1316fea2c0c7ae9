"""Whose mail a person may see."""

import pytest
from django.contrib.auth.models import User

from review import access
from review.models import Profile
from tests.review.factories import make_person, ready_draft

pytestmark = pytest.mark.django_db


def limit(person: User, *mailboxes: object) -> User:
    profile = Profile.objects.create(user=person, is_limited=True)
    profile.mailboxes.set(mailboxes)  # type: ignore[arg-type]
    return User.objects.get(pk=person.pk)


def test_a_person_sees_every_mailbox_unless_limited() -> None:
    draft = ready_draft()
    person = make_person()
    assert draft in access.drafts(person)
    assert draft.conversation in access.conversations(person)
    assert draft.message in access.messages(person)


def test_a_limited_person_sees_their_mailboxes_and_no_other() -> None:
    mine, other = ready_draft(), ready_draft()
    person = limit(make_person(), mine.conversation.mailbox)
    assert mine.conversation.mailbox != other.conversation.mailbox
    assert list(access.drafts(person)) == [mine]
    assert list(access.conversations(person)) == [mine.conversation]
    assert list(access.messages(person)) == [mine.message]
    assert list(access.mailboxes(person)) == [mine.conversation.mailbox]


def test_a_limited_person_without_a_mailbox_sees_nothing() -> None:
    ready_draft()
    person = limit(make_person())
    assert not access.drafts(person)
    assert not access.mailboxes(person)

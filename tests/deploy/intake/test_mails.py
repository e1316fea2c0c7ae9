"""The mail that intake is measured with."""

from deploy.intake import mails
from inbox.parsing import parse


def test_the_same_seed_makes_the_same_mails() -> None:
    assert list(mails.make(count=5, seed=3)) == list(mails.make(count=5, seed=3)) != list(mails.make(count=5, seed=4))


def test_every_mail_is_a_persons_and_has_its_place_in_a_thread() -> None:
    read = [parse(mail) for mail in mails.make(count=120, seed=1)]
    ids = {one.message_id for one in read}
    assert len(ids) == 120
    assert {one.kind for one in read} == {"person"}
    answers = [one for one in read if one.in_reply_to]
    assert 25 < len(answers) < 75
    assert all(set(one.references) <= ids and one.in_reply_to == one.references[-1] for one in answers)
    assert any(one.attachments for one in read)
    assert all(len(one.reply_text) < len(one.text) for one in answers)

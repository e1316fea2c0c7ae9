"""The measurement of intake measures what it says."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import call_command
from django.db import connection

from deploy.intake import floor, mails, provider, run, taking
from inbox import tasks
from inbox.ingest import fetching, together
from inbox.models import Mailbox, Message
from tests.dovecot import MISSING

COUNT = 20


@pytest.fixture(params=["dovecot", "pymap"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """A server with 20 mails, one kind and then the other."""
    if request.param == "dovecot" and not provider.dovecot_path():
        pytest.skip(MISSING)
    # Not below pytest's folder, into which no other user can look.
    with TemporaryDirectory(prefix="countersign-intake-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        provider.add_account(Path(folder), user="user0", mails=mails.make(count=COUNT, seed=1))
        with provider.serving(Path(folder), server=request.param) as number:
            yield number


@pytest.fixture
def mailbox(port: int, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """It is fetched five mails at a time, and what is rung for is done at once."""
    monkeypatch.setattr(fetching, "BATCH", 5)
    monkeypatch.setattr(tasks.parse_message, "delay", tasks.parse_message.run)
    return run._mailbox(port, 0)


@pytest.mark.django_db(transaction=True)
def test_floor_and_product_take_in_every_mail(port: int, mailbox: Mailbox) -> None:
    found, _, worked = floor.measure(port=port, user="user0", password=provider.PASSWORD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT message_id) FROM floor")
        assert cursor.fetchone() == (COUNT, COUNT)
    taken = taking.take(mailbox.pk, COUNT)
    assert (found, taken.mails, Message.objects.filter(state="parsed").count()) == (COUNT, COUNT, COUNT)
    assert worked > 0 < taken.processor
    assert set(taken.stages) == {"IMAP", "raw files", "parsing", "database", "commits"}
    assert [one.mails for one in taken.way] == [0, 5, 10, 15, 20]
    assert all(one.memory > 1024 * 1024 for one in taken.way)


@pytest.mark.django_db(transaction=True)
def test_a_fetch_that_stops_half_way_is_no_good_rate(mailbox: Mailbox) -> None:
    with pytest.raises(RuntimeError, match="Of 21 mails 20 were taken in"):
        taking.take(mailbox.pk, COUNT + 1)


@pytest.mark.django_db(transaction=True)
def test_mails_that_went_the_slow_way_are_not_measured_as_if_they_had_not(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "BUDGET", -1)
    with pytest.raises(RuntimeError, match="20 mails were read each by itself"):
        taking.take(mailbox.pk, COUNT)


def test_the_command_says_how_fast_it_was_and_where_the_time_went(capfd: pytest.CaptureFixture[str]) -> None:
    call_command("bench_intake", mails=30, processes=2)
    said = capfd.readouterr().out
    wanted = ("floor", "× the floor", "parsing", "memory", "2 processes at once", "once more")
    assert [one for one in wanted if one not in said] == []

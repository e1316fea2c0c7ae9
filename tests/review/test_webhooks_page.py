"""The pages about webhooks."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from review import webhooks
from review.models import Delivery, LogEntry, Webhook
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db
URL = "https://shop.example/hook?key=7"


@pytest.fixture
def dana(db: None) -> User:
    return make_person("admin", "dana")


@pytest.fixture
def desk(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


@pytest.fixture
def webhook(dana: User) -> Webhook:
    return webhooks.add(name="Shop", url=URL, events=["mail.sent"], by=dana)


def told(**about: object) -> dict[str, object]:
    return {"name": "Shop", "url": URL, "events": ["draft.ready", "mail.sent"], "is_active": "on"} | about


def test_a_new_webhook_shows_its_secret_once(desk: Client) -> None:
    answer = desk.post("/connectors/webhooks/add/", told())
    webhook = Webhook.objects.get()
    assert webhook.secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert (webhook.url, webhook.events) == (URL, ["draft.ready", "mail.sent"])
    page = desk.get(f"/connectors/webhooks/{webhook.pk}/").content.decode()
    assert webhook.secret not in page
    assert "It was told nothing yet" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "http://shop.example/"}, "Use https"),
        ({"url": "ftp://shop.example/"}, "Write the address as https://host/path"),
        ({"url": "https://user:word@shop.example/"}, "holds a login"),
        ({"url": "https://shop.example/#x"}, "ends with its path"),
        ({"url": "https://shop.example/?a b"}, "percent-encoded"),
        ({"url": "https://[::1/"}, "cannot be read"),
        ({"events": []}, "Tick at least one."),
        ({"events": ["webhook.test"]}, "“webhook.test” cannot be chosen here."),
    ],
)
def test_what_is_wrong_is_said(desk: Client, change: dict[str, object], words: str) -> None:
    answer = desk.post("/connectors/webhooks/add/", told(**change))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Webhook.objects.exists()


def test_a_webhook_can_be_changed_and_paused(desk: Client, webhook: Webhook) -> None:
    where = f"/connectors/webhooks/{webhook.pk}/"
    assert desk.post(f"{where}save/", told(name="Chat", is_active=""), follow=True).status_code == 200
    webhook.refresh_from_db()
    assert (webhook.name, webhook.is_active) == ("Chat", False)
    assert "not in use" in desk.get("/connectors/webhooks/").content.decode()
    assert desk.post(f"{where}save/", told(url="nonsense")).status_code == 422


def test_a_test_event_waits_to_be_told(desk: Client, webhook: Webhook) -> None:
    page = desk.post(f"/connectors/webhooks/{webhook.pk}/test/", follow=True).content.decode()
    assert "A test event is on its way" in page
    assert "webhook.test" in page
    assert Delivery.objects.get().state == "waiting"


def test_the_secret_can_be_changed(desk: Client, webhook: Webhook) -> None:
    page = desk.post(f"/connectors/webhooks/{webhook.pk}/secret/").content.decode()
    new = Webhook.objects.get().secret
    assert new in page
    assert new != webhook.secret
    assert "for 24 hours" in page


def test_what_was_told_is_listed_with_what_came_of_it(desk: Client, webhook: Webhook, dana: User) -> None:
    webhooks.announce(event="mail.sent", id="mail-sent-1", data={})
    Delivery.objects.update(state="given_up", attempts=12, last_status=500, last_error="The receiver answered with status 500.")
    page = desk.get(f"/connectors/webhooks/{webhook.pk}/").content.decode()
    for words in ("mail-sent-1", "Given up", "12 tries", "answered with status 500"):
        assert words in page
    desk.post(f"/connectors/webhooks/deliveries/{Delivery.objects.get().pk}/resend/")
    assert Delivery.objects.get().state == "waiting"


def test_a_problem_stands_on_every_page_until_somebody_deals_with_it(desk: Client, webhook: Webhook) -> None:
    Webhook.objects.update(problem="Events were given up after three days of tries.")
    assert "1 webhook needs somebody" in desk.get("/queue/").content.decode()
    reviewer = Client()
    reviewer.force_login(make_person("reviewer"))
    assert "webhook needs" not in reviewer.get("/queue/").content.decode()
    page = desk.get(f"/connectors/webhooks/{webhook.pk}/").content.decode()
    assert "Tell again what was given up" in page
    desk.post(f"/connectors/webhooks/{webhook.pk}/dismiss/")
    assert "webhook needs" not in desk.get("/queue/").content.decode()
    assert LogEntry.objects.filter(act="webhook.problem_dismissed").exists()


def test_a_webhook_that_is_deleted_is_gone_with_its_deliveries(desk: Client, webhook: Webhook, dana: User) -> None:
    webhooks.send_test(webhook=webhook, by=dana)
    page = desk.post(f"/connectors/webhooks/{webhook.pk}/delete/", follow=True).content.decode()
    assert "Shop is deleted" in page
    assert not Delivery.objects.exists()


def test_the_pages_take_few_queries(desk: Client, webhook: Webhook, dana: User, django_assert_max_num_queries: object) -> None:
    for number in range(60):
        webhooks.announce(event="mail.sent", id=f"mail-sent-{number}", data={})
    for address in ("/connectors/webhooks/", f"/connectors/webhooks/{webhook.pk}/"):
        desk.get(address)
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert len(desk.get(address).content) < 60_000


def test_an_empty_list_says_what_to_do(desk: Client) -> None:
    assert "Add the address of a system that should know at once" in desk.get("/connectors/webhooks/").content.decode()

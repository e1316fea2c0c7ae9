"""Filling an installation with the demo company."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.db import DatabaseError
from pytest_django.fixtures import Settings

from deploy.demo import places, secret_files, seed
from drafting import canaries, pinning, setups, versions
from drafting.errors import Unavailable
from drafting.models import Article, Category, Connector, Customer, Guidance, Order, Product, Rule
from drafting.standin import MODEL
from drafting.standin.server import Handler
from inbox.models import Mailbox
from review import autosend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_model(settings: Settings) -> None:
    settings.MODEL_BASE_URL = settings.MODEL_NAME = ""
    (places.state() / "setup.json").unlink(missing_ok=True)


@pytest.fixture
def standin() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_everything_is_there_after_seeding() -> None:
    seed.seed()
    assert Category.objects.count() == 10
    assert Customer.objects.count() >= 30
    assert Product.objects.count() >= 40
    assert Order.objects.count() >= 60
    assert Rule.objects.count() >= 8
    order = Order.objects.get(number="VT-30467")
    assert sum(line.quantity * line.price for line in order.lines.all()) == order.total


def test_two_categories_collect_proof_until_an_admin_says_otherwise() -> None:
    seed.seed()
    collecting = Category.objects.filter(terms__is_collecting=True, terms__in_force_at__isnull=False)
    assert set(collecting.values_list("slug", flat=True)) == set(seed.COLLECTING)
    for category in collecting:
        autosend.terms.save(category=category, by=User.objects.get(username="dana"), is_collecting=False)
    seed.seed()
    assert [terms.is_collecting for category in Category.objects.all() if (terms := autosend.terms.of(category))] == [False, False]


def test_everybody_can_sign_in_with_the_password_of_the_banner() -> None:
    seed.seed()
    logins = secret_files.read(places.state() / "logins.json")["users"]
    assert {(entry["name"], entry["role"]) for entry in logins} == set(seed.USERS)
    for entry in logins:
        user = authenticate(username=entry["name"], password=entry["password"])
        assert isinstance(user, User)
        assert [group.name for group in user.groups.all()] == [entry["role"]]
        assert user.is_superuser == (entry["role"] == "admin")


def test_the_mailbox_points_at_the_demos_servers_wherever_they_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    seed.seed()
    monkeypatch.setenv("DEMO_IMAP_PORT", "9143")
    seed.seed()
    mailbox = Mailbox.objects.get()
    assert (mailbox.imap_host, mailbox.imap_port, mailbox.authserv_id) == (places.HOST, 9143, places.AUTHSERV_ID)


def test_seeding_again_keeps_what_people_changed_and_leaves_away_what_they_deleted() -> None:
    seed.seed()
    Rule.objects.filter(name="Large orders").update(expression="has(order.total) && order.total > 9.0", is_active=False)
    Order.objects.filter(number="VT-30467").update(status=Order.Status.DELIVERED)
    things: list[versions.Thing] = [
        *Article.objects.filter(slug="warranty"),
        Rule.objects.get(name="Late orders"),
        *Guidance.objects.all()[:1],
    ]
    for thing in things:
        versions.delete(thing=thing, by=None)
    guidance = Guidance.objects.count()
    User.objects.get(username="ben").delete()
    seed.seed()
    rule = Rule.objects.get(name="Large orders")
    assert (rule.expression, rule.is_active) == ("has(order.total) && order.total > 9.0", False)
    assert Order.objects.get(number="VT-30467").status == Order.Status.DELIVERED
    assert not Article.objects.filter(slug="warranty").exists()
    assert not Rule.objects.filter(name="Late orders").exists()
    assert Guidance.objects.count() == guidance
    assert User.objects.filter(username="ben").exists()


def test_a_connector_that_was_deleted_stays_away_and_the_others_follow_their_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    def may_not(**_: str) -> None:
        raise DatabaseError

    monkeypatch.setattr("deploy.demo.warehouse.build", may_not)
    monkeypatch.setenv("DEMO_SYSTEMS_PORT", "9001")
    seed.add_connectors()
    gone, other = Connector.objects.order_by("name")
    assert ":9001/" in other.address
    versions.delete(thing=gone, by=None)
    monkeypatch.setenv("DEMO_SYSTEMS_PORT", "9002")
    seed.add_connectors()
    [left] = Connector.objects.all()
    assert left == other
    assert ":9002/" in left.address


def test_the_model_of_the_environment_is_pinned(standin: str, settings: Settings) -> None:
    settings.MODEL_BASE_URL, settings.MODEL_NAME = standin, MODEL
    seed.seed()
    active = setups.active()
    assert active is not None
    assert (active.base_url, active.model) == (standin, MODEL)
    assert setups.is_standin(active)
    assert setups.differences(active) == []
    assert (active.canaries.count(), canaries.state(active)) == (16, "same")


def test_a_setup_that_a_person_chose_stays(standin: str, settings: Settings) -> None:
    settings.MODEL_BASE_URL, settings.MODEL_NAME = standin, MODEL
    seed.seed()
    theirs = pinning.pin(base_url=standin.replace("127.0.0.1", "localhost"), model=MODEL, by=None)
    setups.activate(setup=theirs, by=None)
    seed.seed()
    assert setups.active() == theirs


def test_a_model_that_is_away_leaves_the_company_in_place(settings: Settings) -> None:
    settings.MODEL_BASE_URL, settings.MODEL_NAME = "http://127.0.0.1:9/v1", MODEL
    with pytest.raises(Unavailable):
        seed.seed()
    assert Customer.objects.exists()

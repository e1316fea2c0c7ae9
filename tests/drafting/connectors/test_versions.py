"""Versions of connectors and lookups: no secret in them, none that travels, and everything comes back from deletion."""

import pytest

from drafting import versions
from drafting.connectors import pinned
from drafting.errors import Refused
from drafting.models import Connector, ConnectorTool, Version
from tests.drafting.connectors.conftest import make_tool

SECRET = "tok-4711-xyz"


def change(connector: Connector, **about: object) -> Version:
    Connector.objects.filter(pk=connector.pk).update(**about)
    return versions.keep(thing=Connector.objects.get(pk=connector.pk), by=None)


@pytest.fixture
def carrier(db: None) -> Connector:
    return Connector.objects.create(name="Carrier", kind="http", address="https://api.carrier.example/v1", secret=SECRET)


def test_a_version_holds_a_connector_and_only_a_mark_of_its_secret(carrier: Connector) -> None:
    first = versions.keep(thing=carrier, by=None)
    carrier.secret = "another"
    carrier.save()
    second = versions.keep(thing=carrier, by=None)
    assert SECRET not in str(first.content) and first.content["address"] == "https://api.carrier.example/v1"
    assert first.content["secret"] and first.content["secret"] != second.content["secret"]


def test_a_change_taken_back_is_the_fingerprint_of_before(carrier: Connector) -> None:
    tool = make_tool(carrier, request={"path": "/t/{query}"})
    first, before = versions.keep(thing=tool, by=None), pinned()
    ConnectorTool.objects.update(request={"path": "/other/{query}"})
    versions.keep(thing=tool, by=None)
    assert pinned() != before
    versions.restore(version=first, by=None)
    assert pinned() == before


def test_restoring_keeps_the_secret_that_is_stored_now(carrier: Connector) -> None:
    first = versions.keep(thing=carrier, by=None)
    change(carrier, name="Parcels", secret="newer")
    versions.restore(version=first, by=None)
    carrier.refresh_from_db()
    assert (carrier.name, carrier.secret) == ("Carrier", "newer")


def test_restoring_never_takes_a_secret_to_another_server(carrier: Connector) -> None:
    first = versions.keep(thing=carrier, by=None)
    change(carrier, address="https://elsewhere.example", secret="for elsewhere")
    versions.restore(version=first, by=None)
    carrier.refresh_from_db()
    assert (carrier.address, carrier.secret) == ("https://api.carrier.example/v1", "")


def test_a_connector_is_deleted_with_its_lookups_and_all_come_back_one_by_one(carrier: Connector) -> None:
    tool = make_tool(carrier, request={"path": "/t/{query}"})
    kept = versions.keep(thing=carrier, by=None), versions.keep(thing=tool, by=None)
    ids = carrier.pk, tool.pk
    versions.delete(thing=carrier, by=None)
    assert not Connector.objects.exists() and not ConnectorTool.objects.exists()
    with pytest.raises(Refused, match=r"Its connector Carrier was deleted. Restore that first"):
        versions.restore(version=kept[1], by=None)
    for version in kept:
        versions.restore(version=version, by=None)
    assert (Connector.objects.get().pk, ConnectorTool.objects.get().pk) == ids
    assert (Connector.objects.get().secret, ConnectorTool.objects.get().connector_id) == ("", ids[0])


def test_what_could_not_be_saved_today_is_refused_in_words(carrier: Connector) -> None:
    listed = change(carrier, address="http://10.0.0.1")
    change(carrier, address="https://api.carrier.example/v1")
    with pytest.raises(Refused, match="CONNECTOR_HOSTS"):
        versions.restore(version=listed, by=None)
    tool = make_tool(carrier, request={"path": "/t/{number}"})
    with pytest.raises(Refused, match="no placeholders number"):
        versions.restore(version=versions.keep(thing=tool, by=None), by=None)

"""The rulebook of an insurer, from the mail and its connectors' answers to what is handed over, told and kept from leaving."""

from datetime import date
from typing import Any

import pytest

from drafting import facts, rulebook, rules
from drafting.agent.mail import read
from drafting.fact_values import Facts, again, build, recorded
from drafting.models import Category, Connector, ConnectorTool
from drafting.protocol import CategoryChoice
from drafting.rules import RuleOutcome
from drafting.tools import FieldType, Lookup, Tool, ToolField
from inbox.models import Attachment, Message
from tests.drafting.factories import make_category, make_message

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 19)
CHOICE = CategoryChoice(category="claim", is_certain=True, is_single_topic=True, language="en", asks=[], flags=[])
RULES = [
    ("Lapsed policy", 'policy.status == "lapsed"', "hand_over", "The policy has lapsed; a colleague looks at it."),
    ("Reported late", "working_days_between(claim.happened_on, claim.reported_on) > 5", "needs_person", "Reported late."),
    ("Large payout", 'has(draft.money) && (amount(draft.money, "EUR") > 1000 || "CHF" in draft.money)', "needs_person", "A large payout."),
    ("No photos", '!("image" in conversation.attachment_types)', "must_say", "photos of the damage"),
    (
        "No invoice",
        '!mentions(conversation.attachment_names, "invoice") && !mentions(conversation.attachment_names, "rechnung")',
        "tell_model",
        "Ask for the invoice.",
    ),
]
POLICY = [("number", "text"), ("status", "text")]
CLAIM = [("number", "text"), ("happened_on", "date"), ("reported_on", "date"), ("payout", "amount"), ("is_settled", "yes_no")]
ON_TIME = {"number": "CL-1", "happened_on": "2026-01-09", "reported_on": "2026-01-16", "payout": "950.00", "is_settled": False}


@pytest.fixture(autouse=True)
def insurer() -> Category:
    """Two lookups of the policy system, a category, and the rules, each of which can be saved."""
    system = Connector.objects.create(name="Policies", kind="http", address="https://policies.example")
    for name, fields in (("policy", POLICY), ("claim", CLAIM)):
        declared = [{"name": field, "path": field, "type": kind, "about": ""} for field, kind in fields]
        ConnectorTool.objects.create(connector=system, name=name, about="x", request={}, fields=declared)
    for _, expression, *_ in RULES:
        rules.validate(expression, facts=facts.catalogue())
    return make_category("claim")


def book() -> rulebook.Rulebook:
    names = ("name", "expression", "effect", "text")
    return rulebook.parse([dict(zip(names, rule, strict=True)) | {"categories": ["claim"]} for rule in RULES])


def attached(message: Message, *files: tuple[str, str], **about: Any) -> Message:
    for position, (name, kind) in enumerate(files):
        values = {"name": name, "content_type": kind, "size": 90_000, "sha256": "0" * 64} | about
        Attachment.objects.create(message=message, position=position, **values)
    return message


def lookup(tool: str, answer: Any, outcome: str = "found") -> Lookup:
    return Lookup(1, tool, "Policies", {"query": "x"}, outcome, answer, "code", 1)


def sets(message: Message, *lookups: Lookup, body: str = "") -> list[Facts]:
    fields = {"policy": POLICY, "claim": CLAIM}
    tools = {
        name: Tool(
            name, "", "Policies", lambda scope, query: None, tuple(ToolField(field, field, FieldType(kind)) for field, kind in about)
        )
        for name, about in fields.items()
    }
    return build(message=message, mail=read(message), choice=CHOICE, customer=None, lookups=lookups, body=body, today=TODAY, tools=tools)


def outcomes(found: list[Facts]) -> dict[str, RuleOutcome]:
    results = rulebook.outcomes(book().about(make_category("claim")), found)
    again_found, _ = again(recorded(before=found, after=[]))
    assert rulebook.outcomes(book().about(make_category("claim")), again_found) == results, "recorded facts say the same as live ones"
    return {each.rule.name: each for each in results if each.holds}


def complete() -> Message:
    return attached(make_message(), ("damage.jpg", "image/jpeg"), ("Rechnung 4711.pdf", "application/pdf"))


def active(**about: Any) -> list[Lookup]:
    return [lookup("policy", {"number": "P-1", "status": "active"} | about), lookup("claim", ON_TIME)]


def test_a_complete_claim_that_came_on_time_meets_no_rule() -> None:
    assert outcomes(sets(complete(), *active(), body="We pay 950.00 EUR.")) == {}


def test_a_lapsed_policy_is_handed_over_before_anything_is_written() -> None:
    held = outcomes(sets(complete(), *active(status="lapsed")))
    assert rulebook.hand_over_words(list(held.values())) == "The policy has lapsed; a colleague looks at it."


def test_of_two_policies_one_that_lapsed_is_enough() -> None:
    both = [{"number": "P-1", "status": "active"}, {"number": "P-2", "status": "lapsed"}]
    assert "Lapsed policy" in outcomes(sets(complete(), lookup("policy", both), lookup("claim", ON_TIME)))


@pytest.mark.parametrize("found", [[], [lookup("policy", {"words": "No such policy."}, "not_found")]], ids=["not asked", "not found"])
def test_a_policy_that_nobody_saw_needs_a_person(found: list[Lookup]) -> None:
    held = outcomes(sets(complete(), *found, lookup("claim", ON_TIME)))
    assert (held["Lapsed policy"].effect, held["Lapsed policy"].could_evaluate) == ("needs_person", False)


def test_a_claim_reported_after_more_than_five_working_days_needs_a_person() -> None:
    late = ON_TIME | {"reported_on": "2026-01-19"}
    held = outcomes(sets(complete(), active()[0], lookup("claim", late)))
    assert (list(held), held["Reported late"].effect) == (["Reported late"], "needs_person")


def test_a_date_that_the_system_spells_otherwise_needs_a_person() -> None:
    held = outcomes(sets(complete(), active()[0], lookup("claim", ON_TIME | {"happened_on": "09/01/2026"})))
    assert (held["Reported late"].effect, held["Reported late"].could_evaluate) == ("needs_person", False)


@pytest.mark.parametrize(
    ("body", "is_large"),
    [
        ("We pay 1,000.01 EUR.", True),
        ("We pay 900 EUR or 20 CHF.", True),
        ("Wir zahlen 1.200,00 € aus.", True),
        ("We pay 1,000 EUR.", False),
    ],
)
def test_a_large_payout_and_any_in_francs_need_a_person(body: str, is_large: bool) -> None:
    assert ("Large payout" in outcomes(sets(complete(), *active(), body=body))) is is_large


def test_what_is_missing_must_be_said_or_is_told_to_the_model() -> None:
    results = rulebook.outcomes(book().about(make_category("claim")), sets(make_message(), *active()))
    assert set(rulebook.instructions(results)) == {"Say, word for word: photos of the damage", "Ask for the invoice."}


def test_documents_of_earlier_mails_of_the_same_sender_count() -> None:
    first = complete()
    assert outcomes(sets(make_message(conversation=first.conversation), *active())) == {}


@pytest.mark.parametrize("about", [{"from_address": "else@customer.example"}, {"authenticity": "none"}])
def test_documents_of_somebody_else_do_not(about: dict[str, Any]) -> None:
    first = attached(make_message(**about), ("damage.jpg", "image/jpeg"), ("invoice.pdf", "application/pdf"))
    other = make_message(conversation=first.conversation, from_address="ann@customer.example")
    assert set(outcomes(sets(other, *active()))) == {"No photos", "No invoice"}


def test_a_photo_within_the_text_counts_and_a_logo_does_not() -> None:
    photo = attached(make_message(), ("", "image/png"), is_inline=True)
    logo = attached(make_message(), ("", "image/png"), is_inline=True, size=4_000)
    assert "No photos" not in outcomes(sets(photo, *active()))
    assert "No photos" in outcomes(sets(logo, *active()))


def test_facts_of_connectors_are_in_the_catalogue_with_their_kind() -> None:
    assert facts.catalogue()["claim.reported_on"].type is facts.Type.DATE
    assert facts.catalogue()["policy.status"].description == "Status, from Policies"
    ConnectorTool.objects.filter(name="policy").update(is_active=False)
    assert "policy.status" not in facts.catalogue()


def test_a_connector_cannot_speak_for_the_mail_or_the_customer() -> None:
    ConnectorTool.objects.filter(name="policy").update(name="customer", fields=[{"name": "is_known", "path": "x", "type": "yes_no"}])
    assert facts.catalogue()["customer.is_known"] is facts.FACTS["customer.is_known"]
    customer = Tool("customer", "", "X", lambda scope, query: None, (ToolField("is_known", "is_known", FieldType.YES_NO),))
    message = make_message()
    built = build(
        message=message,
        mail=read(message),
        choice=CHOICE,
        customer=None,
        lookups=[lookup("customer", {"is_known": True})],
        tools={"customer": customer},
    )
    assert built[0]["customer.is_known"] is False

"""What is known to be one customer's, read from the mail and from what was looked up."""

from typing import Any

from drafting.personal import Personal, gather

ANSWERS: list[tuple[str, Any]] = [
    ("customer", {"number": "K-7001", "name": "Nowak Sp. z o.o.", "language": "pl"}),
    (
        "orders",
        [
            {
                "number": "SO-10423",
                "tracking_number": "PC 778 991",
                "invoice_number": "",
                "delivery_address": "Portowa 4, 81-350 Gdynia",
                "total": "93.10",
                "lines": [{"sku": "ART-77", "name": "Steel bracket", "quantity": 20}],
            }
        ],
    ),
    ("articles", [{"id": "30-days", "title": "Returns", "body": "Within 30 days."}]),
    ("policy", {"policy_holder": "Jan Kowalski", "id": 771234, "contact_address": "jan@customer.example"}),
]


def known() -> Personal:
    return gather(names=["Ewa Wójcik", ""], sender="ewa.wojcik@customer.example", answers=ANSWERS)


def test_names_addresses_and_codes_are_known_by_what_they_are_called() -> None:
    found = known()
    assert found.names == {"Ewa Wójcik", "ewa wojcik", "Nowak Sp. z o.o.", "Jan Kowalski"}
    assert found.addresses == {"Portowa 4, 81-350 Gdynia"}
    assert dict(found.ids) == {
        "SO-10423": "order number",
        "PC 778 991": "tracking number",
        "K-7001": "customer number",
        "ART-77": "article number",
        "771234": "policy number",
    }


def test_the_name_of_a_product_is_nobodys() -> None:
    assert known().mask("20 steel brackets") == "20 steel brackets"


def test_what_the_company_says_in_general_is_nobodys() -> None:
    assert known().mask("within 30 days") == "within 30 days"


def test_the_same_thing_gets_the_same_placeholder_in_mail_and_evidence() -> None:
    found = known()
    assert found.mask("Gdzie jest SO-10423? Ewa Wojcik, Portowa 4, Gdynia") == "Gdzie jest [order number]? [name], [address]"
    masked = found.mask_all(ANSWERS[1][1])
    assert masked[0]["number"] == "[order number]"
    assert masked[0]["delivery_address"] == "[address]"
    assert masked[0]["lines"] == [{"sku": "[article number]", "name": "Steel bracket", "quantity": 20}]
    assert found.mask_all([{"version": "v3"}]) == [{"version": "v3"}]
    assert found.mask_all({"id": 771234, "is_active": True, "share": 0.5, "none": None}) == {
        "id": "[policy number]",
        "is_active": True,
        "share": 0.5,
        "none": None,
    }


def test_who_is_greeted_and_signs_is_known_too() -> None:
    found = gather(names=[], sender="", answers=[], texts=["Dear Ms Lee,\n\nfine.\n\nKind regards\nTom Ford"])
    assert found.mask("Lee asks Ford about Tom.") == "[name] asks [name] about [name]."


def test_an_address_of_a_role_names_nobody() -> None:
    assert gather(names=[], sender="info@customer.example", answers=[]).names == frozenset()
    assert gather(names=[], sender="order_desk@customer.example", answers=[]).names == {"order desk"}

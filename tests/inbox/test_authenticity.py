from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.authenticity import judge

OURS = "mx.example.org"
PASS = "mx.example.org; spf=pass smtp.mailfrom=bo@example.com; dmarc=pass (p=reject dis=none) header.from=example.com"
FAIL = "mx.example.org; dmarc=fail header.from=example.com"


def verdict(*fields: str, authserv_id: str = OURS, sender: str = "bo@example.com", senders: tuple[str, ...] = ()) -> str:
    """Of fields without a Received line between them."""
    return judge([fields], authserv_id=authserv_id, from_addr=sender, sender_addrs=senders).result


def verdict_of_runs(*runs: Sequence[str], sender: str = "bo@example.com") -> str:
    """Of fields in runs, with a Received line between each two."""
    return judge(runs, authserv_id=OURS, from_addr=sender).result


def test_a_dmarc_pass_of_our_server_passes() -> None:
    assert verdict(PASS) == "pass"


def test_a_dmarc_fail_of_our_server_fails() -> None:
    assert verdict(FAIL) == "fail"


def test_no_header_is_none_with_a_reason() -> None:
    found = judge([], authserv_id=OURS, from_addr="bo@example.com")
    assert (found.result, OURS in found.reason) == ("none", True)


def test_without_a_configured_server_nothing_counts() -> None:
    assert verdict(PASS, authserv_id="") == "none"


def test_another_servers_word_does_not_count() -> None:
    assert verdict("mx.attacker.example; dmarc=pass header.from=example.com") == "none"


def test_a_forged_pass_below_our_own_fail_does_not_count() -> None:
    assert verdict(FAIL, PASS) == "fail"


def test_a_forged_pass_further_down_does_not_count() -> None:
    assert verdict("mx.example.org; spf=pass", "relay.example; none", PASS) == "none"


@pytest.mark.parametrize("own", ["dmarc=none header.from=example.com", "dmarc=temperror header.from=example.com", "spf=none", "spf=pass"])
def test_a_forged_pass_below_a_received_line_does_not_count_whatever_stands_above(own: str) -> None:
    assert verdict_of_runs([f"mx.example.org; {own}"], [PASS]) == "none"


def test_our_server_may_write_below_its_own_received_line() -> None:
    assert verdict_of_runs(["relay.example; spf=none"], [PASS]) == "pass"


def test_the_topmost_verdict_counts_within_a_run() -> None:
    assert verdict("mx.example.org; dmarc=none header.from=example.com", PASS) == "none"
    assert verdict(PASS, FAIL) == "pass"


@pytest.mark.parametrize("own", ["spf=none", "spf=pass smtp.mailfrom=bot@evil.example", "dkim=fail header.d=example.com", "none"])
def test_a_pass_that_the_field_above_it_does_not_bear_out_does_not_count(own: str) -> None:
    assert verdict(f"mx.example.org; {own}", PASS) == "none"


@pytest.mark.parametrize(
    "own", ["spf=pass smtp.mailfrom=bounces@mail.example.com", "dkim=pass header.d=example.com", "dkim=pass header.i=@example.com"]
)
def test_a_pass_that_the_field_above_it_bears_out_counts(own: str) -> None:
    assert verdict(f"mx.example.org; {own}", PASS) == "pass"


def test_a_pass_counts_above_other_fields_of_our_server() -> None:
    assert (
        verdict("mx.example.org; dmarc=pass header.from=example.com", "mx.example.org; spf=softfail", "mx.example.org; dkim=none") == "pass"
    )


def test_a_pass_without_a_domain_is_none() -> None:
    assert verdict("mx.example.org; dmarc=pass") == "none"


def test_of_two_verdicts_in_one_field_the_worse_counts() -> None:
    assert verdict("mx.example.org; dmarc=pass header.from=example.com; dmarc=fail header.from=example.com") == "fail"


@pytest.mark.parametrize("registry", ["co.uk", "com.br", "or.at", "uk"])
def test_a_registry_covers_nobody(registry: str) -> None:
    assert verdict(f"mx.example.org; dmarc=pass header.from={registry}", sender=f"bo@bank.{registry}") == "fail"


def test_a_pass_for_another_domain_fails() -> None:
    assert verdict("mx.example.org; dmarc=pass header.from=attacker.example") == "fail"


def test_the_organisational_domain_covers_its_subdomains() -> None:
    assert verdict(PASS, sender="bo@mail.example.com") == "pass"


def test_a_domain_that_merely_ends_alike_is_not_covered() -> None:
    assert verdict(PASS, sender="bo@notexample.com") == "fail"


def test_several_senders_fail() -> None:
    assert verdict(PASS, senders=("bo@example.com", "boss@bank.example")) == "fail"


def test_spf_and_dkim_alone_prove_nothing_about_from() -> None:
    assert verdict("mx.example.org; spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com") == "none"


def test_unknown_methods_are_passed_over() -> None:
    assert verdict("mx.example.org; x-dmarc=pass header.from=example.com; arc=pass") == "none"


def test_a_result_in_a_comment_does_not_count() -> None:
    assert verdict("mx.example.org; spf=pass (a; dmarc=pass header.from=example.com) smtp.mailfrom=x") == "none"


def test_a_result_smuggled_into_a_quoted_mail_from_does_not_count() -> None:
    assert verdict('mx.example.org; spf=pass smtp.mailfrom="a;dmarc=pass header.from=example.com"@evil.example') == "none"


def test_the_id_is_compared_without_case_and_may_carry_a_version() -> None:
    assert verdict("MX.Example.ORG 1; dmarc=pass header.from=Example.COM") == "pass"


def test_temporary_errors_are_none() -> None:
    assert verdict("mx.example.org; dmarc=temperror header.from=example.com") == "none"


def test_no_from_address_fails() -> None:
    assert verdict(PASS, sender="") == "fail"


@given(st.lists(st.text(max_size=200), max_size=4))
def test_noise_never_passes(fields: list[str]) -> None:
    assert judge([fields], authserv_id=OURS, from_addr="bo@example.com").result == "none"

from hypothesis import given
from hypothesis import strategies as st

from inbox.authenticity import judge

OURS = "mx.example.org"
PASS = "mx.example.org; spf=pass smtp.mailfrom=bo@example.com; dmarc=pass (p=reject dis=none) header.from=example.com"
FAIL = "mx.example.org; dmarc=fail header.from=example.com"


def verdict(*fields: str, authserv_id: str = OURS, sender: str = "bo@example.com", senders: tuple[str, ...] = ()) -> str:
    return judge(fields, authserv_id=authserv_id, from_addr=sender, sender_addrs=senders).result


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
    assert judge(fields, authserv_id=OURS, from_addr="bo@example.com").result == "none"

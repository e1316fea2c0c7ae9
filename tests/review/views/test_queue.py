"""Who is on a draft, as the pages tell it."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from review import claims, decisions
from review.models import Claim
from tests.drafting.factories import make_draft
from tests.review.factories import ready_draft

HTMX = {"HX-Request": "true"}
UNATTENDED = HTMX | {"X-Unattended": "1"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def poll(client: Client, url: str) -> str:
    return client.get(url, headers=UNATTENDED).content.decode()


def asked(draft: Draft, ana: User, ben: User) -> tuple[Client, Client, str]:
    """Ana is on the draft and Ben asks for it: their browsers, and what Ben's asks the server by itself."""
    hers, his = client_of(ana), client_of(ben)
    hers.get(f"/queue/{draft.pk}/")
    assert "Ask Ana for it" in his.get(f"/queue/{draft.pk}/").content.decode()
    answer = his.post(f"/queue/{draft.pk}/ask/", headers=HTMX)
    assert "You asked Ana Sol for it" in answer.content.decode()
    return hers, his, answer.context["item"].poll_url


def test_who_is_on_it_is_told_that_a_colleague_asks(ana: User, ben: User) -> None:
    draft = ready_draft()
    hers, _, _ = asked(draft, ana, ben)
    version = hers.get("/queue/rows/").context["listing"].version
    page = hers.get("/queue/rows/").content.decode()
    assert 'id="item-notice" hx-swap-oob="true"' in page
    assert "Ben Orr asks for this mail." in page
    assert hers.get(f"/queue/rows/?version={version}").status_code == 204
    assert "Hand it to Ben Orr" in hers.get(f"/queue/{draft.pk}/").content.decode()


def test_what_is_handed_on_passes_at_once_and_one_goes_on_with_the_next(ana: User, ben: User) -> None:
    draft, following = ready_draft(), ready_draft()
    hers, his, polled = asked(draft, ana, ben)
    assert his.get(polled, headers=UNATTENDED).status_code == 204
    answer = hers.post(f"/queue/{draft.pk}/hand-on/", headers=HTMX)
    assert answer["HX-Push-Url"] == f"/queue/{following.pk}/"
    assert "Handed to Ben Orr." in answer.content.decode()
    page = poll(his, polled)
    assert "you are on it now" in page
    assert "/approve/" in page
    assert hers.post(f"/queue/{draft.pk}/approve/", headers=HTMX).status_code == 409
    assert his.post(f"/queue/{draft.pk}/approve/", headers=HTMX).status_code == 200


def test_who_asked_is_told_that_it_is_kept_and_may_ask_again(ana: User, ben: User) -> None:
    draft = ready_draft()
    hers, his, polled = asked(draft, ana, ben)
    assert hers.post(f"/queue/{draft.pk}/keep/", headers=HTMX).content.decode().strip() == '<div id="item-notice" aria-live="polite"></div>'
    page = poll(his, polled)
    assert "Ana Sol keeps it for now." in page
    assert "Ask Ana for it" in page


def test_who_asked_sees_what_was_decided(ana: User, ben: User) -> None:
    draft = ready_draft()
    _, his, polled = asked(draft, ana, ben)
    decisions.approve(draft=draft, by=ana)
    assert "Ana Sol approved the draft" in poll(his, polled)


def test_handing_on_what_nobody_asks_for_is_refused_in_words(ana: User, desk: Client) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ana)
    assert "Nobody asks for this mail any more." in desk.post(f"/queue/{draft.pk}/hand-on/", headers=HTMX).content.decode()
    assert Claim.objects.get().by == ana


def test_who_moves_on_asks_no_more(ana: User, ben: User) -> None:
    draft, other = ready_draft(), ready_draft()
    _, his, _ = asked(draft, ana, ben)
    his.get(f"/queue/{other.pk}/")
    assert claims.asked(ana) is None


def test_a_page_that_is_left_lets_go_of_the_draft(desk: Client) -> None:
    draft = ready_draft()
    item = desk.get(f"/queue/{draft.pk}/").context["item"]
    assert desk.post(item.urls["release"], {"until": item.claimed_until}).status_code == 204
    assert not Claim.objects.exists()


def test_a_page_that_was_opened_anew_meanwhile_keeps_its_claim(desk: Client, ana: User) -> None:
    draft = ready_draft()
    old = desk.get(f"/queue/{draft.pk}/").context["item"]
    desk.get(f"/queue/{draft.pk}/")
    for until in (old.claimed_until, "", "soon", "1970-01-01T00:00:00+00:00"):
        desk.post(old.urls["release"], {"until": until})
    assert Claim.objects.get().by == ana


def test_renewing_names_the_claim_for_letting_go(desk: Client) -> None:
    draft = ready_draft()
    until = desk.post(f"/queue/{draft.pk}/renew/")["Claimed-Until"]
    desk.post(f"/queue/{draft.pk}/release/", {"until": until})
    assert not Claim.objects.exists()


def test_fetching_the_next_mail_ahead_claims_nothing_and_lets_go_of_nothing(desk: Client, ana: User) -> None:
    first, second = ready_draft(), ready_draft()
    desk.get(f"/queue/{first.pk}/")
    page = desk.get(f"/queue/{second.pk}/?peek=1", headers=HTMX).content.decode()
    assert page.startswith('<section id="item"')
    assert "/approve/" in page
    assert [(claim.draft, claim.by) for claim in Claim.objects.all()] == [(first, ana)]


def test_a_page_with_nobody_there_claims_nothing(desk: Client, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ben)
    polled = desk.get(f"/queue/{draft.pk}/").context["item"].poll_url
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    page = poll(desk, polled)
    assert "/approve/" in page
    assert 'data-until=""' in page
    assert Claim.objects.get().by == ben


def test_a_draft_that_is_written_while_nobody_is_there_stays_claimed(desk: Client, ana: User) -> None:
    draft = make_draft()
    polled = desk.get(f"/queue/{draft.pk}/").context["item"].poll_url
    assert desk.get(polled, headers=UNATTENDED).status_code == 204
    Draft.objects.update(last_error="The model server does not answer.")
    assert "does not answer" in poll(desk, polled)
    assert Claim.objects.get().by == ana

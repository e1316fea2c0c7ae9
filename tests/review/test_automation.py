"""The list of categories and the page of one: what is said at each stage of a proof, to whom, and at what cost."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client

from drafting.models import Replay, ReplayRun, Setup, SetupActivation
from review import audit_log, decisions
from review.desk.automation import rates
from review.models import Attempt
from tests.drafting.factories import make_category, make_setup
from tests.drafting.replays.past import past_draft
from tests.review.factories import activate, make_person, ready_draft
from tests.review.proofs import enter, make_attempt, make_terms, move, plant, stop

pytestmark = pytest.mark.django_db
State, Cause = Attempt.State, Attempt.Cause


@pytest.fixture
def dana() -> User:
    """An admin."""
    return make_person("admin", "dana", first_name="Dana", last_name="Reyes")


@pytest.fixture
def client(dana: User) -> Client:
    """Dana's browser."""
    browser = Client()
    browser.force_login(dana)
    return browser


@pytest.fixture(autouse=True)
def setup() -> Setup:
    """The setup in use."""
    return activate()


def text(page: Any) -> str:
    """What the page says, without its tags' line ends and with ordinary spaces."""
    return " ".join(html.unescape(page.content.decode()).replace("\u00a0", " ").split())


def overview(client: Client) -> str:
    return text(client.get("/automation/"))


def page_of(client: Client, attempt: Attempt) -> str:
    return text(client.get(f"/automation/{attempt.category_id}/"))


def test_a_category_without_terms_is_review_only(client: Client) -> None:
    category = make_category()
    assert "Review only" in overview(client)
    page = text(client.get(f"/automation/{category.pk}/"))
    assert "Every draft goes to a person, and nothing is counted." in page
    assert "Start collecting" in page


def test_without_categories_the_page_says_what_to_do(client: Client) -> None:
    assert "Add categories" in overview(client)


def test_a_category_that_collects_says_in_words_how_far_it_is(client: Client, ana: User) -> None:
    make_terms()
    plant(ana, caught=60)
    attempt = make_attempt(n=20, by=ana)
    assert "20 of about 220 clean reviews" in overview(client)
    page = page_of(client, attempt)
    assert "About 200 more clean reviews, if none of them is unsafe." in page
    assert "200 clean reviews more are needed" in page
    assert "disabled" in page and "/unlock/" not in page
    assert "Reviewers caught 60 of 60 planted errors" in page


def test_what_is_shown_is_no_more_than_what_is_proven(client: Client, ana: User) -> None:
    make_terms(alpha=0.025)
    plant(ana, caught=60)
    attempt = make_attempt(n=200, by=ana)
    page = page_of(client, attempt)
    assert "Shown so far: at most 2." in page
    assert "of the drafts are unsafe, those that reviewers miss included; 97.5 % certain." in page


def test_while_nobody_knows_how_much_reviewers_miss_nothing_is_claimed(client: Client) -> None:
    make_terms()
    page = page_of(client, make_attempt(n=5000))
    assert "those that reviewers miss included" not in page


def test_unsafe_verdicts_are_told_with_the_interval_of_the_error_rate(client: Client) -> None:
    make_terms()
    attempt = make_attempt(n=100, unsafe=(3, 50, 51))
    page = page_of(client, attempt)
    assert "3 %: 3 of 100; 0.62 % to 8.6 %" in page
    assert "100 of about" in page and "reviews, 3 of them unsafe" in page


def test_planted_drafts_may_be_all_that_is_missing(client: Client, ana: User) -> None:
    make_terms()
    plant(ana, caught=10)
    attempt = make_attempt(n=400, by=ana)
    assert "more planted drafts." in page_of(client, attempt)
    assert "400 clean reviews suffice" in overview(client)


def test_what_is_proven_can_be_unlocked_by_an_admin_alone(client: Client, ana: User) -> None:
    make_terms()
    plant(ana, caught=60)
    attempt = make_attempt(State.READY, n=400, by=ana)
    assert f"/automation/{attempt.category_id}/unlock/" in page_of(client, attempt)
    manager = Client()
    manager.force_login(make_person("manager"))
    page = page_of(manager, attempt)
    assert "It is proven. An admin can unlock it." in page
    assert "/unlock/" not in page and "Suspend</button>" not in page and "/terms/" not in page


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.RAMP_10, "10 % of the replies leave by themselves. "),
        (State.RAMP_50, "50 % of the replies leave by themselves."),
        (State.AUTO, "Replies leave by themselves."),
    ],
)
def test_an_unlocked_category_says_what_leaves(client: Client, state: str, said: str) -> None:
    make_terms()
    attempt = make_attempt(state, n=30)
    page = page_of(client, attempt)
    assert said.strip() in page
    assert "0 of 200" in page
    assert "Auto-send: 1 category" in page


@pytest.mark.parametrize(
    ("cause", "said", "resumes"),
    [
        (Cause.PERSON, "An admin can resume it.", True),
        (Cause.CAP, "An admin can resume it.", True),
        (Cause.DRIFT, "It has to be earned again.", False),
        (Cause.LEAK, "It has to be earned again, or the flag was a mistake.", False),
    ],
)
def test_a_suspended_category_says_why_and_what_can_be_done(client: Client, ana: User, cause: str, said: str, resumes: bool) -> None:
    make_terms()
    plant(ana, caught=60)
    attempt = make_attempt(State.SUSPENDED, n=400, by=ana, cause=cause)
    page = page_of(client, attempt)
    assert said in page
    assert Cause(cause).label in page
    assert ("Resume …" in page) == resumes
    assert "Earn again …" in page
    assert f"{attempt.category} is suspended" in page


def test_what_is_suspended_is_not_said_to_be_proven_when_it_is_not(client: Client) -> None:
    make_terms()
    page = page_of(client, make_attempt(State.SUSPENDED, n=30, cause=Cause.PERSON))
    assert "It cannot be resumed while its proof does not stand." in page
    assert "so the proof stands" not in page


def test_what_is_automatic_is_not_said_to_be_suspended_at_once(client: Client) -> None:
    make_terms()
    page = page_of(client, make_attempt(State.AUTO, n=30))
    assert "at once" not in page.partition('class="lead"')[2].partition("</p>")[0]


def test_the_oldest_draft_without_a_verdict_is_named_as_what_holds_the_proof_up(client: Client) -> None:
    make_terms()
    attempt = make_attempt(n=20)
    enter(attempt, reason="")
    for _ in range(3):
        enter(attempt)
    enter(attempt, reason="")
    page = page_of(client, attempt)
    assert "25 drafts, 2 without a verdict yet" in page
    assert "Draft No. 21 has no verdict yet and holds the proof up." in page
    assert "3 after it were judged already, and count once it has one." in page
    [url] = re.findall(r'href="([^"]*before=[^"]*)">Look at it', page)
    rows = client.get(url).context["table"].rows
    assert rows[0].position == 21


def test_nothing_is_held_up_while_nothing_was_judged_after_it(client: Client) -> None:
    make_terms()
    attempt = make_attempt(n=20)
    enter(attempt, reason="")
    page = page_of(client, attempt)
    assert "21 drafts, 1 without a verdict yet" in page and "holds the proof up" not in page


def test_who_changes_the_setup_is_told_what_was_lost(client: Client, setup: Setup) -> None:
    make_terms()
    before = make_attempt(n=188)
    new = make_setup()
    SetupActivation.objects.create(setup=new)
    caches["process"].clear()
    lost = f"{setup} had 188 clean reviews; {new} begins again."
    for page in (overview(client), page_of(client, before)):
        assert lost in page
        assert f"No replay has tried {new} on past mail" in page
        assert f"/setup/replays/?setup={new.pk}&category={before.category_id}" in page
    make_attempt(n=3, setup=new)
    assert lost in overview(client)
    Attempt.objects.filter(setup=new).update(n=188, settled_to=188, entered=188)
    assert lost not in overview(client)


def test_the_newest_replay_suggests_how_far_the_new_setup_will_hold(client: Client) -> None:
    make_terms()
    before = make_attempt(n=40, unsafe=(4,))
    new = make_setup()
    SetupActivation.objects.create(setup=new)
    caches["process"].clear()
    for verdicts in (["worse"] * 3, ["same", "same", "better", "worse", "blocked"]):
        replay = Replay.objects.create(setup=new, state="finished")
        for verdict in verdicts:
            draft = past_draft()
            ReplayRun.objects.create(replay=replay, message=draft.message, draft=draft, number=1, state="done", verdict=verdict)
    page = page_of(client, before)
    assert "40 reviews, 1 of them unsafe; " in page
    assert f"Replay {replay.pk} suggests that about 60 % of it will hold with {new}: of 5 past mails 3 came out the same or better" in page
    assert f"/setup/replays/{replay.pk}/" in page


def test_a_proof_that_was_earned_again_says_so(client: Client) -> None:
    make_terms()
    first = make_attempt(State.SUSPENDED, n=30, cause=Cause.DRIFT)
    first.ended_at = first.began_at
    move(first, State.ENDED, cause=Cause.AGAIN)
    make_attempt(n=2)
    assert "The last proof had 30 clean reviews; it begins again." in overview(client)


def test_the_unedited_approval_rate_has_its_numerator_and_denominator(client: Client, ana: User, ben: User) -> None:
    make_terms()
    for _ in range(3):
        decisions.approve(draft=ready_draft(), by=ana)
    decisions.reject(draft=ready_draft(), reason="Wrong date.", by=ben)
    decisions.no_reply(draft=ready_draft(), by=ben)
    assert "75 %" in overview(client)
    assert "3 of 4" in overview(client)


def test_what_the_columns_mean_is_read_without_a_mouse(client: Client) -> None:
    make_terms()
    for page in (overview(client), text(client.get("/automation/reviewers/"))):
        assert "<summary>How this is counted</summary>" in page
    assert f"<dd>{rates.DEFINED}</dd>" in overview(client)


def test_the_chart_tells_screen_readers_the_same_and_has_a_table_behind_it(client: Client) -> None:
    make_terms()
    attempt = make_attempt(State.RAMP_10, n=120, unsafe=(50,))
    page = page_of(client, attempt)
    assert page.count("<svg class=") - page.count('<svg class="icon"') == 2
    assert page.count("<polyline") == 2
    assert "120 reviews, evidence" in page
    assert "The numbers behind the chart" in page
    assert "Ramp 10 %" in page


@pytest.mark.parametrize("state", [State.COLLECTING, State.AUTO, State.SUSPENDED])
def test_the_pages_cost_the_same_for_a_long_history(client: Client, ana: User, django_assert_max_num_queries: Any, state: str) -> None:
    for number in range(12):
        category = make_category(f"kind-{number}")
        make_terms(category)
        attempt = make_attempt(state, n=40, unsafe=(3,), category=category, cause=Cause.CAP if state == State.SUSPENDED else "")
    enter(attempt, ready_draft())
    client.get("/automation/")
    for url in ("", f"{attempt.category_id}/", f"{attempt.category_id}/ledger/", f"{attempt.category_id}/terms/"):
        with django_assert_max_num_queries(12):
            page = client.get(f"/automation/{url}")
        assert len(page.content) < 60_000, url


@pytest.mark.parametrize("role", ["reviewer", ""])
def test_reviewers_never_see_the_running_evidence(role: str) -> None:
    attempt = make_attempt(n=30)
    browser = Client()
    browser.force_login(make_person(role))
    for url in ("", f"{attempt.category_id}/", f"{attempt.category_id}/ledger/", f"{attempt.category_id}/terms/"):
        assert browser.get(f"/automation/{url}").status_code == 403
    assert browser.post(f"/automation/{attempt.category_id}/ledger/export/").status_code == 403


def test_a_manager_who_reviews_too_does_not_see_it_either() -> None:
    both = make_person("manager")
    both.groups.add(make_person("reviewer").groups.get())
    browser = Client()
    browser.force_login(both)
    assert browser.get("/automation/").status_code == 403
    assert 'href="/automation/"' not in text(browser.get("/queue/"))


def test_nor_is_it_in_the_audit_log_of_a_manager_who_reviews(client: Client) -> None:
    audit_log.record(act="auto_send.ready", by=None, about="Order status", words="188 of about 287 clean reviews.")
    audit_log.record(act="rule.saved", by=None, about="Pallets", words="Version 3.")
    both = make_person("manager")
    both.groups.add(make_person("reviewer").groups.get())
    browser = Client()
    browser.force_login(both)
    for url in ("/audit-log/", "/audit-log/?kind=automation", "/audit-log/?q=clean"):
        assert "188 of about" not in text(browser.get(url))
    assert "Version 3." in text(browser.get("/audit-log/"))
    download = browser.post("/audit-log/download/")
    said = download.getvalue().decode()
    assert "Version 3." in said and "188 of about" not in said
    manager = Client()
    manager.force_login(make_person("manager"))
    for reader in (client, manager):
        assert "188 of about 287 clean reviews." in text(reader.get("/audit-log/"))


def test_the_header_says_how_auto_send_stands(client: Client, dana: User, desk: Client) -> None:
    assert "Auto-send: none yet" in text(desk.get("/queue/"))
    make_attempt(State.RAMP_10, n=3)
    make_attempt(State.AUTO, n=3, category=make_category("returns"))
    make_attempt(State.AUTO, n=3, category=make_category("old"), setup=make_setup())
    assert "Auto-send: 2 categories" in text(desk.get("/queue/"))
    stop(dana, "Wrong prices.")
    page = text(desk.get("/queue/"))
    assert "Auto-send stopped by Dana Reyes, " in page
    assert "Wrong prices." in page


def test_only_admins_can_stop_all_and_allow_it_again(client: Client, desk: Client, dana: User) -> None:
    assert "/automation/stop/" not in text(desk.get("/queue/"))
    assert "/automation/stop/" in text(client.get("/queue/"))
    answer = client.post("/automation/stop/", {"next": "/queue/", "words": "Strange prices."}, follow=True)
    assert answer.redirect_chain == [("/queue/", 302)]
    assert "All auto-send is stopped." in text(answer)
    assert "Auto-send stopped by Dana Reyes" in text(answer)
    assert "Say why auto-send may go on." in text(client.post("/automation/allow/", {"words": " "}, follow=True))
    assert "Auto-send: none yet" in text(client.post("/automation/allow/", {"words": "Prices are right."}, follow=True))


def test_where_to_go_on_is_never_somewhere_else(client: Client) -> None:
    assert client.post("/automation/stop/", {"next": "https://elsewhere.example/"})["Location"] == "/automation/"


def test_after_a_page_that_was_posted_one_comes_to_a_page_that_can_be_fetched(client: Client) -> None:
    category = make_category()
    refused = client.post(f"/automation/{category.pk}/terms/save/", {})
    assert refused.status_code == 422
    assert 'action="/automation/stop/"' in text(refused) and 'name="next"' not in text(refused)
    answer = client.post("/automation/stop/", {}, follow=True)
    assert answer.redirect_chain == [("/automation/", 302)] and answer.status_code == 200
    assert 'name="next" value="/automation/"' in text(answer)


def test_suspended_categories_are_problems_of_admins_alone(client: Client, desk: Client) -> None:
    make_attempt(State.SUSPENDED, n=3, cause=Cause.DRIFT)
    make_attempt(State.SUSPENDED, n=3, cause=Cause.DRIFT, category=make_category("old"), setup=make_setup())
    page = text(client.get("/queue/"))
    assert "Order status is suspended" in page
    assert "More unsafe drafts than were proven. Its drafts wait for people." in page
    assert "Old is suspended" not in page
    assert "Auto-send: none now" in page
    assert "is suspended" not in text(desk.get("/queue/"))

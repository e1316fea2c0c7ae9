"""The pages of articles, templates and guidance: lists, editor, versions."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from drafting import setups, versions
from drafting.models import Article, Category, Draft, Evidence, Guidance, ReplyTemplate, Rule
from drafting.slots import KINDS
from review.desk.slots_preview import TAKES
from review.models import LogEntry
from tests.drafting.factories import make_article, make_category, make_template
from tests.review.factories import activate, add_evidence, make_person, ready_draft

pytestmark = pytest.mark.django_db
ARTICLE = {"title": "Returns", "language": "en", "slug": "returns", "body": "Within 30 days.", "is_active": "on", "seen": "0"}


@pytest.fixture
def dana(db: None) -> User:
    """An admin."""
    return make_person("admin", "dana", first_name="Dana", last_name="Reyes")


@pytest.fixture
def desk(dana: User) -> Client:
    """Dana's browser."""
    client = Client()
    client.force_login(dana)
    return client


@pytest.fixture
def category(db: None) -> Category:
    """A category with templates."""
    return make_category("return")


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("address", ["/knowledge/", "/knowledge/templates/", "/knowledge/guidance/"])
def test_an_empty_list_says_what_to_do(desk: Client, address: str) -> None:
    page = text(desk.get(address))
    assert "Write the first one" in page and "/new/" in page


def test_the_list_shows_each_with_its_version_and_who_saved_it(desk: Client, dana: User, category: Category) -> None:
    versions.keep(thing=make_article(title="Returns", slug="returns"), by=dana)
    make_article(title="Not kept yet", is_active=False)
    page = text(desk.get("/knowledge/"))
    assert "Returns" in page and "English · returns" in page and "Version 1, Dana Reyes" in page
    assert "Inactive" in page
    make_template(category, name="Label")
    assert "Return · English" in text(desk.get("/knowledge/templates/"))


@pytest.mark.parametrize(("query", "found"), [("pump", True), ("pumps", True), ("tested", True), ("p-1", True), ("garden", False)])
def test_articles_are_found_by_title_short_name_and_words(desk: Client, query: str, found: bool) -> None:
    make_article(title="Our pumps", slug="p-1", body="They are tested.")
    page = text(desk.get("/knowledge/", {"q": query}))
    assert ("Our pumps" in page) is found
    assert ("Nothing found" in page) is not found


def test_the_list_is_filtered_by_state(desk: Client) -> None:
    make_article(title="In use")
    make_article(title="Set aside", is_active=False)
    assert "Set aside" not in text(desk.get("/knowledge/", {"state": "active"}))
    assert "In use" not in text(desk.get("/knowledge/", {"state": "inactive"}))


def test_what_was_deleted_can_be_found_and_restored(desk: Client, dana: User) -> None:
    article = make_article(title="Gone")
    pk = article.pk
    versions.delete(thing=article, by=dana)
    assert "Gone" not in text(desk.get("/knowledge/"))
    page = text(desk.get("/knowledge/", {"state": "deleted"}))
    assert "Gone" in page and f"/versions/article/{pk}/" in page
    assert desk.get(f"/versions/article/{pk}/").status_code == 200
    desk.post(f"/versions/article/{pk}/1/restore/")
    assert Article.objects.get(pk=pk).title == "Gone"
    assert "Gone" not in text(desk.get("/knowledge/", {"state": "deleted"}))


def test_a_long_list_is_paged_and_costs_the_same(desk: Client, dana: User, django_assert_max_num_queries: Any) -> None:
    things = Article.objects.bulk_create(Article(slug=f"a-{n}", title=f"Title {n % 40:02}", body="-" * 2_000) for n in range(120))
    versions.keep_all(things=things, by=dana)
    seen: list[str] = []
    address = "/knowledge/"
    while address:
        with django_assert_max_num_queries(6):
            listing = desk.get(address).context["listing"]
        seen += [row.url for row in listing.rows]
        address = listing.next_url
    assert len(seen) == len(set(seen)) == 120


def test_a_new_article_is_saved_with_its_first_version(desk: Client, dana: User) -> None:
    assert desk.get("/knowledge/article/new/").status_code == 200
    answer = desk.post("/knowledge/article/create/", ARTICLE | {"slug": "", "title": "Opening hours"}, follow=True)
    article = Article.objects.get()
    assert article.slug == "opening-hours"
    assert "Saved as version 1." in text(answer)
    assert versions.of(article)[0].by == dana


def test_a_change_is_saved_as_the_next_version(desk: Client, dana: User) -> None:
    article = make_article(**{key: ARTICLE[key] for key in ("title", "slug", "body")})
    versions.keep(thing=article, by=None)
    desk.post(f"/knowledge/article/{article.pk}/save/", ARTICLE | {"body": "Within 14 days.", "seen": "1"})
    article.refresh_from_db()
    assert article.body == "Within 14 days."
    assert [version.by for version in versions.of(article)] == [dana, None]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": ""}, "This is missing. Fill it in."),
        ({"body": "x" * 100_001}, "At most 100000 characters"),
        ({"title": "???", "slug": ""}, "no letters that a short name can be made from"),
        ({"language": "klingon"}, "cannot be chosen here"),
        ({"slug": "taken"}, "already exists"),
    ],
)
def test_what_cannot_be_saved_is_said_and_kept(desk: Client, change: dict[str, str], says: str) -> None:
    make_article(slug="taken")
    answer = desk.post("/knowledge/article/create/", ARTICLE | {"title": "My typed title"} | change)
    assert answer.status_code == 422
    assert says in text(answer)
    assert "My typed title" in text(answer) or "title" in change
    assert Article.objects.count() == 1


def test_nobody_overwrites_what_they_have_not_seen(desk: Client, dana: User) -> None:
    article = make_article(**{key: ARTICLE[key] for key in ("title", "slug", "body")})
    versions.keep(thing=article, by=None)
    Article.objects.update(body="Somebody was faster.")
    versions.keep(thing=article, by=dana)
    mine = ARTICLE | {"body": "Mine.", "seen": "1"}
    answer = desk.post(f"/knowledge/article/{article.pk}/save/", mine)
    assert answer.status_code == 409
    assert "Dana Reyes saved version 2 while you were typing" in text(answer)
    assert "\nMine.</textarea>" in text(answer)
    assert 'name="seen" value="2"' in text(answer)
    desk.post(f"/knowledge/article/{article.pk}/save/", mine | {"seen": "2"})
    assert Article.objects.get().body == "Mine."


def test_a_template_with_a_wrong_slot_is_not_saved(desk: Client, category: Category) -> None:
    values = {"name": "Label", "category": category.pk, "language": "en", "body": "Order {order:colour}", "is_active": "on"}
    answer = desk.post("/knowledge/template/create/", values)
    assert answer.status_code == 422 and "no kind “colour”" in text(answer)
    desk.post("/knowledge/template/create/", values | {"body": "Order {order:id}"})
    assert ReplyTemplate.objects.get().body == "Order {order:id}"


def test_a_template_is_shown_with_its_slots(desk: Client, category: Category) -> None:
    template = make_template(category, body="Order {order:id} arrives on {day:date}.")
    page = text(desk.get(f"/knowledge/template/{template.pk}/"))
    assert "Takes one date" in page and page.count('class="slot"') == 2


def test_a_template_is_shown_while_it_is_typed(desk: Client) -> None:
    page = text(desk.post("/knowledge/templates/preview/", {"body": "By {day:date} <b> {oops"}))
    assert page.lstrip().startswith('<section class="block" id="slots-preview">')
    assert "Takes one date" in page and "is not closed" in page and "&lt;b&gt;" in page


def test_every_kind_of_slot_is_explained() -> None:
    assert set(TAKES) == set(KINDS)


def test_guidance_says_that_the_setup_pins_it(desk: Client) -> None:
    desk.post("/knowledge/guidance/create/", {"title": "Tone", "text": "Be kind.", "is_active": "on"})
    assert Guidance.objects.get().text == "Be kind."
    assert "pinned with the setup" in text(desk.get("/knowledge/guidance/"))


def test_guidance_that_was_changed_can_be_pinned_at_once(desk: Client) -> None:
    activate(**setups.running_parts())
    button = "Pin what runs now</button>"
    assert button not in text(desk.get("/knowledge/guidance/"))
    desk.post("/knowledge/guidance/create/", {"title": "Tone", "text": "Be kind.", "is_active": "on"})
    assert button in text(desk.get("/knowledge/guidance/"))
    assert button not in text(desk.get("/knowledge/"))


def test_the_assistant_no_longer_uses_what_is_deactivated(desk: Client, dana: User) -> None:
    article = make_article(title="Returns")
    desk.post(f"/knowledge/article/{article.pk}/switch/", {"is_active": "no"})
    assert not Article.objects.get().is_active
    assert versions.of(article)[0].content["is_active"] is False
    assert "Activate" in text(desk.get(f"/knowledge/article/{article.pk}/"))
    desk.post(f"/knowledge/article/{article.pk}/switch/", {"is_active": "yes"})
    assert Article.objects.get().is_active


def test_the_versions_show_what_changed_word_by_word_and_who_did_it(desk: Client, dana: User) -> None:
    article = make_article(title="Returns", body="Within 30 days of delivery.")
    versions.keep(thing=article, by=None)
    Article.objects.update(body="Within 14 days of <delivery>.")
    versions.keep(thing=article, by=dana)
    page = text(desk.get(f"/versions/article/{article.pk}/"))
    assert "<del>30</del><ins>14</ins>" in page
    assert "of <del>delivery</del><ins>&lt;delivery&gt;</ins>." in page
    assert "Dana Reyes" in page and "the system" in page
    assert page.count("<ins>") == 2 and "English" in page


def test_many_versions_are_paged(desk: Client) -> None:
    article = make_article()
    for number in range(13):
        Article.objects.update(body=f"Text {number}.")
        versions.keep(thing=article, by=None)
    first = desk.get(f"/versions/article/{article.pk}/").context["page"]
    assert [entry.name for entry in first.entries] == [f"Version {number}" for number in range(13, 3, -1)]
    second = desk.get(first.older_url).context["page"]
    assert [entry.name for entry in second.entries] == ["Version 3", "Version 2", "Version 1"]
    assert all(entry.restore_url for entry in second.entries) and not first.entries[0].restore_url


def test_an_older_version_is_restored(desk: Client, dana: User) -> None:
    article = make_article(body="First.")
    versions.keep(thing=article, by=None)
    Article.objects.update(body="Second.")
    versions.keep(thing=article, by=None)
    answer = desk.post(f"/versions/article/{article.pk}/1/restore/", follow=True)
    assert "Version 1 is in use again." in text(answer)
    assert Article.objects.get().body == "First." and versions.of(article)[0].by == dana


def test_a_version_that_cannot_be_restored_says_why(desk: Client, category: Category) -> None:
    template = make_template(category, body="Order {order:colour}")
    versions.keep(thing=template, by=None)
    answer = desk.post(f"/versions/template/{template.pk}/1/restore/", follow=True)
    assert "no kind “colour”" in text(answer)


def test_the_editor_lists_the_drafts_that_had_an_article_as_evidence(desk: Client) -> None:
    article, other = make_article(slug="returns"), make_article(slug="other")
    draft = ready_draft()
    answer = [{"id": "returns", "language": "en", "version": "v3", "title": "Returns", "body": "30 days"}]
    evidence = add_evidence(draft, tool="articles", answer=answer)
    Draft.objects.filter(pk=draft.pk).update(atoms=[{"source": f"evidence:{evidence.pk}"}])
    page = text(desk.get(f"/knowledge/article/{article.pk}/"))
    assert f"/conversations/{draft.conversation_id}/" in page and "version 3" in page and "took a fact from it" in page
    assert "Lately in front of" not in text(desk.get(f"/knowledge/article/{other.pk}/"))


def test_the_editor_lists_the_drafts_that_had_a_template(desk: Client, category: Category) -> None:
    template = make_template(category)
    add_evidence(ready_draft(), tool="templates", answer=[{"id": template.pk, "name": "Label", "body": "-"}])
    assert "Lately in front of" in text(desk.get(f"/knowledge/template/{template.pk}/"))
    assert Evidence.objects.filter(tool="templates").exists()


@pytest.mark.parametrize("address", ["/knowledge/rule/new/", "/knowledge/article/999/", "/versions/article/999/", "/versions/telnet/1/"])
def test_what_is_not_there_is_not_found(desk: Client, address: str) -> None:
    assert desk.get(address).status_code == 404


def test_reviewers_do_not_edit_knowledge() -> None:
    client = Client()
    client.force_login(make_person("reviewer"))
    assert client.get("/knowledge/").status_code == 403
    assert client.post("/knowledge/article/create/", ARTICLE).status_code == 403
    assert "/knowledge/" not in text(client.get("/queue/"))


KIND = {"name": "Spare parts", "slug": "", "description": "Asks for a part.", "position": "3", "is_active": "on", "seen": "0"}


def test_a_category_is_made_with_a_version_and_a_short_name(desk: Client, dana: User) -> None:
    desk.post("/knowledge/category/create/", KIND)
    made = Category.objects.get()
    assert (made.name, made.slug, made.position) == ("Spare parts", "spare-parts", 3)
    assert [version.by for version in versions.of(made)] == [dana]
    page = text(desk.get("/knowledge/categories/"))
    assert "Spare parts" in page and "spare-parts" in page


def test_a_short_name_that_is_taken_is_refused_in_words(desk: Client, category: Category) -> None:
    answer = desk.post("/knowledge/category/create/", KIND | {"slug": category.slug})
    assert answer.status_code == 422
    assert "Another category has the short name" in text(answer)


def test_the_short_name_of_a_used_category_stays(desk: Client, category: Category) -> None:
    make_template(category)
    seen = {"seen": str(versions.keep(thing=category, by=None).number)}
    desk.post(f"/knowledge/category/{category.pk}/save/", KIND | seen | {"slug": "renamed"})
    category.refresh_from_db()
    assert (category.name, category.slug) == ("Spare parts", "return")
    assert "It is in use, so it stays as it is." in text(desk.get(f"/knowledge/category/{category.pk}/"))


def test_a_category_that_nothing_refers_to_is_deleted_and_comes_back(desk: Client, category: Category) -> None:
    number = versions.keep(thing=category, by=None).number
    answer = desk.post(f"/knowledge/categories/{category.pk}/delete/", {"seen": number}, follow=True)
    assert "was deleted" in text(answer)
    assert not Category.objects.exists()
    desk.post(f"/versions/category/{category.pk}/1/restore/")
    assert Category.objects.get() == category


@pytest.mark.parametrize("used_by", ["template", "rule", "draft"])
def test_a_category_that_is_in_use_is_never_deleted(used_by: str, desk: Client, category: Category) -> None:
    if used_by == "template":
        make_template(category)
    elif used_by == "rule":
        Rule.objects.create(name="Only these", expression="true", effect="needs_person").categories.add(category)
    else:
        ready_draft(category=category)
    number = versions.keep(thing=category, by=None).number
    answer = desk.post(f"/knowledge/categories/{category.pk}/delete/", {"seen": number}, follow=True)
    assert "Something refers to this category" in text(answer)
    assert Category.objects.filter(pk=category.pk).exists()
    assert used_by in text(desk.get(f"/knowledge/category/{category.pk}/"))


def test_a_category_is_deactivated_and_that_is_recorded(desk: Client, category: Category) -> None:
    desk.post(f"/knowledge/category/{category.pk}/switch/", {"is_active": "no"})
    category.refresh_from_db()
    assert not category.is_active
    assert LogEntry.objects.get().act == "category.switched"


def test_only_superusers_find_the_admin_site_on_the_rail(desk: Client, dana: User) -> None:
    assert "All tables" not in text(desk.get("/knowledge/"))
    User.objects.filter(pk=dana.pk).update(is_superuser=True, is_staff=True)
    assert "All tables" in text(desk.get("/knowledge/"))

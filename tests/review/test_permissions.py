"""Every address of the desk, walked: who may open it, and how."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import URLPattern, reverse

from drafting import versions
from drafting.models import Connector, ConnectorTool, ReplayRun, Rule, TableImport
from inbox.models import Conversation
from review import permissions
from review.models import Decision
from review.urls import urlpatterns
from tests.inbox.factories import make_mailbox
from tests.drafting.factories import make_article, make_category, make_message, make_setup
from tests.drafting.replays.past import begin, make_candidate, past_draft
from tests.review.factories import attach, make_outgoing, make_person, ready_draft

pytestmark = pytest.mark.django_db

OPEN = {
    *("sign_in", "account_login", "sign_out", "account_logout", "theme", "mfa_authenticate", "mfa_login_webauthn", "account_inactive"),
    *("openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled"),
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
}
OWN = {
    *("home", "settings", "save_settings", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *("account_change_password", "account_set_password", "usersessions_list", "end_session", "end_other_sessions"),
    *("mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
    *("mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
}
OWN_THINGS = {
    "end_session",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}
"""Of these addresses those that are about something which the person may not have; somebody else's is never found."""
READABLE = {"home", "conversations", "conversation", "message_html", "message_text", "attachment", "attachment_preview"}
AUDITED = {"audit_log", "download_audit_log"}
ADMINISTERED = {
    *("mailboxes", "new_mailbox", "mailbox"),
    *("knowledge", "templates", "guidance", "new_knowledge", "knowledge_thing", "versions"),
    *("connectors", "new_connector", "connector", "new_connector_tool", "connector_tool", "tables", "table_template", "table_import"),
    *("connector_deletion", "connector_tool_deletion"),
    *("rules", "new_rule", "rule", "rule_deletion"),
    *("setup", "setups", "setup_details", "setup_switch", "setup_new", "setup_job", "setup_job_progress"),
    *("replays", "replay", "replay_results", "replay_mail", "training"),
}
POSTED = {
    *(
        "add_mailbox",
        "test_new_mailbox",
        "save_mailbox",
        "test_mailbox",
        "pause_mailbox",
        "resume_mailbox",
        "fetch_mailbox",
        "delete_mailbox",
    ),
    *("sign_out", "account_logout", "end_session", "end_other_sessions", "make_password_link", "reset_second_factor"),
    *("theme", "save_settings", "renew", "approve", "edit", "reject", "take_over", "reply", "no_reply", "undo", "say_why"),
    *("hand_back", "cancel", "retry", "resolve", "download_audit_log"),
    *("preview_template", "create_knowledge", "save_knowledge", "switch_knowledge", "restore_version"),
    *("add_connector", "save_connector", "add_connector_tool", "save_connector_tool", "try_connector_tool"),
    *("delete_connector", "delete_connector_tool"),
    *("upload_table", "take_table", "discard_table"),
    *("check_rule", "save_rule", "preview_rule", "delete_rule"),
    *("setup_add", "setup_repin", "setup_return", "setup_activate", "setup_check", "setup_probe"),
    *("replay_start", "replay_prepare", "replay_pause", "replay_resume", "download_training"),
}
names = [str(pattern.name) for pattern in urlpatterns]


def address(name: str) -> str:
    """The address of a view, with rows behind it."""
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    rows: dict[str, Callable[[], int | str]] = {
        "draft_id": _draft,
        "decision_id": _decision,
        "conversation_id": _conversation,
        "message_id": _message,
        "attachment_id": lambda: attach(make_message(), paper__pdf=b"%PDF")[0].pk,
        "mail_id": lambda: make_outgoing(by=make_person()).pk,
        "kind": lambda: "http",
        "connector_id": _connector,
        "tool_id": _connector_tool,
        "table": lambda: "products",
        "import_id": lambda: TableImport.objects.create(table="products", file_name="x.csv", content=b"", size=0, by=make_person()).pk,
        "thing_kind": lambda: "article",
        "thing_id": _article,
        "number": lambda: 1,
        "mailbox_id": lambda: make_mailbox().pk,
        "rule_id": _rule,
        "replay_id": _replay,
        "setup_id": lambda: make_setup().pk,
        "job_id": lambda: make_setup().jobs.create(kind="check").pk,
        "category_slug": lambda: make_category().slug,
        "session_id": lambda: UserSession.objects.create(user=make_person(), ip="127.0.0.1", session_key=f"key{make_person().pk}").pk,
        "person_id": lambda: make_person().pk,
        "pk": lambda: Authenticator.objects.create(user=make_person(), type="webauthn", data={"name": "Phone"}).pk,
        "run_id": lambda: ReplayRun.objects.latest("pk").pk,
    }
    return reverse(name, kwargs={key: rows[key]() for key in pattern.pattern.converters})


def _rule() -> int:
    rule = Rule.objects.create(name=f"Rule {Rule.objects.count()}", expression="order.total > 500", effect="needs_person")
    return versions.keep(thing=rule, by=None).of


def _replay() -> int:
    past_draft()
    return begin(make_candidate()).pk


def _article() -> int:
    return versions.keep(thing=make_article(), by=None).of


def _connector() -> int:
    return Connector.objects.create(
        name=f"Carrier {Connector.objects.count()}", kind="http", address="https://127.0.0.1:9", timeout_seconds=1
    ).pk


def _connector_tool() -> int:
    name = f"parcel_{ConnectorTool.objects.count()}"
    return ConnectorTool.objects.create(connector_id=_connector(), name=name, request={"path": "/x"}).pk


def _draft() -> int:
    return ready_draft().pk


def _decision() -> int:
    return Decision.objects.create(draft=ready_draft(), by=make_person(), kind="no_reply").pk


def _message() -> int:
    return make_message(html="<p>Hello</p>").pk


def _conversation() -> int:
    return Conversation.objects.get(messages=_message()).pk


def ask(client: Client, name: str) -> Any:
    where = address(name)
    return client.post(where) if name in POSTED else client.get(where)


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_person(role))
    return client


@pytest.mark.parametrize("name", sorted(set(names) - OPEN))
def test_strangers_are_sent_to_the_sign_in_page(name: str) -> None:
    answer = ask(Client(), name)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("name", sorted(set(names) - OPEN))
def test_a_part_of_a_page_without_a_session_is_a_bare_401(name: str) -> None:
    answer = Client(headers={"HX-Request": "true"})
    assert ask(answer, name).status_code == 401


@pytest.mark.parametrize("name", sorted(POSTED))
def test_what_changes_something_is_never_a_get(name: str) -> None:
    assert client_of("admin").get(address(name)).status_code == 405


@pytest.mark.parametrize("name", sorted(set(names) - OPEN))
def test_nobody_without_a_role_sees_anything(name: str) -> None:
    answer = ask(client_of(""), name)
    assert answer.status_code in ({200, 302, 422} if name in OWN - OWN_THINGS else {404, 302} if name in OWN else {403})


@pytest.mark.parametrize("name", sorted(set(names) - OPEN - OWN - READABLE))
def test_managers_only_read_conversations(name: str) -> None:
    assert ask(client_of("manager"), name).status_code == 403


@pytest.mark.parametrize("name", sorted(READABLE - {"home"}))
def test_managers_read_conversations(name: str) -> None:
    assert ask(client_of("manager"), name).status_code in {200, 415}


@pytest.mark.parametrize("name", sorted(ADMINISTERED))
def test_the_setup_is_for_admins(name: str) -> None:
    assert ask(client_of("reviewer"), name).status_code == 403
    assert ask(client_of("admin"), name).status_code == 200


@pytest.mark.parametrize("pattern", urlpatterns, ids=names)
def test_every_view_says_who_may_use_it(pattern: URLPattern) -> None:
    assert pattern.name in OPEN or hasattr(pattern.callback, "permission")


def test_each_person_starts_where_they_work() -> None:
    assert client_of("reviewer").get("/")["Location"] == "/queue/"
    assert client_of("manager").get("/")["Location"] == "/conversations/"


def test_somebody_without_a_role_is_told_what_to_do_and_can_leave() -> None:
    page = client_of("").get("/").content.decode()
    assert "you have no role here yet. Ask an admin" in page
    assert 'action="/sign-out/"' in page
    assert "rail-link" not in page


def test_the_rail_shows_what_a_person_may_open() -> None:
    page = client_of("manager").get("/conversations/").content.decode()
    assert 'href="/queue/"' not in page
    assert 'href="/setup/"' not in page


def test_superusers_have_every_role_and_the_inactive_none() -> None:
    assert permissions.roles(make_person("", is_superuser=True)) == frozenset(permissions.Role)
    assert not permissions.roles(make_person("reviewer", is_active=False))


def test_a_refusal_is_friendly() -> None:
    page = client_of("reviewer").get("/setup/")
    assert "Your role does not include this page" in page.content.decode()
    assert "Content-Security-Policy" in page


def test_a_missing_page_is_friendly() -> None:
    assert "There is nothing here" in client_of("reviewer").get("/nothing/").content.decode()

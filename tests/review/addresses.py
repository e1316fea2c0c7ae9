"""Every address of the desk: who may use it, whether it is posted to, and how to ask for it with rows behind it.

A new address goes into exactly one of the sets, by who may use it, and into POSTED if it changes something; its ids into `address`.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from drafting import versions
from drafting.models import Connector, ConnectorTool, ReplayRun, Rule, TableImport
from inbox.models import Conversation
from review import decisions, tokens, webhooks
from review.models import Flag, Invitation, Remedy, SecondLook, Webhook
from review.urls import urlpatterns
from tests.drafting.factories import make_article, make_category, make_message, make_setup
from tests.drafting.replays.past import begin, make_candidate, past_draft
from tests.inbox.factories import make_mailbox
from tests.review.factories import attach, attach_upload, make_outgoing, make_person, ready_draft

# Those for everybody, also who has not signed in.
OPEN = {
    *("sign_in", "account_login", "sign_out", "account_logout", "theme", "mfa_authenticate", "mfa_login_webauthn", "account_inactive"),
    *("openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled"),
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("invitation", "accept_invitation", "end_weekly_report"),
}
# Those for everybody who has signed in, whatever their role.
OWN = {
    *("home", "frame", "settings", "save_settings", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
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
READABLE = {
    "export_json",
    "export_pdf",
    "dossier",
    "dossier_json",
    "dossier_pdf",
    "api_reference",
    "conversations",
    "conversation",
    "message_html",
    "message_text",
    "outgoing_text",
    "attachment",
    "attachment_text",
    "attachment_preview",
    "upload",
}
REVIEWED = {
    *("queue", "queue_rows", "item", "renew", "approve", "edit", "reject", "take_over", "reply", "no_reply", "undo", "say_why"),
    *("release", "ask", "hand_on", "keep", "snooze", "wake", "assign", "note", "second_looks", "answer_second_look"),
    *("note_conversation", "snooze_conversation", "wake_conversation", "assign_conversation", "close_conversation", "reopen_conversation"),
    *("join_conversation", "keep_apart_conversation"),
    *("hand_back", "outgoing", "outgoing_mail", "cancel", "retry", "resolve", "flag_reply", "clear_flag"),
    *("new_conversation", "begin_conversation", "recipients", "keep_new", "discard_new", "attach_new", "templates_new", "insert_new"),
    *("write", "answer", "keep_writing", "discard_writing", "attach_writing", "templates_writing", "insert_writing", "remove_upload"),
}
AUDITED = {
    *("audit_log", "download_audit_log", "automation", "automation_category", "automation_ledger", "export_ledger", "reviewers"),
    "report_numbers",
    *("reports", "report_reasons", "report_mails", "report_load", "download_report", "report_assumptions", "save_assumption", "save_price"),
    *("next_nine", "next_nine_cause", "note_remedy"),
    *("reports_pdf", "save_weekly_report", "stop_weekly_report", "dossier_sample", "export_sample"),
}
ADMINISTERED = {
    *("privacy", "find_person", "export_person", "erase_person", "preview_retention", "save_retention"),
    *("stop_automation", "allow_automation", "automation_terms", "save_terms", "confirm_terms", "withdraw_terms", "needed_reviews"),
    *("start_collecting", "stop_collecting", "automation_unlock", "unlock_category", "check_canaries", "suspend_category"),
    *("automation_after", "resume_category", "earn_again"),
    *("tokens", "new_token", "add_token", "revoke_token", "webhooks", "new_webhook", "add_webhook", "webhook", "save_webhook"),
    *("rotate_webhook", "test_webhook", "resend_webhook", "dismiss_webhook", "delete_webhook", "resend_delivery"),
    *("mailboxes", "new_mailbox", "mailbox", "add_mailbox", "test_new_mailbox", "save_mailbox", "test_mailbox", "pause_mailbox"),
    *("resume_mailbox", "fetch_mailbox", "delete_mailbox", "connect_mailbox", "mailbox_connected"),
    *("knowledge", "templates", "guidance", "categories", "delete_category", "new_knowledge", "knowledge_thing", "versions"),
    *("preview_template", "create_knowledge", "save_knowledge", "switch_knowledge", "restore_version"),
    *("connectors", "new_connector", "connector", "new_connector_tool", "connector_tool", "connector_deletion", "connector_tool_deletion"),
    *("add_connector", "save_connector", "add_connector_tool", "save_connector_tool", "try_connector_tool"),
    *("delete_connector", "delete_connector_tool"),
    *("tables", "table_template", "table_import", "upload_table", "take_table", "discard_table"),
    *("rules", "new_rule", "rule", "rule_deletion", "check_rule", "save_rule", "preview_rule", "delete_rule"),
    *("setup", "setups", "setup_details", "setup_switch", "setup_new", "setup_job", "setup_job_progress"),
    *("setup_add", "setup_repin", "setup_return", "setup_activate", "setup_check", "setup_probe"),
    *("replays", "replay", "replay_results", "replay_mail", "replay_start", "replay_prepare", "replay_pause", "replay_resume"),
    *("training", "download_training"),
    *("people", "person", "new_invitation", "invite", "renew_invitation", "withdraw_invitation"),
    *("save_person", "deactivate_person", "activate_person", "end_sessions_of_person", "make_password_link", "reset_second_factor"),
}
BY_ROLE = {
    "reviewer": READABLE | REVIEWED,
    "manager": READABLE | AUDITED,
    "admin": READABLE | REVIEWED | AUDITED | ADMINISTERED,
}
POSTED = {
    *("find_person", "export_person", "erase_person", "preview_retention", "save_retention"),
    *("stop_automation", "allow_automation", "export_ledger", "save_terms", "confirm_terms", "withdraw_terms", "start_collecting"),
    *("stop_collecting", "unlock_category", "check_canaries", "suspend_category", "resume_category", "earn_again"),
    *("flag_reply", "clear_flag", "answer_second_look"),
    *("note_conversation", "snooze_conversation", "wake_conversation", "assign_conversation", "close_conversation", "reopen_conversation"),
    *("join_conversation", "keep_apart_conversation"),
    *("export_json", "export_pdf"),
    *("add_token", "revoke_token", "add_webhook", "save_webhook", "rotate_webhook", "test_webhook", "resend_webhook"),
    *("dismiss_webhook", "delete_webhook", "resend_delivery"),
    *("begin_conversation", "keep_new", "discard_new", "attach_new", "insert_new"),
    *("answer", "keep_writing", "discard_writing", "attach_writing", "insert_writing", "remove_upload"),
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
    *("release", "ask", "hand_on", "keep", "snooze", "wake", "assign", "note"),
    *("hand_back", "cancel", "retry", "resolve", "download_audit_log", "accept_invitation"),
    *("invite", "renew_invitation", "withdraw_invitation", "save_person", "deactivate_person", "activate_person", "end_sessions_of_person"),
    *("preview_template", "create_knowledge", "save_knowledge", "switch_knowledge", "restore_version"),
    *("add_connector", "save_connector", "add_connector_tool", "save_connector_tool", "try_connector_tool"),
    *("delete_connector", "delete_connector_tool", "delete_category"),
    *("upload_table", "take_table", "discard_table"),
    *("check_rule", "save_rule", "preview_rule", "delete_rule"),
    *("setup_add", "setup_repin", "setup_return", "setup_activate", "setup_check", "setup_probe"),
    *("download_report", "save_assumption", "save_price", "note_remedy"),
    *("reports_pdf", "save_weekly_report", "stop_weekly_report", "export_sample", "dossier_json", "dossier_pdf"),
    *("replay_start", "replay_prepare", "replay_pause", "replay_resume", "download_training"),
}
NAMES = [str(pattern.name) for pattern in urlpatterns]


def address(name: str) -> str:
    """The address of a view, with rows behind it."""
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    rows: dict[str, Callable[[], int | str]] = {
        "draft_id": _draft,
        "decision_id": _decision,
        "conversation_id": _conversation,
        "message_id": _message,
        "attachment_id": lambda: attach(make_message(), paper__pdf=b"%PDF")[0].pk,
        "upload_id": _upload,
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
        "token_id": lambda: tokens.issue(name="Shop", scopes=["drafts:read"], by=make_person("admin")).token.pk,
        "webhook_id": lambda: _webhook().pk,
        "delivery_id": lambda: webhooks.send_test(webhook=_webhook(), by=make_person("admin")).pk,
        "replay_id": _replay,
        "setup_id": lambda: make_setup().pk,
        "job_id": lambda: make_setup().jobs.create(kind="check").pk,
        "category_id": lambda: make_category().pk,
        "flag_id": lambda: Flag.objects.create(draft_id=_draft(), kind="complaint", words="No.").pk,
        "category_slug": lambda: make_category().slug,
        "session_id": lambda: UserSession.objects.create(user=make_person(), ip="127.0.0.1", session_key=f"key{make_person().pk}").pk,
        "person_id": lambda: make_person().pk,
        "invitation_id": _invitation,
        "pk": lambda: Authenticator.objects.create(user=make_person(), type="webauthn", data={"name": "Phone"}).pk,
        "look_id": _second_look,
        "cause": lambda: Remedy.objects.create(cause="edit:tone", kind="elsewhere", words="We talked.", by=make_person()).cause,
        "run_id": lambda: ReplayRun.objects.latest("pk").pk,
    }
    return reverse(name, kwargs={key: rows[key]() for key in pattern.pattern.converters})


def _upload() -> int:
    draft, by = ready_draft(), make_person()
    upload = attach_upload(by=by, conversation=draft.conversation)
    decisions.edit(draft=draft, text="See the file.", files=[upload], by=by)
    return upload.pk


def _webhook() -> Webhook:
    return webhooks.add(name="Shop", url="https://shop.example/hook", events=["mail.sent"], by=make_person("admin"))


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
    return decisions.no_reply(draft=ready_draft(), by=make_person()).pk


def _message() -> int:
    return make_message(html="<p>Hello</p>").pk


def _conversation() -> int:
    return Conversation.objects.get(messages=_message()).pk


def _second_look() -> int:
    about = {"first": make_person(), "first_unsafe": False, "asked_at": timezone.now()}
    return SecondLook.objects.create(draft=ready_draft(), **about).pk


def _invitation() -> int:
    number = Invitation.objects.count()
    about = {"email": f"zoe{number}@shop.example", "roles": ["reviewer"], "secret_sha256": str(number)}
    return Invitation.objects.create(**about, expires_at=timezone.now()).pk


def ask(client: Client, name: str, url: str) -> Any:
    """Go to an address of this name as people do."""
    return client.post(url) if name in POSTED else client.get(url)

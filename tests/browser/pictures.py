"""Every page of the desk that screenshots.py takes a picture of, one line each, and what is done before so that none of them is empty.

An address such as `/rules/ > /rules/N/` is the first link of that shape on the page before.
A step is a method of Playwright's page with what it takes.
"""

import re
from typing import Any, NamedTuple

Step = tuple[Any, ...]


class Picture(NamedTuple):
    """A page, what is done on it before the picture is taken, and in whose role it is looked at ("" for nobody's)."""

    name: str
    address: str
    steps: tuple[Step, ...] = ()
    role: str = "admin"


def csv(name: str, *lines: str) -> dict[str, Any]:
    """A CSV file to upload."""
    return {"name": name, "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}


QUEUE, TALKS, OUTGOING = "/queue/", "/conversations/", "/outgoing/"
FAILED: tuple[Step, ...] = (("click", ".row[data-next]:has(.gate-mark.tone-red)"), ("wait_for_selector", "[data-toggles='edit']"))
RULE = "/rules/ > /rules/N/"
SETUP, SETUPS, REPLAYS = "/setup/", "/setup/all/", "/setup/replays/"
AUTOMATION = "/automation/ > /automation/N/"
UNGUARDED: tuple[Step, ...] = (("evaluate", "document.querySelectorAll('form').forEach(form => form.noValidate = true)"),)
CONNECTORS, LOOKUP, TABLES = "/connectors/", "/connectors/ > /connectors/lookups/N/", "/connectors/tables/"
ARTICLE, TEMPLATE, GUIDANCE = (
    f"/knowledge/{page} > /knowledge/{kind}/N/" for page, kind in (("", "article"), ("templates/", "template"), ("guidance/", "guidance"))
)
SAVE: Step = ("click", "main form.form .button-primary")
GOOD_FILE = csv(
    "products.csv",
    "sku,name,price,stock",
    "BRG-6204,Deep groove ball bearing 6204,4.90,1200",
    "BRG-6205,Deep groove ball bearing 6205,5.60,40",
)
BAD_FILE = csv(
    "orders.csv", "number,customer,status,ordered_on,total", "X-1,C-NONE,shipped,2026-11-02,12.00", "X-2,C-NONE,lost,yesterday,a lot"
)


FIND: Step = ("click", "main form:has(#id_addresses) .button-primary")


def upload(table: str, content: dict[str, Any]) -> tuple[Step, ...]:
    """Have a file looked at."""
    return (("select_option", "#table", table), ("set_input_files", "#file", content), ("click", "main .button-primary"))


def rule(name: str, when: str) -> tuple[Step, ...]:
    """Fill in a rule."""
    return (
        ("fill", "#id_name", name),
        ("select_option", "#id_effect", "needs_person"),
        ("fill", "#id_expression", when),
        ("fill", "#id_text", "Somebody has to look."),
    )


def server(address: str) -> tuple[Step, ...]:
    """Name a model server."""
    return (("fill", "#id_base_url", address), ("fill", "#id_model", "some-model"))


def query(text: str, customer: str) -> tuple[Step, ...]:
    """Ask a lookup."""
    return (("fill", "#id_query", text), ("fill", "#id_customer_number", customer), ("click", "#try .button"))


TOKENS, WEBHOOKS = "/connectors/tokens/", "/connectors/webhooks/"
TOKEN: tuple[Step, ...] = (("fill", "#id_name", "Shop"), ("check", "main [name=scopes] >> nth=0"))
WEBHOOK: tuple[Step, ...] = (
    ("fill", "#id_name", "Team chat"),
    ("fill", "#id_url", "https://chat.northbolt.example/hooks/desk"),
    ("check", "main [name=events] >> nth=0"),
)
TEMPLATES: tuple[Step, ...] = (("click", ".insertions > summary"), ("wait_for_selector", "#insertions button"))
APPROVE: tuple[Step, ...] = (
    ("click", ".row[data-next]:has(.gate-mark.tone-green)"),
    ("wait_for_selector", "form[action$='/approve/'] button"),
    ("wait_for_timeout", 800),
    ("click", "form[action$='/approve/'] button"),
    ("wait_for_selector", "#toast .toast"),
)

EDIT: tuple[Step, ...] = (
    ("click", ".row[data-next]:has(.gate-mark.tone-red)"),
    ("wait_for_selector", "[data-toggles='edit']"),
    ("click", "[data-toggles='edit']"),
    ("fill", "#edit-text", "Hello,\n\nwe have looked into it: it leaves our house tomorrow.\n\nKind regards"),
    ("click", "#edit .button-primary"),
    ("wait_for_selector", "#toast .toast"),
)
NEXT_NINE = "/reports/next-nine/"

PREPARED = [
    *[Picture("approved", "/queue/", APPROVE, "reviewer")] * 6,
    *[Picture("edited", "/queue/?gate=failed", EDIT, "reviewer")] * 3,
    Picture("a rule changed", RULE, (("fill", "#id_expression", 'order.status == "cancelled" || order.is_overdue'), SAVE)),
    Picture("a rule to delete", "/rules/new/", (*rule("Pallets", "mail.attachments > 3"), SAVE)),
    Picture("a rule deleted", "/rules/ > /rules/N/ > /rules/N/deletion/", (("click", "main .button-caution"),)),
    Picture(
        "an article changed",
        ARTICLE,
        (("fill", "#id_body", "Changes are free until the order is packed.\n\nLater ones cost 12.50 EUR."), SAVE),
    ),
    Picture(
        "a template changed",
        TEMPLATE,
        (
            (
                "fill",
                "#id_body",
                "Thank you. The offer {offer:id} follows by {day:date}, within two working days. Ask for {what you need}.",
            ),
            SAVE,
        ),
    ),
    Picture(
        "guidance written",
        "/knowledge/guidance/new/",
        (("fill", "#id_title", "Tone"), ("fill", "#id_text", "Short sentences. No exclamation marks."), SAVE),
    ),
    Picture(
        "a file with errors",
        TABLES,
        (*upload("orders", BAD_FILE), ("click", "main .button-primary"), ("wait_for_selector", "text=Nothing was imported")),
    ),
    Picture("a token made", f"{TOKENS}new/", (*TOKEN, SAVE, ("wait_for_selector", "#secret"))),
    Picture("a webhook made", f"{WEBHOOKS}new/", (*WEBHOOK, SAVE, ("wait_for_selector", "#secret"))),
    Picture("pinned", "/rules/", (("click", "button:has-text('Pin what runs now')"), ("wait_for_selector", ".note-green"))),
    Picture(
        "a replay",
        REPLAYS,
        (
            ("fill", "#id_repeats", "2"),
            ("click", "main form.form .button-primary"),
            ("wait_for_selector", "#replay-results :text('Finished')"),
        ),
    ),
]

PICTURES = [
    Picture("sign-in", "/sign-in/", (), ""),
    Picture(
        "sign-in-wrong",
        "/sign-in/",
        (("fill", "#id_username", "nobody-here"), ("fill", "#id_password", "no"), ("click", ".button-primary")),
        "",
    ),
    Picture("sign-in-forgotten", "/sign-in/forgotten/", (), ""),
    Picture("sign-in-old-link", "/sign-in/new-password/1-old/", (), ""),
    Picture("no-role", "/", (), "nobody"),
    Picture("403", "/setup/", (), "reviewer"),
    Picture("404", "/nothing/"),
    Picture("405", "/theme/"),
    Picture("500", "/500/"),
    Picture("queue", QUEUE, (), "reviewer"),
    Picture("queue-filtered-to-nothing", "/queue/?q=nobody+writes+this", (), "reviewer"),
    Picture("item", "/queue/ > /queue/N/", (), "reviewer"),
    Picture("item-failed-checks", "/queue/?gate=failed", FAILED, "reviewer"),
    Picture("item-rejecting", "/queue/?gate=failed", (*FAILED, ("click", "[data-toggles='reject']")), "reviewer"),
    Picture("item-editing", "/queue/?gate=failed", (*FAILED, ("click", "[data-toggles='edit']")), "reviewer"),
    Picture("help", QUEUE, (("press", "body", "?"),), "reviewer"),
    Picture("account", QUEUE, (("click", ".account summary"),), "reviewer"),
    Picture("conversations", TALKS, (), "reviewer"),
    Picture("conversations-nothing-found", "/conversations/?q=nobody+writes+this", (), "reviewer"),
    Picture("conversation", "/conversations/ > /conversations/N/", (), "reviewer"),
    Picture("conversation-sent", "/outgoing/ > /outgoing/N/ > /conversations/N/", (), "reviewer"),
    Picture("writing-new", "/conversations/new/", (), "reviewer"),
    Picture("writing-templates", "/conversations/new/", TEMPLATES, "reviewer"),
    Picture(
        "writing-slots",
        "/conversations/new/",
        (*TEMPLATES, ("click", "#insertions button:has(.tone-amber)"), ("wait_for_selector", "[data-open-slots]:visible")),
        "reviewer",
    ),
    Picture("outgoing-mail", "/outgoing/ > /outgoing/N/", (), "reviewer"),
    Picture("dossier", "/outgoing/ > /outgoing/N/ > /outgoing/N/dossier/", (), "reviewer"),
    Picture("dossier-sample", "/reports/dossier/", (), "manager"),
    Picture("dossier-sample-wrong", "/reports/dossier/", (*UNGUARDED, ("fill", "#id_n", "500"), SAVE), "manager"),
    Picture("weekly-report-end", "/reports/weekly/stop/a-link/", (), ""),
    Picture("outgoing-nothing-found", "/outgoing/?q=nobody+writes+this", (), "reviewer"),
    Picture("outgoing", OUTGOING, (), "reviewer"),
    Picture("rules", "/rules/"),
    Picture("admin-menu", "/rules/", (("click", ".rail-menu summary:visible"),)),
    Picture("rule", RULE),
    Picture("rule-new", "/rules/new/"),
    Picture(
        "rule-wrong",
        RULE,
        (
            ("fill", "#id_expression", "order.totl > 1000.0"),
            ("fill", "#id_name", ""),
            ("evaluate", "document.querySelector('#rule-form').noValidate = true"),
            SAVE,
        ),
    ),
    Picture("rule-checked", RULE, (("fill", "#id_expression", "order.totl > 1000.0"), ("wait_for_selector", "#rule-check .wrong"))),
    Picture(
        "rule-preview",
        RULE,
        (
            ("fill", "#id_expression", "mail.attachments == 0"),
            ("click", ".rule-try .button"),
            ("wait_for_selector", "#rule-preview .rule-headline"),
        ),
    ),
    Picture("rule-versions", f"{RULE} > /versions/rule/N/"),
    Picture("rule-deletion", f"{RULE} > /rules/N/deletion/"),
    Picture("setup", SETUP),
    Picture("setups", SETUPS),
    Picture("setup-new", "/setup/new/"),
    Picture("setup-new-filled", "/setup/new/?preset=llama.cpp-qwen2.5-7b"),
    Picture(
        "setup-new-wrong",
        "/setup/new/",
        (
            ("fill", "#id_base_url", "localhost"),
            ("evaluate", "document.querySelectorAll('form').forEach(form => form.noValidate = true)"),
            SAVE,
        ),
    ),
    Picture("setup-details", "/setup/all/ > /setup/N/"),
    Picture("setup-switch", "/setup/1/switch/"),
    Picture("setup-job-failed", "/setup/new/", (*server("http://127.0.0.1:9/v1"), SAVE, ("wait_for_selector", "#setup-job .note-red"))),
    Picture("replays", REPLAYS),
    Picture("replay", "/setup/replays/ > /setup/replays/N/"),
    Picture("replay-mail", "/setup/replays/ > /setup/replays/N/ > /setup/replays/N/mails/N/"),
    Picture("training", "/setup/training/"),
    Picture("training-shown", "/setup/training/", (("click", "main form .button"), ("click", ".passage summary"))),
    Picture("connectors", CONNECTORS),
    Picture("connector", "/connectors/ > /connectors/N/"),
    Picture("connector-deletion", "/connectors/ > /connectors/N/ > /connectors/N/deletion/"),
    Picture("connector-new", "/connectors/new/http/"),
    Picture("connector-wrong", "/connectors/new/http/", (SAVE,)),
    Picture("lookup", "/connectors/lookups/1/"),
    Picture("lookup-deletion", "/connectors/lookups/1/ > /connectors/lookups/1/deletion/"),
    Picture("lookup-new", "/connectors/ > /connectors/N/new/"),
    Picture("lookup-tried", "/connectors/lookups/1/", query("VT-30459", "C-1015")),
    Picture("lookup-tried-in-vain", "/connectors/lookups/2/", query("PW236406413", "C-1001")),
    Picture("lookup-tried-wrong", "/connectors/lookups/1/", query("drop table", "")),
    Picture("tables", TABLES),
    Picture("table-looked-at", TABLES, upload("products", GOOD_FILE)),
    Picture("table-wrong", TABLES, upload("customers", GOOD_FILE)),
    Picture(
        "table-row-errors",
        TABLES,
        (("click", "h2:has-text('Latest files') + div a:has-text('orders.csv')"), ("wait_for_selector", "text=Nothing was imported")),
    ),
    Picture("tokens", TOKENS),
    Picture("token-new", f"{TOKENS}new/"),
    Picture(
        "token-wrong", f"{TOKENS}new/", (("evaluate", "document.querySelectorAll('form').forEach(form => form.noValidate = true)"), SAVE)
    ),
    Picture("webhooks", WEBHOOKS),
    Picture("webhook", f"{WEBHOOKS} > {WEBHOOKS}N/"),
    Picture("webhook-new", f"{WEBHOOKS}new/"),
    Picture(
        "webhook-wrong",
        f"{WEBHOOKS}new/",
        (("fill", "#id_url", "ftp://x"), ("evaluate", "document.querySelectorAll('form').forEach(form => form.noValidate = true)"), SAVE),
    ),
    Picture("articles", "/knowledge/"),
    Picture("articles-nothing-found", "/knowledge/?q=nobody+writes+this"),
    Picture("article", ARTICLE),
    Picture("article-new", "/knowledge/article/new/"),
    Picture("article-versions", f"{ARTICLE} > /versions/article/N/"),
    Picture("templates", "/knowledge/templates/"),
    Picture("template", TEMPLATE),
    Picture("template-versions", f"{TEMPLATE} > /versions/template/N/"),
    Picture("guidance", "/knowledge/guidance/"),
    Picture("categories", "/knowledge/categories/"),
    Picture("category", "/knowledge/categories/ > /knowledge/category/N/"),
    Picture("category-new", "/knowledge/category/new/"),
    Picture("automation", "/automation/"),
    Picture("automation-category", AUTOMATION),
    Picture("automation-ledger", f"{AUTOMATION} > /automation/N/ledger/"),
    Picture("automation-terms", f"{AUTOMATION} > /automation/N/terms/"),
    Picture("automation-terms-wrong", f"{AUTOMATION} > /automation/N/terms/", (("fill", "#id_epsilon", "50"), *UNGUARDED, SAVE)),
    Picture("automation-unlock", "/automation/1/unlock/"),
    Picture("automation-after", "/automation/1/after/"),
    Picture("stop-all", "/automation/", (("click", ".stop-all summary"),)),
    Picture("reviewers", "/automation/reviewers/"),
    Picture("next-nine", NEXT_NINE),
    Picture("next-nine-cause", f"{NEXT_NINE} > {NEXT_NINE}[^/]+/"),
    Picture("next-nine-noting", f"{NEXT_NINE} > {NEXT_NINE}[^/]+/", (("click", "#mend summary"),)),
    Picture("next-nine-remedy", f"{NEXT_NINE} > /(?:knowledge|rules)/(?:\\w+/)*"),
    Picture("second-look", "/second-looks/", (), "reviewer"),
    Picture("settings", "/settings/"),
    Picture("security", "/settings/security/"),
    Picture("security-app", "/settings/security/app/"),
    Picture("security-app-wrong", "/settings/security/app/", (("fill", "#id_code", "000000"), ("click", "main .button-primary"))),
    Picture("security-passkey", "/settings/security/passkeys/add/"),
    Picture("security-confirm", "/settings/confirm/"),
    Picture("password", "/settings/password/"),
    Picture("sessions", "/settings/sessions/"),
    Picture("mailboxes", "/mailboxes/"),
    Picture("mailbox-new", "/mailboxes/new/"),
    Picture("people", "/people/"),
    Picture("privacy", "/privacy/"),
    Picture(
        "privacy-person", "/privacy/", (("fill", "#id_addresses", "tom@okafor-marine.example"), FIND, ("wait_for_selector", "#person"))
    ),
    Picture("privacy-wrong", "/privacy/", (("fill", "#id_addresses", "tom"), FIND)),
    Picture("privacy-periods", "/privacy/", (("fill", "#id_mail", "365"), ("click", "#retention .button"))),
    Picture("reports", "/reports/?period=year"),
    Picture("reports-defined", "/reports/?period=year", (("click", "#figure-automation summary"),), "manager"),
    Picture("reports-nothing", "/reports/?period=days&first=2001-01-01&last=2001-01-31"),
    Picture("reports-wrong", "/reports/?period=fortnight&mailbox=0"),
    Picture("reports-numbers", "/reports/numbers/?period=year", (), "manager"),
    Picture("reports-reasons", "/reports/reasons/?period=year"),
    Picture("reports-mails", "/reports/mails/?period=year&figure=coverage", (), "manager"),
    Picture("reports-load", "/reports/load/?period=year"),
    Picture("reports-assumptions", "/reports/assumptions/"),
    Picture("reports-assumptions-wrong", "/reports/assumptions/", (*UNGUARDED, ("fill", "#id_minutes", "0"), SAVE)),
    Picture("audit-log", "/audit-log/"),
    Picture("guidance-thing", GUIDANCE),
    Picture("person", "/people/ > /people/N/"),
    Picture("invite", "/people/invite/"),
    Picture(
        "invite-wrong", "/people/invite/", (("evaluate", "document.querySelectorAll('form').forEach(form => form.noValidate = true)"), SAVE)
    ),
    Picture("audit-log-nothing-found", "/audit-log/?q=nobodywritesthis"),
    Picture("invitation-gone", "/invitations/nonsense/", (), ""),
]

SIGNING_IN = ("sign-in", "sign-in-forgotten", "sign-in-old-link", "no-role", "403", "404", "405", "500")
EMPTY = [one for one in PICTURES if one.name in SIGNING_IN or not (one.steps or re.search(r" > |\d/", one.address))]
"""Those that a database shows in which there is nothing but people."""

"""All operations of the API in one place."""

from ninja import NinjaAPI

from review.api import conversations, decisions, drafts, messages, problems, reports

api = NinjaAPI(
    title="Countersign",
    version="1",
    description=(
        "Read conversations, drafts, decisions and figures, and create inbound messages. Send a token with each request, as"
        " “Authorization: Bearer cs_…”; an admin makes one on Connectors, API tokens, with scopes and, if wanted, for some mailboxes only."
        " What a token may not see does not exist for it (404). Lists come in parts: ask again with cursor set to next_cursor."
        " Times are ISO 8601 with a zone. Errors are problem details (RFC 9457) whose detail says what to do. Fields may be added within"
        " version 1, and are never removed or renamed."
    ),
    urls_namespace="api-v1",
    openapi_url=None,
    docs_url=None,
)
problems.handle_all(api)
for router in (conversations.router, drafts.router, decisions.router, reports.router, messages.router):
    api.add_router("", router)

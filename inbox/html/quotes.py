"""How mail programs mark in HTML what they quote, and what is a signature."""

import re

_QUOTE_NAMES = re.compile(
    r"yahoo_quoted$|^(?:protonmail_quote|tutanota_quote|gmx_quote|zmail_extra|ms-outlook-mobile-reference-message|front-blockquote"
    r"|missive_quote|freshdesk_quote|gmail_attr|moz-cite-prefix|moz-email-headers-table|gmail_signature|moz-signature"
    r"|protonmail_signature_block"
    r"|ms-outlook-mobile-signature|tutanota_signature|reply-intro|messagereplysection|includetail|isreplycontent"
    r"|replyforwardcontainer|hs_reply|zendesk_quote|mail_quote|re_quote|isforwardcontent|origbody|maillist_quote"
    r"|ntes-mailmaster-quote)$"
)
_REST_NAMES = frozenset(
    {"divrplyfwdmsg", "appendonsend", "stopspelling", "olk_src_body_section", "mail-editor-reference-message-container"}
)


def kind_of(tag: str, attributes: dict[str, str], style: dict[str, str]) -> str:
    """ "cited" for a quoting blockquote, "quote" for a container of quoted text, "rest" where all that follows is quoted, else ""."""
    if not attributes:
        return ""
    names = [
        name.removeprefix("x_").removeprefix("x_") for key in ("class", "id", "name") for name in attributes.get(key, "").lower().split()
    ]
    if tag == "blockquote":
        lined = "border-left" in style or "border-left-width" in style
        cited = attributes.get("type", "").lower() == "cite" or "cite" in attributes or lined
        return "cited" if cited or any("quote" in name for name in names) else ""
    if any(name in _REST_NAMES for name in names):
        return "rest"
    if (
        attributes.get("data-marker") == "__QUOTED_TEXT__"
        or attributes.get("name") == "quote"
        or any(_QUOTE_NAMES.search(name) for name in names)
    ):
        return "quote"
    return ""

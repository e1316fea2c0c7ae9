"""Mails for reading, what a customer sent made harmless: the HTML view, the whole text, and attachments."""

import nh3
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from inbox.models import Message, OutgoingMail
from review import access, downloads
from review.desk import conversation, erased
from review.desk.files import PREVIEWED
from review.permissions import DeskRequest, may_read, needs
from review.views import problems

LOCKED = "; ".join(
    [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox",
    ]
)
"""For a customer's HTML: nothing runs, nothing loads. Styles within the mail are all that is left."""
STYLES = {
    "color",
    "background-color",
    "font-weight",
    "font-style",
    "font-size",
    "font-family",
    "text-align",
    "text-decoration",
    "padding",
    "margin",
    "border",
    "border-collapse",
    "border-bottom",
    "border-top",
    "border-left",
    "border-right",
    "width",
    "vertical-align",
    "line-height",
    "white-space",
    "direction",
}
SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF87a": "image/gif", b"GIF89a": "image/gif"}


@require_safe
@needs(may_read)
def html(request: DeskRequest, message_id: int) -> HttpResponse:
    """A mail as its sender laid it out, without scripts, forms, and pictures from elsewhere."""
    message = get_object_or_404(access.messages(request.user), pk=message_id)
    response = render(request, "review/message_html.html", {"html": cleaned(message.html)})
    response["Content-Security-Policy"] = LOCKED
    return response


@require_safe
@needs(may_read)
def text(request: DeskRequest, message_id: int) -> HttpResponse:
    """The whole text of a mail."""
    message = get_object_or_404(access.messages(request.user).defer("html"), pk=message_id)
    return _text(request, message, message.text or message.reply_text)


@require_safe
@needs(may_read)
def outgoing_text(request: DeskRequest, mail_id: int) -> HttpResponse:
    """The whole text of a mail of ours."""
    mail = get_object_or_404(access.outgoing(request.user).defer("mime"), pk=mail_id)
    return _text(request, mail, mail.body)


def _text(request: DeskRequest, mail: Message | OutgoingMail, said: str) -> HttpResponse:
    """A part of the page that asks for it there, else a page of plain text."""
    if request.headers.get("HX-Request"):
        response = render(request, "review/_mail_text.html", {"reading": conversation.whole(mail), "is_whole": True})
    else:
        response = HttpResponse(erased.said(mail) or said, content_type="text/plain; charset=utf-8")
    patch_vary_headers(response, ["HX-Request"])
    return downloads.locked(response)


@require_safe
@needs(may_read)
def attachment(request: DeskRequest, attachment_id: int) -> HttpResponse:
    """An attachment, only ever as a download."""
    found = get_object_or_404(access.attachments(request.user).select_related("message"), pk=attachment_id)
    if gone := erased.raw_said(found.message):
        return problems.said(request, 404, gone)
    return downloads.attachment(found)


@require_safe
@needs(may_read)
def attachment_text(request: DeskRequest, attachment_id: int) -> HttpResponse:
    """What is written in an attachment, as far as that was read: a part of the page that asks for it there, else a page of plain text."""
    found = get_object_or_404(access.attachments(request.user).select_related("message"), pk=attachment_id)
    said = found.text or erased.raw_said(found.message) or "No text was read in this file."
    if request.headers.get("HX-Request"):
        response = render(request, "review/_file_text.html", {"text": said})
    else:
        response = HttpResponse(said, content_type="text/plain; charset=utf-8")
    patch_vary_headers(response, ["HX-Request"])
    return downloads.locked(response)


@require_safe
@needs(may_read)
def preview(request: DeskRequest, attachment_id: int) -> HttpResponse:
    """A picture, if its bytes are one."""
    found = get_object_or_404(access.attachments(request.user).select_related("message"), pk=attachment_id)
    content = downloads.content(found)
    kind = sniffed(content)
    if kind not in PREVIEWED:
        return downloads.locked(HttpResponse("This is no picture that can be shown.", status=415, content_type="text/plain"))
    return downloads.locked(HttpResponse(content, content_type=kind))


def cleaned(dirty: str) -> str:
    """HTML that can neither run nor load anything."""
    attributes = {name: set(values) for name, values in nh3.ALLOWED_ATTRIBUTES.items()}
    attributes["*"] = {"style", "dir", "lang"}
    attributes["a"] = {"href", "title"}
    return nh3.clean(
        dirty,
        tags=nh3.ALLOWED_TAGS - {"img", "map", "area"},
        attributes=attributes,
        filter_style_properties=STYLES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def sniffed(content: bytes) -> str:
    """The kind of a picture, by its first bytes."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), "")

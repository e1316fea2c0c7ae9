"""Files that customers sent, and that we attached, as downloads that no browser runs or shows."""

import re

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from inbox import attachments
from inbox.models import Attachment
from review import uploads
from review.models import Upload


def attachment(found: Attachment) -> HttpResponse:
    """A file as a download, whatever it is. Raises Http404 where its mail is gone from storage."""
    response = HttpResponse(content(found), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, _file_name(found)) or "attachment"
    return locked(response)


def upload(found: Upload) -> HttpResponse:
    """A file of ours as a download, whatever it is. Raises Http404 where it is gone from storage."""
    try:
        response = HttpResponse(uploads.read(found), content_type="application/octet-stream")
    except FileNotFoundError:
        raise Http404("The file is no longer in storage.") from None
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return locked(response)


def content(found: Attachment) -> bytes:
    """The bytes of a file. Raises Http404 where its mail is gone from storage."""
    try:
        return attachments.read(found)
    except FileNotFoundError:
        raise Http404("The original mail is no longer in storage.") from None


def locked(response: HttpResponse) -> HttpResponse:
    """`response`, in which nothing runs or loads, to be kept for an hour."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _file_name(found: Attachment) -> str:
    name = re.sub(r"[\x00-\x1f\x7f/\\]+", "_", found.name).strip(". ")
    return name[-150:] or f"attachment-{found.position}"

"""The mail of the weekly report: key figures in plain text, the whole report attached as PDF, and a way to end it (RFC 8058)."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import timezone

from review import public_address
from review.desk import words
from review.desk.reports import numbers
from review.exports import report_words
from review.models import WeeklyReport
from review.reports.figures import Compares
from review.reports.summary import Line, Summary

KEY = ("inbound", "needed", "coverage", "automation", "approval", "error", "responded", "in_time", "waiting")
"""The figures in the mail, by key."""
REFUSED_BY = ("smtp_code", "recipients")
"""What errors have that tell of a refusal in so many words: then the mail was certainly not taken (smtplib's exceptions)."""
NO_ADDRESS = "Your account has no mail address. Ask an admin to add one."


class NotSent(Exception):
    """The mail was certainly not sent; the message says why, for the person and the operator."""


class MaybeSent(Exception):
    """The line broke while the mail was handed over: nobody knows whether it was taken."""


def deliver(mail: EmailMessage) -> None:
    """Hand it to the mail server. Raises NotSent and MaybeSent."""
    line = get_connection()
    try:
        if not any(mail.to):
            raise ValueError(NO_ADDRESS)
        line.open()
    except (OSError, ValueError) as error:
        raise NotSent(_words(error)) from error
    try:
        line.send_messages([mail])
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) or any(hasattr(error, name) for name in REFUSED_BY):
            raise NotSent(_words(error)) from error
        raise MaybeSent(f"The line to the mail server broke while the report was handed over: {_words(error)} It may have left.") from error
    finally:
        line.close()


def compose(*, report: WeeklyReport, said: Summary) -> EmailMessage:
    """The mail as it leaves, its times in the installation's time zone."""
    # The library takes a second to load, and nothing else in a worker needs it.
    from review.exports import report_pdf

    desk = public_address.secured(report.desk)
    stop = f"{desk}{reverse('end_weekly_report', args=[report.token])}"
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    mail = EmailMessage(
        _subject(said), _body(report, said, desk, stop), settings.DEFAULT_FROM_EMAIL, [report.person.email], headers=headers
    )
    name = f"report-{said.period.first}-to-{said.period.last}.pdf"
    with timezone.override(None):
        mail.attach(name, report_pdf.document(said, by=None), "application/pdf")
    return mail


def _subject(said: Summary) -> str:
    rate = next(line for line in said.figures if line.figure.key == "automation").now
    told = f": automation rate so far {report_words.value(rate)}" if rate.value is not None else ""
    return f"Report, {report_words.period(said.period)}{told}".replace(numbers.SPACE, " ")


def _body(report: WeeklyReport, said: Summary, desk: str, stop: str) -> str:
    lines = {line.figure.key: line for line in said.figures}
    [response] = [one for one in said.durations if one.key == "first_resp"]
    page = f"{desk}{reverse('reports')}?period=days&first={said.period.first}&last={said.period.last}"
    took = (
        f"{numbers.duration(response.now.median)}, nine of ten within {numbers.duration(response.now.p90)}" if response.now.count else "–"
    )
    paragraphs = [
        f"Hello {words.person(report.person)},",
        f"this was {report_words.period(said.period)} ({report_words.scope(said.scope)}), compared with the seven days before.",
        "\n".join(_figure(lines[key]) for key in KEY if key in lines) + f"\nFirst response time (median): {took}",
        "How replies left:\n" + "\n".join(f"  {line.figure.name}: {numbers.count(line.now.numerator)}" for line in said.left),
        f"Every figure with what it means is in the report attached, and leads to its mails here:\n{page}",
        *filter(None, [numbers.still_uncounted(said.uncounted)]),
        f"{report_words.days()} You get this mail because you asked for it. To end it:\n{stop}",
    ]
    return "\n\n".join(paragraphs).replace(numbers.SPACE, " ") + "\n"


def _figure(line: Line) -> str:
    """A figure in a line; one that needs a week to settle with what it settled at of the week before, which no other mail would say."""
    about = [report_words.counted(line.now), report_words.interval(line.now), report_words.change(line)]
    told = "; ".join(filter(None, about))
    is_open = line.open is Compares.AFTER_A_WEEK
    before = ", ".join(filter(None, [report_words.value(line.before), report_words.counted(line.before)]))
    said = f"{line.figure.name}{' so far' if is_open else ''}: {report_words.value(line.now)}{f' ({told})' if told else ''}"
    return f"{said}; settled, of the seven days before: {before}" if is_open and line.before.value is not None else said


def _words(error: Exception) -> str:
    """What the server or the line said, in one line."""
    answer = getattr(error, "smtp_error", None)
    told = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer or error)
    said = " ".join(told.split())[:300] or type(error).__name__
    return said if said.endswith(".") else f"{said}."

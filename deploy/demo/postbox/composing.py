"""From what somebody typed to a mail."""

import html
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, localtime, make_msgid

from deploy.demo import places
from deploy.demo.mail_program import Mail
from deploy.demo.mails import attachments
from deploy.demo.people import Person
from deploy.demo.postbox.examples import HIDDEN_WORDS


def compose(*, person: Person, subject: str, text: str, answered: Mail | None, trick: str) -> EmailMessage:
    """The mail as it will be sent. Line breaks in the subject are taken out, so it cannot carry headers."""
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((person.name, person.address))
    message["To"] = formataddr((places.COMPANY, places.COMPANY_ADDRESS))
    message["Subject"] = " ".join(subject.split())
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=person.address.rpartition("@")[2])
    if answered and (answered_id := str(answered.message["Message-ID"] or "").strip()):
        message["In-Reply-To"] = answered_id
        message["References"] = f"{str(answered.message['References'] or '').strip()} {answered_id}".strip()
    message.set_content(text)
    _play(message, trick, text)
    return message


def answer_to(mail: Mail) -> tuple[str, str]:
    """Subject and text to begin a reply with: room on top, the mail quoted below."""
    subject = mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"
    quoted = "\n".join(f"> {line}".rstrip() for line in mail.text.strip().splitlines())
    return subject, f"\n\n\nOn {mail.at:%d %B %Y, %H:%M}, {mail.sender} wrote:\n{quoted}\n"


def _play(message: EmailMessage, trick: str, text: str) -> None:
    """Do to the mail what the example promises."""
    if trick == "picture":
        attachments.attach(message, "png picture.png")
    elif trick == "automatic":
        message["Auto-Submitted"] = "auto-replied"
    elif trick == "hidden":
        seen = html.escape(text).replace("\n", "<br>")
        message.add_alternative(f'<p>{seen}</p><div style="display:none">{html.escape(HIDDEN_WORDS)}</div>', subtype="html")

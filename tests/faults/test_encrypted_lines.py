"""The same faults where the line to the SMTP server is encrypted, and those of the encryption itself."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dovecot import make_certificate
from tests.faults.table import Row, State, ids, outgrow_the_buffers, see, send_due, work_for_days
from tests.inbox.factories import make_mailbox, queue_reply, receive
from tests.mailservers import PASSWORD, SmtpServer, serving

pytestmark = pytest.mark.django_db

BOTH = {
    "drops in the handshake": Row({"handshake": "drop"}, State.RETRY, 0),
    "hangs in the handshake": Row({"handshake": "hang"}, State.RETRY, 0),
    "drops at AUTH": Row({"auth": "drop"}, State.RETRY, 0),
    "hangs at RCPT": Row({"rcpt": "hang"}, State.RETRY, 0),
    "4xx at RCPT": Row({"rcpt": "450 greylisted"}, State.RETRY, 0),
    "5xx at RCPT": Row({"rcpt": "550 nobody here"}, State.FAILED, 0),
    "dribbles its answer to DATA": Row({"data": "dribble"}, State.RETRY, 0),
    "drops while a large mail is written": Row({"body": "drop", "size": "large"}, State.RETRY, 0),
    "4xx while a large mail is written": Row({"body": "452 no space", "size": "large"}, State.RETRY, 0),
    "4xx after the dot": Row({"dot": "451 later"}, State.RETRY, 0),
    "5xx after the dot": Row({"dot": "554 looks like spam"}, State.FAILED, 0),
    "drops after the dot, having taken nothing": Row({"dot": "drop"}, State.MAYBE_SENT, 0),
    "drops after the dot, having taken the mail": Row({"answer": "drop"}, State.MAYBE_SENT, 1),
    "hangs after the dot, having taken the mail": Row({"answer": "hang"}, State.MAYBE_SENT, 1),
    "drops after its answer": Row({"answered": "drop"}, State.SENT, 1),
}
STARTTLS = {
    "drops at STARTTLS": Row({"starttls": "drop"}, State.RETRY, 0),
    "hangs at STARTTLS": Row({"starttls": "hang"}, State.RETRY, 0),
    "4xx at STARTTLS": Row({"starttls": "454 not now"}, State.RETRY, 0),
    "5xx at STARTTLS": Row({"starttls": "554 never"}, State.RETRY, 0),
    "nonsense at STARTTLS": Row({"starttls": "what?"}, State.RETRY, 0),
}
TABLE = {f"{point}, over {way}": row for way in ("TLS", "STARTTLS") for point, row in BOTH.items()} | STARTTLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    make_certificate(folder)
    return folder


@pytest.fixture
def encrypted_server(certificate: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[SmtpServer]:
    """A server whose certificate is trusted, with TLS from the start or after STARTTLS."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "server.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "server.pem", certificate / "server.key")
    with serving(SmtpServer(security=request.param, tls=context)) as server:
        yield server


def ways() -> list[str]:
    return ["tls" if point.endswith(" TLS") else "starttls" for point in TABLE]


@pytest.mark.parametrize(
    ("encrypted_server", "row"), list(zip(ways(), TABLE.values(), strict=True)), ids=ids(TABLE), indirect=["encrypted_server"]
)
def test_the_encrypted_server(encrypted_server: SmtpServer, hurry: None, row: Row) -> None:
    mailbox = make_mailbox(smtp=encrypted_server, smtp_security=encrypted_server.security, smtp_username="user", smtp_password=PASSWORD)
    mail = queue_reply(receive(mailbox))
    encrypted_server.faults.update(row.faults)
    if "size" in row.faults:
        outgrow_the_buffers(mail)
    send_due()
    assert see(mail, encrypted_server) == (row.state, row.accepted), mail.last_error
    encrypted_server.faults.clear()
    work_for_days()
    assert see(mail, encrypted_server) == row.end, mail.last_error

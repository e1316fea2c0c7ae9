"""Whatever an IMAP server does to us ends in a sentence that names the step."""

import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone
from imapclient import IMAPClient, SocketTimeout

from inbox import imap
from inbox.errors import Unavailable, Withheld
from inbox.models import Mailbox
from tests.dovecot import DovecotServer, make_certificate
from tests.inbox.factories import make_mail, make_mailbox
from tests.mailservers import ImapAccount, ImapServer

pytestmark = pytest.mark.django_db


@contextmanager
def server_that_says(*lines: bytes) -> Iterator[int]:
    """A server that says these lines, one after each line that it hears, and then is silent; its port."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for line in lines:
                self.wfile.write(line)
                self.rfile.readline()
            over.wait(5)

    over = threading.Event()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield int(server.server_address[1])
        over.set()
        server.shutdown()
        thread.join()


class Line(IMAPClient):  # type: ignore[misc]
    """A connected client whose server says what the test says."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._imap = line, SimpleNamespace(sock=line, file=line.makefile("rb"))

    def socket(self) -> socket.socket:
        """Ours."""
        return self._line

    def _set_read_timeout(self) -> None:
        self._line.settimeout(1)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "TCP: 127.0.0.1 did not answer on port"),
        ([b"220 mail.example ESMTP\r\n"], "greeting: 127.0.0.1 does not answer as an IMAP server"),
        ([b"* BYE too many connections\r\n"], "greeting: 127.0.0.1 does not answer as an IMAP server"),
    ],
    ids=["hangs before it greets", "is an SMTP server", "sends us away"],
)
def test_a_server_that_does_not_greet(lines: list[bytes], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.imap.connection.TIMEOUT", SocketTimeout(connect=0.5, read=0.5))
    with server_that_says(*lines) as port, pytest.raises(Unavailable) as caught, imap.open_folder(make_mailbox(imap_port=port)):
        pass
    assert str(caught.value).startswith(words)


def test_uids_below_the_watermark_are_left_out(imap_account: ImapAccount) -> None:
    for number in range(3):
        imap_account.deliver(make_mail(f"Mail {number}"))
    with imap.open_folder(make_mailbox(imap=imap_account)) as folder:
        assert [list(folder.uids_above(mark)) for mark in (0, 2, 3, 1000)] == [[1, 2, 3], [3], [], []]


def test_a_large_folder_is_listed_in_windows(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.imap.folder.WINDOW", 2)
    for number in range(5):
        imap_account.deliver(make_mail(f"Mail {number}"))
    with imap.open_folder(make_mailbox(imap=imap_account)) as folder:
        assert list(folder.uids_above(0)) == [1, 2, 3, 4, 5]


def test_a_folder_with_few_mails_is_listed_at_once_however_high_their_numbers_are(
    imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap_account.deliver(make_mail())
    genuine, asked = imap.Folder._search, list[str]()

    def search(self: imap.Folder, low: int, window: str) -> list[int]:
        asked.append(window)
        return genuine(self, low, window)

    monkeypatch.setattr(imap.Folder, "_search", search)
    with imap.open_folder(make_mailbox(imap=imap_account)) as folder:
        folder._next = 1_000_000
        assert (list(folder.uids_above(0)), asked) == ([1], ["1:*"])


def test_no_mail_is_written_out_for_a_log(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    imap_account.deliver(make_mail("Once is enough"))
    with imap.open_folder(make_mailbox(imap=imap_account)) as folder:
        monkeypatch.setattr(folder._client._imap, "_mesg", pytest.fail)
        assert b"Once is enough" in folder.fetch([1])[1]


def test_fetching_marks_nothing_as_seen(imap_account: ImapAccount) -> None:
    imap_account.deliver(make_mail())
    with imap.open_folder(make_mailbox(imap=imap_account)) as folder:
        assert b"Where is my order?" in folder.fetch([1])[1]
    assert not [path for path in imap_account.folder.glob("*/*") if path.parent.name in {"new", "cur"} and path.name.endswith("S")]


@pytest.mark.parametrize(
    "ask", [lambda folder: folder.describe([1]), lambda folder: folder.fetch([1]), lambda folder: list(folder.uids_above(0))]
)
def test_a_line_that_breaks_while_we_ask(imap_account: ImapAccount, ask: Callable[[imap.Folder], object]) -> None:
    imap_account.deliver(make_mail())
    with imap.open_folder(make_mailbox(imap=imap_account)) as folder:
        folder._client.shutdown()
        with pytest.raises(Unavailable):
            ask(folder)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_only_a_certificate_that_is_vouched_for_is_trusted(
    security: str, dovecot_server: DovecotServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = dovecot_server.add_account()
    account.deliver(make_mail())
    mailbox = make_mailbox(imap=account, imap_security=security, imap_port=account.tls_port if security == "tls" else account.port)
    with pytest.raises(Unavailable, match=r"TLS: the certificate of .* is not valid"), imap.open_folder(mailbox):
        pass
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot_server.certificate))
    with imap.open_folder(mailbox) as folder:
        assert list(folder.uids_above(0)) == [1]


def test_starttls_that_is_not_offered_is_named(imap_server: ImapServer) -> None:
    mailbox = make_mailbox(imap=imap_server.add_account(), imap_security="starttls")
    with pytest.raises(Unavailable, match=r"TLS: .* does not offer STARTTLS"), imap.open_folder(mailbox):
        pass


def test_what_the_server_said_is_quoted_as_it_said_it(imap_account: ImapAccount) -> None:
    with pytest.raises(Unavailable) as caught, imap.open_folder(make_mailbox(imap=imap_account, imap_password="wrong")):
        pass
    assert "AUTHENTICATIONFAILED" in str(caught.value)
    assert "b'" not in str(caught.value)


def test_a_large_mail_is_fetched_in_pieces(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    imap_account.deliver(make_mail("word\n" * 500))
    with imap.open_folder(make_mailbox(imap=imap_account)) as folder:
        whole = folder.fetch([1])[1]
        for piece in (100, len(whole) - 1, len(whole), len(whole) + 1):
            monkeypatch.setattr("inbox.imap.folder.PIECE", piece)
            assert folder.fetch_start(1, size=100_000) == (whole, True)
            assert folder.fetch_start(1, size=150) == (whole[:150], False)
        assert folder.fetch_start(2, size=100) is None


def test_a_piece_that_is_shorter_than_asked_for_does_not_end_a_mail(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    imap_account.deliver(make_mail("word\n" * 500))
    genuine = imap.Folder._bodies

    def bodies(self: imap.Folder, uids: Sequence[int], item: str) -> dict[int, bytes]:
        return {uid: body[:1_000] for uid, body in genuine(self, uids, item).items()}

    with imap.open_folder(make_mailbox(imap=imap_account)) as folder:
        whole = folder.fetch([1])[1]
        monkeypatch.setattr(imap.Folder, "_bodies", bodies)
        for said in (len(whole), len(whole) + 500):
            assert folder.fetch_start(1, size=100_000, expected=said) == (whole, True)


def test_of_a_large_mail_on_a_slow_line_what_came_in_time_is_kept(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    imap_account.deliver(make_mail("word\n" * 500))
    monkeypatch.setattr("inbox.imap.folder.PIECE", 100)
    genuine = imap.Folder._bodies

    def bodies(*asked: object) -> dict[int, bytes]:
        monkeypatch.setattr("inbox.imap.folder.LONGEST", 0.3)
        time.sleep(0.2)
        return genuine(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(imap.Folder, "_bodies", bodies)
    monkeypatch.setattr("inbox.imap.folder.LONGEST", 0.3)
    with imap.open_folder(make_mailbox(imap=imap_account)) as folder:
        part = folder.fetch_start(1, size=100_000)
    assert part and (len(part.content), part.is_whole) == (200, False)


class Dribble(socketserver.StreamRequestHandler):
    """An IMAP server that hands mails out a byte now and then. What comes before, it answers at once."""

    slow_at = b"FETCH"
    answers = {b"EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n", b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n"}

    def handle(self) -> None:
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
        while (line := self.rfile.readline()) and self.slow_at not in line:
            told = [told for asked, told in self.answers.items() if asked in line]
            self.wfile.write(b"".join(told) + line.split()[0] + b" OK done\r\n")
        with suppress(OSError):
            while line:
                self.wfile.write(b"*")
                time.sleep(0.1)


class DribbleOverTls(Dribble):
    """The same, encrypted."""

    certificate: Path

    def setup(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.certificate.with_suffix(".key"))
        self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.request.close()


@contextmanager
def mailbox_at(handler: type[Dribble], security: str = "none") -> Iterator[Mailbox]:
    """A mailbox at such a server."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield make_mailbox(imap_port=server.server_address[1], imap_username="ana", imap_security=security)
        server.shutdown()


@contextmanager
def ends_soon() -> Iterator[None]:
    """What is done in the block is over long before a read times out."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(("handler", "security"), [(Dribble, "none"), (DribbleOverTls, "tls")], ids=["plain", "encrypted"])
def test_a_server_that_says_a_byte_now_and_then_is_not_waited_for(
    handler: type[Dribble], security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_certificate(tmp_path)
    DribbleOverTls.certificate = tmp_path / "server.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(DribbleOverTls.certificate))
    monkeypatch.setattr("inbox.imap.folder.PATIENCE", 0.5)
    told = pytest.raises(Withheld, match="did not hand out a mail")
    with ends_soon(), mailbox_at(handler, security) as mailbox, told, imap.open_folder(mailbox) as folder:
        folder.fetch([1])


def file_a_copy(mailbox: Mailbox) -> None:
    imap.file_copy(mailbox, message_id="<1@company.example>", mime=make_mail(), sent_at=timezone.now())


def look_into_sent(mailbox: Mailbox) -> None:
    imap.is_in_sent(mailbox, message_id="<1@company.example>")


def mark_as_seen(mailbox: Mailbox) -> None:
    with imap.open_to_change(mailbox) as folder:
        folder.mark_seen([1])


def move_away(mailbox: Mailbox) -> None:
    with imap.open_to_change(mailbox) as folder:
        folder.move([1], "Archive")


@pytest.mark.parametrize(
    ("work", "slow_at", "said"),
    [
        (file_a_copy, b"LOGIN", "login: .* refused the login"),
        (file_a_copy, b"LIST", "Sent folder: the copy cannot be filed"),
        (look_into_sent, b"LIST", "Sent folder: the Sent folder cannot be searched"),
        (mark_as_seen, b"SELECT", "folder: the folder 'INBOX' cannot be opened"),
        (mark_as_seen, b"SEARCH", "marking: the mails cannot be marked as seen"),
        (move_away, b"SEARCH", "moving: the mails cannot be moved to 'Archive'"),
    ],
)
def test_a_server_that_says_a_byte_now_and_then_holds_up_no_other_work_either(
    work: Callable[[Mailbox], None], slow_at: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Dribble, "slow_at", slow_at)
    for module in ("sent", "changing"):
        monkeypatch.setattr(f"inbox.imap.{module}.DEADLINE", 0.5)
    with ends_soon(), mailbox_at(Dribble) as mailbox, pytest.raises(Unavailable, match=rf"{said}.*\(.+\)\.$"):
        work(mailbox)


def test_nor_does_one_that_never_says_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dribble, "slow_at", b"LOGOUT")
    monkeypatch.setattr("inbox.imap.sent.DEADLINE", 0.5)
    with ends_soon(), mailbox_at(Dribble) as mailbox:
        look_into_sent(mailbox)


def test_what_a_server_tells_in_pieces_is_heard_whole() -> None:
    ours, theirs = socket.socketpair()
    idling = imap.Idling(Line(ours))
    for piece, is_news in ((b"* 3 FE", False), (b"TCH (FLAGS ())\r\n* 4 EXI", False), (b"STS\r\n* 4 REC", True), (b"ENT\r\n", False)):
        theirs.sendall(piece)
        assert idling.hears(seconds=1) is is_news
    theirs.close()
    with pytest.raises(Unavailable, match="closed the line"):
        for _ in range(20):
            idling.hears(seconds=1)
    idling._client._imap.file.close()
    ours.close()

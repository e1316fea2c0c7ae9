"""Dovecot for tests, as Debian brings it: an IMAP server of its own ports, folders and users, which leaves the machine's own alone."""

import datetime
import getpass
import ipaddress
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.launch import free_ports
from tests.mailservers import PASSWORD, ImapAccount
from tests.oauth_provider import OAuthProvider

MISSING = "Dovecot is not installed: what is tried against it is skipped; install it (Debian: apt-get install dovecot-imapd) to run it"
_numbers = count(1)

CONFIG = """
base_dir = {base}/run
state_dir = {base}/run
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
mail_location = maildir:%h
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{base}/server.pem
ssl_key = <{base}/server.key
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_max_userip_connections = 100
default_vsz_limit = 0
mailbox_list_index = yes
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {base}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=everybody {base}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = .
  mailbox Sent {{
    special_use = \\Sent
  }}
}}
"""
OAUTH2 = """
introspection_mode = get
introspection_url = {url}/token-info?access_token=
username_attribute = email
active_attribute = active
active_value = yes
"""


def path() -> str | None:
    """Where Dovecot is; Debian keeps it off the path of ordinary users."""
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


class DovecotServer:
    """Dovecot over Maildirs of a user without rights, in the clear on `port` and with TLS, by its own `certificate`, on `tls_port`.

    `token_info` is the address at which it asks what an access token stands for; "" where no token is tried.
    """

    def __init__(self, *, token_info: str = "") -> None:
        # Not below pytest's folder, into which no other user can look.
        self.base = Path(tempfile.mkdtemp(prefix="countersign-dovecot-"))
        self.base.chmod(0o755)
        self.port = free_ports(2)
        self.tls_port = self.port + 1
        self.certificate = self.base / "server.pem"
        # Dovecot opens no mail as root.
        self.owner = pwd.getpwnam("nobody" if os.getuid() == 0 else getpass.getuser())
        (self.base / "passwords").write_text(f"everybody:{PASSWORD}\n")
        (self.base / "oauth2.conf").write_text(OAUTH2.format(url=token_info or "http://127.0.0.1:1"))
        (self.base / "dovecot.conf").write_text(self._config())
        make_certificate(self.base)
        self.process = self._start()

    def _config(self) -> str:
        is_root = os.getuid() == 0
        internal, login = ("dovecot", "dovenull") if is_root else (self.owner.pw_name,) * 2
        group = "dovecot" if is_root else str(os.getgid())
        names = {"internal": internal, "group": group, "login": login, "uid": self.owner.pw_uid, "gid": self.owner.pw_gid}
        return CONFIG.format(base=self.base, port=self.port, tls_port=self.tls_port, **names)

    def _start(self) -> "subprocess.Popen[bytes]":
        command = path()
        assert command, MISSING
        return subprocess.Popen([command, "-F", "-c", str(self.base / "dovecot.conf")], stderr=subprocess.PIPE)

    def wait(self) -> None:
        """Return once it answers."""
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError(f"Dovecot does not start: {self.process.communicate()[1].decode()}")
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.recv(100)
                return
            time.sleep(0.05)
        raise RuntimeError("Dovecot does not answer")

    def stop(self) -> None:
        """End it and drop its folders."""
        self.process.terminate()
        self.process.communicate(timeout=10)
        shutil.rmtree(self.base, ignore_errors=True)

    def add_account(self) -> ImapAccount:
        """A fresh account with PASSWORD."""
        user = f"user{next(_numbers)}"
        account = ImapAccount(user=user, port=self.port, folder=self.base / "mail" / user, tls_port=self.tls_port, owner=self.owner.pw_uid)
        account.make_folder()
        return account


def make_certificate(folder: Path) -> None:
    """A certificate that only who is told so trusts, for 127.0.0.1, valid for a day: server.pem and server.key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's mail server")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "server.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.key").write_bytes(secret)


@pytest.fixture(scope="session")
def dovecot_server(oauth_server: OAuthProvider) -> Iterator[DovecotServer]:
    """A running Dovecot."""
    if not path():
        assert os.environ.get("CI") != "true", MISSING
        pytest.skip(MISSING)
    server = DovecotServer(token_info=oauth_server.url)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture
def dovecot_account(dovecot_server: DovecotServer) -> ImapAccount:
    """A fresh account on it."""
    return dovecot_server.add_account()

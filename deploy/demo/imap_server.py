"""The IMAP side of the demo's mail provider: pymap over the Maildirs that the SMTP side fills."""

import asyncio
import re
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from mailbox import MaildirMessage

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.maildir import Config, FilterSet, Identity, Login, Session
from pymap.backend.maildir.layout import DefaultLayout
from pymap.backend.maildir.mailbox import MailboxSet, Maildir
from pymap.exceptions import InvalidAuth, UserNotFound
from pymap.imap import IMAPServer
from pymap.interfaces.login import IdentityInterface
from pymap.interfaces.token import TokensInterface
from pymap.user import Passwords, UserMetadata
from pysasl.creds.server import ServerCredentials
from pysasl.hashing import Cleartext

from deploy.demo import places
from deploy.demo.accounts import Account, find


class FaithfulMessage(MaildirMessage):
    """A message whose bytes are the file's: the standard library would write it anew, with other folding and line ends."""

    raw = b""

    def __bytes__(self) -> bytes:
        return self.raw


class FaithfulMaildir(Maildir):
    """Serves mails byte for byte with the line ends that IMAP wants (RFC 3501, 2.3.2), and numbers them in order of delivery."""

    def get_message(self, key: str) -> MaildirMessage:
        with self.get_file(key) as file:
            content = file.read()
        message = FaithfulMessage()
        message.raw = re.sub(rb"\r?\n", b"\r\n", content)
        return message

    def iterkeys(self) -> Iterator[str]:
        return iter(sorted(super().iterkeys()))


class DemoConfig(Config):
    """No name is looked up for the greeting."""

    @property
    def greeting(self) -> bytes:
        return b"Demo company, made up"


class DemoIdentity(Identity):
    """A signed-in account of the demo provider."""

    def __init__(self, config: Config, tokens: TokensInterface, account: Account) -> None:
        super().__init__(config, tokens, account.address, None, frozenset())
        self.account = account

    async def get(self) -> UserMetadata:
        return UserMetadata(self.config, self.account.address, password=self.account.password)

    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[Session]:
        layout = DefaultLayout(str(self.account.folder), FaithfulMaildir)
        folders = MailboxSet(FaithfulMaildir(layout.path, create=False), layout)
        yield Session(self.name, self.config, folders, FilterSet(layout.path))


class DemoLogin(Login):
    """Knows the demo provider's accounts."""

    def __init__(self, config: Config, accounts: Mapping[str, Account]) -> None:
        super().__init__(config)
        self.accounts = accounts
        self.passwords = Passwords(config)

    async def authenticate(self, credentials: ServerCredentials) -> DemoIdentity:
        account = find(self.accounts, credentials.authcid)
        if account is None:
            raise InvalidAuth()
        identity = DemoIdentity(self.config, self.tokens, account)
        if not await self.passwords.check_password(await identity.get(), credentials):
            raise InvalidAuth()
        return identity

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> DemoIdentity:
        account = find(self.accounts, authzid or authenticated.name)
        if account is None or account.address != authenticated.name:
            raise UserNotFound(authzid)
        return DemoIdentity(self.config, self.tokens, account)


async def serve(accounts: Mapping[str, Account], *, port: int) -> asyncio.Server:
    """Listen on the loopback interface. An OSError says that the port is taken."""
    arguments = Namespace(
        host=places.HOST, port=port, debug=False, cert=None, key=None, tls=False, passlib_cfg=None, proxy_protocol=None,
        base_dir=str(places.state() / "mail"), layout="++", colon=None, concurrency=4,
    )  # fmt: skip
    # The passwords lie beside the mail in a file of the owner's, so hashing them for pymap would protect nothing.
    config = DemoConfig.from_args(arguments, hash_context=Cleartext())
    config.apply_context()
    server = IMAPServer(DemoLogin(config, accounts), config)
    return await asyncio.start_server(ProxyProtocolReader(config.proxy_protocol).get_callback(server), host=places.HOST, port=port)

"""The SMTP side of the demo's mail provider: takes mail from anybody for its own people, and drops it into their Maildirs."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from deploy.demo import maildir, places, stamps
from deploy.demo.accounts import Account, find

LARGEST_MAIL = 50 * 1024 * 1024


class Connection(SMTP):
    """One client. Real senders write lines longer than RFC 5321 allows, so this server takes them."""

    line_length_limit = 1024 * 1024


class Provider:
    """Decides who may sign in, whom mail may go to, and delivers. The names of the methods are aiosmtpd's."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self.accounts = accounts

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Sign in with LOGIN or PLAIN; without TLS, which is right on the loopback interface only."""
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        account = find(self.accounts, data.login.decode("utf-8", "replace"))
        if account is None or account.password.encode() != data.password:
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=account)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """Take mail for people who have an account here, and for nobody else."""
        if find(self.accounts, address) is None:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Stamp the mail and put one copy into each recipient's inbox."""
        content = envelope.original_content or b""
        sender = session.auth_data.address if isinstance(session.auth_data, Account) else None
        mail_from = (envelope.mail_from or "").strip("<>")
        for recipient in dict.fromkeys(address.lower() for address in envelope.rcpt_tos):
            raw = stamps.stamp(content, login=sender, mail_from=mail_from, recipient=recipient, local=self.accounts)
            await asyncio.to_thread(maildir.deliver, self.accounts[recipient].folder, raw)
        return "250 2.0.0 Delivered"


async def serve(accounts: Mapping[str, Account], *, port: int) -> asyncio.Server:
    """Listen on the loopback interface. An OSError says that the port is taken."""
    provider = Provider(accounts)
    loop = asyncio.get_running_loop()

    def connection() -> Connection:
        return Connection(
            provider,
            hostname=places.AUTHSERV_ID,
            ident="demo company, made up",
            data_size_limit=LARGEST_MAIL,
            auth_require_tls=False,
            authenticator=provider.authenticate,
            loop=loop,
        )

    return await loop.create_server(connection, host=places.HOST, port=port)

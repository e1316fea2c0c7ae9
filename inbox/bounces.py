"""Bounces: whether a mail is one, whom it could not reach, whether for good, and which of our mails it is about.

1. Delivery status parts (RFC 3464) decide where there are any: a failed or delayed recipient makes a bounce, a success notice does not.
2. Else the sender and the subject must look like a mail system's, and the text must name a failure; the recipients come from
   X-Failed-Recipients, from flufl.bounce, from addresses in the report above the returned mail, and from the To of that mail.
3. Hard or soft follows the action and the class of the status code (RFC 3463), then reply codes, then words.
"""

import email
import logging
import re
from collections.abc import Iterable, Sequence
from email.message import Message
from typing import NamedTuple

from flufl.bounce import all_failures

from inbox import charsets
from inbox.parsing.headers import Headers, read_headers

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24}\b")
_DAEMON = re.compile(
    r"mailer[-_. ]?daemon|^postmaster@|^mail[-_. ]?(?:delivery|daemon|system|administrator)|^(?:mdaemon|maildaemon"
    r"|e?mail[-_.]?deliver\w*|bounce[-_.]?\w*|smtp[-_.]?(?:daemon|server)|internet-mail-delivery|exchange|undeliver\w*)@"
    r"|^microsoftexchange[0-9a-f]+@|daemon@",
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[- ]delivery|mail(?:er)?[- ]?daemon|system administrator|mail administrator|mail system|delivery (?:sub)?system"
    r"|postmaster|internet mail delivery|systemadministrator|administrateur système|administrador del sistema",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^\W*(?:\[[^\]]{0,40}\]\s*|\*+\w+\*+\s*)?(?:undeliver(?:able|ed)|undelivrable|non[- ]?deliver(?:y|able)|not delivered"
    r"|mail (?:delivery|system) (?:fail\w*|error|problem|status|warning|notification|report|subsystem)|(?:message|e?mail) (?:delivery"
    r"|status|not delivered|undeliverable|could not|cannot|rejected|bounced|error)"
    r"|delivery (?:status notification|failure|failed|has failed|report|error|problem|problems|notification|delayed|delay|final"
    r"|unsuccessful|incomplete|of|attempt)|deliverystatus|failure (?:notice|delivery|notification)|failed (?:mail|delivery|to deliver)"
    r"|failed:|returned (?:e?-?mail|to sender|message|item)|return(?:ed)? mail"
    r"|(?:your )?(?:message|mail|e-?mail).{0,40}(?:could not be delivered|was not delivered|undeliverable|cannot be delivered"
    r"|not delivered|has been (?:delayed|rejected|returned))|warning: (?:could not send|message|e?-?mail)|unable to deliver"
    r"|could not (?:send|deliver)|cannot deliver|nondeliverable|bounced? (?:mail|message|email|action)|user unknown|unknown user"
    r"|address (?:unknown|not found)|mailbox (?:full|unavailable|does not exist)|over quota|quota exceeded|transport (?:failure|error)"
    r"|rejected:|status of your message|mail error"
    r"|unzustellbar\w*|nicht zustellbar\w*|nicht zugestellt\w*|zustell\w*(?:fehl\w*|problem\w*|status\w*|verzöger\w*)"
    r"|fehler bei der (?:nachrichten)?zustellung|benachrichtigung (?:zum|über den) (?:über)?(?:mittlungs|zustell)\w+"
    r"|die e-?mail konnte nicht|rückläufer"
    r"|non remis|message non (?:remis|distribu\w*|délivr\w*)|échec de (?:la )?(?:remise|distribution|livraison)|notification d'échec"
    r"|non distribu\w*|avis de non[- ]remise|retour (?:de courrier|à l'expéditeur)|notification d'état de remise"
    r"|no se (?:puede|pudo|ha podido) entregar|mensaje (?:no entregado|devuelto)|correo devuelto|error (?:de|en la) entrega|fallo (?:de"
    r"|en la) entrega|notificación de estado de entrega|não (?:foi )?(?:entregue|possível entregar)|falha na entrega"
    r"|notificação de status"
    r"|mancato recapito|mancata consegna|impossibile (?:recapitare|consegnare)|non recapitabile|notifica (?:di )?(?:mancato|stato)"
    r"|avviso di mancata|onbestelbaar|niet (?:afgeleverd|bezorgd)|kan niet worden (?:bezorgd|afgeleverd)|bericht niet"
    r"|niedostarczon\w*|nie (?:można|udało się) dostarczyć|zwrot|nedoručitelné|nedoručen\w*|kunde inte levereras|går inte att leverera"
    r"|kunne ikke (?:leveres|levere)|ikke leveret|toimitus epäonnistui|недоставлен\w*|не доставлен\w*|невозможно доставить"
    r"|сбой доставки|не удалось доставить"
    r"|配信(?:できません|不能|エラー|失敗)|メール配送|送信できません|退信|系统退信|無法傳遞|无法投递|傳遞(?:失敗|狀態)|배달(?: |되지"
    r"|할 수 없)|반송|전송 실패)",
    re.IGNORECASE,
)
_FAILURE_WORDS = re.compile(
    r"undeliver|could ?n[o']t be (?:delivered|sent|reached)|(?:not|n't|unable to|cannot|can not|failed to"
    r"|failure to) (?:be )?(?:deliver|send|reach|route|relay)|delivery (?:to|of|has|was|attempt|fail|error|status|temporar|delay)"
    r"|deliver\w* (?:fail|error)"
    r"|(?:user|recipient|mailbox|address|account|host|domain)[^.\n]{0,40}(?:unknown|not found|unavailable|does ?n[o']t exist|disabled"
    r"|inactive|rejected|full|invalid|not listed|no such)|(?:unknown|invalid|no such|bad) (?:user|recipient|mailbox|address|host|domain"
    r"|local)|(?:over|exceed\w*|quota)[^.\n]{0,30}(?:quota|storage|exceeded)|permanent (?:fatal )?(?:error|failure)"
    r"|returned to (?:the )?sender|bounce|relay(?:ing)? denied|rejected|delivery"
    r"|nicht (?:zugestellt|zustellbar|erreicht|ausgeliefert)|unzustellbar|konnte nicht|n'a pas pu|impossible de|non remis|n'a pu être"
    r"|no se (?:pudo|puede|ha podido)|no pudo|não (?:foi|pôde|existe)|non (?:è stato|esiste|recapit)|impossibile|niet (?:worden|bezorgd"
    r"|afgeleverd)|nie (?:można|istnieje|udało)|не (?:удалось|доставлено|может|существует)"
    r"|できません|存在しません|エラー|无法|不存在|失败|無法|실패|없습니다|\b[45]\.\d{1,2}\.\d{1,3}\b|\b55[0-4]\b|\b45[0-2]\b",
    re.IGNORECASE,
)
_SOFT_WORDS = re.compile(
    r"\b(?:warning message only|this is (?:only )?a warning|do not need to resend|do not need to re-?send|will (?:be|keep"
    r"|continue)[^.\n]{0,30}(?:retr|try)|still (?:being )?(?:re)?tr(?:y|ied)|has (?:been|not yet been) (?:delayed|delivered yet)"
    r"|delivery (?:to .{1,120} )?(?:has been |is )?delayed|not yet been delivered|will be retried|temporar(?:y|ily) (?:failure|problem"
    r"|unavailable|deferred|rejected)|message (?:is )?delayed|delayed for \d+|wurde noch nicht zugestellt|verzögert)",
    re.IGNORECASE,
)
_SOFT_SUBJECT = re.compile(
    r"\bdelay|verzöger|warning: (?:could not send|message (?:still )?(?:delayed|undelivered|not))|retard\w*|vertraagd|ritard", re.IGNORECASE
)
_STRONG_NOTICE = re.compile(
    r"\b(?:your|the following|this) (?:e-?mail |mail )?(?:message|mail|e-?mail)?\b.{0,160}?(?:(?:could not|cannot|can't"
    r"|couldn't) be delivered|(?:was|has been|were) (?:not delivered|undeliverable|automatically rejected|returned|rejected)"
    r"|not been delivered)"
    r"|(?:unable|failed) to deliver (?:your|the|this) .{0,40}message|votre message n'a pas pu|su mensaje no (?:pudo|ha podido|se)"
    r"|ihre (?:nachricht|e-?mail|mail).{0,100}(?:nicht zugestellt|konnte nicht)"
    r"|il (?:suo|tuo) messaggio non|sua mensagem não|uw (?:bericht|e-?mail).{0,80}niet (?:worden|bezorgd|afgeleverd)"
    r"|mail has been returned because|returned because it encountered",
    re.IGNORECASE | re.DOTALL,
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.\-])([45])[0-5]\d(?=[\s\-][A-Za-z<#(]|[\s-]\d\.\d)")
_ORIGINAL_BEGINS = re.compile(
    r"^\W{0,4}(?:-{2,}.{0,12}(?:original|returned|copy|undelivered|message (?:header|text|follow)|below|the header|transcript|start of"
    r"|your|body|this is).{0,80}|(?:original|returned|undelivered|unsent) message.{0,60}|.{0,60}(?:copy of|text of|headers? of"
    r"|content of|excerpt of).{0,30}(?:message|mail|header).{0,60}|the (?:first|original) .{0,60}(?:message|header).{0,60}"
    r"|received: (?:from|by) .*|return-path:.*|message-id:.*|dkim-signature:.*|originalnachricht.*|-{4,}.{0,40}kopie.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(r"^([A-Za-z-]+)[ \t]*:[ \t]*(.*(?:\r?\n[ \t]+.*)*)", re.MULTILINE)
_INLINE_SOFT_SUBJECT = re.compile(
    r"\bdelay|verzöger|warning: (?:could not send|message (?:still )?(?:delayed|undelivered|not))|retard\w*|vertraagd|ritard", re.IGNORECASE
)
_STRONG_NOTICE = re.compile(
    r"\b(?:your|the following|this) (?:e-?mail |mail )?(?:message|mail|e-?mail)?\b.{0,160}?(?:(?:could not|cannot|can't"
    r"|couldn't) be delivered|(?:was|has been|were) (?:not delivered|undeliverable|automatically rejected|returned|rejected)"
    r"|not been delivered)"
    r"|(?:unable|failed) to deliver (?:your|the|this) .{0,40}message|votre message n'a pas pu|su mensaje no (?:pudo|ha podido|se)"
    r"|ihre (?:nachricht|e-?mail|mail).{0,100}(?:nicht zugestellt|konnte nicht)"
    r"|il (?:suo|tuo) messaggio non|sua mensagem não|uw (?:bericht|e-?mail).{0,80}niet (?:worden|bezorgd|afgeleverd)"
    r"|mail has been returned because|returned because it encountered",
    re.IGNORECASE | re.DOTALL,
)
_STATUS = re.compile(r"^(?:final-recipient|original-recipient)\s*:\s*.*@", re.IGNORECASE | re.MULTILINE)
_SUBJECT_ANYWHERE = re.compile(
    r"deliver|non remis|undeliver|returned|rejected|bounce|fail|zustell|entreg|consegn|recapit|bezorg", re.IGNORECASE
)
_RE = re.compile(r"^\s*(?:re|aw|fwd?|wg|sv|tr|antw)\s*:", re.IGNORECASE)
_GOOD_ACTIONS = frozenset({"delivered", "relayed", "expanded"})
_MAX = 300_000


class Leaf(NamedTuple):
    """A part without children: its type and its decoded bytes."""

    content_type: str
    data: bytes


class Bounce(NamedTuple):
    """What a mail says about an outgoing mail of ours. `hard` is None when it is no bounce, or does not say."""

    is_bounce: bool = False
    recipients: tuple[str, ...] = ()
    hard: bool | None = None
    original_id: str = ""
    is_report: bool = False


class _Recipient(NamedTuple):
    addr: str
    action: str
    status: str
    diagnostic: str


def read(*, raw: bytes, headers: Headers, from_addr: str, from_name: str, text: str, leaves: Sequence[Leaf]) -> Bounce:
    """Read a mail as a bounce. `raw` is only looked at when headers or text suggest one. Never raises."""
    subject = headers.text("subject")
    reported = _recipients_of_reports(leaves)
    report_type = headers.text("content-type").lower()
    if reported:
        return _from_reports(reported, headers, leaves, text)
    if "feedback-report" in report_type or ("disposition-notification" in report_type and not _is_rejection(text, leaves)):
        return Bounce(is_report=True)
    if not _looks_like_bounce(headers, from_addr, from_name, subject, text, report_type):
        return Bounce()
    notice = _notice(text) or _notice_of(leaves)
    temporary, permanent = _ask_flufl(raw)
    own = {addr.casefold() for addr in (from_addr, *_ADDRESS.findall(headers.text("to")))}
    named = _failed_recipients(headers)
    recipients = named or permanent + temporary or _named_in(notice, own) or _recipients_of_original(leaves, text)
    hard = _hardness(notice, only_temporary=bool(temporary and not permanent), subject=subject)
    return Bounce(True, _unique(recipients), hard, _original_id(headers, leaves, text))


def _looks_like_bounce(headers: Headers, from_addr: str, from_name: str, subject: str, text: str, report_type: str) -> bool:
    if _RE.match(subject) and not _DAEMON.search(from_addr):
        return _is_plain_notice(headers, subject, text)
    if "x-failed-recipients" in headers:
        return True
    submitted = headers.text("auto-submitted").lower()
    sender = bool(_DAEMON.search(from_addr) or _DAEMON_NAME.search(from_name)) or "delivery-status" in report_type
    return_path = headers.raw("return-path").replace(b" ", b"") == b"<>"
    failure = bool(_FAILURE_WORDS.search(text[:20_000]) or _STRONG_NOTICE.search(text[:1_500]))
    titled = bool(_SUBJECT.search(subject))
    if sender:
        return (titled or failure) and not submitted.startswith("auto-replied; vacation")
    if titled:
        return failure and (return_path or not from_addr or _reads_like_a_machine(text, headers))
    if _is_plain_notice(headers, subject, text):
        return True
    return not from_addr and failure and bool(_STATUS.search(text[:20_000]) or _ORIGINAL_BEGINS.search(text[:20_000]))


def _is_plain_notice(headers: Headers, subject: str, text: str) -> bool:
    """A short notice from a gateway that names itself after nobody: it opens with the failure, answers nothing and says so in the subject."""
    opening = text[:1_500]
    return "in-reply-to" not in headers and bool(
        _SUBJECT_ANYWHERE.search(subject) and _STRONG_NOTICE.search(opening) and _ADDRESS.search(opening)
    )


def _is_rejection(text: str, leaves: Sequence[Leaf]) -> bool:
    """A disposition notification by which a server, not a reader, refuses the mail (Dovecot's LDA does so when a mailbox is full)."""
    dispositions = [leaf.data[:5_000].lower() for leaf in leaves if leaf.content_type == "message/disposition-notification"]
    deleted = any(b"automatic-action" in one and (b"deleted" in one or b"denied" in one or b"failed" in one) for one in dispositions)
    return deleted and bool(_STRONG_NOTICE.search(text[:1_500]))


def _reads_like_a_machine(text: str, headers: Headers) -> bool:
    """A notice, not a person who tells of a bounce: an address and a code, or the returned mail, or no thread to belong to."""
    notice = text[:20_000]
    coded = bool(_STATUS.search(notice) or _REPLY_CODE.search(notice)) and bool(_ADDRESS.search(notice))
    return coded or bool(_ORIGINAL_BEGINS.search(notice)) or ("in-reply-to" not in headers and bool(_ADDRESS.search(notice)))


def _recipients_of_reports(leaves: Iterable[Leaf]) -> list[_Recipient]:
    """Every per-recipient group of the delivery status parts, also of one that was declared as plain text."""
    found: list[_Recipient] = []
    for leaf in leaves:
        declared = leaf.content_type in {"message/delivery-status", "message/global-delivery-status", "message/x-delivery-status"}
        if declared or (leaf.content_type in {"text/plain", "application/octet-stream"} and b"-recipient" in leaf.data[:_MAX].lower()):
            found.extend(_recipients_of_report(charsets.decode(leaf.data[:_MAX], "utf-8"), declared))
    return found


def _recipients_of_report(report: str, declared: bool) -> list[_Recipient]:
    groups = re.split(r"\n[ \t]*\r?\n", report.replace("\r\n", "\n"))
    found = []
    for group in groups[:2_000]:
        fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(group)}
        final = fields.get("original-recipient", "") or fields.get("final-recipient", "")
        other = fields.get("final-recipient", "") or final
        addr = _address_of(final) or _address_of(other) or _address_of(fields.get("x-actual-recipient", ""))
        action = fields.get("action", "").split(" ")[0].lower().strip("();,")
        if addr and (action or fields.get("status") or declared) and "final-recipient" in fields | {"original-recipient": ""} | fields:
            found.append(_Recipient(addr, action, fields.get("status", ""), fields.get("diagnostic-code", "")))
    return found


def _address_of(value: str) -> str:
    """The address of `rfc822; ann@example.com`, also where the type is missing or angle brackets are written."""
    bare = value.partition(";")[2] or value
    bare = bare.strip().strip("<>\"' ").removeprefix("mailto:")
    if "@" in bare and " " not in bare:
        return bare.strip("<>")
    found = re.search(r"[^\s<>;\"]+@[^\s<>;\"]+", bare)
    return found[0] if found else ""


def _from_reports(reported: list[_Recipient], headers: Headers, leaves: Sequence[Leaf], text: str) -> Bounce:
    bad = [one for one in reported if one.action not in _GOOD_ACTIONS and not (not one.action and one.status.startswith("2"))]
    if not bad:
        return Bounce(is_report=True)
    failed = [one for one in bad if one.action != "delayed"]
    named = failed or bad
    hard = bool(failed) and any(_is_permanent(one) for one in failed)
    recipients = _failed_recipients(headers) if len(named) == 1 and "x-failed-recipients" in headers else ()
    return Bounce(True, _unique(recipients or tuple(one.addr for one in named)), hard, _original_id(headers, leaves, text))


def _is_permanent(one: _Recipient) -> bool:
    """By the diagnostic of the remote server if it has a code of its own, else by the status field; a failure without code is for good."""
    status = _STATUS.search(one.status)
    if status and status[1] in "45":
        return status[1] == "5" and (status[2], status[3]) != ("2", "2")
    code = _STATUS.search(one.diagnostic) or _REPLY_CODE.search(one.diagnostic)
    return code is None or code[1] != "4"


def _failed_recipients(headers: Headers) -> tuple[str, ...]:
    return tuple(_ADDRESS.findall(headers.text("x-failed-recipients")))


def _ask_flufl(raw: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Temporary and permanent failures as flufl.bounce sees them; one of its detectors raises on some mails."""
    try:
        message: Message = email.message_from_bytes(raw[:_MAX])
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - a library's answer is a help, its failure is no news
        return (), ()
    return _texts(temporary), _texts(permanent)


def _texts(found: Iterable[object]) -> tuple[str, ...]:
    texts = (one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in found)
    return tuple(sorted(text.strip("<>") for text in texts if "@" in text))


def _notice(text: str) -> str:
    """The report itself: what stands above the returned mail."""
    head = text[:30_000]
    found = _ORIGINAL_BEGINS.search(head)
    return head[: found.start()] if found and found.start() > 40 else head


def _notice_of(leaves: Sequence[Leaf]) -> str:
    return next((charsets.decode(leaf.data[:30_000]) for leaf in leaves if leaf.content_type == "text/plain"), "")


def _named_in(notice: str, own: set[str]) -> tuple[str, ...]:
    """Addresses in the report that are neither the reader's nor a mail system's; those on lines of their own or in brackets first."""
    usable = [
        addr
        for addr in _ADDRESS.findall(notice)
        if addr.casefold() not in own and not re.match(r"(?:postmaster|mailer-daemon|abuse|support|admin)@", addr, re.IGNORECASE)
    ]
    marked = [
        addr
        for addr in usable
        if re.search(
            rf"(?:^[\s>*]*<?|<|\brecipient\w*\W{{1,6}}|\bto\W{{1,4}}){re.escape(addr)}", notice[:20_000], re.MULTILINE | re.IGNORECASE
        )
    ]
    return tuple((marked or usable)[:20])


def _recipients_of_original(leaves: Sequence[Leaf], text: str) -> tuple[str, ...]:
    original = _original_headers(leaves)
    if original is not None:
        return tuple(_ADDRESS.findall(original.text("to")))[:20]
    found = re.search(r"^to:[ \t]*(.{3,300})$", text, re.IGNORECASE | re.MULTILINE)
    return tuple(_ADDRESS.findall(found[1]))[:20] if found else ()


def _original_headers(leaves: Sequence[Leaf]) -> Headers | None:
    kinds = {"message/rfc822", "text/rfc822-headers", "text/rfc822", "message/rfc822-headers", "message/global", "message/global-headers"}
    for leaf in leaves:
        if leaf.content_type in kinds and leaf.data:
            return read_headers(leaf.data, 0, len(leaf.data), limit=65_536)[0]
    return None


def _original_id(headers: Headers, leaves: Sequence[Leaf], text: str) -> str:
    """The Message-ID of the mail that came back: from its headers, from the report's text, else from what the bounce answers."""
    original = _original_headers(leaves)
    candidates = [original.text("message-id")] if original is not None else []
    candidates.append(headers.text("x-original-message-id"))
    found = re.search(r"^[\s>]*message-id:\s*(<[^<>\s]{3,500}>)", text, re.IGNORECASE | re.MULTILINE)
    candidates += [found[1] if found else "", headers.text("in-reply-to"), headers.text("references").split(" ")[-1]]
    return next((one.strip().strip("<>") for one in candidates if "@" in one), "")


def _hardness(notice: str, *, only_temporary: bool, subject: str) -> bool | None:
    """Hard unless a code, a warning or flufl.bounce says that the server goes on trying."""
    if only_temporary or _SOFT_WORDS.search(notice) or _SOFT_SUBJECT.search(subject):
        return False
    codes = [found[1] for found in _STATUS.finditer(notice)] or [found[1] for found in _REPLY_CODE.finditer(notice)]
    judged = [code for code in codes if code in "45"]
    return "5" in judged if judged else True


def _unique(addresses: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for addr in addresses:
        kept.setdefault(addr.strip().rstrip(".").casefold(), addr.strip().rstrip("."))
    return tuple(addr for addr in kept.values() if addr)

"""The words by which mail systems say that a mail could not be delivered."""

import re

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24}\b")
DAEMON = re.compile(
    r"mailer[-_. ]?daemon|^postmaster@|^mail[-_. ]?(?:delivery|daemon|system|administrator)|^(?:mdaemon|maildaemon"
    r"|e?mail[-_.]?deliver\w*|bounce[-_.]?\w*|smtp[-_.]?(?:daemon|server)|internet-mail-delivery|exchange|undeliver\w*)@"
    r"|^microsoftexchange[0-9a-f]+@|daemon@",
    re.IGNORECASE,
)
DAEMON_NAME = re.compile(
    r"mail(?:er)?[- ]delivery|mail(?:er)?[- ]?daemon|system administrator|mail administrator|mail system|delivery (?:sub)?system"
    r"|postmaster|internet mail delivery|systemadministrator|administrateur système|administrador del sistema",
    re.IGNORECASE,
)
SUBJECT = re.compile(
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
FAILURE_WORDS = re.compile(
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
SOFT_WORDS = re.compile(
    r"\b(?:warning message only|this is (?:only )?a warning|do not need to resend|do not need to re-?send|will (?:be|keep"
    r"|continue)[^.\n]{0,30}(?:retr|try)|still (?:being )?(?:re)?tr(?:y|ied)|has (?:been|not yet been) (?:delayed|delivered yet)"
    r"|delivery (?:to .{1,120} )?(?:has been |is )?delayed|not yet been delivered|will be retried|temporar(?:y|ily) (?:failure|problem"
    r"|unavailable|deferred|rejected)|message (?:is )?delayed|delayed for \d+|wurde noch nicht zugestellt|verzögert)",
    re.IGNORECASE,
)
SOFT_SUBJECT = re.compile(
    r"\bdelay|verzöger|warning: (?:could not send|message (?:still )?(?:delayed|undelivered|not))|retard\w*|vertraagd|ritard", re.IGNORECASE
)
STRONG_NOTICE = re.compile(
    r"\b(?:your|the following|this) (?:e-?mail |mail )?(?:message|mail|e-?mail)?\b.{0,160}?(?:(?:could not|cannot|can't"
    r"|couldn't) be delivered|(?:was|has been|were) (?:not delivered|undeliverable|automatically rejected|returned|rejected)"
    r"|not been delivered)"
    r"|(?:unable|failed) to deliver (?:your|the|this) .{0,40}message|votre message n'a pas pu|su mensaje no (?:pudo|ha podido|se)"
    r"|ihre (?:nachricht|e-?mail|mail).{0,100}(?:nicht zugestellt|konnte nicht)"
    r"|il (?:suo|tuo) messaggio non|sua mensagem não|uw (?:bericht|e-?mail).{0,80}niet (?:worden|bezorgd|afgeleverd)"
    r"|mail has been returned because|returned because it encountered",
    re.IGNORECASE | re.DOTALL,
)
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.\-])([45])[0-5]\d(?=[\s\-][A-Za-z<#(]|[\s-]\d\.\d)")
ORIGINAL_BEGINS = re.compile(
    r"^\W{0,4}(?:-{2,}.{0,12}(?:original|returned|copy|undelivered|message (?:header|text|follow)|below|the header|transcript|start of"
    r"|your|body|this is).{0,80}|(?:original|returned|undelivered|unsent) message.{0,60}|.{0,60}(?:copy of|text of|headers? of"
    r"|content of|excerpt of).{0,30}(?:message|mail|header).{0,60}|the (?:first|original) .{0,60}(?:message|header).{0,60}"
    r"|received: (?:from|by) .*|return-path:.*|message-id:.*|dkim-signature:.*|originalnachricht.*|-{4,}.{0,40}kopie.*)$",
    re.IGNORECASE | re.MULTILINE,
)
FIELD = re.compile(r"^([A-Za-z-]+)[ \t]*:[ \t]*(.*(?:\r?\n[ \t]+.*)*)", re.MULTILINE)
SUBJECT_ANYWHERE = re.compile(
    r"deliver|non remis|undeliver|returned|rejected|bounce|fail|zustell|entreg|consegn|recapit|bezorg", re.IGNORECASE
)
RE = re.compile(r"^\s*(?:re|aw|fwd?|wg|sv|tr|antw)\s*:", re.IGNORECASE)
